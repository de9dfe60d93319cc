"""What the health of the KPI system is counted from, and the counts themselves.

Measures that are a team's alone are left out, as everywhere outside their team's own pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from kpi_analysis.definitions.measures import Audience, Measure, Status
from kpi_analysis.periods import Period
from kpi_analysis.records.ledger import before
from kpi_analysis.records.logs import published_values, rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.restatements import Restatement, restatements
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.shares import Interval, wilson

QUARTER, YEAR = timedelta(days=91), timedelta(days=365)
NOT_RECORDED: Final = "not recorded"
USED = (Status.ACTIVE, Status.TRIAL)


@dataclass(frozen=True)
class Count:
    """So many of n."""

    numerator: int
    n: int

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of the share, 0 to 1; None where there is nothing to share."""
        return wilson(self.numerator / self.n, self.n) if self.n else None

    @property
    def words(self) -> str:
        """The count in words with its share and interval; never 0 % of nothing."""
        if self.interval is None:
            return "none so far"
        low, high = (round(100 * one) for one in self.interval)
        share = round(100 * self.numerator / self.n)
        return f"{self.numerator} of {self.n}, {share} % ({low} to {high})"


@dataclass(frozen=True)
class Figure:
    """What belongs beside an indicator: a share of its own n, or a figure in words."""

    about: str
    told: Count | str

    @property
    def words(self) -> str:
        """The figure in one line."""
        return f"{self.about}: {self.told.words if isinstance(self.told, Count) else self.told}"


@dataclass(frozen=True)
class Answer:
    """The count of an indicator, and the figures beside it."""

    count: Count
    beside: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Basis:
    """A workspace and the reviews of all its teams, up to the end of the period."""

    workspace: Workspace
    period: Period
    reviews: Mapping[str, TeamReview]

    @classmethod
    def of(cls, workspace: Workspace, period: Period, reviews: Mapping[str, TeamReview]) -> Basis:
        """Give the basis without the measures that are their teams' alone."""
        shown = {
            team: replace(review, measures=review.for_leaders) for team, review in reviews.items()
        }
        return cls(workspace, period, shown)

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
    def charts(self) -> tuple[MeasureReview, ...]:
        """Every measure of every team."""
        return tuple(one for review in self.reviews.values() for one in review.measures)

    @cached_property
    def boards(self) -> tuple[TeamReview, ...]:
        """The teams that have a measure on a board."""
        return tuple(one for one in self.reviews.values() if one.measures)

    @cached_property
    def restated(self) -> tuple[Restatement, ...]:
        """The values that differ from what was published in a run before."""
        return tuple(one for chart in self.charts for one in self._restated(chart))

    @cached_property
    def compared(self) -> int:
        """How many published values there are to compare with what is told now."""
        known = (
            set(self._published.get((one.team, one.measure.id), ()))
            & set(one.points.loc[one.points["value"].notna(), "period"])
            for one in self.charts
        )
        return sum(map(len, known))

    def _restated(self, one: MeasureReview) -> Iterator[Restatement]:
        yield from restatements(one, self._published.get((one.team, one.measure.id), {}))

    @cached_property
    def _published(self) -> Mapping[tuple[str, str], Mapping[str, float]]:
        return published_values(before(self.workspace.published, self.period))[0]


def of(found: Iterable[object]) -> Count:
    """Count those that are true, of all."""
    flags = [bool(one) for one in found]
    return Count(sum(flags), len(flags))


def by(day: date | None, end: date) -> bool:
    """Tell whether something had happened by a day."""
    return day is not None and day <= end


def half_done(waits: Iterable[tuple[int, bool]]) -> int | None:
    """Give the days after which half were done, those still open counted as far as they go.

    The median of Kaplan and Meier, JASA 53 (1958) 457-481; None where fewer than half are.
    """
    found, share = sorted(waits, key=lambda one: (one[0], not one[1])), 1.0
    for n, (days, done) in enumerate(found):
        share *= 1 - done / (len(found) - n)
        if share <= 0.5 + 1e-12:
            return days
    return None
