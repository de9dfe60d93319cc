"""The drawing of a poll: nothing meets, everything fits, shares stand where they belong."""

import random
from itertools import combinations

import pytest

from kpi_analysis.charts import inline
from kpi_analysis.charts.poll import phone, wide
from kpi_analysis.charts.scene import Box
from kpi_analysis.charts.theme import Shape
from kpi_analysis.records.polls import Ballot
from kpi_analysis.review.polls import read_polls

NAMES = ("strength", "weakness", "opportunity", "threat")


def readings(seed):
    rng = random.Random(seed)
    votes = {name: tuple(rng.randint(0, 9) for _ in range(4)) for name in NAMES}
    asked = rng.choice((36, 100))
    return read_polls(Ballot("2025-03-14", "a", n, v, asked) for n, v in votes.items())


@pytest.mark.parametrize("draw", [wide, phone])
@pytest.mark.parametrize("seed", range(25))
def test_no_words_meet_and_all_is_inside(seed, draw):
    for one in (*readings(seed), *read_polls()):
        scene = draw(one)
        page = Box(0, 0, scene.width, scene.height)
        boxes = [text.box for text in scene.texts]
        assert not [(a, b) for a, b in combinations(boxes, 2) if a.meets(b)]
        assert all(page.holds(box) for box in boxes)
        marks = [
            Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in scene.marks
        ]
        assert not [text for text in boxes for mark in marks if text.meets(mark)]


def test_a_share_stands_between_the_ticks_around_it():
    scene = wide(read_polls()[3])
    ticks = {int(text.text): text.x for text in scene.texts if text.text.isdigit()}
    first = next(mark for mark in scene.marks if mark.shape is Shape.POINT)
    whole = ticks[60] - ticks[0]
    assert first.x == pytest.approx(ticks[0] + whole * 57 / 60)


def test_votes_below_five_leave_no_mark():
    few = read_polls([Ballot("2025-03-14", "a", "threat", (4, 0, 0, 0), 4)])[3]
    assert {mark.shape for mark in wide(few).marks} == {Shape.POINT}


def test_it_says_itself_to_those_who_cannot_see_it():
    one = read_polls([Ballot("2025-03-14", "a", "weakness", (6, 3, 2, 1), 14)])[1]
    drawn = inline.svg(wide(one))
    assert 'role="img"' in drawn
    assert "6 of 12 here: cannot tell" in wide(one).alt
    assert "31 % published, between 22 and 42 with the fewest votes" in wide(one).alt
