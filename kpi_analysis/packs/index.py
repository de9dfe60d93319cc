"""The leaders' index: one line a team, in the order of what waits for a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kpi_analysis.errors import Level
from kpi_analysis.packs.html import render, style_sheet
from kpi_analysis.packs.publish import PackRecord
from kpi_analysis.packs.shared import Reviewed
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.leaders import (
    LeaderView,
    Waiting,
    decisions,
    goals_without_measures,
    leader_views,
)
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.questions import COACHING, TO_A_LEADER
from kpi_analysis.version import VERSION


@dataclass(frozen=True)
class Line:
    """One measure in a team's row."""

    label: str
    measure: str
    detail: str


@dataclass(frozen=True)
class Row:
    """One team: `page` is empty where there is none, `failed` says why.

    With both, the page is that of an earlier run.
    """

    team: str
    division: str
    last_visit: str
    last_met: str
    walk: str
    page: str
    failed: str
    headline: str
    unanswered: int
    waiting: tuple[Line, ...]
    thanks: tuple[Line, ...]


@dataclass(frozen=True)
class Built:
    """What became of a pack or page: its file name, or the reason why there is none.

    With both, the page is that of an earlier run over the same period.
    """

    page: str = ""
    reason: str = ""

    @classmethod
    def of(cls, record: PackRecord) -> Built:
        """Give what became of a page from its record."""
        if record.is_there:
            return cls(page=record.page)
        reason = record.reason or "not built yet"
        return cls(record.page if record.kept else "", reason)


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
    workspace = issue.workspace
    body = render(
        "parts/leaders.html",
        name=workspace.name,
        period=issue.period,
        answer=answer(issue.views),
        about_all=about_all,
        rows=[_row(view, issue, built) for view in issue.views],
        decisions=None if workspace.actions.rows is None else decisions(issue.views),
        goals=goals_without_measures(workspace),
        coaching=COACHING,
        faults=[one for one in workspace.findings if one.level is Level.ERROR],
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


def _row(view: LeaderView, issue: Issue, built: Mapping[str, Built]) -> Row:
    review = view.review
    became = built.get(review.id, Built(reason="not built"))
    return Row(
        team=review.name,
        division=review.team.division,
        last_visit=view.last_visit,
        last_met=view.last_met,
        walk=issue.names[review.id],
        page=became.page,
        failed=became.reason,
        headline=wording.counts([one.verdict for one in review.for_leaders]),
        unanswered=review.unanswered,
        waiting=(
            *map(_asked, view.waiting),
            *map(_owing, view.owed),
            *(_traded(one, worse) for one, worse in view.trades),
        ),
        thanks=tuple(Line(one.verdict.label, one.name, wording.detail(one)) for one in view.thanks),
    )


def _asked(one: Waiting) -> Line:
    days = wording.plural(one.days, "day")
    return Line("For a leader", one.action, f"{one.asked}, asked {days} ago, has not answered yet")


def _traded(one: MeasureReview, worse: Sequence[MeasureReview]) -> Line:
    names = "; ".join(guard.name for guard in worse)
    return Line("Check the trade", one.name, f"it improves while a guard gets worse ({names})")


def _owing(review: MeasureReview) -> Line:
    silence = wording.response_words(review)
    if review.verdict.red:
        return Line(review.verdict.label, review.name, f"{wording.detail(review)}. {silence}")
    return Line("An earlier signal of concern", review.name, silence)
