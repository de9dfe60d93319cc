"""HTML made from the templates: escaped once, here, whatever the data hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kpi_analysis.charts import inline, xmr_chart
from kpi_analysis.charts.scene import Scene
from kpi_analysis.charts.theme import CSS
from kpi_analysis.review import wording
from kpi_analysis.review.picture import Picture

TEMPLATES = Path(__file__).parent / "template"
_SHEETS = ("page.css", "map.css", "month.css")


@dataclass(frozen=True)
class Html:
    """A finished part of a page; a notebook shows it, `text` stands for it in a terminal."""

    markup: str
    text: str

    def _repr_html_(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return self.text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(wide=wide, phone=phone, spark=spark)
    environment.filters["day"] = wording.day
    return environment


def render(template: str, **content: object) -> Markup:
    """Fill one of the templates; every value is escaped but for markup made here."""
    return Markup(_environment().get_template(template).render(**content))  # noqa: S704 the template escapes


def compile_templates() -> None:
    """Compile every template now, and not when the first page needs it."""
    environment = _environment()
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


@cache
def style_sheet() -> str:
    """Give the style of all pages: that of the charts and that of the texts around them."""
    sheets = [(TEMPLATES / name).read_text(encoding="utf-8") for name in _SHEETS]
    return CSS + "".join(sheets)


def style_part() -> Html:
    """Give the style sheet as a part of a notebook, for reading it there; a page brings its own."""
    sheet = Markup(style_sheet())  # noqa: S704 our own file, no data in it
    return Html(Markup("<style>{}</style>").format(sheet), "style sheet")


def wide(picture: Picture) -> Markup:
    """Draw a chart for a desk or for paper."""
    return draw(xmr_chart.wide(picture))


def phone(picture: Picture) -> Markup:
    """Draw a chart for a phone."""
    return draw(xmr_chart.phone(picture))


def spark(picture: Picture) -> Markup:
    """Draw the small chart of a board's row."""
    return draw(xmr_chart.spark(picture))


def draw(scene: Scene) -> Markup:
    """Draw a scene as inline SVG."""
    return Markup(inline.svg(scene))  # noqa: S704 paint escapes every text
