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
from kpi_analysis.signals.limits import D2


class TrustKind(StrEnum):
    """What was found."""

    TOO_FEW = "too_few"
    PROVISIONAL = "provisional"
    GAPS = "gaps"
    CHUNKY = "chunky"
    CONSTANT = "constant"
    AUTOCORRELATED = "autocorrelated"
    ROUNDED = "rounded"
    BOUNDED = "bounded"
    SMALL_DENOMINATORS = "small_denominators"
    SEASON = "season"
    SWINGS = "swings"


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
    stable series raise a false signal. `step`: the smallest step between values, in standard
    deviations. `at_end`: share of values at an end of the unit. `denominator`: cases below
    which a single one moves a percentage by more than ten points. `season`: correlation of
    values one cycle apart, freed of a straight trend; on 20,000 series of noise it was passed
    by 4.6 % with two cycles and 0.3 % with three. `swings`: recent moving ranges beyond their
    limit; of 100,000 stable series 1.2 % had three in twelve (24 baseline values), of those whose
    spread had trebled 82 %.
    """

    least: int = 6
    firm: int = 12
    recent: int = 12
    missing: int = 3
    distinct: int = 3
    lag_one: float = 0.5
    step: float = 0.5
    at_end: float = 0.2
    denominator: float = 10
    season: float = 0.5
    swings: int = 3


@dataclass(frozen=True)
class Context:
    """What else is known of the series; None where it is not.

    `bounds` are the ends of its unit, `denominators` (n,) the cases behind each value, `cycle`
    the number of periods after which a season comes again (12 months, 7 days), to be given
    only where no season is stated in the measure's definition. `large_ranges` (n,) marks the
    moving ranges beyond their limit.
    """

    bounds: tuple[float | None, float | None] = (None, None)
    denominators: ArrayLike | None = None
    cycle: int | None = None
    large_ranges: ArrayLike | None = None


def trust(
    values: ArrayLike,
    in_baseline: ArrayLike | None = None,
    *,
    context: Context | None = None,
    limits: TrustLimits | None = None,
) -> tuple[TrustFinding, ...]:
    """Look for reasons not to judge a series, or to judge it with care.

    Args:
        values: (n,) the values of one series in the order of its periods up to the one judged,
            NaN for a missing period.
        in_baseline: (n,) marks the points that set the present limits; all that have a value
            when not given.
        context: ends of the unit, denominators, cycle of a season, large moving ranges.
        limits: where a finding begins.

    Returns:
        The findings, those that hold the verdict back first.

    """
    limits, context = limits or TrustLimits(), context or Context()
    series = np.asarray(values, dtype=np.float64)
    valued = ~np.isnan(series)
    used = valued if in_baseline is None else valued & np.asarray(in_baseline, dtype=bool)
    setting = _Setting.of(series, used)
    chunky = _chunky(series[valued], setting, limits)
    found = (
        _few(len(setting.values), limits),
        _gaps(valued, limits),
        chunky,
        None if chunky else _rounded(setting, limits),
        _bounded(setting, context, limits),
        _small(valued, context, limits),
        _leaning(series, used, limits),
        _season(series, valued, context, limits),
        _swings(context, limits),
    )
    return tuple(sorted((one for one in found if one), key=lambda one: not one.holds))


@dataclass(frozen=True)
class _Setting:
    """The values that set the limits, the distinct ones in order, and the moving ranges."""

    values: Floats
    distinct: Floats
    ranges: Floats

    @classmethod
    def of(cls, series: Floats, used: Bools) -> _Setting:
        values = series[used]
        ranges = np.abs(np.diff(series))[used[1:] & used[:-1]]
        return cls(values, np.unique(values), ranges)


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


def _chunky(values: Floats, setting: _Setting, limits: TrustLimits) -> TrustFinding | None:
    """Find steps too coarse for limits: few distinct values, or hardly a moving range above 0.

    A series that never changed is no such case: its limits are its value, its reading is
    "steady", and against a target equal to it, "met". The first value that differs makes it
    chunky, because limits of a process that hardly moved mark anything.
    """
    if len(setting.values) < limits.least:
        return None
    if len(values) and (values == values[0]).all():
        return TrustFinding(TrustKind.CONSTANT, "every value is the same")
    ranges = setting.ranges
    still = len(ranges) > 0 and float(np.mean(ranges == 0)) > 1 / 2
    if len(setting.distinct) <= limits.distinct or still:
        words = "too few distinct values"
        return TrustFinding(TrustKind.CHUNKY, words, holds=True)
    return None


def _leaning(series: Floats, used: Bools, limits: TrustLimits) -> TrustFinding | None:
    lag_one = lag_one_correlation(series, used)
    if int(used.sum()) < limits.firm or not lag_one > limits.lag_one:
        return None
    words = f"each value leans on the one before (correlation {lag_one:.2f}): more false signals"
    return TrustFinding(TrustKind.AUTOCORRELATED, words)


def lag_one_correlation(series: Floats, used: Bools) -> float:
    """Give the lag-1 autocorrelation of the used values; a gap is not bridged; NaN if constant.

    Sum of products of neighbours' deviations over the sum of squares (Box and Jenkins, Time
    Series Analysis).
    """
    away = np.where(used, series - series[used].mean(), 0.0) if used.any() else np.zeros(1)
    squares = float(away @ away)
    return float(away[1:] @ away[:-1]) / squares if squares else float("nan")


def _rounded(setting: _Setting, limits: TrustLimits) -> TrustFinding | None:
    """Find steps between values that are coarse beside their variation, as Wheeler warns."""
    sigma = float(setting.ranges.mean()) / D2 if len(setting.ranges) else 0.0
    steps = np.diff(setting.distinct)
    if len(setting.values) < limits.least or not len(steps) or steps.min() <= limits.step * sigma:
        return None
    words = f"values move in steps of {steps.min():.3g}, coarse beside their variation"
    return TrustFinding(TrustKind.ROUNDED, words)


def _bounded(setting: _Setting, context: Context, limits: TrustLimits) -> TrustFinding | None:
    count = len(setting.values)
    for end in context.bounds:
        at_end = 0 if end is None else int(np.sum(setting.values == end))
        if at_end and at_end >= limits.at_end * count and len(setting.distinct) > 1:
            words = f"{at_end} of {count} values at {end:g}, the end of the unit"
            return TrustFinding(TrustKind.BOUNDED, words)
    return None


def _small(valued: Bools, context: Context, limits: TrustLimits) -> TrustFinding | None:
    if context.denominators is None:
        return None
    recent = np.asarray(context.denominators, dtype=np.float64)[-limits.recent :]
    recent = recent[valued[-limits.recent :]]
    small = int(np.sum(recent < limits.denominator))
    if not small:
        return None
    words = f"{small} of {len(recent)} denominators below {limits.denominator:g}"
    return TrustFinding(TrustKind.SMALL_DENOMINATORS, words)


def _season(
    series: Floats, valued: Bools, context: Context, limits: TrustLimits
) -> TrustFinding | None:
    cycle = context.cycle
    if cycle is None or cycle < 2 or int(valued.sum()) < 2 * cycle:
        return None
    likeness = season_correlation(series, valued, cycle)
    if not likeness > limits.season:
        return None
    words = f"the same pattern every {cycle} periods (correlation {likeness:.2f}), no season stated"
    return TrustFinding(TrustKind.SEASON, words)


def _swings(context: Context, limits: TrustLimits) -> TrustFinding | None:
    """Find a spread that has grown: then even a quiet process throws single values outside."""
    if context.large_ranges is None:
        return None
    recent = np.asarray(context.large_ranges, dtype=bool)[-limits.recent :]
    large = int(recent.sum())
    if large < limits.swings:
        return None
    words = (
        f"the swings have grown: {large} of the last {len(recent)} changes are beyond their limit,"
        " so a single value tells little"
    )
    return TrustFinding(TrustKind.SWINGS, words)


def season_correlation(series: Floats, valued: Bools, cycle: int) -> float:
    """Give the correlation of values one cycle apart, freed of a straight trend; NaN if none."""
    place = np.flatnonzero(valued).astype(np.float64)
    centred = place - place.mean()
    slope = centred @ series[valued] / (centred @ centred)
    level = np.full(len(series), np.nan)
    level[valued] = series[valued] - series[valued].mean() - slope * centred
    pairs = np.stack([level[:-cycle], level[cycle:]])
    pairs = pairs[:, ~np.isnan(pairs).any(axis=0)]
    pairs = pairs - pairs.mean(axis=1, keepdims=True)
    size = float(np.sqrt((pairs[0] @ pairs[0]) * (pairs[1] @ pairs[1])))
    return float(pairs[0] @ pairs[1]) / size if size and pairs.shape[1] >= cycle else float("nan")
