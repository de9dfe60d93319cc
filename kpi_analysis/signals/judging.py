"""From arranged columns to lines and marks: the work behind `detect`, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kpi_analysis.signals.baselines import baseline_points
from kpi_analysis.signals.charts import Chart, Readings
from kpi_analysis.signals.given import Given, lay_over
from kpi_analysis.signals.layout import Bools, Layout
from kpi_analysis.signals.limits import Block, Lines, moving_ranges
from kpi_analysis.signals.marks import Points, mark
from kpi_analysis.signals.rules import RuleSet
from kpi_analysis.signals.segments import Segments

LINE_COLUMNS: Final = ("centre", "lower_limit", "upper_limit", "moving_range", "range_limit")


@dataclass(frozen=True)
class Task:
    """What every block needs to know. Arrays are whole columns, series by series."""

    readings: Readings
    first: Bools
    baseline: int | Bools | None
    excluded: Bools | None
    given: Given | None
    chart: Chart
    rules: RuleSet
    per: float
    bounds: tuple[float, float]


def judge(task: Task, layout: Layout) -> dict[str, NDArray[Any]]:
    """Give the columns of lines, sides and rules, in the order of the frame's rows."""
    columns = _empty_columns(layout.size, task.rules)
    for place in layout.blocks():
        segments, judged = _judge(task, place)
        for name, line in judged.items():
            if layout.order is None:
                segments.fill(columns[name][place], line)
            else:
                columns[name][layout.order[place]] = segments.spread(line)
    return columns


def _empty_columns(size: int, rules: RuleSet) -> dict[str, NDArray[Any]]:
    jump = ("large_range",) if rules.large_range else ()
    return {
        "in_baseline": np.empty(size, bool),
        **{name: np.empty(size) for name in LINE_COLUMNS},
        "side": np.empty(size, np.int8),
        **{name: np.empty(size, bool) for name in (*rules.columns, "signal", *jump)},
    }


def _judge(task: Task, place: slice) -> tuple[Segments, dict[str, NDArray[Any]]]:
    """Judge whole series that lie end to end: lines first, then the rules."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        valued = ~np.isnan(task.readings.values[place])
        block = _block(task, place, valued)
        segments, use = block.segments, block.use
        lines = task.chart.draw(block, task.rules)
        if task.given is not None:
            given = task.given.block(place)
            lines = lay_over(lines, block, given)
            use = use & np.isnan(given.centre)
        points = _points(block, valued, lines, task.first[place])
        marks = mark(points, task.rules)
        if task.rules.large_range:
            over = segments.apply(np.subtract, block.ranges, lines.slack)
            jump = {"large_range": segments.apply(np.greater, over, lines.range_limit)}
        else:
            jump = {}
    return segments, {
        "in_baseline": use,
        "centre": lines.centre,
        "lower_limit": np.maximum(lines.lower, task.bounds[0]),
        "upper_limit": np.minimum(lines.upper, task.bounds[1]),
        "moving_range": block.ranges,
        "range_limit": lines.range_limit,
        "side": points.above.view(np.int8) - points.below.view(np.int8),
        **marks,
        "signal": np.logical_or.reduce(list(marks.values())),
        **jump,
    }


def _block(task: Task, place: slice, valued: Bools) -> Block:
    first, values = task.first[place], task.readings.values[place]
    numerator, denominator = task.readings.numerator, task.readings.denominator
    segments = Segments.of(first)
    may_set = valued if task.excluded is None else valued & ~task.excluded[place]
    baseline = task.baseline[place] if isinstance(task.baseline, np.ndarray) else task.baseline
    return Block(
        values=values,
        ranges=moving_ranges(values, first),
        use=baseline_points(may_set, segments, baseline),
        segments=segments,
        numerator=None if numerator is None else numerator[place],
        denominator=None if denominator is None else denominator[place],
        per=task.per,
    )


def _points(block: Block, valued: Bools, lines: Lines, first: Bools) -> Points:
    segments, away = block.segments, lines.away
    beyond = segments.apply(np.subtract, np.abs(away), lines.slack)
    off_centre = beyond > 0
    if lines.up is lines.down:
        way = lines.up
    else:
        way = np.where(away > 0, segments.spread(lines.up), segments.spread(lines.down))
    return Points(
        values=block.values,
        reach=segments.apply(np.divide, beyond, way),
        above=off_centre & (away > 0),
        below=off_centre & (away < 0),
        judged=valued if lines.enough.all() else valued & segments.spread(lines.enough),
        first=first,
    )
