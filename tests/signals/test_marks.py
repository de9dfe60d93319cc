"""Every rule against its definition, read window by window in plain Python."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.marks import back_over, in_a_row
from kpi_analysis.signals.rules import RULE_SETS, Window


def slow_marks(judged, rules):
    """Mark points rule by rule: look at every window of every stretch without a gap."""
    marks = {name: set() for name in rules.columns}
    for rows in stretches(judged):
        value, centre, upper = (
            [float(judged[name].iloc[row]) for row in rows]
            for name in ("value", "centre", "upper_limit")
        )
        # shares of the way to the limit, on a grid of thirds and halves free of rounding
        way = [
            round(6 * (v - c) / (u - c), 6) if u > c else math.copysign(math.inf, v - c) * (v != c)
            for v, c, u in zip(value, centre, upper, strict=True)
        ]
        for name, size, fires in definitions(rules):
            for start in range(len(rows) - size + 1):
                window = slice(start, start + size)
                for place in fires(way[window], value[window]):
                    marks[name].add(rows[start + place])
    return marks


def stretches(judged):
    """Give rows in a row that share a segment, all with a value and limits."""
    rows, last = [], None
    for row, (value, segment, limit) in enumerate(
        zip(judged["value"], judged["segment"], judged["upper_limit"], strict=True)
    ):
        known = not (math.isnan(value) or math.isnan(limit))
        if rows and (not known or segment != last):
            yield rows
            rows = []
        if known:
            rows.append(row)
        last = segment
    if rows:
        yield rows


def definitions(rules):
    """Give each rule's name, the size of its window, and what it marks in one."""
    every = range(99)

    def one_side(way, _value):
        return every[: len(way)] if min(way) > 0 or max(way) < 0 else ()

    def steady(way, value):
        steps = [b - a for a, b in pairwise(value)]
        return every[: len(way)] if min(steps) > 0 or max(steps) < 0 else ()

    def in_turn(way, value):
        steps = [b - a for a, b in pairwise(value)]
        turns = [a * b < 0 for a, b in pairwise(steps)]
        return every[: len(way)] if all(turns) else ()

    def near(way, _value):
        return every[: len(way)] if all(abs(one) <= 2 for one in way) else ()

    def far(way, _value):
        return every[: len(way)] if all(abs(one) > 2 for one in way) else ()

    def some_of(window: Window):
        line = 6 * window.beyond

        def fires(way, _value):
            found = set()
            for side in (1, -1):
                ways = [side * one for one in way]
                inside = [not window.within_limits or one <= 6 for one in ways]
                counted = [i for i, one in enumerate(ways) if one > line and inside[i]]
                if len(counted) < window.least:
                    continue
                if window.all_one_side and min(ways) <= 0:
                    continue
                if window.clear_of_other and min(ways) < -line:
                    continue
                found.update(every[: len(way)] if window.mark_all else counted)
            return found

        return fires

    yield "outside_limits", 1, lambda way, _value: (0,) if abs(way[0]) > 6 else ()
    plain = {
        "long_run": one_side,
        "trend": steady,
        "alternating": in_turn,
        "near_centre": near,
        "far_from_centre": far,
    }
    for name in rules.columns[1:]:
        rule = getattr(rules, name)
        if isinstance(rule, Window):
            yield name, rule.of, some_of(rule)
        else:
            yield name, rule, plain[name]


STEPS = st.integers(-6, 6).map(float) | st.just(float("nan"))


@settings(deadline=None, max_examples=250)
@given(
    # long stretches of few values: ties, runs, trends and points on every line are common
    values=st.lists(STEPS, min_size=6, max_size=60)
    | st.lists(st.integers(0, 3).map(float), min_size=6, max_size=60)
    | st.lists(st.integers(0, 1), min_size=20, max_size=40).map(
        lambda ups: np.cumsum(np.array(ups) * 2.0 - 0.7).tolist()
    ),
    cut=st.integers(0, 60),
    name=st.sampled_from(sorted(RULE_SETS)),
)
def test_marks_are_those_of_the_definitions(values, cut, name):
    frame = pd.DataFrame({"period": range(len(values)), "value": values})
    frame["segment"] = (frame["period"] >= cut).astype(int)
    judged = detect(frame, by=(), rules=name, baseline=20)
    wanted = slow_marks(judged, RULE_SETS[name])
    for rule, rows in wanted.items():
        limited = judged["upper_limit"].notna().to_numpy()
        assert set(np.flatnonzero(judged[rule] & limited)) == rows, rule


@settings(deadline=None, max_examples=200)
@given(flags=st.lists(st.booleans(), max_size=40), length=st.integers(1, 20))
def test_rows_of_flags(flags, length):
    array = np.array(flags, bool)
    ends = [i + 1 >= length and all(flags[i + 1 - length : i + 1]) for i in range(len(flags))]
    assert in_a_row(array, length).tolist() == ends
    covered = [any(flags[i : i + length]) for i in range(len(flags))]
    assert back_over(array, length).tolist() == covered
    assert array.tolist() == flags
