"""What a process can do against its target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import key_names, lay_out, need_columns

Better = Literal["higher", "lower", "neutral"]
AppliesTo = Literal["each value", "average"]


class Capability(StrEnum):
    """Limits against target: what will happen if nothing changes."""

    PASS = "pass"  # noqa: S105 # a verdict, no password
    HIT_OR_MISS = "hit_or_miss"
    FAIL = "fail"
    NONE = "none"


def capability(
    limits: tuple[float, float],
    target: float | None,
    better: Better,
    *,
    applies_to: AppliesTo = "each value",
    values: int = 1,
) -> Capability:
    """Compare the limits of the last segment with a target.

    Limits wholly on the good side of the target pass, wholly short of it fail, else chance
    decides. A value equal to the target meets it, so a series constant at 100 passes a target
    of 100 (NHSRplotthedots calls a limit on the target inconsistent).

    For a target of the average, the limits of single values give way to those of an average of
    as many values: centre +- (half the width of the limits) / sqrt(values), the three-sigma
    limits of a mean (Montgomery, Introduction to Statistical Quality Control, section 6.2),
    with sigma from the moving ranges as in the limits themselves.

    Args:
        limits: lower and upper limit of the last segment, in the unit of the target; for an
            average they must not be capped.
        target: None or NaN where there is none.
        better: which way is better; "neutral" has nothing to pass or fail.
        applies_to: what the target is set for.
        values: how many values set the limits; used for an average.

    Returns:
        NONE where there is no target, no direction or no limits.

    Raises:
        KpiError: an unknown `better` or `applies_to`, or no values for an average.

    """
    if better not in ("higher", "lower", "neutral"):
        raise KpiError(f"better is {better!r}; use higher, lower or neutral")
    if applies_to == "average":
        limits = average_limits(limits, values)
    elif applies_to != "each value":
        raise KpiError(f"applies_to is {applies_to!r}; use 'each value' or 'average'")
    if target is None or better == "neutral" or any(map(math.isnan, (*limits, target))):
        return Capability.NONE
    lower, upper = limits
    good, short = (lower >= target, upper < target)
    if better == "lower":
        good, short = (upper <= target, lower > target)
    return Capability.PASS if good else Capability.FAIL if short else Capability.HIT_OR_MISS


def average_limits(limits: tuple[float, float], values: int) -> tuple[float, float]:
    """Give the three-sigma limits of the average of the values that set the limits."""
    if values < 1:
        raise KpiError(f"an average of {values} values has no limits; give how many set them")
    centre, half = (limits[0] + limits[1]) / 2, (limits[1] - limits[0]) / 2
    return centre - half / math.sqrt(values), centre + half / math.sqrt(values)


def last_limits(
    detected: pd.DataFrame, *, by: str | Sequence[str] = ("team", "measure")
) -> pd.DataFrame:
    """Give the limits that hold now: those at the last period of each series.

    Args:
        detected: what `detect` returned.
        by: the same key columns.

    Returns:
        A row for each series: the key columns, `period`, `segment`, `centre`, `lower_limit`,
        `upper_limit`, `range_limit` and `points` int, how many values of the segment set them.

    Raises:
        KpiError: a column is missing.

    """
    keys = key_names(by)
    shown = ["period", "segment", "centre", "lower_limit", "upper_limit", "range_limit"]
    need_columns(detected, [*keys, *shown, "in_baseline"])
    layout = lay_out(detected, keys)
    segment = layout.arrange(detected["segment"].to_numpy())
    used = layout.arrange(detected["in_baseline"].to_numpy())
    size = np.diff(layout.starts, append=layout.size)
    ends = layout.starts + size - 1
    setting = used & (segment == np.repeat(segment[ends], size))
    points = np.add.reduceat(setting, layout.starts, dtype=np.intp) if layout.size else ends
    table = detected[[*keys, *shown]].iloc[[layout.row(int(end)) for end in ends]]
    return table.reset_index(drop=True).assign(points=points)
