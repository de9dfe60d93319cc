"""Queries and raw records become the values that pandas works out by hand from the same cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import Level
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE

CASES = 3_000
COLUMNS = "columns: {team: depot, period: day"


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    chance = np.random.default_rng(5)
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(chance.integers(0, 365, CASES), unit="D")
    return pd.DataFrame({
        "depot": chance.choice(["A", "B"], CASES),
        "day": day.strftime("%Y-%m-%d"),
        "late": chance.choice(["yes", "no"], CASES, p=[0.2, 0.8]),
        "home": chance.choice(["1", "0"], CASES),
        "delay": chance.normal(20, 8, CASES).round(2),
        "parcels": chance.integers(1, 60, CASES),
        "broken": chance.integers(0, 3, CASES),
        "done": (day + pd.to_timedelta(chance.integers(0, 40, CASES), "D")).strftime("%Y-%m-%d"),
    })  # fmt: skip


@pytest.fixture
def opened(write, cases):
    """Give a function that opens a workspace whose measure takes its values from the cases."""

    def make(data, statistic="percentage", kpi=KPI, table=None, period=None, **files):
        calculation = f"{{statistic: {statistic}}}"
        measure = MEASURE.replace("valid_range: [0, 100]\n", "")
        measure = measure.replace(
            MEASURE[MEASURE.index("{stat") : MEASURE.index("}\n") + 1], calculation
        )
        measure = measure.replace("data: {}", f"data: {{{data}}}")
        there = {"kpi.yml": kpi, "values/v.csv": None, "measures/late.yml": measure, **files}
        root = write(
            **there,
            **{"cases/deliveries.csv": (cases if table is None else table).to_csv(index=False)},
        )
        return open_workspace(root, period)

    return make


def lines(workspace):
    return [str(one) for one in workspace.findings]


def by_hand(cases, team, work):
    """Work out one number a month by plain pandas."""
    own = cases[cases["depot"] == team]
    return [work(rows) for _, rows in own.groupby(own["day"].str[:7])]


def share(rows, what):
    return 100 * (rows[what] == "yes").mean()


WAYS = [
    ("count", "", len),
    ("count", ", numerator: late", lambda rows: (rows["late"] == "yes").sum()),
    ("sum", ", value: parcels", lambda rows: rows["parcels"].sum()),
    ("percentage", ", numerator: late", lambda rows: share(rows, "late")),
    ("percentage", ", numerator: late, denominator: home",
     lambda rows: share(rows[rows["home"] == "1"], "late")),
    ("rate, per: 1000", ", numerator: broken, denominator: parcels",
     lambda rows: 1000 * rows["broken"].sum() / rows["parcels"].sum()),
    ("rate, per: 1000", ", denominator: parcels",
     lambda rows: 1000 * len(rows) / rows["parcels"].sum()),
    ("ratio", ", numerator: broken, denominator: parcels",
     lambda rows: rows["broken"].sum() / rows["parcels"].sum()),
    ("mean", ", value: delay", lambda rows: rows["delay"].mean()),
    ("median", ", value: delay", lambda rows: rows["delay"].median()),
    ("percentile, percentile: 90", ", value: delay", lambda rows: rows["delay"].quantile(0.9)),
    ("days-between", ", start: day, end: done",
     lambda rows: (pd.to_datetime(rows["done"]) - pd.to_datetime(rows["day"])).dt.days.mean()),
]  # fmt: skip


@pytest.mark.parametrize(("statistic", "columns", "work"), WAYS, ids=range(len(WAYS)))
def test_every_statistic_is_what_pandas_gives_by_hand(opened, cases, statistic, columns, work):
    data = f"records: deliveries, {COLUMNS}{columns}}}"
    workspace = opened(data, statistic)
    assert lines(workspace) == []
    for team in "AB":
        rows = workspace.series[team, "late"].values
        assert rows["period"].tolist() == [f"2023-{month:02}" for month in range(1, 13)]
        assert rows["value"].to_numpy() == pytest.approx(by_hand(cases, team, work))


@pytest.mark.parametrize(
    ("statistic", "columns", "above", "below"),
    [
        ("percentage", ", numerator: late", lambda r: (r["late"] == "yes").sum(), len),
        ("rate", ", numerator: broken, denominator: parcels", lambda r: r["broken"].sum(),
         lambda r: r["parcels"].sum()),
        ("mean", ", value: delay", lambda r: r["delay"].sum(), len),
        ("days-between", ", start: day, end: done", None, len),
        ("median", ", value: delay", None, len),
    ],
)  # fmt: skip
def test_counts_are_kept(opened, cases, statistic, columns, above, below):
    rows = (
        opened(f"records: deliveries, {COLUMNS}{columns}}}", statistic).series["A", "late"].values
    )
    assert rows["denominator"].tolist() == by_hand(cases, "A", below)
    if above:
        assert rows["numerator"].to_numpy() == pytest.approx(by_hand(cases, "A", above))


def test_a_query_gives_the_same_as_the_records(opened, cases):
    query = (
        "SELECT depot AS team, date_trunc('month', day) AS period, count(*) FILTER (WHERE late ="
        " $word) AS numerator, count(*) AS denominator FROM deliveries GROUP BY 1, 2"
    )
    workspace = opened(f'query: "{query}", params: {{word: "yes"}}')
    assert lines(workspace) == []
    expected = by_hand(cases, "B", lambda rows: share(rows, "late"))
    assert workspace.series["B", "late"].values["value"].to_numpy() == pytest.approx(expected)


def test_cases_may_be_chosen_by_a_query(opened, cases):
    records = "\"SELECT * FROM 'cases/deliveries.csv' WHERE delay > $least\", params: {least: 25}"
    workspace = opened(f"records: {records}, {COLUMNS}, value: delay}}", "mean")
    slow = cases[cases["delay"] > 25]
    expected = by_hand(slow, "A", lambda rows: rows["delay"].mean())
    assert workspace.series["A", "late"].values["value"].to_numpy() == pytest.approx(expected)


def test_period_and_team_are_bound(opened, cases):
    query = (
        "SELECT date_trunc('month', day) AS period, count(*) AS value FROM deliveries"
        " WHERE depot = $team AND day <= $period GROUP BY 1"
    )
    half = opened(f'query: "{query}"', "count", period=Period.parse("2023-06"))
    whole = opened(f'query: "{query}"', "count")
    for team in "AB":
        expected = by_hand(cases, team, len)
        assert half.series[team, "late"].values["value"].tolist() == expected[:6]
        assert whole.series[team, "late"].values["value"].tolist() == expected


def test_a_period_without_cases_counts_zero_and_has_no_mean(opened, cases):
    some = cases[~((cases["depot"] == "A") & (cases["day"].str[5:7] == "04"))]
    data = f"records: deliveries, {COLUMNS}"
    counted = opened(data + "}", "count", table=some)
    assert counted.series["A", "late"].values["value"].iloc[3] == 0
    assert lines(counted) == []
    mean = opened(data + ", value: delay}", "mean", table=some)
    assert np.isnan(mean.series["A", "late"].values["value"].iloc[3])
    assert "has no row for 2023-04" in lines(mean)[0]


def test_records_in_a_workbook_in_parquet_and_in_a_folder(opened, cases, tmp_path):
    folder = tmp_path / "ws" / "parts"
    folder.mkdir(parents=True)
    cases.to_excel(folder / "book.xlsx", index=False)
    cases.assign(day=pd.to_datetime(cases["day"])).to_parquet(folder / "cols.parquet")
    cases[:1000].to_csv(folder / "one.csv", index=False)
    cases[1000:].to_csv(folder / "two.csv", index=False, sep=";")
    expected = by_hand(cases, "A", lambda rows: rows["delay"].mean())
    for name in ("book", "cols", "'parts/*.csv'"):
        workspace = opened(f"records: {name}, {COLUMNS}, value: delay}}", "mean")
        assert lines(workspace) == []
        assert workspace.series["A", "late"].values["value"].to_numpy() == pytest.approx(expected)


WRONG = "measures/late.yml:10: "


@pytest.mark.parametrize(
    ("data", "statistic", "said"),
    [
        ("records: deliverys, columns: {period: day}", "count",
         "data.records table 'deliverys' is not there: did you mean 'deliveries'?"),
        (f"records: deliveries, {COLUMNS}, numerator: lat}}", "percentage",
         "data.records has no column 'lat': did you mean 'late'?"),
        ("records: deliveries, columns: {period: day}", "count",
         "data.records has no column 'team': say columns: {team: NAME}"),
        (f"records: deliveries, {COLUMNS}, value: delay}}", "percentile",
         "calculation.percentile is empty: say which, such as 90"),
        ('query: "SELECT 1; DROP TABLE x"', "count",
         "data.query holds 2 statements: write one SELECT"),
        ('query: "SELECT 1 AS value, $wrd AS period", params: {word: x}', "count",
         "data.query uses $wrd, which data.params does not give: did you mean 'word'?"),
        ('query: "SELECT 1", source: lak', "count",
         "source 'lak' is not in kpi.yml: did you mean 'lake'?"),
        ('query: "SELECT 1", source: house', "count",
         "data.query needs source 'house', whose address is not in the environment: set"
         " KPI_TEST_ABSENT"),
        ('query: "SELECT 1 AS value"', "count", "data.query has no column 'period'"),
        ("query: \"SELECT 'A' AS team, '2023-13' AS period, 1 AS value\"", "count",
         "row 1 of data.query: there is no period '2023-13' in the calendar"),
        ("query: \"SELECT 'C' AS team, '2023-01' AS period, 1 AS value\"", "count",
         "row 1 of data.query: team 'C' is not among the teams of kpi.yml"),
        ("query: \"SELECT 'A' AS team, '2023-01' AS period, 'x' AS value\"", "count",
         "row 1 of data.query: column 'value' holds 'x', which is not a number"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_of_the_definition(opened, data, statistic, said):
    kpi = KPI + "sources: {lake: {spark: 'local[1]'}, house: {url: 'env:KPI_TEST_ABSENT'}}\n"
    workspace = opened(data, statistic, kpi=kpi)
    first = lines(workspace)[0]
    assert first.startswith("measures/late.yml:")
    assert said in first
    assert workspace.findings[0].level is Level.ERROR
    assert workspace.findings[0].measure == "late"


@pytest.mark.parametrize(
    ("data", "statistic", "holds"),
    [
        (f"{COLUMNS}, value: late}}", "mean",
         "column 'late' holds 'no', which is no number (in 3,000 of 3,000 cases)"),
        (f"{COLUMNS}, numerator: delay}}", "percentage",
         "which is neither yes nor no (nor 1 or 0, true or false) (in 3,000 of 3,000 cases)"),
        ("columns: {team: depot, period: late}", "count",
         "column 'late' holds 'no', which is no date such as 2025-03-14 (in 3,000 of 3,000 cases)"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_the_records_is_told_with_its_line(opened, cases, data, statistic, holds):
    workspace = opened(f"records: deliveries, {data}", statistic)
    finding = workspace.findings[0]
    assert holds in finding.message
    assert finding.message.endswith(
        "correct it, or leave such cases out by a query in data.records"
    )
    assert finding.file == "cases/deliveries.csv"
    text = finding.message.split("holds '")[1].split("'")[0]
    assert str(cases[finding.field].iloc[finding.line - 2]) == text


@pytest.mark.parametrize("encoding", ["", ", encoding: cp1252"])
def test_thousands_or_decimals_are_asked_for_not_guessed(opened, encoding):
    def first(cells, more=""):
        rows = "".join(f"A;2023-01-0{n};{cell}\n" for n, cell in enumerate(cells, start=1))
        table = {"cases/parts.csv": "depot;day;parcels\n" + rows}
        workspace = opened(
            f"records: parts, {COLUMNS}, value: parcels}}{encoding}{more}", "sum", **table
        )
        values = [one.values["value"].tolist() for one in workspace.series.values()]
        return lines(workspace) or values

    assert first(["12", "1.234", "2.345"]) == [
        "cases/parts.csv:3: column 'parcels' holds '1.234', which may be 1234 or 1.234: say"
        ' decimal: "," or decimal: "." in the measure\'s data'
    ]
    assert first(["1.234", "2.5"]) == [[3.734]]
    assert first(["1.234", "2.345"], ', decimal: "."') == [[3.579]]
    assert first(["1.234", "2.345"], ', decimal: ","') == [[3579.0]]


def test_empty_cells_are_left_out_and_told(opened, cases):
    holes = cases.assign(delay=cases["delay"].where(cases["delay"] > 10))
    workspace = opened(f"records: deliveries, {COLUMNS}, value: delay}}", "mean", table=holes)
    (finding,) = workspace.findings
    some = int(holes["delay"].isna().sum())
    assert finding.level is Level.WARNING
    assert f"is empty in {some} of 3,000 cases, which are not counted" in finding.message
    expected = by_hand(holes, "A", lambda rows: rows["delay"].mean())
    assert workspace.series["A", "late"].values["value"].to_numpy() == pytest.approx(expected)


def test_a_fault_of_the_file_is_told_with_its_line(opened):
    bad = {"cases/bad.csv": "depot,day\nA,2023-01-01\nA,2023-01-02,9\n"}
    workspace = opened("records: bad, columns: {team: depot, period: day}", "count", **bad)
    assert lines(workspace) == [
        "cases/bad.csv:3: has 3 cells where the header has 2 columns: mend the row, or delete it"
        " if it is a total or a note"
    ]


def test_records_among_the_values_are_not_taken_for_values(opened, cases):
    table = {"values/deliveries2.csv": cases.to_csv(index=False)}
    shared = MEASURE.replace("id: late", "id: lost")
    table |= {
        "measures/lost.yml": shared,
        "values/v.csv": "team,measure,period,numerator,denominator\nA,lost,2023-01,1,2\n",
    }
    workspace = opened(f"records: deliveries2, {COLUMNS}}}", "count", **table)
    assert lines(workspace) == []
    assert set(workspace.series) == {("A", "late"), ("B", "late"), ("A", "lost")}
