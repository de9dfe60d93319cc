"""A page in hand: one measure on one page, to print or to pass on, with no month around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.charts.theme import Ink, css_colour
from kpi_analysis.errors import PackError
from kpi_analysis.packs.html import render, style_sheet
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.review.measure_review import MeasureReview

_DARK = re.compile(r"@media screen and \(prefers-color-scheme:dark\)\{:root\{[^}]*\}\}")


@dataclass(frozen=True)
class Page:
    """Parts of a pack as one HTML page that needs nothing else."""

    title: str
    parts: tuple[Markup, ...]

    @property
    def html(self) -> str:
        """The whole page."""
        return whole_page(self.title, self.parts)

    def save(self, path: str | Path) -> Path:
        """Write the page, and give its path; raise PackError where it cannot be written."""
        if Path(path).suffix.lower() != ".html":
            raise PackError(f"'{path}': a page is saved as .html")
        return written(Path(path), self.html.encode())

    def _repr_html_(self) -> str:
        # A notebook stays as light or dark as it is: the page brings its paper, and no dark inks.
        style = Markup(_DARK.sub("", style_sheet()))  # noqa: S704 our own file, no data in it
        body = Markup().join(self.parts)
        paper = css_colour(Ink.PAPER)
        return Markup('<style>{}</style><div style="background:{}">{}</div>').format(
            style, paper, body
        )

    def __repr__(self) -> str:
        return f"Page {self.title!r}: .save('x.html') writes it"


def mini_pack(pack: TeamPack, one: MeasureReview) -> Page:
    """Give the page of one measure of a pack: what it is doing, why, what now, and its guards."""
    parts = [part for part in pack.parts if part.measure.id == one.measure.id]
    page = render("parts/details.html", pack={"parts": parts}, review=pack.review)
    return Page(f"{one.name}, {one.period.label}", (page,))


def whole_page(title: str, parts: Iterable[str]) -> str:
    """Give a page of its own: title, style and parts; nothing is fetched."""
    style = Markup(style_sheet())  # noqa: S704 our own file, no data in it
    return str(render("shell.html", title=title, style=style, body=Markup().join(parts)))


def written(path: Path, content: bytes) -> Path:
    """Write a file, and give its path; raise PackError with the reason where that fails."""
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise PackError(f"'{path}' cannot be written: {reason}") from None
    return path
