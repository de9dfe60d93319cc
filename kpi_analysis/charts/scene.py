"""A chart as a flat list of things in px, before anyone paints it: testable without pixels.

x grows to the right and y downwards from the top left corner, in CSS px. A text stands on its
baseline. Everything is rounded to 0.1 px on the way in by those who paint.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from kpi_analysis.charts.theme import FONTS, Ink, Pen, Role, Shape, text_width

Spot = tuple[float, float]

_ASCENT, _DESCENT = 0.76, 0.24  # of the type size, brackets and tails included
_MOST_LETTERS = 500  # more than two rows hold, of the narrowest letters
_HAIR = 1e-6  # px, against the noise of sums


class Format(StrEnum):
    """The sizes a picture is drawn in; the name is also the class of the SVG."""

    WIDE = "wide"
    PHONE = "phone"
    SPARK = "spark"
    ONE = "one"  # the only size there is: smaller screens scale it down


class Anchor(StrEnum):
    """Which end of a text stands at its x, in SVG's words."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True)
class Box:
    """A rectangle of the page, edges in px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Tell whether `other` lies inside, edges included."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class Line:
    """A polyline of one meaning."""

    pen: Pen
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Mark:
    """A shape about a centre; `radius` is its half width in px."""

    shape: Shape
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Text:
    """Words on a baseline. `halo`: may cross a line, so it gets a rim of paper on screens."""

    role: Role
    ink: Ink
    x: float
    y: float
    text: str
    anchor: Anchor = Anchor.START
    halo: bool = False

    @property
    def box(self) -> Box:
        """The most room the words can take, in px."""
        width, size = text_width(self.text, self.role), FONTS[self.role].size
        left = (
            self.x - {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[self.anchor] * width
        )
        return Box(left, self.y - _ASCENT * size, left + width, self.y + _DESCENT * size)


@dataclass(frozen=True)
class Scene:
    """One drawing: bands under lines under marks under texts, each in reading order."""

    format: Format
    width: float
    height: float
    alt: str
    bands: tuple[Box, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    texts: tuple[Text, ...]


def plain(text: str) -> str:
    """Give `text` on one line, without the control characters that XML refuses."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clip(text: str, role: Role, room: float) -> str:
    """Give `text` clipped with an ellipsis to `room` px; empty where not a letter fits."""
    if text_width(text, role) <= room + _HAIR:
        return text
    longest = bisect_right(
        range(min(len(text), _MOST_LETTERS)), room, key=lambda n: text_width(_cut(text, n), role)
    )
    return _cut(text, longest - 1) if longest > 1 else ""


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip(" ,;:") + "…"


def wrap(text: str, role: Role, room: float) -> tuple[str, ...]:
    """Give `text` in one row, or two of like length, of at most `room` px; the rest is clipped."""
    if text_width(text, role) <= room:
        return (text,)
    words = text[:_MOST_LETTERS].split()
    halves = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    widths = [tuple(text_width(half, role) for half in pair) for pair in halves]
    fitting = [i for i, pair in enumerate(widths) if max(pair) <= room]
    if fitting:
        return halves[min(fitting, key=lambda i: max(widths[i]))]
    first = max((i for i, pair in enumerate(widths) if pair[0] <= room), default=None)
    if first is None:  # one word wider than the room
        return (clip(text, role, room),)
    return halves[first][0], clip(halves[first][1], role, room)
