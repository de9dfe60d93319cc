"""The sixteen indicators, counted by hand; "not recorded" is never 0 %; nothing is summed up."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kpi_analysis as kpi
from kpi_analysis.records.polls import published_polls
from kpi_analysis.review.health_rows import half_answered

ROOT = Path(__file__).resolve().parents[2]
STEADY = [50, 52, 49, 51, 50, 48, 51, 52, 49, 50, 51, 49]
FILES = {"actions": ("S1", "W1", "O1", "O2", "T1"), "results": ("S2", "O4"), "reviews": ("S3",),
         "reactions": ("W4", "T2")}  # fmt: skip
ACTIONS = "id,team,measure,opened,origin,cause,cause_checked_by,authority,check_on,started"
ACTIONS += ",escalated_on,answered_on,closed,learned\n"


def at(make, period="2023-12"):
    return kpi.health(kpi.open(make.root), period)


def counted(health, name):
    return health[name].count.numerator, health[name].count.n


def test_without_files_nothing_is_recorded_and_nothing_is_nought_percent(make):
    found = at(make.measure(STEADY))
    for name in (one for names in FILES.values() for one in names):
        assert found[name].count is None
        assert found[name].sentence.endswith(": not recorded")
        assert found[name].interval is None
    assert "0 %" not in "".join(found[one].sentence for names in FILES.values() for one in names)


@pytest.mark.parametrize("name", ["actions", "reviews", "reactions"])
def test_an_empty_file_is_recorded_but_holds_none(make, name):
    heads = {"actions": ACTIONS, "reviews": "date,team,kind,decisions\n",
             "reactions": "date,team,measure,reflects_our_work,text\n"}  # fmt: skip
    found = at(make.measure(STEADY).log(name, heads[name]))
    assert all(found[one].sentence.endswith(": none so far") for one in FILES[name])


def test_ids_are_those_of_the_polls_in_their_order(make):
    ids = [one.id for poll in published_polls().polls for one in poll.options]
    assert [one.question.id for one in at(make.measure(STEADY)).indicators] == ids


def test_actions_by_hand(make):
    rows = """\
        1,alpha,late,2023-02-01,team,van,Ann,team,2023-05-01,2023-02-01,,,2023-06-01,check first
        2,alpha,late,2023-03-01,team,,,needs leader,,2023-03-01,2023-03-05,2023-03-12,,
        3,alpha,late,2023-04-01,leader,road,,team,2024-05-01,2023-04-01,2023-04-05,2024-02-01,,
        4,alpha,late,2024-02-01,team,van,Ann,team,2024-05-01,2024-02-01,,,,
        """
    make.measure(STEADY).log("actions", "x")
    text = ACTIONS + "\n".join(line.strip() for line in rows.strip().splitlines())
    (make.root / "actions.csv").write_text(text + "\n")
    found = at(make)
    assert counted(found, "S1") == (0, 1)  # one check is past, and nothing moved
    assert counted(found, "O1") == (1, 3)  # the fourth was not yet opened
    assert found["O1"].note == "1 of 1 closed without escalation"
    assert counted(found, "O2") == (1, 3)
    assert found["O2"].note == "1 of 1 closed say what was learned"
    assert counted(found, "T1") == (1, 2)  # the second answer came after the day
    assert found["T1"].note == "visits not recorded"


def test_an_action_that_a_wanted_signal_followed(make):
    make.measure([*STEADY, *(value - 15 for value in STEADY)], start="2022-01")
    row = "1,alpha,late,2023-01-01,team,van,Ann,team,2023-10-01,2023-01-01,,,,\n"
    (make.root / "actions.csv").write_text(ACTIONS + row)
    assert counted(at(make), "S1") == (1, 1)
    assert at(make)["S1"].question.cannot_tell == "whether the action was the cause"


def test_reviews_by_hand(make):
    make.measure(STEADY).log("reviews", """\
        date,team,kind,decisions
        2023-05-01,alpha,board,open an action
        2023-06-01,alpha,gemba,
        2023-07-01,alpha,separate_report,
        2024-01-01,alpha,board,too late to count
        """)  # fmt: skip
    found = at(make.log("actions", ACTIONS))
    assert counted(found, "S3") == (1, 2)
    assert found["T1"].note == "1 visit of leaders, 1 separate report asked for in a year"


def test_fewer_than_five_reactions_are_not_shown(make):
    rows = ["date,team,measure,reflects_our_work,text"]
    rows += [f"2023-0{n}-01,alpha,late,{word},{n}" for n, word in enumerate(["yes", "no"] * 2, 1)]
    found = at(make.measure(STEADY).log("reactions", "\n".join(rows)))
    assert found["W4"].sentence.endswith(": fewer than 5: not shown")
    assert found["W4"].count is None
    more = at(make.log("reactions", "\n".join([*rows, "2023-09-01,alpha,late,partly,"])))
    assert counted(more, "W4") == (2, 5)
    assert more["W4"].note == "1 partly, 2 no"
    assert counted(more, "T2") == (4, 5)


@pytest.mark.parametrize(
    ("opened", "counts", "note"),
    [("2023-07-20", (1, 1), "half answered within"), ("2023-12-20", (0, 1), "half answered within"),
     ("", (0, 1), "fewer than half answered yet, oldest open")],
)  # fmt: skip
def test_a_signal_asks_for_a_response_within_its_days(make, opened, counts, note):
    rule = {"signal_of_concern": {"who": "lead", "within_days": 60, "first_step": "look"}}
    make.measure([*STEADY, *STEADY[:5], 90, *STEADY[:6]], start="2022-01", response=rule)
    row = f"1,alpha,late,{opened},team,,,team,,,,,,\n" if opened else ""
    (make.root / "actions.csv").write_text(ACTIONS + row)
    found = at(make)
    assert counted(found, "W1") == counts
    assert found["W1"].note.startswith(note)


def test_goals_and_measures_without_each_other(make):
    make.measure(STEADY, result_id="R-day")
    (make.root / "results.yml").write_text(
        "results:\n"
        "  - {id: R-top, level: organisation, result: Parcels arrive as promised}\n"
        "  - {id: R-day, level: team, result: Parcels arrive on the day, parent: R-top}\n"
        "  - {id: R-whole, level: team, result: Parcels arrive whole, parent: R-top}\n"
    )
    found = at(make)
    assert counted(found, "S2") == (1, 1)
    assert counted(found, "O4") == (1, 4)
    assert found["O4"].note == "1 goal, 0 measures"


def test_definitions_by_hand(make):
    make.measure(STEADY, could_cause=["rushed sorting"], guards=["damaged"], owner="lead",
                 designed_with=["drivers"], review_on="2023-06-30", valid_from="2023-11-01",
                 data={"collected_by": "x", "minutes_per_period": 30})  # fmt: skip
    make.measure([*STEADY[:10], None, 51], id="damaged", could_cause=["fewer reports"])
    found = at(make)
    assert counted(found, "W2") == (1, 2)
    assert counted(found, "S4") == (1, 2)
    assert counted(found, "T3") == (1, 1)
    assert found["T3"].note.startswith("1 new in three months")
    assert counted(found, "W3") == (23, 24)
    assert counted(found, "T4") == (2, 2)
    assert found["T4"].note.startswith("6 hours a year to collect, expect 0.")


def test_the_demo_has_sixteen_rows_no_total_and_no_judgement():
    found = kpi.health(kpi.open(ROOT / "data" / "demo"), "2025-03")
    table = found.table
    assert len(table) == 16
    assert (table["numerator"] <= table["n"]).all()
    assert ((table["low"] <= table["percent"]) & (table["percent"] <= table["high"])).all()
    assert table["cannot tell"].str.len().min() > 10
    said = (repr(found) + found._repr_html_()).lower()
    assert not [one for one in ("total", "score", "culture", "rank", "%d") if one in said]
    assert "kpi system at march 2025" in said


def test_half_answered_by_hand():
    # Kaplan-Meier: 1 - 1/4, then a censored one, then 3/4 * (1 - 1/2) = 0.375 at 9 days
    assert half_answered([(2, True), (5, False), (9, True), (12, False)]) == 9
    assert half_answered([(2, True), (5, False), (9, False)]) is None
    assert half_answered([(3, True), (1, True), (7, True)]) == 3
    assert half_answered([]) is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_with_nothing_open_it_is_the_lower_median(days):
    assert half_answered([(day, True) for day in days]) == sorted(days)[(len(days) - 1) // 2]


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=20))
def test_waiting_longer_never_looks_quicker(waits):
    found = [half_answered([(day + more * (not done), done) for day, done in waits])
             for more in (0, 50, 500)]  # fmt: skip
    known = [10**6 if one is None else one for one in found]
    assert all(sooner <= later for sooner, later in pairwise(known))
