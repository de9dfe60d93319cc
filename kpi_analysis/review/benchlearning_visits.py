"""Visits to learn: who went to see whom about a measure, and what its chart did afterwards.

A visit is a row of reviews.csv of the kind learning_visit: `team` went to see `visited` about
`measure`, `decisions` says what it will try. The later check holds the visitors' chart against
its limits from before the visit: a signal followed, or none; the visit is never called its cause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kpi_analysis.records.logs import LEARNING_VISIT, rows_of
from kpi_analysis.review.action_check import check_action
from kpi_analysis.review.measure_review import MeasureReview

Since = Mapping[date, str]
"""What a team's chart did since each of its visits, in words."""


@dataclass(frozen=True)
class LearningVisit:
    """One visit as it was written down; `after` is empty where the visitors have no chart."""

    day: date
    visitor: str
    visited: str
    decided: str
    after: str


class VisitLog:
    """The visits in a log of reviews, told apart once by measure and by visitor."""

    def __init__(self, reviews: pd.DataFrame | None) -> None:
        self._is_kept = reviews is not None
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._days: dict[tuple[str, str], list[date]] = defaultdict(list)
        for row in rows_of(reviews):
            if row["kind"] == LEARNING_VISIT and row["date"]:
                self._rows[row["measure"]].append(row)
                self._days[row["team"], row["measure"]].append(row["date"])

    def since(self, review: MeasureReview) -> Since:
        """Hold a team's chart against its limits from before each of its visits."""
        found = {}
        for day in self._days.get((review.team, review.measure.id), ()):
            visit = {"started": day, "opened": day}
            check = check_action(review, visit, with_picture=False)
            if check:
                found[day] = check.words
        return found

    def about(
        self, measure: str, end: date, since: Mapping[str, Since]
    ) -> tuple[LearningVisit, ...] | None:
        """Give the visits about a measure up to a day, the latest first; None without a log.

        `since` has what the charts of the visitors did, by team.
        """
        if not self._is_kept:
            return None
        found = [
            LearningVisit(
                day=row["date"],
                visitor=row["team"],
                visited=row["visited"],
                decided=row["decisions"],
                after=since.get(row["team"], {}).get(row["date"], ""),
            )
            for row in self._rows.get(measure, ())
            if row["date"] <= end
        ]
        return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def by_team(visits: Iterable[LearningVisit]) -> dict[str, tuple[LearningVisit, ...]]:
    """Give the visits of each team: those that it made and those made to it."""
    found: dict[str, list[LearningVisit]] = {}
    for one in visits:
        for team in {one.visitor, one.visited}:
            found.setdefault(team, []).append(one)
    return {team: tuple(each) for team, each in found.items()}
