"""One series judged: its signals, target and trust become a verdict, and what is owed for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import AppliesTo, Better
from kpi_analysis.errors import Level
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.review.duty import Concern, answer
from kpi_analysis.review.measure_review import (
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
from kpi_analysis.signals.rules import RuleSet, chosen_rules
from kpi_analysis.signals.trust import Context, trust

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


def _context(series: Series, points: pd.DataFrame) -> Context:
    """Give what else is known of the figures: ends of the unit, cases, the cycle of a season."""
    measure = series.measure
    counted = points["denominator"].notna().any()
    return Context(
        bounds=ends_of_unit(measure),
        denominators=points["denominator"] if counted else None,
        cycle=None if measure.season else CYCLES.get(series.period.frequency),
        large_ranges=points.get("large_range"),
    )


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


def _concerns(series: Series, points: pd.DataFrame, marked: tuple[Pattern, ...]) -> list[Concern]:
    """Give the signals of concern since the last limit change, which explains earlier ones.

    Patterns that overlap are one signal.
    """
    segment = points["segment"].to_numpy()
    unexplained = int(np.argmax(segment == segment[-1]))
    found: list[list[Pattern]] = []
    for one in sorted(marked, key=lambda one: (one.first, one.last)):
        if one.tone is not Tone.CONCERN or one.first < unexplained:
            continue
        if found and one.first <= max(other.last for other in found[-1]):
            found[-1].append(one)
        else:
            found.append([one])
    rules = chosen_rules(series.rules)
    periods = [Period.parse(str(text), series.period.frequency) for text in points["period"]]
    return [
        Concern(periods[each[0].first].start, periods[min(_seen(one, rules) for one in each)].end)
        for each in found
    ]


def _seen(pattern: Pattern, rules: RuleSet) -> int:
    """Give the position at which a pattern was long enough to be seen."""
    rule = getattr(rules, pattern.rule, 1)
    points = rule if isinstance(rule, int) else getattr(rule, "of", 1)
    return min(pattern.first + points - 1, pattern.last)
