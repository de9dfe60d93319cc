"""The counts of a measure in several teams, over the same stretch, laid into one funnel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Audience, Measure, Statistic
from kpi_analysis.errors import KpiError
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.wording import plural
from kpi_analysis.signals.benchmark import FEWEST_TEAMS, Funnel, Kind, funnel

STRETCH: Final[Mapping[Unit, int]] = {
    Frequency.DAY: 28,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}
"""Periods that are laid together: a year, so that no team has more winters than another; four
weeks of daily figures."""

LEAST_OF_STRETCH: Final = 0.75
"""Of its periods a team must have so many with counts: else it had another season."""

_KINDS: Final[Mapping[Statistic, Kind]] = {
    Statistic.PERCENTAGE: "proportion",
    Statistic.RATE: "rate",
    Statistic.MEAN: "mean",
    Statistic.RATIO: "mean",  # of amounts, such as pounds a repair: no counts that chance draws
}
_D2 = 1.128  # mean moving range of two normal values in standard deviations
_COLUMNS = ("team", "numerator", "denominator", "spread")


@dataclass(frozen=True)
class Laid:
    """Teams in a funnel, or why there is none (`why_not`).

    `left_out` has the teams without enough to compare, each with the reason; `scale` is what a
    value of the funnel is multiplied by to be in the unit of the measure.
    """

    funnel: Funnel | None
    why_not: str
    left_out: tuple[tuple[str, str], ...]
    scale: float

    @cached_property
    def sizes(self) -> Mapping[str, float]:
        """The denominator of the whole stretch, by team."""
        if self.funnel is None:
            return {}
        table = self.funnel.table
        return dict(zip(table["team"], table["denominator"].tolist(), strict=True))


def can_be_laid(measure: Measure) -> bool:
    """Tell whether teams could be laid into a funnel by this measure, were there enough of them."""
    return measure.audience is not Audience.TEAM and measure.calculation.statistic in _KINDS


def first_of_stretch(measure: Measure, last: Period) -> Period:
    """Give the first period to lay together: a year's, none from before the definition's version.

    The period in which a version began is counted by two definitions, and left out.
    """
    first = last.shift(1 - STRETCH[last.frequency])
    if (measure.version or 1) == 1 or measure.valid_from is None:
        return first
    begun = Period.containing(measure.valid_from, last.frequency)
    whole = begun if begun.start == measure.valid_from else begun.next()
    return min(max(first, whole), last)


def lay_together(
    reviews: Iterable[MeasureReview], measure: Measure, first: Period, last: Period
) -> Laid:
    """Lay the counts from `first` to `last` into one funnel.

    Values that the disclosure threshold holds back are not counted here either.
    """
    statistic = measure.calculation.statistic
    kind = _KINDS.get(statistic) if statistic else None
    per = measure.calculation.per or 1.0 if statistic is Statistic.RATE else 1.0
    scale = 100.0 if statistic is Statistic.PERCENTAGE else per
    if kind is None:
        words = "what chance does to this statistic cannot be told from a denominator"
        return Laid(None, f"No funnel: {words}.", (), scale)
    rows, left_out = _rows(reviews, kind, Period.span(first, last))
    if len(rows) < FEWEST_TEAMS:
        words = f"{plural(len(rows), 'team')} with counts, and it takes at least {FEWEST_TEAMS}"
        return Laid(None, f"No funnel: {words}.", left_out, scale)
    try:
        return Laid(funnel(rows, kind), "", left_out, scale)
    except KpiError as error:
        return Laid(None, f"No funnel: {error}.", left_out, scale)


def _rows(
    reviews: Iterable[MeasureReview], kind: Kind, periods: Sequence[Period]
) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    rows: list[tuple[str, float, float, float]] = []
    left_out: list[tuple[str, str]] = []
    for one in reviews:
        stretch = one.points[one.points["period"] >= str(periods[0])]
        told = stretch[stretch["value"].notna() & (stretch["denominator"] > 0)]
        if one.series.faults:
            left_out.append((one.team, "a fault in its data"))
        elif len(told) < max(1.0, LEAST_OF_STRETCH * len(periods)):
            of = plural(len(periods), one.period.frequency.value)
            left_out.append((one.team, f"counts of {len(told)} of {of}"))
        else:
            rows.append((one.team, *_counts(told, kind)))
    return pd.DataFrame(rows, columns=list(_COLUMNS)), tuple(left_out)


def _counts(rows: pd.DataFrame, kind: Kind) -> tuple[float, float, float]:
    """Give the numerator, the denominator and, for means, the spread of single cases."""
    below = rows["denominator"].to_numpy(dtype=float)
    if kind != "mean":
        return float(rows["numerator"].sum()), float(below.sum()), float("nan")
    values = rows["value"].to_numpy(dtype=float)
    return float((values * below).sum()), float(below.sum()), _spread(values, below)


def _spread(values: np.typing.NDArray[np.float64], below: np.typing.NDArray[np.float64]) -> float:
    """Give the standard deviation of single cases within a team, from its own moving ranges.

    A mean of n cases varies with the standard deviation of a case over the root of n. So how far
    the means of neighbouring periods differ says how far cases do; whatever else moves the
    process from period to period is in it, which makes limits wider, never narrower.
    """
    if len(values) < 2:
        return float("nan")
    return float(np.abs(np.diff(values)).mean() / _D2 * np.sqrt(below.mean()))
