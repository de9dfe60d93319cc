"""The right gutter: a column of bold numbers, each with its word, level with its line.

It replaces legend, gridlines and right axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi_analysis.charts.scales import Upwards
from kpi_analysis.charts.scene import Line, Text, clip
from kpi_analysis.charts.theme import Ink, Pen, Role, text_width

PITCH = 15.0  # px between two labels
_AWAY, _BETWEEN = 10.0, 7.0  # px from the plot to the numbers, and on to the words
_MOVED = 3.0  # px beyond which a leader ties a label to its line
_BASELINE = 4.2  # px from the middle of 12 px type down to its baseline


@dataclass(frozen=True)
class Label:
    """What stands in the gutter level with `value`; `strong` is the latest value."""

    value: float
    number: str
    word: str
    ink: Ink = Ink.INK
    strong: bool = False

    @property
    def role(self) -> Role:
        """How the number is set."""
        return Role.LATEST if self.strong else Role.NUMBER

    @property
    def word_role(self) -> Role:
        """How the word is set."""
        return Role.LATEST if self.strong else Role.WORD


@dataclass(frozen=True)
class Columns:
    """Where the gutter's columns stand, in px."""

    plot: float  # right edge of the plot
    number: float
    word: float
    right: float


def columns(labels: Sequence[Label], right: float, most_word: float) -> Columns:
    """Give the narrowest gutter that holds the numbers, and the words up to `most_word` px."""
    number = max((text_width(label.number, label.role) for label in labels), default=0.0)
    word = max((text_width(label.word, label.word_role) for label in labels), default=0.0)
    at_word = right - min(word, most_word)
    at_number = at_word - _BETWEEN - number
    return Columns(at_number - _AWAY, at_number, at_word, right)


def gutter(
    labels: Sequence[Label], at: Columns, axis: Upwards
) -> tuple[tuple[Text, ...], tuple[Line, ...]]:
    """Give the texts from top to bottom, pushed apart beside `axis`, and their leaders."""
    labels = sorted(labels, key=lambda label: (-label.value, not label.strong))
    wanted = [axis.at(label.value) for label in labels]
    heights = push_apart(wanted, PITCH, axis.top, axis.bottom)
    texts = [t for label, y in zip(labels, heights, strict=True) for t in _pair(label, y, at)]
    leaders = [
        Line(Pen.HAIR, ((at.plot + 1, level), (at.number - 2, y)))
        for level, y in zip(wanted, heights, strict=True)
        if abs(y - level) > _MOVED
    ]
    return tuple(texts), tuple(leaders)


def _pair(label: Label, middle: float, at: Columns) -> tuple[Text, ...]:
    y = middle + _BASELINE
    word = clip(label.word, label.word_role, at.right - at.word)
    ink = label.ink if label.strong else Ink.SOFT
    return (
        Text(label.role, label.ink, at.number, y, label.number),
        Text(label.word_role, ink, at.word, y, word),
    )


def push_apart(
    wanted: Sequence[float], pitch: float, top: float, bottom: float
) -> tuple[float, ...]:
    """Give heights `pitch` apart, as near as can be to the sorted `wanted` ones (least squares).

    Pool adjacent violators on the heights less their rank times the pitch, then hold the row
    between `top` and `bottom`; where it cannot fit it keeps the pitch and runs over the bottom.
    """
    pools: list[tuple[float, int]] = []  # sum and count
    for rank, y in enumerate(wanted):
        pools.append((y - rank * pitch, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            (after, m), (before, n) = pools.pop(), pools.pop()
            pools.append((before + after, n + m))
    highest = max(top, bottom - (len(wanted) - 1) * pitch)
    level = (min(max(total / n, top), highest) for total, n in pools for _ in range(n))
    return tuple(y + rank * pitch for rank, y in enumerate(level))
