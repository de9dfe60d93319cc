"""One team at one review period: its measures in the order of what waits."""

from __future__ import annotations

from dataclasses import dataclass

from kpi_analysis.definitions.measures import Audience
from kpi_analysis.definitions.settings import Team
from kpi_analysis.periods import Period
from kpi_analysis.review import wording
from kpi_analysis.review.duty import Response
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.verdict import Group, Variation

_ORDER = (Group.LOSING, Group.UNSETTLED, Group.CHANGED, Group.IMPROVING, Group.WINNING,
          Group.STEADY, Group.NOT_JUDGED)  # fmt: skip


@dataclass(frozen=True)
class TeamReview:
    """A team's measures, reds without a response first; `headline` answers for all of them."""

    id: str
    team: Team
    period: Period
    measures: tuple[MeasureReview, ...]
    board_limit: int

    @property
    def name(self) -> str:
        """The team's name as people say it."""
        return self.team.name or self.id

    @property
    def board(self) -> tuple[MeasureReview, ...]:
        """The measures of the one-page board: at most `board_limit`."""
        return self.measures[: self.board_limit]

    @property
    def headline(self) -> str:
        """Are we winning or losing, and what is owed: one line."""
        return headline(self.measures)

    @property
    def for_leaders(self) -> tuple[MeasureReview, ...]:
        """The measures that leave the team: none whose audience is the team alone."""
        return tuple(one for one in self.measures if one.measure.audience is not Audience.TEAM)

    @property
    def unanswered(self) -> int:
        """How many reds of those that leave the team have no recorded response."""
        return sum(one.unanswered_red for one in self.for_leaders)


def traded(review: MeasureReview, among: tuple[MeasureReview, ...]) -> tuple[MeasureReview, ...]:
    """Give the guards of an improving measure that get worse, of those `among` the measures."""
    if review.variation is not Variation.IMPROVING:
        return ()
    return worse_guards(review, among)


def worse_guards(
    review: MeasureReview, among: tuple[MeasureReview, ...]
) -> tuple[MeasureReview, ...]:
    """Give the guards of a measure that get worse, of those `among` the measures."""
    guards = (one for one in among if one.measure.id in review.measure.guards)
    return tuple(one for one in guards if one.variation is Variation.CONCERN)


def headline(measures: tuple[MeasureReview, ...]) -> str:
    """Give the first line of a board or of a team's row in the index."""
    return wording.headline([one.verdict for one in measures], [one.answer for one in measures])


def in_order(measures: list[MeasureReview]) -> tuple[MeasureReview, ...]:
    """Sort: red without response, red with response, improving, steady, not judged."""
    return tuple(sorted(measures, key=_rank))


def _rank(review: MeasureReview) -> tuple[bool, bool, bool, bool, int, str]:
    group = review.verdict.group
    return (
        not review.verdict.red,
        review.answer.response is not Response.OWED,
        group is Group.NOT_JUDGED,
        group in (Group.WINNING, Group.STEADY) and review.variation is Variation.NONE,
        _ORDER.index(group),
        review.measure.id,
    )
