"""Charts of counts, proportions, rare events and trends: printed numbers, and definitions."""

from __future__ import annotations

from math import comb, exp, factorial, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.charts import CHARTS
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.rules import rule_set


def counts(numerator, denominator):
    frame = pd.DataFrame({"period": range(len(numerator)), "numerator": numerator})
    return frame.assign(denominator=denominator)


# Montgomery, Introduction to Statistical Quality Control, table 7.1: cans that leak, of 50
# (values and printed numbers also in jchester/spc-kit, spec/montgomery_spec.rb).
LEAKING = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22]
LEAKING += [8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_p_chart_of_montgomery_example_7_1():
    judged = detect(counts(LEAKING, 50), by=(), chart="p")
    assert judged["value"].tolist() == [count / 50 for count in LEAKING]
    shown = judged.iloc[0][["centre", "lower_limit", "upper_limit"]].astype(float)
    assert list(shown.round(4)) == [0.2313, 0.0524, 0.4102]
    assert list(np.flatnonzero(judged["outside_limits"])) == [14, 22]


def test_p_chart_without_the_two_samples_of_known_cause():
    # the same example goes on: samples 15 and 23 excluded, p = 301 / 1400 = 0.2150,
    # limits 0.0407 and 0.3893; sample 21 is then just above, and stays in for want of a cause
    frame = counts(LEAKING, 50).assign(excluded="")
    frame.loc[[14, 22], "excluded"] = ["new batch of cardboard", "inexperienced operator"]
    judged = detect(frame, by=(), chart="p")
    shown = judged.iloc[0][["centre", "lower_limit", "upper_limit"]].astype(float)
    assert list(shown.round(4)) == [0.2150, 0.0407, 0.3893]
    assert list(np.flatnonzero(judged["outside_limits"])) == [14, 20, 22]
    assert list(np.flatnonzero(~judged["in_baseline"])) == [14, 22]


# Montgomery, table 7.4: purchase orders with an error, of so many in the week; sample 11 is
# the one outside.
ORDERS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
OF = [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90]
OF += [100, 100, 100, 100, 90, 90]


def test_p_chart_with_a_denominator_for_each_period_in_per_cent():
    judged = detect(counts(ORDERS, OF), by=(), chart="p", per=100)
    assert judged["centre"].unique() == pytest.approx([100 * 234 / 2450])
    by_size = judged.groupby(pd.Series(OF))["upper_limit"].first().round(1)
    assert by_size.to_dict() == {80: 19.4, 90: 18.8, 100: 18.4, 110: 18.0, 120: 17.6}
    assert list(np.flatnonzero(judged["outside_limits"])) == [10]


# Montgomery, example 7.3: nonconformities on circuit boards; limits after leaving out samples
# 6 and 20: 19.67, 6.36 to 32.97 (with them 19.85, 6.48 to 33.22).
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30]
BOARDS += [24, 16, 19, 17, 15]


def test_c_chart_of_montgomery_example_7_3(table):
    judged = detect(table(BOARDS), by=(), chart="c")
    shown = judged.iloc[0][["centre", "lower_limit", "upper_limit"]].astype(float)
    assert list(shown) == pytest.approx([19.85, 6.48, 33.22], abs=0.011)
    assert list(np.flatnonzero(judged["outside_limits"])) == [5, 19]
    reasons = np.where(np.isin(np.arange(26), [5, 19]), "known cause", None)
    again = detect(table(BOARDS).assign(excluded=reasons), by=(), chart="c").iloc[0]
    shown = again[["centre", "lower_limit", "upper_limit"]].astype(float)
    assert list(shown) == pytest.approx([19.67, 6.36, 32.97], abs=0.011)


# Montgomery, example 7.5 (dyed cloth): nonconformities, and units inspected of each roll.
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
UNITS = [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]


def test_u_chart_of_montgomery_example_7_5():
    judged = detect(counts(CLOTH, UNITS), by=(), chart="u")
    assert judged["centre"].round(2).unique() == [1.42]
    limits = judged.groupby(pd.Series(UNITS))[["lower_limit", "upper_limit"]].first()
    for units, row in limits.iterrows():
        half = 3 * sqrt(153 / 107.5 / units)
        assert list(row) == pytest.approx([153 / 107.5 - half, 153 / 107.5 + half])
    assert list(limits.loc[8.0].round(2)) == [0.16, 2.69]
    assert not judged["signal"].any()


