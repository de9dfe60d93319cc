"""Measures of one team that say the same: the rank correlation of their changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview

ALIKE = 0.9
"""Rank correlation of the changes from which two measures say the same."""

_LEAST = 12  # changes that both have


def alike(review: TeamReview) -> Iterator[tuple[MeasureReview, MeasureReview, float]]:
    """Give the pairs of a team's measures that say the same, with their rank correlation."""
    for one, other in combinations(review.measures, 2):
        if one.period.frequency is other.period.frequency:
            likeness = _likeness(one, other)
            if abs(likeness) > ALIKE:
                yield one, other, likeness


def _likeness(one: MeasureReview, other: MeasureReview) -> float:
    """Give the rank correlation of the changes from period to period that both have."""
    both = one.points.set_index("period")["value"].to_frame("one")
    both = both.join(other.points.set_index("period")["value"].rename("other"), how="inner")
    changes = both.diff().dropna()
    if len(changes) < _LEAST or changes.nunique().min() < 2:
        return 0.0
    ranks = changes.rank().to_numpy()
    return float(np.corrcoef(ranks[:, 0], ranks[:, 1])[0, 1])
