"""A chart in hand: Jupyter shows it, a terminal reads it out, `save` writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.charts.caption import captioned
from kpi_analysis.charts.scene import Format, Scene
from kpi_analysis.charts.stack import stack
from kpi_analysis.charts.theme import LIGHT, Ink
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import PackError
from kpi_analysis.prompt.page import whole_page, written

FAMILY = 'Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif'
_LOOK = (
    f"background:{LIGHT[Ink.PAPER]};color:{LIGHT[Ink.INK]};padding:10px 12px;max-width:1100px;"
    f"font:14px/1.45 {FAMILY.replace(chr(34), chr(39))}"
)

PHONE_STYLE = Markup(
    "<style>.kpi-hand .kpi-chart{display:block;max-width:100%;height:auto}"
    ".kpi-hand .kpi-phone{display:none}@media screen and (max-width:767px)"
    "{.kpi-hand .kpi-wide{display:none}.kpi-hand .kpi-phone{display:block}}</style>"
)
"""Within `on_paper`: a phone sees the drawing for phones, a desk or a sheet the other one."""

_BLANK = Scene(Format.ONE, 720, 0, "", (), (), (), ())


@dataclass(frozen=True)
class Drawing:
    """One or several charts with the sentences that go with them.

    `scenes` are drawn one beneath the other; `sentences` stand below, the most important first.
    `phones` take the place of the scenes on a narrow screen; without them the scenes shrink.
    """

    title: str
    scenes: tuple[Scene, ...]
    sentences: tuple[str, ...] = ()
    phones: tuple[Scene, ...] = ()

    def save(self, path: str | Path) -> Path:
        """Write it as a picture (.png, .svg) or as a page (.html), and give the path.

        Raises PackError for any other ending, or where the file cannot be written.
        """
        path = Path(path)
        writers: dict[str, Callable[[], bytes]] = {
            ".png": self._png,
            ".svg": lambda: self._standalone.encode(),
            ".html": lambda: self.page.encode(),
        }
        write = writers.get(path.suffix.lower())
        if write is None:
            better = did_you_mean(nearest(path.suffix, writers))
            found = f"'{path.suffix}' is not among them" if path.suffix else "there is no ending"
            raise PackError(f"'{path}': a chart is saved as .png, .svg or .html, {found}{better}")
        return written(path, write())

    @property
    def page(self) -> str:
        """The drawing as a whole HTML page that needs nothing else."""
        body = Markup('<div class="kpi"><h1>{}</h1>{}{}</div>').format(
            self.title, Markup().join(map(figure, self._on_page)), _paragraphs(self.sentences)
        )
        return whole_page(self.title, (body,))

    @property
    def _on_page(self) -> tuple[Scene, ...]:
        if self.phones:
            return (*self.scenes, *self.phones)
        return tuple(replace(one, format=Format.ONE) for one in self.scenes)

    @property
    def _whole(self) -> Scene:
        """All of it as one scene, for a picture."""
        return captioned(stack(self.scenes or (_BLANK,)), self.sentences)

    def _png(self) -> bytes:
        from kpi_analysis.charts import paint

        return paint.png(self._whole)

    @property
    def _standalone(self) -> str:
        """The SVG for a file of its own, which has no page to take its font from."""
        from kpi_analysis.charts import inline

        font = FAMILY.replace('"', "'")
        return inline.svg(self._whole).replace('style="', f'style="font-family:{font};', 1)

    def _repr_svg_(self) -> str:
        return self._standalone

    def _repr_html_(self) -> str:
        style = PHONE_STYLE if self.phones else Markup()
        return on_paper((style, *map(figure, self._on_page), _paragraphs(self.sentences)))

    def __repr__(self) -> str:
        return "\n".join([*(one.alt for one in self.scenes if one.alt), *self.sentences])


def figure(scene: Scene) -> Markup:
    """Give a scene as SVG to stand in a page."""
    from kpi_analysis.charts import inline

    return Markup(inline.svg(scene))  # noqa: S704 paint escapes every text


def on_paper(parts: Iterable[str]) -> str:
    """Give parts of a page on a ground of their own, readable in a light and a dark notebook."""
    return Markup('<div class="kpi-hand" style="{}">{}</div>').format(_LOOK, Markup().join(parts))


def _paragraphs(sentences: Iterable[str]) -> Markup:
    rows = (
        Markup('<p style="margin:6px 0 0">{}</p>').format(
            one if n else Markup("<b>{}</b>").format(one)
        )
        for n, one in enumerate(sentences)
    )
    return Markup().join(rows)
