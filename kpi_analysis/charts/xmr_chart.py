"""The XmR chart in three sizes: it looks up what a picture says and lays it out; no judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kpi_analysis.charts.axis import period_ticks
from kpi_analysis.charts.frame import (
    PHONE,
    TITLE_ROW,
    WIDE,
    Frame,
    frame,
    value_span,
)
from kpi_analysis.charts.gutter import gutter
from kpi_analysis.charts.inside import inside_words
from kpi_analysis.charts.lanes import PITCH
from kpi_analysis.charts.plot import Plot
from kpi_analysis.charts.range_part import range_part
from kpi_analysis.charts.scales import Across, Upwards, tick_numbers
from kpi_analysis.charts.scene import (
    Anchor,
    Format,
    Line,
    Mark,
    Scene,
    Text,
    clip,
    plain,
)
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape
from kpi_analysis.charts.window import last
from kpi_analysis.charts.words import ground
from kpi_analysis.review.picture import Picture

Span = tuple[float, float]

_FEW = 24  # points on a phone and on the board
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_PAD = 220.0, 48.0, 5.0
_SMALL_HEIGHT, _SMALL_MARKS = 84.0, 0.7


def wide(picture: Picture) -> Scene:
    """Give the chart for pages and screens, 720 px wide: all points."""
    return _chart(frame(picture, WIDE))


def phone(picture: Picture) -> Scene:
    """Give the chart for phones, 336 px wide: the last 24 points in the same type."""
    return _chart(frame(last(picture, _FEW), PHONE))


def spark(picture: Picture) -> Scene:
    """Give the chart of a board row, 220 x 48 px: the last 24 points and no text."""
    few = last(picture, _FEW)
    return _bare(few, value_span(few), _SPARK_HEIGHT, 1.0)


def small(picture: Picture, within: Span) -> Scene:
    """Give one of many small charts, 220 x 84 px, on the scale that it shares with the others."""
    return _bare(last(picture, _FEW), within, _SMALL_HEIGHT, _SMALL_MARKS)


def _bare(picture: Picture, within: Span, height: float, marks: float) -> Scene:
    """Lay out a chart without text; `marks` is what the usual radius is multiplied by."""
    upwards = Upwards(*within, height - _SPARK_PAD, _SPARK_PAD)
    plot = Plot(picture, Across(0, _SPARK_WIDTH, len(picture.points)), upwards)
    centres = (line for line in plot.limits() if line.pen in (Pen.CENTRE, Pen.CENTRE_UNSURE))
    seen = plot.marks(plot.seen)
    return Scene(
        format=Format.SPARK,
        width=_SPARK_WIDTH,
        height=height,
        alt=plain(picture.alt),
        bands=tuple(plot.bands()),
        lines=(*centres, *plot.targets(), *plot.runs(Pen.VALUE)),
        marks=tuple(replace(one, radius=round(one.radius * marks, 1)) for one in seen),
        texts=(),
    )


def shared_span(pictures: Iterable[Picture]) -> Span:
    """Give the one scale on which all of these can be drawn small."""
    lows, highs = zip(*(value_span(last(one, _FEW)) for one in pictures), strict=True)
    return min(lows), max(highs)


def _chart(f: Frame) -> Scene:
    plot = Plot(f.picture, f.across, f.values)
    poles, note_marks, note_texts = _notes(f)
    labels, leaders = gutter(f.labels, f.columns, f.values)
    lines = (*plot.limits(), *plot.targets(), *poles, *plot.runs(Pen.VALUE))
    marks = tuple(plot.marks(plot.dotted()))
    words = inside_words(f, ground(lines, marks))
    range_lines, range_marks, range_texts = range_part(f)
    axis_lines, axis_texts = _period_axis(f)
    upper_texts = (*_heading(f), *note_texts, *words, *labels, *_value_axis(f))
    return Scene(
        format=f.size.format,
        width=f.size.width,
        height=round(f.base + 36),
        alt=plain(f.picture.alt),
        bands=tuple(plot.bands()),
        lines=(*leaders, *axis_lines, *lines, *range_lines),
        marks=(*marks, *note_marks, *range_marks),
        texts=tuple(t for t in (*upper_texts, *range_texts, *axis_texts) if t.text),
    )


def _heading(f: Frame) -> Iterator[Text]:
    for row, title in enumerate(f.titles):
        yield Text(Role.TITLE, Ink.INK, 0, 13 + TITLE_ROW * row, title)
    for row, remark in enumerate(f.remarks, len(f.titles)):
        words = clip(remark, Role.MARK, f.size.width)
        yield Text(Role.MARK, Ink.SOFT, 0, 13 + TITLE_ROW * row, words)


def _value_axis(f: Frame) -> Iterator[Text]:
    numbers = tick_numbers(f.value_ticks)
    x = f.across.left - 6
    for value in reversed(f.value_ticks):
        y = f.values.at(value) + 4
        yield Text(Role.AXIS, Ink.SOFT, x, y, numbers.write(value), Anchor.END)


def _period_axis(f: Frame) -> tuple[list[Line], list[Text]]:
    lines, words, groups = [], [], []
    for tick in period_ticks(f.picture.points, f.across.step):
        x = f.across.at(tick.position)
        lines.append(Line(Pen.HAIR, ((x, f.base + 3), (x, f.base + 7))))
        words.append(Text(Role.AXIS, Ink.SOFT, x, f.base + 18, tick.word, Anchor.MIDDLE))
        if tick.group:
            groups.append(Text(Role.AXIS, Ink.SOFT, x, f.base + 32, tick.group, Anchor.MIDDLE))
    return lines, words + groups


def _notes(f: Frame) -> tuple[list[Line], list[Mark], list[Text]]:
    lines, marks, texts = [], [], []
    for note in f.notes:
        x, y = note.pole.x, f.values.top - 14 - PITCH * note.lane
        value = f.picture.points[note.pole.position].value
        foot = f.values.bottom if value is None else f.values.at(value) - 7
        head = y - 4 if note.pole.action else y + 3.6
        lines.append(Line(Pen.DROP, ((x, head), (x, foot))))
        marks.append(Mark(Shape.ACTION if note.pole.action else Shape.EVENT, x, y, 3.4))
        texts.append(Text(Role.MARK, Ink.SOFT, note.label_x, y + 4, note.text, note.anchor))
    return lines, marks, texts
