"""Shares of counts: how far chance may carry them, and which of them can be told apart.

A share is from 0 to 1, `n` the count behind it. Intervals hold 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from kpi_analysis.errors import KpiError

_Z = NormalDist().inv_cdf(0.975)


class Interval(NamedTuple):
    """From `low` to `high`, in the unit of what it is about."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Tell whether a value lies inside, edges included."""
        return self.low <= value <= self.high


def wilson(share: float, n: float) -> Interval:
    """Give the Wilson interval of a share of n.

    Wilson, JASA 22 (1927) 209-212; Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3.
    Raises KpiError where there is no such share.
    """
    if not (0 <= share <= 1 and n > 0):
        raise KpiError(f"a share of {share} of {n} has no interval: give 0 to 1 of at least 1")
    middle = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return Interval(max(0.0, min(low, share)), min(1.0, max(high, share)))  # sums are rounded


def newcombe(a: float, n: float, b: float, m: float) -> Interval:
    """Give the interval of a - b, shares of n and m that are independent of each other.

    Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (from two Wilson intervals).
    """
    (low_a, high_a), (low_b, high_b) = wilson(a, n), wilson(b, m)
    below = math.hypot(a - low_a, high_b - b)
    above = math.hypot(high_a - a, b - low_b)
    return Interval(a - b - below, a - b + above)


def within_poll(a: float, b: float, n: float) -> Interval:
    """Give the interval of a - b, shares of two options of one poll with n votes.

    Nobody votes for both, so the shares pull against each other: the variance of a - b is
    (a + b - (a - b)^2) / n (multinomial counts; Agresti, Categorical Data Analysis, 1.4).
    """
    reach = _Z * math.sqrt(max(0.0, a + b - (a - b) ** 2) / n)
    return Interval(a - b - reach, a - b + reach)


@lru_cache(maxsize=4096)
def fisher(a: int, n: int, b: int, m: int) -> float:
    """Give the two-sided p of a of n against b of m, by enumeration (Fisher's exact test).

    The chance, with the margins as they are, of a table as likely as this one or less.
    """
    total = a + b
    ways = {k: math.comb(n, k) * math.comb(m, total - k) for k in _tables(n, m, total)}
    return sum(one for one in ways.values() if one <= ways[a]) / math.comb(n + m, total)


def _tables(n: int, m: int, total: int) -> range:
    return range(max(0, total - m), min(n, total) + 1)


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Give each p adjusted for how many there are, in the order given.

    Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    adjusted, so_far = [0.0] * len(ps), 0.0
    for rank, n in enumerate(sorted(range(len(ps)), key=lambda n: ps[n])):
        so_far = max(so_far, min(1.0, (len(ps) - rank) * ps[n]))
        adjusted[n] = so_far
    return tuple(adjusted)


def equal_shares(shares: Sequence[float], n: float) -> float:
    """Give the p of Pearson's chi-square test that all options are equally liked by n voters."""
    even = sum(shares) / len(shares)
    return chi_square_tail(n * sum((one - even) ** 2 / even for one in shares), len(shares) - 1)


def chi_square_tail(x: float, freedom: int) -> float:
    """Give the chance of more than x; closed form for whole degrees of freedom.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
    """
    half = x / 2
    tail = math.erfc(math.sqrt(half)) if freedom % 2 else math.exp(-half)
    for k in range(2 - freedom % 2, freedom, 2):
        tail += half ** (k / 2) * math.exp(-half) / math.gamma(k / 2 + 1)
    return tail


def telling(size: int, share: float, n: int) -> tuple[int, ...]:
    """Give the counts of `size` votes that differ from a published share of n (Fisher, 5 %)."""
    published = round(share * n)
    return tuple(k for k in range(size + 1) if fisher(k, size, published, n) < 0.05)
