"""The leaders' index: one line a team, in the order of what waits for a response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from markupsafe import Markup

from kpi_analysis.definitions.measures import Audience
from kpi_analysis.errors import Finding, Level
from kpi_analysis.packs.html import render, style_sheet
from kpi_analysis.packs.index_rows import MANY, Built, Row, by_name, groups, row_of
from kpi_analysis.packs.shared import Reviewed
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.leaders import (
    LeaderView,
    Waiting,
    goals_without_measures,
    leader_views,
)
from kpi_analysis.review.questions import COACHING, TO_A_LEADER
from kpi_analysis.review.run_ledger import run_ledger
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.version import VERSION

Pages = Sequence[tuple[str, Built]]


@dataclass(frozen=True)
class Entry:
    """What index and walk sheets say of one team: its texts, and nothing of its review.

    `owed` counts the measures that owe a response, `measures` names those that leave the team.
    """

    team: str
    order: tuple[int, int, int, str]
    row: Row
    sheet: Markup
    waiting: tuple[Waiting, ...]
    owed: int
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Issue:
    """What the index and the walk sheets of one period are about, in the order of what waits."""

    workspace: Workspace
    period: Period
    entries: tuple[Entry, ...]
    made_on: str

    @classmethod
    def of(cls, month: Reviewed, entries: Iterable[Entry], made_on: str) -> Issue:
        """Give the issue of a month, of the entries of its teams in any order."""
        in_order = tuple(sorted(entries, key=attrgetter("order")))
        return cls(month.workspace, month.period, in_order, made_on)


def entries(month: Reviewed, names: Mapping[str, str]) -> Iterator[tuple[Entry, TeamReview]]:
    """Review the teams, and give of each its entry and, to be let go of, the review itself.

    `names` has each team's page, without .html.
    """
    for view in leader_views(month.workspace, month.reviews.values()):
        yield _entry(view, names[view.review.id], month), view.review


def _entry(view: LeaderView, name: str, month: Reviewed) -> Entry:
    content = {"view": view, "name": name, "organisation": month.workspace.name,
               "period": month.period, "to_a_leader": TO_A_LEADER, "wording": wording}  # fmt: skip
    return Entry(
        team=view.review.id,
        order=view.order,
        row=row_of(view, name),
        sheet=render("parts/walk.html", **content),
        waiting=view.waiting,
        owed=len(view.owed),
        measures=tuple(one.measure.id for one in view.review.for_leaders),
    )


def index_page(issue: Issue, built: Mapping[str, Built], about_all: Pages = ()) -> str:
    """Give the leaders' index as a whole page; a failed pack is listed with its reason.

    `about_all` are the pages about all teams, each with its title.
    """
    workspace, absent = issue.workspace, Built(reason="not built")
    rows = [one.row.with_page(built.get(one.team, absent)) for one in issue.entries]
    body = render(
        "parts/leaders.html",
        name=workspace.name,
        period=issue.period,
        answer=answer(issue.entries),
        about_all=about_all,
        groups=groups(rows),
        by_name=by_name(rows) if len(rows) >= MANY else (),
        visits_kept=workspace.reviews.rows is not None,
        decisions=None if workspace.actions.rows is None else decisions(issue.entries),
        goals=goals_without_measures(workspace),
        coaching=COACHING,
        ledger=run_ledger(
            workspace, {one.team: one.measures for one in issue.entries}, issue.period
        ),
        faults=[one for one in workspace.findings if _is_for_leaders(one, workspace)],
        made_on=issue.made_on,
        version=VERSION,
    )
    return _page(f"{workspace.name}: review of {issue.period.label}", body)


def walk_page(issue: Issue) -> str:
    """Give the walk sheets of all teams as a page: one sheet of paper a team, room for notes."""
    title = f"{issue.workspace.name}: walk sheets, {issue.period.label}"
    sheets = [one.sheet for one in issue.entries]
    return _page(title, render("parts/walks.html", title=title, sheets=sheets))


def _page(title: str, body: Markup) -> str:
    style = Markup(style_sheet())  # noqa: S704 our own file, no data in it
    return str(render("shell.html", title=title, style=style, body=body))


def answer(entries: Sequence[Entry]) -> str:
    """Say in one line what waits, over all teams."""
    owed = sum(one.owed for one in entries)
    teams = wording.plural(len(entries), "team")
    waiting = sum(len(one.waiting) for one in entries)
    parts = []
    if waiting:
        parts.append(f"{wording.plural(waiting, 'action')} waiting for a leader.")
    if owed:
        by = sum(one.owed > 0 for one in entries)
        parts.append(f"{wording.plural(owed, 'response')} owed, by {by} of {teams}.")
    return " ".join(parts) or f"No response is owed by any of {teams}."


def decisions(entries: Sequence[Entry]) -> tuple[tuple[str, Waiting], ...]:
    """Give what only a leader can decide, what waits longest first, each with its team."""
    found = [(one.row.team, each) for one in entries for each in one.waiting]
    return tuple(sorted(found, key=lambda pair: -pair[1].days))


def _is_for_leaders(fault: Finding, workspace: Workspace) -> bool:
    """Tell of faults, but of none in a measure that is a team's alone."""
    measure = workspace.measures.get(fault.measure or "")
    is_own = measure is not None and measure.audience is Audience.TEAM
    return fault.level is Level.ERROR and not is_own
