"""Centre line and limits of each kind of chart, for many segments at once: charts of values.

Constants, and where each comes from. d2 = 1.128 is the mean range of two normal values in
standard deviations and 0.954 its median; D4 = 3.267 and 3.865 are the upper three-sigma limits
of such a range over its mean and its median.

    X limits   mean moving range     2.66   = 3 / 1.128 = 2.6596, rounded as Wheeler prints it
               median moving range   3.145  = 3 / 0.954
    mR limit   mean moving range     3.268  Wheeler (Montgomery and the R packages: 3.267)
               median moving range   3.865  Wheeler

Wheeler, Making Sense of Data and Understanding Variation; Montgomery, Introduction to
Statistical Quality Control, appendix VI. The medians as statprocon and xmrit have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kpi_analysis.signals.layout import Bools, Floats, Ints
from kpi_analysis.signals.rules import Average, RuleSet
from kpi_analysis.signals.segments import Segments

X_FACTOR: Final[dict[Average, float]] = {"mean": 2.66, "median": 3.145}
RANGE_FACTOR: Final[dict[Average, float]] = {"mean": 3.268, "median": 3.865}
SCREEN_FACTOR: Final = 3.267  # Nelson 1982, as NHSRplotthedots and qicharts2 screen
D2: Final = 1.128


@dataclass(frozen=True)
class Block:
    """Whole segments that lie end to end, n places. NaN is a period without a value.

    `use` marks the baseline; every marked place has a value. `numerator` and `denominator` are
    there for the charts that need them, and value = per * numerator / denominator.
    """

    values: Floats
    ranges: Floats
    use: Bools
    segments: Segments
    numerator: Floats | None = None
    denominator: Floats | None = None
    per: float = 1.0


@dataclass(frozen=True)
class Lines:
    """The lines of a block of S segments over n places, unrounded; NaN where there are none.

    A line has a number for each segment, (S,), or for each place, (n,). `centre`, `lower`,
    `upper` and `range_limit` are what is drawn, in the unit of the values. The rules look at
    `away` (n,), the signed way of each value from the centre, against `up` and `down`, the ways
    to the limits; a chart may measure these on a scale of its own. `slack` is the part of
    `away` that is the computer's rounding: decimal values have no exact binary form, and a
    value on a line must count as on it. `enough` (S,): the segment has the values that limits
    need.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    range_limit: Floats
    away: Floats
    up: Floats
    down: Floats
    slack: Floats
    enough: Bools


def moving_ranges(values: Floats, first: Bools) -> Floats:
    """Give |value - value before|; NaN where either is missing and at a segment's first place.

    A gap is never bridged: a missing period costs both ranges that touch it.
    """
    ranges = np.empty_like(values)
    np.subtract(values[1:], values[:-1], out=ranges[1:])
    np.abs(ranges, out=ranges)
    ranges[first] = np.nan
    return ranges


def xmr(block: Block, rules: RuleSet) -> Lines:
    """Centre = mean (or median) of the baseline, limits from its moving ranges."""
    counts = block.segments.counts(block.use)
    enough = counts >= rules.min_values
    half, range_limit = half_widths(block, rules, enough)
    return about(block, centres(block, counts, rules), half, range_limit, enough)


def trended(block: Block, rules: RuleSet) -> Lines:
    """Wheeler's half-average line, with the limits of the XmR chart about it.

    The line runs through the averages of the first and the last half of the baseline, each at
    the middle of its points; with an odd number the middle point is in neither. Wheeler,
    Making Sense of Data, section 12.3.
    """
    segments, counts = block.segments, block.segments.counts(block.use)
    spread, size = segments.spread, counts // 2
    place = np.arange(len(block.values), dtype=np.float64) - spread(segments.starts)
    rank = _ranks(block.use, segments)
    early = block.use & (rank <= spread(size))
    late = block.use & (rank > spread(counts - size))
    first, last = (segments.means(block.values, half, size) for half in (early, late))
    at, end = (segments.means(place, half, size) for half in (early, late))
    slope = (last - first) / (end - at)
    centre = spread(first - slope * at) + spread(slope) * place
    half, range_limit = half_widths(block, rules, counts >= rules.min_values)
    return about(block, centre, spread(half), range_limit, counts >= rules.min_values)


def _ranks(use: Bools, segments: Segments) -> Ints:
    """Count the marked places of each segment up to and including each place."""
    done: Ints = np.cumsum(use, dtype=np.intp)
    return done - segments.spread(done[segments.starts] - use[segments.starts])


def run(block: Block, rules: RuleSet) -> Lines:
    """Draw the median and no limits: only runs and trends can signal."""
    counts = block.segments.counts(block.use)
    centre = block.segments.medians(block.values, block.use, counts)
    none = np.full(len(centre), np.nan)
    return about(block, centre, none, none, counts >= rules.min_values)


def about(block: Block, centre: Floats, way: Floats, range_limit: Floats, enough: Bools) -> Lines:
    """Give the lines of limits that lie a way either side of a centre.

    `centre` and `way` have a number for each segment, or both one for each place.
    """
    return Lines(
        centre=centre,
        lower=centre - way,
        upper=centre + way,
        range_limit=range_limit,
        away=block.segments.apply(np.subtract, block.values, centre),
        up=way,
        down=way,
        slack=_slack(centre, way),
        enough=enough,
    )


def _slack(centre: Floats, half: Floats) -> Floats:
    return 16 * np.finfo(np.float64).eps * (np.abs(centre) + np.nan_to_num(half))


def centres(block: Block, counts: Ints, rules: RuleSet) -> Floats:
    """Give the mean or median of each segment's baseline, (S,)."""
    segments, values, use = block.segments, block.values, block.use
    if rules.centre == "median":
        return segments.medians(values, use, counts)
    rough = segments.means(values, use, counts)
    # A second pass over what is left takes out the rounding of the first, as R's mean() does:
    # the mean of a constant series is that constant to the last bit.
    return rough + segments.means(segments.apply(np.subtract, values, rough), use, counts)


def half_widths(block: Block, rules: RuleSet, enough: Bools) -> tuple[Floats, Floats]:
    """Give half the width of the limits and the range limit of each segment, (S,)."""
    average = range_averages(block.ranges, block, rules)
    half = np.where(enough, X_FACTOR[rules.ranges] * average, np.nan)
    return half, np.where(enough, RANGE_FACTOR[rules.ranges] * average, np.nan)


def range_averages(ranges: Floats, block: Block, rules: RuleSet) -> Floats:
    """Give the mean or median of the moving ranges between two baseline points, (S,)."""
    segments, use = block.segments, block.use
    known = ~np.isnan(ranges)
    known &= use
    known[1:] &= use[:-1]
    counts = segments.counts(known)
    if rules.ranges == "median":
        return segments.medians(ranges, known, counts)
    average = segments.means(ranges, known, counts)
    if rules.screening:
        # strictly below, as NHSRplotthedots: a constant series keeps none and has no limits
        known &= ranges < segments.spread(SCREEN_FACTOR * average)
        average = segments.means(ranges, known, segments.counts(known))
    return average


def range_centre(range_limit: float, ranges: Average = "mean") -> float:
    """Give the mean (or median) moving range that a range limit was worked out from."""
    return range_limit / RANGE_FACTOR[ranges]


def half_width(range_limit: float, ranges: Average = "mean") -> float:
    """Give half the width of the uncapped limits that go with a range limit."""
    return X_FACTOR[ranges] * range_centre(range_limit, ranges)
