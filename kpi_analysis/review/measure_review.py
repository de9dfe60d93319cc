"""One measure of one team at one review period: what the numbers say, judged.

Everything a page says of a measure is read from a `MeasureReview`; pages and charts work out
nothing themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import AppliesTo, Better, Measure, Statistic, Target
from kpi_analysis.errors import Finding, Level
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review.duty import SHOWN_PERIODS, Answer, Response, answer
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import (
    Duty,
    Variation,
    Verdict,
    variation_of,
    verdict_of,
)
from kpi_analysis.signals.baselines import Baseline
from kpi_analysis.signals.capability import Capability, capability
from kpi_analysis.signals.trust import Context, TrustFinding, trust


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
class Signals:
    """What the signals station says of one series: points, patterns and a proposal."""

    points: pd.DataFrame
    patterns: pd.DataFrame
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
        last = self.points.iloc[-1]
        return float(last["lower_limit"]), float(last["upper_limit"])

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
        values = self.points["value"].dropna()
        return 0 if bool((values == values.round()).all()) else 1


def judge(series: Series, signals: Signals, recorded: Recorded) -> MeasureReview:
    """Judge one series from what its numbers say.

    Nothing is judged from a series with a fault, without a value at the review period, or with
    a trust finding that holds the verdict back.
    """
    points = signals.points
    marked = tuple(patterns_of(signals.patterns, series.measure.better))
    current_segment = points["segment"] == points["segment"].iloc[-1]
    setting = points["in_baseline"] & current_segment
    trusted = trust(points["value"], setting, context=_context(series, points))
    reasons = (one.message.removeprefix("not judged yet: ") for one in trusted if one.holds)
    held_back = (*_held_back(series, points), *reasons)
    current = [one.tone for one in marked if one.last == len(points) - 1]
    variation = Variation.NOT_JUDGED if held_back else variation_of(current)
    reach = Capability.NONE if held_back else _capability(series, points, int(setting.sum()))
    neutral = series.measure.better not in (Better.HIGHER, Better.LOWER)
    verdict = verdict_of(variation, reach, neutral=neutral)
    return MeasureReview(
        series=series,
        points=points,
        patterns=marked,
        proposal=signals.proposal,
        variation=variation,
        capability=reach,
        verdict=verdict,
        answer=answer(
            () if held_back else _concerns(series, points, marked),
            missing=verdict.duty is Duty.PREDICTABLY_MISSING,
            actions=recorded.actions,
            measure=series.measure,
        ),
        held_back=held_back,
        trusted=trusted,
        recorded=recorded,
    )


def by_weight(patterns: Iterable[Pattern]) -> list[Pattern]:
    """Sort patterns, the one that says most first: plain before near-limit, then the longest."""
    plain = ("long_run", "outside_limits", "trend")
    return sorted(patterns, key=lambda one: (one.rule not in plain, -one.points, one.first))


CYCLES: dict[Unit, int] = {
    Frequency.DAY: 7,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}
"""Periods after which a season comes again."""


def _context(series: Series, points: pd.DataFrame) -> Context:
    """Give what else is known of the figures: ends of the unit, cases, the cycle of a season."""
    measure = series.measure
    counted = points["denominator"].notna().any()
    return Context(
        bounds=ends_of_unit(measure),
        denominators=points["denominator"] if counted else None,
        cycle=None if measure.season else CYCLES.get(series.period.frequency),
    )


def ends_of_unit(measure: Measure) -> tuple[float | None, float | None]:
    """Give the lowest and highest value that the unit allows; None where it has no end."""
    percentage = measure.calculation.statistic is Statistic.PERCENTAGE
    return measure.valid_range or ((0.0, 100.0) if percentage else (None, None))


def tone_of(side: int, better: Better | None) -> Tone:
    """Say what a signal on this side means; neither where no direction is better."""
    if side == 0 or better not in (Better.HIGHER, Better.LOWER):
        return Tone.CHANGE
    return Tone.IMPROVEMENT if (side > 0) == (better is Better.HIGHER) else Tone.CONCERN


def patterns_of(found: pd.DataFrame, better: Better | None) -> Iterator[Pattern]:
    """Give the rows of `patterns` as Patterns, each with its tone."""
    names = ("rule", "first", "last", "side", "points")
    columns = [found[name].tolist() for name in names] if len(found) else [[]] * len(names)
    for rule, first, last, side, points in zip(*columns, strict=True):
        yield Pattern(rule, first, last, side, points, tone_of(side, better))


def _held_back(series: Series, points: pd.DataFrame) -> Iterator[str]:
    faults = [one for one in series.faults if one.level is Level.ERROR]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        yield f"a fault in the data{more}: {faults[0]}"
    if np.isnan(points["value"].iloc[-1]):
        yield f"no value for {series.period.label} yet"


def _capability(series: Series, points: pd.DataFrame, values: int) -> Capability:
    target = series.measure.target_on(series.period.end)
    last = points.iloc[-1]
    return capability(
        (float(last["lower_limit"]), float(last["upper_limit"])),
        target.value if target else None,
        (series.measure.better or Better.NEUTRAL).value,
        applies_to=((target.applies_to if target else None) or AppliesTo.EACH_VALUE).value,
        values=values,
    )


def _concerns(
    series: Series, points: pd.DataFrame, marked: tuple[Pattern, ...]
) -> tuple[date, ...]:
    """Give the first days of the signals of concern that the board still shows.

    Patterns that overlap are one signal; those before the last limit change are explained.
    """
    segment = points["segment"].to_numpy()
    first_shown = max(int(np.argmax(segment == segment[-1])), len(points) - SHOWN_PERIODS)
    concerns = sorted(
        (one.first, one.last)
        for one in marked
        if one.tone is Tone.CONCERN and one.last >= first_shown
    )
    starts: list[int] = []
    reach = -1
    for first, last in concerns:
        if first > reach:
            starts.append(first)
        reach = max(reach, last)
    frequency = series.period.frequency
    return tuple(Period.parse(str(points["period"].iloc[at]), frequency).start for at in starts)
