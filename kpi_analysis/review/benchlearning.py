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

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from kpi_analysis.definitions.measures import Better, Measure
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.benchlearning_counts import Counts, Laid, Stretch, count, lay_together
from kpi_analysis.review.benchlearning_facts import Compared, Notes, compared
from kpi_analysis.review.benchlearning_pairs import Pair, by_asked, pairs_of
from kpi_analysis.review.benchlearning_visits import LearningVisit, Since, VisitLog, by_team
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview


@dataclass(frozen=True)
class Comparison:
    """One measure in all teams that count it by the same version of its definition.

    `teams` has their facts by id, in the order of the workspace; `others` are the teams that count
    by another version, each with it; `decimals` are those of the first team's values. `beyond` are
    the teams beyond the funnel's 95 % limits on the good side, `worth_asking` those of them whose
    process is predictable. `visits` is None where no log of reviews is kept. A pack looks up its
    own team: among the pairs in which it `asks` or is `asked`, and in `visits_of`.
    """

    stretch: Stretch
    decimals: int
    teams: Mapping[str, Compared]
    names: Mapping[str, str]
    laid: Laid
    others: tuple[tuple[str, int], ...]
    beyond: tuple[Compared, ...]
    worth_asking: tuple[Compared, ...]
    asks: Mapping[str, tuple[Pair, ...]]
    asked: Mapping[str, tuple[Pair, ...]]
    visits: tuple[LearningVisit, ...] | None
    visits_of: Mapping[str, tuple[LearningVisit, ...]]

    @property
    def measure(self) -> Measure:
        """The definition."""
        return self.stretch.measure

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.measure.name or self.measure.id

    def concerns(self, team: str) -> bool:
        """Tell whether a team has a reason to ask, or is one to ask."""
        return team in self.asks or team in self.asked

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Who could ask whom, in the order of those who have a reason to ask."""
        return tuple(chain.from_iterable(self.asks.values()))

    def nearest_pairs(self, most: int) -> tuple[Pair, ...]:
        """Give at most so many pairs: those most alike in size, in their usual order."""
        order = sorted(range(len(self.pairs)), key=lambda n: self.pairs[n].apart)
        return tuple(self.pairs[n] for n in sorted(order[:most]))


def comparisons(workspace: Workspace, reviews: Iterable[TeamReview]) -> tuple[Comparison, ...]:
    """Lay every measure that leaves its team beside the same measure of the other teams.

    `reviews` are those of all teams at one period; they are gone over once, and none is kept. A
    measure of one team alone has nothing to be laid beside, and one that is its team's own is
    nobody else's business. In the order of the workspace's measures.
    """
    taking = _Taking(workspace)
    taking.take(reviews)
    return tuple(taking.comparisons())


@dataclass(frozen=True)
class _Taken:
    """What is taken of one review; `since` says what its chart did since each visit."""

    facts: Compared
    counts: Counts
    since: Since


@dataclass(frozen=True)
class _Group:
    """The teams that count a measure by one version up to one period, and so over one stretch."""

    stretch: Stretch
    decimals: int
    taken: list[_Taken] = field(default_factory=list)


class _Taking:
    """The way over the reviews: what is taken of each measure, in groups of what is counted alike.

    Which group is the newest is known at the end only; the stretch of each is known at once.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._notes = Notes(workspace)
        self._visits = VisitLog(workspace.reviews.rows)
        self._names: dict[str, str] = {}
        self._groups: dict[str, dict[tuple[Period, int], _Group]] = {
            name: {} for name in workspace.measures
        }

    def take(self, reviews: Iterable[TeamReview]) -> None:
        """Take of each review what stays, and let go of it."""
        for place, review in enumerate(reviews):
            self._names[review.id] = review.name
            for one in review.for_leaders:
                group = self._group(one)
                facts = compared(one, place, group.stretch.periods, self._notes)
                counts = count(one, group.stretch)
                group.taken.append(_Taken(facts, counts, self._visits.since(one)))

    def _group(self, one: MeasureReview) -> _Group:
        groups = self._groups[one.measure.id]
        key = one.period, one.measure.version or 1
        if key not in groups:
            groups[key] = _Group(Stretch.until(one.measure, one.period), one.decimals)
        return groups[key]

    def comparisons(self) -> Iterator[Comparison]:
        """Lay together what several teams have, each measure by its newest period and version."""
        for groups in self._groups.values():
            if sum(len(one.taken) for one in groups.values()) > 1:
                yield self._comparison(groups.values())

    def _comparison(self, groups: Collection[_Group]) -> Comparison:
        newest = max(groups, key=lambda one: (one.stretch.last.end, one.stretch.version))
        stretch, teams = newest.stretch, {one.facts.team: one.facts for one in newest.taken}
        laid = lay_together([one.counts for one in newest.taken], stretch)
        beyond = tuple(_beyond(teams, laid, stretch.measure.better))
        worth_asking = tuple(one for one in beyond if one.is_predictable)
        asks = pairs_of(_asking(teams.values(), laid, beyond), worth_asking, laid.sizes)
        since = {one.facts.team: one.since for one in newest.taken if one.since}
        visits = self._visits.about(stretch.measure.id, stretch.last.end, since)
        return Comparison(
            stretch=stretch,
            decimals=newest.decimals,
            teams=teams,
            names=self._names,
            laid=laid,
            others=_others(one for one in groups if one is not newest),
            beyond=beyond,
            worth_asking=worth_asking,
            asks=asks,
            asked=by_asked(asks.values()),
            visits=visits,
            visits_of=by_team(visits or ()),
        )


def _beyond(teams: Mapping[str, Compared], laid: Laid, better: Better | None) -> Iterator[Compared]:
    side = {Better.HIGHER: 1, Better.LOWER: -1}.get(better or Better.NEUTRAL)
    if laid.funnel is not None and side is not None:
        table = laid.funnel.table
        outside = set(table.loc[table["side"] == side, "team"])
        yield from (one for team, one in teams.items() if team in outside)


def _asking(
    teams: Iterable[Compared], laid: Laid, beyond: Collection[Compared]
) -> Iterator[Compared]:
    may_ask = laid.sizes.keys() - {one.team for one in beyond}
    return (one for one in teams if one.has_reason and one.team in may_ask)


def _others(groups: Iterable[_Group]) -> tuple[tuple[str, int], ...]:
    """Give the teams that count otherwise, each with its version, in the order of the workspace."""
    found = [(one.facts, each.stretch.version) for each in groups for one in each.taken]
    in_order = sorted(found, key=lambda one: one[0].place)
    return tuple((facts.team, version) for facts, version in in_order)
