"""Seasonal factors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.seasons import deseasonalise

FACTORS = np.array([1.4, 1.0, 0.6, 1.0])


def seasonal(cycles, **more):
    size = 4 * cycles
    frame = pd.DataFrame({"period": range(size), "season": np.arange(size) % 4 + 1, **more})
    return frame.assign(value=np.tile(FACTORS, cycles) * 50)


def test_a_pure_season_is_taken_out_whole():
    freed = deseasonalise(seasonal(3), by=())
    assert freed["value"].to_numpy() == pytest.approx(np.full(12, 50.0))
    assert freed["season_factor"].to_numpy() == pytest.approx(np.tile(FACTORS, 3))
    assert freed["recorded"].tolist() == seasonal(3)["value"].tolist()


def test_each_series_has_its_own_factors_and_rows_stay_in_place():
    first, second = seasonal(3, team="A"), seasonal(4, team="B")
    second["value"] = 200 - second["value"]
    frame = pd.concat([first, second], ignore_index=True).sample(frac=1, random_state=2)
    before = frame.copy(deep=True)
    freed = deseasonalise(frame, by="team")
    pd.testing.assert_frame_equal(frame, before)
    assert freed.index.equals(frame.index)
    assert freed.groupby("team")["value"].std().max() < 1e-9
    alike = deseasonalise(frame.set_axis(["row"] * len(frame)), by="team")
    np.testing.assert_array_equal(alike["value"], freed["value"])


def test_a_shift_hidden_by_the_season_is_found_without_it():
    noise = np.random.default_rng(8).normal(0, 1, size=40)
    frame = seasonal(10)
    frame["value"] += noise + np.where(frame["period"] >= 28, 9, 0)
    assert not detect(frame, by=())["outside_limits"].any()
    freed = detect(deseasonalise(frame, by=()), by=(), baseline=28)
    assert freed["long_run"].iloc[28:].all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.iloc[:-1], "seasonal factors need 3 full cycles, and season 4 has fewer"),
        (lambda f: f.assign(value=f["value"].where(f["period"] != 2)), "season 3 has fewer"),
        (lambda f: f.assign(value=f["value"].where(f["period"] != 2, 0.0)), "a value of 0.0 has"),
        (lambda f: f.drop(columns="season"), "there is no column 'season'"),
    ],
)
def test_refused_with_a_reason(change, words):
    with pytest.raises(KpiError) as told:
        deseasonalise(change(seasonal(3)), by=())
    assert words in str(told.value)


def test_the_series_is_named_where_refused():
    frame = seasonal(2, team="A", measure="waits")
    with pytest.raises(KpiError, match="team A, measure waits: seasonal factors need 3 full"):
        deseasonalise(frame)
