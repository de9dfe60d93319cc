"""A team's actions: what is overdue, what is to be checked, and how each check came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_analysis.records.logs import TO_CLOSE, rows_of
from kpi_analysis.review import wording
from kpi_analysis.review.action_check import ActionCheck, check_action
from kpi_analysis.review.duty import action_name
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview


@dataclass(frozen=True)
class ActionReview:
    """One action on one measure, as it stands at the review period."""

    action: dict[str, Any]
    measure: MeasureReview
    check: ActionCheck | None  # None before it has started
    is_overdue: bool
    is_check_due: bool

    @property
    def name(self) -> str:
        """What is done."""
        return action_name(self.action)

    @property
    def is_closed(self) -> bool:
        """Whether people closed it, and wrote down what it takes."""
        return bool(self.action["closed"])

    @property
    def refused(self) -> date | None:
        """The day on which it was closed without what it takes; it stays open."""
        day: date | None = self.action["refused"]
        return day

    @property
    def state(self) -> str:
        """Who looks after it, its stage and its next check."""
        if self.is_closed:
            return f"closed {wording.day(self.action['closed'])}"
        row = self.action
        return wording.action_words(row["owner"], row["stage"], row["check_on"])

    @property
    def lacking(self) -> tuple[str, ...]:
        """What must be written down before it can close."""
        return tuple(name for name in TO_CLOSE if not self.action[name])

    @property
    def found(self) -> tuple[tuple[str, str], ...]:
        """Problem, current state and cause as written down; a cause that is not is said so."""
        row = self.action
        by = row["cause_checked_by"]
        cause = wording.cause_words(row["cause"], by) if row["cause"] else "not written down"
        problem = "" if row["problem"] == self.name else row["problem"]
        told = (("problem", problem), ("current state", row["current_state"]), ("cause", cause))
        return tuple((term, words) for term, words in told if words)

    @property
    def learning(self) -> tuple[tuple[str, str], ...]:
        """Expected, happened, learned, as far as they are written down."""
        return tuple((name, self.action[name]) for name in TO_CLOSE if self.action[name])


def actions_of(review: TeamReview) -> tuple[ActionReview, ...]:
    """Give a team's actions: overdue first, then checks due, then open, then closed ones.

    One closed without what it takes is open.
    """
    found = (one for measure in review.measures for one in _of_measure(measure, review))
    return tuple(sorted(found, key=_rank))


def _of_measure(measure: MeasureReview, review: TeamReview) -> Iterator[ActionReview]:
    today = review.period.end
    for row in rows_of(measure.recorded.actions):
        if row["measure"] != measure.measure.id or not row["opened"]:
            continue
        is_open = not row["closed"]
        has_done = row["stage"].upper() in ("C", "A")
        yield ActionReview(
            action=row,
            measure=measure,
            check=check_action(measure, row),
            is_overdue=bool(is_open and not has_done and row["due"] and row["due"] < today),
            is_check_due=bool(
                is_open and row["check_on"] and row["check_on"] <= today and not row["happened"]
            ),
        )


def _rank(one: ActionReview) -> tuple[bool, bool, bool, int]:
    return (
        not one.is_overdue,
        not one.is_check_due,
        one.is_closed,
        -one.action["opened"].toordinal(),
    )
