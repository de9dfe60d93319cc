"""The run ledger: is the system itself alive? Packs made and reviewed, actions opened and closed.

A line a period, over all teams; counts of what was written down, about processes and not persons.
A pack was made where the ledger of published values holds a run of its team; it was reviewed where
the team's board met after the end of its period and before the end of the next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_analysis.periods import Period
from kpi_analysis.records.ledger import run_period
from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace

Shown = Mapping[str, Collection[str]]  # team -> ids of measures

SHOWN = 6
"""Periods of the ledger, the review period included."""


@dataclass(frozen=True)
class Entry:
    """One period: counts, None where nothing is recorded of it."""

    period: Period
    packs: int | None
    reviewed: int | None
    opened: int | None
    closed: int | None


@dataclass(frozen=True)
class RunLedger:
    """The entries up to a review period, oldest first; the last is the run in hand.

    Of the run in hand packs and reviews are None: it is being made.
    """

    entries: tuple[Entry, ...]
    is_kept: bool  # whether there is a ledger of published values
    has_reviews: bool  # whether there is a log of reviews

    @property
    def gaps(self) -> tuple[Period, ...]:
        """The periods without a pack since the ledger began."""
        return tuple(one.period for one in self.entries if one.packs == 0)

    @property
    def has_counts(self) -> bool:
        """Whether anything is recorded that could be counted."""
        return self.is_kept or any(one.opened is not None for one in self.entries)

    @property
    def never_reviewed(self) -> tuple[int, int] | None:
        """How many packs were never reviewed, and of how many; None where it is not known."""
        if not self.is_kept or not self.has_reviews:
            return None
        made = sum(one.packs or 0 for one in self.entries)
        return made - sum(one.reviewed or 0 for one in self.entries), made

    @property
    def words(self) -> tuple[str, ...]:
        """The ledger in sentences: what stopped, and what was never reviewed."""
        if not self.is_kept:
            return ("Which packs were made is not recorded: ledger: yes in kpi.yml keeps it.",)
        said = [f"No pack in {', '.join(one.short for one in self.gaps)}."] if self.gaps else []
        if self.never_reviewed is None:
            return (*said, "Whether packs were reviewed is not recorded: there is no reviews.csv.")
        never, made = self.never_reviewed
        return (*said, f"Packs never reviewed: {never} of {made}.") if made else tuple(said)


@dataclass(frozen=True)
class _Logs:
    """What the entries are counted from."""

    packs: set[tuple[str, Period]]  # team and run
    boards: dict[str, list[date]] | None  # team -> days on which it met; None: no log
    actions: list[dict[str, Any]] | None


def run_ledger(workspace: Workspace, shown: Shown, period: Period) -> RunLedger:
    """Give the ledger of the teams reviewed, up to a period and by its frequency.

    `shown` has each team's measures that leave it: actions on any other are not counted.
    """
    logs = _Logs(_packs(workspace, shown), _boards(workspace), _actions(workspace, shown))
    begun = min((run.end for _, run in logs.packs), default=period.end)
    span = [period.previous(n) for n in reversed(range(SHOWN))]
    entries = [_entry(logs, one, is_told=begun <= one.end < period.end) for one in span]
    is_kept = workspace.published.rows is not None
    return RunLedger(tuple(entries), is_kept, logs.boards is not None)


def _entry(logs: _Logs, period: Period, *, is_told: bool) -> Entry:
    """Count one period; `is_told` where the ledger had begun and its packs are made."""
    made = [team for team, run in logs.packs if run == period]
    days = [(logs.boards or {}).get(team, []) for team in made]
    met = sum(any(_within(day, period.next()) for day in own) for own in days)
    return Entry(
        period,
        packs=len(made) if is_told else None,
        reviewed=met if is_told and logs.boards is not None else None,
        opened=_count(logs.actions, "opened", period),
        closed=_count(logs.actions, "closed", period),
    )


def _packs(workspace: Workspace, shown: Shown) -> set[tuple[str, Period]]:
    """Give the packs that the ledger holds of these teams."""
    rows = workspace.published.rows
    if rows is None:
        return set()
    pairs = rows[["team", "run"]].drop_duplicates().to_numpy()
    found = ((team, run_period(run)) for team, run in pairs if team in shown)
    return {(team, run) for team, run in found if run is not None}


def _boards(workspace: Workspace) -> dict[str, list[date]] | None:
    """Give the days on which each team's board met; None where no log is kept."""
    if workspace.reviews.rows is None:
        return None
    days: dict[str, list[date]] = {}
    for row in rows_of(workspace.reviews.rows):
        if row["kind"] == "board" and row["date"]:
            days.setdefault(row["team"], []).append(row["date"])
    return days


def _actions(workspace: Workspace, shown: Shown) -> list[dict[str, Any]] | None:
    """Give the actions on measures that leave their team; None where no log is kept."""
    if workspace.actions.rows is None:
        return None
    pairs = {(team, measure) for team, own in shown.items() for measure in own}
    pairs |= {("", measure) for _, measure in pairs}
    return [
        row for row in rows_of(workspace.actions.rows) if (row["team"], row["measure"]) in pairs
    ]


def _count(actions: list[dict[str, Any]] | None, column: str, period: Period) -> int | None:
    if actions is None:
        return None
    return sum(_within(row[column], period) for row in actions if row[column])


def _within(day: date, period: Period) -> bool:
    return period.start <= day <= period.end
