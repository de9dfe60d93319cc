"""The run ledger: a stopped system is seen to have stopped; what is not recorded is never zero."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.run_ledger import run_ledger

AT = "2025-06"
VALUES = [10, 12, 9, 13] * 7 + [11, 10]  # 2023-01 to 2025-06


def published(make, *runs):
    """Write a ledger: each run is "2025-01 alpha"."""
    rows = "".join(f"{run.replace(' ', ',')},late,2025-01,10\n" for run in runs)
    return make.log("published", "run,team,measure,period,value\n" + rows)


def ledger(make, at=AT):
    workspace, period = kpi.open(make.root), kpi.Period.parse(at)
    reviews = kpi.review_teams(workspace, period).items()
    shown = {team: [one.measure.id for one in board.for_leaders] for team, board in reviews}
    return run_ledger(workspace, shown, period)


def counted(found, name):
    return [getattr(one, name) for one in found.entries]


def test_packs_reviews_and_actions_are_counted_by_month(make):
    make.measure(VALUES).measure(VALUES, team="beta")
    published(make, "2025-01 alpha", "2025-01 beta", "2025-02 alpha", "2025-04 alpha")
    make.log(
        "reviews",
        "date,team,kind\n"
        "2025-02-10,alpha,board\n"  # of January's pack
        "2025-03-01,beta,board\n"  # too late for January's, and February had none
        "2025-03-05,alpha,gemba\n"  # a visit is no review of the pack
        "2025-05-31,alpha,board\n",  # of April's
    )
    make.log(
        "actions",
        "measure,team,opened,stage,expected,happened,learned,closed\n"
        "late,alpha,2025-02-28,A,a,b,c,2025-04-01\nlate,beta,2025-02-01,P,,,,\n",
    )
    found = ledger(make)
    assert [str(one.period) for one in found.entries] == [
        "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06",
    ]  # fmt: skip
    assert counted(found, "packs") == [2, 1, 0, 1, 0, None]
    assert counted(found, "reviewed") == [1, 0, 0, 1, 0, None]
    assert counted(found, "opened") == [0, 2, 0, 0, 0, 0]
    assert counted(found, "closed") == [0, 0, 0, 1, 0, 0]
    assert found.words == ("No pack in Mar 2025, May 2025.", "Packs never reviewed: 2 of 4.")


def test_before_the_ledger_began_nothing_is_known(make):
    published(make.measure(VALUES), "2025-03 alpha").log("reviews", "date,team,kind\n")
    found = ledger(make)
    assert counted(found, "packs") == [None, None, 1, 0, 0, None]
    assert found.gaps == tuple(map(kpi.Period.parse, ("2025-04", "2025-05")))


def test_a_system_that_stopped_half_a_year_ago_is_shown_as_stopped(make):
    published(make.measure(VALUES), "2024-06 alpha").log("reviews", "date,team,kind\n")
    found = ledger(make)
    assert counted(found, "packs") == [0, 0, 0, 0, 0, None]
    (said,) = found.words
    assert said == "No pack in Jan 2025, Feb 2025, Mar 2025, Apr 2025, May 2025."


def test_without_logs_it_says_so_and_counts_nothing(make):
    found = ledger(make.measure(VALUES))
    for name in ("packs", "reviewed", "opened", "closed"):
        assert counted(found, name) == [None] * 6
    (said,) = found.words
    assert said.startswith("Which packs were made is not recorded")


def test_without_a_log_of_reviews_nothing_is_called_never_reviewed(make):
    found = ledger(published(make.measure(VALUES), "2025-04 alpha", "2025-05 alpha"))
    assert found.never_reviewed is None
    assert found.words == ("Whether packs were reviewed is not recorded: there is no reviews.csv.",)


def test_an_action_on_a_measure_that_is_the_teams_alone_is_not_counted(make):
    make.measure(VALUES).measure(VALUES, id="own", audience="team")
    make.log("actions", "measure,team,opened\nown,alpha,2025-05-01\nlate,,2025-05-02\n")
    assert counted(ledger(make), "opened") == [0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize("run", ["2025-W20", "somewhen", "2025-05 gone"])
def test_runs_of_another_length_unread_or_of_a_team_that_is_gone_do_not_count(make, run):
    run = run if " " in run else f"{run} alpha"
    found = ledger(published(make.measure(VALUES), run, "2025-04 alpha"))
    assert counted(found, "packs")[3:5] == [1, 0]
