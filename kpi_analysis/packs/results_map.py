"""The results map as a part of a page: drawn where there is room, and as a list that says it."""

from __future__ import annotations

from markupsafe import Markup

from kpi_analysis.charts import inline
from kpi_analysis.charts.tree import tree
from kpi_analysis.packs.html import Html, render
from kpi_analysis.review.map_picture import MapPicture
from kpi_analysis.review.wording import plural


def map_html(picture: MapPicture) -> Html:
    """Give the part of a page that shows a results map; its style is in template/map.css."""
    drawings = [Markup(inline.svg(scene)) for scene in tree(picture)]  # noqa: S704 paint escapes
    words = f"Results map: {plural(sum(1 for _ in picture.all()), 'result')}"
    return Html(render("parts/map.html", picture=picture, drawings=drawings), words)