@pytest.mark.parametrize(("chart", "plain"), [("p_prime", "p"), ("u_prime", "u")])
def test_laney_limits_are_the_plain_ones_stretched_by_sigma_z(chart, plain):
    laney, usual = (
        detect(counts(ORDERS, OF), by=(), chart=one, bounds=(None, None)) for one in (chart, plain)
    )
    centre = 234 / 2450
    sigma = np.sqrt(centre * (1 - centre if plain == "p" else 1) / np.array(OF))
    scores = (np.array(ORDERS) / np.array(OF) - centre) / sigma
    sigma_z = np.abs(np.diff(scores)).mean() / 1.128
    stretched = (laney["upper_limit"] - centre) / (usual["upper_limit"] - centre)
    assert stretched.to_numpy() == pytest.approx(np.full(25, sigma_z))
    # a chart of the scores themselves finds the same points outside
    beyond = np.abs(scores) > 3 * sigma_z
    assert (laney["outside_limits"].to_numpy() == beyond).all()


def test_laney_limits_of_pure_binomial_counts_are_close_to_the_plain_ones():
    drawn = np.random.default_rng(20).binomial(400, 0.2, size=4000)
    laney, usual = (detect(counts(drawn, 400), by=(), chart=one) for one in ("p_prime", "p"))
    width = [one["upper_limit"].iloc[0] - one["centre"].iloc[0] for one in (laney, usual)]
    assert width[0] / width[1] == pytest.approx(1, abs=0.03)


# Montgomery, table 7.14: hours between failures of a valve, and their 0.2777th powers.
HOURS = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199]
HOURS += [1214, 2831, 96]
POWERS = [4.80986, 6.70903, 5.72650, 3.81367, 6.43541, 6.23705, 1.46958, 3.96768, 5.39007]
POWERS += [1.78151, 9.09619, 5.89774, 3.38833, 4.51095, 5.91690, 5.59189, 7.16124, 7.18601]
POWERS += [9.09083, 3.55203]


def test_t_chart_is_an_xmr_chart_of_the_printed_powers(table):
    judged = detect(table(HOURS), by=(), chart="t")
    bent = detect(table(POWERS), by=())
    for name in ("centre", "upper_limit"):
        assert judged[name].to_numpy() ** 0.2777 == pytest.approx(bent[name].to_numpy(), rel=1e-3)
    assert bent["lower_limit"].iloc[0] < 0
    assert judged["lower_limit"].eq(0).all()
    flags = ["side", "outside_limits", "long_run", "short_run", "signal"]
    pd.testing.assert_frame_equal(judged[flags], bent[flags])
    assert "large_range" not in judged.columns


def test_g_chart_from_the_geometric_distribution(table):
    cases = [3, 0, 7, 1, 2, 12, 0, 4, 5, 1, 9, 3, 2, 80]
    judged = detect(table(cases), by=(), chart="g", baseline=13)
    mean = np.mean(cases[:13])
    chance = 1 / (mean + 1)
    support = np.arange(5000)
    weights = chance * (1 - chance) ** support
    sigma = sqrt(weights @ (support - weights @ support) ** 2)
    assert judged["upper_limit"].iloc[0] == pytest.approx(mean + 3 * sigma)
    assert judged["lower_limit"].iloc[0] == 0
    assert judged["centre"].iloc[0] == 3  # the median
    assert list(np.flatnonzero(judged["outside_limits"])) == [13]


@pytest.mark.parametrize(
    ("chart", "weights"),
    [
        ("c", lambda k, mean: exp(-mean) * mean**k / factorial(k)),
        ("p", lambda k, mean: comb(100, k) * (mean / 100) ** k * (1 - mean / 100) ** (100 - k)),
    ],
)
def test_three_sigma_of_counts_by_enumeration(table, chart, weights):
    drawn = [9, 11, 8, 12, 10, 10, 10, 10]  # mean 10
    chances = np.array([weights(k, 10) for k in range(101)])
    sigma = sqrt(chances @ (np.arange(101) - 10) ** 2)
    frame = counts(drawn, 100) if chart == "p" else table(drawn)
    judged = detect(frame, by=(), chart=chart, per=100)
    assert judged["upper_limit"].iloc[0] == pytest.approx(10 + 3 * sigma, abs=1e-6)


@pytest.mark.parametrize("case_id", ["textbook_12", "textbook_13"])
def test_trended_limits_printed_by_wheeler(cases, table, case_id):
    case = next(one for one in cases if one["id"] == case_id)
    printed, judged = case["published"], detect(table(case["values"]), by=(), chart="trended")
    slack = printed["tol"]
    assert np.diff(judged["centre"]) == pytest.approx(np.full(19, printed["slope"]), abs=slack)
    halves = judged["centre"].to_numpy().reshape(2, 10).mean(axis=1)
    wanted = [printed["half_mean_first"], printed["half_mean_second"]]
    # the second print has 878.4 where its ten values, and its slope, give 878.5
    assert list(halves) == pytest.approx(wanted, abs=0.11)
    half = judged["upper_limit"] - judged["centre"]
    assert half.to_numpy() == pytest.approx(np.full(20, printed["limit_half_width"]), abs=slack)


