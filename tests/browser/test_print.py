"""On paper: the board alone on an A4 landscape sheet, then a portrait sheet a measure."""

from __future__ import annotations

import re
import shutil

import pytest

from kpi_analysis.packs.pdf import Printed, print_pages

pytestmark = pytest.mark.browser

LANDSCAPE, PORTRAIT = (842, 595), (595, 842)


def sheets(tab):
    """Print the page as Chromium does and give the size of each sheet, in points."""
    pdf = tab.pdf(prefer_css_page_size=True)
    objects = {
        int(number): body
        for number, body in re.findall(rb"\n(\d+) 0 obj\s*(<<.*?)\nendobj", pdf, re.DOTALL)
    }
    return list(_sizes(objects, _root(objects)))


def _root(objects):
    catalog = next(body for body in objects.values() if b"/Type /Catalog" in body)
    return int(re.search(rb"/Pages (\d+) 0 R", catalog)[1])


def _sizes(objects, number):
    """Walk the tree of pages in the order of reading."""
    body = objects[number]
    kids = re.search(rb"/Kids \[(.*?)\]", body, re.DOTALL)
    if kids is None:
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", body)
        yield round(float(box[1])), round(float(box[2]))
        return
    for kid in re.findall(rb"(\d+) 0 R", kids[1]):
        yield from _sizes(objects, int(kid))


def test_a_sheet_for_the_board_and_one_for_each_measure(plain_site, visitor):
    for page in plain_site.packs[:4]:
        tab = visitor.open(page)
        measures = tab.locator(".kpi-measure").count()
        assert measures
        # Sheets after the measures are as long as they need: here only these count.
        tab.add_style_tag(content=".kpi-sheet,.kpi-reading{display:none}")
        assert sheets(tab) == [LANDSCAPE, *[PORTRAIT] * measures], page.name


def test_what_follows_the_measures_begins_on_a_sheet_of_its_own(sites, visitor):
    tab = visitor.open(sites("office").packs[0])
    parts = tab.locator(".kpi-board, .kpi-measure, .kpi-sheet, .kpi-reading").count()
    printed = sheets(tab)
    assert printed[0] == LANDSCAPE
    assert set(printed[1:]) == {PORTRAIT}
    assert len(printed) >= parts


def test_the_map_of_all_teams_prints_landscape_and_begins_with_more_than_a_heading(sites, visitor):
    (page,) = (one for one in sites("demo").about_all if one.stem == "results_map")
    tab = visitor.open(page)
    drawings = tab.locator(".kpi-map figure").count()
    assert drawings == 2
    assert sheets(tab) == [LANDSCAPE] * (drawings + 1)  # the last says how to read it
    tab.add_style_tag(content=".kpi-map figure{display:none}")
    assert sheets(tab) == [LANDSCAPE]


def test_pages_about_all_teams_print_upright_and_begin_with_more_than_a_heading(sites, visitor):
    for page in (one for one in sites("demo").about_all if one.stem != "results_map"):
        tab = visitor.open(page)
        printed = sheets(tab)
        assert set(printed) == {PORTRAIT}, page.name
        tab.add_style_tag(content=".kpi-sheet,.kpi-measure,.kpi-reading{display:none}")
        heading = len(sheets(tab))
        assert len(printed) <= {"benchmark.html": 2, "health.html": 5}[page.name]
        assert heading == 1


def test_seven_measures_fit_the_board_whatever_is_written_there(sites, visitor):
    for name in ("office", "hostile"):
        tab = visitor.open(sites(name).packs[0])
        assert tab.locator(".kpi-board tbody tr").count() == 7
        assert sheets(tab).count(LANDSCAPE) == 1, name


def test_the_index_prints_landscape(site, visitor):
    printed = sheets(visitor.open(site.index))
    assert set(printed) == {LANDSCAPE}
    assert len(printed) <= 3


def test_a_walk_sheet_is_one_sheet_a_team(plain_site, visitor):
    tab = visitor.open(plain_site.walk)
    assert sheets(tab) == [PORTRAIT] * tab.locator(".kpi-walk").count()


def test_paper_is_white_also_for_those_who_read_in_the_dark(sites, visitor, look):
    tab = visitor.open(sites("office").packs[0], look(scheme="dark"))
    tab.emulate_media(media="print")
    seen = tab.evaluate(
        "() => [document.body, document.querySelector('h1')].map((one, n) =>"
        " getComputedStyle(one)[n ? 'color' : 'backgroundColor'])"
    )
    assert seen == ["rgb(255, 255, 255)", "rgb(29, 39, 51)"]


@pytest.mark.usefixtures("chromium")
def test_each_page_is_printed_to_a_file_beside_it(sites, tmp_path):
    site = sites("office")
    pages = (site.index, site.about_all[0], site.packs[0])  # each starts a browser: one of a make
    for page in pages:
        shutil.copy(page, tmp_path)
    assert print_pages(tmp_path, 2) == Printed(len(pages))
    printed = sorted(tmp_path.glob("*.pdf"))
    assert [one.stem for one in printed] == sorted(page.stem for page in pages)
    assert all(one.read_bytes().startswith(b"%PDF-") for one in printed)
