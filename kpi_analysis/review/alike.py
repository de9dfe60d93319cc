"""Measures of one team that say the same: the rank correlation of their changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.periods import Unit
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview

ALIKE = 0.9
"""Rank correlation of the changes from which two measures say the same."""

_LEAST = 12  # changes that both have


def alike(review: TeamReview) -> Iterator[tuple[MeasureReview, MeasureReview, float]]:
    """Give the pairs of a team's measures that say the same, with their rank correlation."""
    by_unit: dict[Unit, list[MeasureReview]] = {}
    for one in review.measures:
        by_unit.setdefault(one.period.frequency, []).append(one)
    for group in by_unit.values():
        changes = _changes(group)
        for (n, one), (m, other) in combinations(enumerate(group), 2):
            likeness = _likeness(changes[:, [n, m]])
            if abs(likeness) > ALIKE:
                yield one, other, likeness


def _changes(group: Sequence[MeasureReview]) -> NDArray[np.float64]:
    """Give the changes from period to period, a column a measure; NaN where there is none."""
    values = [one.points.set_index("period")["value"] for one in group]
    return pd.concat(values, axis=1).sort_index().diff().to_numpy(np.float64)


def _likeness(changes: NDArray[np.float64]) -> float:
    """Give the rank correlation of two columns, over the periods in which both changed."""
    both = changes[np.isfinite(changes).all(axis=1)]
    if len(both) < _LEAST or any(np.ptp(column) == 0 for column in both.T):
        return 0.0
    one, other = (pd.Series(column).rank() for column in both.T)
    return float(np.corrcoef(one, other)[0, 1])
