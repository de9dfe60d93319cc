"""The arithmetic of the rules: which points each rule marks, for many segments at once.

Every rule is a few operations on boolean arrays. A pattern never crosses a segment or a gap,
because every step in it needs `linked`: a place and the one before it lie in one segment and
both have a value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi_analysis.signals.layout import Bools, Floats
from kpi_analysis.signals.rules import OnCentre, RuleSet, Window

THIRD = 1 / 3


@dataclass(frozen=True)
class Points:
    """What the rules see of n points that lie segment by segment.

    `reach` is the way from the centre as a share of the way to the limit on that side, NaN
    without limits; `above` and `below` say on which side, neither for a value on the centre or
    missing; `judged` marks values of segments with enough of them; `first` starts a segment.
    """

    values: Floats
    reach: Floats
    above: Bools
    below: Bools
    judged: Bools
    first: Bools

    @property
    def linked(self) -> Bools:
        """Mark the places that have a judged neighbour before them in their segment."""
        linked = np.zeros(len(self.judged), bool)
        linked[1:] = self.judged[1:] & self.judged[:-1] & ~self.first[1:]
        return linked


def in_a_row(flags: Bools, length: int) -> Bools:
    """Mark the places at which `length` flags in a row end, in log2(length) passes."""
    ends, width = flags.copy(), 1
    while width < length:
        step = min(width, length - width)
        ends[step:] &= ends[:-step].copy()
        ends[:step] = False
        width += step
    return ends


def back_over(ends: Bools, length: int) -> Bools:
    """Mark the `length` places up to and including each marked end."""
    marks, width = ends.copy(), 1
    while width < length:
        step = min(width, length - width)
        marks[:-step] |= marks[step:].copy()
        width += step
    return marks


def mark(points: Points, rules: RuleSet) -> dict[str, Bools]:
    """Give for each rule of the set the marked points, under the names of `rules.columns`."""
    linked = points.linked
    marks = {"outside_limits": points.judged & (points.reach > 1)}
    if rules.long_run is not None:
        marks["long_run"] = long_run(points, linked, rules.long_run, rules.on_centre)
    if rules.trend is not None:
        marks["trend"] = trend(points, linked, rules.trend)
    for name in ("short_run", "two_of_three", "four_of_five"):
        window = getattr(rules, name)
        if window is not None:
            marks[name] = window_rule(points, linked, window)
    if rules.alternating is not None:
        marks["alternating"] = alternating(points, linked, rules.alternating)
    if rules.near_centre is not None:
        near = points.judged & (np.abs(points.reach) <= THIRD)
        marks["near_centre"] = _all_in_a_row(near, linked, rules.near_centre)
    if rules.far_from_centre is not None:
        far = points.judged & (points.reach > THIRD)
        marks["far_from_centre"] = _all_in_a_row(far, linked, rules.far_from_centre)
    return marks


def long_run(points: Points, linked: Bools, length: int, on_centre: OnCentre) -> Bools:
    """Mark runs of at least `length` points on one side of the centre."""
    if on_centre == "break":
        return _run(points.above, points.below, linked, length)
    # Skipped: the points on the centre are taken out, and their neighbours are joined unless
    # a gap or a new segment lies between them.
    kept = ~points.judged | points.above | points.below
    segment = np.cumsum(points.first)[kept]
    judged = points.judged[kept]
    joined = np.zeros(len(judged), bool)
    joined[1:] = judged[1:] & judged[:-1] & (segment[1:] == segment[:-1])
    marks = np.zeros(len(kept), bool)
    marks[kept] = _run(points.above[kept], points.below[kept], joined, length)
    return marks


def _run(above: Bools, below: Bools, linked: Bools, length: int) -> Bools:
    steps = np.zeros(len(above), bool)
    steps[1:] = (above[1:] & above[:-1]) | (below[1:] & below[:-1])
    steps &= linked
    return back_over(in_a_row(steps, length - 1), length)


def trend(points: Points, linked: Bools, length: int) -> Bools:
    """Mark `length` points in a row that strictly rise or strictly fall."""
    rising, falling = rises_and_falls(points.values, linked)
    return back_over(in_a_row(rising, length - 1) | in_a_row(falling, length - 1), length)


def rises_and_falls(values: Floats, linked: Bools) -> tuple[Bools, Bools]:
    """Mark the places whose value is above, and below, that of the place before."""
    rising, falling = linked.copy(), linked.copy()
    rising[1:] &= values[1:] > values[:-1]
    falling[1:] &= values[1:] < values[:-1]
    return rising, falling


def alternating(points: Points, linked: Bools, length: int) -> Bools:
    """Mark `length` points in a row that go up and down in turn."""
    rising, falling = rises_and_falls(points.values, linked)
    turns = np.zeros(len(linked), bool)
    turns[1:] = (rising[1:] & falling[:-1]) | (falling[1:] & rising[:-1])
    return back_over(in_a_row(turns, length - 2), length)


def window_rule(points: Points, linked: Bools, window: Window) -> Bools:
    """Mark the points of windows in which enough points lie beyond a line on one side."""
    beyond = points.judged & (points.reach > window.beyond)
    counts = beyond & (points.reach <= 1) if window.within_limits else beyond
    whole = in_a_row(linked, window.of - 1)
    marks = np.zeros(len(beyond), bool)
    for side, other in ((points.above, points.below), (points.below, points.above)):
        counted = counts & side
        ends = whole & (how_many(counted, window.of) >= window.least)
        if window.all_one_side:
            ends &= in_a_row(side, window.of)
        if window.clear_of_other:
            ends &= how_many(beyond & other, window.of) == 0
        covered = back_over(ends, window.of)
        marks |= covered if window.mark_all else covered & counted
    return marks


def how_many(flags: Bools, length: int) -> NDArray[np.uint8]:
    """Count the flags among the `length` places that end at each place."""
    total = flags.astype(np.uint8)
    for back in range(1, length):
        total[back:] += flags[:-back]
    return total


def _all_in_a_row(flags: Bools, linked: Bools, length: int) -> Bools:
    return back_over(in_a_row(flags, length) & in_a_row(linked, length - 1), length)
