import pytest

from kpi_analysis.charts.scene import Box, Line, Mark, Text
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape
from kpi_analysis.charts.words import Place, choose, ground

WITHIN = Box(0, 0, 400, 200)


def _words(x: float, y: float) -> Text:
    return Text(Role.WORD, Ink.SOFT, x, y, "above limit")


def _cost(lines=(), marks=()) -> tuple[float, float]:
    total, data = ground(lines, marks).costs([_words(100, 100).box])
    return float(total[0]), float(data[0])


@pytest.mark.parametrize(
    ("pen", "total", "data"),
    [(Pen.VALUE, 9, 9), (Pen.DROP, 4, 0), (Pen.LIMIT, 2.5, 0), (Pen.TARGET, 4.0, 0)],
)
def test_a_line_beneath_has_its_price(pen, total, data):
    across = Line(pen, ((0, 96), (400, 97)))
    upright = Line(pen, ((120, 0), (120, 200)))
    beside = Line(pen, ((0, 150), (400, 120)))
    assert _cost([across]) == (total, data)
    assert _cost([upright]) == (total, data)
    assert _cost([beside]) == (0, 0)
    assert _cost([across, upright, beside]) == (2 * total, 2 * data)


def test_a_slanting_line_costs_only_where_it_runs():
    passing = Line(Pen.VALUE, ((0, 0), (400, 40)))  # over the same x, but above the words
    through = Line(Pen.VALUE, ((0, 0), (400, 400)))
    assert _cost([passing]) == (0, 0)
    assert _cost([through]) == (9, 9)


def test_a_point_wholly_beneath_costs_six():
    assert _cost(marks=[Mark(Shape.POINT, 120, 97, 3)]) == (6, 6)
    assert _cost(marks=[Mark(Shape.POINT, 120, 130, 3)]) == (0, 0)


def test_the_cheapest_free_place_is_taken():
    on = ground([Line(Pen.LIMIT, ((0, 96), (400, 96)))], [])
    places = [Place(_words(100, 100), 0), Place(_words(100, 140), 1), Place(_words(100, 180), 2)]
    assert choose(places, on, WITHIN, [], 9).y == 140
    taken = [_words(120, 141).box]
    assert choose(places, on, WITHIN, taken, 9).y == 180


def test_words_never_lie_on_words_on_values_or_outside():
    nowhere = [Place(_words(100, 100), 0), Place(_words(390, 100), 0), Place(_words(100, 205), 0)]
    free = ground([], [])
    assert choose(nowhere, free, WITHIN, [], 9).x == 100
    assert choose(nowhere, free, WITHIN, [_words(100, 100).box], 9) is None
    values = ground([Line(Pen.VALUE, ((0, 96), (400, 97)))], [])
    assert choose(nowhere, values, WITHIN, [], 20) is None
    limits = ground([Line(Pen.LIMIT, ((0, 96), (400, 97)))] * 2, [])
    assert choose(nowhere, limits, WITHIN, [], 20) is not None
    assert choose(nowhere, limits, WITHIN, [], 4) is None
