"""One shared measure as the templates show it: funnel, pairs, visits, a small chart a team."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from kpi_analysis.charts import funnel, xmr_chart
from kpi_analysis.packs.html import draw
from kpi_analysis.review import benchlearning_words as words
from kpi_analysis.review import wording
from kpi_analysis.review.benchlearning import Comparison, Pair
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.funnel_picture import FunnelPicture, funnel_picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.signals.benchmark import Standing

MOST_PAIRS = 8
"""Pairs of a measure on the page of all teams: more than anyone can bring together in a month."""


@dataclass(frozen=True)
class Tile:
    """One team among the small charts of a measure."""

    name: str
    chart: Markup
    verdict: str
    figures: str


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

    `is_drawn` says whether its funnel is drawn there, `charts` how many small charts it may have.
    """

    comparison: Comparison
    own: str = ""
    is_drawn: bool = True
    charts: int = 0

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

    @cached_property
    def picture(self) -> FunnelPicture | None:
        """The funnel as it is drawn; None where there is none."""
        one = self.comparison
        if one.laid.funnel is None:
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
            decimals=one.reviews[0].decimals,
        )

    @cached_property
    def drawings(self) -> tuple[Markup, ...]:
        """The funnel for a desk and for a phone."""
        if self.picture is None or not self.is_drawn:
            return ()
        return draw(funnel.wide(self.picture)), draw(funnel.phone(self.picture))

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
            return tuple(one for one in self.comparison.pairs if one.wanting.team == self.own)
        return self.comparison.nearest_pairs(MOST_PAIRS)

    @property
    def groups(self) -> tuple[tuple[Side, tuple[Side, ...]], ...]:
        """Each team worth asking, with those that could ask it, in the order of teams."""
        asked = {one.better.team: one.better for one in self._pairs}
        return tuple(
            (
                self._side(asked[team]),
                tuple(self._side(one.wanting) for one in self._pairs if one.better.team == team),
            )
            for team in (one.team for one in self.comparison.reviews)
            if team in asked
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
            for one in self.comparison.pairs
            if one.better.team == self.own
        )

    def _side(self, review: MeasureReview) -> Side:
        one = self.comparison
        return Side(
            one.names[review.team],
            words.size_words(one, review.team),
            f"{review.verdict.label}: {wording.detail(review)}",
            words.written_down(review),
        )

    @property
    def visits(self) -> tuple[str, ...] | None:
        """The visits in words, of one team its own; None where no log of reviews is kept."""
        found = self.comparison.visits
        if found is None:
            return None
        own = (one for one in found if not self.own or one.holds(self.own))
        return tuple(words.visit_words(one, self.comparison) for one in own)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """A small chart of every team, all on one scale, in the order of teams."""
        shown = [one for one in self._spoken_of() if one.points["value"].notna().any()]
        pictures = [replace(picture(one), alt=self._alt(one)) for one in shown]
        if not pictures:
            return ()
        within = xmr_chart.shared_span(pictures)
        return tuple(
            Tile(
                self.comparison.names[one.team],
                draw(xmr_chart.small(drawn, within)),
                one.verdict.label,
                self._figures(one),
            )
            for one, drawn in zip(shown, pictures, strict=True)
        )

    def _spoken_of(self) -> tuple[MeasureReview, ...]:
        every = self.comparison.reviews
        if len(every) <= self.charts:
            return every
        pairs = self.comparison.nearest_pairs(MOST_PAIRS)
        named = {one.team for pair in pairs for one in (pair.wanting, pair.better)}
        named |= {one.team for one in self.comparison.beyond}
        rest = [one.team for one in every if one.team not in named]
        kept = named | set(rest[: max(0, self.charts - len(named))])
        return tuple(one for one in every if one.team in kept)

    @property
    def without_chart(self) -> int:
        """Teams that have no small chart here."""
        return len(self.comparison.reviews) - len(self.tiles)

    def _alt(self, one: MeasureReview) -> str:
        said = f"{one.verdict.label}: {wording.detail(one)}"
        return f"{self.comparison.names[one.team]}, last 24 periods: {said}"

    def _figures(self, one: MeasureReview) -> str:
        """Say where a team lies in the funnel."""
        if one.team not in self._rows:
            return "not in the funnel" if self.comparison.laid.funnel else ""
        value, denominator, standing, side = self._rows[one.team]
        shown = wording.number(value * self.comparison.laid.scale, one.decimals)
        where = (
            {1: ", above", -1: ", below"}.get(side, "") if standing is not Standing.INSIDE else ""
        )
        of = wording.with_unit(shown, one.measure.unit)
        return f"{of} of {denominator:,.0f}; {standing.value}{where}"

    @cached_property
    def _rows(self) -> dict[str, tuple[float, float, Standing, int]]:
        if self.comparison.laid.funnel is None:
            return {}
        table = self.comparison.laid.funnel.table
        columns = (table[name].tolist() for name in ("value", "denominator", "standing", "side"))
        return dict(zip(table["team"].tolist(), zip(*columns, strict=True), strict=True))
