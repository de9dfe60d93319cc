"""The rows of the leaders' index: one a team, in the order of what waits, and never a ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kpi_analysis.packs.publish import PackRecord
from kpi_analysis.review import wording
from kpi_analysis.review.leaders import LeaderView, Waiting
from kpi_analysis.review.measure_review import MeasureReview

MANY = 20
"""From so many teams on, the index has headings, and a list of names to find a team by."""


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


@dataclass(frozen=True)
class Line:
    """One measure in a team's row."""

    label: str
    measure: str
    detail: str


@dataclass(frozen=True)
class Row:
    """One team: `page` is empty where there is none, `failed` says why.

    With both, the page is that of an earlier run. `asked` waits for a leader; `silence` says how
    many reds have no response, once for all of them; `name` is safe as an anchor.
    """

    team: str
    name: str
    division: str
    visits: tuple[str, ...]
    headline: str
    group: str
    asked: tuple[Line, ...]
    silence: str
    waiting: tuple[Line, ...]
    thanks: tuple[Line, ...]
    page: str = ""
    failed: str = ""

    def with_page(self, became: Built) -> Row:
        """Give the row with what became of the team's page."""
        return replace(self, page=became.page, failed=became.reason)


@dataclass(frozen=True)
class Group:
    """Rows for which the same kind of thing waits."""

    heading: str
    rows: tuple[Row, ...]


def row_of(view: LeaderView, name: str) -> Row:
    """Give a team's row; what becomes of its page, `name`, is not known yet."""
    review = view.review
    return Row(
        team=review.name,
        name=name,
        division=review.team.division,
        visits=_visits(view),
        headline=wording.counts([one.verdict for one in review.for_leaders]),
        group=_heading(view),
        asked=tuple(map(_asked, view.waiting)),
        silence=_silence(review.unanswered),
        waiting=tuple(_lines(view)),
        thanks=tuple(Line(one.verdict.label, one.name, wording.detail(one)) for one in view.thanks),
    )


def groups(rows: Sequence[Row]) -> tuple[Group, ...]:
    """Give the rows, in their order, under a heading for each kind of waiting."""
    return tuple(Group(heading, tuple(each)) for heading, each in groupby(rows, _group))


def by_name(rows: Sequence[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Give the rows by name, under the first letter of each."""
    in_order = sorted(rows, key=lambda row: (row.team.casefold(), row.name))
    return tuple((letter, tuple(each)) for letter, each in groupby(in_order, _letter))


def _group(row: Row) -> str:
    return row.group


def _letter(row: Row) -> str:
    return row.team[:1].upper()


def _heading(view: LeaderView) -> str:
    if view.waiting:
        return "Waiting for a leader"
    if view.review.unanswered:
        return "A red without a response"
    return "An earlier signal without a response" if view.owed else "No response owed"


def _silence(unanswered: int) -> str:
    if not unanswered:
        return ""
    return f"No response recorded to {wording.plural(unanswered, 'red measure')}"


def _visits(view: LeaderView) -> tuple[str, ...]:
    """Say when a leader last came and the board last met; nothing where no log is kept."""
    if view.last_visit == view.last_met == "not recorded":
        return ()
    return f"Leader's last visit: {view.last_visit}", f"Board last met: {view.last_met}"


def _lines(view: LeaderView) -> Iterator[Line]:
    """Give what waits for the team: reds, then earlier signals, then trades to be checked."""
    yield from map(_owing, view.owed)
    for one, worse in view.trades:
        names = "; ".join(guard.name for guard in worse)
        yield Line("Check the trade", one.name, f"it improves while a guard gets worse ({names})")


def _asked(one: Waiting) -> Line:
    days = wording.plural(one.days, "day")
    return Line("For a leader", one.action, f"{one.asked}, asked {days} ago, has not answered yet")


def _owing(review: MeasureReview) -> Line:
    if review.verdict.red:
        return Line(review.verdict.label, review.name, wording.detail(review))
    return Line("An earlier signal of concern", review.name, wording.response_words(review))
