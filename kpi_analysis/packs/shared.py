"""The month's workspace and reviews, read and judged once for all packs of a run.

Forked processes inherit what their parent holds. While a month is built, the notebook of every
team finds its workspace and its review here; at any other time, and in a stock kernel, they are
read anew, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview


Reviews = dict[str, TeamReview]


@dataclass(frozen=True)
class Reviewed:
    """A workspace with every team reviewed at a period, and at the period before it."""

    workspace: Workspace
    period: Period
    reviews: Reviews
    before: Reviews


_held: list[Reviewed] = []  # one while a month is built, else none


def review_month(
    path: str | Path, period: Period, teams: Collection[str] | None = None
) -> Reviewed:
    """Read a workspace and review its teams (None: all), or give what is held of them.

    Raises KpiError for a workspace that cannot be opened, or an unknown team.
    """
    for one in _held:
        if one.workspace.root == Path(path) and one.period == period:
            return one
    workspace = open_workspace(path)
    now = review_teams(workspace, period, teams=teams)
    return Reviewed(workspace, period, now, review_teams(workspace, period.previous(), teams=teams))


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
