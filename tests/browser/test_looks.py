"""How the pages look: on any width, in the dark, without colour, in a leader's ten seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kpi_analysis.charts.theme import DARK, LIGHT, Ink

pytestmark = pytest.mark.browser

PHONE = 390
WIDTHS = (320, 768, 1280, PHONE)
CHARTS_AT = (PHONE, 1280)
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


ENDS = """parts => parts.map(part => {
    const shown = document.querySelector(part)?.getClientRects().length;
    return shown ? document.querySelector(part).getBoundingClientRect().bottom : null;
})"""
"""Where the first such part of the page ends, in px from the top; null where none is shown."""
CAPTIONS = """() => [...document.querySelectorAll("caption:not(.kpi-hidden)")]
    .map(one => one.offsetHeight)"""
AT_ONCE = (".kpi-answer", ".kpi-rows .kpi-verdict", ".kpi-rows .kpi-detail", ".kpi-wait")


@dataclass(frozen=True)
class Measured:
    """A page at every width: by width, or on a phone."""

    overflow: dict[int, tuple[int, int]]
    meeting: dict[int, list[str]]
    words: int
    small: list[str]
    captions: list[int]
    ends: dict[str, float | None]


@pytest.fixture(scope="module")
def measured(new_visitor):
    """Measure a page, once for all tests."""

    @cache
    def measure(page: Path) -> Measured:
        visitor = new_visitor()
        tab = visitor.open(page)
        overflow, meeting = {}, {}
        for width in WIDTHS:  # a phone last: what follows is measured there
            tab.set_viewport_size({"width": width, "height": 844})
            overflow[width] = tab.evaluate(OVERFLOW)
            if width in CHARTS_AT:
                meeting[width] = tab.evaluate(MEETING)
        words = tab.locator("svg.kpi-chart text").count()
        small, captions = tab.evaluate(SMALL, LEAST_TEXT), tab.evaluate(CAPTIONS)
        ends = dict(zip(AT_ONCE, tab.evaluate(ENDS, AT_ONCE), strict=True))
        visitor.leave()
        return Measured(overflow, meeting, words, small, captions, ends)

    return measure


def test_nothing_is_wider_than_the_window(site, measured):
    for page in site.pages:
        for width in WIDTHS:
            needed, there = measured(page).overflow[width]
            assert there == width
            assert needed <= there, f"{page.name} at {width}"


def test_a_phone_shows_headline_and_first_verdict_at_once(plain_site, measured):
    for page in plain_site.packs:
        for part in (".kpi-answer", ".kpi-rows .kpi-verdict", ".kpi-rows .kpi-detail"):
            assert measured(page).ends[part] <= 844, f"{page.name}: {part}"


def test_a_phone_sets_the_headings_of_tables_in_a_line_or_two(sites, measured):
    for page in sites("demo").about_all:
        heights = measured(page).captions
        assert (
            len(heights)
            == {"benchmark.html": 0, "health.html": 4, "results_map.html": 0}[page.name]
        )
        assert all(20 <= height <= 70 for height in heights)


def test_a_phone_shows_what_waits_for_leaders_at_once(plain_site, measured):
    for part in (".kpi-answer", ".kpi-wait"):
        assert measured(plain_site.index).ends[part] <= 844, part


def test_a_desk_shows_the_whole_board_of_seven_within_a_screen_and_a_half(sites, visitor, look):
    board = visitor.open(sites("office").packs[0], look(height=800)).locator(".kpi-board")
    assert board.locator("tbody tr").count() == 7
    assert board.bounding_box()["height"] <= 1200


def test_no_text_is_too_small_to_read(plain_site, measured):
    for page in (plain_site.index, *plain_site.about_all, plain_site.packs[0]):
        assert measured(page).small == []


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


def test_no_words_in_a_chart_meet_as_the_browser_sets_them(site, measured):
    pages = (*site.about_all, *site.packs[:4])
    for page in pages:
        for width in CHARTS_AT:
            assert measured(page).meeting[width] == [], f"{page.name} at {width}"
    assert sum(measured(page).words for page in pages)
