"""A scene painted by matplotlib as PNG; inline.py writes the same as SVG.

Nearly all of an ordinary matplotlib save is `Axis.draw`. Here there is no Axis: one artist hands
the renderer a compound path for all items of one look. No other module of charts imports
matplotlib.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D

from kpi_analysis.charts.layers import Layer, layers
from kpi_analysis.charts.scene import Anchor, Scene, Spot
from kpi_analysis.charts.theme import FONTS, LIGHT, Ink

_FAMILY = "DejaVu Sans"  # comes with matplotlib; in a page the page's own font stands instead
_FONTS = {
    role: FontProperties(family=_FAMILY, size=font.size, weight=700 if font.weight > 500 else 400)
    for role, font in FONTS.items()
}
_MARGIN = 14.0  # px round a PNG, which has no page about it
_ALIGN = {Anchor.START: "left", Anchor.MIDDLE: "center", Anchor.END: "right"}


def png(scene: Scene, scale: float = 2.0) -> bytes:
    """Give a scene as PNG in the light colours on paper, `scale` pixels to a px, with a margin."""
    width, height = scene.width + 2 * _MARGIN, scene.height + 2 * _MARGIN
    figure = Figure(figsize=(width / 72, height / 72), facecolor=LIGHT[Ink.PAPER])
    origin = _MARGIN, height - _MARGIN
    figure.add_artist(_Painter(layers(scene), origin))
    for text in scene.texts:
        figure.text(
            (origin[0] + text.x) / width,
            (origin[1] - text.y) / height,
            text.text,
            font=_FONTS[text.role],
            color=LIGHT[text.ink],
            horizontalalignment=_ALIGN[text.anchor],
            parse_math=False,
            path_effects=[withStroke(linewidth=3, foreground=LIGHT[Ink.PAPER])] * text.halo,
        )
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=72 * scale, metadata={"Software": None})
    return out.getvalue()


class _Painter(Artist):
    """Hands layers to a renderer, each as one group of its own."""

    def __init__(self, coats: Sequence[Layer], origin: Spot) -> None:
        super().__init__()
        self._coats, self._origin = coats, origin

    def draw(self, renderer: RendererBase) -> None:
        """Draw every layer; a px is a point, so that a figure of more dpi is a larger picture."""
        to_page = Affine2D().scale(1, -1).translate(*self._origin).scale(self.figure.dpi / 72)
        for coat in self._coats:
            renderer.open_group("kpi")
            gc = _context(renderer, coat)
            if coat.outlines:
                face = None if coat.stroke else gc.get_rgb()
                renderer.draw_path(gc, _compound(coat), to_page, face)
            gc.restore()
            renderer.close_group("kpi")


def _context(renderer: RendererBase, coat: Layer) -> GraphicsContextBase:
    gc, stroke = renderer.new_gc(), coat.stroke
    gc.set_foreground(LIGHT[coat.ink])
    gc.set_linewidth(stroke.width if stroke else 0)
    gc.set_capstyle("round" if stroke and stroke.round else "butt")
    gc.set_joinstyle("round")
    gc.set_snap(False)  # a mark stands where its value is, not on the nearest pixel
    if stroke and stroke.dash:
        gc.set_dashes(0, list(stroke.dash))
    return gc


def _compound(coat: Layer) -> Path:
    """Give all outlines of a layer as one path, rounded to 0.1 px."""
    close = coat.stroke is None
    spots = [spot for outline in coat.outlines for spot in (*outline, *outline[:close])]
    codes = [
        code
        for outline in coat.outlines
        for code in (
            Path.MOVETO,
            *[Path.LINETO] * (len(outline) - 1),
            *[Path.CLOSEPOLY] * close,
        )
    ]
    path = Path(np.round(spots, 1), codes)
    path.should_simplify = False
    return path
