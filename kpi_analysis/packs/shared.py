"""The month's workspace and reviews, read and judged once for all packs of a run.

Forked processes inherit what their parent holds. While a month is built, the notebook of every
team finds its workspace and its review here; at any other time, and in a stock kernel, they are
read anew, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview


@dataclass(frozen=True)
class Reviewed:
    """A workspace as it stands at a period, every team reviewed."""

    workspace: Workspace
    period: Period
    reviews: dict[str, TeamReview]


_held: list[Reviewed] = []  # one while a month is built, else none


def review_month(path: str | Path, period: Period) -> Reviewed:
    """Read a workspace and review all its teams at a period, or give what is held of them."""
    for one in _held:
        if one.workspace.root == Path(path) and one.period == period:
            return one
    workspace = open_workspace(path)
    return Reviewed(workspace, period, review_teams(workspace, period))


def review_team(path: str | Path, team: str, period: Period) -> tuple[Workspace, TeamReview]:
    """Give a workspace and the review of one team, from what is held or read anew."""
    if _held:
        month = review_month(path, period)
        if team in month.reviews:
            return month.workspace, month.reviews[team]
    workspace = open_workspace(path)
    return workspace, review_teams(workspace, period, teams=[team])[team]


def hold(month: Reviewed) -> None:
    """Keep a month for the processes that are forked from this one."""
    _held[:] = [month]


@contextmanager
def held(month: Reviewed) -> Iterator[None]:
    """Keep a month for as long as its packs are built, and no longer: files may change."""
    hold(month)
    try:
        yield
    finally:
        _held.clear()
