"""What people wrote down: absent is not empty, and one bad cell costs no other row."""

from __future__ import annotations

from datetime import date

import pytest

from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import open_workspace

ACTIONS = "id,team,measure,opened,due,closed\n"


def messages(workspace) -> list[str]:
    return [str(one) for one in workspace.findings]


def test_an_absent_log_is_not_an_empty_one(write):
    workspace = open_workspace(write(**{"events.csv": "date,what\n"}))
    assert workspace.actions.rows is None
    assert workspace.events.rows is not None
    assert len(workspace.events.rows) == 0
    assert list(workspace.events.rows.columns) == [
        *("date", "team", "measure", "what", "known_cause", "by", "line")
    ]
    assert messages(workspace) == []
    assert rows_of(workspace.actions.rows) == rows_of(workspace.events.rows) == []


def test_dates_columns_and_lines(write):
    text = 'measure,mine,opened,countermeasure\nlate,x,2023-02-03,"two\nlines"\nlate,,2023-W05,\n'
    workspace = open_workspace(write(**{"actions.csv": text}))
    first, second = rows_of(workspace.actions.rows)
    assert messages(workspace) == []
    assert (first["opened"], first["countermeasure"], first["line"]) == (
        date(2023, 2, 3), "two\nlines", 2)  # fmt: skip
    assert (second["opened"], second["due"], second["line"]) == (date(2023, 1, 30), None, 4)
    assert "mine" not in first


def test_every_fault_of_a_row_is_said_and_the_others_stand(write):
    text = ACTIONS + "1,A,late,2023-02-30,soon,\n2,A,lat,2023-03-01,,\n3,C,late,2023-03-01,,\n"
    workspace = open_workspace(write(**{"actions.csv": text + "4,A,late,2023-04-01,,\n"}))
    assert sorted(messages(workspace)) == [
        "actions.csv:2: '2023-02-30' is not a date: write it as 2025-03-14",
        "actions.csv:2: 'soon' is not a date: write it as 2025-03-14",
        "actions.csv:3: measure 'lat' is not known: did you mean 'late'?",
        "actions.csv:4: team 'C' is not known: known are A, B",
    ]
    rows = rows_of(workspace.actions.rows)
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0]["opened"] is None


@pytest.mark.parametrize(
    ("log", "text", "message"),
    [
        ("actions", ACTIONS + "1,A,,2023-01-01,,\n", "'measure' is empty: fill it in"),
        ("actions", ACTIONS + "1,A,late,,,\n", "'opened' is empty: fill it in"),
        ("events", "date,what\n2023-01-01,\n", "'what' is empty: fill it in"),
        ("limit_changes", "team,measure,from,reason,by\n,late,2023-07,a van,me\n",
         "'team' is empty: fill it in"),
        ("limit_changes", "team,measure,from,reason,by\nA,late,2023-07,a van,\n",
         "'by' is empty: fill it in"),
    ],
)  # fmt: skip
def test_a_row_that_lacks_what_it_is_about_speaks_for_nobody(write, log, text, message):
    workspace = open_workspace(write(**{f"{log}.csv": text}))
    assert messages(workspace) == [f"{log}.csv:2: {message}"]
    assert len(getattr(workspace, log).rows) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": the file is empty: write a header line first"),
        ("id,opened\n", ":1: has no column 'measure': known are id, opened"),
        ("measure,opend\n", ":1: has no column 'opened': did you mean 'opend'?"),
        ("measure,opened,Team\n", ":1: has no column 'team': did you mean 'Team'?"),
        (
            "measure,opened\nlate\n",
            ":2: has 1 cell where the header has 2 columns: mend the row, or"
            " delete it if it is a total or a note",
        ),
    ],
)
def test_a_log_that_cannot_be_read(write, text, message):
    workspace = open_workspace(write(**{"actions.csv": text}))
    assert messages(workspace) == [f"actions.csv{message}"]
    assert workspace.actions.rows is None
    assert len(workspace.series) == 2


def test_a_log_from_outside_is_refused(write, tmp_path):
    root = write()
    (tmp_path / "mine.csv").write_text(ACTIONS)
    (root / "actions.csv").symlink_to(tmp_path / "mine.csv")
    assert messages(open_workspace(root)) == [
        "actions.csv: 'actions.csv' leads out of the workspace: keep the file inside the folder"
    ]


def test_rows_about_a_measure_whose_definition_has_a_fault_are_no_faults(write):
    root = write(**{"actions.csv": ACTIONS + "1,A,late,2023-01-01,,\n"})
    (root / "measures" / "late.yml").write_text("id: [late\n")
    assert len(messages(open_workspace(root))) == 1
