"""What a verdict asks for, and whether a response is recorded.

A signal of concern opens one duty from its first point and keeps it open until an action that
was opened since then answers it, or a limit change explains it: also when the latest point is
quiet again, however long ago it was. A target that is predictably missed is answered while any
action on the measure is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from kpi_analysis.definitions.measures import Duty as ResponseRule
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review.verdict import Duty


class Response(StrEnum):
    """Whether a response is owed: the word of `kpi signals`."""

    OWED = "owed"
    RECORDED = "recorded"
    NONE = "none"


@dataclass(frozen=True)
class Demand:
    """One thing a response is owed for: a pattern since `since`, or a target missed."""

    duty: Duty
    since: date | None  # None: a target predictably missed has no first day
    answered_by: str = ""  # the action's countermeasure, or its id; empty: not answered
    shown_on: date | None = None  # last day of the period that first showed the signal


@dataclass(frozen=True)
class Answer:
    """The response to all demands of one measure, with the rule that says who and by when."""

    response: Response
    demands: tuple[Demand, ...]
    rule: ResponseRule | None

    @property
    def owed(self) -> tuple[Demand, ...]:
        """The demands without a recorded response."""
        return tuple(demand for demand in self.demands if not demand.answered_by)


@dataclass(frozen=True)
class Concern:
    """A signal of concern: its first day, and the day from which the figures showed it."""

    since: date
    shown_on: date


def answer(
    concerns: Iterable[Concern], *, missing: bool, actions: pd.DataFrame | None, measure: Measure
) -> Answer:
    """Hold the demands against the recorded actions of this team and measure.

    One signal makes one demand, known by its first day; `missing` says that the target is
    predictably missed. `actions` has the columns of records.logs.ACTIONS, or is None.
    """
    concerns = sorted(concerns, key=lambda one: one.since)
    rows = rows_of(actions) if concerns or missing else []
    demands = [
        Demand(Duty.SIGNAL_OF_CONCERN, one.since, _since(rows, one.since), one.shown_on)
        for one in concerns
    ]
    if missing:
        demands.append(Demand(Duty.PREDICTABLY_MISSING, None, _still_open(rows)))
    if not demands:
        return Answer(Response.NONE, (), None)
    owed = [demand for demand in demands if not demand.answered_by]
    leading = (owed or demands)[0]
    rule = getattr(measure.response, leading.duty)
    return Answer(Response.OWED if owed else Response.RECORDED, tuple(demands), rule)


def _since(rows: list[dict[str, Any]], day: date) -> str:
    return next((action_name(row) for row in rows if row["opened"] and row["opened"] >= day), "")


def _still_open(rows: list[dict[str, Any]]) -> str:
    return next((action_name(row) for row in rows if row["opened"] and not row["closed"]), "")


def action_name(action: dict[str, Any]) -> str:
    """Name an action by what is done, else by its problem, else by its id."""
    return str(action["countermeasure"] or action["problem"] or action["id"] or "an action")
