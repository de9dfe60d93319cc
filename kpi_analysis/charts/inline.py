"""A scene written as SVG to stand inside a page, straight from its layers and without a library."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from kpi_analysis.charts.layers import Layer, layers
from kpi_analysis.charts.scene import Scene, Spot


def svg(scene: Scene) -> str:
    """Give a scene as one `<svg>` element to stand in a page: no prolog, style sheet or ids.

    Colours are CSS variables with the light value as fallback, words are text in the page's
    font, and the same scene gives the same bytes. What `paint.png` draws of it is the same.
    """
    inside = "".join(_layer(coat) for coat in layers(scene))
    size = f"{scene.width:g} {scene.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kpi-chart kpi-{scene.format}" role="img" '
        f'aria-label={quoteattr(scene.alt)} viewBox="0 0 {size}" width="{scene.width:g}" '
        f'height="{scene.height:g}" style="font-variant-numeric:tabular-nums">{inside}</svg>'
    )


def _layer(coat: Layer) -> str:
    look = f'class="kpi-{coat.name}" style="{coat.style}"'
    if coat.texts:
        texts = (
            f'<text x="{_px(text.x)}" y="{_px(text.y)}">{escape(text.text)}</text>'
            for text in coat.texts
        )
        return f"<g {look}>{''.join(texts)}</g>"
    close = "z" if coat.stroke is None else ""
    path = "".join(_outline(outline) + close for outline in coat.outlines)
    return f'<path {look} d="{path}"/>'


def _outline(spots: tuple[Spot, ...]) -> str:
    return "M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in spots)


def _px(value: float) -> str:
    return f"{round(value, 1):.1f}".removesuffix(".0")
