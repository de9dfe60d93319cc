"""The shape of raw records is what pandas finds in the same cases; a fault costs no values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.periods import Period
from kpi_analysis.records.shape import Shape
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    chance = np.random.default_rng(11)
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(chance.integers(0, 365, 900), unit="D")
    waits = pd.Series(chance.lognormal(2, 1.2, 900).round(0), dtype="object")
    waits[chance.integers(0, 900, 40)] = ""
    return pd.DataFrame({
        "depot": chance.choice(["A", "B"], 900),
        "day": day.strftime("%Y-%m-%d"),
        "wait": waits,
        "done": (day + pd.to_timedelta(chance.integers(0, 9, 900) ** 2, "D")).strftime("%Y-%m-%d"),
    })  # fmt: skip


def opened(write, cases, columns, statistic="mean", kpi=KPI, period=None):
    start = MEASURE.index("{stat")
    text = MEASURE.replace(MEASURE[start : MEASURE.index("}\n") + 1], f"{{statistic: {statistic}}}")
    text = text.replace("valid_range: [0, 100]\n", "")
    text = text.replace("data: {}", f"data: {{records: waits, columns: {{{columns}}}}}")
    files = {"measures/late.yml": text, "values/v.csv": None, "kpi.yml": kpi}
    return open_workspace(write(**files, **{"raw/waits.csv": cases.to_csv(index=False)}), period)


def by_hand(values: pd.Series) -> Shape:
    known = pd.to_numeric(values).dropna()
    return Shape(
        len(known),
        pytest.approx(known.mean()),
        known.median(),
        known.nunique(),
        known.value_counts().max(),
    )


COLUMNS = "team: depot, period: day, value: wait"


@pytest.mark.parametrize("team", ["A", "B"])
def test_it_is_that_of_each_teams_cases(write, cases, team):
    series = opened(write, cases, COLUMNS).series[team, "late"]
    assert series.shape == by_hand(cases.loc[cases["depot"] == team, "wait"])


def test_days_between_two_dates_have_a_shape_too(write, cases):
    columns = "team: depot, period: day, start: day, end: done"
    days = (pd.to_datetime(cases["done"]) - pd.to_datetime(cases["day"])).dt.days
    series = opened(write, cases, columns, "days-between").series["B", "late"]
    assert series.shape == by_hand(days[cases["depot"] == "B"])


def test_cases_after_the_review_are_not_among_them(write, cases):
    series = opened(write, cases, COLUMNS, period=Period.parse("2023-03")).series["A", "late"]
    early = (cases["depot"] == "A") & (cases["day"] <= "2023-03-31")
    assert series.shape == by_hand(cases.loc[early, "wait"])


def test_one_team_needs_no_column_for_it(write, cases):
    series = opened(write, cases, "period: day, value: wait", kpi="name: One\nteams: {A: {}}\n")
    assert series.series["A", "late"].shape == by_hand(cases["wait"])


@pytest.mark.parametrize("statistic", ["median", "count"])
def test_other_statistics_have_none(write, cases, statistic):
    assert opened(write, cases, COLUMNS, statistic).series["A", "late"].shape is None


def test_skew_is_mean_over_median_and_no_ratio_without_a_positive_one():
    assert Shape(30, 9.0, 3.0, 8, 15).skew == 3.0
    assert Shape(30, 9.0, 3.0, 8, 15).tied_share == 0.5
    assert Shape(30, 1.0, 0.0, 3, 20).skew is None
    assert Shape(30, -1.0, -2.0, 3, 20).skew is None
