"""Season panel, dots and waterfall: inside the drawing, no word on another, every value there."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.charts.panels import WIDTH, dots, season_panel, waterfall
from kpi_analysis.charts.stack import stack
from kpi_analysis.charts.theme import Pen, Shape
from kpi_analysis.review.panels import Dots, Season, SeasonPanel, Step, Waterfall

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def inside(scene):
    boxes = [text.box for text in scene.texts]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]
    spots = [spot for line in scene.lines for spot in line.spots]
    spots += [(mark.x, mark.y) for mark in scene.marks]
    assert all(-0.01 <= x <= WIDTH + 0.01 and 0 <= y <= scene.height for x, y in spots)


def panel(values):
    seasons = tuple(
        Season(name, tuple(("2024", v) for v in own), sum(own) / len(own) if own else None)
        for name, own in zip(NAMES, values, strict=True)
    )
    return SeasonPanel("Title", "alt", 1, seasons, next(v for own in values for v in own))


@settings(deadline=None)
@given(st.lists(st.lists(NUMBERS, max_size=5), min_size=12, max_size=12).filter(any))
def test_a_season_panel_holds_every_value(values):
    scene = season_panel(panel(values))
    inside(scene)
    assert len(scene.marks) == sum(map(len, values))


def test_columns_stand_in_the_order_of_the_year():
    scene = season_panel(panel([[n, n + 1.0] for n in range(12)]))
    middles = [scene.marks[2 * n].x for n in range(12)]
    assert middles == sorted(middles)
    heights = [scene.marks[2 * n].y for n in range(12)]
    assert heights == sorted(heights, reverse=True)


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=80), st.none() | NUMBERS)
def test_dots_hold_every_value_and_heap_what_is_alike(values, target):
    width = max((max(values) - min(values)) / 36, 0.1)
    scene = dots(Dots("T", "alt", 1, tuple(values), min(values), width, values[0], target, "≥1"))
    assert len([mark for mark in scene.marks if mark.shape is Shape.POINT]) == len(values)
    places = [(round(mark.x, 3), round(mark.y, 3)) for mark in scene.marks]
    assert len(set(places)) == len(places)
    boxes = [text.box for text in scene.texts]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]


def test_a_waterfall_goes_down_where_values_fell():
    steps = (
        Step("published", 10.0, 10.0, "10.0", total=True),
        Step("Oct 2024", 10.0, 9.4, "−7.6"),
        Step("now", 9.4, 9.4, "9.4", total=True),
    )
    scene = waterfall(Waterfall("T", "alt", 1, steps))
    inside(scene)
    assert len(scene.bands) == 1  # totals have no bar: the axis does not begin at 0
    first, second = [line.spots[0][1] for line in scene.lines if line.pen is Pen.VALUE][:2]
    assert second > first


def test_stacked_drawings_stand_below_each_other():
    one = season_panel(panel([[1.0, 2.0]] * 12))
    both = stack([one, one])
    assert both.height > 2 * one.height
    assert len(both.marks) == 2 * len(one.marks)
    upper, lower = both.marks[: len(one.marks)], both.marks[len(one.marks) :]
    assert max(m.y for m in upper) < min(m.y for m in lower)
    assert both.width == pytest.approx(WIDTH)
