"""The month's workspace and reviews, read and judged once for all packs of a run.

Forked processes inherit what their parent holds. While a month is built, the notebook of every
team finds its workspace and its review here; at any other time, and in a stock kernel, they are
read anew, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.logs import LOGS, Log
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.as_published import earlier_review
from kpi_analysis.review.benchlearning import Comparison, comparisons
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview

Reviews = Mapping[str, TeamReview]


@dataclass(frozen=True)
class Reviewed:
    """A workspace with teams reviewed at a period; `before` has what their last packs said.

    What is held for a whole month has no `before`: each pack works out its own team's. It has
    the rows of the logs by team instead: a pack must not read through those of all the others.
    And it has the measures that teams share, laid beside each other once for all packs.
    """

    workspace: Workspace
    period: Period
    reviews: Reviews
    before: Reviews = field(default_factory=dict)
    logs: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
    shared: tuple[Comparison, ...] | None = None

    def narrowed(self, teams: Collection[str]) -> Workspace:
        """Give the workspace with the rows about these teams, and about all, in its logs."""
        own: dict[str, Any] = {
            name: Log(pd.concat([rows[team] for team in ("", *teams) if team in rows]).sort_index())
            for name, rows in self.logs.items()
        }
        return replace(self.workspace, **own)


_held: list[Reviewed] = []  # one while a month is built, else none


def reviewed(
    workspace: Workspace, period: Period, teams: Collection[str] | None = None
) -> Reviewed:
    """Review the teams of a workspace (None: all) at a period."""
    return Reviewed(workspace, period, review_teams(workspace, period, teams=teams))


def said(month: Reviewed, teams: Collection[str]) -> pd.DataFrame:
    """Give what the packs of some teams say: team, measure, period and value, a row a point."""
    points = [
        one.points[["period", "value"]].assign(team=team, measure=one.measure.id)
        for team in teams
        for one in month.reviews[team].measures
    ]
    columns = ["team", "measure", "period", "value"]
    return pd.concat(points)[columns] if points else pd.DataFrame(columns=columns)


def review_month(path: str | Path, period: Period, teams: Collection[str] | None) -> Reviewed:
    """Give a workspace and the reviews of some teams, from what is held or read anew.

    Of all teams (None) there is no review of the period before. Raises KpiError for a workspace
    that cannot be opened, or an unknown team.
    """
    month = _found(Path(path), period, teams)
    if teams is None:
        return month
    workspace = month.narrowed(teams)
    before = {team: earlier_review(workspace, team, period) for team in teams}
    return replace(month, workspace=workspace, before=before)


def _found(path: Path, period: Period, teams: Collection[str] | None) -> Reviewed:
    ready = [one for one in _held if _has(one, path, period, teams)]
    return ready[0] if ready else reviewed(open_workspace(path, period), period, teams)


def _has(month: Reviewed, path: Path, period: Period, teams: Collection[str] | None) -> bool:
    wanted = month.workspace.teams if teams is None else teams
    is_same = month.workspace.root == path and month.period == period
    return is_same and month.reviews.keys() >= set(wanted)


def hold_month(path: Path, period: Period, teams: Collection[str] | None) -> Reviewed:
    """Keep a month for the processes that are forked from this one, unless it is kept; give it."""
    month = _found(path, period, teams)
    if not any(month is one for one in _held):
        hold(month)
    return month


def hold(month: Reviewed) -> None:
    """Keep a month for the processes that are forked from this one."""
    logs = {name: getattr(month.workspace, name).rows for name in LOGS}
    split = {name: _by_team(rows) for name, rows in logs.items() if rows is not None}
    is_whole = month.reviews.keys() >= set(month.workspace.teams)
    every = month.reviews if is_whole else review_teams(month.workspace, month.period)
    shared = comparisons(month.workspace, every)
    for one in shared:
        _ = one.pairs  # worked out once, for all packs
    _held[:] = [replace(month, logs=split, shared=shared)]


def _by_team(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    teams = {str(team): own for team, own in rows.groupby("team")}
    return {"": rows.iloc[:0], **teams}


@contextmanager
def held(month: Reviewed) -> Iterator[None]:
    """Keep a month for as long as its packs are built, and no longer: files may change."""
    hold(month)
    try:
        yield
    finally:
        _held.clear()
