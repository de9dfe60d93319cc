"""Visits to learn: who went to see whom about a measure, and what its chart did afterwards.

A visit is a row of reviews.csv of the kind learning_visit: `team` went to see `visited` about
`measure`, `decisions` says what it will try. The later check holds the visitors' chart against
its limits from before the visit: a signal followed, or none; the visit is never called its cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kpi_analysis.records.logs import LEARNING_VISIT, rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.action_check import ActionCheck, check_action
from kpi_analysis.review.measure_review import MeasureReview


@dataclass(frozen=True)
class LearningVisit:
    """One visit as it was written down; `check` is None where the visitors have no chart."""

    day: date
    visitor: str
    visited: str
    decided: str
    check: ActionCheck | None

    def holds(self, team: str) -> bool:
        """Tell whether a team is one of the two."""
        return team in (self.visitor, self.visited)


def learning_visits(
    workspace: Workspace, reviews: Iterable[MeasureReview], measure: str
) -> tuple[LearningVisit, ...] | None:
    """Give the visits about a measure up to the review, the latest first; None without a log."""
    if workspace.reviews.rows is None:
        return None
    by_team = {one.team: one for one in reviews}
    end = max((one.period.end for one in by_team.values()), default=date.max)
    rows = workspace.reviews.rows
    about = rows[(rows["kind"] == LEARNING_VISIT) & (rows["measure"] == measure)]
    found = [
        LearningVisit(
            day=row["date"],
            visitor=row["team"],
            visited=row["visited"],
            decided=row["decisions"],
            check=_checked(by_team.get(row["team"]), row["date"]),
        )
        for row in rows_of(about)
        if row["date"] and row["date"] <= end
    ]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _checked(review: MeasureReview | None, day: date) -> ActionCheck | None:
    return None if review is None else check_action(review, {"started": day, "opened": day})
