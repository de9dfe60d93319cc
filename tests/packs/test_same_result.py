"""The warm engine and the stock kernel give the same packs, cell by cell, and the same pages."""

from __future__ import annotations

import re
from pathlib import Path

import papermill
import pytest

from kpi_analysis.packs.build import NOTEBOOKS, export

ROOT = Path(__file__).resolve().parents[2]
BOOKS = sorted((NOTEBOOKS / "packs").glob("*.ipynb"))
TEAMS = [
    "elm-ward",
    *(pytest.param(t, marks=pytest.mark.slow) for t in ("repairs", "bins", "packing")),
]


def executed(book, team, engine):
    given = {
        "workspace": str(ROOT / "data" / "demo"),
        "team": team,
        "period": "2025-03",
        "made_on": "2025-04-02",
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
    pages = [re.sub(r"id=[0-9a-f-]{8,}", "", export(nb, "a pack")) for nb in (warm, kernel)]
    assert pages[0] == pages[1]
