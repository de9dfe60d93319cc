"""What the explorer's other charts show, worked out: season panel, dots, waterfall.

Charts draw these and decide nothing, as with `picture.Picture`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Season:
    """One part of the cycle, such as January: its values in time order, with their cycle's name."""

    name: str
    values: tuple[tuple[str, float], ...]
    mean: float | None


@dataclass(frozen=True)
class SeasonPanel:
    """The same months side by side; `centre` is the average of all values."""

    title: str
    alt: str
    decimals: int
    seasons: tuple[Season, ...]
    centre: float


@dataclass(frozen=True)
class Dots:
    """Every value as one dot over the scale, heaped where they are alike.

    `width` is that of a heap in the unit of the values, `low` the foot of the first heap.
    """

    title: str
    alt: str
    decimals: int
    values: tuple[float, ...]
    low: float
    width: float
    centre: float
    target: float | None = None
    target_text: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: from a level to another; a total stands on its own."""

    name: str
    start: float
    end: float
    text: str
    total: bool = False


@dataclass(frozen=True)
class Waterfall:
    """From one average to another, one restated period at a time."""

    title: str
    alt: str
    decimals: int
    steps: tuple[Step, ...]
