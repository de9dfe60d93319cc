"""Points that may not set limits."""

from __future__ import annotations

import numpy as np
import pytest

from kpi_analysis.signals.detect import detect


@pytest.mark.parametrize("baseline", [None, 9, (0, 8)])
def test_an_excluded_point_sets_no_limits_but_is_judged(table, baseline):
    values = [4.0, 6, 4, 6, 90, 4, 6, 4, 6, 5]
    frame = table(values).assign(excluded=[None] * 4 + ["strike"] + [None] * 5)
    judged = detect(frame, by=(), baseline=baseline)
    used = np.delete(np.array(values), 4)[: 8 if baseline else 9]
    assert judged["centre"].iloc[0] == pytest.approx(used.mean())
    # the ranges to and from the excluded point set nothing either
    ranges = [2, 2, 2, 2, 2, 2] if baseline else [2, 2, 2, 2, 2, 2, 1]
    assert judged["upper_limit"].iloc[0] == pytest.approx(used.mean() + 2.66 * np.mean(ranges))
    assert judged["outside_limits"].iloc[4]
    assert judged["moving_range"].iloc[4] == 84
    assert not judged["in_baseline"].iloc[4]


def test_an_empty_reason_excludes_nothing(table):
    frame = table([4.0, 6, 4, 6, 5, 4, 6])
    judged = detect(frame.assign(excluded=["", " ", None, np.nan, "", "", ""]), by=())
    assert judged["in_baseline"].all()
