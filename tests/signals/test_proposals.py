"""Proposals for new limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.proposals import FOUR_QUESTIONS, propose_changes

OLD = [4.0, 6.0] * 6
NEW = [9.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0, 8.0]


def proposals(values, **options):
    frame = pd.DataFrame({"period": range(len(values)), "value": values})
    return propose_changes(detect(frame, by=(), baseline=12, **options), by=())


def test_a_run_that_goes_on_is_proposed_from_its_first_point():
    (row,) = proposals([*OLD[:-1], 4.0, *NEW]).to_dict("records")
    assert (row["first"], row["last"], row["side"], row["points"]) == (12, 19, 1, 8)
    assert row["centre"] == pytest.approx(8.5)
    assert row["upper_limit"] == pytest.approx(8.5 + 2.66)
    assert row["range_limit"] == pytest.approx(3.268)


def test_a_gap_at_the_end_does_not_end_the_run():
    assert len(proposals([*OLD, *NEW, np.nan])) == 1


def test_a_run_that_is_over_is_not_proposed():
    assert len(proposals([*OLD, *NEW, 5.0, 4.0])) == 0


def test_a_run_that_fills_its_segment_would_change_nothing():
    frame = pd.DataFrame({"period": range(20), "value": [*OLD, *NEW]})
    frame["segment"] = (frame["period"] >= 12).astype(int)
    judged = detect(frame, by=())
    assert len(propose_changes(judged, by=())) == 0


def test_nothing_is_applied_and_each_series_is_its_own():
    long = pd.DataFrame({"team": "A", "period": range(20), "value": [*OLD[:-1], 4.0, *NEW]})
    calm = pd.DataFrame({"team": None, "period": range(20), "value": [4.0, 6.0] * 10})
    low = long.assign(team="C", value=-long["value"])
    frame = pd.concat([calm, long, low]).sample(frac=1, random_state=1)
    judged = detect(frame, by="team", baseline=12)
    before = judged.copy(deep=True)
    found = propose_changes(judged, by="team")
    pd.testing.assert_frame_equal(judged, before)
    found = found.sort_values("team")
    assert list(found["team"]) == ["A", "C"]
    assert list(found["centre"]) == pytest.approx([8.5, -8.5])
    assert list(found["side"]) == [1, -1]


def test_four_questions_are_questions():
    assert len(FOUR_QUESTIONS) == 4
    assert all(question.endswith("?") for question in FOUR_QUESTIONS)
