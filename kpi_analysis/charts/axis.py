"""The period axis: few words, evenly spaced within a year or month, the group once beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kpi_analysis.charts.theme import Role, text_width
from kpi_analysis.review.picture import Point

_AIR = 3.0  # px between two words at their widest; nearly always more
_STRIDES = {"month": (3, 6, 12), "week": (1, 2, 4, 13, 26), "day": (1, 7, 14), "": (1, 2, 4)}
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
    strides = _STRIDES[_kind(points)]
    strides = (1, *strides) if len(points) <= _FEW else strides
    rows = [_every(points, stride) for stride in strides]
    fit = next((row for row in rows if _room(points, row, widths, step)), rows[-1])
    return _thin(fit or [0], widths, step)


def _room(points: Sequence[Point], row: list[int], widths: list[float], step: float) -> bool:
    """Tell whether no two words of one group meet."""
    return all(_new_group(points, i, j) or not _meet(i, j, widths, step) for i, j in pairwise(row))


def _meet(i: int, j: int, widths: Sequence[float], step: float) -> bool:
    return (j - i) * step < (widths[i] + widths[j]) / 2 + _AIR


def _kind(points: Sequence[Point]) -> str:
    word = points[0].tick
    if word.isalpha():
        return "month"
    if word.isdigit():
        return "day"
    return "week" if word.startswith("W") else ""


def _every(points: Sequence[Point], stride: int) -> list[int]:
    """Count in strides from the start of each group; the first group from the end backwards."""
    starts = [i for i, (a, b) in enumerate(pairwise(points), 1) if a.tick_group != b.tick_group]
    first = starts[0] if starts else 0
    origins = {i: max((s for s in starts if s <= i), default=first) for i in range(len(points))}
    return [i for i, origin in origins.items() if (i - origin) % stride == 0]


def _thin(positions: Sequence[int], widths: Sequence[float], step: float) -> list[int]:
    """Leave out what would meet the word to its right: the start of a group is kept."""
    kept: list[int] = []
    for i in reversed(positions):
        if not kept or not _meet(i, kept[-1], widths, step):
            kept.append(i)
    return kept[::-1]
