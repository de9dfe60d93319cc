"""A funnel as a drawing: a dot a team, limits about the centre, and names where there is room.

The page's own team is named first, then those outside, and all where they are few; a name that
finds no free place is left out, for the table beside the chart has them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kpi_analysis.charts.gutter import Label, columns, gutter
from kpi_analysis.charts.scales import Numbers, Upwards, span, tick_numbers, ticks
from kpi_analysis.charts.scene import (
    Anchor,
    Box,
    Format,
    Line,
    Mark,
    Scene,
    Spot,
    Text,
    clip,
    plain,
)
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape, text_width
from kpi_analysis.charts.words import Ground, Place, choose, ground
from kpi_analysis.review.funnel_picture import FunnelPicture, FunnelPoint
from kpi_analysis.review.picture import Tone

_TOP, _AIR = 34.0, 8.0  # px: title; between the outermost values and the plot's edges
_SHAPES = {
    Tone.CONCERN: (Shape.CONCERN, Ink.CONCERN, 5.0),
    Tone.IMPROVEMENT: (Shape.IMPROVEMENT, Ink.IMPROVEMENT, 4.0),
    Tone.CHANGE: (Shape.CHANGE, Ink.NEUTRAL, 3.6),
    None: (Shape.RANGE_POINT, Ink.SOFT, 2.4),
}
_MOST_COST = 6.0  # of what lies beneath a name, before it is left out: no point, two lines
_MOST_NAMES = {Format.WIDE: 24, Format.PHONE: 8}
_NAME_ROOM = 130.0


def wide(picture: FunnelPicture) -> Scene:
    """Draw a funnel for a desk or for paper, 720 px wide."""
    return _drawn(picture, Format.WIDE, 720.0, 330.0)


def phone(picture: FunnelPicture) -> Scene:
    """Draw a funnel for a phone, 336 px wide."""
    return _drawn(picture, Format.PHONE, 336.0, 280.0)


def _drawn(picture: FunnelPicture, size: Format, width: float, height: float) -> Scene:
    bottom = _TOP + height
    axis = _axis(picture, bottom)
    marks_up = ticks(axis, from_zero=axis.low >= 0, least=10.0**-picture.decimals)
    write = tick_numbers(marks_up).write
    left = 10 + max((text_width(write(one), Role.AXIS) for one in marks_up), default=0.0)
    labels = _labels(picture, size)
    at = columns(labels, width, 84.0)
    across = _across(picture, left + _AIR, at.plot)
    words, leaders = gutter(labels, at, axis)
    lines = [*_lines(picture, axis, across, left, at.plot), *leaders]
    marks = [_mark(one, axis, across) for one in _painted_last(picture.points)]
    texts = [Text(Role.AXIS, Ink.SOFT, left - 6, axis.at(one) + 4, write(one), Anchor.END)
             for one in marks_up]  # fmt: skip
    texts += _foot(picture, across, bottom, left, at.plot)
    names = _names(
        picture, axis, across, ground(lines, marks), Box(left, _TOP, at.plot, bottom), size
    )
    title = clip(plain(picture.title), Role.TITLE, width)
    return Scene(
        format=size,
        width=width,
        height=round(bottom + 40),
        alt=plain(picture.alt),
        bands=(),
        lines=tuple(lines),
        marks=tuple(marks),
        texts=(Text(Role.TITLE, Ink.INK, 0, 13, title), *words, *texts, *names),
    )


def _axis(picture: FunnelPicture, bottom: float) -> Upwards:
    """Give the axis of values: all teams, and the limits as far as twice the reach of teams."""
    values = [one.y for one in picture.points]
    ends = [y for curve in picture.curves for _, y in curve.spots]
    low, high = span([*values, picture.centre], 10.0**-picture.decimals)
    reach = high - low
    low, high = max(min([*ends, low]), low - reach / 2), min(max([*ends, high]), high + reach / 2)
    inner = Upwards(low, high, bottom - _AIR, _TOP + _AIR)
    return Upwards(inner.value(bottom), inner.value(_TOP), bottom, _TOP)


def _across(picture: FunnelPicture, left: float, right: float) -> Upwards:
    ends = [x for curve in picture.curves for x, _ in curve.spots]
    return Upwards(*span([*ends, *(one.x for one in picture.points)], 1.0), left, right)


def _labels(picture: FunnelPicture, size: Format) -> list[Label]:
    """Give the words at the right ends of the lines."""
    write = Numbers(picture.decimals).write
    short = size is Format.PHONE
    return [
        Label(picture.centre, write(picture.centre), "all" if short else "all teams"),
        *(
            Label(
                y, write(y), curve.words.removesuffix(" limit") if short else curve.words, Ink.SOFT
            )
            for curve in picture.curves
            for _, y in curve.spots[-1:]
        ),
    ]


def _lines(
    picture: FunnelPicture, axis: Upwards, across: Upwards, left: float, right: float
) -> Iterator[Line]:
    yield Line(Pen.HAIR, ((left, axis.bottom), (right, axis.bottom)))
    y = axis.at(picture.centre)
    yield Line(Pen.CENTRE, ((left, y), (right, y)))
    for curve in picture.curves:
        inside = tuple(_cut([(across.at(x), axis.at(y)) for x, y in curve.spots], axis))
        if len(inside) > 1:
            yield Line(Pen.LIMIT if curve.outer else Pen.HAIR, inside)


def _cut(spots: Sequence[Spot], axis: Upwards) -> Iterator[Spot]:
    """Leave out the corners above or below the plot."""
    return (spot for spot in spots if axis.top <= spot[1] <= axis.bottom)


def _painted_last(points: Sequence[FunnelPoint]) -> list[FunnelPoint]:
    return sorted(points, key=_weight)


def _weight(point: FunnelPoint) -> tuple[bool, float]:
    return point.own, point.weight


def _mark(point: FunnelPoint, axis: Upwards, across: Upwards) -> Mark:
    shape, _, radius = _SHAPES[point.tone]
    if point.own and point.tone is None:
        shape, radius = Shape.POINT, 4.0
    return Mark(shape, across.at(point.x), axis.at(point.y), radius)


def _names(
    picture: FunnelPicture, axis: Upwards, across: Upwards, on: Ground, plot: Box, size: Format
) -> Iterator[Text]:
    """Name the teams in the order of their weight, each where it costs least, if anywhere."""
    taken: list[Box] = []
    order = _painted_last(picture.points)[::-1]
    few = len(picture.points) <= _MOST_NAMES[size]
    named = [one for one in order if few or one.own or one.outside]
    for point in named[: _MOST_NAMES[size]]:
        places = list(_places(point, axis, across))
        text = choose(places, on, plot, taken, _MOST_COST)
        if text is None and point.own:  # named whatever lies beneath
            text = next((one.text for one in places if plot.holds(one.text.box)), None)
        if text is not None:
            taken.append(text.box)
            yield text


def _places(point: FunnelPoint, axis: Upwards, across: Upwards) -> Iterator[Place]:
    name = clip(plain(point.name), Role.MARK, _NAME_ROOM)
    ink = Ink.INK if point.own else _SHAPES[point.tone][1]
    x, y = across.at(point.x), axis.at(point.y)
    spots = ((9, 4, Anchor.START), (-9, 4, Anchor.END), (0, -9, Anchor.MIDDLE),
             (0, 17, Anchor.MIDDLE), (8, -7, Anchor.START), (8, 14, Anchor.START),
             (-8, -7, Anchor.END), (-8, 14, Anchor.END))  # fmt: skip
    for n, (right, down, anchor) in enumerate(spots if name else ()):
        yield Place(Text(Role.MARK, ink, x + right, y + down, name, anchor, halo=True), n / 4)


def _foot(
    picture: FunnelPicture, across: Upwards, bottom: float, left: float, right: float
) -> Iterator[Text]:
    """Write the scale of the denominators and what they count."""
    at = ticks(Upwards(across.low, across.high, right, left), from_zero=True, least=1.0)
    write = tick_numbers(at).write
    numbers = [Text(Role.AXIS, Ink.SOFT, across.at(one), bottom + 16, write(one), Anchor.MIDDLE)
               for one in at]  # fmt: skip
    yield from _thinned(numbers)
    words = clip(plain(picture.across), Role.AXIS, right - left)
    yield Text(Role.AXIS, Ink.SOFT, left, bottom + 33, words)


def _thinned(numbers: Sequence[Text]) -> Sequence[Text]:
    """Keep every number of a scale, or every other, third or so on: as many as stand apart."""
    every = next(
        n
        for n in range(1, len(numbers) + 2)
        if not any(a.box.meets(b.box) for a, b in pairwise(numbers[::n]))
    )
    return numbers[::every]
