"""How often a stable process raises a signal: every rule set cries wolf now and then.

`false_signals.csv` beside this module holds the rates of the named rule sets, simulated by
tests/bench/false_signals.py; `simulate_false_signals` gives those of any other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.layout import Bools, Floats
from kpi_analysis.signals.rules import RULE_SETS, RuleSet, chosen_rules

PERIODS: Final = 12
POINTS: Final = (6, 8, 12, 24)
COLUMNS: Final = ("rules", "points", "lag_one", "per_period", "within_12", "own_limits", "series")


@dataclass(frozen=True)
class FalseSignals:
    """Shares of stable series, 0 to 1, that signal though nothing has changed.

    `points` normal values set the limits. `per_period`: the latest point completes or belongs
    to a pattern at the review of one of the twelve periods that follow. `within_12`: at any of
    those twelve. `own_limits`: any of the `points` themselves signals. `lag_one` is the
    correlation of neighbouring values, `series` how many series were simulated.
    """

    rules: str
    points: int
    lag_one: float
    per_period: float
    within_12: float
    own_limits: float
    series: int


def false_signals(rules: str | RuleSet, points: int) -> FalseSignals | None:
    """Give the simulated rates of a named rule set with so many baseline points.

    Between the simulated numbers of points the smaller one answers, whose rates are higher;
    above 24 that of 24. Values are taken to be independent.

    Returns:
        None below six points (there are no signals) and for a rule set that was changed.

    Raises:
        KpiError: there is no such rule set.

    """
    chosen = chosen_rules(rules)
    smaller = [size for size in POINTS if size <= points]
    if not smaller or RULE_SETS.get(chosen.name) != chosen:
        return None
    return _table()[chosen.name, max(smaller), 0.0]


@cache
def _table() -> dict[tuple[str, int, float], FalseSignals]:
    text = files("kpi_analysis.signals").joinpath("false_signals.csv").read_text(encoding="utf-8")
    rows = [
        FalseSignals(
            rules=row["rules"],
            points=int(row["points"]),
            lag_one=float(row["lag_one"]),
            per_period=float(row["per_period"]),
            within_12=float(row["within_12"]),
            own_limits=float(row["own_limits"]),
            series=int(row["series"]),
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return {(row.rules, row.points, row.lag_one): row for row in rows}


def simulate_false_signals(
    rules: str | RuleSet, points: int, *, series: int, seed: int, lag_one: float = 0.0
) -> FalseSignals:
    """Simulate stable series of normal values and count those that signal.

    Args:
        rules: the name of a rule set, or a RuleSet with changes of one's own.
        points: baseline values of each series; twelve more follow.
        series: how many; the error of a share is about 0.5 / sqrt(series).
        seed: of the random numbers; the same seed gives the same rates.
        lag_one: correlation of neighbouring values, -1 to 1.

    Raises:
        KpiError: an unknown rule set, too few points for limits, or no series.

    """
    chosen = chosen_rules(rules)
    if points < chosen.min_values or series < 1 or not -1 < lag_one < 1:
        raise KpiError(
            f"{series} series of {points} points with correlation {lag_one} cannot be simulated; "
            f"needed: 1 series, {chosen.min_values} points, a correlation between -1 and 1"
        )
    values = _values(np.random.default_rng(seed), series, points + PERIODS, lag_one)
    reviews = np.stack(list(_reviews(values, points, chosen)), axis=1)
    return FalseSignals(
        rules=chosen.name,
        points=points,
        lag_one=lag_one,
        per_period=float(reviews.mean()),
        within_12=float(reviews.any(axis=1).mean()),
        own_limits=float(_signals(values[:, :points], points, chosen).any(axis=1).mean()),
        series=series,
    )


def _values(random: np.random.Generator, series: int, size: int, lag_one: float) -> Floats:
    values = random.standard_normal((series, size))
    for place in range(1, size):
        values[:, place] *= np.sqrt(1 - lag_one**2)
        values[:, place] += lag_one * values[:, place - 1]
    return values


def _reviews(values: Floats, points: int, rules: RuleSet) -> Iterator[Bools]:
    """Give for each later period whether its point signals when it is the latest."""
    for size in range(points + 1, points + PERIODS + 1):
        yield _signals(values[:, :size], points, rules)[:, -1]


def _signals(values: Floats, points: int, rules: RuleSet) -> NDArray[np.bool_]:
    series, size = values.shape
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(series), size),
            "period": np.tile(np.arange(size), series),
            "value": values.ravel(),
        }
    )
    judged = detect(frame, by="series", rules=rules, baseline=points)
    return judged["signal"].to_numpy().reshape(series, size)
