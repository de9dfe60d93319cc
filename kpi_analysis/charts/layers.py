"""A scene as coats of paint: all that shares one look is one layer, the undermost first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi_analysis.charts.scene import Anchor, Mark, Scene, Spot, Text
from kpi_analysis.charts.theme import (
    COATS,
    FONTS,
    PENS,
    Coat,
    Form,
    Ink,
    Pen,
    Shape,
    Stroke,
    css_colour,
)

_DOT = 0.05  # px: a round-capped stroke twice as short is a dot, in a tenth of a circle's bytes
_OUTLINES = {  # about a centre, in radii
    Form.DOT: ((-_DOT, 0.0), (_DOT, 0.0)),  # px, whatever the radius
    Form.DIAMOND: ((0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)),
    Form.SQUARE: ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),
    Form.FLAG: ((0.0, -1.1), (2.1, 0.0), (0.0, 1.1)),
}


@dataclass(frozen=True)
class Layer:
    """All that shares one look: outlines to stroke, or to fill where `stroke` is None, or texts."""

    name: str
    ink: Ink
    stroke: Stroke | None = None
    outlines: tuple[tuple[Spot, ...], ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def style(self) -> str:
        """Give the look in CSS."""
        colour = css_colour(self.ink)
        if self.texts:
            first, font = self.texts[0], FONTS[self.texts[0].role]
            anchor = "" if first.anchor is Anchor.START else f";text-anchor:{first.anchor}"
            return f"fill:{colour};font-size:{font.size:g}px;font-weight:{font.weight}{anchor}"
        if self.stroke is None:
            return f"fill:{colour}"
        dash = "{:g} {:g}".format(*self.stroke.dash) if self.stroke.dash else ""
        return (
            f"fill:none;stroke:{colour};stroke-width:{self.stroke.width:g};stroke-linejoin:round"
            + f";stroke-dasharray:{dash}" * bool(dash)
            + ";stroke-linecap:round" * self.stroke.round
        )


def layers(scene: Scene) -> tuple[Layer, ...]:
    """Give a scene's coats of paint: bands, lines, marks and texts."""
    bands = tuple(
        ((b.left, b.top), (b.right, b.top), (b.right, b.bottom), (b.left, b.bottom))
        for b in scene.bands
    )
    grounds = (Layer("band", Ink.BAND, outlines=bands),) if bands else ()
    return (*grounds, *_line_layers(scene), *_mark_layers(scene), *_text_layers(scene))


def _line_layers(scene: Scene) -> Iterator[Layer]:
    for pen in Pen:
        spots = tuple(line.spots for line in scene.lines if line.pen is pen and len(line.spots) > 1)
        if spots:
            yield Layer(pen, PENS[pen].ink, PENS[pen], spots)


def _mark_layers(scene: Scene) -> Iterator[Layer]:
    for shape in Shape:
        marks = [mark for mark in scene.marks if mark.shape is shape]
        for radius in sorted({mark.radius for mark in marks}):
            alike = [mark for mark in marks if mark.radius == radius]
            for coat in COATS[shape]:
                yield _coat(shape, coat, alike, radius + coat.grow)


def _coat(name: str, coat: Coat, marks: list[Mark], radius: float) -> Layer:
    dot = coat.form is Form.DOT
    reach = 1.0 if dot else radius
    outlines = tuple(
        tuple((mark.x + reach * dx, mark.y + reach * dy) for dx, dy in _OUTLINES[coat.form])
        for mark in marks
    )
    return Layer(
        name, coat.ink, Stroke(coat.ink, 2 * radius, round=True) if dot else None, outlines
    )


def _text_layers(scene: Scene) -> Iterator[Layer]:
    looks = dict.fromkeys((t.role, t.ink, t.anchor, t.halo) for t in scene.texts)
    for look in looks:
        texts = tuple(t for t in scene.texts if (t.role, t.ink, t.anchor, t.halo) == look)
        name = f"{look[0]} kpi-halo" if look[3] else look[0]
        yield Layer(name, look[1], texts=texts)
