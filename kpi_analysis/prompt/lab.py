"""The explorer notebook for a workspace of one's own, and JupyterLab opened on it."""

from __future__ import annotations

import json
from pathlib import Path

from kpi_analysis.errors import DefinitionError
from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.prompt.jupyter import run_lab
from kpi_analysis.prompt.page import written
from kpi_analysis.prompt.workspace import open_workspace
from kpi_analysis.records.sources import fault
from kpi_analysis.review.organisation import IN_PACKS

EXPLORER = "measure_explorer.ipynb"
FOLDER = "notebooks"
"""Where a workspace keeps its notebooks: they belong to the analyst, not to the package."""


def explorer_of(workspace: Path) -> tuple[Path, bool]:
    """Give the workspace's explorer notebook, and whether it was made just now.

    One that is there already is left as it is. A new one is the package's own, its first cell
    naming this workspace and the first team and measure with a chart. Raises KpiError for a
    workspace that cannot be opened or has none, PackError where the notebook cannot be written.
    """
    opened = open_workspace(workspace)
    path = workspace / FOLDER / EXPLORER
    if path.exists():
        return path, False
    first = next((one for one in opened if one.definition.status in IN_PACKS), None)
    if first is None:
        message = f"'{workspace}' has no measure on trial with values: see kpi next {workspace}"
        raise DefinitionError(fault(message))
    notebook = json.loads((NOTEBOOKS / "explore" / EXPLORER).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = (
                f'workspace = ".."\nteam = {first.team!r}\nmeasure = {first.id!r}\nperiod = ""'
            )
    path.parent.mkdir(exist_ok=True)
    return written(path, json.dumps(notebook, indent=1, ensure_ascii=False).encode()), True


def open_lab(notebook: Path) -> int:
    """Open JupyterLab on a notebook, and give its exit code when it is closed.

    The folder above the notebook's is JupyterLab's root: the workspace.
    """
    return run_lab(notebook.parents[1], notebook)
