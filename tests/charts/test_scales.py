from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_analysis.charts.scales import (
    Across,
    Numbers,
    Upwards,
    distance,
    numbers_for,
    span,
    tick_numbers,
    ticks,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (33.333, 1, "33.3"),
        (7, 0, "7"),
        (1234567.4, 0, "1,234,567"),
        (-40.25, 1, "−40.2"),
        (-0.04, 1, "0.0"),
        (0.0000412, 7, "0.0000412"),
        (1234567.891, 3, "1,234,567.9"),
        (4_123_456_789.5, 2, "4.123bn"),
        (123_456_789_012.0, 0, "123.5bn"),
        (-2.5e13, 0, "−25.00tn"),
        (1.5e17, 0, "1.50e17"),
        (4.12e-10, 12, "4.12e-10"),
    ],
)
def test_how_a_number_is_written(value, decimals, text):
    expected = text.replace("e-", "e−")
    assert numbers_for([value], decimals).write(value) == expected


def test_one_chart_writes_all_its_numbers_alike():
    numbers = numbers_for([871e6, 4.719e9], 2)
    assert [numbers.write(v) for v in (871e6, 4.719e9)] == ["0.871bn", "4.719bn"]


@given(st.floats(-1e18, 1e18), st.integers(0, 9))
def test_no_number_outgrows_its_column(value, decimals):
    assert len(numbers_for([value], decimals).write(value)) <= 12


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.sampled_from([186.0, 216.0]))
def test_three_to_five_even_ticks_that_read_as_what_they_are(low, width, height):
    assume(width > abs(low) * 1e-6)
    axis = Upwards(low, low + width, height, 0)
    found = ticks(axis, from_zero=False, least=1e-9)
    assert 3 <= len(found) <= 5
    assert all(0 < axis.at(value) < height for value in found)
    steps = [b - a for a, b in pairwise(found)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)
    assert len({tick_numbers(found).write(value) for value in found}) == len(found)


def test_ticks_are_round_positive_and_no_finer_than_the_measure():
    assert ticks(Upwards(3, 42, 216, 0), from_zero=True, least=0.1) == (10, 20, 30, 40)
    assert min(ticks(Upwards(-2, 9, 216, 0), from_zero=True, least=0.1)) == 0
    assert ticks(Upwards(4.9, 9.1, 216, 0), from_zero=True, least=1) == (5, 6, 7, 8, 9)


def test_a_constant_series_still_has_a_span():
    assert span([7.0, 7.0], least=1) == (5, 9)
    assert span([0.0], least=0.1) == (-0.2, 0.2)
    assert span([], least=1) == (0, 1)
    assert span([1e9, 1e9], least=1)[0] < 1e9


def test_distance_counts_in_spans_beyond_the_nearer_end():
    assert distance(5, 0, 10) == 0
    assert distance(14.5, 0, 10) == pytest.approx(0.45)
    assert distance(-5, 0, 10) == pytest.approx(-0.5)


def test_points_stand_in_the_middle_of_their_slots():
    across = Across(36, 612, 36)
    assert across.step == 16
    assert across.at(0) == 44
    assert across.edges(0, 35) == (36, 612)


def test_few_points_keep_to_the_right_where_their_labels_are():
    across = Across(0, 90, 2)
    assert (across.at(0), across.at(1)) == (75, 85)


def test_scales_invert():
    axis = Upwards(10, 20, 216, 16)
    assert axis.at(10) == 216
    assert axis.at(20) == 16
    assert axis.value(axis.at(12.5)) == pytest.approx(12.5)


def test_a_unit_stands_behind_every_number():
    assert Numbers(1, 1e6, "M").write(-2_500_000) == "−2.5M"
