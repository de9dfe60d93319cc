"""`detect`: limits and signals for one series or a million, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.baselines import (
    Baseline,
    Window,
    baseline_points,
    in_window,
    read_baseline,
)
from kpi_analysis.signals.charts import Chart, Readings, bounds_of, chosen_chart, read
from kpi_analysis.signals.given import Given, lay_over, match
from kpi_analysis.signals.inputs import read_bounds, read_excluded, read_segments
from kpi_analysis.signals.layout import Bools, Layout, lay_out
from kpi_analysis.signals.limits import Block, Lines, moving_ranges
from kpi_analysis.signals.marks import Points, mark
from kpi_analysis.signals.rules import OnCentre, RuleSet, chosen_rules
from kpi_analysis.signals.segments import Segments

LINE_COLUMNS: Final = ("centre", "lower_limit", "upper_limit", "moving_range", "range_limit")


@dataclass(frozen=True)
class _Task:
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


def detect(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    rules: str | RuleSet = "wheeler",
    baseline: Baseline = None,
    bounds: tuple[float | None, float | None] | None = None,
    chart: str = "xmr",
    per: float = 1.0,
    on_centre: OnCentre | None = None,
    limits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Work out limits and signals of every series of a table.

    Args:
        frame: a row for each series and period, in any order: the key columns of `by`, `period`
            (anything with an order), `value` (a number; NaN where the period has none) and, if
            wanted, `segment` (a whole number; where it changes, new limits start) and
            `excluded` (the reason why a point may not set limits, else empty). Charts with a
            denominator read `numerator` and `denominator` and write `value`.
        by: the columns that tell series apart; `()` for a single series.
        rules: the name of a rule set or a RuleSet, see `rule_set`.
        baseline: the points that set the limits of a segment: None for all of them, the number
            of its first rows, or (first period, last period), both included.
        bounds: (lowest, highest) value the unit allows, None where it has no end. Caps the
            limits that are given out; which points are outside does not depend on it.
        chart: xmr; trended (limits about Wheeler's half-average line); run (median, no limits);
            p, p_prime, u, u_prime (limits for each denominator); c (counts); t (time between
            events); g (cases between events).
        per: value = per * numerator / denominator: 100 for a percentage, 1000 for a rate of so
            many.
        on_centre: overrides the rule set: a value exactly on the centre breaks a run ("break")
            or neither breaks it nor counts ("skip", and always so on a run chart).
        limits: limits saved before or set by hand, see `work_out_limits`; they take the place
            of those of the points, and a column `limits_from` says points, saved or hand.

    Returns:
        A new frame: the rows and index of `frame`, its columns, and
        `segment` int; `in_baseline` bool: this point set the limits; `centre`, `lower_limit`,
        `upper_limit`, `moving_range`, `range_limit` float, unrounded, in the unit of the
        values; `side` int8: 1 above, -1 below, 0 on the centre or missing; one bool column for
        each rule; `signal` bool: any rule of the X chart; `large_range` where the rule set has
        it. Below six baseline values there are no limits and no signals.

    Raises:
        KpiError: a column is missing, a number is none, a period stands twice in a series, or
            an option is unknown.

    Sources: Wheeler, Understanding Variation; the constants, rules and charts name theirs.

    """
    drawn = chosen_chart(chart)
    layout = lay_out(frame, by)
    segment = read_segments(frame)
    readings = read(frame, drawn, per)
    given, origin = _given(frame, segment, limits, by, layout, drawn)
    task = _Task(
        readings=_arranged(readings, layout),
        first=_first_places(layout, segment),
        baseline=_baseline(frame, layout, read_baseline(baseline)),
        excluded=_excluded(frame, layout),
        given=given,
        chart=drawn,
        rules=_rules(rules, on_centre, drawn),
        per=per,
        bounds=bounds_of(drawn, per, read_bounds(bounds)),
    )
    value = {"value": readings.values} if drawn.counted else {}
    return _assemble(frame, {**value, "segment": segment, **_in_blocks(task, layout), **origin})


def _rules(rules: str | RuleSet, on_centre: OnCentre | None, chart: Chart) -> RuleSet:
    chosen = chosen_rules(rules)
    if on_centre is None:
        # half of an odd number of values: one always lies on the median, and may not cut a run
        on_centre = "skip" if chart.name == "run" else chosen.on_centre
    chosen = replace(chosen, on_centre=on_centre)
    return chosen if chart.ranged else replace(chosen, large_range=False)


def _given(
    frame: pd.DataFrame,
    segment: NDArray[np.int64],
    limits: pd.DataFrame | None,
    by: str | Sequence[str],
    layout: Layout,
    chart: Chart,
) -> tuple[Given | None, dict[str, NDArray[Any]]]:
    if limits is None:
        return None, {}
    if chart.name != "xmr":
        raise KpiError(f"limits can be given to an xmr chart; a {chart.name} chart draws its own")
    given, origin = match(frame, segment, limits, by, layout)
    return given, {"limits_from": origin}


def _arranged(readings: Readings, layout: Layout) -> Readings:
    columns = (readings.values, readings.numerator, readings.denominator)
    return Readings(*(None if one is None else layout.arrange(one) for one in columns))  # type: ignore[arg-type] # values are never None


def _first_places(layout: Layout, segment: NDArray[np.int64]) -> Bools:
    first = layout.starts_mask()
    arranged = layout.arrange(segment)
    first[1:] |= arranged[1:] != arranged[:-1]
    return first


def _baseline(
    frame: pd.DataFrame, layout: Layout, baseline: int | Window | None
) -> int | Bools | None:
    if isinstance(baseline, Window):
        return layout.arrange(in_window(frame["period"], baseline))
    return baseline


def _excluded(frame: pd.DataFrame, layout: Layout) -> Bools | None:
    excluded = read_excluded(frame)
    return None if excluded is None else layout.arrange(excluded)


def _in_blocks(task: _Task, layout: Layout) -> dict[str, NDArray[Any]]:
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


def _judge(task: _Task, place: slice) -> tuple[Segments, dict[str, NDArray[Any]]]:
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


def _block(task: _Task, place: slice, valued: Bools) -> Block:
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


def _assemble(frame: pd.DataFrame, columns: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Put the new columns beside those of the frame, sharing what can be shared."""
    clash = np.array([name in columns for name in frame.columns], dtype=bool)
    kept = frame.loc[:, ~clash] if clash.any() else frame
    added = pd.DataFrame(columns, index=frame.index, copy=False)
    return pd.concat([kept, added], axis=1)
