"""Funnels: hospitals as others found them, a method worked by hand, simulation, and what holds."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.benchmark import Standing, funnel

ALL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ae" / "ae_type1_all.csv"
NAMES = {"team": "org_code", "numerator": "breaches", "denominator": "attendances"}


def counts(numerators, denominators):
    names = [f"T{n:03}" for n in range(len(numerators))]
    return pd.DataFrame({"team": names, "numerator": numerators, "denominator": denominators})


@pytest.fixture(scope="module")
def departments():
    if not ALL.exists():
        pytest.skip("REFERENCE NOT CHECKED: no data/ae/ae_type1_all.csv beside the checkout")
    frame = pd.read_csv(ALL)
    whole = frame[frame.groupby("org_code")["period"].transform("size") == 36]
    return whole[whole["period"] >= "2018-04"]


def test_hospitals_chance_alone_puts_nearly_all_outside(departments):
    found = funnel(departments, **NAMES)
    assert len(found.table) == 130
    assert found.chance_only[1] / 130 == pytest.approx(0.95, abs=0.01)
    assert found.outside == (11, 2)


def by_hand(numerators, denominators):
    """FunnelPlotR's proportions, step by step in plain Python: arcsine, winsorised, tau squared."""
    target = math.asin(math.sqrt(sum(numerators) / sum(denominators)))
    z = [2 * math.sqrt(n) * (math.asin(math.sqrt(x / n)) - target)
         for x, n in zip(numerators, denominators, strict=True)]  # fmt: skip
    ordered, size = sorted(z), len(z)

    def quantile(q):
        at = q * (size - 1)
        low = int(at)
        return ordered[low] + (at - low) * (ordered[min(low + 1, size - 1)] - ordered[low])

    phi = sum(min(max(one, quantile(0.1)), quantile(0.9)) ** 2 for one in z) / size
    weights = [4 * n for n in denominators]
    below = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau2 = max(0.0, (size * phi - (size - 1)) / below)
    reach = [3.090232 * math.sqrt(1 / w + tau2) for w in weights]
    return phi, tau2, [math.sin(max(0.0, target - one)) ** 2 for one in reach]


