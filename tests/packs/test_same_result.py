"""The warm engine and the stock kernel give the same packs, cell by cell, and the same pages."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import papermill
import pytest

from kpi_analysis.packs.build import export
from kpi_analysis.packs.notebooks import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((NOTEBOOKS / "packs").glob("*.ipynb"))
TEAMS = [
    "elm-ward",
    *(pytest.param(t, marks=pytest.mark.slow) for t in ("repairs", "bins", "packing")),
]
PACK = NOTEBOOKS / "packs" / "team_pack.ipynb"
ABOUT_ALL = [book for book in BOOKS if book != PACK]


def executed(book, team, engine, made_on="2025-04-02"):
    about = {"team": team} if team else {}
    given = {"workspace": str(ROOT / "data" / "demo"), "period": "2025-03", "made_on": made_on}
    return papermill.execute_notebook(
        book, None, given | about, engine_name=engine, progress_bar=False
    )


def assert_same(book, team):
    warm, kernel = (executed(book, team, engine) for engine in ("warm", None))
    assert any(cell.get("outputs") for cell in warm.cells)
    for one, other in zip(warm.cells, kernel.cells, strict=True):
        assert one.source == other.source
        assert one.get("outputs") == other.get("outputs")
        assert one.get("execution_count") == other.get("execution_count")
        assert one.metadata.papermill.status == other.metadata.papermill.status
    assert export(warm, "a pack") == export(kernel, "a pack")


@pytest.mark.parametrize("team", TEAMS)
def test_every_cell_of_every_pack(team):
    assert_same(PACK, team)


@pytest.mark.parametrize("book", ABOUT_ALL, ids=lambda path: path.stem)
def test_every_cell_of_every_page_about_all_teams(book):
    assert_same(book, "")


@pytest.mark.slow
def test_a_page_of_a_month_is_the_page_alone(commands, tmp_path):
    """In a month a page finds all read and reviewed, and a pack only its own rows of the logs."""
    demo = ROOT / "data" / "demo"
    arguments = ("packs", demo, "--period", "2025-03", "--out", tmp_path)
    code, words = commands.run(*arguments)
    assert code == 0, words
    made_on = json.loads((tmp_path / "2025-03" / "run.json").read_text())["made_on"]
    about_all = {book.stem: book for book in ABOUT_ALL}
    made = sorted((tmp_path / "2025-03" / "notebooks").glob("*.ipynb"))
    assert len(made) == 4 + len(about_all)
    for path in made:
        book, team = about_all.get(path.stem, PACK), path.stem
        alone = executed(book, "" if book in ABOUT_ALL else team, None, made_on)
        for one, other in zip(nbformat.read(path, 4).cells, alone.cells, strict=True):
            assert one.get("outputs") == other.get("outputs")
