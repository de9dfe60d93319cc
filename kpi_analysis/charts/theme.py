"""Colours, lines, shapes, type and text widths of every chart, and the style sheet of a page.

The colours are seaborn's "colorblind" palette, darkened until words in them reach a contrast of
4.5 on paper and on the band (WCAG 2.1, 1.4.3). Widths and sizes are CSS px.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Ink(StrEnum):
    """A colour by its meaning; the page may set it as the CSS variable `--kpi-<name>`."""

    PAPER = "paper"
    INK = "ink"
    SOFT = "soft"
    LINE = "line"
    CONCERN = "concern"
    IMPROVEMENT = "improvement"
    NEUTRAL = "neutral"
    BAND = "band"
    HAIR = "hair"


LIGHT = {
    Ink.PAPER: "#ffffff",
    Ink.INK: "#1d2733",
    Ink.SOFT: "#56626e",
    Ink.LINE: "#77828e",
    Ink.CONCERN: "#b84a00",
    Ink.IMPROVEMENT: "#0b5f96",
    Ink.NEUTRAL: "#7b3f98",
    Ink.BAND: "#eef2f6",
    Ink.HAIR: "#b4bdc7",
}
DARK = {
    Ink.PAPER: "#12181f",
    Ink.INK: "#e8edf2",
    Ink.SOFT: "#aeb9c4",
    Ink.LINE: "#8b98a5",
    Ink.CONCERN: "#ff9a4d",
    Ink.IMPROVEMENT: "#6db8ef",
    Ink.NEUTRAL: "#c99be0",
    Ink.BAND: "#1e2731",
    Ink.HAIR: "#4b5967",
}


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn. Solid: confirmed; dashed: not yet certain; round dots: a target."""

    ink: Ink
    width: float
    dash: tuple[float, float] | None = None
    round: bool = False


class Pen(StrEnum):
    """What a line means; the name is also its class in the SVG."""

    HAIR = "hair"
    DROP = "drop"
    LIMIT = "limit"
    LIMIT_UNSURE = "limit-unsure"
    CENTRE = "centre"
    CENTRE_UNSURE = "centre-unsure"
    TARGET = "target"
    RANGE = "range"
    VALUE = "value"


_DASH = (5.0, 3.0)
PENS = {
    Pen.HAIR: Stroke(Ink.HAIR, 1.0),
    Pen.DROP: Stroke(Ink.LINE, 0.8),
    Pen.LIMIT: Stroke(Ink.LINE, 1.0),
    Pen.LIMIT_UNSURE: Stroke(Ink.LINE, 1.0, _DASH),
    Pen.CENTRE: Stroke(Ink.SOFT, 1.4),
    Pen.CENTRE_UNSURE: Stroke(Ink.SOFT, 1.4, _DASH),
    Pen.TARGET: Stroke(Ink.INK, 1.8, (0.1, 4.4), round=True),
    Pen.RANGE: Stroke(Ink.SOFT, 1.1),
    Pen.VALUE: Stroke(Ink.INK, 1.6),
}


class Shape(StrEnum):
    """What a mark means. Filled against hollow tells concern from improvement in greyscale."""

    RANGE_POINT = "range-point"
    POINT = "point"
    CONCERN = "concern"
    IMPROVEMENT = "improvement"
    CHANGE = "change"
    JUMP = "jump"
    EVENT = "event"
    ACTION = "action"


class Form(StrEnum):
    """The outline of a coat of paint."""

    DOT = "dot"
    DIAMOND = "diamond"
    SQUARE = "square"
    FLAG = "flag"


@dataclass(frozen=True)
class Coat:
    """One coat of paint of a mark: its outline, `grow` px further out than the mark's radius."""

    form: Form
    ink: Ink
    grow: float = 0.0


COATS = {
    Shape.RANGE_POINT: (Coat(Form.DOT, Ink.SOFT),),
    Shape.POINT: (Coat(Form.DOT, Ink.PAPER, 1), Coat(Form.DOT, Ink.INK)),
    Shape.CONCERN: (Coat(Form.DIAMOND, Ink.PAPER, 1.4), Coat(Form.DIAMOND, Ink.CONCERN)),
    Shape.IMPROVEMENT: (
        Coat(Form.DOT, Ink.PAPER, 2),
        Coat(Form.DOT, Ink.IMPROVEMENT, 1),
        Coat(Form.DOT, Ink.PAPER, -1),
    ),
    Shape.CHANGE: (
        Coat(Form.SQUARE, Ink.PAPER, 2),
        Coat(Form.SQUARE, Ink.NEUTRAL, 1),
        Coat(Form.SQUARE, Ink.PAPER, -1),
    ),
    Shape.JUMP: (Coat(Form.SQUARE, Ink.SOFT, 0.7), Coat(Form.SQUARE, Ink.PAPER, -0.7)),
    Shape.EVENT: (Coat(Form.DOT, Ink.SOFT, 0.6), Coat(Form.DOT, Ink.PAPER, -0.7)),
    Shape.ACTION: (Coat(Form.FLAG, Ink.SOFT),),
}


