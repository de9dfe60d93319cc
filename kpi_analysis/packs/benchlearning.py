"""Benchlearning as pages: that of the month about all teams, and the part in a team's own pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.packs.benchlearning_parts import Shown
from kpi_analysis.packs.benchlearning_tiles import small_charts
from kpi_analysis.packs.html import Html, render, style_part
from kpi_analysis.packs.shared import review_month
from kpi_analysis.periods import Period
from kpi_analysis.review import benchlearning_words as words
from kpi_analysis.review import wording
from kpi_analysis.review.benchlearning import Comparison, comparisons
from kpi_analysis.version import VERSION

MOST_CHARTS = 150
"""Small charts on the page; where there are more, the teams that it speaks of have theirs first."""
LEAST_CHARTS = 12
"""Small charts that every measure has, however many measures share the page."""
MOST_FUNNELS = 2
"""Funnels drawn in a team's own pack, which is to stay small; the page of all teams has all."""


@dataclass(frozen=True)
class BenchmarkPage:
    """The page of a month about what teams could learn from each other: head, measures, reading."""

    organisation: str
    period: Period
    made_on: str
    shown: tuple[Shown, ...]

    @property
    def style(self) -> Html:
        """The style sheet, for reading the notebook itself; the page brings its own."""
        return style_part()

    @property
    def answer(self) -> str:
        """Who could learn from whom, in one line."""
        return words.answer([one.comparison for one in self.shown])

    @property
    def head(self) -> Html:
        """What was compared, and who could learn from whom."""
        return self._html("head")

    @property
    def measures(self) -> Html:
        """A part for each measure: funnel, pairs, visits and the charts of all teams."""
        return self._html("measures")

    @property
    def reading(self) -> Html:
        """How to read it, and how it was made."""
        return self._html("reading")

    def _html(self, part: str) -> Html:
        content = {"page": self, "part": part, "version": VERSION}
        return Html(render("parts/benchmark.html", **content), f"{part}: {self.answer}")


def benchmark_page(workspace: str | Path, period: str, made_on: str = "") -> BenchmarkPage:
    """Lay the measures that teams share beside each other, at the end of a period ("2025-03").

    `made_on` is the day printed at the foot. Raises KpiError for a workspace or a period that
    cannot be read.
    """
    month = review_month(workspace, Period.parse(period), None)
    found = month.shared
    if found is None:
        found = comparisons(month.workspace, month.reviews.values())
    each = max(LEAST_CHARTS, MOST_CHARTS // max(1, len(found)))
    shown = [Shown(one) for one in found]
    wanted = [(one.comparison, one.teams_to_draw(each)) for one in shown]
    drawn = zip(shown, small_charts(wanted, month.reviews), strict=True)
    parts = tuple(replace(one, tiles=tiles) for one, tiles in drawn)
    return BenchmarkPage(month.workspace.name, month.period, made_on, parts)


def team_part(found: Iterable[Comparison], team: str, name: str, period: Period) -> Html:
    """Give the part of a team's own pack: the measures that it shares with others.

    Empty where it shares none that a funnel can hold. Only measures that leave their teams are
    among comparisons.
    """
    own = [one for one in found if team in one.laid.sizes]
    first = sorted(range(len(own)), key=lambda n: not own[n].concerns(team))
    shown = [Shown(one, team, n in first[:MOST_FUNNELS]) for n, one in enumerate(own)]
    if not shown:
        return Html(Markup(""), "No measure is shared with another team")
    content = {"shown": shown, "name": name, "period": period}
    text = f"{wording.plural(len(shown), 'measure')} shared with other teams"
    return Html(render("parts/benchlearning.html", **content), text)
