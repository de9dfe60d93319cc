"""A funnel in hand: the chart, the sentences that state its dispersion, and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kpi_analysis.charts import funnel as charts
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.review import benchlearning_words as words
from kpi_analysis.review.benchlearning import Comparison
from kpi_analysis.review.funnel_picture import Better, funnel_picture, sentences
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.signals import benchmark
from kpi_analysis.signals.benchmark import Funnel, Kind


@dataclass(frozen=True)
class FunnelView:
    """A funnel that shows itself: `.table` has every team, `.draw` names and saves."""

    funnel: Funnel

    @property
    def table(self) -> pd.DataFrame:
        """A row a team in the order of names, with limits and standing; columns of TABLE."""
        return self.funnel.table

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many are outside, the dispersion, and what limits of chance alone would say."""
        return sentences(self.funnel)

    def draw(
        self,
        title: str = "The same measure across teams",
        *,
        across: str = "denominator",
        better: Better = "neutral",
        scale: float | None = None,
        names: Mapping[str, str] | None = None,
        own: str = "",
        decimals: int = 1,
    ) -> Drawing:
        """Give the chart with a title; `own` is a team that is named whatever it does."""
        picture = funnel_picture(
            self.funnel, title, across=across, better=better, scale=scale, names=names, own=own,
            decimals=decimals,
        )  # fmt: skip
        return Drawing(title, (charts.wide(picture),), self.sentences, (charts.phone(picture),))

    def _repr_html_(self) -> str:
        return self.draw()._repr_html_()

    def __repr__(self) -> str:
        return "\n".join(self.sentences)


def funnel(
    frame: pd.DataFrame,
    kind: Kind = "proportion",
    *,
    team: str = "team",
    numerator: str = "numerator",
    denominator: str = "denominator",
    spread: str = "spread",
    centre: float | None = None,
) -> FunnelView:
    """Lay the same measure of several teams into one funnel that shows itself.

    `frame` has rows of one measure of one definition; several rows of a team are added up.
    `kind` is "proportion" ("arcsine" on FunnelPlotR's scale), "rate", "ratio" or "mean"; a mean
    takes sums in `numerator`, counts in `denominator` and standard deviations in `spread`.
    `centre` is what teams are held against, all of them together where None. Raises KpiError for
    counts that cannot be, or fewer than 5 teams.
    """
    found = benchmark.funnel(
        frame, kind, team=team, numerator=numerator, denominator=denominator, spread=spread,
        centre=centre,
    )  # fmt: skip
    return FunnelView(found)


def team_funnel(one: MeasureReview, found: Sequence[Comparison]) -> Drawing:
    """Give the funnel of a measure over its teams; its sentences alone where there is none."""
    same = next((each for each in found if each.measure.id == one.measure.id), None)
    if same is None:
        why = "No other team counts this measure and shares it: there is no funnel."
        return Drawing(one.name, (), (why,))
    said = (words.laid_words(same), *words.not_compared(same))
    if same.laid.funnel is None:
        return Drawing(one.name, (), (same.laid.why_not, *said))
    unit = f" ({one.measure.unit})" if one.measure.unit else ""
    view = FunnelView(same.laid.funnel).draw(
        f"{one.name}{unit}",
        across=one.measure.calculation.denominator or "cases",
        better=one.measure.better.value if one.measure.better else "neutral",
        scale=same.laid.scale,
        names=same.names,
        own=one.team,
        decimals=one.decimals,
    )
    return replace(view, sentences=(*view.sentences, *said))
