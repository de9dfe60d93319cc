"""`detect`: limits and signals for one series or a million, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.baselines import Baseline, PeriodWindow, in_window, read_baseline
from kpi_analysis.signals.charts import Chart, Readings, bounds_of, chosen_chart, read
from kpi_analysis.signals.given import Given, match
from kpi_analysis.signals.inputs import read_bounds, read_excluded, read_segments
from kpi_analysis.signals.judging import Task, judge
from kpi_analysis.signals.layout import Bools, Layout, lay_out
from kpi_analysis.signals.rules import OnCentre, RuleSet, chosen_rules


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
    task = Task(
        readings=_arranged(readings, layout),
        first=_first_places(frame, layout, segment),
        baseline=_baseline(frame, layout, read_baseline(baseline)),
        excluded=_excluded(frame, layout),
        given=given,
        chart=drawn,
        rules=_rules(rules, on_centre, drawn),
        per=per,
        bounds=bounds_of(drawn, per, read_bounds(bounds)),
    )
    value = {"value": readings.values} if drawn.counted else {}
    return _assemble(frame, {**value, "segment": segment, **judge(task, layout), **origin})


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


def _first_places(frame: pd.DataFrame, layout: Layout, segment: NDArray[np.int64]) -> Bools:
    first = layout.starts_mask()
    if "segment" in frame.columns:
        arranged = layout.arrange(segment)
        first[1:] |= arranged[1:] != arranged[:-1]
    return first


def _baseline(
    frame: pd.DataFrame, layout: Layout, baseline: int | PeriodWindow | None
) -> int | Bools | None:
    if isinstance(baseline, PeriodWindow):
        return layout.arrange(in_window(frame["period"], baseline))
    return baseline


def _excluded(frame: pd.DataFrame, layout: Layout) -> Bools | None:
    excluded = read_excluded(frame)
    return None if excluded is None else layout.arrange(excluded)


def _assemble(frame: pd.DataFrame, columns: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Put the new columns beside those of the frame, sharing what can be shared."""
    clash = np.array([name in columns for name in frame.columns], dtype=bool)
    kept = frame.loc[:, ~clash] if clash.any() else frame
    added = pd.DataFrame(columns, index=frame.index, copy=False)
    return pd.concat([kept, added], axis=1)
