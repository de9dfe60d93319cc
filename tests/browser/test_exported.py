"""Notebooks exported as HTML: what we show in them reads at a desk, on a phone and in the dark."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import axe_playwright_python
import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from kpi_analysis.training.course import begin
from kpi_analysis.training.worksheets import SHEETS, all_sheets

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SHOWN = sorted(
    (*(NOTEBOOKS / "explore").glob("*.ipynb"), *(NOTEBOOKS / "training").glob("*.ipynb"))
)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# Ours is what cells show; the prompts and the colours of code are nbconvert's.
RUN = """() => axe.run({include: [[".jp-OutputArea-output"]]}).then(found => found.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).slice(0, 3)}`))"""
CHARTS = """() => [...document.querySelectorAll("svg.kpi-chart")]
    .map(one => one.getBoundingClientRect()).filter(one => one.width).map(one => one.width)"""
WORDS = """() => [...document.querySelectorAll("svg.kpi-phone text")]
    .filter(one => one.getBoundingClientRect().width)
    .map(one => { const drawn = one.ownerSVGElement;
        const scale = drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width;
        return parseFloat(getComputedStyle(one).fontSize) * scale; })"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A place where notebooks may write: those to explore beside the data, and a course."""
    home = tmp_path_factory.mktemp("exported")
    shutil.copytree(NOTEBOOKS / "explore", home / "notebooks" / "explore")
    shutil.copytree(ROOT / "data", home / "data")
    begin(home / "training")
    return home


@pytest.mark.slow
@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.stem)
def test_an_exported_notebook_reads_everywhere(home, visitor, look, path):
    folder = home / "training" if path.parent.name == "training" else home / "notebooks/explore"
    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    page = home / f"{path.stem}.html"
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    tab = visitor.open(page, look(bypass_csp=True))
    tab.evaluate(AXE)
    for width, scheme in product((1280, 390), ("light", "dark")):
        tab.set_viewport_size({"width": width, "height": 844})
        tab.emulate_media(color_scheme=scheme)
        assert tab.evaluate(RUN) == [], f"at {width}, {scheme}"
        assert all(chart <= width for chart in tab.evaluate(CHARTS))
    assert all(size >= 9 for size in tab.evaluate(WORDS)), "words of a chart on a phone"


def test_worksheets_print_on_a_sheet_of_a4_each(tmp_path, visitor):
    page = tmp_path / "worksheets.html"
    page.write_text(all_sheets(), encoding="utf-8")
    pdf = visitor.open(page).pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == len(SHEETS) == 4
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf


def test_worksheets_have_no_serious_fault(tmp_path, visitor, look):
    page = tmp_path / "worksheets.html"
    page.write_text(all_sheets(), encoding="utf-8")
    tab = visitor.open(page, look(bypass_csp=True))
    tab.evaluate(AXE)
    whole = RUN.replace('{include: [[".jp-OutputArea-output"]]}', "document")
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 844})
        assert tab.evaluate(whole) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
