"""The leaders' index: one line a team, in the order of what waits for a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kpi_analysis.definitions.measures import Audience
from kpi_analysis.errors import Finding, Level
from kpi_analysis.packs.html import render, style_sheet
from kpi_analysis.packs.index_rows import MANY, Built, by_name, groups, row_of
from kpi_analysis.packs.shared import Reviewed
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.leaders import (
    LeaderView,
    decisions,
    goals_without_measures,
    leader_views,
)
from kpi_analysis.review.questions import COACHING, TO_A_LEADER
from kpi_analysis.review.run_ledger import run_ledger
from kpi_analysis.version import VERSION

Pages = Sequence[tuple[str, Built]]


@dataclass(frozen=True)
class Issue:
    """What the index and the walk sheets of one period are about."""

    workspace: Workspace
    period: Period
    views: tuple[LeaderView, ...]
    names: Mapping[str, str]  # team -> its page's name, which is safe as an anchor too
    made_on: str

    @classmethod
    def of(cls, month: Reviewed, names: Mapping[str, str], made_on: str) -> Issue:
        """Give the issue of a reviewed month."""
        views = leader_views(month.workspace, month.reviews)
        return cls(month.workspace, month.period, views, names, made_on)


def index_page(issue: Issue, built: Mapping[str, Built], about_all: Pages = ()) -> str:
    """Give the leaders' index as a whole page; a failed pack is listed with its reason.

    `about_all` are the pages about all teams, each with its title.
    """
    workspace, absent = issue.workspace, Built(reason="not built")
    rows = [
        row_of(view, issue.names[view.review.id], built.get(view.review.id, absent))
        for view in issue.views
    ]
    body = render(
        "parts/leaders.html",
        name=workspace.name,
        period=issue.period,
        answer=answer(issue.views),
        about_all=about_all,
        groups=groups(rows),
        by_name=by_name(rows) if len(rows) >= MANY else (),
        visits_kept=workspace.reviews.rows is not None,
        decisions=None if workspace.actions.rows is None else decisions(issue.views),
        goals=goals_without_measures(workspace),
        coaching=COACHING,
        ledger=run_ledger(
            workspace, {one.review.id: one.review for one in issue.views}, issue.period
        ),
        faults=[one for one in workspace.findings if _is_for_leaders(one, workspace)],
        made_on=issue.made_on,
        version=VERSION,
    )
    return _page(f"{workspace.name}: review of {issue.period.label}", body)


def walk_page(issue: Issue) -> str:
    """Give the walk sheets of all teams as a page: one sheet of paper a team, room for notes."""
    body = render(
        "parts/walk.html",
        name=issue.workspace.name,
        period=issue.period,
        views=issue.views,
        names=issue.names,
        to_a_leader=TO_A_LEADER,
        wording=wording,
    )
    return _page(f"{issue.workspace.name}: walk sheets, {issue.period.label}", body)


def _page(title: str, body: Markup) -> str:
    style = Markup(style_sheet())  # noqa: S704 our own file, no data in it
    return str(render("shell.html", title=title, style=style, body=body))


def answer(views: Sequence[LeaderView]) -> str:
    """Say in one line what waits, over all teams."""
    owed = sum(len(view.owed) for view in views)
    teams = wording.plural(len(views), "team")
    waiting = sum(len(view.waiting) for view in views)
    parts = []
    if waiting:
        parts.append(f"{wording.plural(waiting, 'action')} waiting for a leader.")
    if owed:
        by = sum(bool(view.owed) for view in views)
        parts.append(f"{wording.plural(owed, 'response')} owed, by {by} of {teams}.")
    return " ".join(parts) or f"No response is owed by any of {teams}."


def _is_for_leaders(fault: Finding, workspace: Workspace) -> bool:
    """Tell of faults, but of none in a measure that is a team's alone."""
    measure = workspace.measures.get(fault.measure or "")
    is_own = measure is not None and measure.audience is Audience.TEAM
    return fault.level is Level.ERROR and not is_own
