"""What changed since the period before: each section on its own, and nothing where nothing did."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.changes import changes

CALM = [10, 12, 9, 13] * 6


def compare(make, period="2025-01"):
    at = kpi.Period.parse(period)
    workspace = kpi.open(make.root)
    now = kpi.review_teams(workspace, at)["alpha"]
    return changes(now, kpi.review_teams(workspace, at.previous())["alpha"])


def test_nothing_changed(make):
    found = compare(make.measure([*CALM, 11]))
    assert all(lines == () for _, lines in found.sections)


def test_a_new_signal_and_one_that_ended(make):
    make.measure([*CALM, 20, 11])
    assert compare(make).new_signals == (
        "Percentage of late parcels, by month: Getting worse – Jan 2025 above the upper limit",
    )
    (ended,) = compare(make, "2025-02").ended_signals
    assert ended.startswith(
        "Percentage of late parcels, by month: was Jan 2025 above the upper limit"
    )


def test_a_signal_that_goes_on_is_not_new(make):
    assert compare(make.measure([*CALM, 20, 21]), "2025-02").new_signals == ()


def test_a_limit_change_recorded_in_the_period(make):
    make.measure([*CALM, 11]).log(
        "limit_changes",
        "team,measure,from,reason,by,on\n"
        "alpha,late,2024-06,two depots merged,depot lead,2025-01-15\n",
    )
    (line,) = compare(make).limit_changes
    assert line.endswith("new limits from 1 June 2024, two depots merged (depot lead)")
    assert compare(make, "2024-12").limit_changes == ()


def test_a_definition_of_a_new_version(make):
    make.measure([*CALM, 11], version=2, valid_from="2025-01-01")
    assert compare(make).definitions == (
        "Percentage of late parcels, by month: version 2 from 1 January 2025",
    )


def test_a_measure_that_is_new(make):
    make.measure(CALM).measure([11], id="fresh", start="2024-12")
    assert compare(make, "2024-12").measures == ("Percentage of fresh parcels, by month",)


@pytest.mark.parametrize(
    ("stage", "due", "said"),
    [
        ("D", "2025-01-20", "Second run: due 20 January 2025, not done yet"),
        ("C", "2025-01-20", "Second run: due 20 January 2025, done"),
    ],
)
def test_a_promise_that_fell_due_is_kept_or_not(make, stage, due, said):
    make.measure([*CALM, 11]).log(
        "actions",
        "measure,team,opened,countermeasure,stage,due\n"
        f"late,alpha,2024-10-01,Second run,{stage},{due}\n",
    )
    assert compare(make).promises == (said,)
    assert compare(make, "2024-12").promises == ()


def test_without_an_earlier_review_everything_is_new(make):
    review = make.measure([*CALM, 20]).review("2025-01")
    assert changes(review, None).measures == ("Percentage of late parcels, by month",)
