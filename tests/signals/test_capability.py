"""Limits against a target."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.capability import (
    Capability,
    average_limits,
    capability,
    last_limits,
)
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.limits import half_width, range_centre


@pytest.mark.parametrize(
    ("limits", "target", "better", "wanted"),
    [
        ((91, 97), 90, "higher", "pass"),
        ((90, 97), 90, "higher", "pass"),  # equal is met
        ((85, 97), 90, "higher", "hit_or_miss"),
        ((85, 90), 90, "higher", "hit_or_miss"),  # the best of it just meets it
        ((85, 89), 90, "higher", "fail"),
        ((1, 4), 5, "lower", "pass"),
        ((1, 5), 5, "lower", "pass"),
        ((5, 9), 5, "lower", "hit_or_miss"),
        ((6, 9), 5, "lower", "fail"),
        ((100, 100), 100, "higher", "pass"),  # constant at the target
        ((1, 4), 5, "neutral", "none"),
        ((1, 4), None, "higher", "none"),
        ((1, 4), float("nan"), "higher", "none"),
        ((float("nan"), float("nan")), 5, "higher", "none"),
    ],
)
def test_each_value(limits, target, better, wanted):
    assert capability(limits, target, better) is Capability(wanted)


def test_an_average_is_held_against_its_own_narrower_limits():
    # 16 values: an average swings a quarter as far as a single value
    assert average_limits((84, 100), 16) == (90, 94)
    limits = (84.0, 100.0)
    assert capability(limits, 89, "higher") == "hit_or_miss"
    assert capability(limits, 89, "higher", applies_to="average", values=16) == "pass"
    assert capability(limits, 95, "higher", applies_to="average", values=16) == "fail"
    assert capability(limits, 92, "higher", applies_to="average", values=16) == "hit_or_miss"


def test_against_the_assurance_of_the_r_package(cases, table):
    ours = {"pass": "consistent_pass", "fail": "consistent_fail"}
    compared = 0
    for case in cases:
        theirs = case["peers"]["nhs_noscreen"]
        judged = detect(table(case["values"]), by=(), rules="mdc")
        limits = tuple(judged[["lower_limit", "upper_limit"]].iloc[-1])
        if np.isnan(limits[0]) or case["target"] in limits:
            continue
        for better, name in (("higher", "assurance_increase"), ("lower", "assurance_decrease")):
            found = capability(limits, case["target"], better)
            assert ours.get(found, "inconsistent") == theirs[name], case["id"]
        compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"better": "up"}, "better is 'up'; use higher, lower or neutral"),
        ({"applies_to": "mean"}, "applies_to is 'mean'; use 'each value' or 'average'"),
        ({"applies_to": "average", "values": 0}, "an average of 0 values has no limits"),
    ],
)
def test_unknown_options_are_told(options, words):
    with pytest.raises(KpiError) as told:
        capability((1, 2), 3, **{"better": "higher", **options})
    assert words in str(told.value)


def test_last_limits_are_those_of_the_last_segment_of_each_series():
    frame = pd.DataFrame(
        {
            "team": np.repeat(["B", "A"], 14),
            "period": np.tile(range(14), 2),
            "value": [*[1.0, 2] * 7, *[5.0, 6] * 3, *[50.0, 60] * 4],
            "segment": [0] * 14 + [0] * 6 + [1] * 8,
        }
    )
    judged = detect(frame.sample(frac=1, random_state=6), by="team", baseline=10)
    found = last_limits(judged, by="team").set_index("team")
    assert found["centre"].to_dict() == {"B": 1.5, "A": 55}
    assert found["points"].to_dict() == {"B": 10, "A": 8}
    assert found["segment"].to_dict() == {"B": 0, "A": 1}
    assert len(last_limits(judged.iloc[:0], by="team")) == 0


def test_uncapped_width_and_mean_range_follow_from_the_range_limit():
    frame = pd.DataFrame({"period": range(12), "value": [95.0, 99.0] * 6})
    last = last_limits(detect(frame, by=(), bounds=(0, 100)), by=()).iloc[0]
    assert last["upper_limit"] == 100
    assert range_centre(last["range_limit"]) == pytest.approx(4)
    assert half_width(last["range_limit"]) == pytest.approx(2.66 * 4)
