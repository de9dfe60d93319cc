"""The same measure across teams: a funnel of limits that knows how much teams differ anyway.

Limits of chance alone are too narrow wherever teams differ for reasons that no one measured:
with large denominators nearly every team is then "outside". So the spread between teams is
estimated from winsorised z-scores and added (additive random effects).

Source: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in
Medicine 24 (2005) 1185-1202, and Handling over-dispersion of performance indicators, Quality and
Safety in Health Care 14 (2005) 347-351; the arithmetic of FunnelPlotR. No rank comes out: the
order of teams is that of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import need_columns

Floats = npt.NDArray[np.float64]
Kind = Literal["proportion", "arcsine", "rate", "ratio", "mean"]

FEWEST_TEAMS: Final = 5
"""Fewer teams say nothing about how much teams differ."""
LEVELS: Final = (95.0, 99.8)
TABLE: Final = ("team", "numerator", "denominator", "value", "z", "lower_95", "upper_95",
                "lower_99_8", "upper_99_8", "standing", "side")  # fmt: skip
_WINSORISE = 0.1
_HALF = 0.5  # added to both counts of a ratio, so that a team without any has a logarithm


class Standing(StrEnum):
    """Where a team lies in the funnel."""

    INSIDE = "inside"
    OUTSIDE_95 = "outside 95 %"
    OUTSIDE_99_8 = "outside 99.8 %"


@dataclass(frozen=True)
class _Scale:
    """A transformation on which chance alone has a standard error that hardly depends on value."""

    onto: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    error: Callable[[Floats, float, float], Floats]  # of denominator, centre and spread
    low: float = -np.inf  # ends of the transformed scale
    high: float = np.inf
    ends: tuple[float, float] = (-np.inf, np.inf)  # and of the values themselves


def _ratio_error(n: Floats, centre: float, _: float) -> Floats:
    expected = centre * n
    variance: Floats = expected / (expected + _HALF) ** 2 + n / (n + _HALF) ** 2
    return np.sqrt(variance)


def _binomial(n: Floats, centre: float, _: float) -> Floats:
    error: Floats = np.sqrt(centre * (1 - centre) / n)
    return error


def _per_root(n: Floats, _: float, __: float) -> Floats:
    error: Floats = 1 / (2 * np.sqrt(n))
    return error


def _of_mean(n: Floats, _: float, spread: float) -> Floats:
    error: Floats = spread / np.sqrt(n)
    return error


_SCALES: Final[dict[str, _Scale]] = {
    "proportion": _Scale(np.array, np.array, _binomial, 0.0, 1.0, (0.0, 1.0)),
    # arcsine and square root: variance-stabilising for binomial and Poisson counts
    "arcsine": _Scale(
        lambda p: np.arcsin(np.sqrt(p)),
        lambda y: np.sin(y) ** 2,
        _per_root,
        0.0,
        np.pi / 2,
        (0.0, 1.0),
    ),
    "rate": _Scale(np.sqrt, np.square, _per_root, 0.0, np.inf, (0.0, np.inf)),
    "ratio": _Scale(np.log, np.exp, _ratio_error, ends=(0.0, np.inf)),
    "mean": _Scale(np.array, np.array, _of_mean),
}


@dataclass(frozen=True)
class Funnel:
    """A measure across teams at once.

    `table` has the columns TABLE, a row a team, in the order of names; `side` is 1 above the
    centre and -1 below where a team is outside, else 0. `centre` is in the unit of the value,
    `dispersion` is the mean square of the winsorised z-scores (1: chance alone) and `between`
    the standard deviation between teams on the transformed scale (0: chance explains it).
    `outside` counts the teams outside the 95 % limits, and those of them outside the 99.8 %
    limits; `chance_only` does the same if limits were those of chance alone.
    """

    kind: Kind
    table: pd.DataFrame
    centre: float
    dispersion: float
    between: float
    outside: tuple[int, int]
    chance_only: tuple[int, int]
    spread: float = float("nan")  # of single values within a team, for means

    def limits(self, denominator: npt.ArrayLike, level: float = 99.8) -> tuple[Floats, Floats]:
        """Give lower and upper limit at some denominators, in the unit of the value."""
        n = np.asarray(denominator, dtype=float)
        return _limits(_SCALES[self.kind], n, self.centre, self.spread, self.between, level)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that a value can be."""
        return _SCALES[self.kind].ends


def funnel(
    frame: pd.DataFrame,
    kind: Kind = "proportion",
    *,
    team: str = "team",
    numerator: str = "numerator",
    denominator: str = "denominator",
    spread: str = "spread",
    centre: float | None = None,
) -> Funnel:
    """Lay the same measure of several teams into one funnel.

    Args:
        frame: rows of one measure of one definition; several rows of a team are added up.
        kind: "proportion" (cases of a denominator; "arcsine" for the same on FunnelPlotR's
            scale, which weighs small shares more), "rate" (events for an exposure, or observed
            for expected), "ratio" (one count for another), "mean" (the sum of the values in
            `numerator`, how many there were in `denominator`, one row a team).
        team: name of the column that tells the teams apart.
        numerator: name of the column of counts above the line.
        denominator: name of the column of counts below the line.
        spread: for means, the column of standard deviations of single values within a team.
        centre: what teams are held against; None: all teams together. 1 for observed for
            expected.

    Returns:
        A Funnel; teams with a denominator of 0 or without numbers are not in it.

    Raises:
        KpiError: an unknown kind, a missing column, impossible counts, fewer than 5 teams.

    """
    if kind not in _SCALES:
        raise KpiError(f"kind is {kind!r}; use {', '.join(_SCALES)}")
    need_columns(frame, [team, numerator, denominator, *([spread] if kind == "mean" else [])])
    sums = _summed(frame, kind, team, [numerator, denominator])
    within = _pooled(frame, team, denominator, spread) if kind == "mean" else float("nan")
    return _laid_out(sums, kind, centre, within)


