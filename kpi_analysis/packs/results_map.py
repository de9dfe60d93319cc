"""The results map on pages: a part of a team's pack, and a page of the month about all teams."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.charts import inline
from kpi_analysis.charts.tree import tree
from kpi_analysis.packs.html import Html, render, style_part
from kpi_analysis.packs.index_rows import MANY
from kpi_analysis.packs.notebooks import pages_about_all
from kpi_analysis.packs.publish import page_names
from kpi_analysis.packs.shared import review_month
from kpi_analysis.periods import Period
from kpi_analysis.review.map_picture import MapPicture
from kpi_analysis.review.results_map import results_map
from kpi_analysis.review.wording import plural
from kpi_analysis.version import VERSION


def map_html(picture: MapPicture) -> Html:
    """Give the part of a page that shows a results map; its style is in template/map.css."""
    drawings = [Markup(inline.svg(scene)) for scene in tree(picture)]  # noqa: S704 paint escapes
    words = f"Results map: {plural(sum(1 for _ in picture.all()), 'result')}"
    return Html(render("parts/map.html", picture=picture, drawings=drawings), words)


@dataclass(frozen=True)
class ResultsMapPage:
    """The page: head, map, reading. `picture` is None where results.yml cannot be read.

    `teams` are (name, page's name), in the order of the workspace.
    """

    organisation: str
    period: Period
    made_on: str
    picture: MapPicture | None
    teams: tuple[tuple[str, str], ...]

    @property
    def style(self) -> Html:
        """The style sheet, for reading the notebook itself; the page brings its own."""
        return style_part()

    @property
    def answer(self) -> str:
        """How many results have something below them: what is missing, never a score."""
        if self.picture is None:
            return "No map: results.yml cannot be read. Where and why, the index says."
        every = [*self.picture.all()]
        without = sum(one.unmeasured for one in every)
        told = plural(len(every), "result")
        if without:
            return f"{told}; {without} of them without a measure yet."
        return f"{told}, each shown by a measure or by the results below it."

    @property
    def head(self) -> Html:
        """What the map holds, and the way to every team."""
        return self._html("head")

    @property
    def map(self) -> Html:
        """The map itself, as a drawing and as a list; empty where there is none."""
        return Html(Markup(""), "No map") if self.picture is None else map_html(self.picture)

    @property
    def reading(self) -> Html:
        """How to read it, and how it was made."""
        return self._html("reading")

    def _html(self, part: str) -> Html:
        content = {"page": self, "part": part, "version": VERSION, "many": MANY}
        return Html(render("parts/goals.html", **content), f"{part}: {self.answer}")


def results_map_page(workspace: str | Path, period: str, made_on: str = "") -> ResultsMapPage:
    """Draw the results map with the verdicts of all teams at a period ("2025-03"), as a page.

    `made_on` is the day printed at the foot. Raises KpiError for a workspace or a period that
    cannot be read.
    """
    month = review_month(workspace, Period.parse(period), None)
    held = month.workspace
    picture = results_map(held.results, held.measures, month.reviews) if held.results else None
    pages = page_names(held.teams, page_names(pages_about_all()).values())
    teams = tuple((team.name or name, pages[name]) for name, team in held.teams.items())
    return ResultsMapPage(held.name, month.period, made_on, picture, teams)
