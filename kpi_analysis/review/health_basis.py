"""What the health of the KPI system is counted from.

Measures that are a team's alone are left out, as everywhere outside their team's own pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kpi_analysis.definitions.measures import Audience, Measure, Status
from kpi_analysis.periods import Period
from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import health_facts
from kpi_analysis.review.health_counts import by
from kpi_analysis.review.health_facts import Board, Chart, Wait
from kpi_analysis.review.restatements import Restatement
from kpi_analysis.review.team_review import TeamReview

USED = (Status.ACTIVE, Status.TRIAL)


@dataclass(frozen=True)
class Basis:
    """A workspace and the facts of all its teams' reviews, up to the end of the period."""

    workspace: Workspace
    period: Period
    teams: tuple[Board, ...]

    @classmethod
    def of(cls, workspace: Workspace, period: Period, reviews: Mapping[str, TeamReview]) -> Basis:
        """Take the facts of the reviews, going over them once; none of them is kept."""
        return cls(workspace, period, health_facts.boards(workspace, period, reviews.values()))

    @property
    def day(self) -> date:
        """The last day that counts."""
        return self.period.end

    def has(self, file: str) -> bool:
        """Tell whether a log or the results map is there."""
        found = getattr(self.workspace, file)
        return found is not None if file == "results" else found.rows is not None

    def log(self, name: str, dated: str) -> list[dict[str, Any]]:
        """Give the rows of a log that people had written by then, about what leaves the team."""
        if (name, dated) not in self._read:
            rows = rows_of(getattr(self.workspace, name).rows)
            self._read[name, dated] = [
                row
                for row in rows
                if by(row[dated], self.day) and row.get("measure") not in self._own
            ]
        return self._read[name, dated]

    @cached_property
    def _read(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        return {}

    @cached_property
    def _own(self) -> frozenset[str]:
        every = self.workspace.measures.values()
        return frozenset(one.id for one in every if one.audience is Audience.TEAM)

    def written(self, *logs: tuple[str, str]) -> Mapping[str, list[tuple[str, date]]]:
        """Give by measure who wrote about it and when, in logs named with their day's column.

        An action that was closed counts on that day.
        """
        found: dict[str, list[tuple[str, date]]] = {}
        for name, dated in logs:
            for row in self.log(name, dated):
                days: tuple[date | None, ...] = (row[dated], row.get("closed"))
                latest = max(day for day in days if day and day <= self.day)
                found.setdefault(row["measure"], []).append((row["team"], latest))
        return found

    @cached_property
    def defined(self) -> tuple[Measure, ...]:
        """The definitions that had begun, whatever their status."""
        shown = (one for one in self.workspace.measures.values() if one.id not in self._own)
        return tuple(one for one in shown if one.valid_from is None or one.valid_from <= self.day)

    @cached_property
    def active(self) -> tuple[Measure, ...]:
        """The measures in use: active or on trial, and begun."""
        return tuple(one for one in self.defined if one.status in USED)

    @cached_property
    def boards(self) -> tuple[Board, ...]:
        """The teams that have a measure on a board."""
        return tuple(one for one in self.teams if one.charts)

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        """Every measure of every team."""
        return tuple(one for board in self.boards for one in board.charts)

    @cached_property
    def reds(self) -> tuple[Wait, ...]:
        """The signals of concern that boards show."""
        return tuple(one for chart in self.charts for one in chart.reds)

    @cached_property
    def restated(self) -> tuple[Restatement, ...]:
        """The values that differ from what was published in a run before."""
        return tuple(one for chart in self.charts for one in chart.restated)
