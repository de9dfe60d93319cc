"""The buy-in wall: a sheet for each measure in the making, with room for what people say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.errors import DefinitionError
from kpi_analysis.packs.html import render
from kpi_analysis.prompt.page import Page
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.logs import REACTIONS
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.picture import Picture

IN_THE_MAKING = (Status.DRAFT, Status.TRIAL)


@dataclass(frozen=True)
class Sheet:
    """One measure on paper; `picture` is None where it has no chart yet."""

    measure: Measure
    team: str
    picture: Picture | None


def wall(workspace: Workspace | str | Path, *measures: str, team: str = "") -> Page:
    """Give the buy-in wall: one A4 sheet for each draft or trial measure, to print and to hang.

    What people write on a sheet goes into reactions.csv, as its foot says.

    Args:
        workspace: a workspace, or the path of one.
        measures: ids to hang instead, whatever their status.
        team: whose chart is shown; without it that of the first team with values.

    Raises:
        KpiError: the workspace cannot be opened, or a measure or the team is not in it.

    >>> import kpi_analysis as kpi
    >>> kpi.wall("data/demo", "ward-falls").title
    'Buy-in wall, Demo: four teams of three sectors'

    """
    ready = workspace if isinstance(workspace, Workspace) else open_workspace(workspace)
    chosen = _chosen(ready, measures)
    sheets = list(_sheets(ready, chosen, [team] if team else None))
    body = render("parts/wall.html", name=ready.name, sheets=sheets, columns=REACTIONS)
    return Page(f"Buy-in wall, {ready.name}", (body,))


def _chosen(workspace: Workspace, names: Collection[str]) -> list[Measure]:
    for name in names:
        if name not in workspace.measures:
            known = or_known(name, workspace.measures)
            raise DefinitionError(fault(f"no measure '{name}' in this workspace{known}"))
    return [
        one
        for one in workspace.measures.values()
        if (one.id in names if names else one.status in IN_THE_MAKING)
    ]


def _sheets(
    workspace: Workspace, measures: list[Measure], teams: list[str] | None
) -> Iterator[Sheet]:
    reviews = review_teams(workspace, teams=teams)
    charts = {
        one.measure.id: (board.name, picture(one))
        for board in reversed(reviews.values())
        for one in board.measures
        if one.points["value"].notna().any()
    }
    for measure in measures:
        yield Sheet(measure, *charts.get(measure.id, ("", None)))
