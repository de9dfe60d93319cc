"""One shared measure as the templates show it: funnel, pairs, visits, small charts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from kpi_analysis.charts import funnel
from kpi_analysis.packs.benchlearning_tiles import Tile
from kpi_analysis.packs.html import draw
from kpi_analysis.review import benchlearning_words as words
from kpi_analysis.review.benchlearning import Comparison
from kpi_analysis.review.benchlearning_facts import Compared
from kpi_analysis.review.benchlearning_pairs import Pair, by_asked
from kpi_analysis.review.funnel_picture import FunnelPicture, funnel_picture

MOST_PAIRS = 8
"""Pairs of a measure on the page of all teams: more than anyone can bring together in a month."""


@dataclass(frozen=True)
class Side:
    """One team of a pair: its size, how its own process does, and what is written down there."""

    name: str
    size: str
    doing: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One comparison as the templates show it; `own` is the team whose page it is on, or "".

    `is_drawn` says whether its funnel is drawn there; `tiles` are the small charts.
    """

    comparison: Comparison
    own: str = ""
    is_drawn: bool = True
    tiles: tuple[Tile, ...] = ()

    @property
    def name(self) -> str:
        """The measure's name."""
        return self.comparison.name

    @property
    def result(self) -> str:
        """The result that the measure is to show."""
        return self.comparison.measure.result

    @property
    def laid(self) -> str:
        """What was laid together."""
        return words.laid_words(self.comparison)

    def _picture(self) -> FunnelPicture | None:
        one = self.comparison
        if one.laid.funnel is None or not self.is_drawn:
            return None
        unit = f" ({one.measure.unit})" if one.measure.unit else ""
        return funnel_picture(
            one.laid.funnel,
            f"{one.name}{unit}",
            across=one.measure.calculation.denominator or "cases",
            better=one.measure.better.value if one.measure.better else "neutral",
            scale=one.laid.scale,
            names=one.names,
            own=self.own,
            decimals=one.decimals,
        )

    @cached_property
    def drawings(self) -> tuple[Markup, ...]:
        """The funnel for a desk and for a phone."""
        picture = self._picture()
        return (draw(funnel.wide(picture)), draw(funnel.phone(picture))) if picture else ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many are outside, the dispersion, and who is beyond but not settled."""
        return (*words.funnel_words(self.comparison), *self._beyond())

    def _beyond(self) -> tuple[str, ...]:
        said = words.beyond_words(self.comparison)
        return (said,) if said else ()

    @property
    def not_compared(self) -> tuple[str, ...]:
        """The teams that are not in the funnel, with the reasons."""
        return tuple(words.not_compared(self.comparison))

    @property
    def no_pair(self) -> str:
        """Why there is nobody to point to."""
        return words.no_pair_words(self.comparison)

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask on a visit."""
        return words.QUESTIONS

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        """The pairs shown: of one team those in which it asks, of all teams those most alike."""
        if self.own:
            return self.comparison.asks.get(self.own, ())
        return self.comparison.nearest_pairs(MOST_PAIRS)

    @property
    def groups(self) -> tuple[tuple[Side, tuple[Side, ...]], ...]:
        """Each team worth asking, with those that could ask it, in the order of teams."""
        asked = by_asked([self._pairs]).values()
        return tuple(
            (self._side(pairs[0].better), tuple(self._side(one.wanting) for one in pairs))
            for pairs in sorted(asked, key=lambda pairs: pairs[0].better.place)
        )

    @property
    def more(self) -> int:
        """Pairs that are not shown here."""
        return 0 if self.own else len(self.comparison.pairs) - len(self._pairs)

    @property
    def askers(self) -> tuple[str, ...]:
        """The names of those who have a reason to ask the team whose page it is on."""
        return tuple(
            self.comparison.names[one.wanting.team]
            for one in self.comparison.asked.get(self.own, ())
        )

    def _side(self, team: Compared) -> Side:
        one = self.comparison
        return Side(one.names[team.team], words.size_words(one, team.team), team.doing, team.notes)

    @property
    def visits(self) -> tuple[str, ...] | None:
        """The visits in words, of one team its own; None where no log of reviews is kept."""
        found = self.comparison.visits
        if found is None:
            return None
        own = self.comparison.visits_of.get(self.own, ()) if self.own else found
        return tuple(words.visit_words(one, self.comparison) for one in own)

    def teams_to_draw(self, charts: int) -> tuple[str, ...]:
        """Give at most so many teams: those that the page speaks of, which have theirs first."""
        every = self.comparison.teams
        if len(every) <= charts:
            return tuple(every)
        named = {each.team for one in self._pairs for each in (one.wanting, one.better)}
        named |= {one.team for one in self.comparison.beyond}
        rest = [team for team in every if team not in named]
        kept = named | set(rest[: max(0, charts - len(named))])
        return tuple(team for team in every if team in kept)

    @property
    def without_chart(self) -> int:
        """Teams that have no small chart here."""
        return len(self.comparison.teams) - len(self.tiles)