@pytest.mark.parametrize("seed", range(3))
def test_arcsine_is_funnelplotr_step_by_step(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(50, 900, 17)
    x = rng.binomial(n, rng.beta(20, 60, 17))
    phi, tau2, lower = by_hand(x.tolist(), n.tolist())
    found = funnel(counts(x, n), "arcsine")
    assert found.dispersion == pytest.approx(phi)
    assert found.between**2 == pytest.approx(tau2)
    assert found.table["lower_99_8"].tolist() == pytest.approx(lower, rel=1e-5)


def test_hospitals_on_funnelplotrs_scale_are_those_worked_by_hand(departments):
    found = funnel(departments, "arcsine", **NAMES)
    table = found.table
    x, n = (table[name].astype(int).tolist() for name in ("numerator", "denominator"))
    phi, tau2, lower = by_hand(x, n)
    assert found.dispersion == pytest.approx(phi)
    assert found.between**2 == pytest.approx(tau2)
    assert table["lower_99_8"].tolist() == pytest.approx(lower, rel=1e-5, abs=1e-9)
    assert found.outside == (18, 0)  # METHOD.md says so: there 2 are outside untransformed
    assert found.chance_only[1] == 123


def test_funnelplotr_and_the_plain_scale_agree_on_most_hospitals(departments):
    plain, arcsine = (funnel(departments, kind, **NAMES) for kind in ("proportion", "arcsine"))
    same = plain.table["side"] == arcsine.table["side"]
    assert same.mean() > 0.9
    assert arcsine.outside[1] <= plain.outside[1]


def test_limits_of_a_proportion_without_dispersion_are_the_textbook_ones():
    found = funnel(counts([20, 20, 20, 20, 20], [100] * 5))
    assert (found.centre, found.between) == (0.2, 0.0)
    row = found.table.iloc[0]
    assert row["upper_95"] == pytest.approx(0.2 + 1.959964 * 0.04, abs=1e-6)
    assert row["lower_99_8"] == pytest.approx(0.2 - 3.090232 * 0.04, abs=1e-6)


@pytest.mark.parametrize("kind", ["proportion", "arcsine", "rate", "ratio", "mean"])
def test_chance_alone_leaves_about_five_in_a_hundred_outside(kind):
    rng = np.random.default_rng(5)
    n = rng.integers(200, 2000, 4000)
    draws = {"mean": rng.normal(50 * n, 8 * np.sqrt(n)), "rate": rng.poisson(0.3 * n),
             "ratio": rng.poisson(0.3 * n)}  # fmt: skip
    x = draws.get(kind, rng.binomial(n, 0.3))
    if kind == "ratio":
        n = rng.poisson(n)
    found = funnel(counts(x, n).assign(spread=8.0), kind)
    near, far = found.chance_only
    assert near / 4000 == pytest.approx(0.05, abs=0.012)
    assert far / 4000 == pytest.approx(0.002, abs=0.002)


def test_spread_between_teams_is_found_again():
    rng = np.random.default_rng(11)
    n = rng.integers(500, 5000, 3000)
    x = rng.normal(rng.normal(50, 3, 3000) * n, 8 * np.sqrt(n))
    found = funnel(counts(x, n).assign(spread=8.0), "mean")
    # pulling in the tails costs some spread: of a normal the variance falls to about 0.69
    assert found.between == pytest.approx(3 * math.sqrt(0.69), rel=0.08)
    assert found.outside[0] < found.chance_only[0]


def test_periods_of_a_team_are_added_and_teams_keep_the_order_of_their_names():
    twice = pd.concat([counts([5, 6, 7, 8, 9], [50] * 5)] * 2).iloc[::-1]
    found = funnel(twice)
    assert found.table["team"].tolist() == sorted(found.table["team"])
    assert found.table["denominator"].tolist() == [100] * 5
    assert "rank" not in found.table


def test_observed_for_expected_is_held_against_one():
    found = funnel(counts([10, 20, 30, 40, 90], [12, 19, 31, 38, 40]), "rate", centre=1.0)
    assert found.centre == 1.0
    assert found.table["value"].iloc[4] == pytest.approx(2.25)


@pytest.mark.parametrize(
    ("frame", "kind", "message"),
    [
        (counts([1] * 4, [9] * 4), "proportion", "4 teams make no funnel: it takes at least 5"),
        (counts([1] * 5, [9] * 5), "share", "kind is 'share'; use proportion, arcsine, rate"),
        (counts([10, 1, 1, 1, 1], [9] * 5), "proportion", "team 'T000' has 10 of 9: that cannot"),
        (counts([-1, 1, 1, 1, 1], [9] * 5), "rate", "team 'T000' has -1 of 9: that cannot"),
        (counts([0] * 5, [9] * 5), "proportion", "a centre of 0 leaves nothing to compare"),
        (counts([9] * 5, [9] * 5), "proportion", "a centre of 1 leaves nothing to compare"),
        (counts([0] * 5, [9] * 5), "ratio", "a centre of 0 leaves nothing to compare"),
        (counts([1] * 5, [9] * 5).assign(spread=0.0), "mean", "column 'spread' holds no spread"),
        (counts([1] * 5, [9] * 5).assign(team="A", spread=1.0), "mean", "team 'A' has several"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(frame, kind, message):
    with pytest.raises(KpiError) as raised:
        funnel(frame, kind)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


teams = st.lists(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
                 min_size=5, max_size=40)  # fmt: skip


@given(teams, st.sampled_from(["proportion", "arcsine", "rate", "ratio"]))
def test_a_team_is_outside_exactly_where_its_dot_is(pairs, kind):
    x, n = zip(*pairs, strict=True)
    if sum(x) in (0, sum(n)):
        return
    table = funnel(counts(x, n), kind).table
    assert (table["lower_99_8"] <= table["lower_95"]).all()
    assert (table["upper_95"] <= table["upper_99_8"]).all()
    inside = table[table["standing"] == Standing.INSIDE]
    value = (
        inside["value"]
        if kind != "ratio"
        else (inside["numerator"] + 0.5) / (inside["denominator"] + 0.5)
    )
    assert (value >= inside["lower_95"] - 1e-9).all()
    assert (value <= inside["upper_95"] + 1e-9).all()
    beyond = table[table["side"] > 0]
    assert (beyond["value"] > beyond["upper_95"] - 0.5 / beyond["denominator"] - 1e-9).all()


@given(teams)
def test_the_order_of_the_rows_does_not_matter(pairs):
    x, n = zip(*pairs, strict=True)
    if sum(x) in (0, sum(n)):
        return
    frame = counts(x, n)
    shuffled = frame.sample(frac=1, random_state=3)
    one, other = funnel(frame), funnel(shuffled)
    pd.testing.assert_frame_equal(one.table, other.table)
