"""The counts of a measure in several teams, over the same stretch, laid into one funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from operator import attrgetter
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Audience, Measure, Statistic
from kpi_analysis.errors import KpiError
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.wording import plural
from kpi_analysis.signals.benchmark import FEWEST_TEAMS, Floats, Funnel, Kind, funnel

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
_row = attrgetter(*_COLUMNS)


@dataclass(frozen=True)
class Stretch:
    """What is laid together: the periods `first` to `last`, by one version of a definition."""

    measure: Measure
    first: Period
    last: Period

    @classmethod
    def until(cls, measure: Measure, last: Period) -> Stretch:
        """Give the stretch that ends with a period."""
        return cls(measure, first_of_stretch(measure, last), last)

    @property
    def version(self) -> int:
        """The version of the definition."""
        return self.measure.version or 1

    @property
    def periods(self) -> int:
        """How many there are."""
        return self.last.ordinal - self.first.ordinal + 1

    @property
    def kind(self) -> Kind | None:
        """What chance does to the measure's statistic; None where no denominator tells it."""
        statistic = self.measure.calculation.statistic
        return _KINDS.get(statistic) if statistic else None

    @property
    def least(self) -> float:
        """In how many of them a team must have counts."""
        return max(1.0, LEAST_OF_STRETCH * self.periods)


@dataclass(frozen=True, slots=True)
class Counts:
    """One team's counts over a stretch; `told` is in how many of its periods it has some.

    `spread` is that of single cases, NaN where no mean is counted. Where the data have a fault,
    or too little is told to be laid together, the other numbers are NaN.
    """

    team: str
    has_fault: bool
    told: int = 0
    numerator: float = nan
    denominator: float = nan
    spread: float = nan


@dataclass(frozen=True)
class Laid:
    """Teams in a funnel, or why there is none (`why_not`).

    `sizes` are the denominators of the whole stretch by team; `left_out` has the teams without
    enough to compare, each with the reason; `scale` is what a value of the funnel is multiplied by
    to be in the unit of the measure.
    """

    funnel: Funnel | None
    why_not: str
    sizes: Mapping[str, float]
    left_out: tuple[tuple[str, str], ...]
    scale: float


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


def count(one: MeasureReview, stretch: Stretch) -> Counts:
    """Count one team's stretch: the last rows of its series, which has one for every period.

    Values that the disclosure threshold holds back are not counted here either.
    """
    if one.series.faults or stretch.kind is None:
        return Counts(one.team, has_fault=bool(one.series.faults))
    below, values = (_column(one, name, stretch) for name in ("denominator", "value"))
    is_told = (below > 0) & ~np.isnan(values)
    told = int(is_told.sum())
    if told < stretch.least:
        return Counts(one.team, has_fault=False, told=told)
    below, values = below[is_told], values[is_told]
    if stretch.kind == "mean":
        above, spread = values * below, _spread(values, below)
    else:
        above, spread = _column(one, "numerator", stretch)[is_told], nan
    return Counts(one.team, False, told, float(above.sum()), float(below.sum()), spread)


def _column(one: MeasureReview, name: str, stretch: Stretch) -> Floats:
    column: Floats = one.points[name].to_numpy(dtype=float)
    return column[-stretch.periods :]


def lay_together(counts: Sequence[Counts], stretch: Stretch) -> Laid:
    """Lay the counts of teams over one stretch into one funnel."""
    scale = _scale(stretch.measure)
    if stretch.kind is None:
        words = "what chance does to this statistic cannot be told from a denominator"
        return Laid(None, f"No funnel: {words}.", {}, (), scale)
    reasons = {one.team: _why_left_out(one, stretch) for one in counts}
    left_out = tuple((team, reason) for team, reason in reasons.items() if reason)
    rows = [_row(one) for one in counts if not reasons[one.team]]
    if len(rows) < FEWEST_TEAMS:
        words = f"{plural(len(rows), 'team')} with counts, and it takes at least {FEWEST_TEAMS}"
        return Laid(None, f"No funnel: {words}.", {}, left_out, scale)
    try:
        found = funnel(pd.DataFrame(rows, columns=list(_COLUMNS)), stretch.kind)
    except KpiError as error:
        return Laid(None, f"No funnel: {error}.", {}, left_out, scale)
    sizes = (found.table[name].tolist() for name in ("team", "denominator"))
    return Laid(found, "", dict(zip(*sizes, strict=True)), left_out, scale)


def _scale(measure: Measure) -> float:
    statistic = measure.calculation.statistic
    if statistic is Statistic.RATE:
        return measure.calculation.per or 1.0
    return 100.0 if statistic is Statistic.PERCENTAGE else 1.0


def _why_left_out(one: Counts, stretch: Stretch) -> str:
    """Say why a team has not enough to compare; empty where it has."""
    if one.has_fault:
        return "a fault in its data"
    if one.told >= stretch.least:
        return ""
    of = plural(stretch.periods, stretch.last.frequency.value)
    return f"counts of {one.told} of {of}"


def _spread(values: Floats, below: Floats) -> float:
    """Give the standard deviation of single cases within a team, from its own moving ranges.

    A mean of n cases varies with the standard deviation of a case over the root of n. So how far
    the means of neighbouring periods differ says how far cases do; whatever else moves the
    process from period to period is in it, which makes limits wider, never narrower.
    """
    if len(values) < 2:
        return float("nan")
    return float(np.abs(np.diff(values)).mean() / _D2 * np.sqrt(below.mean()))
