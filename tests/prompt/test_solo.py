"""kpi.xmr on whatever holds numbers, and one measure from two files."""

import numpy as np
import pandas as pd
import pytest

import kpi_analysis as kpi

# By hand, after Wheeler: moving ranges 2 1 2 2 1 2 1, limits the mean less and plus 2.66 of theirs.
BY_HAND = [4, 6, 5, 3, 5, 6, 4, 5]
MEAN, RANGE = 4.75, 11 / 7
DEMO = "data/demo"


def lines(view):
    last = view.points.iloc[-1]
    return last["centre"], last["lower_limit"], last["upper_limit"]


@pytest.mark.parametrize(
    "values",
    [
        BY_HAND,
        tuple(BY_HAND),
        np.array(BY_HAND),
        iter(BY_HAND),
        pd.Series(BY_HAND),
        pd.DataFrame({"team": list("abcdefgh"), "n": BY_HAND}),
        pd.Series(BY_HAND, index=pd.date_range("2024-01-31", periods=8, freq="ME")),
        pd.Series(BY_HAND, index=pd.period_range("2024Q1", periods=8, freq="Q")),
        {f"2024-0{n}": value for n, value in enumerate(BY_HAND, 1)},
        pd.DataFrame({("waits", "days"): BY_HAND}),
        pd.DataFrame({"period": [f"2024-0{n}" for n in range(1, 9)], "value": BY_HAND}),
    ],
    ids=[
        "list",
        "tuple",
        "array",
        "iterator",
        "series",
        "frame",
        "month ends",
        "quarters",
        "dict",
        "two rows of names",
        "text",
    ],
)
def test_anything_with_numbers_gives_wheelers_limits(values):
    expected = (MEAN, MEAN - 2.66 * RANGE, MEAN + 2.66 * RANGE)
    assert lines(kpi.xmr(values)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("index", "first", "second"),
    [
        (pd.date_range("2024-01-31", periods=14, freq="ME"), "2024-01", "2024-02"),
        (pd.date_range("2024-01-05", periods=14, freq="W-FRI"), "2024-W01", "2024-W02"),
        (pd.date_range("2024-02-28", periods=14, freq="D"), "2024-02-28", "2024-02-29"),
        (pd.period_range("2020Q3", periods=14, freq="Q"), "2020-Q3", "2020-Q4"),
        (pd.date_range("2001-01-01", periods=14, freq="YS"), 1, 2),
        (pd.RangeIndex(14), 1, 2),
        (pd.Index([f"job {n}" for n in range(14)]), 1, 2),
    ],
    ids=["month ends", "fridays", "days", "quarters", "years", "none", "words"],
)
def test_periods_are_read_off_the_index(index, first, second):
    points = kpi.xmr(pd.Series(range(14), index=index)).points
    assert points["period"].tolist()[:2] == [first, second]
    assert len(points) == 14


def test_a_missing_value_is_a_gap_that_is_not_bridged():
    points = kpi.xmr([4, 6, None, 3, 5, float("nan"), 6, 4, 5]).points
    assert points["moving_range"].isna().tolist() == [
        True, False, True, True, False, True, True, False, False,
    ]  # fmt: skip


def test_a_frame_in_any_order_is_read_in_time():
    frame = pd.DataFrame({"month": ["2024-03", "2024-01", "2024-02"], "waits": [3.0, 1.0, 2.0]})
    assert kpi.xmr(frame).points["value"].tolist() == [1.0, 2.0, 3.0]


def test_many_values_are_in_the_order_of_their_places():
    points = kpi.xmr(range(1, 31)).points
    assert points["value"].tolist() == list(range(1, 31))


def test_the_words_count_values_where_there_are_no_dates():
    calm, later = [5.1, 4.2, 6.3, 5.4, 4.5, 6.6, 5.7], [9.9, 9.4, 9.8, 9.3, 9.7, 9.2, 9.6, 9.5]
    view = kpi.xmr([*calm, *later], baseline=7, better="lower")
    # the mean of the calm values is 5.4: the run begins with 6.6
    verdict = view.reading.verdict
    assert verdict.startswith("Getting worse: 10 values")
    assert verdict.endswith("since value 6.")
    assert view.chart().scenes[0].alt.startswith("XmR chart of values")


