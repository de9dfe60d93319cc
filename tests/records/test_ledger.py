"""The ledger only grows, only by what is new or differs, and never by half."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import RecordError
from kpi_analysis.periods import Period
from kpi_analysis.records import ledger
from kpi_analysis.records.logs import published_values
from kpi_analysis.records.workspace import open_workspace

MARCH, APRIL = Period.parse("2023-03"), Period.parse("2023-04")
HEADER = "run,team,measure,period,value\n"


def said(*values, team="A", first=1):
    periods = [f"2023-{n:02}" for n in range(first, first + len(values))]
    return pd.DataFrame({"team": team, "measure": "late", "period": periods, "value": values})


def text(root):
    return (root / "published.csv").read_text(encoding="utf-8")


def test_the_first_run_writes_all_and_the_same_again_adds_nothing(tmp_path):
    assert ledger.append(tmp_path, MARCH, said(1.0, np.nan, 1 / 3)) == ()
    first = HEADER + "2023-03,A,late,2023-01,1.0\n2023-03,A,late,2023-03,0.3333333333333333\n"
    assert text(tmp_path) == first
    for run in (MARCH, APRIL):
        assert ledger.append(tmp_path, run, said(1.0, np.nan, 1 / 3 * (1 + 1e-12))) == ()
        assert text(tmp_path) == first


def test_a_later_run_adds_what_is_new_or_differs_and_keeps_what_was(tmp_path):
    ledger.append(tmp_path, MARCH, said(1.0, 2.0, 3.0))
    before = text(tmp_path)
    assert ledger.append(tmp_path, APRIL, said(1.0, 2.5, 3.0, 4.0)) == ()
    added = "2023-04,A,late,2023-02,2.5\n2023-04,A,late,2023-04,4.0\n"
    assert text(tmp_path) == before + added


def test_a_rebuild_that_says_otherwise_replaces_nothing_silently(tmp_path):
    ledger.append(tmp_path, MARCH, said(1.0, 2.0))
    (finding,) = ledger.append(tmp_path, MARCH, said(1.0, 2.5))
    assert str(finding) == (
        "published.csv: 'late', team 'A', 2023-02: published as 2 in this run (2023-03) before,"
        " now 2.5: tell those who have the earlier page"
    )
    assert text(tmp_path).endswith("2023-03,A,late,2023-02,2.0\n2023-03,A,late,2023-02,2.5\n")


def test_a_review_compares_with_the_runs_before_its_own(write):
    root = write()
    for run, values in ((MARCH, said(1.0, 2.0)), (APRIL, said(1.0, 9.0))):
        ledger.append(root, run, values)
    expected = {MARCH: {}, APRIL: {"2023-01": 1.0, "2023-02": 2.0}}
    expected[APRIL.next()] = {"2023-01": 1.0, "2023-02": 9.0}
    for period, values in expected.items():
        published, faults = published_values(open_workspace(root, period).published)
        assert published.get(("A", "late"), {}) == values
        assert faults == []
    assert open_workspace(root).published.rows is not None
    assert len(open_workspace(root).published.rows) == 3


@pytest.mark.parametrize(
    ("old", "added"),
    [
        ("run,team,measure,period,value", "\n2023-03,A,late,2023-01,1.0\n"),
        ("value;period;note;run;team;measure\r\n9;2022-01;x;2022-01;A;late\r\n",
         "1.0;2023-01;;2023-03;A;late\r\n"),
        ("\ufeff" + HEADER, "2023-03,A,late,2023-01,1.0\n"),
    ],
)  # fmt: skip
def test_a_file_keeps_its_columns_separator_line_ends_and_mark(tmp_path, old, added):
    path = tmp_path / "published.csv"
    path.write_bytes(old.encode())
    path.chmod(0o640)
    ledger.append(tmp_path, MARCH, said(1.0))
    assert path.read_bytes() == (old + added).encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_words_that_csv_must_quote_come_back_as_they_were(tmp_path):
    team = 'a, "b"'
    ledger.append(tmp_path, MARCH, said(1.0, team=team))
    before = text(tmp_path)
    ledger.append(tmp_path, MARCH, said(1.0, team=team))
    assert text(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("run,team,measure,value\n", "published.csv:1: has no column 'period': the ledger has run,"
         " team, measure, period, value"),
        (HEADER + "2023-01,A,late,2023-01,x\n", "published.csv:2: 'x' is not a number: write the"
         " value as it was published"),
    ],
)  # fmt: skip
def test_a_ledger_that_cannot_be_read_is_left_as_it_is(tmp_path, old, message):
    (tmp_path / "published.csv").write_text(old)
    with pytest.raises(RecordError) as caught:
        ledger.append(tmp_path, MARCH, said(1.0))
    assert str(caught.value) == message
    assert text(tmp_path) == old


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    ledger.append(tmp_path, MARCH, said(1.0))
    before = text(tmp_path)

    def no_room(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(RecordError, match=r"published\.csv: cannot be written: no space left"):
        ledger.append(tmp_path, APRIL, said(2.0))
    assert text(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["published.csv"]


def _one_run(root, n):
    ledger.append(root, MARCH, said(*[float(n)] * 12, team=f"T{n}"))


def test_runs_at_the_same_time_do_not_lose_or_mix_rows(tmp_path):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(_one_run, [tmp_path] * 12, range(12)))
    rows = pd.read_csv(tmp_path / "published.csv")
    assert list(rows.columns) == HEADER.strip().split(",")
    assert rows.groupby("team").size().to_dict() == {f"T{n}": 12 for n in range(12)}
    assert (rows["value"] == rows["team"].str[1:].astype(float)).all()
