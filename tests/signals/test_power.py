"""How soon a shift is seen: held against what theory says of one rule, and against chance."""

from statistics import NormalDist

import pytest

import kpi_analysis as kpi
from kpi_analysis.signals.power import HORIZON, simulate_power

OUTSIDE = kpi.RuleSet("outside only")


def test_one_rule_with_known_limits_is_seen_as_theory_says():
    """With limits from very many values, the first point is beyond +3 with P(Z > 3 - shift)."""
    power = simulate_power(OUTSIDE, 400, 2.0, series=4000)
    p = 1 - NormalDist().cdf(3 - 2)
    assert power.within[0] == pytest.approx(p, abs=0.02)
    assert power.within[4] == pytest.approx(1 - (1 - p) ** 5, abs=0.03)


def test_a_larger_shift_and_more_rules_are_seen_sooner():
    small, large = (simulate_power("wheeler", 24, one, series=400) for one in (0.5, 2.0))
    assert large.periods() < small.periods()
    alone = simulate_power(OUTSIDE, 24, 1.0, series=400)
    assert simulate_power("wheeler", 24, 1.0, series=400).periods() < alone.periods()


def test_down_is_as_soon_as_up():
    up, down = (simulate_power("wheeler", 24, one, series=1000) for one in (1.0, -1.0))
    assert up.within[8] == pytest.approx(down.within[8], abs=0.07)


def test_shares_grow_and_a_share_that_is_never_reached_is_none():
    power = simulate_power(OUTSIDE, 24, 0.2, series=100)
    assert len(power.within) == HORIZON
    assert list(power.within) == sorted(power.within)
    assert power.periods(1.0) is None


@pytest.mark.parametrize(
    ("points", "shift", "series"), [(5, 1, 10), (24, 0, 10), (24, 1, 0), (24, float("nan"), 10)]
)
def test_what_cannot_be_simulated_is_refused(points, shift, series):
    with pytest.raises(kpi.KpiError, match="needed: 1 series, 6 points, a shift other than 0"):
        simulate_power("wheeler", points, shift, series=series)
