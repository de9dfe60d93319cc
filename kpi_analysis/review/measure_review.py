"""One measure of one team at one review period: what the numbers say, judged.

Everything a page says of a measure is read from a `MeasureReview`; pages and charts work out
nothing themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.definitions.measures import Better, Measure, Statistic, Target
from kpi_analysis.errors import Finding
from kpi_analysis.periods import Period
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review.duty import Answer, Response
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import (
    Variation,
    Verdict,
)
from kpi_analysis.signals.baselines import Baseline
from kpi_analysis.signals.capability import Capability
from kpi_analysis.signals.layout import Bools, Floats
from kpi_analysis.signals.trust import TrustFinding


@dataclass(frozen=True)
class Series:
    """One series up to its review period.

    `rows` has team, measure, period (text), value, numerator, denominator and segment, one row
    a period, gaps included; `limit_changes` has at least from and reason; `rules` and `baseline`
    are what `detect` is told.
    """

    team: str
    measure: Measure
    period: Period
    rows: pd.DataFrame
    faults: tuple[Finding, ...]
    limit_changes: pd.DataFrame
    rules: str
    baseline: Baseline
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """The rows of the logs about one series; None where there is no such log."""

    actions: pd.DataFrame | None
    events: pd.DataFrame | None
    options: pd.DataFrame | None = None


@dataclass(frozen=True)
class Pattern:
    """Points that one rule marked, from position `first` to `last`; `side` +1 high or rising."""

    rule: str
    first: int
    last: int
    side: int
    points: int
    tone: Tone


@dataclass(frozen=True)
class Proposal:
    """New limits that a lasting run would set, from position `first` on; never applied."""

    first: int
    centre: float
    lower: float  # NaN while the run has too few values for limits
    upper: float


@dataclass(frozen=True)
class Figures:
    """Columns of `points` as arrays of one length; `large_range` None where no rule has it."""

    value: Floats
    denominator: Floats
    segment: NDArray[np.int64]
    in_baseline: Bools
    lower_limit: Floats
    upper_limit: Floats
    large_range: Bools | None

    @classmethod
    def of(cls, points: pd.DataFrame) -> Figures:
        """Read them off the output of `detect`."""
        return cls(
            points["value"].to_numpy(),
            points["denominator"].to_numpy(),
            points["segment"].to_numpy(),
            points["in_baseline"].to_numpy(),
            points["lower_limit"].to_numpy(),
            points["upper_limit"].to_numpy(),
            points["large_range"].to_numpy() if "large_range" in points else None,
        )

    def cut(self, start: int, stop: int) -> Figures:
        """Give those from one position up to another."""
        return Figures(
            self.value[start:stop],
            self.denominator[start:stop],
            self.segment[start:stop],
            self.in_baseline[start:stop],
            self.lower_limit[start:stop],
            self.upper_limit[start:stop],
            None if self.large_range is None else self.large_range[start:stop],
        )


@dataclass(frozen=True)
class Signals:
    """What the signals station says of one series: points, patterns and a proposal."""

    points: pd.DataFrame
    figures: Figures
    patterns: tuple[Pattern, ...]
    proposal: Proposal | None


@dataclass(frozen=True)
class MeasureReview:
    """One team's measure at one period.

    `points` is the output of `detect` for the series, index from 0; `held_back` holds the
    reasons why it is not judged, `trusted` what was found on its figures.
    """

    series: Series
    points: pd.DataFrame
    patterns: tuple[Pattern, ...]
    proposal: Proposal | None
    variation: Variation
    capability: Capability
    verdict: Verdict
    answer: Answer
    held_back: tuple[str, ...]
    trusted: tuple[TrustFinding, ...]
    recorded: Recorded

    @property
    def team(self) -> str:
        """The team's id."""
        return self.series.team

    @property
    def measure(self) -> Measure:
        """The definition."""
        return self.series.measure

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.measure.name or self.measure.id

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events noted about the measure, whenever they were."""
        return rows_of(self.recorded.events)

    @property
    def period(self) -> Period:
        """The measure's last period that had ended at the review."""
        return self.series.period

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader should know of the figures, beside what holds them back."""
        return (*self.series.remarks, *(one.message for one in self.trusted if not one.holds))

    @property
    def current(self) -> tuple[Pattern, ...]:
        """The patterns that include the latest point: what the variation was read from."""
        return tuple(one for one in self.patterns if one.last == len(self.points) - 1)

    @property
    def first_period(self) -> Period:
        """The period of the first point."""
        return self.period_at(0)

    @property
    def since(self) -> Period | None:
        """The first period of the pattern that says most of the latest point."""
        leading = by_weight(self.current)[:1]
        return self.period_at(leading[0].first) if leading else None

    def period_at(self, position: int) -> Period:
        """Give the period of a point."""
        return Period.parse(str(self.points["period"].iloc[position]), self.period.frequency)

    @property
    def target(self) -> Target | None:
        """The target in force at the review period."""
        return self.measure.target_on(self.period.end)

    @property
    def limits(self) -> tuple[float, float]:
        """The natural process limits at the latest point, uncapped; NaN where there are none."""
        lower, upper = (self.points[one].to_numpy() for one in ("lower_limit", "upper_limit"))
        return float(lower[-1]), float(upper[-1])

    @property
    def setting(self) -> int:
        """How many values set the limits at the latest point."""
        names = ("segment", "in_baseline", "value")
        segment, in_baseline, value = (self.points[name].to_numpy() for name in names)
        return int((in_baseline & (segment == segment[-1]) & ~np.isnan(value)).sum())

    @property
    def outside(self) -> list[str]:
        """The periods outside the limits, as text."""
        return [str(one) for one in self.points.loc[self.points["outside_limits"], "period"]]

    @property
    def value(self) -> float | None:
        """The value of the review period, None where there is none."""
        last = float(self.points["value"].iloc[-1])
        return None if np.isnan(last) else last

    @property
    def unanswered_red(self) -> bool:
        """A red without a recorded response: what a board and an index show first."""
        return self.verdict.red and self.answer.response is Response.OWED

    @property
    def decimals(self) -> int:
        """Decimals to show: the definition's, else 1, or 0 where all values are whole."""
        if self.measure.decimals is not None:
            return self.measure.decimals
        values = self.points["value"].to_numpy()
        return 0 if bool((np.isnan(values) | (values == np.round(values))).all()) else 1


def by_weight(patterns: Iterable[Pattern]) -> list[Pattern]:
    """Sort patterns, the one that says most first: plain before near-limit, then the longest."""
    plain = ("long_run", "outside_limits", "trend")
    return sorted(patterns, key=lambda one: (one.rule not in plain, -one.points, one.first))


def ends_of_unit(measure: Measure) -> tuple[float | None, float | None]:
    """Give the lowest and highest value that the unit allows; None where it has no end."""
    how = measure.calculation.statistic
    natural = (0.0 if how in _NEVER_BELOW_0 else None, 100.0 if how is _PERCENTAGE else None)
    return measure.valid_range or natural


_PERCENTAGE = Statistic.PERCENTAGE
_NEVER_BELOW_0 = (_PERCENTAGE, Statistic.COUNT, Statistic.RATE, Statistic.DAYS_BETWEEN)


def tone_of(side: int, better: Better | None) -> Tone:
    """Say what a signal on this side means; neither where no direction is better."""
    if side == 0 or better not in (Better.HIGHER, Better.LOWER):
        return Tone.CHANGE
    return Tone.IMPROVEMENT if (side > 0) == (better is Better.HIGHER) else Tone.CONCERN
