"""The small charts of measures that teams share, those of a measure all on one scale."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from kpi_analysis.charts import xmr_chart
from kpi_analysis.packs.html import draw
from kpi_analysis.review import wording
from kpi_analysis.review.benchlearning import Comparison
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.benchmark import Standing


@dataclass(frozen=True)
class Tile:
    """One team among the small charts of a measure."""

    name: str
    chart: Markup
    verdict: str
    figures: str


def small_charts(
    wanted: Iterable[tuple[Comparison, Collection[str]]], reviews: Mapping[str, TeamReview]
) -> list[tuple[Tile, ...]]:
    """Draw a small chart of each of these teams for each measure, in the order of teams.

    A team's review is asked for once, however many of its measures are drawn, and not kept. A
    team without any value has no chart.
    """
    sheets = [_Sheet(one, teams) for one, teams in wanted]
    places = {team: one.place for each in sheets for team, one in each.teams.items()}
    for team in sorted(places, key=places.__getitem__):
        review = reviews[team]
        for sheet in sheets:
            if team in sheet.teams:
                sheet.take(review)
    return [each.tiles() for each in sheets]


class _Sheet:
    """The small charts of one measure, while its teams are gone over."""

    def __init__(self, comparison: Comparison, teams: Collection[str]) -> None:
        self.teams = {team: comparison.teams[team] for team in teams}
        self._comparison = comparison
        self._rows = _rows(comparison)
        self._drawn: dict[str, tuple[Picture, str]] = {}

    def take(self, review: TeamReview) -> None:
        """Make the picture of a team."""
        name = self._comparison.measure.id
        one = next(one for one in review.measures if one.measure.id == name)
        if one.points["value"].notna().any():
            alt = f"{review.name}, last 24 periods: {self.teams[one.team].doing}"
            self._drawn[one.team] = replace(picture(one), alt=alt), self._figures(one)

    def tiles(self) -> tuple[Tile, ...]:
        """Draw the pictures, on the scale that holds all of them."""
        if not self._drawn:
            return ()
        within = xmr_chart.shared_span(picture for picture, _ in self._drawn.values())
        return tuple(
            Tile(
                self._comparison.names[team],
                draw(xmr_chart.small(picture, within)),
                self.teams[team].label,
                figures,
            )
            for team, (picture, figures) in self._drawn.items()
        )

    def _figures(self, one: MeasureReview) -> str:
        """Say where a team lies in the funnel."""
        if one.team not in self._rows:
            return "not in the funnel" if self._rows else ""
        value, denominator, standing, side = self._rows[one.team]
        shown = wording.number(value * self._comparison.laid.scale, one.decimals)
        where = {1: ", above", -1: ", below"}.get(side, "")
        of = wording.with_unit(shown, one.measure.unit)
        return f"{of} of {denominator:,.0f}; {standing.value}{where}"


def _rows(comparison: Comparison) -> dict[str, tuple[float, float, Standing, int]]:
    """Give value, denominator, standing and side of each team in the funnel."""
    if comparison.laid.funnel is None:
        return {}
    table = comparison.laid.funnel.table
    columns = (table[name].tolist() for name in ("value", "denominator", "standing", "side"))
    return dict(zip(table["team"].tolist(), zip(*columns, strict=True), strict=True))
