"""Targets that change over time, several lines, and periods to come."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.targets import (
    TargetSpan,
    TargetStep,
    target_spans,
    targets_by_period,
)

MONTHS = ["2024-11", "2024-12", "2025-01", "2025-02", "2025-03"]


def test_a_target_holds_until_the_next_one():
    steps = [TargetStep(80, "2025-01"), TargetStep(70, None), TargetStep(90, "2025-03")]
    assert targets_by_period(MONTHS, steps)["target"].tolist() == [70, 70, 80, 80, 90]


def test_the_latest_step_holds_whatever_its_period_is_called():
    steps = [TargetStep(2, 1), TargetStep(1, 0), TargetStep(3, 2)]
    assert targets_by_period(range(4), steps)["target"].tolist() == [1, 2, 3, 3]
    assert targets_by_period(range(-1, 2), steps)["target"].tolist()[1:] == [1, 2]


def test_lines_of_their_own_and_an_end():
    steps = [
        TargetStep(95, "2024-12", until="2025-01", label="national"),
        TargetStep(88, "2025-02", label="local"),
    ]
    table = targets_by_period(MONTHS, steps)
    np.testing.assert_array_equal(table["national"], [np.nan, 95, 95, np.nan, np.nan])
    np.testing.assert_array_equal(table["local"], [np.nan, np.nan, np.nan, 88, 88])
    assert target_spans(table) == (
        TargetSpan("national", 95.0, 1, 2),
        TargetSpan("local", 88.0, 3, 4),
    )


def test_spans_of_a_line_with_steps():
    steps = [TargetStep(70), TargetStep(80, 2), TargetStep(70, 4)]
    assert target_spans(targets_by_period(range(5), steps)) == (
        TargetSpan("target", 70.0, 0, 1),
        TargetSpan("target", 80.0, 2, 3),
        TargetSpan("target", 70.0, 4, 4),
    )


def test_dates_and_no_targets():
    months = list(pd.date_range("2025-01-01", periods=3, freq="MS"))
    table = targets_by_period(months, [TargetStep(5, pd.Timestamp("2025-02-01"))])
    np.testing.assert_array_equal(table["target"], [np.nan, 5, 5])
    assert targets_by_period(months, []).shape == (3, 0)
    assert target_spans(targets_by_period(months, [])) == ()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([TargetStep(1), TargetStep(2)], "target: two targets begin at the beginning"),
        ([TargetStep(1, "2025-01"), TargetStep(2, "2025-01")], "two targets begin at 2025-01"),
        ([TargetStep(1, 2025)], "target: its dates cannot be compared with period '2024-11'"),
    ],
)
def test_faulty_steps_are_told(steps, words):
    with pytest.raises(KpiError) as told:
        targets_by_period(MONTHS, steps)
    assert words in str(told.value)
