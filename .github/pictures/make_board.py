"""Draw the pictures in the README: the boards of a demo team and of an airport, as at a desk.

From the top of the checkout, with a Chromium: python .github/pictures/make_board.py
"""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import kpi_analysis as kpi
from kpi_analysis.packs.pdf import find_browser

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data"
PICTURES = (  # name, workspace, team, review period, day of making
    ("board", "demo", "repairs", "2025-03", "8 April 2025"),
    ("flights", "flights", "JFK", "2013-W49", "9 December 2013"),
)
COLOURS = 96  # enough for flat colours and the edges of letters, at a fifth of the bytes
WIDTH = 1180  # px: as wide as a board grows, and its margins


def main() -> None:
    """Build each pack, open it and keep the picture of its board."""
    for name, workspace, team, period, made_on in PICTURES:
        with tempfile.TemporaryDirectory() as out:
            plan = kpi.Plan(
                DATA / workspace, kpi.Period.parse(period), Path(out), teams=[team], made_on=made_on
            )
            shot = picture(kpi.build_month(plan).folder / f"{team}.html")
        few = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS)
        few.save(HERE / f"{name}.png", optimize=True)


def picture(page: Path) -> bytes:
    """Give the board of a page as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
        tab.goto(page.as_uri())
        shot = tab.locator(".kpi-board").screenshot()
        browser.close()
    return shot


if __name__ == "__main__":
    main()
