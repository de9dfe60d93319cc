"""Pooling: published counts, exact fractions, Simpson's paradox, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.definitions.measures import Calculation, Measure, Statistic, Status
from kpi_analysis.errors import DefinitionError, RecordError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cells import VALUES
from kpi_analysis.records.roll_up import pool, roll_up
from kpi_analysis.records.values import Series
from kpi_analysis.records.workspace import open_workspace

KPI = """name: Stones
teams:
  small: {division: North}
  large: {division: North}
  other: {division: South}
discloses_from: 0
"""
DISCLOSES = KPI.replace("discloses_from: 0\n", "")  # from 10 cases on
MEASURE = """id: {id}
status: trial
name: Percentage of operations that succeed, by month
result: Patients are free of stones
unit: "%"
better: higher
frequency: month
evidence: [no stone left]
calculation: {calculation}
data: {{}}
"""


def definition(name="success", calculation="{statistic: percentage}", more=""):
    return MEASURE.format(id=name, calculation=calculation) + more


@pytest.fixture
def open_with(tmp_path):
    """Open a workspace of these rows, with one measure and its statistic."""

    def opened(rows, calculation="{statistic: percentage}", more="", kpi=KPI):
        for name, content in {
            "kpi.yml": kpi,
            "measures/success.yml": definition(calculation=calculation, more=more),
            "values/all.csv": "team,measure,period,value,numerator,denominator\n"
            + "".join(f"{row}\n" for row in rows),
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content)
        return open_workspace(tmp_path)

    return opened


# Charig and others, BMJ 292 (1986), 879-882; successes and operations for small and
# large stones, percutaneous nephrolithotomy as the first period, open surgery as the second.
STONES = (
    *("small,success,2024-01,,234,270", "small,success,2024-02,,81,87"),
    *("large,success,2024-01,,55,80", "large,success,2024-02,,192,263"),
)


def test_each_team_improves_while_the_pooled_figure_worsens(open_with):
    workspace = open_with(STONES)
    for team, before, after in (("small", "86.7", "93.1"), ("large", "68.8", "73.0")):
        shares = [f"{v:.1f}" for v in workspace.series[team, "success"].values["value"]]
        assert shares == [before, after]
    pooled = roll_up(workspace, "success", division="North").values
    assert pooled["numerator"].tolist() == [289, 273]
    assert pooled["denominator"].tolist() == [350, 350]
    assert [f"{value:.1f}" for value in pooled["value"]] == ["82.6", "78.0"]


def test_the_pooled_percentage_is_not_the_average_of_the_teams(open_with):
    pooled = roll_up(open_with(STONES), "success", teams=["small", "large"])
    average = (100 * 234 / 270 + 100 * 55 / 80) / 2
    assert pooled.values["value"].iloc[0] == pytest.approx(100 * 289 / 350)
    assert abs(pooled.values["value"].iloc[0] - average) > 4
    assert pooled.name == "small + large"
    assert tuple(pooled.values.columns) == VALUES


def test_a_team_without_any_value_is_named_and_left_out(open_with):
    pooled = roll_up(open_with(STONES), "success")
    assert pooled.teams == ("small", "large")
    assert pooled.name == "Stones"
    assert [str(one) for one in pooled.findings] == [
        "'success': team 'other' of Stones has no values of it and is not in the sum"
    ]
    assert "small, large" in repr(pooled)


@pytest.mark.parametrize(
    ("calculation", "rows", "expected"),
    [
        ("{statistic: count}", ("small,success,2024-01,4,,", "large,success,2024-01,7,,"), 11),
        ("{statistic: sum}", ("small,success,2024-01,4.5,,", "large,success,2024-01,-1,,"), 3.5),
        (
            "{statistic: rate, per: 1000}",
            ("small,success,2024-01,,3,500", "large,success,2024-01,,9,1500"),
            6.0,
        ),
        (
            "{statistic: ratio}",
            ("small,success,2024-01,,3,2", "large,success,2024-01,,9,2"),
            3.0,
        ),
        (
            "{statistic: mean}",  # 10 cases of 2 days and 30 of 6 are 200 days in 40 cases
            ("small,success,2024-01,2,20,10", "large,success,2024-01,6,180,30"),
            5.0,
        ),
        (
            "{statistic: mean}",  # the sum is worked out where only the cases are counted
            ("small,success,2024-01,2,,10", "large,success,2024-01,6,,30"),
            5.0,
        ),
        (
            "{statistic: mean}",  # a team without cases adds none and is not missing
            ("small,success,2024-01,,,0", "large,success,2024-01,6,,30"),
            6.0,
        ),
        (
            "{statistic: percentage}",
            ("small,success,2024-01,,0,0", "large,success,2024-01,,1,4"),
            25.0,
        ),
    ],
)
def test_what_can_be_added_is_added(open_with, calculation, rows, expected):
    pooled = roll_up(open_with(rows, calculation), "success", division="North")
    assert pooled.values["value"].tolist() == [pytest.approx(expected)]
    assert not pooled.findings


MISSING = (
    *("small,success,2024-01,,1,10", "small,success,2024-02,,2,10", "small,success,2024-03,,3,10"),
    *("large,success,2024-02,,5,10", "large,success,2024-03,,,"),
)


def test_a_period_in_which_a_team_is_missing_is_a_gap_and_says_who(open_with):
    pooled = roll_up(open_with(MISSING), "success", division="North")
    assert pooled.values["period"].tolist() == ["2024-01", "2024-02", "2024-03"]
    np.testing.assert_array_equal(pooled.values["value"], [np.nan, 35, np.nan])
    np.testing.assert_array_equal(pooled.values["denominator"], [np.nan, 20, np.nan])
    assert [str(one) for one in pooled.findings] == [
        "'success': team 'large' has no counts in 2024-01, 2024-03 (2 of 3 periods): "
        "nothing is pooled there"
    ]


def test_partial_sums_come_only_when_asked_for_and_say_who_is_missing(open_with):
    pooled = roll_up(open_with(MISSING), "success", division="North", partial=True)
    assert pooled.values["value"].tolist() == pytest.approx([10, 35, 30])
    assert "2 of 3 periods): the sum is of the others" in str(pooled.findings[0])


def test_a_period_without_any_team_stays_a_gap_among_partial_sums(open_with):
    rows = ("small,success,2024-01,3,,", "small,success,2024-02,,,", "small,success,2024-03,4,,")
    workspace = open_with(rows, "{statistic: count}")
    pooled = roll_up(workspace, "success", teams=["small"], partial=True)
    np.testing.assert_array_equal(pooled.values["value"], [3, np.nan, 4])


def test_a_value_without_counts_is_missing_from_a_percentage(open_with):
    rows = (
        *("small,success,2024-01,50,,", "small,success,2024-02,,2,4"),
        *("large,success,2024-01,,1,4", "large,success,2024-02,,1,4"),
    )
    pooled = roll_up(open_with(rows), "success", division="North")
    np.testing.assert_array_equal(pooled.values["value"], [np.nan, 37.5])


@pytest.mark.parametrize(
    ("calculation", "words"),
    [
        ("{statistic: median}", "the median of all cases cannot be worked out from the teams'"),
        ("{statistic: percentile, percentile: 90}", "a percentile of all cases cannot"),
        ("{statistic: days-between}", "the days between events of all teams are not in the"),
        ("{formula: see text}", "the definition names no statistic, so it is not known what may"),
    ],
)
def test_what_cannot_be_worked_out_is_refused(open_with, calculation, words):
    workspace = open_with(("small,success,2024-01,4,,", "large,success,2024-01,7,,"), calculation)
    with pytest.raises(RecordError, match=f"^'success' cannot be pooled: {words}"):
        roll_up(workspace, "success")


@pytest.mark.parametrize("statistic", ["mean", "percentage", "rate"])
def test_averages_without_counts_are_refused_by_team(open_with, statistic):
    rows = ("small,success,2024-01,,1,2", "large,success,2024-01,7,,")
    with pytest.raises(RecordError) as error:
        roll_up(open_with(rows, f"{{statistic: {statistic}}}"), "success")
    assert str(error.value) == (
        "'success' cannot be pooled: team 'large' has no numerators and denominators: "
        "record the counts, for an average of averages is none"
    )


def test_a_series_with_faults_is_not_pooled(open_with):
    workspace = open_with((*STONES, "large,success,2024-03,,9,4"))
    with pytest.raises(RecordError, match="the values of team 'large' have faults, first values/"):
        roll_up(workspace, "success")
    assert roll_up(workspace, "success", teams=["small"]).values["numerator"].tolist() == [234, 81]


def test_a_measure_of_the_team_alone_stays_with_it(open_with):
    workspace = open_with(STONES, more="audience: team\n")
    with pytest.raises(RecordError, match="its audience is the team alone"):
        roll_up(workspace, "success")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"measure": "sucess"}, "measure 'sucess' has no definition: did you mean 'success'?"),
        ({"division": "Nord"}, "division 'Nord' is not in kpi.yml: did you mean 'North'?"),
        ({"teams": ["smal"]}, "team 'smal' is not in this workspace: did you mean 'small'?"),
    ],
)
def test_unknown_names_are_told_with_the_nearest(open_with, asked, words):
    with pytest.raises(DefinitionError) as error:
        roll_up(open_with(STONES), **{"measure": "success", **asked})
    assert str(error.value) == words


def test_no_values_at_all_is_said(open_with):
    with pytest.raises(RecordError, match="no team of South has a value of it"):
        roll_up(open_with(STONES), "success", division="South")


def made(statistic=Statistic.PERCENTAGE, version=1, per=None):
    return Measure(
        id="success",
        status=Status.TRIAL,
        result="Patients are free of stones",
        version=version,
        calculation=Calculation(statistic=statistic, per=per),
    )


def series(team, counts):
    periods = [f"2024-{n + 1:02}" for n in range(len(counts))]
    above, below = zip(*counts, strict=True)
    frame = pd.DataFrame({"team": team, "measure": "success", "period": periods, "value": np.nan})
    frame = frame.assign(numerator=np.array(above, float), denominator=np.array(below, float))
    return Series(team, "success", frame)


def test_other_versions_and_calculations_are_not_pooled():
    north, south = series("a", [(1, 2)]), series("b", [(1, 2)])
    parts = {"a": (made(), north), "b": (made(version=2), south)}
    with pytest.raises(RecordError, match="version 1 for team 'a', but 2 for team 'b'"):
        pool(parts, "both", Frequency.MONTH)
    parts = {"a": (made(Statistic.RATE, per=100), north), "b": (made(Statistic.RATE), south)}
    with pytest.raises(RecordError, match="calculated differently for team 'a' and team 'b'"):
        pool(parts, "both", Frequency.MONTH)


COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None, max_examples=50)  # a frame a team is made: slow on a busy machine
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_pooling_is_exact_between_the_extremes_and_blind_to_order(teams):
    parts = {f"t{i}": (made(), series(f"t{i}", counts)) for i, counts in enumerate(teams)}
    pooled = pool(parts, "all", Frequency.MONTH).values["value"]
    for at, value in enumerate(pooled):
        own = [Fraction(100 * above, below) for above, below in (team[at] for team in teams)]
        exact = Fraction(
            100 * sum(team[at][0] for team in teams), sum(team[at][1] for team in teams)
        )
        assert value == pytest.approx(float(exact), rel=1e-12)
        assert float(min(own)) - 1e-9 <= value <= float(max(own)) + 1e-9
    again = pool(dict(reversed(parts.items())), "all", Frequency.MONTH).values["value"]
    pd.testing.assert_series_equal(pooled, again)


@settings(deadline=None, max_examples=50)  # a frame a team is made: slow on a busy machine
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=3, max_size=5))
def test_the_organisation_is_the_roll_up_of_its_divisions(teams):
    parts = {f"t{i}": (made(), series(f"t{i}", counts)) for i, counts in enumerate(teams)}
    names = list(parts)
    halves = {
        half[0]: (
            made(),
            Series(
                half[0],
                "success",
                pool({n: parts[n] for n in half}, half[0], Frequency.MONTH).values,
            ),
        )
        for half in (names[:1], names[1:])
    }
    direct, stepwise = (pool(p, "all", Frequency.MONTH).values for p in (parts, halves))
    pd.testing.assert_frame_equal(direct, stepwise)


SMALL = (
    "small,success,2024-01,,90,100",
    "large,success,2024-01,,3,{}",
    "other,success,2024-01,,{},{}",
)


@pytest.mark.parametrize(
    ("large", "other", "is_told"),
    [
        (7, (80, 100), True),  # the sum less small and other is large: 3 of 7
        (4, (2, 5), True),  # two held back, but nine cases in all
        (9, (2, 9), False),  # two teams and 18 cases: neither of them can be told
        (10, (80, 100), False),  # nothing is held back
    ],
)
def test_no_sum_tells_what_is_held_back(open_with, large, other, is_told):
    rows = [SMALL[0], SMALL[1].format(large), SMALL[2].format(*other)]
    rows += [row.replace("2024-01", "2024-02") for row in (SMALL[0], SMALL[1].format(80))]
    rows += ["other,success,2024-02,,80,100"]
    pooled = roll_up(open_with(rows, kpi=DISCLOSES), "success")
    first, second = pooled.values.to_dict("records")
    missing = [bool(np.isnan(first[name])) for name in ("value", "numerator", "denominator")]
    assert missing == [is_told] * 3
    assert second["denominator"] == 280
    told = [str(one) for one in pooled.findings if "would tell" in one.message]
    assert told == (
        [
            "'success': nothing is pooled in 2024-01 (1 of 2 periods), where the sum would tell a"
            " team's value of fewer than 10 cases: leave out the teams that are held back, or"
            " combine periods"
        ]
        if is_told
        else []
    )


def test_a_lone_small_team_is_held_back_and_a_period_without_cases_is_none(open_with):
    workspace = open_with(
        [SMALL[1].format(7), SMALL[0], "large,success,2024-02,,0,0"], kpi=DISCLOSES
    )
    assert roll_up(workspace, "success", teams=["large"]).values["value"].isna().all()
    small = roll_up(workspace, "success", teams=["small"]).values
    assert small["value"].tolist() == [90]


def test_the_workspace_may_disclose_everything(open_with):
    rows = [SMALL[0], SMALL[1].format(7)]
    pooled = roll_up(open_with(rows, kpi=KPI), "success", division="North")
    assert pooled.values["denominator"].tolist() == [107]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6),
    st.integers(0, 15),
)
def test_what_is_left_of_a_sum_is_of_two_teams_and_enough_cases(teams, least):
    counts = [(min(pair), max(pair)) for pair in teams]
    parts = {f"t{n}": (made(), series(f"t{n}", [pair])) for n, pair in enumerate(counts)}
    pooled = pool(parts, "all", Frequency.MONTH, least=least).values
    hidden = [below for _, below in counts if 0 < below < least]
    shown = sum(below for _, below in counts if not 0 < below < least)
    left = pooled["denominator"].iloc[0] - shown
    assert np.isnan(left) or left == 0 or (len(hidden) > 1 and left >= least)
