"""What is passed on alone, a finding or a page of one measure, keeps its guard beside it."""

from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.questions import questions

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def ws():
    return kpi.open(DEMO)


@pytest.fixture(scope="module")
def traded(ws):
    """The headline of the planted trade-off: data/demo/truth.csv."""
    return ws["elm-ward", "ward-home-by-noon"]


def test_the_guard_is_named_wherever_the_headline_goes_alone(traded):
    guard = traded.workspace.measures["ward-readmitted"].name
    trade = f"Check the trade: this improves while a guard gets worse ({guard})."
    assert traded.reading.sentences[1] == trade
    assert trade in traded.finding().sentences
    assert trade in repr(traded)
    assert trade in traded._repr_html_()


def test_a_page_of_one_measure_shows_its_guard_and_no_other_measure(traded):
    page = traded.mini_pack().html
    assert page.count("Check the trade:") == 1
    guard = traded.workspace.measures["ward-readmitted"].name
    assert f"Guard: {guard} – Getting worse" in page
    assert page.count("<h2") == 1
    assert traded.workspace.measures["ward-falls"].name not in page


def test_no_trade_is_claimed_where_both_stood_still(ws):
    before = ws["elm-ward", "ward-home-by-noon"].review("2024-06")
    assert not [one for one in before.reading.sentences if "trade" in one]
    assert "Check the trade" not in before.mini_pack().html


def test_one_column_of_numbers_has_no_guards():
    alone = kpi.xmr([3, 5, 4, 6, 4, 5, 3, 4, 12, 5, 4, 3, 5], better="lower")
    assert "Guard" not in alone.mini_pack().html


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_finding_asks_as_many_questions_as_wanted(traded, n):
    asked = [one for one in traded.finding(questions=n).sentences if one.startswith("A question")]
    assert asked == [f"A question to ask: {one}" for one in questions(traded.judged)[:n]]


@pytest.mark.parametrize("n", [0, 4, -1, None])
def test_there_are_three_questions_to_choose_from(traded, n):
    with pytest.raises(kpi.KpiError, match="give 1, 2 or 3"):
        traded.finding(questions=n)


def test_a_story_is_a_chart_with_its_steps(ws, tmp_path):
    story = ws["repairs", "repairs-first-visit"].story()
    assert [one.split(":")[0] for one in story.sentences] == [
        "Problem", "Before", "Cause", "What was done", "What followed", "Now", "Learned",
    ]  # fmt: skip
    assert "<svg" in story.save(tmp_path / "story.html").read_text()


def test_where_no_story_can_be_told_it_says_why(ws, traded):
    (why,) = traded.story().sentences
    assert why.startswith("Medicines are made ready on the evening before: no story, a guard gets")
    (still_open,) = ws["bins", "bins-missed"].story("A-006").sentences
    assert still_open.endswith(": no story, it is not closed.")
    (none,) = ws["elm-ward", "ward-sleep"].story().sentences
    assert none.startswith("No action on ")
    with pytest.raises(kpi.KpiError, match="no action 'A-999' on 'bins-missed'"):
        ws["bins", "bins-missed"].story("A-999")
