"""All packs of a period: read everything, see what is due, and have it made.

What makes pages is imported only when one is due: a month in which nothing changed costs little
more than reading it.
"""

from __future__ import annotations

from dataclasses import replace

from kpi_analysis.errors import PackError
from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.packs.plan import Heard, Plan, Run
from kpi_analysis.packs.publish import month_folder
from kpi_analysis.packs.standing import Task, standing
from kpi_analysis.packs.targets import targets
from kpi_analysis.records.workspace import open_workspace
from kpi_analysis.review.scope import known_teams


def build_month(plan: Plan, on_done: Heard = lambda _done, _all: None) -> Run:
    """Build the packs of a period and its index; `on_done` hears how many of how many are done.

    Packs of teams that the workspace does not have any more go, unless the run is over some teams
    only, or the workspace has errors: a team may then only seem to be gone.

    Raises KpiError before anything is written where the workspace cannot be opened, a team is
    unknown, the output folder cannot be written or another run is writing to it; later only
    where the disk is full. Raises Stopped at Ctrl-C. What was finished is then there, told in
    run.json and listed in the index.
    """
    if plan.scheduler:  # its workers stand in folders of their own
        plan = replace(plan, workspace=plan.workspace.absolute(), out=plan.out.absolute())
    workspace = open_workspace(plan.workspace, plan.period)
    teams = known_teams(workspace, plan.teams)
    if not workspace.series and not workspace.findings:
        from kpi_analysis.definitions.steps import why_no_chart

        raise PackError(why_no_chart(workspace.measures.values()))
    if not any(team in teams for team, _ in workspace.series):
        raise PackError(f"no values up to {plan.period.label}: there is nothing to review")
    with month_folder(plan.out, str(plan.period)) as folder:
        wanted = targets(workspace, plan, NOTEBOOKS / "packs", folder)
        before = standing(folder.folder, folder.earlier(), wanted, plan)
        task = Task(plan, workspace, teams, folder, wanted, before)
        if before.is_current:
            return task.report(before.records)
        from kpi_analysis.packs.making import Making

        return Making(task).make(on_done)
