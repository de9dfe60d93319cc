"""What the benchmark compares must give the same answers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from kpi_analysis.signals.detect import detect

SCRIPT = Path(__file__).with_name("bench_signals.py")


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_signals", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_plain_way_and_bare_numpy_mark_the_same_points(bench):
    frame = bench.table(200)
    judged, naive = detect(frame), bench.naive_pandas(frame).sort_index()
    flags = ["outside_limits", "long_run", "short_run", "large_range"]
    assert judged[flags].sum().min() > 0
    for name in flags:
        assert (judged[name] == naive[name]).all(), name
    for name in ("centre", "lower_limit", "upper_limit", "range_limit"):
        np.testing.assert_allclose(judged[name], naive[name], rtol=1e-12)
    values = frame["value"].to_numpy().reshape(-1, bench.POINTS)
    for way in (bench.numpy_windows, bench.numpy_shifts):
        for name, marks in zip(flags, way(values)[2:5], strict=False):
            assert (judged[name].to_numpy() == marks.ravel()).all(), name


def test_the_table_with_gaps_has_gaps_and_segments(bench):
    frame = bench.table(5, gaps=True)
    assert 0 < frame["value"].isna().mean() < 0.1
    assert set(frame["segment"]) == {0, 1}