def test_a_target_makes_a_verdict():
    view = kpi.xmr(BY_HAND, better="lower", target=20)
    assert view.reading.verdict.startswith("Winning, steady: meets ≤20 every value")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, "x", 3],), "value 2 is 'x', which is not a number"),
        (([1, float("inf")],), "value 2 is inf, which is not a number"),
        (([],), "there are no values: give at least one"),
        (([None, None],), "there are no values: give at least one"),
        (({3, 4, 5},), "a set has no order: give the values in the order of time"),
        (([10**400, 1],), "value 1 is 1000000.*, which is not a number"),
        ((np.array([[1, 2], [3, 4]]),), "value 1 is array.*, which is not a number"),
        ((7,), "7 is no list of numbers: give a list, a Series, a frame or a CSV"),
        ((pd.DataFrame({"a": [1], "b": [2]}),), "several columns of numbers, a, b: name the col"),
        ((pd.DataFrame({"waits": [1]}), "wait"), "no column 'wait': did you mean 'waits'"),
        ((pd.DataFrame({"team": ["a"]}),), "has no column of numbers"),
    ],
)
def test_what_cannot_be_charted_is_said_in_one_line(arguments, words):
    with pytest.raises(kpi.KpiError, match=words):
        kpi.xmr(*arguments)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"better": "lowr"}, "better is 'lowr': did you mean 'lower'"),
        ({"rules": "weeler"}, "did you mean 'wheeler'"),
        ({"baseline": 5}, "baseline is 5: give a whole number from 6 on"),
    ],
)
def test_an_unknown_option_is_told_with_the_right_one(options, words):
    with pytest.raises(kpi.KpiError, match=words):
        kpi.xmr(BY_HAND, **options)


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "waits.csv"
    rows = [f"2024-{n:02};{value};7" for n, value in enumerate(BY_HAND, 1)]
    path.write_text("\n".join(["Month;Waits;Staff", *rows]) + "\n")
    return path


def test_a_column_of_a_spreadsheet(sheet):
    view = kpi.xmr(sheet, "Waits")
    assert lines(view)[0] == MEAN
    assert view.points["period"].iloc[0] == "2024-01"
    assert view.name == "Waits"


def test_a_faulty_cell_is_told_with_file_and_line(sheet):
    sheet.write_text(sheet.read_text().replace("2024-03;5", "2024-03;n/a"))
    with pytest.raises(kpi.KpiError, match=r"^waits.csv:4: column 'Waits' holds 'n/a', which is"):
        kpi.xmr(sheet, "Waits")


def test_the_same_period_twice_is_told(sheet):
    sheet.write_text(sheet.read_text().replace("2024-03;5", "2024-02;5"))
    with pytest.raises(kpi.KpiError, match=r"^waits.csv:4: 2024-02 .* is there twice"):
        kpi.xmr(sheet, "Waits")


def test_a_table_of_many_series_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("team,period,value\na,2024-01,1\nb,2024-01,2\n")
    with pytest.raises(kpi.KpiError, match="holds several series: kpi signals reads them all"):
        kpi.xmr(path)


def test_one_csv_and_one_yaml_make_a_page(tmp_path):
    view = kpi.one_measure(f"{DEMO}/values/elm-ward.csv", f"{DEMO}/measures/ward-falls.yml")
    of_workspace = kpi.open(DEMO)["elm-ward", "ward-falls"]
    assert lines(view) == lines(of_workspace)
    page = view.mini_pack().save(tmp_path / "falls.html").read_text()
    assert page.count("<h2") == 1
    assert "What keeps this process steady" in page
    assert "Actions: not recorded" in page
    assert "<script" not in page


def test_one_yaml_and_a_csv_of_something_else(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("team,measure,period,value\na,other,2024-01,1\n")
    with pytest.raises(kpi.KpiError, match=r"^v.csv: holds nothing about 'ward-falls'"):
        kpi.one_measure(path, f"{DEMO}/measures/ward-falls.yml")


def spreadsheet(tmp_path, text):
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(tmp_path):
    rows = "".join(f"2024-{n:02};{value},5\n" for n, value in enumerate(BY_HAND, 1))
    view = kpi.xmr(spreadsheet(tmp_path, "Monat;Wartezeit\n" + rows))
    assert lines(view)[0] == pytest.approx(MEAN + 0.5)


def test_a_comma_that_may_part_thousands_is_asked_about(tmp_path):
    rows = "".join(f"2024-{n:02};{value},250\n" for n, value in enumerate(BY_HAND, 1))
    with pytest.raises(kpi.KpiError, match="holds '4,250', which is not a number: write 4250 or"):
        kpi.xmr(spreadsheet(tmp_path, "Monat;Kosten\n" + rows))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-01,4\n2024-02,6\n2024-03,5\n", "1: should name the columns, and holds '2024-01'"),
        ("month,waits\n", "there is no row beneath the names of the columns"),
        ("month,share\n2024-01,40%\n2024-02,60%\n", "holds '40%', which is not a number: write it"),
    ],
)
def test_a_sheet_that_cannot_be_charted_says_what_to_do(tmp_path, text, words):
    with pytest.raises(kpi.KpiError, match=words):
        kpi.xmr(spreadsheet(tmp_path, text))


def test_a_column_of_faults_is_told_in_a_few_lines(tmp_path):
    rows = "".join(f"01/{n:02}/2024,{value}\n" for n, value in enumerate(BY_HAND, 1))
    with pytest.raises(kpi.KpiError) as told:
        kpi.xmr(spreadsheet(tmp_path, "date,waits\n" + rows))
    assert len(str(told.value).splitlines()) == 6
    assert str(told.value).endswith("and 3 more of them")
