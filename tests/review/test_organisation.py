"""All teams in one pass: no series is judged by its company, and nothing is changed."""

import json
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import kpi_analysis as kpi
from kpi_analysis.signals.patterns import patterns
from kpi_analysis.signals.proposals import propose_changes

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
WHEN = kpi.Period.parse("2025-03")


def same(one, other):
    """Hold two reviews of a team against each other, every figure of them."""
    assert [each.measure.id for each in one.measures] == [
        each.measure.id for each in other.measures
    ]
    for each, again in zip(one.measures, other.measures, strict=True):
        assert_frame_equal(each.points, again.points, check_exact=True)
        assert_frame_equal(each.series.rows, again.series.rows, check_exact=True)
        assert each.points.index.equals(each.series.rows.index)
        assert each.points.index[0] == 0
        for name in ("patterns", "proposal", "verdict", "answer", "held_back", "remarks"):
            assert getattr(each, name) == getattr(again, name)


@pytest.fixture(scope="module")
def demo():
    return kpi.open(DEMO)


@pytest.fixture(scope="module")
def reviews(demo):
    return kpi.review_teams(demo, WHEN)


@pytest.mark.parametrize("team", ["elm-ward", "repairs"])
def test_a_team_alone_is_judged_as_among_all(demo, reviews, team):
    same(kpi.review_teams(demo, WHEN, teams=[team])[team], reviews[team])


def test_patterns_and_proposals_are_those_of_the_series_alone(reviews):
    measures = [one for team in reviews.values() for one in team.measures]
    for one in measures:
        found = patterns(one.points, by=(), rules=one.series.rules)
        told = [(each.rule, each.first, each.last, each.side, each.points) for each in one.patterns]
        columns = ["rule", "first", "last", "side", "points"]
        assert told == [tuple(row) for row in found[columns].itertuples(index=False)]
        proposed = propose_changes(one.points, by=(), rules=one.series.rules)
        lines = ["first", "centre", "lower_limit", "upper_limit"]
        assert ([astuple(one.proposal)] if one.proposal else []) == [
            pytest.approx(tuple(row), nan_ok=True)
            for row in proposed[lines].itertuples(index=False)
        ]
    assert sum(bool(one.patterns) for one in measures) > 5
    assert any(one.proposal for one in measures)


def test_a_review_changes_nothing_that_it_read(demo):
    before = {key: one.values.copy() for key, one in demo.series.items()}
    logs = {name: getattr(demo, name).rows.copy() for name in ("actions", "limit_changes")}
    kpi.review_teams(demo, WHEN)
    for key, values in before.items():
        assert_frame_equal(demo.series[key].values, values)
    for name, rows in logs.items():
        assert_frame_equal(getattr(demo, name).rows, rows)


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    series=st.lists(VALUES, min_size=2, max_size=4),
    change=st.sampled_from(["2023-01", "2023-09", "2030-01"]),
    shuffled=st.randoms(use_true_random=False),
)
def test_neither_the_order_of_rows_nor_that_of_teams_matters(make, series, change, shuffled):
    teams = [f"team{n}" for n in range(len(series))]
    make.measure([])
    make.log("limit_changes", f"team,measure,from,reason,by\nteam0,late,{change},merger,lead\n")
    first = kpi.Period.parse("2023-01")
    rows = [
        f"{team},late,{first.shift(n)},{'' if value is None else value}"
        for team, values in zip(teams, series, strict=True)
        for n, value in enumerate(values)
    ]

    def reviewed(rows, teams):
        (make.root / "kpi.yml").write_text(json.dumps({"teams": {team: {} for team in teams}}))
        file = make.root / "values" / "alpha-late.csv"
        file.write_text("\n".join(["team,measure,period,value", *rows]) + "\n")
        return kpi.review_teams(kpi.open(make.root), kpi.Period.parse("2025-03"))

    in_order = reviewed(rows, teams)
    shuffled.shuffle(rows)
    mixed = reviewed(rows, teams[::-1])
    for team in teams:
        same(in_order[team], mixed[team])
