"""One series judged: its signals, target and trust become a verdict, and what is owed for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import AppliesTo, Better
from kpi_analysis.errors import Level
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.review.duty import Concern, answer
from kpi_analysis.review.measure_review import (
    Figures,
    MeasureReview,
    Pattern,
    Recorded,
    Series,
    Signals,
    ends_of_unit,
    tone_of,
)
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import Duty, Variation, variation_of, verdict_of
from kpi_analysis.signals.capability import Capability, capability
from kpi_analysis.signals.layout import lay_out
from kpi_analysis.signals.patterns import Episodes, find_episodes
from kpi_analysis.signals.rules import RuleSet, chosen_rules
from kpi_analysis.signals.trust import Context, TrustKind, trust

CYCLES: dict[Unit, int] = {
    Frequency.DAY: 7,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}
"""Periods after which a season comes again."""


def judge(series: Series, signals: Signals, recorded: Recorded) -> MeasureReview:
    """Judge one series from what its numbers say.

    Nothing is judged from a series with a fault, without a value at the review period, or with
    a trust finding that holds the verdict back. A value that is missing answers no signal: what
    was owed before stays owed.
    """
    figures, marked = signals.figures, signals.patterns
    setting = figures.in_baseline & (figures.segment == figures.segment[-1])
    trusted = trust(figures.value, setting, context=_context(series, figures))
    reasons = (one.message.removeprefix("not judged yet: ") for one in trusted if one.holds)
    faults = tuple(_faults(series))
    held_back = (*faults, *_late(series, figures.value[-1]), *reasons)
    in_doubt = faults or any(one.holds and one.kind is not TrustKind.GAPS for one in trusted)
    current = [one.tone for one in marked if one.last == len(figures.value) - 1]
    variation = Variation.NOT_JUDGED if held_back else variation_of(current)
    reach = Capability.NONE if held_back else _capability(series, figures, int(setting.sum()))
    neutral = series.measure.better not in (Better.HIGHER, Better.LOWER)
    verdict = verdict_of(variation, reach, neutral=neutral)
    return MeasureReview(
        series=series,
        points=signals.points,
        patterns=marked,
        proposal=signals.proposal,
        variation=variation,
        capability=reach,
        verdict=verdict,
        answer=answer(
            () if in_doubt else _concerns(series, signals),
            missing=verdict.duty is Duty.PREDICTABLY_MISSING,
            actions=recorded.actions,
            measure=series.measure,
        ),
        held_back=held_back,
        trusted=trusted,
        recorded=recorded,
    )


def _context(series: Series, figures: Figures) -> Context:
    """Give what else is known of the figures: ends of the unit, cases, the cycle of a season."""
    measure = series.measure
    denominators = figures.denominator
    return Context(
        bounds=ends_of_unit(measure),
        denominators=None if np.isnan(denominators).all() else denominators,
        cycle=None if measure.season else CYCLES.get(series.period.frequency),
        large_ranges=figures.large_range,
    )


def patterns_of(points: pd.DataFrame, rules: str, better: Better | None) -> tuple[Pattern, ...]:
    """Give the patterns of one series, as `detect` returned it, each with its tone."""
    return toned(find_episodes(points, lay_out(points, ()), chosen_rules(rules)), better)


def toned(found: Episodes, better: Better | None) -> tuple[Pattern, ...]:
    """Give the episodes of one series as Patterns, each with its tone."""
    columns = (found.rule, found.first, found.last, found.side, found.points)
    return tuple(
        Pattern(rule, first, last, side, points, tone_of(side, better))
        for rule, first, last, side, points in zip(*(one.tolist() for one in columns), strict=True)
    )


def _faults(series: Series) -> Iterator[str]:
    faults = [one for one in series.faults if one.level is Level.ERROR]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        yield f"a fault in the data{more}: {faults[0]}"


def _late(series: Series, value: float) -> Iterator[str]:
    if np.isnan(value):
        yield f"no value for {series.period.label} yet"


def _capability(series: Series, figures: Figures, values: int) -> Capability:
    target = series.measure.target_on(series.period.end)
    return capability(
        (float(figures.lower_limit[-1]), float(figures.upper_limit[-1])),
        target.value if target else None,
        (series.measure.better or Better.NEUTRAL).value,
        applies_to=((target.applies_to if target else None) or AppliesTo.EACH_VALUE).value,
        values=values,
    )


def _concerns(series: Series, signals: Signals) -> list[Concern]:
    """Give the signals of concern since the last limit change, which explains earlier ones.

    Patterns that overlap are one signal.
    """
    segment = signals.figures.segment
    unexplained = int(np.argmax(segment == segment[-1]))
    found: list[list[Pattern]] = []
    for one in sorted(signals.patterns, key=lambda one: (one.first, one.last)):
        if one.tone is not Tone.CONCERN or one.first < unexplained:
            continue
        if found and one.first <= max(other.last for other in found[-1]):
            found[-1].append(one)
        else:
            found.append([one])
    return [_concern(each, series, signals.points["period"]) for each in found]


def _concern(together: list[Pattern], series: Series, periods: pd.Series[Any]) -> Concern:
    """Give the first day of a signal, and the day from which the figures showed it."""
    rules = chosen_rules(series.rules)
    places = together[0].first, min(_seen(one, rules) for one in together)
    first, seen = (Period.parse(str(periods.iat[at]), series.period.frequency) for at in places)
    return Concern(first.start, seen.end)


def _seen(pattern: Pattern, rules: RuleSet) -> int:
    """Give the position at which a pattern was long enough to be seen."""
    rule = getattr(rules, pattern.rule, 1)
    points = rule if isinstance(rule, int) else getattr(rule, "of", 1)
    return min(pattern.first + points - 1, pattern.last)
