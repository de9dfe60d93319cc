"""Which teams, and up to which period, a review is of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kpi_analysis.errors import DefinitionError, Finding, Level
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.faults import fault
from kpi_analysis.records.series_table import newest_day
from kpi_analysis.records.workspace import Workspace


def known_teams(workspace: Workspace, teams: Collection[str] | None) -> list[str]:
    """Give these teams (None: all) in the order of the workspace; KpiError for an unknown one."""
    for team in teams or ():
        if team not in workspace.teams:
            message = f"team '{team}' is not in this workspace{or_known(team, workspace.teams)}"
            raise DefinitionError(fault(message))
    return [team for team in workspace.teams if teams is None or team in teams]


def last_complete(period: Period, frequency: Frequency) -> Period:
    """Give the last period of `frequency` that has ended when `period` ends."""
    at = Period.containing(period.end, frequency)
    return at if at.end <= period.end else at.previous()


def out_of_date(workspace: Workspace, period: Period) -> Iterator[Finding]:
    """Give a warning where no measure has a value in the period: all its pages say "no value"."""
    newest = newest_day(workspace.series)
    if newest is not None and newest < period.start:
        last = Period.containing(newest, period.frequency)
        message = f"no measure has a value of {period.label}, the newest is of {last.label}"
        cure = "bring the values up to date, or give another --period"
        yield fault(f"{message}: {cure}", level=Level.WARNING)
