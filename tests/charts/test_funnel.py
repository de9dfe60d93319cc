"""The drawing of a funnel: names never meet, with 150 teams; shapes say what the figures say."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import kpi_analysis as kpi
from kpi_analysis.charts import inline
from kpi_analysis.charts.funnel import phone, wide
from kpi_analysis.charts.scene import Box
from kpi_analysis.charts.theme import Role, Shape
from kpi_analysis.review.funnel_picture import funnel_picture
from kpi_analysis.signals.benchmark import funnel


def organisation(teams, seed, far=0):
    rng = np.random.default_rng(seed)
    n = rng.integers(30, 4000, teams)
    x = rng.binomial(n, rng.beta(30, 90, teams))
    x[:far] = n[:far] * 9 // 10
    names = [f"Ward {k} of the Royal Infirmary" for k in range(teams)]
    return funnel(pd.DataFrame({"team": names, "numerator": x, "denominator": n}))


def drawing(teams, seed, draw=wide, far=0, **options):
    return draw(funnel_picture(organisation(teams, seed, far), "Returned, %", **options))


@pytest.mark.parametrize("draw", [wide, phone])
@pytest.mark.parametrize(("teams", "far"), [(5, 1), (12, 2), (40, 5), (150, 0), (150, 12)])
@pytest.mark.parametrize("seed", range(4))
def test_no_words_meet_and_all_is_inside(draw, teams, far, seed):
    scene = drawing(teams, seed, draw, far, own="Ward 3 of the Royal Infirmary")
    page = Box(0, 0, scene.width, scene.height)
    boxes = [text.box for text in scene.texts]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.meets(b)]
    assert all(page.holds(box) for box in boxes)
    marks = [Box(m.x, m.y, m.x, m.y) for m in scene.marks]
    assert len(marks) == teams
    assert all(page.holds(mark) for mark in marks)


@pytest.mark.parametrize("size", [60_000, 900_000, 12_000_000])
def test_large_denominators_leave_their_numbers_room_on_a_phone(size):
    n = np.linspace(size / 3, size, 9).round()
    frame = pd.DataFrame({"team": list("abcdefghi"), "numerator": n // 5, "denominator": n})
    scene = phone(funnel_picture(funnel(frame), "Returned, %", across="parcels"))
    boxes = [text.box for text in scene.texts]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.meets(b)]
    foot = [text for text in scene.texts if text.text[0].isdigit() and text.y > 320]
    assert len(foot) >= 2


def test_teams_far_outside_are_named_and_drawn_by_the_better_side():
    scene = drawing(30, 1, far=1, better="lower")
    assert [mark.shape for mark in scene.marks].count(Shape.CONCERN) == 1
    assert any(text.text.startswith("Ward 0 of") for text in scene.texts)
    other = drawing(30, 1, far=1, better="higher")
    assert [mark.shape for mark in other.marks].count(Shape.IMPROVEMENT) == 1
    plain = drawing(30, 1, far=1)
    assert [mark.shape for mark in plain.marks].count(Shape.CHANGE) == 1


def test_the_own_team_is_named_among_150():
    scene = drawing(150, 2, own="Ward 77 of the Royal Infirmary")
    named = [text.text for text in scene.texts if text.role is Role.MARK]
    assert any(name.startswith("Ward 77") for name in named)


def test_sentences_state_the_dispersion():
    teams = ["a", "b", "c", "d", "e"]
    even = pd.DataFrame({"team": teams, "numerator": [20] * 5, "denominator": [100] * 5})
    view = kpi.funnel(even)
    assert view.sentences == (
        "0 teams of 5 outside the 99.8 % limits; 0 outside the 95 % limits, where chance would "
        "put about 0.2.",
        "Dispersion 0.0: teams differ no more than chance does.",
        "With fewer than ten teams this spread is known roughly.",
    )
    wild = kpi.funnel(even.assign(numerator=[5, 20, 30, 60, 80]))
    assert "(1 is chance alone)" in wild.sentences[1]
    assert "limits of chance alone would put" in wild.sentences[1]


def test_it_is_a_picture_with_words_for_those_who_cannot_see_it(tmp_path):
    view = kpi.funnel(organisation(20, 3).table[["team", "numerator", "denominator"]])
    drawn = view.draw("Returned, % <b>", across="parcels")
    assert 'role="img"' in inline.svg(drawn.scenes[0])
    assert drawn.scenes[0].alt.startswith("Returned, % <b>: ")
    page = drawn.save(tmp_path / "f.html").read_text(encoding="utf-8")
    assert "Returned, % &lt;b&gt;</h1>" in page
    assert "rank" not in drawn.page.lower()
