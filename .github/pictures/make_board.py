"""Draw board.png, the picture in the README: the board of a demo team as a desk shows it.

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
DEMO = HERE.parents[1] / "data" / "demo"
TEAM, PERIOD, MADE_ON = "repairs", "2025-03", "8 April 2025"
COLOURS = 96  # enough for flat colours and the edges of letters, at a fifth of the bytes
WIDTH = 1180  # px: as wide as a board grows, and its margins


def main() -> None:
    """Build the pack, open it and keep the picture of its board."""
    with tempfile.TemporaryDirectory() as out:
        plan = kpi.Plan(DEMO, kpi.Period.parse(PERIOD), Path(out), teams=[TEAM], made_on=MADE_ON)
        page = kpi.build_month(plan).folder / f"{TEAM}.html"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox"]
            )
            size = {"width": WIDTH, "height": 900}
            tab = browser.new_page(viewport=size, device_scale_factor=1.5)
            tab.goto(page.as_uri())
            shot = tab.locator(".kpi-board").screenshot()
            browser.close()
    few = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS)
    few.save(HERE / "board.png", optimize=True)


if __name__ == "__main__":
    main()
