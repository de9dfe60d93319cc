"""More values just on the good side of a target than just short of it? A question, no verdict.

A heap beside a threshold can be real effort that ends there, plain chance, or figures that were
managed. So the same is asked of other thresholds, placebos at which nobody aims: only a heap
that hardly any of them has is worth asking about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import Floats

LEAST_VALUES: Final = 60
"""Fewer values have no neighbourhood to compare with."""

LEAST_BESIDE: Final = 8
"""Values on both sides of the target together, below which there is nothing to compare."""

SHARE_BESIDE: Final = 1 / 8
"""Of the middle 90 % of the values: how wide the neighbourhood on each side is."""


@dataclass(frozen=True)
class Bunching:
    """What stands on each side of the target, within `width` of it.

    `placebos` is how many other thresholds were asked, `as_strong` at how many of them the good
    side leads by as much or more; both 0 where there are too few values to ask.
    """

    good: int
    short: int
    width: float
    placebos: int
    as_strong: int

    @property
    def can_tell(self) -> bool:
        """Whether there are enough values beside the target, and placebos to hold it against."""
        return self.placebos > 0

    @property
    def is_notable(self) -> bool:
        """Whether at most one placebo in twenty leads by as much."""
        return self.can_tell and self.good > self.short and self.as_strong <= self.placebos / 20


def bunching(values: ArrayLike, target: float, better: str) -> Bunching:
    """Compare both sides of a target, and the same at placebo thresholds.

    Args:
        values: (n,) in the unit of the target; NaN is left out. Those of several teams may be
            taken together.
        target: a value equal to it is on the good side.
        better: "higher" or "lower".

    Raises:
        KpiError: an unknown `better`.

    The lead at a threshold is (good - short) / sqrt(good + short), which has a standard
    deviation of about 1 where both sides are alike (Poisson counts). It is compared with the
    leads at thresholds a quarter of the width apart over the middle 90 % of the values, those
    whose neighbourhood touches the target left out; a slope of the distribution is in the
    placebos as much as at the target. After McCrary's idea of looking at the density beside a
    cutoff (Journal of Econometrics 142, 2008), without its test.

    """
    if better not in ("higher", "lower"):
        raise KpiError(f"better is {better!r}; use higher or lower")
    sign = 1.0 if better == "higher" else -1.0
    known = np.sort(sign * np.asarray(values, dtype=np.float64))
    known = known[~np.isnan(known)]
    if not len(known):
        return Bunching(0, 0, 0.0, 0, 0)
    low, high = np.quantile(known, [0.05, 0.95])
    width = float(high - low) * SHARE_BESIDE
    good, short = _beside(known, np.array([sign * target]), width)
    counts = int(good[0]), int(short[0])
    placebos = _placebos(low, high, width, sign * target)
    if len(known) < LEAST_VALUES or sum(counts) < LEAST_BESIDE or not len(placebos):
        return Bunching(*counts, width, 0, 0)
    leads = _lead(*_beside(known, placebos, width))
    as_strong = int(np.sum(leads >= _lead(good, short)[0] - 1e-9))
    return Bunching(*counts, width, len(placebos), as_strong)


def _placebos(low: float, high: float, width: float, target: float) -> Floats:
    if width <= 0:
        return np.zeros(0)
    grid = np.arange(low + width, high - width, width / 4)
    return grid[np.abs(grid - target) >= 2 * width]


def _beside(ordered: Floats, at: Floats, width: float) -> tuple[Floats, Floats]:
    """Count the values in [at, at + width) and in [at - width, at)."""
    edges = [np.searchsorted(ordered, one, side="left") for one in (at - width, at, at + width)]
    return (edges[2] - edges[1]).astype(float), (edges[1] - edges[0]).astype(float)


def _lead(good: Floats, short: Floats) -> Floats:
    return (good - short) / np.sqrt(np.maximum(good + short, 1))
