"""A workspace as people had written it by a day: nothing later, and nothing earlier is lost."""

import datetime
import random

import pytest

import kpi_analysis as kpi
from kpi_analysis.records.as_of import as_of
from kpi_analysis.records.logs import LOGS, rows_of
from kpi_analysis.records.workspace import open_workspace

DAY = datetime.date(2025, 3, 31)
LATER, EARLIER = "2025-04-01", "2025-03-31"
ROWS = {
    "actions": "measure,opened,countermeasure\nlate,{day},Second van\n",
    "events": "date,measure,what\n{day},late,Road closed\n",
    "limit_changes": "team,measure,from,reason,by,on\nnorth,late,2024-06,merged,lead,{day}\n",
    "reviews": "date,team,kind,decisions\n{day},north,board,open an action\n",
    "reactions": "date,measure,reflects_our_work\n{day},late,yes\n",
    "options": "date,measure,option,pros,cons\n{day},late,A second van,quick,dear\n",
}


TRIAL = """id: late
status: trial
name: Percentage of late parcels, by month
result: Parcels arrive on the promised day
unit: "%"
better: lower
frequency: month
calculation: {statistic: mean}
evidence: [parcels that arrive a day after the promise]
data: {collected_by: depot}
"""


def write(root, **logs):
    (root / "measures").mkdir(exist_ok=True)
    (root / "kpi.yml").write_text("name: Depots\nteams: {north: {name: North}}\n")
    (root / "measures" / "late.yml").write_text("{id: late, status: draft, result: On time}\n")
    for name, text in logs.items():
        (root / f"{name}.csv").write_text(text)
    return kpi.open(root)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(("day", "there"), [(EARLIER, 1), (LATER, 0)])
def test_a_row_is_there_from_its_day_on(tmp_path, name, day, there):
    workspace = write(tmp_path, **{name: ROWS[name].format(day=day)})
    assert not workspace.findings
    assert len(getattr(workspace, name).rows) == 1
    assert len(getattr(as_of(workspace, DAY), name).rows) == there


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    ("newest", "day", "there"),
    [
        ("2025-03", "2026-01-01", 1),  # March is the newest: all that is written down counts
        ("2025-04", "2025-04-30", 1),  # what was written while it was the newest
        ("2025-04", "2025-05-01", 0),
    ],
)
def test_a_review_knows_what_was_written_while_it_was_the_newest(
    tmp_path, name, newest, day, there
):
    write(tmp_path, **{name: ROWS[name].format(day=day)})
    (tmp_path / "values").mkdir()
    (tmp_path / "values" / "v.csv").write_text(
        f"team,measure,period,value\nnorth,late,2025-02,9\nnorth,late,{newest},8\n"
    )
    (tmp_path / "measures" / "late.yml").write_text(TRIAL)
    found = open_workspace(tmp_path, kpi.Period.parse("2025-03"))
    assert len(getattr(found, name).rows) == there
    one = kpi.review_teams(kpi.open(tmp_path), kpi.Period.parse("2025-03"))["north"]
    assert one.measures[0].measure.id == "late"


def test_rows_laid_out_for_months_to_come_make_no_review_old(tmp_path):
    write(tmp_path, actions=ROWS["actions"].format(day="2026-01-01"))
    (tmp_path / "values").mkdir()
    (tmp_path / "values" / "v.csv").write_text(
        "team,measure,period,value\nnorth,late,2025-03,9\nnorth,late,2025-04,\nnorth,late,2025-05,\n"
    )
    (tmp_path / "measures" / "late.yml").write_text(TRIAL)
    found = open_workspace(tmp_path, kpi.Period.parse("2025-03"))
    assert len(found.actions.rows) == 1


def test_every_log_with_days_is_cut():
    assert {*ROWS} == {*LOGS} - {"published"}  # of that, records.ledger takes the earlier runs


def test_a_limit_change_without_a_day_of_decision_counts_from_where_it_holds(tmp_path):
    text = ROWS["limit_changes"]
    old = write(tmp_path, limit_changes=text.format(day=""))
    assert len(as_of(old, DAY).limit_changes.rows) == 1
    assert len(as_of(old, datetime.date(2024, 5, 31)).limit_changes.rows) == 0


def test_days_of_an_action_that_came_later_are_empty_and_so_is_what_came_with_them(tmp_path):
    workspace = write(
        tmp_path,
        actions="measure,opened,started,escalated_on,answered_on,stage,expected,happened,learned,"
        "check_on,closed\n"
        "late,2025-01-07,2025-01-08,2025-02-01,2025-04-02,A,fewer,fewer,go,2025-06-01,2025-05-05\n"
        "late,2025-01-07,2025-04-02,,,D,fewer,,,2025-06-01,2025-05-05\n"
        "late,2025-01-07,2025-01-08,,,A,fewer,fewer,go early,2025-02-01,2025-03-05\n",
    )
    then, refused, kept = rows_of(as_of(workspace, DAY).actions.rows)
    assert then["started"] == datetime.date(2025, 1, 8)
    assert then["escalated_on"] == datetime.date(2025, 2, 1)
    assert (then["answered_on"], then["closed"]) == (None, None)
    assert (then["stage"], then["happened"], then["learned"]) == ("", "", "")
    assert (then["expected"], then["check_on"]) == ("fewer", datetime.date(2025, 6, 1))
    assert (refused["started"], refused["refused"]) == (None, None)
    assert kept == rows_of(workspace.actions.rows)[2]


def test_a_cut_keeps_what_a_later_cut_keeps(tmp_path):
    noise = random.Random(7)
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(noise.randrange(700)) for _ in range(90)]
    lines = [
        f"late,{days[n]},{days[n + 1]},{days[n + 2]},a,b,c" for n in range(0, len(days) - 2, 3)
    ]
    head = "measure,opened,started,closed,expected,happened,learned\n"
    workspace = write(tmp_path, actions=head + "\n".join(lines) + "\n")
    for day in days[:20]:
        later = as_of(workspace, day + datetime.timedelta(100))
        assert rows_of(as_of(later, day).actions.rows) == rows_of(
            as_of(workspace, day).actions.rows
        )
