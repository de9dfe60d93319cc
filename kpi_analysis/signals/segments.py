"""Segments that lie end to end, and what is worked out of each of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kpi_analysis.signals.layout import Bools, Floats, Ints

Kind = TypeVar("Kind", bound=np.generic)


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