def _summed(frame: pd.DataFrame, kind: Kind, team: str, columns: list[str]) -> pd.DataFrame:
    there = frame.dropna(subset=[team, *columns])
    if kind == "mean" and there[team].duplicated().any():
        twice = there.loc[there[team].duplicated(), team].iloc[0]
        raise KpiError(f"team '{twice}' has several rows: a mean needs one row a team")
    sums = there.groupby(team, sort=True, observed=True)[columns].sum().astype(float)
    sums.columns = pd.Index(["numerator", "denominator"])
    sums = sums[sums["denominator"] > 0].rename_axis("team").reset_index()
    wrong = sums["numerator"] < 0 if kind != "mean" else sums["numerator"].isna()
    if kind in ("proportion", "arcsine"):
        wrong |= sums["numerator"] > sums["denominator"]
    if wrong.any():
        row = sums[wrong].iloc[0]
        found = f"{row['numerator']:g} of {row['denominator']:g}"
        raise KpiError(f"team '{row['team']}' has {found}: that cannot be counted")
    if len(sums) < FEWEST_TEAMS:
        raise KpiError(f"{len(sums)} teams make no funnel: it takes at least {FEWEST_TEAMS}")
    return sums


def _pooled(frame: pd.DataFrame, team: str, denominator: str, spread: str) -> float:
    rows = frame.dropna(subset=[team, denominator, spread])
    freedom = (rows[denominator] - 1).clip(lower=0)
    pooled = float(np.sqrt((freedom * rows[spread] ** 2).sum() / max(freedom.sum(), 1)))
    if not pooled > 0:
        raise KpiError(f"column '{spread}' holds no spread within teams: limits need one")
    return pooled


def _laid_out(sums: pd.DataFrame, kind: Kind, centre: float | None, within: float) -> Funnel:
    scale = _SCALES[kind]
    x, n = sums["numerator"].to_numpy(), sums["denominator"].to_numpy()
    middle = float(x.sum() / n.sum()) if centre is None else centre
    if not scale.ends[0] < middle < scale.ends[1]:
        raise KpiError(f"a centre of {middle:g} leaves nothing to compare: it is as far as it goes")
    value = x / n
    if kind == "ratio":
        shown, value = value, (x + _HALF) / (n + _HALF)
    error = scale.error(n, middle, within)
    target = float(scale.onto(np.array([middle]))[0])
    z = (scale.onto(value) - target) / error
    dispersion, variance = _over_dispersion(z, error)
    standing = [_standing(np.abs(z) * error / np.sqrt(error**2 + s)) for s in (0.0, variance)]
    is_outside = np.array([one is not Standing.INSIDE for one in standing[1]])
    side = np.where(is_outside, np.sign(z), 0).astype(np.int8)
    between = float(np.sqrt(variance))
    bounds = [one for level in LEVELS for one in _limits(scale, n, middle, within, between, level)]
    columns = [
        x,
        n,
        shown if kind == "ratio" else value,
        z,
        *bounds,
        pd.Series(standing[1], dtype=object),
        side,
    ]
    table = pd.DataFrame({"team": sums["team"], **dict(zip(TABLE[1:], columns, strict=True))})
    chance_only, outside = map(_counted, standing)
    return Funnel(kind, table, middle, dispersion, between, outside, chance_only, within)


def _over_dispersion(z: Floats, error: Floats) -> tuple[float, float]:
    """Give phi and tau squared: moments of the z-scores after the tails are pulled in.

    Spiegelhalter 2005: 10 % of teams at each end count as if they stood at the 10th and 90th
    percentile; tau squared after DerSimonian and Laird, 0 where phi stays within chance.
    """
    pulled = np.clip(z, *np.quantile(z, [_WINSORISE, 1 - _WINSORISE]))
    phi, weight = float(np.mean(pulled**2)), error**-2
    excess = len(z) * phi - (len(z) - 1)
    return phi, max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))


def _standing(distance: Floats) -> list[Standing]:
    """Judge distances from the centre in standard errors."""
    order = (Standing.INSIDE, Standing.OUTSIDE_95, Standing.OUTSIDE_99_8)
    return [order[n] for n in np.searchsorted([_quantile(one) for one in LEVELS], distance)]


def _limits(
    scale: _Scale, n: Floats, centre: float, spread: float, between: float, level: float
) -> tuple[Floats, Floats]:
    target = scale.onto(np.array([centre]))
    reach = _quantile(level) * np.sqrt(scale.error(n, centre, spread) ** 2 + between**2)
    ends = (np.clip(target + way * reach, scale.low, scale.high) for way in (-1, 1))
    lower, upper = map(scale.back, ends)
    return lower, upper


def _quantile(level: float) -> float:
    if not 0 < level < 100:
        raise KpiError(f"limits of {level} % do not exist: give a level between 0 and 100")
    return NormalDist().inv_cdf(0.5 + level / 200)


def _counted(standing: Sequence[Standing]) -> tuple[int, int]:
    inside, outer = (standing.count(one) for one in (Standing.INSIDE, Standing.OUTSIDE_99_8))
    return len(standing) - inside, outer
