"""Centre line and limits of an XmR chart, for many segments at once.

Constants, and where each comes from. d2 = 1.128 is the mean range of two normal values in
standard deviations and 0.954 its median; D4 = 3.267 and 3.865 are the upper three-sigma limits
of such a range over its mean and its median.

    X limits   mean moving range     2.66   = 3 / 1.128 = 2.6596, rounded as Wheeler prints it
               median moving range   3.145  = 3 / 0.954
    mR limit   mean moving range     3.268  Wheeler (Montgomery and the R packages: 3.267)
               median moving range   3.865  Wheeler

Wheeler, Making Sense of Data (2003), tables A.1 and A.2, and Understanding Variation (2nd
ed.), p. 43 and its appendix; Montgomery, Introduction to Statistical Quality Control, app. VI.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from kpi_analysis.signals.layout import Bools, Floats, Ints
from kpi_analysis.signals.rules import Average, RuleSet

Kind = TypeVar("Kind", bound=np.generic)

X_FACTOR: Final[dict[Average, float]] = {"mean": 2.66, "median": 3.145}
RANGE_FACTOR: Final[dict[Average, float]] = {"mean": 3.268, "median": 3.865}
SCREEN_FACTOR: Final = 3.267  # Nelson 1982, as NHSRplotthedots and qicharts2 screen


@dataclass(frozen=True)
class Segments:
    """Segments that lie end to end: where each starts and how many places it has."""

    starts: Ints
    lengths: Ints

    @classmethod
    def of(cls, first: Bools) -> Segments:
        """Read the segments off a mask of their first places (the first place is one)."""
        starts = np.flatnonzero(first)
        return cls(starts, np.diff(starts, append=len(first)))

    def spread(self, per_segment: NDArray[Kind]) -> NDArray[Kind]:
        """Give each place the value of its segment."""
        return np.repeat(per_segment, self.lengths)

    def counts(self, use: Bools) -> Ints:
        """Count the marked places of each segment."""
        if use.all():
            return self.lengths
        return np.add.reduceat(use, self.starts, dtype=np.intp)

    def means(self, values: Floats, use: Bools, counts: Ints) -> Floats:
        """Give the mean of the marked values of each segment, NaN where there are none."""
        used = values if use.all() else np.where(use, values, 0.0)
        return np.add.reduceat(used, self.starts) / counts

    def medians(self, values: Floats, use: Bools, counts: Ints) -> Floats:
        """Give the median of the marked values of each segment, NaN where there are none."""
        used = np.where(use, values, np.nan)
        ordered = used[np.lexsort((used, self.spread(np.arange(len(self.starts)))))]
        last = len(values) - 1  # a segment without a value may reach past the end; NaN below
        low = ordered[np.minimum(self.starts + (counts - 1) // 2, last)]
        high = ordered[np.minimum(self.starts + counts // 2, last)]
        return np.where(counts > 0, low / 2 + high / 2, np.nan)


@dataclass(frozen=True)
class Lines:
    """The lines of each segment, unrounded; `half` is the way from the centre to a limit.

    NaN where there are too few values. `slack` is the part of a difference that is the
    computer's rounding: decimal values have no exact binary form, and a value on a line must
    count as on it.
    """

    centre: Floats
    half: Floats
    range_limit: Floats
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


def xmr_lines(
    values: Floats, ranges: Floats, use: Bools, segments: Segments, rules: RuleSet
) -> Lines:
    """Work out the lines of each segment from its baseline.

    Args:
        values: (n,) values of segments that lie end to end, NaN for a gap.
        ranges: (n,) their moving ranges, see `moving_ranges`.
        use: (n,) the baseline; every marked place has a value.
        segments: where the segments lie, S of them.
        rules: says mean or median, and whether large moving ranges are screened.

    Returns:
        Lines with arrays of shape (S,), in the unit of the values.

    """
    counts = segments.counts(use)
    centre = _centres(values, use, counts, segments, rules.centre)
    average = _range_averages(ranges, use, segments, rules)
    enough = counts >= rules.min_values
    half = np.where(enough, X_FACTOR[rules.ranges] * average, np.nan)
    range_limit = np.where(enough, RANGE_FACTOR[rules.ranges] * average, np.nan)
    slack = 16 * np.finfo(np.float64).eps * (np.abs(centre) + np.nan_to_num(half))
    return Lines(centre, half, range_limit, slack, enough)


def _centres(values: Floats, use: Bools, counts: Ints, segments: Segments, kind: Average) -> Floats:
    if kind == "median":
        return segments.medians(values, use, counts)
    rough = segments.means(values, use, counts)
    # A second pass over what is left takes out the rounding of the first, as R's mean() does:
    # the mean of a constant series is that constant to the last bit.
    return rough + segments.means(values - segments.spread(rough), use, counts)


def _range_averages(ranges: Floats, use: Bools, segments: Segments, rules: RuleSet) -> Floats:
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
