"""What a process can do against its target."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal

from kpi_analysis.errors import KpiError

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
