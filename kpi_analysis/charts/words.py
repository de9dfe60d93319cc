"""Words inside the plot: the free place that costs least, or none at all.

Words may lie over a line, for a price, but never over other words. Where every place costs too
much the words are left out: shape, colour and the sentence beside the chart remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from kpi_analysis.charts.scene import Box, Line, Mark, Text
from kpi_analysis.charts.theme import Pen

_POINT_COST: Final = 6.0
_COSTS: Final = {Pen.VALUE: 9.0, Pen.DROP: 4.0, Pen.TARGET: 4.0}  # dots make words hard to read
_OTHER_COST: Final = 2.5  # limits and centre
_MOST_DATA: Final = 9.0  # words may touch a point, but never lie on the line of values
_AIR = 2.0  # px kept round words
_APART = 6.0  # px between words side by side

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """A place that words could take, and what it costs for being far from what they name."""

    text: Text
    cost: float


@dataclass(frozen=True)
class Ground:
    """What is on the chart already: pieces of lines and marks, as arrays of shape (pieces,)."""

    left: Floats
    right: Floats
    y_left: Floats
    y_right: Floats
    cost: Floats
    data_cost: Floats  # the share of it that is values

    def costs(self, boxes: Sequence[Box]) -> tuple[Floats, Floats]:
        """Give the price of all that lies beneath each box, and of the values alone."""
        left, top, right, bottom = np.array(
            [(b.left - _AIR, b.top - 1, b.right + _AIR, b.bottom + 1) for b in boxes]
        ).T[:, :, None]
        start, end = np.maximum(self.left, left), np.minimum(self.right, right)
        slope = (self.y_right - self.y_left) / np.maximum(self.right - self.left, 1e-9)
        upright = self.right - self.left < 1e-6
        first = np.where(upright, self.y_left, self.y_left + slope * (start - self.left))
        last = np.where(upright, self.y_right, self.y_left + slope * (end - self.left))
        beneath = (
            (start <= end) & (np.minimum(first, last) <= bottom) & (np.maximum(first, last) >= top)
        )
        return beneath @ self.cost, beneath @ self.data_cost


def ground(lines: Iterable[Line], marks: Iterable[Mark]) -> Ground:
    """Give the obstacles that lines and marks are to words."""
    rows = [
        (*a, *b, _COSTS.get(line.pen, _OTHER_COST), line.pen is Pen.VALUE)
        for line in lines
        for a, b in pairwise(line.spots)
    ]
    for mark in marks:  # three uprights across its width
        x, y, r = mark.x, mark.y, mark.radius
        rows += [(x + d, y - r, x + d, y + r, _POINT_COST / 3, True) for d in (-r, 0, r)]
    x0, y0, x1, y1, cost, data = np.array(rows or [(0.0, 0.0, 0.0, 0.0, 0.0, False)]).T
    return Ground(x0, x1, y0, y1, cost, cost * data)


def choose(
    places: Iterable[Place], on: Ground, within: Box, taken: Sequence[Box], most: float
) -> Text | None:
    """Give the cheapest place `within` that touches no `taken` box.

    None where everywhere values lie beneath, or all that lies beneath costs `most` or more.
    """
    apart = [Box(b.left - _APART, b.top, b.right + _APART, b.bottom) for b in taken]
    free = [
        (place, box)
        for place in places
        if within.holds(box := place.text.box) and not any(box.meets(other) for other in apart)
    ]
    if not free:
        return None
    beneath, data = on.costs([box for _, box in free])
    costs = beneath + [place.cost for place, _ in free]
    costs[(beneath >= most) | (data >= _MOST_DATA)] = np.inf
    best = int(np.argmin(costs))
    return free[best][0].text if np.isfinite(costs[best]) else None
