"""The check of an action: what the measure did after it, against the limits from before it.

The limits are frozen as they stood before the action started; only values from its start on are
held against them, by the same rules. A signal that was there at the start and goes on says nothing
about the action; where an action answers a signal of concern, the good outcome is that no further
one comes. The words say what followed the action, never that the action caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.judging import patterns_of
from kpi_analysis.review.measure_review import MeasureReview, Pattern
from kpi_analysis.review.picture import Picture, Tone
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.kept import limits_in
from kpi_analysis.signals.rules import chosen_rules

RECENT = 24
"""Values before an action's start among which it may answer a signal of concern."""


class Outcome(StrEnum):
    """What followed an action, as far as the measure shows it."""

    WANTED = "signal in the wanted direction"
    GOES_ON = "the signal from before the start goes on"
    NONE_YET = "no signal yet"
    NONE_FURTHER = "no further signal of concern"
    TOO_EARLY = "too early"
    WORSE = "worse"
    BOTH_WAYS = "signals both ways"
    NO_DIRECTION = "a signal, but neither way is better"
    NO_LIMITS = "no limits from before it"


@dataclass(frozen=True)
class ActionCheck:
    """One action held against its measure; `more` is how many values are needed to tell."""

    action: dict[str, Any]
    outcome: Outcome
    values: int  # values since the start
    more: int = 0
    since: Period | None = None  # first period of the signal
    until: Period | None = None  # its last period, where it ended before the latest value
    picture: Picture | None = None  # the series against the frozen limits, where there are any

    @property
    def words(self) -> str:
        """The outcome in words: "followed by", never "caused by"."""
        if self.outcome is Outcome.TOO_EARLY:
            return f"too early: {self.more} more {'value' if self.more == 1 else 'values'} needed"
        since = f" since {self.since.label}" if self.since else ""
        since += f", until {self.until.label}" if self.until else ""
        if self.outcome in (Outcome.WANTED, Outcome.WORSE):
            which = "in the wanted direction" if self.outcome is Outcome.WANTED else "of concern"
            return f"followed by a signal {which}{since}"
        return f"{self.outcome.value}{since}"


def check_action(
    review: MeasureReview, action: dict[str, Any], *, with_picture: bool = True
) -> ActionCheck | None:
    """Check one action against its measure's review; None where it has not started yet.

    `action` is a row of the action log. Values up to the review period count. The picture takes
    a third of the time: who goes over thousands of actions leaves it out.
    """
    start = _start(action)
    if start is None or start > review.period.end:
        return None
    rows = review.series.rows
    is_after = np.array([end >= start for end in _ends(review)])
    before, after = rows[~is_after], rows[is_after].assign(segment=0)
    newest = before[before["segment"] == before["segment"].max()].assign(segment=0)
    series, values = review.series, int(after["value"].notna().sum())
    then = detect(newest, by=(), rules=series.rules, baseline=series.baseline)
    limits = limits_in(then, ["segment"])
    if limits.empty:
        return ActionCheck(action, Outcome.NO_LIMITS, values)
    found = _patterns(review, detect(after, by=(), rules=series.rules, limits=limits))
    drawn = picture(_frozen_review(review, limits, found, before)) if with_picture else None
    earlier = _patterns(review, then)
    outcome = _outcome({one.tone for one in found})
    if outcome is None:
        more = max((chosen_rules(series.rules).long_run or 0) - values, 0)
        outcome = Outcome.TOO_EARLY if more else _quiet(earlier, len(newest))
        return ActionCheck(action, outcome, values, more, picture=drawn)
    running = [one for one in earlier if one.last == len(newest) - 1]
    if {one.tone for one in running} == {one.tone for one in found}:
        since = review.period_at(len(before) - len(newest) + min(one.first for one in running))
        return ActionCheck(action, Outcome.GOES_ON, values, since=since, picture=drawn)
    since = review.period_at(len(before) + min(one.first for one in found))
    last = max(one.last for one in found)
    until = None if last == len(after) - 1 else review.period_at(len(before) + last)
    return ActionCheck(action, outcome, values, since=since, until=until, picture=drawn)


def _start(action: dict[str, Any]) -> date | None:
    """Give the day from which values count; an action still being planned has none."""
    is_planned = str(action.get("stage") or "").upper() == "P"
    day: date | None = action["started"] or (None if is_planned else action["opened"])
    return day


def _quiet(earlier: Sequence[Pattern], values: int) -> Outcome:
    recent = (one for one in earlier if one.last >= values - RECENT)
    has_concern = any(one.tone is Tone.CONCERN for one in recent)
    return Outcome.NONE_FURTHER if has_concern else Outcome.NONE_YET


def _ends(review: MeasureReview) -> Sequence[date]:
    frequency = review.period.frequency
    return [Period.parse(str(text), frequency).end for text in review.series.rows["period"]]


def _patterns(review: MeasureReview, points: pd.DataFrame) -> tuple[Pattern, ...]:
    return patterns_of(points, review.series.rules, review.measure.better)


def _frozen_review(
    review: MeasureReview,
    limits: pd.DataFrame,
    found: tuple[Pattern, ...],
    before: pd.DataFrame,
) -> MeasureReview:
    """Give the review as it would look with the limits of then all the way, for its picture."""
    series, start = review.series, len(before)
    points = detect(series.rows.assign(segment=0), by=(), rules=series.rules, limits=limits)
    names = [name for name in chosen_rules(series.rules).columns if name in points]
    is_before = np.arange(len(points)) < start
    # The average range beneath is that of the values which set the limits, and of no others.
    then = detect(before, by=(), rules=series.rules, baseline=series.baseline)
    sets = then["in_baseline"] & (then["segment"] == then["segment"].iloc[-1])
    points = points.assign(
        in_baseline=sets.reindex(points.index, fill_value=False),
        moving_range=points["moving_range"].where(~is_before, then["moving_range"]),
        **{name: points[name] & ~is_before for name in names},
    )
    moved = (replace(one, first=one.first + start, last=one.last + start) for one in found)
    quiet = replace(series, limit_changes=series.limit_changes.iloc[:0])
    return replace(review, series=quiet, points=points, patterns=tuple(moved), proposal=None)


def _outcome(tones: set[Tone]) -> Outcome | None:
    if not tones:
        return None
    if tones == {Tone.IMPROVEMENT}:
        return Outcome.WANTED
    if tones == {Tone.CONCERN}:
        return Outcome.WORSE
    return Outcome.NO_DIRECTION if tones == {Tone.CHANGE} else Outcome.BOTH_WAYS
