"""How often a stable process signals: against theory, publication, and a run of our own."""

from __future__ import annotations

from math import erf, factorial, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.false_signals import POINTS, false_signals, simulate_false_signals
from kpi_analysis.signals.rules import RULE_SETS, rule_set


def beyond(sigmas: float) -> float:
    """Give the chance of a normal value beyond so many standard deviations on one side."""
    return (1 - erf(sigmas / sqrt(2))) / 2


# method.md, section 3: 20,000 normal series, wheeler, so many baseline points, then 12 periods.
# Our rule of three in four also asks that none lies beyond the other half-way line.
PUBLISHED = {8: (0.066, 0.308), 12: (0.046, 0.254), 24: (0.026, 0.178)}


@pytest.mark.parametrize("points", PUBLISHED)
def test_file_agrees_with_the_published_simulation(points):
    found = false_signals("wheeler", points)
    assert found.per_period == pytest.approx(PUBLISHED[points][0], abs=0.005)
    assert found.within_12 == pytest.approx(PUBLISHED[points][1], abs=0.011)


def test_file_agrees_with_the_rates_on_own_limits_and_with_correlation():
    # signals.md: 20,000 series of 24 points; 63 % at a lag-1 correlation of 0.5
    assert false_signals("wheeler", 24).own_limits == pytest.approx(0.114, abs=0.01)
    assert false_signals("plotthedots", 24).own_limits == pytest.approx(0.194, abs=0.012)
    leaning = simulate_false_signals("wheeler", 24, series=2000, seed=3, lag_one=0.5)
    assert leaning.own_limits == pytest.approx(0.63, abs=0.04)


@pytest.mark.parametrize("name", sorted(RULE_SETS))
@pytest.mark.parametrize("points", POINTS)
def test_file_agrees_with_a_quick_run(name, points):
    series = 2000
    quick = simulate_false_signals(name, points, series=series, seed=77)
    filed = false_signals(name, points)
    for share in ("within_12", "own_limits"):
        wanted = getattr(filed, share)
        error = sqrt(wanted * (1 - wanted) / series)
        assert getattr(quick, share) == pytest.approx(wanted, abs=4.5 * error), share


def test_between_simulated_sizes_the_smaller_answers():
    assert false_signals("mdc", 23) == false_signals("mdc", 12)
    assert false_signals("mdc", 99).points == 24


def test_there_is_no_rate_without_limits_or_for_changed_rules():
    assert false_signals("mdc", 5) is None
    assert false_signals(rule_set("mdc", long_run=8), 24) is None
    assert false_signals(rule_set("mdc"), 24) is not None


@pytest.mark.parametrize("options", [{"points": 5}, {"series": 0}, {"lag_one": 1.0}])
def test_what_cannot_be_simulated_is_told(options):
    with pytest.raises(KpiError, match="cannot be simulated; needed: 1 series, 6 points"):
        simulate_false_signals("wheeler", **{"points": 8, "series": 9, "seed": 1, **options})


# ---- theory: windows of normal values held against known limits


def all_one_side(length: int) -> float:
    return 2 * 0.5**length


THIRD, NEAR, HALF, WHOLE = beyond(1), beyond(2), beyond(1.5), beyond(3)
THEORY = [
    ("wheeler", "outside_limits", 1, 2 * WHOLE),
    ("wheeler", "long_run", 8, all_one_side(8)),
    ("wheeler", "short_run", 4, 2 * (4 * HALF**3 * (1 - 2 * HALF) + HALF**4)),
    ("mdc", "long_run", 7, all_one_side(7)),
    ("mdc", "trend", 7, 2 / factorial(7)),
    ("mdc", "two_of_three", 3, 2 * (3 * NEAR**2 * (0.5 - NEAR) + NEAR**3)),
    (
        "plotthedots",
        "two_of_three",
        3,
        2 * (3 * (NEAR - WHOLE) ** 2 * (0.5 - NEAR + WHOLE) + (NEAR - WHOLE) ** 3),
    ),
    ("nelson", "two_of_three", 3, 2 * (3 * NEAR**2 * (1 - NEAR) + NEAR**3)),
    ("nelson", "four_of_five", 5, 2 * (5 * THIRD**4 * (1 - THIRD) + THIRD**5)),
    ("nelson", "trend", 6, 2 / factorial(6)),
    ("nelson", "near_centre", 15, (1 - 2 * THIRD) ** 15),
    ("nelson", "far_from_centre", 8, (2 * THIRD) ** 8),
    # up-down permutations of 14, E(14) = 199360981 (the Euler zigzag number), both ways
    ("nelson", "alternating", 14, 2 * 199360981 / factorial(14)),
]


@pytest.mark.parametrize(("rules", "rule", "size", "chance"), THEORY)
def test_rules_fire_on_windows_of_noise_as_often_as_theory_says(rules, rule, size, chance):
    series = 60_000 if chance > 1e-3 else 300_000
    drawn = np.random.default_rng(14).standard_normal((series, size))
    frame = pd.DataFrame(
        {
            "team": np.repeat(np.arange(series), size),
            "period": np.tile(np.arange(size), series),
            "value": drawn.ravel(),
        }
    )
    known = pd.DataFrame({"team": np.arange(series), "segment": 0, "centre": 0.0})
    known = known.assign(lower_limit=-3.0, upper_limit=3.0, range_limit=np.nan, origin="hand")
    judged = detect(frame, by="team", rules=rules, limits=known)
    fired = judged[rule].to_numpy().reshape(series, size).any(axis=1).mean()
    assert fired == pytest.approx(chance, abs=4.5 * sqrt(chance * (1 - chance) / series))


def test_a_long_series_is_outside_its_own_limits_as_often_as_theory_says():
    drawn = np.random.default_rng(5).standard_normal(400_000)
    judged = detect(pd.DataFrame({"period": range(400_000), "value": drawn}), by=())
    # 2.66 mean moving ranges are 2.66 x 2 / sqrt(pi) standard deviations
    outside = 2 * beyond(2.66 * 2 / sqrt(np.pi))
    assert judged["outside_limits"].mean() == pytest.approx(outside, abs=0.0004)
    # a point lies in a run of 8 or more on one side: sum of L / 2^(L+1) from 8 on
    assert judged["long_run"].mean() == pytest.approx(9 / 2**8, abs=0.002)


def test_the_table_of_the_method_page_is_the_file():
    page = (Path(__file__).resolve().parents[2] / "METHOD.md").read_text(encoding="utf-8")
    for name in RULE_SETS:
        found = [false_signals(name, points) for points in POINTS]
        cells = [f"{100 * one.per_period:.1f} / {100 * one.within_12:.1f}" for one in found]
        row = next(line for line in page.splitlines() if line.startswith(f"| {name} | {cells[0]}"))
        assert row.split(" | ")[1:5] == cells
        assert row.endswith(f"| {100 * found[-1].own_limits:.1f} |")
