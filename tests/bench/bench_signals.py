"""Time limits and Wheeler's rules for many series, ours and others', in one run.

    python tests/bench/bench_signals.py            1,000 series of 60 points, table on stdout
    python tests/bench/bench_signals.py --large    also how time and memory grow to a million

Others are taken where they are installed (the extra `bench`). Each is asked for what it has
nearest to limits and run rules: statprocon for Wheeler's three rules, shewhart for the Western
Electric rules, pycontrolcharts for its own tests. Times are the best of a few rounds on the
same values. `Bare numpy` is what a careful person writes for a full table without gaps,
segments, keys or periods; it gives back arrays.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from kpi_analysis.signals.detect import detect

POINTS = 60
SERIES = 1_000
KEYS = ["team", "measure"]


def table(series: int, *, gaps: bool = False) -> pd.DataFrame:
    """Give series of 60 months; with gaps, two segments and 3 % of the values missing."""
    random = np.random.default_rng(60)
    teams = pd.Categorical.from_codes(
        np.repeat(np.arange(series), POINTS), [f"team {i}" for i in range(series)]
    )
    months = np.arange("2020-01", "2025-01", dtype="M8[M]").astype("M8[s]")
    frame = pd.DataFrame(
        {
            "team": teams,
            "measure": pd.Categorical.from_codes(np.zeros(len(teams), np.int8), ["waits"]),
            "period": np.tile(months, series),
            "value": random.normal(50, 4, size=len(teams)),
        }
    )
    if not gaps:
        return frame
    frame["segment"] = np.tile(np.arange(POINTS) // 30, series)
    frame["value"] = frame["value"].where(random.random(len(frame)) > 0.03)
    return frame


# ---- what people write


def numpy_windows(values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Judge a full table of values, a row for each series, with numpy's sliding windows."""
    centre, half, away, jump = _numpy_lines(values)
    long_run, short_run = np.zeros((2, *values.shape), bool)
    for side in (away, -away):
        whole = sliding_window_view(side > 0, 8, axis=1).all(axis=2)
        near = sliding_window_view(side > half / 2, 4, axis=1).sum(axis=2) >= 3
        near &= ~sliding_window_view(side < -half / 2, 4, axis=1).any(axis=2)
        _mark(long_run, whole, 8)
        _mark(short_run, near, 4)
    return centre, half, np.abs(away) > half, long_run, short_run, jump


