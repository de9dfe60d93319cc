"""Who could ask whom: each team that has a reason to ask, with those nearest to it in size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import chain, groupby, islice
from math import log
from operator import attrgetter
from typing import Final

from kpi_analysis.review.benchlearning_facts import Compared

MOST_TO_ASK: Final = 2
"""Teams that one team is pointed to: those nearest to it in size."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A team that has a reason to ask, and one that is predictably better at the same measure."""

    wanting: Compared
    better: Compared
    apart: float  # how much larger or smaller one of the two is: |log| of the denominators' ratio


def pairs_of(
    asking: Iterable[Compared], worth: Iterable[Compared], sizes: Mapping[str, float]
) -> dict[str, tuple[Pair, ...]]:
    """Point each team that asks to those worth asking that are nearest in size, then by name.

    Gives the pairs by the team that asks, in the order of `asking`; `sizes` are denominators.
    """
    in_order = _BySize(worth, sizes)
    found = {
        one.team: tuple(
            Pair(one, other, apart) for apart, _, other in in_order.nearest(sizes[one.team])
        )
        for one in asking
    }
    return {team: pairs for team, pairs in found.items() if pairs}


def by_asked(pairs: Iterable[tuple[Pair, ...]]) -> dict[str, tuple[Pair, ...]]:
    """Give pairs by the team that is asked, in the order of those who ask."""
    found: dict[str, list[Pair]] = {}
    for one in chain.from_iterable(pairs):
        found.setdefault(one.better.team, []).append(one)
    return {team: tuple(each) for team, each in found.items()}


class _BySize:
    """Teams in the order of their sizes, so that of thousands only the nearest are looked at."""

    def __init__(self, teams: Iterable[Compared], sizes: Mapping[str, float]) -> None:
        by_size: dict[float, list[Compared]] = {}
        for one in sorted(teams, key=attrgetter("team")):
            by_size.setdefault(sizes[one.team], []).append(one)
        self._sizes = sorted(by_size)
        # of one size only the first by name can be among the nearest
        self._teams = [by_size[size][:MOST_TO_ASK] for size in self._sizes]

    def nearest(self, size: float) -> Iterator[tuple[float, str, Compared]]:
        """Give the teams most alike in size: how far apart, the name and the team."""
        at = bisect_left(self._sizes, size)
        smaller, larger = range(at - 1, -1, -1), range(at, len(self._sizes))
        both = merge(self._away(smaller, size), self._away(larger, size))
        return islice(both, MOST_TO_ASK)

    def _away(self, places: Iterable[int], size: float) -> Iterator[tuple[float, str, Compared]]:
        for apart, tied in groupby(places, key=lambda n: abs(log(self._sizes[n] / size))):
            alike = [(apart, one.team, one) for n in tied for one in self._teams[n]]
            yield from sorted(alike, key=lambda each: each[1])
