"""What changed since the period before: each section on its own, and nothing where nothing did."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.records.workspace import open_workspace
from kpi_analysis.review.as_published import earlier_review, gone_since, last_run
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


def test_a_signal_that_came_and_went_within_the_period_is_told(make):
    days = [*CALM, *CALM, 10, 40, *CALM[2:14]]  # 62 days from 1 December: the 40 on 19 January
    make.measure(days, start="2024-12-01", frequency="day")
    assert compare(make, "2025-01").new_signals == (
        "Percentage of late parcels, by month: came and went – 19 Jan 2025 above the upper limit",
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


def test_limits_proposed_for_the_first_time(make):
    make.measure([*CALM, *[15] * 9])  # the last value of CALM, 13, is above average too
    assert compare(make, "2025-06").proposals == ()
    (line,) = compare(make, "2025-07").proposals
    assert line.startswith(
        "Percentage of late parcels, by month: new limits could start in December 2024: average 15"
    )
    assert compare(make, "2025-08").proposals == ()


def test_a_measure_that_had_been_published_and_is_retired_is_gone(make):
    make.measure([*CALM, 11]).measure([*CALM, 11], id="old", status="retired")
    rows = "2024-12,alpha,late,2024-12,9\n2024-12,alpha,old,2024-12,9\n2024-11,alpha,x,2024-11,9\n"
    make.log("published", LEDGER + rows)
    workspace, review = kpi.open(make.root), make.review("2025-01")
    assert gone_since(workspace, review) == ("Percentage of old parcels, by month",)
    assert gone_since(workspace, make.review("2025-01-31")) == ()


LEDGER = "run,team,measure,period,value\n"


def test_the_earlier_review_is_of_the_last_published_pack_with_its_values(make):
    """In November 20 stood for October; the pack of December was never published."""
    make.measure([*CALM, 9, 11, 11, 11], start="2022-10")
    rows = "2024-11,alpha,late,2024-10,20\n2025-01-05,alpha,late,2024-10,9\n"
    make.log("published", LEDGER + "2024-10,alpha,late,2024-10,9\n" + rows)
    at = kpi.Period.parse("2025-01")
    workspace = open_workspace(make.root, at)
    before = earlier_review(workspace, "alpha", at)
    assert str(before.period) == "2024-11"
    assert list(before.measures[0].points["value"].tail(2)) == [20, 11]
    assert len(before.measures[0].patterns) == 1
    assert before.measures[0].verdict.label == "Steady"


@pytest.mark.parametrize(
    ("runs", "last"),
    [
        (["2024-10", "2024-12", "2024-11"], "2024-12"),
        (["2025-01", "2025-02"], None),  # the run under review, and a later one
        (["2024-12-31", "2024-W51"], None),  # another rhythm
        (["2024-10", "spring"], "2024-10"),
        ([], None),
    ],
)
def test_the_last_run_is_the_newest_before_the_review_in_its_rhythm(make, runs, last):
    make.measure([*CALM, 11])
    make.log("published", LEDGER + "".join(f"{run},alpha,late,2024-09,11\n" for run in runs))
    log = kpi.open(make.root).published
    found = last_run(log, "alpha", kpi.Period.parse("2025-01"))
    assert (str(found) if found else None) == last
    assert last_run(log, "beta", kpi.Period.parse("2025-01")) is None


def test_what_happened_since_the_last_pack_spans_every_period_between(make):
    make.measure([*CALM, 20, 11, 11]).log(
        "actions",
        "measure,team,opened,countermeasure,stage,due\n"
        "late,alpha,2024-10-01,Second run,C,2025-02-20\n",
    )
    now = kpi.Period.parse("2025-03")
    workspace = kpi.open(make.root)
    earlier = kpi.review_teams(workspace, kpi.Period.parse("2025-01"))["alpha"]
    found = changes(kpi.review_teams(workspace, now)["alpha"], earlier)
    assert found.promises == ("Second run: due 20 February 2025, done",)
    assert len(found.ended_signals) == 1