def numpy_shifts(values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Judge the same with shifted arrays, tuned by hand: eight in a row in three steps."""
    centre, half, away, jump = _numpy_lines(values)
    long_run, short_run = np.zeros((2, *values.shape), bool)
    for side, far, other in (
        (away > 0, away > half / 2, away < -half / 2),
        (away < 0, away < -half / 2, away > half / 2),
    ):
        whole = side[:, :-1] & side[:, 1:]
        whole = whole[:, :-2] & whole[:, 2:]
        _mark(long_run, whole[:, :-4] & whole[:, 4:], 8)
        starts = values.shape[1] - 3
        near = sum(far[:, place : place + starts].view(np.int8) for place in range(4)) >= 3
        for place in range(4):
            near &= ~other[:, place : place + starts]
        _mark(short_run, near, 4)
    return centre, half, np.abs(away) > half, long_run, short_run, jump


def _numpy_lines(values: np.ndarray) -> tuple[np.ndarray, ...]:
    centre = values.mean(axis=1, keepdims=True)
    ranges = np.abs(np.diff(values, axis=1))
    half = 2.66 * ranges.mean(axis=1, keepdims=True)
    return centre, half, values - centre, ranges > 3.268 / 2.66 * half


def _mark(marks: np.ndarray, starts: np.ndarray, width: int) -> None:
    for place in range(width):
        marks[:, place : place + starts.shape[1]] |= starts


def naive_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Judge one series after the other with pandas."""
    return pd.concat([_one_series(group) for _, group in frame.groupby(KEYS, observed=True)])


def _one_series(group: pd.DataFrame) -> pd.DataFrame:
    group = group.sort_values("period")
    value = group["value"]
    ranges = value.diff().abs()
    centre, half = value.mean(), 2.66 * ranges.mean()
    side = np.sign(value - centre)
    run = side.groupby((side != side.shift()).cumsum()).transform("size")
    high, low = value > centre + half / 2, value < centre - half / 2
    ends = (high.rolling(4).sum() >= 3) & (low.rolling(4).sum() == 0)
    ends |= (low.rolling(4).sum() >= 3) & (high.rolling(4).sum() == 0)
    return group.assign(
        centre=centre,
        lower_limit=centre - half,
        upper_limit=centre + half,
        moving_range=ranges,
        range_limit=3.268 * ranges.mean(),
        outside_limits=(value - centre).abs() > half,
        long_run=(run >= 8) & (side != 0),
        short_run=ends[::-1].rolling(4, min_periods=1).max()[::-1].astype(bool),
        large_range=ranges > 3.268 * ranges.mean(),
    )


# ---- what others have


def statprocon(frame: pd.DataFrame) -> None:
    """Ask statprocon for the limits and Wheeler's rules of each series."""
    xmr = importlib.import_module("statprocon").XmR
    for values in _each(frame):
        chart = xmr(values)
        chart.to_dict()
        chart.rule_1_x_indices_beyond_limits()
        chart.rule_1_mr_indices_beyond_limits()
        chart.rule_2_runs_about_central_line()
        chart.rule_3_runs_near_limits()


def shewhart(frame: pd.DataFrame) -> None:
    """Ask shewhart for the limits and Western Electric rules of each series."""
    imr = importlib.import_module("shewhart").imr
    for values in _each(frame):
        imr(values, rules="western_electric")


def pycontrolcharts(frame: pd.DataFrame) -> None:
    """Ask pycontrolcharts for the limits and tests of each series."""
    calc_xmr = importlib.import_module("pycontrolcharts").calc_xmr
    for values in _each(frame):
        calc_xmr(values)


def _each(frame: pd.DataFrame) -> Iterator[list[float]]:
    for values in frame["value"].to_numpy().reshape(-1, POINTS):
        yield values.tolist()


# ---- measuring


def best(work: Callable[[], object], rounds: int) -> float:
    """Give the shortest of some rounds in seconds, after one to warm up."""
    work()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def compare() -> None:
    """Print a row for each way to judge 1,000 series."""
    frame, gaps = table(SERIES), table(SERIES, gaps=True)
    values = frame["value"].to_numpy().reshape(-1, POINTS)
    ways: list[tuple[str, float]] = [
        ("**kpi.detect**", best(lambda: detect(frame), 30)),
        ("**kpi.detect**, gaps and two segments", best(lambda: detect(gaps), 30)),
        ("bare numpy, sliding windows", best(lambda: numpy_windows(values), 30)),
        ("bare numpy, shifts tuned by hand", best(lambda: numpy_shifts(values), 30)),
        ("naive pandas groupby", best(lambda: naive_pandas(frame), 1)),
    ]
    for other in (statprocon, shewhart, pycontrolcharts):
        try:
            ways.append((other.__name__, best(lambda work=other: work(frame), 1)))
        except ImportError:
            print(f"{other.__name__} is not installed: pip install -e '.[bench]'", file=sys.stderr)
    print(f"| {SERIES:,} series of {POINTS} points | milliseconds | times kpi.detect |")
    print("|---|---:|---:|")
    for name, seconds in ways:
        print(f"| {name} | {1000 * seconds:,.1f} | {seconds / ways[0][1]:,.1f} |")


def grow() -> None:
    """Print time and peak memory of one call, each size in a process of its own."""
    print("\n| series | points | seconds | µs a series | peak memory of the process, GB |")
    print("|---:|---:|---:|---:|---:|")
    for series in (1_000, 10_000, 100_000, 1_000_000):
        command = [sys.executable, __file__, "--one", str(series)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds, peak = map(float, told.stdout.split())
        each = 1e6 * seconds / series
        print(f"| {series:,} | {series * POINTS:,} | {seconds:.3f} | {each:.1f} | {peak:.2f} |")


def one(series: int) -> None:
    """Print the seconds and gigabytes of one call after a small one."""
    detect(table(100))
    frame = table(series, gaps=True)
    start = time.perf_counter()
    detect(frame)
    spent = time.perf_counter() - start
    size = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts, in bytes
    print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * size / 2**30)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="also up to a million series")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one)
        return
    compare()
    if asked.large:
        grow()


if __name__ == "__main__":
    main()
