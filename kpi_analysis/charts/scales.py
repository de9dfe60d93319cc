"""From periods and values to px, and from values to the numbers people read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FAR = 0.45  # a target further off than this share of the span is said, not drawn
_FEWEST_SLOTS = 9  # fewer points do not spread over the whole width
_LONGEST_NUMBER = 11  # "123,456,789" is the last number written out
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "M"))
_BEYOND_NAMES = 1e15
_STEPS = ((1.0, 2.0, 5.0), (2.5, 4.0, 3.0))  # the friendlier first


@dataclass(frozen=True)
class Across:
    """The x axis: `count` points, each in the middle of a slot; few points keep to the right."""

    left: float
    right: float
    count: int

    @property
    def step(self) -> float:
        """Px from one point to the next."""
        return (self.right - self.left) / max(self.count, _FEWEST_SLOTS)

    def at(self, position: float) -> float:
        """Give the x of a point."""
        return self.right - self.step * (self.count - 0.5 - position)

    def edges(self, first: int, last: int) -> tuple[float, float]:
        """Give the outer edges of the slots of points `first` to `last`."""
        return self.at(first - 0.5), self.at(last + 0.5)


@dataclass(frozen=True)
class Upwards:
    """A y axis: values `low` and `high` stand at px `bottom` and `top`."""

    low: float
    high: float
    bottom: float
    top: float

    def at(self, value: float) -> float:
        """Give the y of a value."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)

    def value(self, y: float) -> float:
        """Give the value that stands at `y`."""
        return self.low + (self.high - self.low) * (self.bottom - y) / (self.bottom - self.top)


def span(values: Iterable[float], least: float) -> tuple[float, float]:
    """Give the lowest and the highest value, held apart where all are one.

    `least` is the smallest difference that the measure's decimals can show.
    """
    values = tuple(values)
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return low, high
    room = max(abs(low) * 0.1, 2 * least)
    return low - room, high + room


def distance(value: float, low: float, high: float) -> float:
    """Give how far `value` is outside low to high, as a share of the span; negative: below."""
    outside = max(value - high, 0.0) + min(value - low, 0.0)
    return outside / (high - low)


def ticks(axis: Upwards, *, from_zero: bool, least: float) -> tuple[float, ...]:
    """Give 3 to 5 round values that stand inside the axis; none below 0 where `from_zero`.

    Steps finer than `least`, the last decimal of the measure, only where no other will do.
    """
    low, high = axis.value(axis.bottom - 4), axis.value(axis.top + 4)
    low = max(low, 0.0) if from_zero else low
    size = 10.0 ** math.floor(math.log10(high - low))
    found = [
        [_multiples(low, high, step * size * scale) for step in steps for scale in (0.1, 1.0)]
        for steps in _STEPS
    ]
    rows = [row for group in found for count in (4, 5, 3) for row in group if len(row) == count]
    coarse = (row for row in rows if row[1] - row[0] >= least)
    others = (row for group in found for row in group if len(row) in (2, 6))
    return next((row for kind in (coarse, rows, others) for row in kind), ())


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(k * step for k in range(first, min(last, first + 9) + 1))


@dataclass(frozen=True)
class Numbers:
    """How all numbers of one kind on a chart are written: decimals, and a unit such as "M"."""

    decimals: int
    scale: float = 1.0
    unit: str = ""

    def write(self, value: float) -> str:
        """Give a number with its thousands apart and a true minus; no minus before a zero."""
        if self.scale:
            text = f"{value / self.scale:,.{self.decimals}f}{self.unit}"
        else:
            digits, power = f"{value:.{self.decimals}e}".split("e")
            text = f"{digits}e{int(power)}"
        nothing = not any(digit in "123456789" for digit in text)
        return text.lstrip("-") if nothing else text.replace("-", "−")


def numbers_for(values: Sequence[float], decimals: int) -> Numbers:
    """Give the plain way to write `values`, or a shorter one where they grow too long.

    Decimals go first, then M, bn and tn come in; beyond these, and for very small numbers,
    powers of ten.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if len(f"{largest:,.{decimals}f}") <= _LONGEST_NUMBER:
        return Numbers(decimals)
    if not 1 <= largest < _BEYOND_NAMES:
        return Numbers(2, scale=0)
    room = _LONGEST_NUMBER - len(f"{largest:,.0f}") - 1
    if room >= 0:
        return Numbers(min(decimals, room))
    scale, unit = next(pair for pair in _SCALES if largest >= pair[0])
    return Numbers(max(0, 4 - len(f"{largest / scale:.0f}")), scale, unit)


def tick_numbers(values: Sequence[float]) -> Numbers:
    """Give the way to write evenly spaced ticks: as many decimals as their step needs."""
    step = values[1] - values[0] if len(values) > 1 else 1.0
    largest = max((abs(value) for value in values), default=0.0)
    scale, unit = next((pair for pair in _SCALES if largest >= pair[0]), (1.0, ""))
    if largest >= _BEYOND_NAMES or step < 1e-6 * scale:
        return Numbers(min(12, math.ceil(math.log10(largest / step))), scale=0)
    digits = f"{step / scale:.6f}".rstrip("0").partition(".")[2]
    return Numbers(len(digits), scale, unit)
