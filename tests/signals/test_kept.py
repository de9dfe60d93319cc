"""Limits that are kept: worked out, saved, read again, or set by hand."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.kept import work_out_limits


@pytest.fixture
def two_teams():
    values = np.random.default_rng(3).normal(50, 4, size=48)
    return pd.DataFrame(
        {
            "team": np.repeat(["A", "B"], 24),
            "measure": "m",
            "period": np.tile(pd.date_range("2023-01-01", periods=24, freq="MS"), 2),
            "value": values,
            "segment": np.tile(np.repeat([0, 1], 12), 2),
        }
    )


def test_limits_saved_and_read_again_judge_as_before(two_teams):
    text = work_out_limits(two_teams).to_csv(index=False)
    kept = pd.read_csv(io.StringIO(text))
    judged, again = detect(two_teams), detect(two_teams, limits=kept)
    assert again["limits_from"].eq("saved").all()
    assert not again["in_baseline"].any()
    columns = ["centre", "lower_limit", "upper_limit", "range_limit"]
    np.testing.assert_allclose(again[columns], judged[columns], rtol=1e-12)
    flags = ["side", "outside_limits", "long_run", "short_run", "signal", "large_range"]
    pd.testing.assert_frame_equal(again[flags], judged[flags])
    # new points are held against the old limits
    later = two_teams.assign(value=two_teams["value"] + 90)
    assert detect(later, limits=kept)["outside_limits"].all()


def test_a_table_of_limits_says_where_they_come_from(two_teams):
    kept = work_out_limits(two_teams, baseline=8)
    assert list(kept.columns) == [
        *("team", "measure", "segment", "centre", "lower_limit", "upper_limit", "range_limit"),
        *("origin", "points", "first_period", "last_period"),
    ]
    assert kept["points"].eq(8).all()
    assert kept["last_period"].iloc[1] == pd.Timestamp("2024-08-01")


def test_limits_set_by_hand_hold_for_their_segment_and_are_marked(two_teams):
    hand = pd.DataFrame(
        {
            **{"team": ["A"], "measure": ["m"], "segment": [1], "origin": ["hand"]},
            **{"centre": [50.0], "lower_limit": [49.0], "upper_limit": [np.nan]},
            "range_limit": [np.nan],
        }
    )
    judged = detect(two_teams, limits=hand)
    mine = (two_teams["team"] == "A") & (two_teams["segment"] == 1)
    assert judged.loc[mine, "limits_from"].eq("hand").all()
    assert judged.loc[~mine, "limits_from"].eq("points").all()
    assert (judged.loc[mine, "outside_limits"] == (two_teams.loc[mine, "value"] < 49)).all()
    assert not judged.loc[mine, "large_range"].any()
    plain = detect(two_teams)
    pd.testing.assert_frame_equal(judged.loc[~mine, plain.columns], plain.loc[~mine])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"origin": "typed"}, "the origin is neither 'saved' nor 'hand'"),
        ({"centre": np.nan}, "team A, measure m, segment 0: there is no centre"),
        ({"lower_limit": 99.0}, "the limits do not lie on either side of the centre"),
        ({"segment": 0}, "team A, measure m, segment 0: the segment stands twice"),
    ],
)
def test_faulty_limits_are_told(two_teams, change, words):
    kept = work_out_limits(two_teams).assign(**change)
    with pytest.raises(KpiError) as told:
        detect(two_teams, limits=kept)
    assert words in str(told.value)


def test_limits_are_for_xmr_charts(two_teams):
    with pytest.raises(KpiError, match="limits can be given to an xmr chart; a run chart draws"):
        detect(two_teams, chart="run", limits=work_out_limits(two_teams))
