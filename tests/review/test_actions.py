"""A team's actions: what is overdue, what is to be checked, and what may be told as a story."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.actions import actions_of
from kpi_analysis.review.findings import findings_of

CALM = [10, 12, 9, 13] * 6
HEAD = (
    "id,measure,team,opened,started,due,check_on,stage,expected,happened,learned,closed,"
    "countermeasure\n"
)


def of(make, *rows, values=(*CALM, 2), period="2025-01"):
    make.measure(list(values)).log("actions", HEAD + "".join(f"{row}\n" for row in rows))
    workspace = kpi.open(make.root)
    assert not workspace.actions.findings
    return actions_of(kpi.review_teams(workspace, kpi.Period.parse(period))["alpha"])


def test_overdue_first_then_checks_then_open_then_closed(make):
    found = of(
        make,
        "a,late,alpha,2024-05-01,,,,A,fewer,fewer,go early,2024-12-01,Closed",
        "b,late,alpha,2024-06-01,,2025-06-01,,D,,,,,Open",
        "c,late,alpha,2024-07-01,,2025-01-01,2025-01-15,C,,,,,To be checked",
        "d,late,alpha,2024-08-01,,2025-01-15,,D,,,,,Overdue",
    )
    assert [one.name for one in found] == ["Overdue", "To be checked", "Open", "Closed"]
    assert [one.is_overdue for one in found] == [True, False, False, False]
    assert [one.is_check_due for one in found] == [False, True, False, False]


def test_what_is_done_about_the_newest_period_is_written_down_after_it(make):
    (one,) = of(make, "a,late,alpha,2025-03-01,,,,P,,,,,Later")
    assert one.name == "Later"


def test_an_old_review_does_not_know_an_action_opened_when_there_was_a_newer_one(make):
    later = [*CALM, 11, 11, 11]  # to March; the review of January was the newest in February
    assert of(make, "a,late,alpha,2025-03-01,,,,P,,,,,Later", values=later) == ()
    (one,) = of(make, "a,late,alpha,2025-02-28,,,,P,,,,,Then", values=later)
    assert one.name == "Then"


def test_to_close_it_three_things_are_written_down(make):
    (one,) = of(make, "a,late,alpha,2024-12-01,,,,A,fewer late,,,2025-01-20,Second run")
    assert one.lacking == ("happened", "learned")
    assert not one.is_closed
    assert str(one.refused) == "2025-01-20"
    assert one.learning == (("expected", "fewer late"),)


WHY = "measure,opened,countermeasure,problem,current_state,cause,cause_checked_by\nlate,2024-12-01,"


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        (
            "Second run,Parcels wait,40 a day,One van,two drivers",
            "One van (checked by two drivers)",
        ),
        ("Second run,Parcels wait,40 a day,One van,", "One van (not checked yet)"),
        ("Second run,Parcels wait,40 a day,,", "not written down"),
    ],
)
def test_an_action_says_what_it_answers_and_who_checked_the_cause(make, cells, cause):
    make.measure([*CALM, 11]).log("actions", WHY + cells + "\n")
    (one,) = actions_of(make.review("2025-01"))
    told = {"problem": "Parcels wait", "current state": "40 a day", "cause": cause}
    assert dict(one.found) == told


def test_an_action_named_by_its_problem_does_not_say_it_twice(make):
    make.measure([*CALM, 11]).log("actions", WHY + ",Parcels wait,,,\n")
    (one,) = actions_of(make.review("2025-01"))
    assert one.name == "Parcels wait"
    assert one.found == (("cause", "not written down"),)


def test_a_closing_that_says_nothing_is_a_finding_with_its_row_and_fields(make):
    of(make, "a7,late,alpha,2024-12-01,,,,A,fewer late,,,2025-01-20,Second run")
    found = [one for one in findings_of(kpi.open(make.root)) if one.file == "actions.csv"]
    assert [(one.level, one.line, one.field) for one in found] == [
        ("error", 2, "happened"),
        ("error", 2, "learned"),
    ]
    assert found[0].message == (
        "'happened' is empty, so action 'a7' stays open though it was closed on 2025-01-20: "
        "write it down, or empty 'closed'"
    )
    of(make, "a7,late,alpha,2024-12-01,,,,A,fewer late,fewer,go early,2025-01-20,Second run")
    assert not [one for one in findings_of(kpi.open(make.root)) if one.file == "actions.csv"]


def test_what_was_closed_later_is_open_in_an_earlier_review(make):
    row = "a,late,alpha,2024-12-01,2025-03-03,,,A,fewer,fewer,go early,2025-03-20,Second run"
    (then,) = of(make, row, values=[*CALM, 11, 11, 11])
    assert (then.is_closed, then.action["started"], then.action["stage"]) == (False, None, "")
    assert then.learning == (("expected", "fewer"),)
    (now,) = of(make, row, values=[*CALM, 11, 11, 11], period="2025-03")
    assert now.is_closed
