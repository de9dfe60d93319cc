"""Segments that lie end to end, and what is worked out of each of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kpi_analysis.signals.layout import Bools, Floats, Ints

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True)
class Segments:
    """S segments over n places: where each starts, its places, and `width` if all have as many.

    Segments of one width are worked on as a table of S rows, which spares numpy the spreading
    of a number of each segment over its places.
    """

    starts: Ints
    lengths: Ints
    width: int | None

    @classmethod
    def of(cls, first: Bools) -> Segments:
        """Read the segments off a mask of their first places (the first place is one)."""
        starts = np.flatnonzero(first)
        lengths = np.diff(starts, append=len(first))
        same = bool((lengths == lengths[0]).all())
        return cls(starts, lengths, int(lengths[0]) if same else None)

    def spread(self, line: NDArray[Kind]) -> NDArray[Kind]:
        """Give each place the number of its segment; numbers of places stay as they are."""
        return line if self._of_places(line) else np.repeat(line, self.lengths)

    def fill(self, column: NDArray[Any], line: NDArray[Any]) -> None:
        """Write a number of each segment, or of each place, into a column of all places."""
        if self.width is None or self._of_places(line):
            column[:] = self.spread(line)
        else:
            column.reshape(-1, self.width)[:] = line[:, None]

    def apply(self, operation: np.ufunc, values: Floats, line: Floats) -> NDArray[Any]:
        """Give operation(value, number of its segment or place) at each place."""
        if self.width is None or self._of_places(line):
            return np.asarray(operation(values, self.spread(line)))
        return np.asarray(operation(values.reshape(-1, self.width), line[:, None])).reshape(-1)

    def _of_places(self, line: NDArray[Any]) -> bool:
        return len(line) != len(self.starts) or self.width == 1

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
