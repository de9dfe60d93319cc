"""The month's workspace, read once for all packs of a run, and what all packs share of it.

Forked processes inherit what their parent holds. While a month is built, the notebook of every
team finds its workspace here, and what the teams have in common; it reviews its own team. At any
other time, and in a stock kernel, all is read anew, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from kpi_analysis.periods import Period
from kpi_analysis.records.by_team import ByTeam
from kpi_analysis.records.logs import LOGS, Log
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.as_published import earlier_review
from kpi_analysis.review.benchlearning import Comparison, comparisons
from kpi_analysis.review.reviews import Reviews
from kpi_analysis.review.team_review import TeamReview


@dataclass(frozen=True)
class Reviewed:
    """A workspace with the reviews of its teams at a period, made when they are asked for.

    `before` has what the last packs of some teams said. What is held for a whole month has the
    rows of the logs by team: a pack must not read through those of all the others. And it has the
    measures that teams share, laid beside each other once for all packs.
    """

    workspace: Workspace
    period: Period
    reviews: Reviews
    before: Mapping[str, TeamReview] = field(default_factory=dict)
    logs: Mapping[str, ByTeam] = field(default_factory=dict)
    shared: tuple[Comparison, ...] | None = None

    def narrowed(self, teams: Collection[str]) -> Workspace:
        """Give the workspace with the rows about these teams, and about all, in its logs."""
        own: dict[str, Any] = {name: Log(rows.of(*teams)) for name, rows in self.logs.items()}
        return replace(self.workspace, **own)


Figures = tuple[str, str, ExtensionArray, npt.NDArray[np.float64]]

_held: list[Reviewed] = []  # one while a month is built, else none


def reviewed(
    workspace: Workspace, period: Period, teams: Collection[str] | None = None
) -> Reviewed:
    """Give the reviews of the teams of a workspace (None: all) at a period."""
    return Reviewed(workspace, period, Reviews(workspace, period, teams))


def figures(review: TeamReview) -> tuple[Figures, ...]:
    """Give what a team's pack says: of each measure its periods and their values."""
    return tuple(
        (one.team, one.measure.id, one.points["period"].array, one.points["value"].to_numpy())
        for one in review.measures
    )


def said(each: Collection[Figures]) -> pd.DataFrame:
    """Give what packs say as a table: team, measure, period and value, a row a point."""
    if not each:
        return pd.DataFrame(columns=["team", "measure", "period", "value"])
    owners, measures, periods, values = zip(*each, strict=True)
    lengths = [len(one) for one in values]
    return pd.DataFrame(
        {
            "team": np.repeat(owners, lengths),
            "measure": np.repeat(measures, lengths),
            "period": np.concatenate(periods),
            "value": np.concatenate(values),
        }
    )


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


def hold(month: Reviewed) -> None:
    """Keep a month, made ready by `ready_to_hold`, for the processes forked from this one."""
    _held[:] = [month]


def ready_to_hold(month: Reviewed, reviews: Iterable[TeamReview]) -> Reviewed:
    """Split the logs of a month by team, and lay what its teams share beside each other.

    `reviews` are those of all teams; they are gone over once.
    """
    logs = {name: getattr(month.workspace, name).rows for name in LOGS}
    split = {name: ByTeam(rows) for name, rows in logs.items() if rows is not None}
    return replace(month, logs=split, shared=comparisons(month.workspace, reviews))


@contextmanager
def held(month: Reviewed) -> Iterator[None]:
    """Keep a month for as long as its packs are built, and no longer: files may change."""
    hold(month)
    try:
        yield
    finally:
        _held.clear()
