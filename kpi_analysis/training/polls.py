"""Four published polls, and what their shares can bear.

The shares are those of "Your KPIs Are Only as Good as Your Leaders" (Kaizen Institute): over 300
professionals in all, how many a poll is not published; whoever wanted to took part. So every
figure is given for 300 votes, the most a poll can have had, and for 75, a quarter of them. An
interval covers chance only: not who chose to answer, nor how the question was put.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

MOST, LEAST = 300, 75
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Poll:
    """One question with the shares of its four answers in percent, largest first."""

    name: str
    question: str
    shares: tuple[tuple[str, int], ...]


POLLS = (
    Poll("strengths", "What is the greatest strength of your KPIs?", (
        ("they drive continuous improvement", 37), ("they align with strategic goals", 32),
        ("they provide focus", 18), ("they are owned and managed by the team", 13))),
    Poll("weaknesses", "What is their greatest weakness?", (
        ("they are rarely acted upon", 31), ("they encourage wrong behaviours", 25),
        ("their data is inaccurate", 23), ("they do not reflect the team's work", 21))),
    Poll("opportunities", "What is the greatest opportunity?", (
        ("empowering front-line teams", 44), ("coaching on problem-solving", 23),
        ("better visual management", 21), ("a stronger link to strategy", 13))),
    Poll("threats", "What is the greatest threat?", (
        ("a lack of leadership engagement", 57), ("resistance among employees", 16),
        ("shifting priorities", 15), ("metric fatigue", 12))),
)  # fmt: skip


def wilson(share: float, n: int) -> tuple[float, float]:
    """Give the 95 % Wilson interval of a share of n votes; all are shares from 0 to 1.

    Wilson, JASA 22 (1927) 209-212; Newcombe, Statistics in Medicine 17 (1998) 857, method 3.
    """
    middle = share + _Z**2 / (2 * n)
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    return (middle - reach) / whole, (middle + reach) / whole


def reach_of_difference(a: float, b: float, n: int) -> float:
    """Give half the 95 % interval of the difference of two shares of one poll.

    Two answers to one question cannot both be given, so their shares pull against each other:
    the variance of a - b is (a + b - (a - b)²) / n.
    """
    return _Z * math.sqrt((a + b - (a - b) ** 2) / n)


def told_apart(a: float, b: float, n: int) -> bool:
    """Tell whether chance alone would seldom make such a difference."""
    return abs(a - b) > reach_of_difference(a, b, n)
