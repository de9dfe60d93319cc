"""Episodes: which points of a rule belong together, and on which side they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.patterns import patterns
from kpi_analysis.signals.rules import RULE_SETS


def episodes(frame, rules="wheeler", **options):
    found = patterns(detect(frame, by=(), rules=rules, **options), by=(), rules=rules)
    columns = ["rule", "first", "last", "side", "points"]
    return [tuple(row) for row in found[columns].itertuples(index=False)]


BASE = [4.0, 6.0] * 6  # centre 5, moving range 2: limits 5 +- 5.32, half-way 2.34 and 7.66


def test_columns():
    frame = pd.DataFrame({"team": "A", "measure": "m", "period": range(6), "value": [1.0] * 6})
    found = patterns(detect(frame))
    assert len(found) == 0
    assert list(found.columns) == [
        "team",
        "measure",
        "rule",
        "first",
        "last",
        "first_period",
        "last_period",
        "side",
        "points",
    ]


def test_three_of_four_has_the_side_of_the_pattern(table):
    # the latest point lies below the centre, the pattern is high; the 6.0 before is in its
    # first window
    values = [*BASE, 8.0, 8.0, 8.0, 4.5]
    assert episodes(table(values), baseline=12) == [("short_run", 11, 15, 1, 5)]


def test_outside_points_in_a_row_are_one_episode_and_the_other_side_another(table):
    values = [*BASE, 11.0, 12.0, -1.0, 5.5]
    assert episodes(table(values), baseline=12) == [
        ("outside_limits", 12, 13, 1, 2),
        ("outside_limits", 14, 14, -1, 1),
    ]


def test_two_runs_back_to_back_are_two_episodes(table):
    values = [*BASE, *[6.5] * 8, *[3.5] * 9]
    assert episodes(table(values), baseline=12) == [
        ("long_run", 11, 19, 1, 9),  # the last 6.0 of the baseline belongs to the run
        ("long_run", 20, 28, -1, 9),
    ]


def test_a_trend_up_and_one_down_share_their_peak(table):
    values = [*BASE, *np.arange(5.0, 6.3, 0.2), *np.arange(6.0, 4.7, -0.2)]
    found = [one for one in episodes(table(values), "mdc", baseline=12) if one[0] == "trend"]
    assert [(first, last, side) for _, first, last, side, _ in found] == [(12, 18, 1), (18, 25, -1)]


def test_two_of_three_with_a_quiet_point_between_is_one_episode(table):
    values = [*BASE, 9.0, 5.5, 9.0, 4.0]
    assert episodes(table(values), "mdc", baseline=12) == [("two_of_three", 12, 14, 1, 2)]


def test_a_gap_and_a_new_segment_end_an_episode():
    frame = pd.DataFrame({"period": range(16), "value": [*BASE, 20.0, np.nan, 20.0, 20.0]})
    assert [one[1:3] for one in episodes(frame, baseline=12)] == [(12, 12), (14, 15)]


def test_periods_and_positions_follow_the_order_of_periods():
    months = pd.date_range("2024-01-01", periods=14, freq="MS")
    frame = pd.DataFrame({"period": months, "value": [*BASE, 20.0, 21.0]}).iloc[::-1]
    found = patterns(detect(frame, by=(), baseline=12), by=()).iloc[0]
    assert (found["first"], found["last"]) == (12, 13)
    assert (found["first_period"], found["last_period"]) == (months[12], months[13])


def test_missing_rule_columns_are_told(table):
    with pytest.raises(KpiError, match="there is no column 'trend'"):
        patterns(detect(table(BASE), by=()), by=(), rules="mdc")


@settings(deadline=None, max_examples=80)
@given(
    values=st.lists(st.integers(-9, 9).map(float) | st.just(float("nan")), max_size=50),
    name=st.sampled_from(sorted(RULE_SETS)),
)
def test_every_marked_point_is_in_an_episode_of_its_rule_and_none_other(values, name):
    frame = pd.DataFrame({"period": range(len(values)), "value": np.array(values, float)})
    frame["segment"] = frame["period"] // 25
    judged = detect(frame, by=(), rules=name, baseline=10)
    found = patterns(judged, by=(), rules=name)
    for rule in RULE_SETS[name].columns:
        marked = set(np.flatnonzero(judged[rule]))
        mine = found[found["rule"] == rule]
        ends = {*mine["first"], *mine["last"]}
        covered = {
            place
            for first, last in zip(mine["first"], mine["last"], strict=True)
            for place in range(first, last + 1)
        }
        assert ends <= marked <= covered
        assert mine["points"].sum() >= len(marked)
        assert (
            frame["segment"].iloc[mine["first"]].to_numpy()
            == frame["segment"].iloc[mine["last"]].to_numpy()
        ).all()
