"""Targets over time: steps that hold from a period on, several lines, future periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError


@dataclass(frozen=True)
class TargetStep:
    """A target `value` from period `since` on (None: from the beginning).

    It holds until the next step of the same `label`, or up to and including `until`.
    """

    value: float
    since: Any = None
    until: Any = None
    label: str = "target"


@dataclass(frozen=True)
class TargetSpan:
    """One level stretch of a target line: positions `first` to `last`, both included."""

    label: str
    value: float
    first: int
    last: int


def targets_by_period(periods: Sequence[Any], steps: Sequence[TargetStep]) -> pd.DataFrame:
    """Give each target line's value in each period.

    Args:
        periods: in rising order; they may go on into the future.
        steps: the targets; those of one label make one line.

    Returns:
        A row for each period in the order given, a float column for each label; NaN where the
        line has no target. The last row is what capability is read against.

    Raises:
        KpiError: two steps of a label begin together, or a period cannot be compared.

    """
    return pd.DataFrame(
        {
            label: _line(periods, [step for step in steps if step.label == label])
            for label in dict.fromkeys(step.label for step in steps)
        },
        index=range(len(periods)),
        dtype=np.float64,
    )


def _line(periods: Sequence[Any], steps: list[TargetStep]) -> list[float]:
    begins = [step.since for step in steps]
    if len(set(begins)) < len(begins):
        twice = next(since for since in begins if begins.count(since) > 1)
        when = "at the beginning" if twice is None else f"at {twice}"
        raise KpiError(f"{steps[0].label}: two targets begin {when}; keep one of them")
    return [_value(period, steps) for period in periods]


def _value(period: Any, steps: list[TargetStep]) -> float:  # noqa: ANN401 # any kind of period that has an order
    try:
        begun = [step for step in steps if step.since is None or step.since <= period]
        if not begun:
            return float("nan")
        first = [step for step in begun if step.since is None]
        later = [step for step in begun if step.since is not None]
        step = max(later, key=lambda one: one.since) if later else first[0]
        return float("nan") if step.until is not None and period > step.until else step.value
    except TypeError as fault:
        raise KpiError(
            f"{steps[0].label}: its dates cannot be compared with period {period!r}; write them "
            "in the same form"
        ) from fault


def target_spans(table: pd.DataFrame) -> tuple[TargetSpan, ...]:
    """Cut the lines of `targets_by_period` into level stretches, line by line."""
    spans = []
    for label in table.columns:
        values = table[label].to_numpy()
        level = np.append(True, (values[1:] != values[:-1]))[: len(values)]
        firsts = np.flatnonzero(level & ~np.isnan(values))
        ends = np.append(np.flatnonzero(level), len(values))
        for first in firsts:
            last = int(ends[np.searchsorted(ends, first, side="right")]) - 1
            spans.append(TargetSpan(label, float(values[first]), int(first), last))
    return tuple(spans)
