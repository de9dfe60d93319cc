"""Which points set the limits of their segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import Bools
from kpi_analysis.signals.segments import Segments


@dataclass(frozen=True)
class PeriodWindow:
    """Periods that set the limits, from the first to the last, both included; None is open."""

    first: Any = None
    last: Any = None


Baseline = int | PeriodWindow | tuple[Any, Any] | None


def read_baseline(baseline: Baseline) -> int | PeriodWindow | None:
    """Check a baseline: None (all points), a number of rows, or a window of periods.

    Raises:
        KpiError: it is none of these; the message says what is wanted.

    """
    if isinstance(baseline, tuple) and len(baseline) == 2:
        baseline = PeriodWindow(*baseline)
    if baseline is None or isinstance(baseline, PeriodWindow):
        return baseline
    if isinstance(baseline, int | np.integer) and not isinstance(baseline, bool) and baseline > 0:
        return int(baseline)
    raise KpiError(
        f"baseline is {baseline!r}; use None for all points of the segment, a number of points "
        "such as 24, or (first period, last period)"
    )


def in_window(periods: pd.Series[Any], window: PeriodWindow) -> Bools:
    """Mark the rows whose period lies in the window.

    Raises:
        KpiError: the window's ends cannot be compared with the periods.

    """
    inside = np.ones(len(periods), bool)
    try:
        if window.first is not None:
            inside &= (periods >= window.first).to_numpy(dtype=bool)
        if window.last is not None:
            inside &= (periods <= window.last).to_numpy(dtype=bool)
    except (TypeError, ValueError) as fault:
        raise KpiError(
            f"the baseline from {window.first} to {window.last} cannot be compared with periods "
            f"such as {periods.iloc[0]!r}; write it in the same form"
        ) from fault
    return inside


def baseline_points(valued: Bools, segments: Segments, baseline: int | Bools | None) -> Bools:
    """Mark the places that set the limits of their segment.

    Args:
        valued: (n,) the places that have a value.
        segments: segments that lie end to end.
        baseline: None, the number of first rows of each segment (rows without a value count
            as rows), or a mask of the places in a window of periods. A segment that the window
            does not touch is judged by all its points: it has no others.

    Returns:
        (n,) mask of baseline points; each has a value.

    """
    if baseline is None:
        return valued
    if isinstance(baseline, int):
        place = np.arange(len(valued)) - segments.spread(segments.starts)
        return np.asarray(valued & (place < baseline))
    chosen = valued & baseline
    untouched = segments.counts(chosen) == 0
    return chosen | (valued & segments.spread(untouched)) if untouched.any() else chosen
