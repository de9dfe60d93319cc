"""What a leader needs of a team: what waits for a leader, what to ask, what to thank for.

Only measures that leave the team, and only what people wrote down. Teams stand in the order of
what waits; there is no rank, no average and no score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import pandas as pd

from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.duty import Response, action_name
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.questions import questions, stage_questions
from kpi_analysis.review.team_review import TeamReview, traded
from kpi_analysis.review.verdict import Duty, Group

Rows = Mapping[str, Sequence[dict[str, Any]]]  # of a log, by team

EYES = 3  # measures on a walk sheet


@dataclass(frozen=True)
class Waiting:
    """An action that waits for an answer from a leader."""

    action: str
    asked: str  # whom
    days: int


@dataclass(frozen=True)
class Promise:
    """An open action in words, with the questions of its PDCA stage."""

    words: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class LeaderView:
    """One team as a leader sees it.

    `last_visit` says when a leader last came, `last_met` when the team met at its board.
    """

    review: TeamReview
    waiting: tuple[Waiting, ...]
    last_visit: str
    last_met: str
    found_by_team: int
    promises: tuple[Promise, ...]

    @property
    def order(self) -> tuple[int, int, int, str]:
        """What to sort teams by: what waits longest for a leader first; it is no rank."""
        longest = max((one.days for one in self.waiting), default=-1)
        return -longest, -self.review.unanswered, -len(self.owed), self.review.name

    @property
    def owed(self) -> tuple[MeasureReview, ...]:
        """The measures that owe a response."""
        return tuple(one for one in self.review.for_leaders if one.answer.response is Response.OWED)

    @property
    def thanks(self) -> tuple[MeasureReview, ...]:
        """The measures with an improvement worth thanking for, unless a guard gets worse."""
        better = (one for one in self._shown if one.verdict.duty is Duty.IMPROVEMENT)
        return tuple(one for one in better if not traded(one, self._shown))

    @property
    def trades(self) -> tuple[tuple[MeasureReview, tuple[MeasureReview, ...]], ...]:
        """The measures that improve while a guard gets worse, each with those guards."""
        pairs = ((one, traded(one, self._shown)) for one in self._shown)
        return tuple(pair for pair in pairs if pair[1])

    @property
    def eyes(self) -> tuple[tuple[MeasureReview, str], ...]:
        """The measures to go and see, each with a question to ask."""
        seen = {one.measure.id for one, _ in self.trades}
        worth = [
            one
            for one in self._shown
            if one.measure.id in seen or one.verdict.group not in (Group.STEADY, Group.WINNING)
        ]
        return tuple((one, questions(one)[0]) for one in (worth or self._shown)[:EYES])

    @property
    def _shown(self) -> tuple[MeasureReview, ...]:
        return self.review.for_leaders


def leader_views(workspace: Workspace, reviews: Iterable[TeamReview]) -> Iterator[LeaderView]:
    """Give every team as leaders see it, one after the other, in the order of the reviews."""
    actions, visits = (_by_team(log.rows) for log in (workspace.actions, workspace.reviews))
    return (_view(review, actions or {}, visits) for review in reviews)


def _by_team(log: pd.DataFrame | None) -> Rows | None:
    """Split a log by team, once for all of them; None where none is kept."""
    if log is None:
        return None
    out: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(log):
        out.setdefault(row["team"], []).append(row)
    return out


def _view(review: TeamReview, actions: Rows, visits: Rows | None) -> LeaderView:
    shown = {one.measure.id for one in review.for_leaders}
    own = (*actions.get("", ()), *actions.get(review.id, ()))  # "": a row about all teams
    rows = sorted((row for row in own if row["measure"] in shown), key=itemgetter("line"))
    today = review.period.end
    opened = [row for row in rows if row["opened"]]
    return LeaderView(
        review=review,
        waiting=tuple(_waiting(opened, today)),
        last_visit=_last(visits, review, is_visit),
        last_met=_last(visits, review, is_meeting),
        found_by_team=sum(row["origin"] == "team" and not row["closed"] for row in opened),
        promises=tuple(_promises(opened)),
    )


def _waiting(rows: Sequence[dict[str, Any]], today: date) -> Iterator[Waiting]:
    for row in rows:
        asked: date | None = row["escalated_on"]
        if asked and not row["answered_on"] and not row["closed"]:
            days = max((today - asked).days, 0)  # asked after the period's end: not waiting yet
            yield Waiting(action_name(row), row["escalated_to"] or "a leader", days)


def _promises(rows: Sequence[dict[str, Any]]) -> Iterator[Promise]:
    for row in rows:
        if not row["closed"]:
            state = wording.action_words(row["owner"], row["stage"], row["check_on"])
            words = f"{action_name(row)} ({state})" if state else action_name(row)
            yield Promise(words, stage_questions(row["stage"]))


def is_visit(row: dict[str, Any]) -> bool:
    """Whether a row of reviews.csv is a leader's visit: a walk, or a leader at the board."""
    kind, role = str(row["kind"]), str(row["role"])
    return kind == "gemba" or (kind, role) == ("board", "leader")


def is_meeting(row: dict[str, Any]) -> bool:
    """Whether a row of reviews.csv is the team at its board."""
    return str(row["kind"]) == "board"


def _last(log: Rows | None, review: TeamReview, is_one: Callable[[dict[str, Any]], bool]) -> str:
    """Say when a leader last came, or when the team last met at its board, as written down."""
    if log is None:
        return "not recorded"
    days = [row["date"] for row in log.get(review.id, ()) if row["date"] and is_one(row)]
    return wording.day(max(days)) if days else "none written down"


def goals_without_measures(workspace: Workspace) -> tuple[str, ...]:
    """Give the results of the map that nothing shows, neither a measure nor a result below."""
    on_map = workspace.results
    bare = on_map.unmeasured(workspace.measures.values()) if on_map else ()
    return tuple(one.result for one in bare)
