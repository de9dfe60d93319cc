"""A poll as a drawing: each option's published share with what chance may do to it, and ours.

The box is the interval with the most votes the share may rest on, the line with the fewest;
the dot is the share. A team's own share is a hollow square on the row beneath, with its interval
unless nearly all voted. Words say what the shapes show.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kpi_analysis.charts.scene import Anchor, Box, Format, Line, Mark, Scene, Text, plain, wrap
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape
from kpi_analysis.review.polls import OptionReading, OwnShare, PollReading

_TOP = 44.0  # px from the top to the first option, where the question is one row
_HALF = 5.0  # px, half the height of a box
_STEP = 0.2


@dataclass(frozen=True)
class _Layout:
    """Where things stand, in px: the plot's edges, and whether words share its rows."""

    format: Format
    width: float
    left: float
    right: float
    name_room: float
    beside: bool
    most: float = 1.0  # the share at the right edge

    def x(self, share: float) -> float:
        """Give the x of a share."""
        return self.left + (self.right - self.left) * share / self.most


_WIDE = _Layout(Format.WIDE, 720.0, 204.0, 436.0, 190.0, beside=True)
_PHONE = _Layout(Format.PHONE, 336.0, 8.0, 322.0, 330.0, beside=False)


def wide(reading: PollReading) -> Scene:
    """Draw a poll for a desk or for paper, 720 px wide."""
    return _drawn(reading, _WIDE)


def phone(reading: PollReading) -> Scene:
    """Draw a poll for a phone, 336 px wide: words stand above and beneath the shares."""
    return _drawn(reading, _PHONE)


def _drawn(reading: PollReading, at: _Layout) -> Scene:
    at = replace(at, most=_STEP * math.ceil(_largest(reading) / _STEP - 1e-9))
    rows = wrap(plain(reading.poll.question), Role.TITLE, at.width)
    top = y = _TOP + 17 * (len(rows) - 1)
    texts = [Text(Role.TITLE, Ink.INK, 0, 13 + 17 * n, row) for n, row in enumerate(rows)]
    parts = _Parts(
        [], [], [], [*texts, Text(Role.AXIS, Ink.SOFT, 0, top - 14, "share of votes, %")]
    )
    for one in reading.options:
        y = _option(one, at, y, parts)
    upright = ((at.left, top - 4),) if at.beside else ()  # on a phone words stand there
    parts.lines.insert(0, Line(Pen.HAIR, (*upright, (at.left, y), (at.right, y))))
    for n in range(round(at.most / _STEP) + 1):
        words = f"{100 * _STEP * n:.0f}"
        parts.texts.append(Text(Role.AXIS, Ink.SOFT, at.x(_STEP * n), y + 14, words, Anchor.MIDDLE))
    return Scene(
        format=at.format,
        width=at.width,
        height=round(y + 22),
        alt=_alt(reading),
        bands=tuple(parts.bands),
        lines=tuple(parts.lines),
        marks=tuple(parts.marks),
        texts=tuple(parts.texts),
    )


@dataclass(frozen=True)
class _Parts:
    """What is laid out so far."""

    bands: list[Box]
    lines: list[Line]
    marks: list[Mark]
    texts: list[Text]


def _option(one: OptionReading, at: _Layout, y: float, parts: _Parts) -> float:
    """Lay an option from `y` downwards; give where it ends."""
    rows = wrap(plain(one.option.words), Role.NUMBER, at.name_room)
    first = y + 12
    parts.texts.extend(
        Text(Role.NUMBER, Ink.INK, 0, first + 14 * n, row) for n, row in enumerate(rows)
    )
    y += 0 if at.beside else 16 * len(rows)
    middle = y + 8
    low, high = map(at.x, one.at_most)
    parts.bands.append(Box(low, middle - _HALF, high, middle + _HALF))
    for x in (low, high):
        parts.lines.append(Line(Pen.LIMIT, ((x, middle - _HALF), (x, middle + _HALF))))
    parts.lines.append(_bar(one.at_least, at, middle, Pen.LIMIT))
    parts.marks.append(Mark(Shape.POINT, at.x(one.share), middle, 3.6))
    words = f"{one.option.share} % published"
    y = _words((words,), Ink.SOFT, at, middle, parts)
    y = _own(one.own, at, y, parts) if one.own else y
    return max(y, first + 14 * (len(rows) - 1)) + (10 if at.beside else 16)


def _own(own: OwnShare, at: _Layout, y: float, parts: _Parts) -> float:
    middle = y + 9
    if own.interval:
        parts.lines.append(_bar(own.interval, at, middle, Pen.RANGE))
    parts.marks.append(Mark(Shape.CHANGE, at.x(own.share), middle, 3.6))
    told, _, figures = own.words.partition(" (")
    rows = (f"{own.votes} of {own.of} here: {told}", figures.rstrip(")"))
    return _words(rows, Ink.NEUTRAL, at, middle, parts)


def _words(rows: Sequence[str], ink: Ink, at: _Layout, middle: float, parts: _Parts) -> float:
    """Write beside a row of shapes or beneath it; give where the words end."""
    x, y = (at.right + 20, middle + 4) if at.beside else (0.0, middle + 20)
    roles = (Role.WORD, Role.AXIS)
    inks = (ink, Ink.SOFT)
    for n, (row, role, colour) in enumerate(zip(rows, roles, inks, strict=False)):
        parts.texts.append(Text(role, colour, x, y + 15 * n, row))
    return y + 15 * (len(rows) - 1) + 6


def _bar(span: tuple[float, float], at: _Layout, y: float, pen: Pen) -> Line:
    return Line(pen, ((at.x(span[0]), y), (at.x(span[1]), y)))


def _largest(reading: PollReading) -> float:
    """Give the largest share that has to find its place."""
    own = [one.own for one in reading.options if one.own]
    ends = [one.interval[1] if one.interval else one.share for one in own]
    return max([*(one.at_least[1] for one in reading.options), *ends])


def _alt(reading: PollReading) -> str:
    return plain(f"{reading.poll.question} {' '.join(_said(reading.options))} {reading.sentence}")


def _said(options: Sequence[OptionReading]) -> Iterator[str]:
    for one in options:
        low, high = (round(100 * edge) for edge in one.at_least)
        own = f", {one.own.votes} of {one.own.of} here: {one.own.words}" if one.own else ""
        words = f"{one.option.words}: {one.option.share} % published"
        yield f"{words}, between {low} and {high} with the fewest votes{own}."
