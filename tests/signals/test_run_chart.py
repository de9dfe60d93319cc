"""The run chart's test against qicharts2 and by enumeration."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.signals.run_chart import binomial_quantile, run_chart

COUNTS = ("n_useful", "longest_run", "longest_run_max", "crossings", "crossings_min")
THEIRS = ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")


def test_equals_qicharts2_in_every_case_at_once(cases):
    frame = pd.concat(
        [
            pd.DataFrame({"team": case["id"], "measure": 1, "period": range(case["n"])}).assign(
                value=np.array(case["values"], float)
            )
            for case in cases
        ]
    )
    found = run_chart(frame.sample(frac=1, random_state=4)).set_index("team")
    assert len(found) == len(cases)
    for case in cases:
        theirs, ours = case["peers"]["qic_run"]["parts"][0], found.loc[case["id"]]
        assert ours["median"] == pytest.approx(case["peers"]["qic_run"]["cl"])
        assert ours["signal"] == theirs["runs_signal"], case["id"]
        for name, name_there in zip(COUNTS, THEIRS, strict=True):
            mine = None if ours[name] is pd.NA else ours[name]
            assert mine == theirs[name_there], (case["id"], name)


@pytest.mark.parametrize("size", [0, 1, 2, 9, 23, 99, 1000])
def test_binomial_quantile_by_enumeration(size):
    total = Fraction(0)
    for k in range(size + 1):
        total += Fraction(comb(size, k), 2**size)
        if total >= Fraction(1, 20):
            break
    assert binomial_quantile(size) == k


def test_missing_values_are_dropped_and_the_run_goes_on():
    frame = pd.DataFrame({"period": range(7), "value": [1, 1, np.nan, 1, 9, 9, 9]})
    found = run_chart(frame, by=()).iloc[0]
    assert (found["n_useful"], found["longest_run"], found["crossings"]) == (6, 3, 1)


def test_next_to_nothing():
    frame = pd.DataFrame({"team": ["A"], "period": [1], "value": [np.nan]})
    found = run_chart(frame, by="team").iloc[0]
    assert found["n_useful"] == 0
    assert not found["signal"]
    assert found["longest_run"] is pd.NA
    none = run_chart(frame.iloc[:0], by="team")
    assert (len(none), none["signal"].dtype) == (0, bool)
