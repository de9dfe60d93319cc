"""How the pages look: on any width, in the dark, without colour, in a leader's ten seconds."""

from __future__ import annotations

import pytest

from kpi_analysis.charts.theme import DARK, LIGHT, Ink

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280)
LEAST_TEXT = 12  # px; what is smaller is not read on a phone
OVERFLOW = "() => [document.scrollingElement.scrollWidth, innerWidth]"
SMALL = """least => [...document.querySelectorAll(".kpi *")]
    .filter(one => !one.closest("svg") && one.innerText)
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < least)
    .map(one => `${one.className}: ${getComputedStyle(one).fontSize}`)"""


MEETING = """() => [...document.querySelectorAll("svg.kpi-chart")].flatMap(chart => {
    const page = chart.viewBox.baseVal, found = [];
    const texts = [...chart.querySelectorAll("text")].filter(one => one.getClientRects().length);
    const boxes = texts.map(one => [one.textContent, one.getBBox()]);
    boxes.forEach(([words, a], n) => {
        if (a.x < -1 || a.x + a.width > page.width + 1) found.push(`${words} leaves its chart`);
        boxes.slice(n + 1).forEach(([other, b]) => {
            const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            if (across > 1 && down > 4) found.push(`${words} meets ${other}`);
        });
    });
    return found;
})"""
"""A box of letters is a little higher than the letters: 4 px of it may meet."""


def bottom(tab, part):
    """Give where the first such part of the page ends, in px from the top."""
    box = tab.locator(part).first.bounding_box(timeout=2000)
    return box["y"] + box["height"]


def test_nothing_is_wider_than_the_window(site, visitor):
    for page in site.pages:
        tab = visitor.open(page)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 844})
            needed, there = tab.evaluate(OVERFLOW)
            assert needed <= there, f"{page.name} at {width}"


def test_a_phone_shows_headline_and_first_verdict_at_once(plain_site, visitor, look):
    for page in plain_site.packs:
        tab = visitor.open(page, look(width=390))
        for part in (".kpi-answer", ".kpi-rows .kpi-verdict", ".kpi-rows .kpi-detail"):
            assert bottom(tab, part) <= 844, f"{page.name}: {part}"


def test_a_phone_sets_the_headings_of_tables_in_a_line_or_two(sites, visitor, look):
    for page in sites("demo").about_all:
        captions = visitor.open(page, look(width=390)).locator("caption:not(.kpi-hidden)")
        heights = captions.evaluate_all("all => all.map(one => one.offsetHeight)")
        assert (
            len(heights)
            == {"benchmark.html": 0, "health.html": 4, "results_map.html": 0}[page.name]
        )
        assert all(20 <= height <= 70 for height in heights)


def test_a_phone_shows_what_waits_for_leaders_at_once(plain_site, visitor, look):
    tab = visitor.open(plain_site.index, look(width=390))
    for part in (".kpi-answer", ".kpi-wait"):
        assert bottom(tab, part) <= 844, part


def test_a_desk_shows_the_whole_board_of_seven_within_a_screen_and_a_half(sites, visitor, look):
    board = visitor.open(sites("office").packs[0], look(height=800)).locator(".kpi-board")
    assert board.locator("tbody tr").count() == 7
    assert board.bounding_box()["height"] <= 1200


def test_no_text_is_too_small_to_read(plain_site, visitor, look):
    for page in (plain_site.index, *plain_site.about_all, plain_site.packs[0]):
        assert visitor.open(page, look(width=390)).evaluate(SMALL, LEAST_TEXT) == []


@pytest.mark.parametrize(("scheme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_light_and_dark_have_their_colours(sites, visitor, look, scheme, colours):
    tab = visitor.open(sites("office").packs[0], look(scheme=scheme))
    for part, property_, ink in (
        ("body", "background-color", Ink.PAPER),
        ("h1", "color", Ink.INK),
        (".kpi-red .kpi-verdict >> nth=0", "color", Ink.CONCERN),
        (".kpi-winning .kpi-verdict >> nth=0", "color", Ink.IMPROVEMENT),
    ):
        seen = tab.locator(part).evaluate(f"one => getComputedStyle(one)['{property_}']")
        assert seen == _rgb(colours[ink]), part


def _rgb(colour):
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_the_index_stays_readable_with_140_teams(many_teams, visitor):
    tab = visitor.open(many_teams)
    rows = tab.locator(".kpi-leaders tr[id^=at-]")
    assert rows.count() == 140
    heights = rows.evaluate_all("all => all.map(one => one.offsetHeight)")
    assert sum(heights) / len(heights) <= 100
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 844})
        needed, there = tab.evaluate(OVERFLOW)
        assert needed <= there, f"at {width}"
    assert visitor.said == []


def test_no_words_in_a_chart_meet_as_the_browser_sets_them(site, visitor, look):
    charts = 0
    for page in (*site.about_all, *site.packs[:4]):
        for width in (390, 1280):
            tab = visitor.open(page, look(width=width))
            charts += tab.locator("svg.kpi-chart text").count()
            assert tab.evaluate(MEETING) == [], f"{page.name} at {width}"
    assert charts
