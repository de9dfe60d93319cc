"""What is kept of a team that shares a measure: a few facts and sentences, and not its review.

A review holds tables. Of thousands of teams only this is held for a month, by every process that
builds its packs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.duty import action_name
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.verdict import Variation
from kpi_analysis.signals.capability import Capability

BACK = 24
"""Periods back, as many as a board's chart shows, in which what was done may still be told."""
_ACTION = ("opened", "started", "learned", "countermeasure", "problem", "id")


@dataclass(frozen=True, slots=True)
class Compared:
    """One team's measure as others may learn of it.

    `place` is the team's among all teams of the workspace; `label` is that of its verdict,
    `doing` the verdict with its reason, `notes` what is written down there. It is predictable
    where no signal lies in the stretch that is laid together, and has a reason to ask where its
    target is out of its process's reach or a signal of concern is there.
    """

    team: str
    place: int
    label: str
    doing: str
    notes: tuple[str, ...]
    is_predictable: bool
    has_reason: bool


def compared(one: MeasureReview, place: int, periods: int, notes: Notes) -> Compared:
    """Take the facts of a review; `periods` is how many of its last ones are laid together."""
    return Compared(
        team=one.team,
        place=place,
        label=one.verdict.label,
        doing=f"{one.verdict.label}: {wording.detail(one)}",
        notes=notes.of(one),
        is_predictable=_is_predictable(one, periods),
        has_reason=one.capability is Capability.FAIL or one.variation is Variation.CONCERN,
    )


def _is_predictable(one: MeasureReview, periods: int) -> bool:
    if one.variation is not Variation.NONE:
        return False
    return not one.points["signal"].to_numpy()[-periods:].any()


class Notes:
    """What teams wrote down about their measures, in words."""

    def __init__(self, workspace: Workspace) -> None:
        logs = (workspace.events.rows, workspace.actions.rows)
        self._about = {pair for log in logs if log is not None for pair in _named(log)}

    def of(self, one: MeasureReview) -> tuple[str, ...]:
        """Give limits, events, actions and their learning, of the last BACK periods.

        Only rows about this team and this measure count; most series have none.
        """
        since = one.period.shift(1 - BACK).start
        begun = [
            f"new limits from {wording.day(row['from'])}: {row['reason']}"
            for row in rows_of(one.series.limit_changes)
            if row["from"] >= since
        ]
        if (one.team, one.measure.id) not in self._about:
            return tuple(begun)
        return (*begun, *_events(one, since), *_actions(one, since))


def _named(log: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(log["team"].tolist(), log["measure"].tolist(), strict=True)


def _events(one: MeasureReview, since: date) -> Iterator[str]:
    for row in _own_rows(one.recorded.events, one, ("date", "what")):
        if row["date"] and since <= row["date"] <= one.period.end:
            yield f"{wording.day(row['date'])}: {row['what']}"


def _actions(one: MeasureReview, since: date) -> Iterator[str]:
    for row in _own_rows(one.recorded.actions, one, _ACTION):
        day = row["started"] or row["opened"]
        if day and since <= day <= one.period.end:
            learned = f" (learned: {row['learned']})" if row["learned"] else ""
            yield f"{wording.day(day)}, action: {action_name(row)}{learned}"


def _own_rows(
    log: pd.DataFrame | None, one: MeasureReview, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give these columns of the rows that name both, and not of those about all."""
    if log is None:
        return
    cells = zip(*(log[name].tolist() for name in columns), strict=True)
    for about, row in zip(_named(log), cells, strict=True):
        if about == (one.team, one.measure.id):
            yield dict(zip(columns, row, strict=True))