@dataclass(frozen=True)
class Font:
    """Size in px and weight of an inherited sans serif."""

    size: float
    weight: int


class Role(StrEnum):
    """What a text is for; the name is also its class in the SVG."""

    TITLE = "title"
    LATEST = "latest"
    NUMBER = "number"  # numbers of the gutter and the words of signals
    WORD = "word"
    MARK = "mark"  # events, actions and remarks
    AXIS = "axis"


FONTS = {
    Role.TITLE: Font(13, 600),
    Role.LATEST: Font(13, 700),
    Role.NUMBER: Font(12, 600),
    Role.WORD: Font(12, 400),
    Role.MARK: Font(11.5, 400),
    Role.AXIS: Font(11, 400),
}

# Advance widths in 1/1000 em, rounded up: for each character the widest of DejaVu Sans, Arial's
# twin Liberation Sans, and Inter. A layout that holds with these holds with any common font.
_REGULAR = {
    280: "'ijl", 320: " ,.·’‘", 340: ":;|", 360: "/\\", 380: "f", 400: "()[]t", 420: "!r",
    440: "I²", 460: '"', 480: "-", 500: "*`°", 520: "“”", 540: "s", 560: "?J_cz–", 580: "Lk",
    600: "vxy", 620: "Faeo", 640: "$012356789bdghnpqu{}£", 660: "4T", 680: "EKPSY€", 700: "ABVXZ",
    740: "CR", 760: "HNU", 780: "&DG", 800: "OQ", 820: "w", 840: "#+<=>^~−≤≥±×≠", 900: "M",
    960: "%", 980: "m", 1000: "W—…", 1020: "@",
}  # fmt: skip
_BOLD = {
    320: "'", 360: " ijl", 380: ",.|·’‘", 400: "/:;\\", 440: "If²", 460: "!()[]", 480: "-t",
    500: "`r°", 540: '"', 560: "_–", 580: "*J", 600: "csz", 620: "?", 640: "L", 660: "vxy“”",
    680: "aek", 700: "$0123456789EFTo€£", 720: "bdghnpqu{}", 740: "PSYZ", 760: "C", 780: "ABKRVX",
    820: "U", 840: "#+<=>DGHN^~−≤≥±×≠", 860: "OQ", 880: "&", 940: "w", 1000: "M—…", 1020: "%",
    1040: "@", 1060: "m", 1120: "W",
}  # fmt: skip
_WIDTHS = tuple(
    {letter: width for width, letters in table.items() for letter in letters}
    for table in (_REGULAR, _BOLD)
)
_OTHER_LETTER = (1150, 1300)  # Greek and Cyrillic capitals
_WIDE_LETTER = 1400  # ideographs are 1000, emoji up to 1280


@lru_cache(maxsize=4096)
def _letter_width(letter: str, bold: bool) -> int:
    """Give the upper bound of one character, in 1/1000 em."""
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _WIDTHS[bold]:
        return _WIDTHS[bold][base]
    if unicodedata.category(base) == "Mn":
        return 0
    wide = unicodedata.east_asian_width(base) in "WF" or unicodedata.category(base) == "So"
    return _WIDE_LETTER if wide else _OTHER_LETTER[bold]


@lru_cache(maxsize=4096)
def text_width(text: str, role: Role) -> float:
    """Give an upper bound of the width in px of `text`, whatever common sans serif shows it."""
    font = FONTS[role]
    return sum(_letter_width(letter, font.weight > 500) for letter in text) * font.size / 1000


def css_colour(ink: Ink) -> str:
    """Give the CSS variable of a colour, with the light value where the page sets none."""
    return f"var(--kpi-{ink},{LIGHT[ink]})"


CSS = f"""\
@media screen and (prefers-color-scheme:dark){{:root{{{
    ";".join(f"--kpi-{ink}:{colour}" for ink, colour in DARK.items())
}}}}}
.kpi-chart{{display:block;max-width:100%;height:auto;overflow:visible}}
.kpi-phone{{display:none}}
.kpi-halo{{paint-order:stroke;stroke:{css_colour(Ink.PAPER)};stroke-width:3px;\
stroke-linejoin:round}}
@media screen and (max-width:767px){{.kpi-wide{{display:none}}.kpi-phone{{display:block}}}}
@media print{{.kpi-halo{{stroke:none}}.kpi-chart{{break-inside:avoid}}}}
"""
"""Include once in a page that holds charts: dark mode, phone or wide, halos off in print."""
