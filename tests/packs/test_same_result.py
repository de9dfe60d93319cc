"""The warm engine and the stock kernel give the same packs, cell by cell, and the same pages."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import papermill
import pytest

from kpi_analysis.packs.build import NOTEBOOKS, export

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((NOTEBOOKS / "packs").glob("*.ipynb"))
TEAMS = [
    "elm-ward",
    *(pytest.param(t, marks=pytest.mark.slow) for t in ("repairs", "bins", "packing")),
]


def executed(book, team, engine, made_on="2025-04-02"):
    given = {
        "workspace": str(ROOT / "data" / "demo"),
        "team": team,
        "period": "2025-03",
        "made_on": made_on,
    }
    return papermill.execute_notebook(book, None, given, engine_name=engine, progress_bar=False)


@pytest.mark.parametrize("team", TEAMS)
@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_every_cell_of_every_pack(book, team):
    warm, kernel = (executed(book, team, engine) for engine in ("warm", None))
    assert any(cell.get("outputs") for cell in warm.cells)
    for one, other in zip(warm.cells, kernel.cells, strict=True):
        assert one.source == other.source
        assert one.get("outputs") == other.get("outputs")
        assert one.get("execution_count") == other.get("execution_count")
        assert one.metadata.papermill.status == other.metadata.papermill.status
    assert export(warm, "a pack") == export(kernel, "a pack")


@pytest.mark.slow
def test_a_pack_of_a_month_is_the_pack_alone(commands, tmp_path):
    """In a month a pack finds all read and reviewed, and only its own rows of the logs."""
    demo = ROOT / "data" / "demo"
    arguments = ("packs", demo, "--period", "2025-03", "--out", tmp_path)
    assert commands.run(*arguments)[0] == 0
    made_on = json.loads((tmp_path / "2025-03" / "run.json").read_text())["made_on"]
    for path in sorted((tmp_path / "2025-03" / "notebooks").glob("*.ipynb")):
        (book,) = [one for one in BOOKS if one.stem == "team_pack"]
        alone = executed(book, path.stem, None, made_on)
        for one, other in zip(nbformat.read(path, 4).cells, alone.cells, strict=True):
            assert one.get("outputs") == other.get("outputs")
    assert len(list((tmp_path / "2025-03" / "notebooks").iterdir())) == 4
