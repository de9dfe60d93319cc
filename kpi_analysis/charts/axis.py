"""The period axis: few words, evenly spaced within a year or month, the group once beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kpi_analysis.charts.theme import Role, text_width
from kpi_analysis.periods import MONTHS
from kpi_analysis.review.picture import Point

_AIR = 3.0  # px between two words at their widest; nearly always more
_MONTHS = tuple(name[:3] for name in MONTHS)
_MONTH_STRIDES = (3, 6, 12)
_DAY_STRIDES = (1, 7, 14)
_PLACE_STRIDES = (1, 5, 10, 20, 50, 100)
_STRIDES = {"W": (1, 2, 4, 13, 26), "Q": (1, 2, 4)}  # by the letter before the number
_FEW = 7  # so few points that each has its word, where they fit


@dataclass(frozen=True)
class Tick:
    """A named period; `group` is empty where the words beneath would repeat."""

    position: int
    word: str
    group: str


def period_ticks(points: Sequence[Point], step: float) -> tuple[Tick, ...]:
    """Give the ticks of points `step` px apart: words never meet, groups never meet."""
    named = _named(points, step) if points else []
    heads = [j for i, j in zip([-1, *named], named, strict=False) if _new_group(points, i, j)]
    beneath = _thin(heads, [text_width(p.tick_group, Role.AXIS) for p in points], step)
    return tuple(
        Tick(i, points[i].tick, points[i].tick_group if i in beneath else "") for i in named
    )


def _new_group(points: Sequence[Point], before: int, position: int) -> bool:
    return before < 0 or points[before].tick_group != points[position].tick_group


def _named(points: Sequence[Point], step: float) -> list[int]:
    """Give the positions with a word: the smallest stride that fits, counted within groups."""
    widths = [text_width(p.tick, Role.AXIS) for p in points]
    first = points[0].tick
    numbered = _DAY_STRIDES if points[0].tick_group else _PLACE_STRIDES
    strides = _MONTH_STRIDES if first in _MONTHS else _STRIDES.get(first[:1], numbered)
    strides = (1, *strides) if len(points) <= _FEW else strides
    rows = {n: [i for i, p in enumerate(points) if _rank(p) % n == 0] for n in strides}
    fits = (n for n, row in rows.items() if _room(points, row, widths, step))
    stride = next(fits, strides[-1])
    return _thin(rows[stride] or [0], widths, step, stride // 2 + 1)


def _rank(point: Point) -> int:
    """Give the place of a period in its group, from 0: of January, W01, Q1 or the first.

    Values without dates have no group, and are counted from 1: 5, 10, 15 are round.
    """
    if point.tick in _MONTHS:
        return _MONTHS.index(point.tick)
    number = int("".join(filter(str.isdecimal, point.tick)) or 1)
    return number - 1 if point.tick_group else number


def _room(points: Sequence[Point], row: list[int], widths: list[float], step: float) -> bool:
    """Tell whether no two words of one group meet."""
    return all(_new_group(points, i, j) or not _meet(i, j, widths, step) for i, j in pairwise(row))


def _meet(i: int, j: int, widths: Sequence[float], step: float) -> bool:
    return (j - i) * step < (widths[i] + widths[j]) / 2 + _AIR


def _thin(
    positions: Sequence[int], widths: Sequence[float], step: float, least: int = 1
) -> list[int]:
    """Leave out what would meet the word to its right, or stand under `least` points before it.

    So the start of a group is kept, and the 29th before it goes.
    """
    kept: list[int] = []
    for i in reversed(positions):
        if not kept or (kept[-1] - i >= least and not _meet(i, kept[-1], widths, step)):
            kept.append(i)
    return kept[::-1]
