"""A scene written as SVG to stand inside a page, straight from its layers and without a library."""

from __future__ import annotations

from itertools import pairwise
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
    """Write a path, each step as the way from the spot before: a third shorter in the page.

    Steps are taken between tenths of a pixel, so that no rounding adds up along the line.
    """
    tenths = [(round(x * 10), round(y * 10)) for x, y in spots]
    steps = [(x - u, y - v) for (u, v), (x, y) in pairwise(tenths)]
    start = "M" + _pair(*tenths[0])
    if len(steps) == 1 and not steps[0][1]:
        return f"{start}h{_tenth(steps[0][0])}"
    return start + ("l" + " ".join(_pair(*step) for step in steps) if steps else "")


def _pair(x: int, y: int) -> str:
    return f"{_tenth(x)} {_tenth(y)}".replace(" -", "-")


def _tenth(value: int) -> str:
    text = f"{value / 10:g}"
    return text.replace("0.", ".", 1) if abs(value) < 10 else text


def _px(value: float) -> str:
    return f"{round(value, 1):.1f}".removesuffix(".0")
