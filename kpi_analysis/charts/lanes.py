"""Events and actions above the plot, in as few lanes as keep their labels and lines apart.

Lane 0 is the lowest. Lanes fill from right to left, the lowest first; a lane is refused where
two labels meet or a drop line crosses a label. A label runs to the right of its pole; where the
page ends first it runs to the left, and where that cannot be it is clipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi_analysis.charts.scene import Anchor, clip
from kpi_analysis.charts.theme import Role, text_width

PITCH = 16.0  # px from lane to lane
_OFF = 9.5  # px from the pole to the label
_POLE = 5.0  # half the room of a mark on its pole
_AIR = 8.0  # px between two labels of a lane
_MOST_TURNED = 4


@dataclass(frozen=True)
class Pole:
    """A note before it has a lane: the point it stands on, its x, and its words."""

    position: int
    x: float
    text: str
    action: bool


@dataclass(frozen=True)
class Placed:
    """A note in its lane; the label lies from `left` to `right`, marks not included."""

    pole: Pole
    lane: int
    text: str
    anchor: Anchor
    left: float
    right: float

    @property
    def label_x(self) -> float:
        """Where the words start, or end where they run to the left."""
        return self.pole.x + (_OFF if self.anchor is Anchor.START else -_OFF)


def arrange(poles: Sequence[Pole], left: float, right: float) -> tuple[Placed, ...]:
    """Give every pole a lane, in order of x; labels keep between `left` and `right`."""
    poles = sorted(poles, key=lambda pole: pole.x)
    rows = next((rows for rows in _turnings(poles, left, right) if rows is not None), None)
    rows = rows or _fill(poles, (), right) or []
    return tuple(sorted(rows, key=lambda placed: (placed.pole.x, -placed.lane)))


def _turnings(poles: Sequence[Pole], left: float, right: float) -> Iterator[list[Placed] | None]:
    """Try as few labels to the left as let all be read in full: the long ones, the last ones."""
    long = [pole for pole in poles if pole.x + _OFF + _width(pole) > right]
    for turned in (long, *(poles[-n:] for n in range(1, _MOST_TURNED + 1))):
        fit = all(pole.x - _OFF - _width(pole) >= left for pole in turned)
        if fit and all(pole in turned for pole in long):
            yield _fill([pole for pole in poles if pole not in turned], turned, right)


def _width(pole: Pole) -> float:
    return text_width(pole.text, Role.MARK)


def _fill(onward: Sequence[Pole], turned: Sequence[Pole], right: float) -> list[Placed] | None:
    """Place all, those turned to the left last and from left to right; None where one cannot be."""
    rows: list[Placed] = []
    order = [(pole, Anchor.START) for pole in reversed(onward)]
    for pole, anchor in order + [(pole, Anchor.END) for pole in turned]:
        choices = (_in_lane(pole, lane, anchor, right) for lane in range(len(rows) + 1))
        placed = next((new for new in choices if not any(_clash(new, old) for old in rows)), None)
        if placed is None:
            return None
        rows.append(placed)
    return rows


def _in_lane(pole: Pole, lane: int, anchor: Anchor, right: float) -> Placed:
    if anchor is Anchor.END:
        end = pole.x - _OFF
        return Placed(pole, lane, pole.text, anchor, end - _width(pole), end)
    text = clip(pole.text, Role.MARK, right - pole.x - _OFF)
    start = pole.x + _OFF
    return Placed(pole, lane, text, anchor, start, start + text_width(text, Role.MARK))


def _clash(a: Placed, b: Placed) -> bool:
    """Tell whether labels or marks of one lane meet, or the upper pole crosses the lower label."""
    if a.lane == b.lane:
        return (
            min(a.left, a.pole.x - _POLE) < max(b.right, b.pole.x + _POLE) + _AIR
            and min(b.left, b.pole.x - _POLE) < max(a.right, a.pole.x + _POLE) + _AIR
        )
    upper, lower = (a, b) if a.lane > b.lane else (b, a)
    return lower.left - 2 < upper.pole.x < lower.right + 2
