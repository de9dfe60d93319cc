"""A heap just on the good side of a target: a planted one is found, smooth data stay quiet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kpi_analysis as kpi
from kpi_analysis.signals.bunching import LEAST_VALUES, bunching


def planted(seed, moved):
    """Values of which a share of those within 2 below 95 was lifted over it."""
    random = np.random.default_rng(seed)
    values = random.normal(94, 4, 400)
    short = (values >= 93) & (values < 95) & (random.random(400) < moved)
    return np.where(short, 95 + (values - 93) / 4, values)


def test_a_planted_heap_is_found_and_smooth_values_are_quiet():
    found = [bunching(planted(seed, 0.7), 95, "higher").is_notable for seed in range(200)]
    quiet = [bunching(planted(seed, 0.0), 95, "higher").is_notable for seed in range(200)]
    assert np.mean(found) > 0.9
    assert np.mean(quiet) < 0.1


def test_both_sides_are_counted_by_hand():
    values = np.concatenate([np.linspace(0, 100, 101), [50, 50, 51]])
    found = bunching(values, 50, "higher")
    middle = np.quantile(values, 0.95) - np.quantile(values, 0.05)
    assert found.width == pytest.approx(middle / 8)
    assert (found.good, found.short) == (12 + 3, 11)  # 50 to 61 and the three more; 39 to 49


def test_lower_is_the_mirror_of_higher():
    values = planted(3, 0.7)
    assert bunching(-values, -95, "lower") == bunching(values, 95, "higher")


def test_too_few_values_cannot_tell():
    few = bunching(planted(1, 0.9)[: LEAST_VALUES - 1], 95, "higher")
    assert not few.can_tell
    assert not few.is_notable
    assert not bunching([], 95, "higher").can_tell
    assert not bunching([95.0] * 100, 95, "higher").can_tell


@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=120), st.floats(-1e6, 1e6))
def test_counts_never_exceed_the_values(values, target):
    found = bunching(values, target, "higher")
    known = sum(one == one for one in values)
    assert 0 <= found.good + found.short <= known
    assert 0 <= found.as_strong <= found.placebos


def test_no_direction_is_refused():
    with pytest.raises(kpi.KpiError, match="use higher or lower"):
        bunching([1, 2], 1, "neutral")
