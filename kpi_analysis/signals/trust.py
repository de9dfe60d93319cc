"""Can these numbers be trusted to say anything? Findings on one series, in words.

A finding that `holds` keeps the series from being judged, with the reason; the others are
notes beside the verdict. Thresholds are conventions of this package unless they name a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from kpi_analysis.signals.layout import Bools, Floats


class TrustKind(StrEnum):
    """What was found."""

    TOO_FEW = "too_few"
    PROVISIONAL = "provisional"
    GAPS = "gaps"
    CHUNKY = "chunky"
    CONSTANT = "constant"
    AUTOCORRELATED = "autocorrelated"


@dataclass(frozen=True)
class TrustFinding:
    """One finding; `message` is a phrase that can stand alone; `holds` keeps back the verdict."""

    kind: TrustKind
    message: str
    holds: bool = False


@dataclass(frozen=True)
class TrustLimits:
    """Where a finding begins. Counts are numbers of periods or values.

    `least` and `firm`: signals.md, after NHSRplotthedots' trial limits below 12 points.
    `distinct`: Wheeler calls data chunky when the range chart has three or fewer possible
    values within its limits. `lag_one`: at a correlation of 0.5 between neighbours, 63 % of
    stable series raise a false signal.
    """

    least: int = 6
    firm: int = 12
    recent: int = 12
    missing: int = 3
    distinct: int = 3
    lag_one: float = 0.5


def trust(
    values: ArrayLike,
    in_baseline: ArrayLike | None = None,
    *,
    limits: TrustLimits | None = None,
) -> tuple[TrustFinding, ...]:
    """Look for reasons not to judge a series, or to judge it with care.

    Args:
        values: (n,) the values of one series in the order of its periods up to the one judged,
            NaN for a missing period.
        in_baseline: (n,) marks the points that set the present limits; all that have a value
            when not given.
        limits: where a finding begins.

    Returns:
        The findings, those that hold the verdict back first.

    """
    limits = limits or TrustLimits()
    series = np.asarray(values, dtype=np.float64)
    valued = ~np.isnan(series)
    used = valued if in_baseline is None else valued & np.asarray(in_baseline, dtype=bool)
    found = (
        _few(int(used.sum()), limits),
        _gaps(valued, limits),
        _chunky(series, used, limits),
        _leaning(series, used, limits),
    )
    return tuple(sorted((one for one in found if one), key=lambda one: not one.holds))


def _few(count: int, limits: TrustLimits) -> TrustFinding | None:
    if count < limits.least:
        words = f"not judged yet: {count} of at least {limits.least} values"
        return TrustFinding(TrustKind.TOO_FEW, words, holds=True)
    if count < limits.firm:
        words = f"provisional limits: {count} of {limits.firm} values"
        return TrustFinding(TrustKind.PROVISIONAL, words)
    return None


def _gaps(valued: Bools, limits: TrustLimits) -> TrustFinding | None:
    recent = valued[-limits.recent :]
    missing = len(recent) - int(recent.sum())
    if missing:
        words = f"{missing} of {len(recent)} periods missing"
        return TrustFinding(TrustKind.GAPS, words, holds=missing >= limits.missing)
    if not valued.all():
        missing = len(valued) - int(valued.sum())
        periods = "period" if missing == 1 else "periods"
        return TrustFinding(TrustKind.GAPS, f"{missing} earlier {periods} missing")
    return None


def _chunky(series: Floats, used: Bools, limits: TrustLimits) -> TrustFinding | None:
    """Find steps too coarse for limits: few distinct values, or hardly a moving range above 0.

    A series that never changed is no such case: its limits are its value, its reading is
    "steady", and against a target equal to it, "met". The first value that differs makes it
    chunky, because limits of a process that hardly moved mark anything.
    """
    if int(used.sum()) < limits.least:
        return None
    distinct = len(np.unique(series[used]))
    if len(np.unique(series[~np.isnan(series)])) == 1:
        return TrustFinding(TrustKind.CONSTANT, "every value is the same")
    ranges = _ranges(series, used)
    still = len(ranges) > 0 and float(np.mean(ranges == 0)) > 1 / 2
    if distinct <= limits.distinct or still:
        words = "too few distinct values"
        return TrustFinding(TrustKind.CHUNKY, words, holds=True)
    return None


def _ranges(series: Floats, used: Bools) -> Floats:
    return np.abs(np.diff(series))[used[1:] & used[:-1]]


def _leaning(series: Floats, used: Bools, limits: TrustLimits) -> TrustFinding | None:
    lag_one = lag_one_correlation(series, used)
    if int(used.sum()) < limits.firm or not lag_one > limits.lag_one:
        return None
    words = f"each value leans on the one before (correlation {lag_one:.2f}): more false signals"
    return TrustFinding(TrustKind.AUTOCORRELATED, words)


def lag_one_correlation(series: Floats, used: Bools) -> float:
    """Give the lag-1 autocorrelation of the used values; a gap is not bridged; NaN if constant.

    Sum of products of neighbours' deviations over the sum of squares (Box and Jenkins, Time
    Series Analysis, section 2.1).
    """
    away = np.where(used, series - series[used].mean(), 0.0) if used.any() else np.zeros(1)
    squares = float(away @ away)
    return float(away[1:] @ away[:-1]) / squares if squares else float("nan")
