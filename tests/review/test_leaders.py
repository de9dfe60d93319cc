"""What leaders see: the order of what waits, only what was written down, no team-only measure."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.leaders import goals_without_measures, leader_views

CALM = [10, 12, 9, 13] * 6
AT = kpi.Period.parse("2025-01")


def views(make):
    workspace = kpi.open(make.root)
    found = leader_views(workspace, kpi.review_teams(workspace, AT).values())
    return workspace, sorted(found, key=lambda one: one.order)


def three_teams(make):
    make.measure([*CALM, 11], team="calm").measure([*CALM, 20], team="red")
    return make.measure([*CALM, 11], team="asking")


def test_what_waits_for_a_leader_comes_first_then_reds_then_names(make):
    three_teams(make).log(
        "actions",
        "measure,team,opened,countermeasure,escalated_to,escalated_on\n"
        "late,asking,2024-12-01,Second van,head of transport,2025-01-19\n",
    )
    workspace, found = views(make)
    assert [one.review.id for one in found] == ["asking", "red", "calm"]
    (waiting,) = found[0].waiting
    assert (waiting.action, waiting.asked, waiting.days) == ("Second van", "head of transport", 12)
    assert workspace.results is None


def test_an_answered_or_closed_request_waits_no_more(make):
    three_teams(make).log(
        "actions",
        "measure,team,opened,countermeasure,escalated_on,answered_on,expected,happened,learned,closed\n"
        "late,asking,2024-12-01,Second van,2024-12-20,2025-01-03,,,,\n"
        "late,asking,2024-12-01,Third van,2024-12-20,,fewer,none,ask first,2025-01-10\n",
    )
    _, found = views(make)
    assert not any(one.waiting for one in found)


def test_a_measure_that_is_the_teams_alone_waits_for_nobody_and_is_thanked_by_nobody(make):
    make.measure([*CALM, 20], audience="team").measure([*CALM, 2], id="own", audience="team")
    make.log(
        "actions", "measure,opened,countermeasure,escalated_on\nlate,2025-01-05,Van,2025-01-06\n"
    )
    _, (found,) = views(make)
    assert (found.owed, found.thanks, found.eyes, found.waiting) == ((), (), (), ())
    assert found.promises == ()


def test_improvements_are_thanked_for(make):
    _, (found,) = views(make.measure([*CALM, 2]))
    assert [one.measure.id for one in found.thanks] == ["late"]


def test_each_promise_comes_with_the_questions_of_its_stage(make):
    make.measure(CALM).log(
        "actions",
        "measure,opened,countermeasure,owner,stage\n"
        "late,2024-12-01,Second van,fleet desk,A\nlate,2024-12-02,Third van,,\n",
    )
    _, (found,) = views(make)
    second, third = found.promises
    assert second.words == "Second van (fleet desk, stage: act)"
    assert second.questions[0] == "What did we expect, and what happened?"
    assert third.words == "Third van"
    assert third.questions[0] == "Which stage is it at: plan, do, check or act?"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (None, "not recorded"),
        ("date,team,kind\n2025-01-09,alpha,board\n2024-11-01,alpha,gemba\n", "1 November 2024"),
        ("date,team,kind,role\n2025-01-09,alpha,board,leader\n", "9 January 2025"),
        ("date,team,kind,role\n2025-01-09,alpha,board,desk lead\n", "none written down"),
        ("date,team,kind\n2025-01-09,alpha,separate_report\n", "none written down"),
        ("date,team,kind\n2025-02-03,alpha,gemba\n", "3 February 2025"),  # while it is the newest
    ],
)
def test_the_last_visit_is_what_was_written_down(make, log, said):
    make.measure(CALM)
    if log:
        make.log("reviews", log)
    _, (found,) = views(make)
    assert found.last_visit == said


def test_the_teams_own_meeting_is_no_visit(make):
    make.measure(CALM).log("reviews", "date,team,kind,role\n2025-01-09,alpha,board,desk lead\n")
    _, (found,) = views(make)
    assert (found.last_visit, found.last_met) == ("none written down", "9 January 2025")


def test_a_trade_is_asked_about_and_not_thanked_for(make):
    make.measure([*CALM, 2], guards=["harm"]).measure([*CALM, 20], id="harm")
    _, (found,) = views(make)
    assert found.thanks == ()
    assert [(one.measure.id, [w.measure.id for w in worse]) for one, worse in found.trades] == [
        ("late", ["harm"])
    ]
    assert {one.measure.id for one, _ in found.eyes} == {"late", "harm"}


def test_a_guard_that_is_the_teams_alone_is_not_told_by_a_trade(make):
    make.measure([*CALM, 2], guards=["harm"]).measure([*CALM, 20], id="harm", audience="team")
    _, (found,) = views(make)
    assert (found.trades, [one.measure.id for one in found.thanks]) == ((), ["late"])


def test_a_walk_goes_to_what_needs_eyes_not_to_the_steady(make):
    make.measure([*CALM, 20]).measure([*CALM, 11], id="calm")
    _, (found,) = views(make)
    assert [one.measure.id for one, _ in found.eyes] == ["late"]


def test_goals_that_nothing_shows(make):
    make.measure(CALM, result_id="R-day")
    (make.root / "results.yml").write_text(
        "results:\n"
        "  - {id: R-all, level: organisation, result: Customers get what they ordered}\n"
        "  - {id: R-day, level: team, result: Parcels come on the day, parent: R-all}\n"
        "  - {id: R-safe, level: team, result: Drivers go home unharmed, parent: R-all}\n"
    )
    assert goals_without_measures(kpi.open(make.root)) == ("Drivers go home unharmed",)
