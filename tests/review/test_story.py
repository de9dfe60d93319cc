"""Stories: only a closed action with a lasting signal that no guard pays for; else the reason."""

from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.actions import actions_of
from kpi_analysis.review.story import stories_of

CALM = [10, 12, 9, 13] * 6  # 2023-01 to 2024-12: average 11
HEAD = "measure,team,opened,started,stage,expected,happened,learned,closed,problem,countermeasure\n"
DONE = "late,alpha,2025-01-01,2025-01-02,A,fewer,fewer,go early,2025-09-20,Vans wait,Second run\n"
BETTER = [2, 3, 1, 4, 2, 5, 3, 4, 3]  # far below the limits of CALM: wanted, lower is better


def stories(board):
    return stories_of(actions_of(board), board)


def told(make, values=(*CALM, *BETTER), row=DONE, **fields):
    make.measure(list(values), **fields).log("actions", HEAD + row)
    return stories(make.review("2025-09"))


def test_a_story_says_before_done_followed_and_now_with_their_numbers(make):
    (one,) = told(make)
    assert one.why_not == ""
    said = {term: words.replace("\u00a0", " ") for term, words in one.lines}
    # CALM: average 11; mean moving range of 2, 3, 4, 3, 2, 3, 4, 3 ... is 3; 2.66 x 3 = 8.0
    assert said["Before"] == "average 11 %, limits 3 to 19 %"
    assert said["Problem"] == "Vans wait"
    assert said["What was done"] == "Second run, from 2 January 2025"
    assert said["What followed"] == "a signal in the wanted direction since January 2025"
    # the nine values of BETTER sum to 27
    assert said["Now"].startswith("average 3 % over 9 values since January 2025")
    assert said["Learned"] == "go early"
    assert said["Cause"] == "not written down"


def test_the_new_limits_are_told_as_proposed_or_as_recorded(make):
    (proposed,) = told(make)
    assert dict(proposed.lines)["Now"].endswith("; new limits are proposed, and not recorded yet")
    make.log(
        "limit_changes",
        "team,measure,from,reason,known,expected_to_last,by,on\n"
        "alpha,late,2025-01,Second run,yes,yes,desk lead,2025-08-30\n",
    )
    (recorded,) = stories(make.review("2025-09"))
    assert recorded.why_not == ""
    assert dict(recorded.lines)["Before"] == dict(proposed.lines)["Before"]
    assert dict(recorded.lines)["Now"].endswith("recorded from January 2025 on")


def test_a_few_values_name_no_new_level(make):
    (one,) = told(make, (*CALM, *[11] * 7, *BETTER[:2]))
    said = dict(one.lines)
    assert said["What followed"] == "a signal in the wanted direction since August 2025"
    assert said["Now"] == "too early to name a new level: 2 of 8 values since August 2025"


@pytest.mark.parametrize(
    ("values", "row", "why"),
    [
        ([*CALM, *CALM[:9]], DONE, "no signal yet"),
        (
            [*CALM, *CALM[:9]],
            DONE.replace("2025-01-02", "2025-06-02"),
            "too early: 4 more values needed",
        ),
        ([*CALM, *[40] * 9], DONE, "followed by a signal of concern since January 2025"),
        (
            [*CALM, 1, 1, *[11, 12, 10] * 2, 11],
            DONE,
            "the signal that followed ended in February 2025",
        ),
        (
            [*CALM, *BETTER[:8], None],
            DONE,
            "the measure is not judged, no value for September 2025 yet",
        ),
        (
            [*CALM, *BETTER],
            DONE.replace("2025-01-02,A", ",P"),
            "it is closed, but no start is written down",
        ),
    ],
)
def test_what_is_no_story_says_why(make, values, row, why):
    (one,) = told(make, values, row)
    assert one.lines == ()
    assert one.why_not == why


def test_an_open_action_is_not_among_the_stories(make):
    assert told(make, row=DONE.replace("2025-09-20", "")) == ()


def test_a_story_that_a_guard_pays_for_is_not_told(make):
    make.measure([*CALM, *[40] * 9], id="broken")
    (one,) = told(make, guards=["broken"])
    assert one.why_not == (
        "a guard gets worse meanwhile (Percentage of broken parcels, by month): "
        "check the trade first"
    )


def test_the_demo_tells_the_one_story_whose_guard_stands():
    """data/demo/truth.csv: the vans' parts are a planted shift; the ward's is a trade-off."""
    ws = kpi.open(Path(__file__).resolve().parents[2] / "data" / "demo")
    march = kpi.Period.parse("2025-03")
    found = [one for board in kpi.review_teams(ws, march).values() for one in stories(board)]
    assert [one.told.measure.measure.id for one in found if one.lines] == ["repairs-first-visit"]
    ward = next(one for one in found if one.told.measure.measure.id == "ward-home-by-noon")
    assert "check the trade" in ward.why_not
