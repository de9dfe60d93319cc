"""One pack: execute the notebook, export the page; before the first, check its parameters."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from kpi_analysis.errors import PackError
from kpi_analysis.packs.html import TEMPLATES, compile_templates, style_sheet
from kpi_analysis.packs.jobs import PackJob, reason_of

if TYPE_CHECKING:
    from nbconvert import TemplateExporter
    from nbformat import NotebookNode

CELL_SECONDS = 300


def build_pack(job: PackJob) -> Path:
    """Execute the job's notebook and write its page; give the page.

    Raises PackError with one line where a cell fails; the executed notebook then shows where.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    try:
        executed = papermill.execute_notebook(
            job.notebook,
            job.executed,
            dict(job.parameters),
            engine_name={"warm": "warm", "kernel": None}[job.engine],
            progress_bar=False,
            log_output=False,
            request_save_on_cell_execute=False,
            **({"execution_timeout": CELL_SECONDS} if job.engine == "kernel" else {}),
        )
    except PapermillExecutionError as error:
        raise PackError(f"cell {error.exec_count}: {error.ename}: {error.evalue}") from None
    if any(cell.metadata.papermill.status != "completed" for cell in executed.cells):
        raise PackError("a cell ended the notebook before its last cell")  # sys.exit in a cell
    job.page.write_text(export(executed, job.title), encoding="utf-8")
    return job.page


def check_parameters(notebook: Path, given: Mapping[str, str]) -> None:
    """Compare the parameters passed with those the notebook takes, both ways.

    Papermill itself takes a misspelt parameter in silence and runs with the default. Raises
    PackError, too, for a file that is no notebook.
    """
    _import_checks()
    import papermill
    from nbformat import ValidationError
    from nbformat.reader import NotJSONError

    try:
        takes = set(papermill.inspect_notebook(notebook))
    except (NotJSONError, ValidationError, KeyError, AttributeError) as error:
        raise PackError(f"{notebook.name} is not a notebook: {reason_of(error)}") from None
    if takes != set(given):
        unknown, absent = sorted(set(given) - takes), sorted(takes - set(given))
        parts = [f"does not take {', '.join(unknown)}"] if unknown else []
        parts += [f"needs {', '.join(absent)}"] if absent else []
        raise PackError(f"{notebook.name} {' and '.join(parts)}: mend its parameters cell")


def export(executed: NotebookNode, title: str) -> str:
    """Turn an executed notebook into a page: what the cells show, without their code."""
    resources = {"kpi_title": title, "kpi_style": style_sheet()}
    body, _ = _exporter().from_notebook_node(executed, resources=resources)
    return str(body)


@cache
def _exporter() -> TemplateExporter:
    """Give nbconvert's exporter with our template, compiled once.

    Not its HTMLExporter: that parses every finished page anew to guess at missing alt texts.
    """
    from nbconvert import TemplateExporter

    return TemplateExporter(
        template_name="pack",
        template_file="index.html.j2",
        file_extension=".html",
        extra_template_basedirs=[str(TEMPLATES)],
    )


def save_unfinished(job: PackJob, reason: str) -> None:
    """Write the notebook of a pack whose process was killed, as it was to be run, and why not."""
    import papermill
    from nbformat import from_dict
    from papermill.iorw import write_ipynb

    prepared = papermill.execute_notebook(
        job.notebook, None, dict(job.parameters), prepare_only=True, progress_bar=False
    )
    error = {"output_type": "error", "ename": "Stopped", "evalue": reason, "traceback": [reason]}
    note: dict[str, Any] = {"cell_type": "code", "id": "stopped", "source": "# Stopped.",
            "metadata": {}, "execution_count": None, "outputs": [error]}  # fmt: skip
    prepared.cells.insert(0, from_dict(note))  # type: ignore[no-untyped-call]
    write_ipynb(prepared, str(job.executed))


def warm_up() -> None:
    """Import and fill what every pack needs, so that forked processes find it there."""
    _import_checks()
    from kpi_analysis.packs import engine

    export(engine.warm_up(), "warm-up")
    compile_templates()


def _import_checks() -> None:
    """Import jsonschema, which checks notebooks, without its check of foreign web addresses.

    That builds a grammar for a second when it is imported, and no notebook has such a field.
    """
    spared = "rfc3987_syntax"
    if spared not in sys.modules and "jsonschema" not in sys.modules:
        sys.modules[spared] = cast(ModuleType, None)  # what stops an import, says Python
        import_module("jsonschema")
        del sys.modules[spared]
