"""Ten real hospitals: the numbers and readings of the data's own README."""

from __future__ import annotations

import pytest

from kpi_analysis.signals.capability import capability
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.patterns import patterns
from kpi_analysis.signals.trust import trust

# share seen within four hours: mean and limits of the first 24 months, mean of the last 12,
# points outside in the last 12 and on which side, longest run on one side
README = {
    "RCU": (97.2, 94.5, 99.9, 97.4, 0, 0, 5),
    "RA4": (95.4, 92.2, 98.7, 97.3, 2, 1, 9),
    "RC9": (98.0, 97.2, 98.8, 97.3, 6, -1, 9),
    "RDD": (87.4, 81.1, 93.6, 93.5, 8, 1, 12),
    "R1K": (66.7, 52.8, 80.5, 75.2, 2, 1, 12),
    "RAS": (62.1, 51.6, 72.5, 58.4, 0, 0, 5),
    "RXL": (65.9, 46.4, 85.4, 58.5, 0, 0, 11),
    "RJ6": (80.8, 71.2, 90.4, 63.3, 12, -1, 12),
    "RRK": (82.3, 73.6, 91.1, 74.9, 5, -1, 9),
    "RDE": (83.3, 65.2, 101.3, 91.5, 0, 0, 12),
}


@pytest.mark.parametrize("org", README)
def test_numbers_of_the_readme(hospitals, org):
    within = hospitals.assign(value=100 - hospitals["value"])
    judged = detect(within, by="org_code", baseline=24)
    judged = judged[judged["org_code"] == org].sort_values("period")
    centre, lower, upper, late, outside, side, longest = README[org]
    shown = judged.iloc[0][["centre", "lower_limit", "upper_limit"]].astype(float)
    assert list(shown.round(1)) == [centre, lower, upper]
    last = judged.tail(12)
    runs = last.groupby((last["side"] != last["side"].shift()).cumsum()).size()
    assert runs.max() == longest
    assert last["value"].mean() == pytest.approx(late, abs=0.05)
    assert last["outside_limits"].sum() == outside
    assert set(last.loc[last["outside_limits"], "side"]) == ({side} if outside else set())


# Readings of the walking skeleton, by share over four hours (lower is better, target 5).
READINGS = {
    "RC9": ("concern", "pass"),
    "RAS": ("none", "fail"),
    "R1K": ("improving", "fail"),
    "RDD": ("improving", "fail"),
    "RDE": ("improving", "hit_or_miss"),
    "RJ6": ("concern", "fail"),
    "RCU": ("none", "hit_or_miss"),
}


@pytest.mark.parametrize("org", READINGS)
def test_readings_in_march_2019(hospitals, org):
    series = hospitals[hospitals["org_code"] == org].sort_values("period")
    judged = detect(series, by="org_code", baseline=24, bounds=(0, 100))
    found = patterns(judged, by="org_code")
    now = found[found["last"] == len(series) - 1]
    variation = {1: "concern", -1: "improving"}
    assert {variation[side] for side in now["side"]} == {READINGS[org][0]} - {"none"}
    last = judged.iloc[-1]
    limits = (last["lower_limit"], last["upper_limit"])
    assert capability(limits, 5, "lower") == READINGS[org][1]
    findings = trust(judged["value"], judged["in_baseline"])
    assert not any(finding.holds for finding in findings)
