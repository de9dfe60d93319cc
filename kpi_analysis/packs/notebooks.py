"""Where the notebooks are."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve()
NOTEBOOKS = next(
    folder
    for folder in (HERE.parents[1] / "notebooks", HERE.parents[2] / "notebooks")
    if folder.is_dir() or folder.parent == HERE.parents[2]
)
"""The notebooks: beside the package in a checkout, inside it once installed."""

TEAM_PACK = "team_pack"


def pages_about_all(notebooks: Path = NOTEBOOKS / "packs") -> list[str]:
    """Give the names of the notebooks that make a page about all teams."""
    names = sorted(path.stem for path in notebooks.glob("*.ipynb"))
    return [name for name in names if name != TEAM_PACK]
