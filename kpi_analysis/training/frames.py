"""How things are shown in a notebook: words, tables, charts on paper that is light everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from kpi_analysis.charts.inline import svg
from kpi_analysis.charts.scene import Scene
from kpi_analysis.charts.theme import LIGHT, Ink
from kpi_analysis.packs.html import Html, phone, wide
from kpi_analysis.review.picture import Picture

# A notebook may be dark, the drawings' own colours are for paper: so they bring their paper.
_PAPER = f"background:{LIGHT[Ink.PAPER]};color:{LIGHT[Ink.INK]};padding:12px"
_NARROW = ";width:346px"  # a phone's chart
_LEFT = ' style="text-align:left"'


def said(words: str) -> Html:
    """Show a sentence."""
    return Html(f"<p>{escape(words)}</p>", words)


def drawings(scenes: Iterable[Scene], words: str) -> Html:
    """Show drawings one above the other; `words` stand for them in a terminal."""
    markup = "".join(f'<div style="{_PAPER};overflow-x:auto">{svg(one)}</div>' for one in scenes)
    return Html(markup, words)


def chart(picture: Picture, caption: str = "") -> Html:
    """Show one chart over the whole width."""
    return Html(_figure(wide(picture), caption), f"{caption}\n{picture.alt}".strip())


def charts(pictures: Iterable[tuple[str, Picture]]) -> Html:
    """Show small charts side by side, each with its caption."""
    both = list(pictures)
    figures = "".join(_figure(phone(picture), caption, _NARROW) for caption, picture in both)
    lines = "\n".join(f"{caption}\n{picture.alt}" for caption, picture in both)
    style = f"display:flex;flex-wrap:wrap;gap:12px;{_PAPER}"
    return Html(f'<div style="{style}">{figures}</div>', lines)


def _figure(drawing: str, caption: str, style: str = "") -> str:
    words = f"<figcaption><b>{escape(caption)}</b></figcaption>" if caption else ""
    return f'<figure style="margin:0;{_PAPER}{style}">{words}{drawing}</figure>'


def table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], tints: Mapping[str, str] | None = None
) -> Html:
    """Show a table; `tints` gives the colour behind a cell by its word."""
    body = [[str(cell) for cell in row] for row in rows]
    head = "".join(f'<th scope="col"{_LEFT}>{escape(one)}</th>' for one in heads)
    lines = "".join(f"<tr>{''.join(_cell(one, tints or {}) for one in row)}</tr>" for row in body)
    words = "\n".join("  ".join(row) for row in (list(heads), *body))
    return Html(f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>", words)


def _cell(word: str, tints: Mapping[str, str]) -> str:
    tint = f";background:{tints[word]};color:{LIGHT[Ink.INK]}" if word in tints else ""
    return f'<td style="text-align:left{tint}">{escape(word)}</td>'
