"""A series cut out of its measure's table is the one that its rows alone give."""

from __future__ import annotations

import math
import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.cells import Columns, lay_out
from kpi_analysis.records.series_table import SeriesTable, newest_day
from kpi_analysis.records.sources import read_table
from kpi_analysis.records.values import read_series
from kpi_analysis.records.workspace import open_workspace

from .conftest import MEASURE, MONTHS, long_form

HEADER = ("measure", "team", "period", "numerator", "denominator")
FIRST = Period.parse("2023-01")
ROW = st.tuples(
    st.sampled_from(["late", "lost"]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(MONTHS),
    st.integers(0, 99).map(str),
    st.just("100"),
)
FILES = st.lists(st.lists(ROW, max_size=30), min_size=1, max_size=3)


def written(root, files):
    """A workspace without a list of teams whose values are in these files."""
    (root / "measures").mkdir(parents=True, exist_ok=True)
    (root / "values").mkdir(exist_ok=True)
    for old in root.glob("values/*"):
        old.unlink()
    (root / "kpi.yml").write_text("name: Generated\nfrequency: month\n")
    for name in ("late", "lost"):
        (root / "measures" / f"{name}.yml").write_text(MEASURE.replace("late\n", f"{name}\n", 1))
    for n, rows in enumerate(files):
        lines = [",".join(row) for row in (HEADER, *rows)]
        (root / "values" / f"{n}.csv").write_text("\n".join(lines) + "\n")
    return root


def cells_of(root):
    """The cells of all files, each with the line where it stands."""
    paths = sorted((root / "values").iterdir())
    tables = [read_table(path, f"values/{path.name}") for path in paths]
    cells = [lay_out(table, Columns(value=None)) for table in tables]
    return pd.concat([one for one in cells if len(one)] or cells)


def alone(cells, team, measure):
    """The series that its own rows give."""
    own = cells[(cells["team"] == team) & (cells["measure"] == measure.id)]
    (series,) = read_series(own, measure, Frequency.MONTH)
    return series


def by_hand(rows, team, measure):
    """Every month from the first to the last, with the value of its row if there is just one."""
    own = [row for row in rows if row[:2] == (measure, team)]
    months = sorted(row[2] for row in own)
    found = {month: [row[3] for row in own if row[2] == month] for month in MONTHS}
    span = MONTHS[MONTHS.index(months[0]) : MONTHS.index(months[-1]) + 1]
    values = [float(found[month][0]) if len(found[month]) == 1 else math.nan for month in span]
    return pd.DataFrame({"period": span, "value": values})


@settings(deadline=None, max_examples=40)
@given(FILES)
def test_the_mapping_is_what_each_series_alone_gives(tmp_path_factory, files):
    root = written(tmp_path_factory.getbasetemp() / "generated", files)
    workspace = open_workspace(root)
    series, cells = workspace.series, cells_of(root)
    rows = [row for each in files for row in each]
    assert set(series) == {(row[1], row[0]) for row in rows}
    for (team, measure), one in series.items():
        expected = alone(cells, team, workspace.measures[measure])
        assert (one.team, one.measure, one.shape) == (team, measure, None)
        assert one.faults == expected.faults
        pd.testing.assert_frame_equal(one.values, expected.values)
        pd.testing.assert_frame_equal(
            one.values[["period", "value"]], by_hand(rows, team, measure), check_dtype=False
        )
    ends = [Period.parse(month).end for *_, month, _, _ in rows if _has_value(rows, month)]
    assert newest_day(series) == newest_day(dict(series)) == max(ends, default=None)


def _has_value(rows, month):
    """Whether some series has this month just once."""
    own = [row[:2] for row in rows if row[2] == month]
    return any(own.count(one) == 1 for one in own)


def test_series_are_in_the_order_of_the_rows_and_of_the_measures_of_their_own(write):
    own = MEASURE.replace("id: late", "id: zoo").replace("data: {}", "data: {file: values/z.csv}")
    files = {"measures/zoo.yml": own, "values/z.csv": long_form(("B", "A"), "zoo")}
    series = open_workspace(write(**files)).series
    assert list(series) == [("B", "zoo"), ("A", "zoo"), ("A", "late"), ("B", "late")]
    assert len(series) == 4
    assert ("A", "late") in series
    assert ("A", "lost") not in series
    assert series.get(("A", "lost")) is None
    with pytest.raises(KeyError):
        series["late"]
    assert repr(series) == "SeriesTable: 4 series of 2 measures"


def test_what_is_written_into_a_series_reaches_no_other_and_not_the_table(write):
    series = open_workspace(write()).series
    before = {key: one.values.copy() for key, one in series.items()}
    mine = series["A", "late"].values
    mine.loc[3, "value"] = 99.0
    mine["numerator"] *= 0
    mine.iloc[-1, 2] = "1999-01"
    for key, one in series.items():
        pd.testing.assert_frame_equal(one.values, before[key])


def test_a_workspace_travels_to_the_workers_of_a_cluster(write):
    series = open_workspace(
        write(**{"values/v.csv": long_form() + "A,late,2023-01,1,100\n"})
    ).series
    there = pickle.loads(pickle.dumps(series))  # noqa: S301 our own
    assert isinstance(there, SeriesTable)
    assert list(there) == list(series)
    assert [one.faults for one in there.values()] == [one.faults for one in series.values()]
    assert sum(len(one.faults) for one in there.values()) == 1
    for key, one in series.items():
        pd.testing.assert_frame_equal(there[key].values, one.values)
