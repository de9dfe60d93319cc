"""A scene painted by matplotlib: SVG to stand inside a page, or PNG.

Nearly all of an ordinary matplotlib save is `Axis.draw` and the measuring of text. Here there is
no Axis and, for SVG, nothing is measured: one artist hands the renderer a compound path for all
items of one look, and each text with its place. No other module of charts imports matplotlib.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

import matplotlib as mpl
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

_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))  # the same bytes every time
_FAMILY = "DejaVu Sans"  # comes with matplotlib; in a page the page's own font stands instead
_FONTS = {
    role: FontProperties(family=_FAMILY, size=font.size, weight=700 if font.weight > 500 else 400)
    for role, font in FONTS.items()
}
_MARGIN = 14.0  # px round a PNG, which has no page about it
_ALIGN = {Anchor.START: "left", Anchor.MIDDLE: "center", Anchor.END: "right"}
_GROUP = re.compile(r'<g id="kpi_\d+">(.*?)</g>', re.DOTALL)
_PATH = re.compile(r' d="([^"]*)"')
_SPACE = re.compile(r"\s*([MLz])\s*")
_TEXT = re.compile(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)[^>]*>([^<]*)</text>")


def svg(scene: Scene) -> str:
    """Give a scene as one `<svg>` element to stand in a page: no prolog, style sheet or ids.

    Colours are CSS variables with the light value as fallback, words are text in the page's
    font, and the same scene gives the same bytes.
    """
    coats, out = layers(scene), io.StringIO()
    figure = Figure(figsize=(scene.width / 72, scene.height / 72), frameon=False)
    figure.add_artist(_Painter(coats, (0, scene.height), words=True))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "kpi"}):
        figure.savefig(out, format="svg", metadata=_METADATA)
    drawn = _GROUP.findall(out.getvalue())
    inside = "".join(_inline(coat, body) for coat, body in zip(coats, drawn, strict=True))
    size = f"{scene.width:g} {scene.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kpi-chart kpi-{scene.format}" role="img" '
        f'aria-label={quoteattr(scene.alt)} viewBox="0 0 {size}" width="{scene.width:g}" '
        f'height="{scene.height:g}" style="font-variant-numeric:tabular-nums">{inside}</svg>'
    )


def _inline(coat: Layer, body: str) -> str:
    """Give one layer of matplotlib's drawing in the page's own words: class and style."""
    look = f'class="kpi-{coat.name}" style="{coat.style}"'
    if coat.texts:
        texts = (f'<text x="{x}" y="{y}">{text}</text>' for x, y, text in _TEXT.findall(body))
        return f"<g {look}>{''.join(texts)}</g>"
    path = _SPACE.sub(r"\1", " ".join(_PATH.findall(body)))
    return f'<path {look} d="{path}"/>'


def png(scene: Scene, scale: float = 2.0) -> bytes:
    """Give a scene as PNG in the light colours on paper, `scale` pixels to a px, with a margin."""
    width, height = scene.width + 2 * _MARGIN, scene.height + 2 * _MARGIN
    figure = Figure(figsize=(width / 72, height / 72), facecolor=LIGHT[Ink.PAPER])
    origin = _MARGIN, height - _MARGIN
    figure.add_artist(_Painter(layers(scene), origin, words=False))
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
    """Hands layers to a renderer, each as one group of its own; `words`: texts as well."""

    def __init__(self, coats: Sequence[Layer], origin: Spot, *, words: bool) -> None:
        super().__init__()
        self._coats, self._origin, self._words = coats, origin, words

    def draw(self, renderer: RendererBase) -> None:
        """Draw every layer; a px is a point, so that a figure of more dpi is a larger picture."""
        to_page = Affine2D().scale(1, -1).translate(*self._origin).scale(self.figure.dpi / 72)
        for coat in self._coats:
            renderer.open_group("kpi")
            gc = _context(renderer, coat)
            for text in coat.texts if self._words else ():
                spot = round(text.x, 1), round(text.y, 1)
                renderer.draw_text(gc, *spot, text.text, _FONTS[text.role], 0)
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
