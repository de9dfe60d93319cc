"""The leaders' index: one line a team, in the order of what waits for a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_analysis.errors import Finding
from kpi_analysis.packs.html import render, style_sheet
from kpi_analysis.periods import Period
from kpi_analysis.review import wording
from kpi_analysis.review.duty import Response
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.verdict import Duty
from kpi_analysis.version import VERSION


@dataclass(frozen=True)
class Line:
    """One measure in a team's row."""

    label: str
    measure: str
    detail: str


@dataclass(frozen=True)
class Row:
    """One team: `page` is empty where there is none, `failed` says why."""

    team: str
    division: str
    page: str
    failed: str
    headline: str
    unanswered: int
    waiting: tuple[Line, ...]
    thanks: tuple[Line, ...]


@dataclass(frozen=True)
class Built:
    """What became of a team's pack: the page's file name, or the reason why there is none."""

    page: str = ""
    reason: str = ""


def index_page(
    name: str,
    period: Period,
    reviews: Sequence[TeamReview],
    built: Mapping[str, Built],
    faults: Sequence[Finding] = (),
    made_on: str = "",
) -> str:
    """Give the index as a whole page; a failed pack is listed with its reason."""
    ordered = sorted(reviews, key=lambda one: (-one.unanswered, -_owed(one), one.name))
    rows = [_row(review, built.get(review.id, Built(reason="not built"))) for review in ordered]
    body = render(
        "parts/leaders.html",
        name=name,
        period=period,
        answer=answer(reviews),
        rows=rows,
        faults=faults,
        made_on=made_on,
        version=VERSION,
    )
    title = f"{name}: review of {period.label}"
    return str(render("shell.html", title=title, style=_style(), body=body))


def _style() -> object:
    from markupsafe import Markup

    return Markup(style_sheet())  # noqa: S704 our own file, no data in it


def answer(reviews: Sequence[TeamReview]) -> str:
    """Say in one line what waits, over all teams."""
    owed = sum(_owed(one) for one in reviews)
    waiting = sum(_owed(one) > 0 for one in reviews)
    if not owed:
        return f"No response is owed by any of {wording.plural(len(reviews), 'team')}."
    return (
        f"{wording.plural(owed, 'response')} owed, by {waiting} of "
        f"{wording.plural(len(reviews), 'team')}."
    )


def _owed(review: TeamReview) -> int:
    return sum(one.answer.response is Response.OWED for one in review.for_leaders)


def _row(review: TeamReview, built: Built) -> Row:
    visible = review.for_leaders
    return Row(
        team=review.name,
        division=review.team.division,
        page=built.page,
        failed=built.reason,
        headline=wording.counts([one.verdict for one in visible]),
        unanswered=review.unanswered,
        waiting=tuple(_waiting(one) for one in visible if one.answer.response is Response.OWED),
        thanks=tuple(_thanks(one) for one in visible if one.verdict.duty is Duty.IMPROVEMENT),
    )


def _waiting(review: MeasureReview) -> Line:
    name, silence = review.measure.name or review.measure.id, wording.response_words(review)
    if review.verdict.red:
        return Line(review.verdict.label, name, f"{wording.detail(review)}. {silence}")
    return Line("An earlier signal of concern", name, silence)


def _thanks(review: MeasureReview) -> Line:
    name = review.measure.name or review.measure.id
    return Line(review.verdict.label, name, wording.detail(review))
