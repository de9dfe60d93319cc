"""One pack: check the parameters, execute the notebook, export the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_analysis.errors import PackError
from kpi_analysis.packs.html import TEMPLATES, compile_templates, style_sheet

if TYPE_CHECKING:
    from nbconvert import TemplateExporter
    from nbformat import NotebookNode

HERE = Path(__file__).resolve()
NOTEBOOKS = next(
    folder
    for folder in (HERE.parents[1] / "notebooks", HERE.parents[2] / "notebooks")
    if folder.is_dir() or folder.parent == HERE.parents[2]
)
"""The notebooks: beside the package in a checkout, inside it once installed."""

CELL_SECONDS = 300


@dataclass(frozen=True)
class PackJob:
    """One notebook to run: `page` and `executed` are the files to write, their folders exist."""

    team: str
    title: str
    notebook: Path
    parameters: Mapping[str, str]
    page: Path
    executed: Path
    engine: str


def build_pack(job: PackJob) -> Path:
    """Execute the job's notebook and write its page; give the page.

    Raises PackError with one line where a cell fails; the executed notebook then shows where.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    check_parameters(job.notebook, job.parameters)
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

    Papermill itself takes a misspelt parameter in silence and runs with the default.
    """
    import papermill

    takes = set(papermill.inspect_notebook(notebook))
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


def warm_up() -> None:
    """Import and fill what every pack needs, so that forked processes find it there."""
    from kpi_analysis.packs import engine

    export(engine.warm_up(), "warm-up")
    compile_templates()
