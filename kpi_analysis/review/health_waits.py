"""What waits for an answer and for how long: signals of concern, and questions put to leaders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import Answer, Count, Figure, by, half_done, of
from kpi_analysis.review.health_facts import Wait
from kpi_analysis.review.wording import plural


def in_time(waits: Sequence[Wait], today: date) -> Answer:
    """Count what was answered within its days, of all that was answered or fell due.

    Beside it: after how many days half were answered, those still open counted as far as they
    go, and how old the oldest open one is.
    """
    due = [one for one in waits if one.due and (one.answered or one.due < today)]
    count = of(by(one.answered, one.due) for one in due if one.due)
    still = [one.days(today) for one in waits if one.answered is None]
    if not waits:
        return Answer(count)
    half = half_done((one.days(today), one.answered is not None) for one in waits)
    median = (
        plural(half, "day") if half is not None else "not reached, fewer than half are answered"
    )
    beside = (
        Figure("median wait for an answer", median),
        Figure("still open", Count(len(still), len(waits))),
        *([Figure("the oldest open one waits", plural(max(still), "day"))] if still else []),
    )
    return Answer(count, beside)


def escalated(basis: Basis) -> Iterator[Wait]:
    """Give every action put to a leader; its days are those the measure gives to its own team."""
    for row in basis.log("actions", "escalated_on"):
        answered = row["answered_on"] if by(row["answered_on"], basis.day) else None
        days = _days(basis.workspace.measures.get(row["measure"]))
        due = None if days is None else row["escalated_on"] + timedelta(days=days)
        yield Wait(row["escalated_on"], answered, due)


def _days(measure: Measure | None) -> float | None:
    if measure is None:
        return None
    rules = (measure.response.signal_of_concern, measure.response.predictably_missing)
    return next((one.within_days for one in rules if one and one.within_days is not None), None)
