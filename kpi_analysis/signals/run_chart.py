"""The run chart's own test: a longest run too long, or crossings too few.

Anhoej and Olesen, PLoS ONE 9 (2014) e113825; the longest run after Schilling, Mathematics
Magazine 85 (2012), the crossings after Chen, Model Assisted Statistics and Applications 5
(2010). As in the R package qicharts2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.signals.inputs import read_numbers
from kpi_analysis.signals.layout import Bools, Floats, Ints, Layout, key_names, lay_out
from kpi_analysis.signals.segments import Segments

CROSSINGS_QUANTILE: Final = 0.05


def run_chart(
    frame: pd.DataFrame, *, by: str | Sequence[str] = ("team", "measure")
) -> pd.DataFrame:
    """Test every series for non-random variation about its median.

    A value on the median is dropped for both counts, and so is a missing one: the test counts
    useful points and knows no periods, so here (and only here) a run goes on over a gap.
    Segments are not looked at: give the rows of the segment to be tested.

    Args:
        frame: the key columns, `period` and `value` (NaN for a missing one), in any order.
        by: the columns that tell series apart.

    Returns:
        A row for each series in the order of their first rows: the key columns, `median`,
        `n_useful`, `longest_run`, `longest_run_max` (log2(n_useful) rounded half to even, plus
        3), `crossings`, `crossings_min` (the 5 % quantile of Binomial(n_useful - 1, 1/2)) and
        `signal` bool: longest run above its maximum, or crossings below their minimum. Without
        a useful point the counts are missing (pandas' NA).

    Raises:
        KpiError: a column is missing, a value is no number, a period stands twice.

    """
    layout = lay_out(frame, by)
    values = layout.arrange(read_numbers(frame, "value"))
    keys = frame[key_names(by)].iloc[[layout.row(int(start)) for start in layout.starts]]
    return pd.concat([keys.reset_index(drop=True), _tests(values, layout)], axis=1)


def _tests(values: Floats, layout: Layout) -> pd.DataFrame:
    if not layout.size:
        kinds = {"median": "float64", **dict.fromkeys(_COUNTS, "Int64"), "signal": "bool"}
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    segments = Segments.of(layout.starts_mask())
    valued = ~np.isnan(values)
    median = segments.medians(values, valued, segments.counts(valued))
    above = values > segments.spread(median)
    useful = above | (values < segments.spread(median))
    n_useful = segments.counts(useful)
    longest, runs = _runs(above, useful, segments)
    limit = np.rint(np.log2(np.maximum(n_useful, 1))).astype(np.intp) + 3
    fewest = _crossings_min(n_useful)
    counts = (n_useful, longest, limit, runs - 1, fewest)
    none = n_useful == 0
    signal = ~none & ((longest > limit) | (runs - 1 < fewest))
    columns = {
        name: pd.arrays.IntegerArray(count.astype(np.int64), none & (name != "n_useful"))
        for name, count in zip(_COUNTS, counts, strict=True)
    }
    return pd.DataFrame({"median": median, **columns, "signal": signal})


_COUNTS: Final = ("n_useful", "longest_run", "longest_run_max", "crossings", "crossings_min")


def _runs(above: Bools, useful: Bools, segments: Segments) -> tuple[Ints, Ints]:
    """Give the longest run and the number of runs of each series."""
    series = segments.spread(np.arange(len(segments.starts)))[useful]
    side = above[useful]
    longest = np.zeros(len(segments.starts), np.intp)
    if not len(side):
        return longest, longest.copy()
    starts = np.flatnonzero(np.append(True, (side[1:] != side[:-1]) | (series[1:] != series[:-1])))
    lengths = np.diff(starts, append=len(side))
    np.maximum.at(longest, series[starts], lengths)
    return longest, np.bincount(series[starts], minlength=len(longest)).astype(np.intp)


def _crossings_min(n_useful: Ints) -> Ints:
    sizes, which = np.unique(np.maximum(n_useful - 1, 0), return_inverse=True)
    quantiles = np.array([binomial_quantile(int(size)) for size in sizes], dtype=np.intp)
    return np.asarray(quantiles[which])


def binomial_quantile(size: int, share: float = CROSSINGS_QUANTILE) -> int:
    """Give the smallest k with P(X <= k) >= share for X ~ Binomial(size, 1/2)."""
    # Sums from twelve standard deviations below the mean on: what lies further is below 1e-30.
    low = max(0, math.floor(size / 2 - 6 * math.sqrt(size)) - 1)
    log_chance = (
        math.lgamma(size + 1)
        - math.lgamma(low + 1)
        - math.lgamma(size - low + 1)
        - size * math.log(2)
    )
    chance, total, k = math.exp(log_chance), 0.0, low
    while True:
        total += chance
        if total >= share:
            return k
        chance *= (size - k) / (k + 1)
        k += 1
