"""How the health of the KPI system counts: so many of n with an interval, and figures beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kpi_analysis.signals.shares import Interval, wilson

QUARTER, YEAR = timedelta(days=91), timedelta(days=365)
NOT_RECORDED: Final = "not recorded"


@dataclass(frozen=True)
class Count:
    """So many of n."""

    numerator: int
    n: int

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of the share, 0 to 1; None where there is nothing to share."""
        return wilson(self.numerator / self.n, self.n) if self.n else None

    @property
    def words(self) -> str:
        """The count in words with its share and interval; never 0 % of nothing."""
        if self.interval is None:
            return "none so far"
        low, high = (round(100 * one) for one in self.interval)
        share = round(100 * self.numerator / self.n)
        return f"{self.numerator} of {self.n}, {share} % ({low} to {high})"


@dataclass(frozen=True)
class Figure:
    """What belongs beside an indicator: a share of its own n, or a figure in words."""

    about: str
    told: Count | str

    @property
    def words(self) -> str:
        """The figure in one line."""
        return f"{self.about}: {self.told.words if isinstance(self.told, Count) else self.told}"


@dataclass(frozen=True)
class Answer:
    """The count of an indicator, and the figures beside it."""

    count: Count
    beside: tuple[Figure, ...] = ()


def of(found: Iterable[object]) -> Count:
    """Count those that are true, of all."""
    flags = [bool(one) for one in found]
    return Count(sum(flags), len(flags))


def by(day: date | None, end: date) -> bool:
    """Tell whether something had happened by a day."""
    return day is not None and day <= end


def half_done(waits: Iterable[tuple[int, bool]]) -> int | None:
    """Give the days after which half were done, those still open counted as far as they go.

    The median of Kaplan and Meier, JASA 53 (1958) 457-481; None where fewer than half are.
    """
    found, share = sorted(waits, key=lambda one: (one[0], not one[1])), 1.0
    for n, (days, done) in enumerate(found):
        share *= 1 - done / (len(found) - n)
        if share <= 0.5 + 1e-12:
            return days
    return None
