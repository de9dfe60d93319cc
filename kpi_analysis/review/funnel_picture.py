"""What a funnel shows, worked out and worded: the hand-over from signals to charts.

A team outside the limits is asked about, not judged: what do they count, who comes to them, what
do they do? There is no rank, and teams keep the order of their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kpi_analysis.review.picture import Tone
from kpi_analysis.review.wording import plural
from kpi_analysis.signals.benchmark import Funnel, Standing

_STEPS = 60  # corners of a limit
_ROOM = 0.04  # of the widest team, beyond it

Better = Literal["higher", "lower", "neutral"]
_SIDES = {1: "higher", -1: "lower"}
_SHOWN = ("team", "denominator", "value", "standing", "side", "z")
_WEIGHTS = {Standing.INSIDE: 0.0, Standing.OUTSIDE_95: 1e9, Standing.OUTSIDE_99_8: 2e9}


@dataclass(frozen=True)
class FunnelPoint:
    """One team. `weight`: how soon it is named; `tone` None: inside the 99.8 % limits."""

    name: str
    x: float
    y: float
    tone: Tone | None
    weight: float
    outside: bool
    own: bool = False


@dataclass(frozen=True)
class Curve:
    """One limit, in the unit of the values, and its words at the right."""

    words: str
    outer: bool
    spots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class FunnelPicture:
    """A funnel to draw; values as they are shown (percent for proportions), `x` denominators."""

    title: str
    across: str  # what the denominator counts
    alt: str
    decimals: int
    centre: float
    points: tuple[FunnelPoint, ...]
    curves: tuple[Curve, ...]


def funnel_picture(
    funnel: Funnel,
    title: str,
    *,
    across: str = "denominator",
    better: Better = "neutral",
    scale: float | None = None,
    names: Mapping[str, str] | None = None,
    own: str = "",
    decimals: int = 1,
) -> FunnelPicture:
    """Make a picture of a funnel; `scale` multiplies values, 100 for proportions if None.

    `own` is the team whose page it is on: always named. `names` are shown in place of teams' ids.
    """
    by = scale if scale is not None else 100.0 if funnel.kind in ("proportion", "arcsine") else 1.0
    columns = (funnel.table[one].tolist() for one in _SHOWN)
    points = tuple(
        FunnelPoint((names or {}).get(team, str(team)), x, by * y, _tone(standing, side, better),
                    _WEIGHTS[standing] + abs(z), side != 0, team == own)
        for team, x, y, standing, side, z in zip(*columns, strict=True)
    )  # fmt: skip
    alt = f"{title}: {' '.join(sentences(funnel))}"
    curves = _curves(funnel, by)
    return FunnelPicture(title, across, alt, decimals, by * funnel.centre, points, curves)


def _tone(standing: Standing, side: int, better: Better) -> Tone | None:
    if standing is not Standing.OUTSIDE_99_8:
        return None
    if better == "neutral":
        return Tone.CHANGE
    return Tone.IMPROVEMENT if _SIDES[side] == better else Tone.CONCERN


def _curves(funnel: Funnel, by: float) -> tuple[Curve, ...]:
    most = float(funnel.table["denominator"].max())
    least = float(funnel.table["denominator"].min())
    at = np.geomspace(least * (1 - _ROOM), most * (1 + _ROOM), _STEPS)
    curves = []
    for level in (95.0, 99.8):
        for bound in funnel.limits(at, level):
            # a limit at the end of the unit, 0 or 100 %, is none: nothing lies beyond it
            there = (bound > funnel.ends[0]) & (bound < funnel.ends[1])
            spots = zip(at[there].tolist(), (by * bound[there]).tolist(), strict=True)
            curves.append(Curve(f"{level:g} % limit", level > 99, tuple(spots)))
    return tuple(one for one in curves if len(one.spots) > 1)


def sentences(funnel: Funnel) -> tuple[str, ...]:
    """Say how many teams are outside, how far teams differ anyway, and what chance would do."""
    teams, (near, far) = len(funnel.table), funnel.outside
    expected = f"chance would put about {_number(0.05 * teams)}"
    first = f"{plural(far, 'team')} of {teams} outside the 99.8 % limits"
    second = f"{near} outside the 95 % limits, where {expected}"
    if funnel.between == 0:
        spread = f"Dispersion {_number(funnel.dispersion)}: teams differ no more than chance does."
    else:
        alone = funnel.chance_only[1]
        spread = (
            f"Dispersion {_number(funnel.dispersion)} (1 is chance alone): teams differ for reasons"
            f" that are not in the figures, so the limits are wider; limits of chance alone would"
            f" put {alone} of {teams} outside 99.8 %."
        )
    few = "With fewer than ten teams this spread is known roughly." if teams < 10 else ""
    return tuple(filter(None, (f"{first}; {second}.", spread, few)))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
