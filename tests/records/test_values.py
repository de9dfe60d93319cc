"""One cell, row or column goes wrong: one line says where, what and what to do; the rest stands."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.errors import Level
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cells import Columns, lay_out
from kpi_analysis.records.sources import read_table
from kpi_analysis.records.values import read_frequency, read_series
from kpi_analysis.records.workspace import open_table, open_workspace

from .conftest import KPI, MEASURE, long_form

SOUND = long_form().splitlines()
NOT_A_NUMBER = (
    "column 'numerator' holds '{}', which is not a number: write the number, or leave the cell"
    " empty for a period without a value"
)


def with_row(line: int, row: str) -> str:
    return "\n".join([*SOUND[: line - 1], row, *SOUND[line:]]) + "\n"


def only_finding(workspace):
    (finding,) = workspace.findings
    return finding


def held(workspace, team="A"):
    return [one.level for one in workspace.series[team, "late"].faults]


def test_a_sound_workspace_has_no_findings(write):
    workspace = open_workspace(write())
    assert workspace.findings == ()
    rows = workspace.series["A", "late"].values
    assert list(rows.columns) == ["team", "measure", "period", "value", "numerator", "denominator"]
    assert rows["period"].iloc[0] == "2023-01"
    assert rows["value"].tolist() == [10 + (7 * n) % 9 for n in range(24)]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        *[(text, NOT_A_NUMBER.format(text)) for text in ("x", "£12", "NaN", "inf", "1e999", "-")],
        *[
            (text, NOT_A_NUMBER.format(text))
            for text in ("١٢", "−5", "1_000", "+-5", "0x10", "5 min")
        ],
        (
            "12%",
            "column 'numerator' holds '12%', which is not a number: write it without the"
            " percent sign",
        ),
        (
            "1,5",
            "column 'numerator' holds '1,5', which is not a number: write it as 1234.5, or say"
            ' decimal: "," in the measure\'s data',
        ),
        (
            "1,234.5",
            "column 'numerator' holds '1,234.5', which is not a number: write it without"
            " thousands separators, as 1234.5",
        ),
        (
            "1,234",
            "column 'numerator' holds '1,234', which is not a number: write 1234 or 1.234, or say"
            ' decimal: "," in the measure\'s data for the latter',
        ),
        (
            "1 234",
            "column 'numerator' holds '1 234', which is not a number: write it without thousands"
            " separators, as 1234.5",
        ),
        ("y" * 90, NOT_A_NUMBER.format("y" * 79 + "…")),
    ],
)
def test_a_text_in_a_number_column(write, cell, message):
    root = write(**{"values/v.csv": with_row(3, f'A,late,2023-02,"{cell}",100')})
    workspace = open_workspace(root)
    finding = only_finding(workspace)
    assert str(finding) == f"values/v.csv:3: {message}"
    assert (finding.level, finding.rule) == (Level.ERROR, "data")
    assert (finding.field, finding.measure, finding.team) == ("numerator", "late", "A")
    assert held(workspace) == [Level.ERROR]
    assert held(workspace, "B") == []
    assert workspace.series["B", "late"].values["value"].notna().all()


@pytest.mark.parametrize(
    ("row", "line", "message", "field"),
    [
        ("A,late,2023-02,,100", 3, "numerator is empty beside denominator: fill both, or neither",
         "numerator"),
        ("A,late,2023-02,5,", 3, "denominator is empty beside numerator: fill both, or neither",
         "denominator"),
        ("A,late,2023-02,300,100", 3,
         "numerator 300 and denominator 100 cannot be a percentage: correct one", "numerator"),
        ("A,late,2023-02,3,0", 3,
         "numerator 3 and denominator 0 cannot be a percentage: correct one", "numerator"),
        ("A,late,2023-02,3,-9", 3,
         "numerator 3 and denominator -9 cannot be a percentage: correct one", "numerator"),
        ("A,late,2023-02,-3,100", 3,
         "value -3 lies outside the valid range 0 to 100: correct the value, or valid_range in"
         " the definition", "value"),
        ("A,late,2023-02-30,1,100", 3,
         "there is no period '2023-02-30' in the calendar: write it as 2025-03-14 (day),"
         " 2025-W09 (week), 2025-03 (month) or 2025-Q1 (quarter)", "period"),
        ("A,late,2023-W05,1,100", 3,
         "period '2023-W05' is a week, but the measure has one value a month: write a month,"
         " such as 2023-01", "period"),
        ("A,late,2023-02-05,1,100", 3,
         "period '2023-02-05' is not the first day of a month: write the month as 2023-02",
         "period"),
        ("A,late,,1,100", 3, "period is empty: write it", "period"),
        ("A,late,2023-01,1,100", 3,
         "2023-01 of 'late' for team 'A' is there twice (first in line 2): keep one row",
         "period"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_right(write, row, line, message, field):
    workspace = open_workspace(write(**{"values/v.csv": with_row(3, row)}))
    errors = [one for one in workspace.findings if one.level is Level.ERROR]
    (finding,) = errors
    assert str(finding) == f"values/v.csv:{line}: {message}"
    assert (finding.field, finding.measure, finding.team) == (field, "late", "A")
    assert held(workspace, "B") == []


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_point_that_may_part_thousands_is_asked_for(write, separator):
    def said(cells, decimal=""):
        rows = [["measure", "team", "period", "value"]]
        rows += [["late", "A", f"2023-0{n}", cell] for n, cell in enumerate(cells, start=1)]
        text = "\n".join(separator.join(row) for row in rows) + "\n"
        data = f"data: {{file: values/v.csv{decimal}}}"
        measure = MEASURE.replace("data: {}", data).replace("valid_range: [0, 100]\n", "")
        workspace = open_workspace(write(**{"values/v.csv": text, "measures/late.yml": measure}))
        values = workspace.series["A", "late"].values["value"].tolist()
        return [str(one) for one in workspace.findings] or values

    assert said(["7", "1.234", "2.345"]) == [
        "values/v.csv:3: column 'value' holds '1.234', which may be 1234 or 1.234: say"
        ' decimal: "," or decimal: "." in the measure\'s data'
    ]
    assert said(["1.234", "2.5"]) == [1.234, 2.5]
    assert said(["1.234", "0.345"]) == [1.234, 0.345]
    assert said(["1.234", "2.345"], ', decimal: "."') == [1.234, 2.345]
    assert said(["1.234", "2.345"], ', decimal: ","') == [1234, 2345]


def test_a_column_of_faults_is_told_twenty_times_and_counted(write):
    text = "\n".join([SOUND[0], *(row.replace(",100", ",x") for row in SOUND[1:])]) + "\n"
    workspace = open_workspace(write(**{"values/v.csv": text}))
    own = [one for one in workspace.findings if one.team == "A"]
    assert len(own) == 21
    assert own[-1].message == "4 more rows have faults like the ones above: mend these first"
    assert {one.level for one in own} == {Level.ERROR}


def test_a_month_that_comes_again_in_another_file_and_three_times(write):
    again = f"{SOUND[0]}\n{SOUND[1]}\n"
    workspace = open_workspace(write(**{"values/w.csv": again}))
    assert str(only_finding(workspace)) == (
        "values/w.csv:2: 2023-01 of 'late' for team 'A' is there twice"
        " (first in values/v.csv line 2): keep one row"
    )
    workspace = open_workspace(write(**{"values/w.csv": again + SOUND[1] + "\n"}))
    assert "is there 3 times (first in values/v.csv line 2)" in only_finding(workspace).message
    assert math.isnan(workspace.series["A", "late"].values["value"].iloc[0])
    assert workspace.series["A", "late"].values["value"].notna().sum() == 23


def test_cases_of_zero_and_an_empty_row_are_gaps_and_no_faults(write):
    text = with_row(3, "A,late,2023-02,0,0").replace("A,late,2023-03,15,100", "A,late,2023-03,,")
    workspace = open_workspace(write(**{"values/v.csv": text}))
    assert workspace.findings == ()
    gaps = workspace.series["A", "late"].values["value"].isna()
    assert list(gaps[gaps].index) == [1, 2]


def test_a_missing_row_is_a_warning_and_a_gap(write):
    text = "\n".join(row for row in SOUND if not row.startswith("A,late,2023-05")) + "\n"
    workspace = open_workspace(write(**{"values/v.csv": text}))
    finding = only_finding(workspace)
    assert str(finding) == (
        "values/v.csv:6: 'late', team 'A', has no row for 2023-05: add the row, with an empty"
        " value where there is none"
    )
    assert (finding.level, finding.rule) == (Level.WARNING, "D01")
    rows = workspace.series["A", "late"].values
    assert rows["period"].iloc[4] == "2023-05"
    assert rows["value"].isna().tolist() == [n == 4 for n in range(24)]


def test_many_missing_rows_are_one_line(write):
    text = with_row(2, "A,late,2022-01,1,100")
    message = only_finding(open_workspace(write(**{"values/v.csv": text}))).message
    assert "has no row for 2022-02, 2022-03, 2022-04, ... (12 missing)" in message


@pytest.mark.parametrize(
    ("values", "message", "better"),
    [
        (long_form(("A", "b")), "26: team 'b' is not among the teams of kpi.yml: did you mean 'B'?",
         "B"),
        (with_row(2, ",late,2023-01,1,100"), "2: team is empty: write the team's name, or delete"
         " the row if it is a total", None),
        (long_form(measure="lat"), "2: measure 'lat' has no definition: did you mean 'late'?",
         "late"),
        (with_row(2, "A,,2023-01,1,100"), "2: measure is empty: write the measure's id, or"
         " delete the row if it is a total", None),
    ],
)  # fmt: skip
def test_a_name_that_nobody_knows(write, values, message, better):
    workspace = open_workspace(write(**{"values/v.csv": values}))
    assert str(only_finding(workspace)) == f"values/v.csv:{message}"
    assert only_finding(workspace).better == better


def test_an_unknown_team_is_said_once_for_all_measures_and_months(write):
    other = MEASURE.replace("id: late", "id: lost")
    values = long_form(("A", "C")) + "\n".join(long_form(("C",), "lost").splitlines()[1:]) + "\n"
    workspace = open_workspace(write(**{"measures/lost.yml": other, "values/v.csv": values}))
    assert [str(one) for one in workspace.findings if one.level is Level.ERROR] == [
        "values/v.csv:26: team 'C' is not among the teams of kpi.yml: known are A, B"
    ]


def test_a_statistic_that_is_not_worked_out_needs_its_values(write):
    mean = MEASURE.replace("statistic: percentage", "statistic: mean")
    finding = only_finding(open_workspace(write(**{"measures/late.yml": mean})))
    assert str(finding).startswith("values/v.csv:2: value is empty: only a percentage, rate or")


@pytest.mark.parametrize(
    ("statistic", "value"), [("percentage", 12.5), ("rate, per: 1000", 125), ("ratio", 0.125)]
)
def test_worked_out_statistics(write, statistic, value):
    measure = MEASURE.replace("statistic: percentage", f"statistic: {statistic}")
    measure = measure.replace("[0, 100]", "[0, 1000]")
    values = "team,measure,period,numerator,denominator\nA,late,2023-01,2,16\n"
    root = write(**{"measures/late.yml": measure, "values/v.csv": values})
    assert open_workspace(root).series["A", "late"].values["value"].tolist() == [value]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1.234,5", 1234.5), ("1 234,5", 1234.5), ("1\u202f234,5", 1234.5), ("0,5", 0.5), ("-7", -7)],
)
def test_decimal_commas_where_the_measure_says_so(write, cell, number):
    measure = MEASURE.replace("percentage", "mean").replace("data: {}", 'data: {decimal: ","}')
    measure = measure.replace("valid_range: [0, 100]\n", "")
    values = f'team;measure;period;value\nA;late;2023-01;"{cell}"\n'
    root = write(**{"measures/late.yml": measure, "values/v.csv": values})
    assert open_workspace(root).series["A", "late"].values["value"].tolist() == [number]


def test_a_decimal_point_is_refused_where_the_measure_says_comma(write):
    measure = MEASURE.replace("data: {}", 'data: {decimal: ","}')
    values = with_row(2, "A,late,2023-01,1.5,100")
    root = write(**{"measures/late.yml": measure, "values/v.csv": values})
    assert only_finding(open_workspace(root)).message.endswith("write it as 1234,5")


@pytest.mark.parametrize(
    ("frequency", "periods", "named"),
    [
        ("month", ["2023-01", "2023-02-01", "2023-03"], ["2023-01", "2023-02", "2023-03"]),
        ("week", ["2020-W53", "2021-W01", "2021-01-11"], ["2020-W53", "2021-W01", "2021-W02"]),
        ("quarter", ["2023-Q4", "2024-01-01", "2024-Q2"], ["2023-Q4", "2024-Q1", "2024-Q2"]),
        ("day", ["2024-02-28", "2024-03-01"], ["2024-02-28", "2024-02-29", "2024-03-01"]),
    ],
)
def test_every_frequency_and_order(write, frequency, periods, named):
    measure = MEASURE.replace("frequency: month", f"frequency: {frequency}")
    rows = [f"A,late,{period},1,10" for period in reversed(periods)]
    values = "\n".join([SOUND[0], *rows])
    root = write(**{"measures/late.yml": measure, "values/v.csv": values})
    assert open_workspace(root).series["A", "late"].values["period"].tolist() == named


@pytest.mark.parametrize(
    ("texts", "frequency"),
    [
        (["2024-01-01", "2024-04-01"], Frequency.QUARTER),
        (["2024-01-01", "2024-02-01"], Frequency.MONTH),
        (["2024-01-01", "2024-01-08"], Frequency.WEEK),
        (["2024-01-01", "2024-01-02"], Frequency.DAY),
        (["2024-01", "2024-02", "2024-W03", "x"], Frequency.MONTH),
        ([], Frequency.MONTH),
    ],
)
def test_the_frequency_of_a_bare_table(texts, frequency):
    assert read_frequency(texts) is frequency


def test_a_bare_table_says_where_a_period_is_wrong(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("team,period,value\nA,2024-01,1\nA,2024-02,2\nA,Q3,3\n,2024-01,4\n")
    messages = [str(one) for one in open_table(file).findings]
    assert messages[0].startswith("t.csv:5: team is empty: write the team's name, or delete")
    assert messages[1].startswith("t.csv:4: 'Q3' is not a period: write it as")
    assert len(messages) == 2


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_to_its_last_digit(tmp_path_factory, number):
    file = tmp_path_factory.getbasetemp() / "number.csv"
    file.write_text(f"period,value\n2024-01,{number!r}\n")
    table = read_table(file, "number.csv")
    cells = lay_out(table, Columns(None, None, None, None, None, None), team="A", measure="m")
    cells = cells.assign(period=table.rows["period"], value=table.rows["value"])
    measure = Measure.model_construct(id="m", status=Status.TRIAL)
    (series,) = read_series(cells, measure, Frequency.MONTH)
    assert series.values["value"].tolist() == [number]
    assert series.faults == ()


def test_one_team_may_leave_its_column_out(write):
    bare = "\n".join(row.split(",", 1)[1] for row in SOUND[:25]) + "\n"
    root = write(**{"values/v.csv": bare, "kpi.yml": "teams: {Solo: {}}\n"})
    assert set(open_workspace(root).series) == {("Solo", "late")}
    (root / "kpi.yml").write_text("name: no teams\n")
    assert set(open_workspace(root).series) == {("all", "late")}
    (root / "kpi.yml").write_text(KPI)
    assert str(only_finding(open_workspace(root))) == (
        "values/v.csv:1: has no column 'team': known are measure, period, numerator, denominator"
    )
