"""Shares: the published worked examples, the figures of the design, and what always holds."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.shares import (
    chi_square_tail,
    equal_shares,
    fisher,
    holm,
    newcombe,
    telling,
    wilson,
    within_poll,
)

AT_300 = {
    37: (32, 43), 32: (27, 37), 18: (14, 23), 13: (10, 17), 31: (26, 36), 25: (20, 30),
    23: (19, 28), 21: (17, 26), 44: (38, 50), 57: (51, 62), 16: (12, 21), 15: (11, 19), 12: (9, 16),
}  # fmt: skip
AT_75 = {
    37: (27, 48), 32: (23, 43), 18: (11, 28), 13: (7, 22), 31: (22, 42), 25: (17, 36),
    23: (15, 34), 21: (13, 32), 44: (33, 55), 57: (46, 68), 16: (9, 26), 15: (9, 25), 12: (6, 21),
}  # fmt: skip


def points(interval):
    return tuple(round(100 * one) for one in interval)


@pytest.mark.parametrize(("n", "table"), [(300, AT_300), (75, AT_75)])
def test_intervals_of_the_published_shares(n, table):
    assert {share: points(wilson(share / 100, n)) for share in table} == table


@pytest.mark.parametrize(
    ("r", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_gives_the_table_of_newcombe_1998(r, n, low, high):
    assert wilson(r / n, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("a", "n", "b", "m", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
     (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (10, 10, 0, 10, 0.6075, 1)],
)  # fmt: skip
def test_differences_give_the_table_of_newcombe_1998(a, n, b, m, low, high):
    assert newcombe(a / n, n, b / m, m) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("votes", "share", "at_75", "at_300"),
    [((6, 12), 31, (-8, 45), (-6, 44)), ((2, 12), 57, (-56, -10), None),
     ((24, 40), 31, (10, 46), None)],
)  # fmt: skip
def test_differences_worked_out_in_the_design(votes, share, at_75, at_300):
    own = votes[0] / votes[1]
    assert points(newcombe(own, votes[1], share / 100, 75)) == at_75
    if at_300:
        assert points(newcombe(own, votes[1], share / 100, 300)) == at_300


@pytest.mark.parametrize(
    ("a", "b", "n", "reach"),
    [(37, 32, 300, 9), (37, 32, 75, 19), (32, 18, 300, 8), (44, 23, 300, 9), (44, 23, 75, 18),
     (57, 16, 300, 8), (57, 16, 75, 17)],
)  # fmt: skip
def test_first_against_second_as_in_the_design(a, b, n, reach):
    low, high = within_poll(a / 100, b / 100, n)
    assert (round(50 * (high + low)), round(50 * (high - low))) == (a - b, reach)


def test_weaknesses_are_not_told_from_four_equal_shares():
    shares = [0.31, 0.25, 0.23, 0.21]
    assert round(equal_shares(shares, 300), 2) == 0.08
    assert round(equal_shares(shares, 75), 2) == 0.64


@pytest.mark.parametrize(
    ("x", "freedom"), [(3.841, 1), (5.991, 2), (7.815, 3), (9.488, 4), (11.070, 5), (18.307, 10)]
)
def test_tail_has_the_critical_values_of_every_table(x, freedom):
    assert chi_square_tail(x, freedom) == pytest.approx(0.05, abs=2e-5)


@pytest.mark.parametrize(
    ("size", "counts"),
    [(8, {0, 1, 8}), (12, {*range(4), 11, 12}), (20, {*range(7), *range(17, 21)}),
     (40, {*range(16), *range(30, 41)})],
)  # fmt: skip
def test_what_a_small_team_can_tell_from_57_percent(size, counts):
    assert set(telling(size, 0.57, 300)) == counts


def test_fisher_gives_the_lady_tasting_tea():
    # Fisher, The Design of Experiments, 1935, chapter II: 1 in 70 each way
    assert fisher(4, 4, 0, 4) == pytest.approx(float(Fraction(2, 70)))
    assert fisher(3, 4, 1, 4) == pytest.approx(float(Fraction(34, 70)))


def test_holm_gives_the_steps_by_hand():
    # 4 * 0.01, then 3 * 0.02, then 2 * 0.03 = 0.06, and the last may not fall below it
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([]) == ()


def test_no_share_no_interval():
    with pytest.raises(KpiError, match="has no interval: give 0 to 1 of at least 1"):
        wilson(0.5, 0)


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_what_always_holds(one, other):
    (a, n), (b, m) = one, other
    assert wilson(a / n, n).low <= a / n <= wilson(a / n, n).high
    low, high = newcombe(a / n, n, b / m, m)
    assert -1 <= low <= a / n - b / m <= high <= 1
    assert newcombe(b / m, m, a / n, n) == pytest.approx((-high, -low))
    assert fisher(a, n, b, m) == pytest.approx(fisher(b, m, a, n))
    assert 0 < fisher(a, n, b, m) <= 1


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_keeps_the_order_and_never_helps(ps):
    adjusted = holm(ps)
    assert all(p <= q <= 1 for p, q in zip(ps, adjusted, strict=True))
    ordered = [q for _, q in sorted(zip(ps, adjusted, strict=True))]
    assert all(a <= b or math.isclose(a, b) for a, b in pairwise(ordered))
