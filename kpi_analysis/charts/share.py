"""A share with its interval, in a strip from 0 to 100 %: one row of a table, without any colour."""

from __future__ import annotations

from kpi_analysis.charts.scene import Anchor, Format, Line, Mark, Scene, Text, plain
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape

_WIDTH, _HEIGHT = 220.0, 30.0
_LEFT, _RIGHT, _MIDDLE = 8.0, 206.0, 8.0


def strip(share: float, interval: tuple[float, float], alt: str) -> Scene:
    """Draw a share (0 to 1) and its interval on the whole scale; `alt` says it in words."""
    low, high = interval
    ends = [Text(Role.AXIS, Ink.SOFT, _x(at), _HEIGHT - 4, f"{100 * at:.0f}", Anchor.MIDDLE)
            for at in (0.0, 0.5, 1.0)]  # fmt: skip
    ticks = [Line(Pen.HAIR, ((_x(at), _MIDDLE - 4), (_x(at), _MIDDLE + 7))) for at in (0, 0.5, 1)]
    span = Line(Pen.VALUE, ((_x(low), _MIDDLE), (_x(high), _MIDDLE)))
    scale = Line(Pen.HAIR, ((_x(0), _MIDDLE), (_x(1), _MIDDLE)))
    return Scene(
        format=Format.SPARK,
        width=_WIDTH,
        height=_HEIGHT,
        alt=plain(alt),
        bands=(),
        lines=(*ticks, scale, span),
        marks=(Mark(Shape.POINT, _x(share), _MIDDLE, 4.0),),
        texts=tuple(ends),
    )


def _x(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share
