"""Findings that keep a series from being judged, and notes that do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.signals.trust import (
    Context,
    TrustKind,
    lag_one_correlation,
    season_correlation,
    trust,
)

GAP = float("nan")
STEADY = [50.1, 48.7, 51.9, 49.2, 52.4, 47.3, 50.8, 49.9, 51.1, 48.2, 50.5, 49.6]


def found(values, **options):
    return {one.kind: one for one in trust(values, **options)}


def test_a_steady_series_of_twelve_has_no_findings():
    assert trust(STEADY) == ()


def test_too_few_values_hold_the_verdict():
    (finding,) = trust(STEADY[:4])
    assert finding.holds
    assert finding.message == "not judged yet: 4 of at least 6 values"


def test_below_twelve_limits_are_provisional_and_the_verdict_stands():
    (finding,) = trust(STEADY[:9])
    assert not finding.holds
    assert finding.message == "provisional limits: 9 of 12 values"


def test_the_baseline_is_counted_where_it_is_given():
    (finding,) = trust(STEADY, np.arange(12) < 5)
    assert finding.message == "not judged yet: 5 of at least 6 values"


def test_three_missing_of_the_last_twelve_hold_the_verdict():
    values = [*STEADY, *STEADY[:9], GAP, GAP, GAP]
    assert found(values)[TrustKind.GAPS].message == "3 of 12 periods missing"
    assert found(values)[TrustKind.GAPS].holds
    fewer = [*STEADY, *STEADY[:10], GAP, GAP]
    assert found(fewer)[TrustKind.GAPS].message == "2 of 12 periods missing"
    assert not found(fewer)[TrustKind.GAPS].holds


def test_earlier_gaps_are_a_note():
    finding = found([GAP, *STEADY, *STEADY])[TrustKind.GAPS]
    assert (finding.message, finding.holds) == ("1 earlier period missing", False)


def test_chunky_data_hold_the_verdict():
    finding = found([100.0] * 23 + [99.0])[TrustKind.CHUNKY]
    assert (finding.message, finding.holds) == ("too few distinct values", True)
    assert found([0, 1, 2] * 8)[TrustKind.CHUNKY].holds
    # five values, but the process hardly ever moves
    assert found([5] * 9 + [4, 3, 2, 1] + [5] * 9)[TrustKind.CHUNKY].holds


def test_a_value_that_never_changes_is_judged():
    findings = found([100.0] * 24)
    assert TrustKind.CHUNKY not in findings
    assert not findings[TrustKind.CONSTANT].holds


def test_neighbours_that_lean_on_each_other_are_a_note():
    slow = 50 + 5 * np.sin(np.arange(36) / 4)
    finding = found(slow)[TrustKind.AUTOCORRELATED]
    assert not finding.holds
    assert finding.message.startswith("each value leans on the one before (correlation 0.9")


def test_lag_one_correlation_by_hand():
    # deviations -1, 0, 1: products 0 + 0 over squares 2; deviations 1, -1, 1, -1: -3 / 4
    assert lag_one_correlation(np.array([1.0, 2, 3]), np.full(3, True)) == 0
    assert lag_one_correlation(np.array([1.0, -1, 1, -1]), np.full(4, True)) == -0.75
    assert np.isnan(lag_one_correlation(np.array([4.0, 4]), np.full(2, True)))


def test_what_holds_comes_first():
    findings = trust([*STEADY[:6], GAP, GAP, GAP])
    assert [finding.holds for finding in findings] == [True, False]


@pytest.mark.parametrize("values", [[], [GAP], [GAP] * 20, [1.0]])
def test_next_to_nothing_is_too_few(values):
    assert trust(values)[0].kind is TrustKind.TOO_FEW


def test_coarse_steps_are_a_note():
    # steps of 5, standard deviation about 5: no chunky data, but rounded by hand
    values = [45, 50, 55, 50, 60, 55, 45, 50, 55, 40, 50, 55]
    finding = found(values)[TrustKind.ROUNDED]
    assert finding.message == "values move in steps of 5, coarse beside their variation"
    assert not finding.holds
    assert TrustKind.ROUNDED not in found(STEADY)


def test_values_at_the_end_of_the_unit_are_a_note():
    values = [100, 97.5, 100, 98.2, 100, 96.1, 99.0, 97.7, 100, 98.9, 96.6, 98.4]
    finding = found(values, context=Context(bounds=(0, 100)))[TrustKind.BOUNDED]
    assert (finding.message, finding.holds) == ("4 of 12 values at 100, the end of the unit", False)
    assert TrustKind.BOUNDED not in found(values)
    assert TrustKind.BOUNDED not in found(STEADY, context=Context(bounds=(0, 100)))


def test_small_denominators_are_a_note():
    cases = [40, 3, 50, 60, 9, 10, 70, 80, 55, 66, 77, 88]
    finding = found(STEADY, context=Context(denominators=cases))[TrustKind.SMALL_DENOMINATORS]
    assert (finding.message, finding.holds) == ("2 of 12 denominators below 10", False)


def test_a_season_that_nobody_stated_is_a_note():
    months = np.arange(36)
    noise = np.random.default_rng(2).normal(size=36)
    winter = 50 + 4 * np.cos(2 * np.pi * months / 12) + noise
    finding = found(winter, context=Context(cycle=12))[TrustKind.SEASON]
    assert not finding.holds
    assert finding.message.startswith("the same pattern every 12 periods (correlation 0.")
    assert TrustKind.SEASON not in found(winter)
    trend = 50 + months / 2 + noise
    assert TrustKind.SEASON not in found(trend, context=Context(cycle=12))
    assert TrustKind.SEASON not in found(winter[:20], context=Context(cycle=12))


def test_a_season_is_seldom_seen_in_noise():
    noise = np.random.default_rng(9).normal(size=(3000, 24))
    whole = np.full(24, True)
    seen = np.mean([season_correlation(one, whole, 12) > 0.5 for one in noise])
    assert 0.03 < seen < 0.065  # 4.6 % in 20,000 series


@settings(deadline=None, max_examples=100)
@given(
    values=st.lists(st.floats(-1e9, 1e9) | st.just(GAP), max_size=40),
    cycle=st.sampled_from([None, 4, 12]),
)
def test_any_series_gets_findings_in_words(values, cycle):
    findings = trust(values, context=Context((0, 100), np.ones(len(values)), cycle))
    kinds = [finding.kind for finding in findings]
    assert len(set(kinds)) == len(kinds)
    assert all(finding.message and "nan" not in finding.message for finding in findings)
    if np.isfinite(values).sum() < 6:
        assert findings[0].holds


def test_swings_that_have_grown_are_a_note():
    quiet, large = [False] * 20, [True, False, True, True]
    swings = found([*STEADY, *STEADY], context=Context(large_ranges=[*quiet, *large]))
    assert list(swings) == [TrustKind.SWINGS]
    one = swings[TrustKind.SWINGS]
    assert one.message.startswith("the swings have grown: 3 of the last 12 changes are beyond")
    assert not one.holds
    # One outlier makes two large ranges: that is no change of spread. Nor are those of long ago.
    for marks in ([*[False] * 22, True, True], [True] * 12 + [False] * 12):
        assert found([*STEADY, *STEADY], context=Context(large_ranges=marks)) == {}
