"""Benchlearning: the same measure in several teams, and who could learn from whom.

Only measures that leave their team, counted by one version of their definition, over the same
stretch of periods. A team is worth asking where its process is predictably better: no signal in
that stretch, and beyond the limits of a funnel that allows for how much teams differ anyway. A
team has a reason to ask where its target is predictably missed or a signal of concern is there.
There is no rank: teams keep the order of the workspace, and each is pointed to those of its size.

Sources: Spiegelhalter for the funnel (see signals.benchmark); Wheeler, Understanding Variation
(1993), for predictable: a process without a signal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final

from kpi_analysis.definitions.measures import Audience, Better, Measure
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.benchlearning_counts import Laid, first_of_stretch, lay_together
from kpi_analysis.review.benchlearning_visits import LearningVisit, learning_visits
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.verdict import Variation
from kpi_analysis.signals.capability import Capability

MOST_TO_ASK: Final = 2
"""Teams that one team is pointed to: those nearest to it in size."""


@dataclass(frozen=True)
class Pair:
    """A team that has a reason to ask, and one that is predictably better at the same measure."""

    wanting: MeasureReview
    better: MeasureReview
    apart: float  # how much larger or smaller one of the two is: |log| of the denominators' ratio

    def holds(self, team: str) -> bool:
        """Tell whether a team is one of the two."""
        return team in (self.wanting.team, self.better.team)


@dataclass(frozen=True)
class Comparison:
    """One measure in all teams that count it by the same version of its definition.

    `reviews` are in the order of the workspace; `others` are the teams that count by another
    version, each with it; `visits` is None where no log of reviews is kept.
    """

    measure: Measure
    first: Period
    last: Period
    reviews: tuple[MeasureReview, ...]
    names: Mapping[str, str]
    laid: Laid
    others: tuple[tuple[str, int], ...]
    visits: tuple[LearningVisit, ...] | None

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.measure.name or self.measure.id

    @cached_property
    def beyond(self) -> tuple[MeasureReview, ...]:
        """The teams beyond the funnel's 95 % limits on the good side."""
        side = {Better.HIGHER: 1, Better.LOWER: -1}.get(self.measure.better or Better.NEUTRAL)
        if self.laid.funnel is None or side is None:
            return ()
        table = self.laid.funnel.table
        teams = set(table.loc[table["side"] == side, "team"])
        return tuple(one for one in self.reviews if one.team in teams)

    @cached_property
    def worth_asking(self) -> tuple[MeasureReview, ...]:
        """Those of them whose process is predictable: no signal in the whole stretch."""
        return tuple(one for one in self.beyond if self._is_predictable(one))

    def _is_predictable(self, one: MeasureReview) -> bool:
        stretch = one.points["period"] >= str(self.first)
        return one.variation is Variation.NONE and not one.points.loc[stretch, "signal"].any()

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Who could ask whom, in the order of those who have a reason to ask."""
        sizes, good = self.laid.sizes, {one.team for one in self.beyond}
        asking = [
            one for one in self.reviews if one.team in sizes.keys() - good and _has_reason(one)
        ]
        return tuple(
            Pair(one, other, abs(log(sizes[other.team] / sizes[one.team])))
            for one in asking
            for other in sorted(self.worth_asking, key=_Unlike(sizes, one.team))[:MOST_TO_ASK]
        )

    def nearest_pairs(self, most: int) -> tuple[Pair, ...]:
        """Give at most so many pairs: those most alike in size, in their usual order."""
        order = sorted(range(len(self.pairs)), key=lambda n: self.pairs[n].apart)
        return tuple(self.pairs[n] for n in sorted(order[:most]))


@dataclass(frozen=True)
class _Unlike:
    """How many times larger or smaller than `team` another one is, as a key to sort by."""

    sizes: Mapping[str, float]
    team: str

    def __call__(self, other: MeasureReview) -> tuple[float, str]:
        return abs(log(self.sizes[other.team] / self.sizes[self.team])), other.team


def _has_reason(one: MeasureReview) -> bool:
    """Tell whether a team's target is out of its process's reach, or it is getting worse."""
    return one.capability is Capability.FAIL or one.variation is Variation.CONCERN


def comparisons(workspace: Workspace, reviews: Mapping[str, TeamReview]) -> tuple[Comparison, ...]:
    """Lay every measure that leaves its team beside the same measure of the other teams.

    `reviews` are those of all teams at one period. A measure of one team alone has nothing to be
    laid beside, and one that is its team's own is nobody else's business. In the order of the
    workspace's measures.
    """
    found: dict[str, list[MeasureReview]] = {name: [] for name in workspace.measures}
    for review in reviews.values():
        for one in review.measures:
            if one.measure.audience is not Audience.TEAM:
                found[one.measure.id].append(one)
    names = {team: review.name for team, review in reviews.items()}
    shared = (each for each in found.values() if len(each) > 1)
    return tuple(_comparison(workspace, each, names) for each in shared)


def _comparison(
    workspace: Workspace, found: Sequence[MeasureReview], names: Mapping[str, str]
) -> Comparison:
    newest = max(found, key=lambda one: (one.period.end, _version(one)))
    same = tuple(one for one in found if _is_alike(one, newest))
    first = first_of_stretch(newest.measure, newest.period)
    return Comparison(
        measure=newest.measure,
        first=first,
        last=newest.period,
        reviews=same,
        names=names,
        laid=lay_together(same, newest.measure, first, newest.period),
        others=tuple((one.team, _version(one)) for one in found if one not in same),
        visits=learning_visits(workspace, same, newest.measure.id),
    )


def _version(one: MeasureReview) -> int:
    return one.measure.version or 1


def _is_alike(one: MeasureReview, newest: MeasureReview) -> bool:
    return _version(one) == _version(newest) and one.period == newest.period
