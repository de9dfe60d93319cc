"""The explorer's looks, held against small series worked by hand and against what was planted."""

from pathlib import Path

import numpy as np
import pytest

import kpi_analysis as kpi
from kpi_analysis.review.explorer import (
    power_words,
    restated_look,
    run_chart_look,
    season_look,
    shape_look,
)

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def ws():
    return kpi.open(DEMO)


def test_the_season_that_was_planted_is_seen(ws):
    look = season_look(ws["bins", "bins-recycled"].judged)
    assert look.words[0].startswith("3 full cycles, a season is likely")
    assert "highest in May" in look.words[1]  # data/demo/truth.csv: its peak in May
    assert [len(one.values) for one in look.drawn.seasons] == [3] * 12


def test_where_nothing_was_planted_no_season_is_seen(ws):
    assert "no clear season" in season_look(ws["elm-ward", "ward-falls"].judged).words[0]


def test_seasons_hold_their_own_months(make):
    look = season_look(make.measure([7 * n % 12 for n in range(24)], start="2023-11").one())
    january = look.drawn.seasons[0]
    assert january.values == (("2024-01", 2.0), ("2025-01", 2.0))
    assert january.mean == 2.0
    assert look.words[0].startswith("2 full cycles")
    assert "factors need 3" in look.words[0]


def test_one_cycle_is_too_few(make):
    assert season_look(make.measure(range(12)).one()).words[0] == (
        "1 full cycle: too few to tell a season from chance."
    )


def test_weeks_have_no_season_panel(ws):
    look = season_look(ws["bins", "bins-missed"].judged)
    assert look.drawn is None
    assert look.words == ("Values by week have no months or weekdays to lay side by side.",)


def test_a_run_chart_counts_about_the_median(make):
    look = run_chart_look(make.measure([1, 9, 2, 8, 3, 7, 4, 6, 1.5, 8.5]).one())
    assert look.drawn.segments[0].centre == 5.0
    assert look.drawn.centre_word == "median"
    assert look.words[0] == "Run chart: no more than chance explains."
    assert "10 values off the median: longest run 1 " in look.words[1]
    assert " 9 crossings " in look.words[1]


def test_the_longer_tail_is_named(make):
    review = make.measure([1, 1, 1, 2, 2, 4, 8, 9]).one()
    words = shape_look(review, []).words
    assert words[0] == "8 values, skewed: the longer tail is on the high side."
    assert words[1] == "5 of them are different; the commonest comes 3 times."


def test_a_heap_at_the_target_is_a_question_and_never_a_verdict(make):
    review = make.measure([90.0, 92.0, 95.0] * 4, better="higher", target=95).one()
    random = np.random.default_rng(5)
    values = random.normal(94, 4, 400)
    heaped = np.where((values > 93) & (values < 95), 95.2, values)
    words = " ".join(shape_look(review, heaped).words)
    assert "A question, not a verdict" in words
    assert "nothing out of the ordinary" in " ".join(shape_look(review, values).words)
    assert "too few to ask" in " ".join(shape_look(review, values[:20]).words)


def test_the_waterfall_goes_from_the_average_then_to_that_now(ws):
    view = ws["repairs", "repairs-complaints"]
    look = view.restated()
    steps = restated_steps(view)
    published = {r["period"]: float(r["value"]) for r in ws.published.rows.to_dict("records")}
    now = view.points.set_index("period")["value"][list(published)]
    assert steps[0].end == pytest.approx(np.mean(list(published.values())))
    assert steps[-1].end == pytest.approx(now.mean())
    assert [one.name for one in steps[1:-1]] == ["Oct 2024", "Nov 2024", "Dec 2024"]  # truth.csv
    assert look.sentences[0] == "3 of 35 published values changed, 2 without a note."


def restated_steps(view):
    rows = view.workspace.published.rows.to_dict("records")
    published = {row["period"]: float(row["value"]) for row in rows}
    return restated_look(view.judged, published).drawn.steps


def test_no_ledger_and_no_change_are_told_apart(make):
    review = make.measure([1, 2, 3, 4, 5, 6]).one()
    assert restated_look(review, {}).words[0].startswith("What was published of it before is not")
    unchanged = restated_look(review, {"2023-01": 1.0})
    assert (unchanged.drawn, unchanged.words[0]) == (
        None, "None of 1 published values has changed.",
    )  # fmt: skip


def test_power_speaks_of_the_limits_that_hold_now(make):
    values = [5.1, 4.2, 6.3, 5.4, 4.5, 6.6, 5.7, 4.8, 6.1, 5.2, 4.4, 5.9]
    review = make.measure(values).one()
    low, high = review.limits
    words = power_words(review)
    assert f"a shift of 1 sigma ({(high - low) / 6:.1f}\u00a0%)" in words[0]
    assert "12 values set the limits, rule set wheeler" in words[1]
    few = power_words(make.measure([1, 2, 3]).one())
    assert few[0].startswith("There are no limits yet")
