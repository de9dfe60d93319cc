"""Sheets of paper for the course: design sheet, buy-in wall, reaction card, walk sheet.

Each is one A4 page of plain HTML that prints without scripts or colours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from kpi_analysis.packs.html import Html
from kpi_analysis.review.questions import COACHING

# A notebook styles lists and tables of its own: what must not change is said here, class by class.
_CSS = """
.kpi-sheet{box-sizing:border-box;max-width:190mm;background:#fff;color:#1d2733;padding:8mm;
font:11pt/1.35 system-ui,sans-serif;break-after:page;break-inside:avoid}
.kpi-sheet:last-child{break-after:auto}
.kpi-sheet h2{margin:0 0 2mm;font-size:18pt;color:#1d2733}.kpi-sheet p{margin:1mm 0 3mm}
.kpi-sheet .label{margin:2mm 0 0}.kpi-sheet .room{border-bottom:1px solid #77828e}
.kpi-sheet .chart{border:1px dashed #77828e;height:70mm;margin-top:2mm}
.kpi-sheet table{border-collapse:collapse;width:100%;margin:1mm 0 2mm;font:inherit}
.kpi-sheet table tr,.kpi-sheet table th{background:#fff!important}
.kpi-sheet table th,.kpi-sheet table td{border:1px solid #77828e;padding:1.5mm;height:7mm;
text-align:left!important;white-space:normal;max-width:none}
.kpi-sheet .wall{table-layout:fixed}
.kpi-sheet .half{display:grid;grid-template-columns:1fr 1fr;gap:5mm}
@media screen and (max-width:700px){.kpi-sheet{padding:4mm}.kpi-sheet .half{display:block}}
@page{size:A4;margin:8mm}
"""
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    "<title>Worksheets of the course</title><style>body{{margin:0}}</style></head>"
    "<body><main><h1 style='position:absolute;left:-999em'>Worksheets of the course</h1>"
    "{sheets}</main></body></html>"
)


def _lines(asked: Sequence[tuple[str, str, int]]) -> str:
    """Give labels with room to write, so many millimetres each."""
    return "".join(
        f'<p class="label"><b>{escape(label)}</b> {escape(hint)}</p>'
        f'<div class="room" style="height:{room}mm"></div>'
        for label, hint, room in asked
    )


def _sheet(title: str, lead: str, body: str) -> str:
    return (
        f'<section class="kpi-sheet"><h2>{escape(title)}</h2><p>{escape(lead)}</p>{body}</section>'
    )


def _design() -> str:
    rows = "<tr><td></td><td></td><td></td></tr>" * 4
    candidates = (
        '<p class="label"><b>Candidate measures</b></p><table><thead><tr><th scope="col"'
        ' style="width:60%">What is worked out, of what, how often</th>'
        '<th scope="col">Strength 1–5</th><th scope="col">Feasibility 1–5</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    first = _lines((
        ("Result", "What is so, and for whom, when things go well? One sentence.", 18),
        ("Evidence", "What would one see, hear or count if it were so?", 24),
    ))  # fmt: skip
    rest = _lines((
        ("Side effect", "If you had to reach the number at any price, what would you do?", 15),
        ("Guard", "Which measure would get worse if the side effect came true?", 15),
        ("Name", "Statistic, thing, period.", 12),
        ("Better is", "higher / lower / neither", 6),
        ("When it speaks", "Who does what first, within how many days?", 16),
        ("Designed with", "Roles of those who do the work.", 12),
    ))  # fmt: skip
    lead = "One result, one sheet. Fill it in together with people who do the work."
    return _sheet("Design sheet", lead, first + candidates + rest)


def _wall() -> str:
    rows = "<tr><td></td><td></td><td></td></tr>" * 9
    table = (
        '<table class="wall"><thead><tr><th scope="col">I like</th>'
        '<th scope="col">I am not sure about</th>'
        f'<th scope="col">I would change</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    lead = (
        "One draft measure on each sheet; hang them where people pass, with a pen. Notes carry no"
        " names. After a week, type them into reactions.csv."
    )
    head = _lines((("Measure", "", 8), ("Result it shows", "", 8)))
    return _sheet("Buy-in wall", lead, f'{head}<div class="chart">Chart</div>{table}')


def _card() -> str:
    asked = _lines((
        ("Date", "", 7),
        ("Measure", "", 9),
        ("Does it reflect our work?", "yes / partly / no", 9),
        ("In their words", "", 85),
        ("What they asked", "", 60),
    ))  # fmt: skip
    lead = "Show the chart, ask one question, and listen. No names on the card."
    return _sheet("Reaction cards", lead, f'<div class="half">{f"<div>{asked}</div>" * 2}</div>')


def _walk() -> str:
    see = _lines((("Measure that needs eyes", "", 8), ("What we saw", "", 22))) * 3
    asked = "".join(f"<li>{escape(question)}</li>" for question in COACHING)
    rest = _lines((("Open promises", "", 22), ("Seen and decided", "", 27)))
    lead = "Go where the work is done. Ask, look, and write down what you saw, not who."
    return _sheet("Walk sheet", lead, f"{see}<ul>{asked}</ul>{rest}")


SHEETS: dict[str, Callable[[], str]] = {
    "design sheet": _design,
    "buy-in wall": _wall,
    "reaction card": _card,
    "walk sheet": _walk,
}


def worksheet(name: str) -> Html:
    """Show one sheet in a notebook."""
    return Html(f"<style>{_CSS}</style>{SHEETS[name]()}", f"worksheet: {name}")


def all_sheets() -> str:
    """Give the page that prints all sheets, one after the other."""
    made = "".join(make() for make in SHEETS.values())
    return _PAGE.format(sheets=f"<style>{_CSS}</style>{made}")
