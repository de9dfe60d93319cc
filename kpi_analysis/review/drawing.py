"""A measure's review as a picture: everything the chart shows, worked out and worded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

import numpy as np
import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review import wording
from kpi_analysis.review.duty import action_name
from kpi_analysis.review.measure_review import MeasureReview, Pattern, Proposal, by_weight
from kpi_analysis.review.picture import (
    Episode,
    Note,
    Picture,
    Point,
    Segment,
    TargetLine,
    Tone,
)

FIRM_FROM = 12
"""Values in the baseline from which limits are firm; below, they are provisional."""


def picture(review: MeasureReview) -> Picture:
    """Give everything the chart of this review shows."""
    measure = review.measure
    frequency = review.period.frequency
    periods = [Period.parse(str(text), frequency) for text in review.points["period"]]
    long, short = wording.range_titles(frequency)
    tones = [one.tone for one in review.current]
    title = measure.name or measure.id
    verdict = f"{review.verdict.label}: {wording.detail(review)}"
    return Picture(
        title=f"{title} ({measure.unit})" if measure.unit else title,
        alt=wording.alt_text(review, verdict),
        decimals=review.decimals,
        points=tuple(_points(review, periods)),
        segments=tuple(_segments(review)),
        episodes=tuple(_episodes(review.patterns)),
        notes=tuple(_notes(review, periods)),
        targets=tuple(_targets(review, periods)),
        range_title=long,
        range_title_short=short,
        latest_tone=_tone(tones) if tones else None,
    )


def _tone(tones: Sequence[Tone]) -> Tone:
    """Concern is shown where both fire on one point: it is what must not be overlooked."""
    return max(tones, key=[Tone.CHANGE, Tone.IMPROVEMENT, Tone.CONCERN].index)


def _points(review: MeasureReview, periods: list[Period]) -> Iterator[Point]:
    points = review.points
    marks: list[list[Tone]] = [[] for _ in periods]
    for one in review.patterns:
        marked = points[one.rule].to_numpy()[one.first : one.last + 1]
        for position in one.first + np.flatnonzero(marked):
            marks[position].append(one.tone)
    values, ranges = (points[name].tolist() for name in ("value", "moving_range"))
    jumps = points["large_range"].tolist() if "large_range" in points else [False] * len(points)
    for period, value, moved, tones, jump in zip(
        periods, values, ranges, marks, jumps, strict=True
    ):
        yield Point(
            period=str(period),
            tick=period.tick,
            tick_group=period.tick_group,
            value=_number(value),
            moving_range=_number(moved),
            tone=_tone(tones) if tones else None,
            jump=jump,
        )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _segments(review: MeasureReview) -> Iterator[Segment]:
    points = review.points
    start = 0
    for _, run in groupby(points["segment"]):
        n = len(list(run))
        part = points.iloc[start : start + n]
        limits = wording.shown_limits(
            review.measure, float(part["lower_limit"].iloc[-1]), float(part["upper_limit"].iloc[-1])
        )
        values = int((part["in_baseline"] & part["value"].notna()).sum())
        firm = values >= FIRM_FROM or limits is None
        yield Segment(
            first=start,
            last=start + n - 1,
            centre=_number(part["centre"].iloc[-1]),
            lower=limits[0] if limits else None,
            upper=limits[1] if limits else None,
            range_centre=_range_centre(part),
            range_upper=_number(part["range_limit"].iloc[-1]),
            provisional="" if firm else f"provisional, {values} of {FIRM_FROM}",
        )
        start += n
    if review.proposal and not review.held_back:
        yield _proposed(review, review.proposal)


def _proposed(review: MeasureReview, one: Proposal) -> Segment:
    limits = wording.shown_limits(review.measure, one.lower, one.upper)
    low, high = limits or (None, None)
    last = len(review.points) - 1
    return Segment(one.first, last, one.centre, low, high, None, None, proposed=True)


def _range_centre(part: pd.DataFrame) -> float | None:
    inside = part.loc[part["in_baseline"], "moving_range"]
    return None if math.isnan(part["range_limit"].iloc[-1]) else _number(inside.mean())


def _episodes(patterns: Sequence[Pattern]) -> Iterator[Episode]:
    """One word for patterns of one tone that overlap: that of the one that says most."""
    for tone in Tone:
        group: list[Pattern] = []
        for pattern in sorted(
            (one for one in patterns if one.tone is tone), key=lambda one: one.first
        ):
            if group and pattern.first > max(one.last for one in group):
                yield _episode(group)
                group = []
            group.append(pattern)
        if group:
            yield _episode(group)


def _episode(group: list[Pattern]) -> Episode:
    first, last = min(one.first for one in group), max(one.last for one in group)
    leading = by_weight(group)[0]
    return Episode(first, last, leading.tone, wording.chart_words(leading))


def _notes(review: MeasureReview, periods: list[Period]) -> Iterator[Note]:
    if not periods:
        return
    recorded = review.recorded
    for event in rows_of(recorded.events):
        yield from _note(periods, event["date"], event["what"], action=False)
    for change in rows_of(review.series.limit_changes):
        yield from _note(periods, change["from"], f"New limits: {change['reason']}", action=False)
    for action in rows_of(recorded.actions):
        day = action["started"] or action["opened"]
        yield from _note(periods, day, action_name(action), action=True)


def _note(periods: list[Period], day: date | None, text: str, *, action: bool) -> Iterator[Note]:
    if day is None or not periods[0].start <= day <= periods[-1].end:
        return
    position = next(i for i, period in enumerate(periods) if day <= period.end)
    yield Note(position, text, action)


def _targets(review: MeasureReview, periods: list[Period]) -> Iterator[TargetLine]:
    in_force = [review.measure.target_on(period.end) for period in periods]
    start = 0
    for target, run in groupby(in_force):
        n = len(list(run))
        if target is not None:
            text = wording.target_number(target, review.measure)
            yield TargetLine(start, start + n - 1, target.value, text)
        start += n
