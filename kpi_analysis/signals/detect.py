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
from kpi_analysis.signals.layout import Bools, Floats, Layout, lay_out, need_columns
from kpi_analysis.signals.limits import Lines, Segments, moving_ranges, xmr_lines
from kpi_analysis.signals.marks import Points, mark
from kpi_analysis.signals.rules import OnCentre, RuleSet, chosen_rules

LINE_COLUMNS: Final = ("centre", "lower_limit", "upper_limit", "moving_range", "range_limit")

# Beyond this, sums of values and their limits leave the range of a float.
LARGEST_VALUE: Final = 1e300


@dataclass(frozen=True)
class _Task:
    """What every block needs to know. Arrays are whole columns, series by series."""

    values: Floats
    first: Bools
    baseline: int | Bools | None
    rules: RuleSet
    bounds: tuple[float, float]


def detect(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    rules: str | RuleSet = "wheeler",
    baseline: Baseline = None,
    bounds: tuple[float | None, float | None] | None = None,
    on_centre: OnCentre | None = None,
) -> pd.DataFrame:
    """Work out limits and signals of every series of a table.

    Args:
        frame: a row for each series and period, in any order: the key columns of `by`, `period`
            (anything with an order), `value` (a number; NaN where the period has none) and, if
            wanted, `segment` (a whole number; where it changes, new limits start).
        by: the columns that tell series apart; `()` for a single series.
        rules: the name of a rule set or a RuleSet, see `rule_set`.
        baseline: the points that set the limits of a segment: None for all of them, the number
            of its first rows, or (first period, last period), both included.
        bounds: (lowest, highest) value the unit allows, None where it has no end. Caps the
            limits that are given out; which points are outside does not depend on it.
        on_centre: overrides the rule set: a value exactly on the centre breaks a run ("break")
            or neither breaks it nor counts ("skip").

    Returns:
        A new frame: the rows and index of `frame`, its columns, and
        `segment` int; `in_baseline` bool: this point set the limits; `centre`, `lower_limit`,
        `upper_limit`, `moving_range`, `range_limit` float, unrounded, in the unit of the
        values; `side` int8: 1 above, -1 below, 0 on the centre or missing; one bool column for
        each rule; `large_range` where the rule set has it; `signal` bool: any rule of the X
        chart. Below six baseline values there are no limits and no signals.

    Raises:
        KpiError: a column is missing, a number is none, a period stands twice in a series, or
            an option is unknown.

    Sources: Wheeler, Understanding Variation; the constants and rules name theirs.

    """
    chosen = chosen_rules(rules)
    if on_centre is not None:
        chosen = replace(chosen, on_centre=on_centre)
    layout = lay_out(frame, by)
    segment = _segments(frame)
    task = _Task(
        values=layout.arrange(_values(frame)),
        first=_first_places(layout, segment),
        baseline=_baseline(frame, layout, read_baseline(baseline)),
        rules=chosen,
        bounds=_bounds(bounds),
    )
    columns = _judge_in_blocks(task, layout)
    return _assemble(frame, {"segment": segment, **columns})


def _values(frame: pd.DataFrame) -> Floats:
    need_columns(frame, ["value"])
    try:
        values = frame["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as fault:
        raise KpiError(f"column 'value' holds something that is no number ({fault})") from fault
    with np.errstate(invalid="ignore"):
        wrong = np.abs(values) > LARGEST_VALUE
    if wrong.any():
        row = int(np.argmax(wrong))
        raise KpiError(
            f"row {frame.index[row]}: value {values[row]} is infinite or too large to reckon "
            "with; leave it empty where the period has no value"
        )
    return values


def _segments(frame: pd.DataFrame) -> NDArray[np.int64]:
    if "segment" not in frame.columns:
        return np.zeros(len(frame), np.int64)
    need_columns(frame, ["segment"])
    try:
        numbers = frame["segment"].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        numbers = np.full(len(frame), np.nan)
    wrong = ~(np.floor(numbers) == numbers)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise KpiError(
            f"row {frame.index[row]}: segment {frame['segment'].iloc[row]} is no whole number; "
            "number the segments 0, 1, 2, ..."
        )
    return numbers.astype(np.int64)


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


def _bounds(bounds: tuple[float | None, float | None] | None) -> tuple[float, float]:
    low, high = bounds or (None, None)
    low, high = -np.inf if low is None else float(low), np.inf if high is None else float(high)
    if not low < high:
        raise KpiError(f"bounds are ({low}, {high}); the first must be below the second")
    return low, high


def _judge_in_blocks(task: _Task, layout: Layout) -> dict[str, NDArray[Any]]:
    columns = _empty_columns(layout.size, task.rules)
    for block in layout.blocks():
        target = block if layout.order is None else layout.order[block]
        for name, judged in _judge(task, block).items():
            columns[name][target] = judged
    return columns


def _empty_columns(size: int, rules: RuleSet) -> dict[str, NDArray[Any]]:
    jump = ("large_range",) if rules.large_range else ()
    return {
        "in_baseline": np.empty(size, bool),
        **{name: np.empty(size) for name in LINE_COLUMNS},
        "side": np.empty(size, np.int8),
        **{name: np.empty(size, bool) for name in (*rules.columns, *jump, "signal")},
    }


def _judge(task: _Task, block: slice) -> dict[str, NDArray[Any]]:
    """Judge whole series that lie end to end: lines first, then the rules."""
    values, first = task.values[block], task.first[block]
    segments = Segments.of(first)
    valued = ~np.isnan(values)
    baseline = task.baseline[block] if isinstance(task.baseline, np.ndarray) else task.baseline
    use = baseline_points(valued, segments, baseline)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ranges = moving_ranges(values, first)
        lines = xmr_lines(values, ranges, use, segments, task.rules)
        columns = _line_columns(lines, ranges, segments, task.bounds)
        points = _points(values, valued, first, lines, segments)
        marks: dict[str, NDArray[Any]] = dict(mark(points, task.rules))
        signal = np.logical_or.reduce(list(marks.values()))
        if task.rules.large_range:
            marks["large_range"] = ranges > segments.spread(lines.range_limit + lines.slack)
    side = points.above.astype(np.int8) - points.below.astype(np.int8)
    return {"in_baseline": use, **columns, "side": side, **marks, "signal": signal}


def _line_columns(
    lines: Lines, ranges: Floats, segments: Segments, bounds: tuple[float, float]
) -> dict[str, NDArray[Any]]:
    return {
        "centre": segments.spread(lines.centre),
        "lower_limit": segments.spread(np.maximum(lines.centre - lines.half, bounds[0])),
        "upper_limit": segments.spread(np.minimum(lines.centre + lines.half, bounds[1])),
        "moving_range": ranges,
        "range_limit": segments.spread(lines.range_limit),
    }


def _points(
    values: Floats, valued: Bools, first: Bools, lines: Lines, segments: Segments
) -> Points:
    away = values - segments.spread(lines.centre)
    slack = segments.spread(lines.slack)
    judged = valued if lines.enough.all() else valued & segments.spread(lines.enough)
    return Points(
        values=values,
        reach=(np.abs(away) - slack) / segments.spread(lines.half),
        above=away > slack,
        below=away < -slack,
        judged=judged,
        first=first,
    )


def _assemble(frame: pd.DataFrame, columns: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Put the new columns beside those of the frame, sharing what can be shared."""
    kept = frame.loc[:, [name not in columns for name in frame.columns]]
    added = pd.DataFrame(columns, index=frame.index, copy=False)
    return pd.concat([kept, added], axis=1)
