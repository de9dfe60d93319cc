"""A workspace as people had written it by a day: an old pack, made anew, says what was known then.

A row whose date is later is not there yet; of an action that was there, every day that is later
is empty, and with its closing also the stage and what is written down to close it. Rows and words
without a date of their own stay: when they were written is not known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.logs import Log
from kpi_analysis.records.series_table import newest_day

if TYPE_CHECKING:
    from kpi_analysis.records.workspace import Workspace

_BEGUN = {
    "actions": ("opened",),
    "events": ("date",),
    "limit_changes": ("on", "from"),  # the day it was decided, else the day it holds from
    "reviews": ("date",),
    "reactions": ("date",),
    "options": ("date",),
}
_LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "actions": {
        "started": (),
        "escalated_on": ("answered_on",),
        "answered_on": (),
        "closed": ("stage", "happened", "learned"),
        "refused": ("stage", "happened", "learned"),
    },
    "options": {"decided": ("decision",)},
}
"""Days that may lie after the day in question, each with the cells that are empty with it."""


def as_reviewed(workspace: Workspace, period: Period) -> Workspace:
    """Give the workspace as a review of a period knows it.

    What people do about a period they write down after its end, when its figures are there. So
    all that is written down counts in the review of the newest period, that of the newest value;
    an older review knows what was written while it was the newest: to the end of the period
    after it.
    """
    newest = newest_day(workspace.series)
    if newest is not None and newest > period.end:
        return as_of(workspace, period.next().end)
    return workspace


def as_of(workspace: Workspace, day: date) -> Workspace:
    """Give the workspace with its logs as they stood on a day, that day included."""
    cut: dict[str, Any] = {name: _cut(name, getattr(workspace, name), day) for name in _BEGUN}
    return replace(workspace, **cut)


def _cut(name: str, log: Log, day: date) -> Log:
    if log.rows is None:
        return log
    begun = log.rows[_BEGUN[name][0]]
    for other in _BEGUN[name][1:]:
        begun = begun.where(begun.notna(), log.rows[other])
    rows = log.rows[~_is_later(begun, day)]
    for column, with_it in _LATER.get(name, {}).items():
        later = _is_later(rows[column], day)
        if later.any():
            rows = rows.assign(
                **{column: rows[column].mask(later, None)},
                **{other: rows[other].mask(later, _empty(rows[other])) for other in with_it},
            )
    return replace(log, rows=rows)


def _is_later(days: pd.Series, day: date) -> pd.Series:
    return pd.Series([one is not None and one > day for one in days], days.index, dtype=bool)


def _empty(cells: pd.Series) -> str | None:
    """Give what stands in an empty cell: no text, or no day."""
    return "" if any(isinstance(cell, str) for cell in cells) else None
