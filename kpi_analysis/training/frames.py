"""How things are shown in a notebook: words, tables, charts on paper that is light everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from kpi_analysis.charts.theme import LIGHT, Ink
from kpi_analysis.packs.html import Html, phone, style_sheet, wide
from kpi_analysis.review.picture import Picture

# A notebook may be dark, the drawings' own colours are for paper: so they bring their paper.
_PAPER = f"background:{LIGHT[Ink.PAPER]};color:{LIGHT[Ink.INK]};padding:12px"
_LEFT = ' style="text-align:left"'


def said(words: str) -> Html:
    """Show a sentence."""
    return Html(f"<p>{escape(words)}</p>", words)


def styled(part: Html) -> Html:
    """Show a part of a page with the style sheet of the pages."""
    style = f"<style>{style_sheet()}</style>"
    return Html(f'{style}<div class="kpi" style="{_PAPER}">{part.markup}</div>', part.text)


def chart(picture: Picture, caption: str = "") -> Html:
    """Show one chart over the whole width."""
    return Html(_figure(wide(picture), caption), f"{caption}\n{picture.alt}".strip())


def charts(pictures: Iterable[tuple[str, Picture]]) -> Html:
    """Show small charts side by side, each with its caption."""
    both = list(pictures)
    figures = "".join(_figure(phone(picture), caption) for caption, picture in both)
    lines = "\n".join(f"{caption}\n{picture.alt}" for caption, picture in both)
    style = f"display:flex;flex-wrap:wrap;gap:12px;{_PAPER}"
    return Html(f'<div style="{style}">{figures}</div>', lines)


def _figure(drawing: str, caption: str) -> str:
    words = f"<figcaption><b>{escape(caption)}</b></figcaption>" if caption else ""
    return f'<figure style="margin:0;{_PAPER}">{words}{drawing}</figure>'


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """Show a table."""
    body = [[str(cell) for cell in row] for row in rows]
    head = "".join(f'<th scope="col"{_LEFT}>{escape(one)}</th>' for one in heads)
    cells = ("".join(f"<td{_LEFT}>{escape(cell)}</td>" for cell in row) for row in body)
    lines = "".join(f"<tr>{row}</tr>" for row in cells)
    words = "\n".join("  ".join(row) for row in (list(heads), *body))
    return Html(f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>", words)
