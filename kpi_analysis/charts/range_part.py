"""The lower part of an XmR chart: the moving ranges with their limits and jumps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpi_analysis.charts.frame import WIDE, Frame
from kpi_analysis.charts.gutter import gutter
from kpi_analysis.charts.plot import Plot
from kpi_analysis.charts.scales import Upwards
from kpi_analysis.charts.scene import Anchor, Line, Mark, Text, clip, plain
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape, text_width


def range_part(f: Frame) -> tuple[list[Line], list[Mark], list[Text]]:
    """Give the moving ranges with their limits, title and the words of jumps."""
    if f.ranges is None:
        return [], [], []
    plot = Plot(f.picture, f.across, f.ranges)
    labels, leaders = gutter(f.range_labels, f.columns, f.ranges)
    lines = [*leaders, *plot.range_limits(), *plot.runs(Pen.RANGE)]
    marks = list(plot.range_marks())
    zero = Text(Role.AXIS, Ink.SOFT, f.across.left - 6, f.ranges.bottom + 4, "0", Anchor.END)
    return lines, marks, [*_range_words(f, f.ranges, marks), *labels, zero]


def _range_words(f: Frame, axis: Upwards, marks: Sequence[Mark]) -> Iterator[Text]:
    """Give the part's title, and the word of its jumps beside it, over the highest."""
    full, short = plain(f.picture.range_title), plain(f.picture.range_title_short)
    title = clip(full if f.size is WIDE else short, Role.AXIS, f.across.right - f.across.left)
    y = axis.top - 10
    heading = Text(Role.AXIS, Ink.SOFT, f.across.left, y, title)
    yield heading
    jumps = [mark for mark in marks if mark.shape is Shape.JUMP]
    if jumps:
        words = "jump" if len(jumps) == 1 else f"{len(jumps)} jumps"
        half = text_width(words, Role.NUMBER) / 2
        x = min(min(jumps, key=lambda mark: mark.y).x, f.across.right - half)
        x = max(x, heading.box.right + 8 + half)
        if x + half <= f.across.right + 4:
            yield Text(Role.NUMBER, Ink.SOFT, x, y, words, Anchor.MIDDLE)
