"""Measures of one team that say the same: the rank correlation of their changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from kpi_analysis.periods import Unit
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.layout import Bools, Floats

ALIKE = 0.9
"""Rank correlation of the changes from which two measures say the same."""

_LEAST = 12  # changes that both have


def alike(review: TeamReview) -> Iterator[tuple[MeasureReview, MeasureReview, float]]:
    """Give the pairs of a team's measures that say the same, with their rank correlation."""
    by_unit: dict[Unit, list[MeasureReview]] = {}
    for one in review.measures:
        by_unit.setdefault(one.period.frequency, []).append(one)
    for group in by_unit.values():
        last = max(one.period.ordinal for one in group)
        columns = [(one, _Changes.of(one, last)) for one in group]
        for (one, changes), (other, others) in combinations(columns, 2):
            likeness = changes.likeness(others)
            if abs(likeness) > ALIKE:
                yield one, other, likeness


@dataclass(frozen=True)
class _Changes:
    """Changes from period to period, the newest first; NaN where there is none.

    `ranks` are those among all that are known.
    """

    changes: Floats
    known: Bools
    ranks: Floats

    @classmethod
    def of(cls, one: MeasureReview, last: int) -> _Changes:
        values = one.points["value"].to_numpy()[::-1]
        late = np.full(last - one.period.ordinal, np.nan)
        changes = np.concatenate([late, values[:-1] - values[1:]])
        known = np.isfinite(changes)
        return cls(changes, known, _ranks(changes[known]))

    def likeness(self, other: _Changes) -> float:
        """Give the rank correlation, over the periods in which both changed."""
        size = min(len(self.known), len(other.known))
        both = self.known[:size] & other.known[:size]
        count = int(both.sum())
        own, theirs = self._ranked(both, count), other._ranked(both, count)
        if count < _LEAST or np.ptp(own) == 0 or np.ptp(theirs) == 0:
            return 0.0
        return float(np.corrcoef(own, theirs)[0, 1])

    def _ranked(self, both: Bools, count: int) -> Floats:
        """Give the ranks in these periods; mostly they are all that are known."""
        if count == len(self.ranks):
            return self.ranks
        return _ranks(self.changes[: len(both)][both])


def _ranks(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank(), dtype=np.float64)
