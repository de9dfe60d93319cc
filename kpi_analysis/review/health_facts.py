"""What the health of the KPI system needs of the reviews: a few facts of each, and no review.

Reviews of thousands of teams do not fit into memory. They are gone over once, one after the
other; what stays of a measure is about 1 KB. Measures that are a team's alone are left out, as
everywhere outside their team's own pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.periods import Period
from kpi_analysis.records.by_team import ByTeam
from kpi_analysis.records.ledger import before
from kpi_analysis.records.logs import Log, published_values, rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.action_check import Outcome, check_action
from kpi_analysis.review.duty import Response
from kpi_analysis.review.effort import hours_a_year
from kpi_analysis.review.health_counts import YEAR, by
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.notch import own_values
from kpi_analysis.review.restatements import Restatement, restatements
from kpi_analysis.review.team_review import TeamReview, traded
from kpi_analysis.review.verdict import Duty, Verdict
from kpi_analysis.signals.false_signals import false_signals
from kpi_analysis.signals.layout import Floats


@dataclass(frozen=True, slots=True)
class Wait:
    """Something asked for on a day, answered on another or not yet; `due` None: no days given."""

    asked: date
    answered: date | None
    due: date | None

    def days(self, today: date) -> int:
        """How long it took, or has taken so far."""
        return ((self.answered or today) - self.asked).days


@dataclass(frozen=True, slots=True)
class Chart:
    """The facts of one measure of one team.

    `period` is its last that had ended; of its `periods` so many are `valued`. `values` are what
    is held against the target in force, in its unit; none where there is no target.
    """

    team: str
    measure: Measure
    period: Period
    verdict: Verdict
    is_late: bool  # no value of the period
    is_answered: bool  # a response to all that asks for one is recorded
    periods: int
    valued: int
    faults: int  # in its files
    hours: float | None  # a year, to collect it; None: not recorded
    false_alarms: float | None  # of chance alone, 0 to 1; None: it is not judged
    is_traded: bool | None  # it gets better while a guard gets worse; None: it has no guard
    checks: tuple[Outcome | None, ...]  # of the actions whose check fell due within a year
    reds: tuple[Wait, ...]  # its signals of concern
    always_missed: tuple[bool, ...]  # its target, where it is: whether an action is open
    restated: tuple[Restatement, ...]  # values that differ from those published before
    compared: int  # published values that there are to compare
    values: Floats


@dataclass(frozen=True, slots=True)
class Board:
    """A team with the charts that leave it; there may be none."""

    team: str
    charts: tuple[Chart, ...]


def boards(
    workspace: Workspace, period: Period, reviews: Iterable[TeamReview]
) -> tuple[Board, ...]:
    """Go over the reviews once, in their order, and give the facts of each team."""
    ledger = before(workspace.published, period).rows
    taking = _Taking(workspace, period.end, None if ledger is None else ByTeam(ledger))
    return tuple(map(taking.board, reviews))


@dataclass(frozen=True)
class _Taking:
    """Takes the facts of one review after the other, up to a day."""

    workspace: Workspace
    day: date
    ledger: ByTeam | None  # what earlier runs published

    def board(self, review: TeamReview) -> Board:
        """Give what is kept of a team's review."""
        shown, published = review.for_leaders, self._published(review.id)
        charts = (
            self._chart(one, shown, published.get((one.team, one.measure.id), {})) for one in shown
        )
        return Board(review.id, tuple(charts))

    def _published(self, team: str) -> Mapping[tuple[str, str], Mapping[str, float]]:
        """Give what was published of a team alone: of all at once it would be too much."""
        return {} if self.ledger is None else published_values(Log(self.ledger.of(team)))[0]

    def _chart(
        self, one: MeasureReview, beside: tuple[MeasureReview, ...], published: Mapping[str, float]
    ) -> Chart:
        valued = one.points.loc[one.points["value"].notna(), "period"]
        actions, demands = rows_of(one.recorded.actions), one.answer.demands
        return Chart(
            team=one.team,
            measure=one.measure,
            period=one.period,
            verdict=one.verdict,
            is_late=one.value is None,
            is_answered=one.answer.response is Response.RECORDED,
            periods=len(one.points),
            valued=len(valued),
            faults=len(one.series.faults),
            hours=hours_a_year(one),
            false_alarms=None if one.held_back else _false_alarms(one),
            is_traded=bool(traded(one, beside)) if one.measure.guards else None,
            checks=tuple(_checks(one, actions, self.day)),
            reds=tuple(_reds(one, actions, self.day)),
            always_missed=tuple(
                bool(each.answered_by) for each in demands if each.duty is Duty.PREDICTABLY_MISSING
            ),
            restated=restatements(one, published),
            compared=sum(period in published for period in valued),
            values=own_values(one) if one.target else _NO_VALUES,
        )


_NO_VALUES: Floats = np.zeros(0)


def _false_alarms(one: MeasureReview) -> float:
    """Give the chance of a signal at the latest point though nothing has changed."""
    found = false_signals(one.series.rules, one.setting)
    return found.per_period if found else 0.0


def _checks(
    one: MeasureReview, actions: Sequence[dict[str, Any]], day: date
) -> Iterator[Outcome | None]:
    """Check the actions whose day for it passed within a year; None: not started yet."""
    for row in actions:
        is_own = row["measure"] == one.measure.id and by(row["opened"], day)
        if is_own and row["check_on"] and day - YEAR < row["check_on"] <= day:
            found = check_action(one, row, with_picture=False)
            yield found.outcome if found else None


def _reds(one: MeasureReview, actions: Sequence[dict[str, Any]], day: date) -> Iterator[Wait]:
    """Give every signal of concern that the board shows, from the day that figures showed it."""
    rule = one.measure.response.signal_of_concern
    opened = [row["opened"] for row in actions if row["opened"]]
    for demand in one.answer.demands:
        if demand.duty is not Duty.SIGNAL_OF_CONCERN or demand.since is None:
            continue
        since, seen = demand.since, demand.shown_on or demand.since
        answers = [max(each, seen) for each in opened if since <= each <= day]
        days = rule.within_days if rule else None
        due = None if days is None else seen + timedelta(days=days)
        yield Wait(seen, min(answers, default=None), due)
