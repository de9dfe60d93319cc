"""The page of a month about the health of the KPI system itself: questions with their figures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.charts.share import strip
from kpi_analysis.packs.html import Html, draw, render, style_part
from kpi_analysis.packs.shared import review_month
from kpi_analysis.periods import Period
from kpi_analysis.review.health import Health, Indicator, health
from kpi_analysis.review.wording import plural
from kpi_analysis.version import VERSION

_GROUPS = {
    "S": "What KPIs are good for",
    "W": "What goes wrong with them",
    "O": "What could be made of them",
    "T": "What threatens them",
}


@dataclass(frozen=True)
class HealthPage:
    """The page: head, indicators, questions, reading. No total, no colour, no judgement."""

    organisation: str
    period: Period
    made_on: str
    health: Health

    @property
    def style(self) -> Html:
        """The style sheet, for reading the notebook itself; the page brings its own."""
        return style_part()

    @property
    def groups(self) -> tuple[tuple[str, tuple[Indicator, ...]], ...]:
        """The indicators under the four questions of the polls."""
        found = groupby(self.health.indicators, key=_letter)
        return tuple((_GROUPS[letter], tuple(every)) for letter, every in found)

    @property
    def answer(self) -> str:
        """How much could be counted at all: the one line that is no judgement."""
        every = self.health.indicators
        absent = sum(one.count is None for one in every)
        told = f"{plural(len(every) - absent, 'indicator')} of {len(every)} could be counted"
        return f"{told}; {absent} not recorded or held back." if absent else f"{told}."

    @property
    def head(self) -> Html:
        """What the page is, and how much of it could be counted."""
        return self._html("head")

    @property
    def indicators(self) -> Html:
        """The sixteen indicators, each with its count, its interval and what it cannot tell."""
        return self._html("indicators")

    @property
    def questions(self) -> Html:
        """Nine questions about the boards, each with its figures and another way to read them."""
        return self._html("questions")

    @property
    def reading(self) -> Html:
        """How to read it, and how it was made."""
        return self._html("reading")

    def _html(self, part: str) -> Html:
        content = {"page": self, "part": part, "version": VERSION, "strip": _strip}
        return Html(render("parts/health.html", **content), f"{part}: {self.answer}")


def _letter(one: Indicator) -> str:
    return one.question.id[0]


def _strip(one: Indicator) -> Markup:
    """Draw the share of an indicator with its interval; nothing where there is none."""
    if one.count is None or one.interval is None:
        return Markup("")
    share = one.count.numerator / one.count.n
    return draw(strip(share, one.interval, f"{one.question.words}: {one.told}"))


def health_page(workspace: str | Path, period: str, made_on: str = "") -> HealthPage:
    """Count the health of the KPI system at the end of a period ("2025-03"), as a page.

    `made_on` is the day printed at the foot. Raises KpiError for a workspace or a period that
    cannot be read.
    """
    month = review_month(workspace, Period.parse(period), None)
    found = health(month.workspace, month.period, reviews=month.reviews)
    return HealthPage(month.workspace.name, month.period, made_on, found)
