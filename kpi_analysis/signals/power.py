"""How soon a change is seen: the power of a rule set against a lasting shift, by simulation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.layout import Bools, Floats
from kpi_analysis.signals.rules import RuleSet, chosen_rules

HORIZON: Final = 40
"""Periods after the shift that are simulated."""


@dataclass(frozen=True)
class Power:
    """Shares of series in which a shift is seen: `within[n - 1]` by the n-th period after it.

    `points` normal values set the limits, then the process moves by `shift` standard
    deviations and stays there. Seen: a pattern on the side of the shift holds the latest value.
    """

    rules: str
    points: int
    shift: float
    within: tuple[float, ...]
    series: int

    def periods(self, share: float = 0.5) -> int | None:
        """Give after how many periods so many series show it; None: not within HORIZON."""
        return next((n for n, seen in enumerate(self.within, 1) if seen >= share), None)


def simulate_power(
    rules: str | RuleSet, points: int, shift: float = 1.0, *, series: int = 1000, seed: int = 1
) -> Power:
    """Simulate how soon a lasting shift is seen.

    Args:
        rules: the name of a rule set, or a RuleSet.
        points: values that set the limits, as many as the rule set needs or more.
        shift: in standard deviations of the process, not 0.
        series: how many series; the error of a share is about 0.5 / sqrt(series).
        seed: of the random numbers; the same seed gives the same shares.

    Raises:
        KpiError: an unknown rule set, too few points, no shift or no series.

    """
    chosen = chosen_rules(rules)
    if points < chosen.min_values or series < 1 or not np.isfinite(shift) or shift == 0:
        raise KpiError(
            f"{series} series of {points} points with a shift of {shift} cannot be simulated; "
            f"needed: 1 series, {chosen.min_values} points, a shift other than 0"
        )
    return _simulated(chosen, points, shift, series, seed)


@lru_cache(maxsize=32)
def _simulated(rules: RuleSet, points: int, shift: float, series: int, seed: int) -> Power:
    values = np.random.default_rng(seed).standard_normal((series, points + HORIZON))
    values[:, points:] += shift
    seen = np.zeros(series, dtype=bool)
    within = []
    for size in range(points + 1, points + HORIZON + 1):
        seen = seen | _latest(values[:, :size], points, rules, 1 if shift > 0 else -1)
        within.append(float(seen.mean()))
    return Power(rules.name, points, shift, tuple(within), series)


def _latest(values: Floats, points: int, rules: RuleSet, side: int) -> Bools:
    """Mark the series whose latest value belongs to a pattern on this side."""
    series, size = values.shape
    columns = {
        "series": np.repeat(np.arange(series), size),
        "period": np.tile(np.arange(size), series),
        "value": values.ravel(),
    }
    judged = detect(pd.DataFrame(columns), by="series", rules=rules, baseline=points)
    last = judged.iloc[size - 1 :: size]
    return (last["signal"] & (last["side"] == side)).to_numpy()