@pytest.mark.parametrize("size", [9, 10])
def test_trended_limits_of_a_straight_line_are_that_line(table, size):
    line = 3.0 + 2 * np.arange(size)
    line[4] = np.nan
    judged = detect(table(line), by=(), chart="trended")
    assert judged["centre"].to_numpy() == pytest.approx(3.0 + 2 * np.arange(size))
    assert not judged["signal"].any()


def test_run_chart_has_a_median_and_no_limits(table):
    values = [1, 9, 2, 8, 5, 9, 9, 9, 9, 5, 9, 9, 9, 1, 1, 1, 1]
    judged = detect(table(values), by=(), chart="run")
    assert judged["centre"].unique() == [8]
    assert judged[["lower_limit", "upper_limit"]].isna().all(axis=None)
    # on a chart of a median a value on it does not cut a run
    onto = detect(table([1, 1, 1, 1, 5, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9]), by=(), chart="run")
    assert list(np.flatnonzero(onto["long_run"])) == [0, 1, 2, 3, 5, 6, 7, 8, *range(9, 17)]


def test_no_cases_is_no_value():
    judged = detect(counts([1, 0, 2, 1, 2, 1, 2, 1], [9, 0, 9, 9, 9, 9, 9, 9]), by=(), chart="p")
    assert list(np.flatnonzero(judged["value"].isna())) == [1]
    assert judged["centre"].iloc[0] == pytest.approx(10 / 63)


@pytest.mark.parametrize(
    ("chart", "change", "words"),
    [
        ("q", {}, "no chart is called 'q'; there are: xmr, trended, run, p, p_prime, u, "),
        ("p", {"numerator": 11}, "row 0: numerator 11.0 is more than its denominator"),
        ("u", {"denominator": 0}, "row 0: numerator 5.0 is more than its denominator"),
        ("p", {"numerator": -1}, "row 0: numerator -1.0 is negative"),
        ("p", {"denominator": -1}, "row 0: denominator -1.0 is negative"),
        ("c", {"value": -2}, "row 0: value -2.0 cannot be on a c chart; it takes values of 0"),
        ("t", {"value": 0}, "row 0: value 0.0 cannot be on a t chart; it takes values above 0"),
        ("xmr", {"excluded": True}, "row 0: excluded is True; write the reason in words"),
    ],
)
def test_what_a_chart_cannot_hold_is_told(chart, change, words):
    frame = counts([5] * 8, [10] * 8).assign(**{"value": 1.0, **change})
    with pytest.raises(KpiError) as told:
        detect(frame, by=(), chart=chart)
    assert words in str(told.value)


def test_per_must_be_a_number_above_zero():
    with pytest.raises(KpiError, match="per is 0; use a number above 0"):
        detect(counts([1] * 8, 9), by=(), chart="p", per=0)


@settings(deadline=None, max_examples=100)
@given(
    chart=st.sampled_from(sorted(CHARTS)),
    rows=st.lists(
        st.tuples(
            st.integers(0, 30),
            st.integers(0, 500),
            st.one_of(st.floats(0.01, 1e6), st.just(float("nan"))),
            st.integers(0, 2),
        ),
        max_size=30,
    ),
    rules=st.sampled_from(["wheeler", "plotthedots", "nelson"]),
)
def test_any_chart_of_anything_keeps_its_promises(chart, rows, rules):
    frame = pd.DataFrame(rows, columns=["numerator", "more", "value", "segment"])
    frame = frame.assign(denominator=frame["numerator"] + frame["more"], period=range(len(rows)))
    before = frame.copy(deep=True)
    judged = detect(frame, by=(), rules=rules, chart=chart)
    pd.testing.assert_frame_equal(frame, before)
    assert judged.index.equals(frame.index)
    low, high = judged["lower_limit"], judged["upper_limit"]
    slack = 1e-9 * (1 + judged["centre"].abs())
    assert ((low <= judged["centre"] + slack) | low.isna() | judged["centre"].isna()).all()
    assert ((high >= judged["centre"] - slack) | high.isna() | judged["centre"].isna()).all()
    outside = (judged["value"] > high + slack) | (judged["value"] < low - slack)
    assert judged.loc[outside, "outside_limits"].all()
    assert not judged.loc[judged["value"].isna(), "signal"].any()


def test_lengths_of_a_changed_set_reach_every_chart():
    short = rule_set("wheeler", long_run=4)
    judged = detect(counts([1, 1, 1, 1, 9, 9, 9, 9], 10), by=(), chart="p", rules=short)
    assert judged["long_run"].all()
