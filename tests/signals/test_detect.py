"""`detect`: what it takes, what it gives back, and what it never does."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.rules import RULE_SETS, rule_set

NAMES = sorted(RULE_SETS)


def flag_columns(rules):
    jump = ["large_range"] if RULE_SETS[rules].large_range else []
    return ["side", *RULE_SETS[rules].columns, *jump, "signal"]


def test_columns_are_those_of_the_contract(table):
    judged = detect(table(range(10)), by=())
    assert judged.dtypes.astype(str).to_dict() == {
        "period": "int64",
        "value": "float64",
        "segment": "int64",
        "in_baseline": "bool",
        **dict.fromkeys(["centre", "lower_limit", "upper_limit"], "float64"),
        **dict.fromkeys(["moving_range", "range_limit"], "float64"),
        "side": "int8",
        **dict.fromkeys(["outside_limits", "long_run", "short_run"], "bool"),
        **dict.fromkeys(["signal", "large_range"], "bool"),
    }


def test_worked_by_hand(table):
    # mean 5.5, nine moving ranges of 1: limits 5.5 +- 2.66, range limit 3.268
    judged = detect(table([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), by=())
    assert judged["centre"].unique() == pytest.approx([5.5])
    assert judged["lower_limit"].unique() == pytest.approx([2.84])
    assert judged["upper_limit"].unique() == pytest.approx([8.16])
    assert judged["range_limit"].unique() == pytest.approx([3.268])
    assert list(np.flatnonzero(judged["outside_limits"])) == [0, 1, 8, 9]
    # half-way lines 4.17 and 6.83: 1 to 4 lie beyond the lower one, 7 to 10 beyond the upper
    assert list(np.flatnonzero(judged["short_run"])) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_gap_is_never_bridged(table):
    judged = detect(table([1, 3, np.nan, 9, 5, 7, 7, 5]), by=())
    ranges = [np.nan, 2, np.nan, np.nan, 4, 2, 0, 2]
    np.testing.assert_array_equal(judged["moving_range"], ranges)
    assert judged["upper_limit"].iloc[0] == pytest.approx(37 / 7 + 2.66 * 2)
    assert judged["in_baseline"].tolist() == [True, True, False, True, True, True, True, True]
    assert judged["side"].iloc[2] == 0


def test_a_gap_breaks_a_run(table):
    whole = [1.0] * 8 + [0.0] * 9
    assert detect(table(whole), by=())["long_run"].sum() == 17
    assert detect(table([1.0] * 4 + [np.nan] + [1.0] * 4 + [0.0] * 9), by=())["long_run"].sum() == 9


def test_a_value_on_the_centre_breaks_a_run_or_is_skipped(table):
    values = [6, 6, 6, 6, 5, 6, 6, 6, 6, 4, 4, 4, 4, 4, 4, 4, 4]
    assert np.mean(values) == 5
    broken = detect(table(values), by=())
    assert list(np.flatnonzero(broken["long_run"])) == list(range(9, 17))
    skipped = detect(table(values), by=(), on_centre="skip")
    assert list(np.flatnonzero(skipped["long_run"])) == [0, 1, 2, 3, 5, 6, 7, 8, *range(9, 17)]


def test_skipping_never_joins_over_a_gap_or_a_new_segment(table):
    values = [6, 6, 6, 6, 5, np.nan, 6, 6, 6, 6, 4, 4, 4, 4, 4, 4, 4, 4]
    judged = detect(table(values), by=(), on_centre="skip")
    assert list(np.flatnonzero(judged["long_run"])) == list(range(10, 18))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("constant", [0.1, 7.5, 1e9 + 0.1, -3.3])
def test_a_constant_series_gives_no_signal(table, name, constant):
    judged = detect(table([constant] * 37), by=(), rules=name)
    assert (judged["centre"] == constant).all()
    assert not judged["signal"].any()


def test_segments_have_limits_of_their_own_and_patterns_do_not_cross(table):
    judged = detect(table([1, 2, 1, 2, 1, 2, 11, 12, 11, 12, 11, 12], segment_at=6), by=())
    assert judged["centre"].tolist() == [1.5] * 6 + [11.5] * 6
    assert np.isnan(judged["moving_range"].iloc[6])
    assert not judged["signal"].any()


def test_baseline_of_the_first_rows_counts_rows_without_a_value(table):
    values = [1, np.nan, 2, 1, 2, 1, 2, 50, 60]
    judged = detect(table(values), by=(), baseline=7)
    assert judged["in_baseline"].sum() == 6
    assert judged["centre"].iloc[0] == pytest.approx(1.5)
    assert judged["outside_limits"].tolist() == [False] * 7 + [True, True]


def test_baseline_of_a_date_window():
    frame = pd.DataFrame(
        {
            "period": pd.date_range("2024-01-01", periods=18, freq="MS"),
            "value": [1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 40, 50, 40, 50, 40, 50],
            "segment": [0] * 12 + [1] * 6,
        }
    )
    judged = detect(frame, by=(), baseline=("2024-03-01", "2024-09-01"))
    assert judged["in_baseline"].tolist() == [False] * 2 + [True] * 7 + [False] * 3 + [True] * 6
    assert judged["centre"].iloc[-1] == 45  # the window does not touch this segment


def test_bounds_cap_the_limits_but_not_the_signals(table):
    values = [90, 99, 91, 99, 90, 99, 91, 99, 60, 99]
    free, capped = detect(table(values), by=()), detect(table(values), by=(), bounds=(0, 100))
    assert free["upper_limit"].iloc[0] > 100
    assert capped["upper_limit"].eq(100).all()
    assert capped["lower_limit"].equals(free["lower_limit"])
    pd.testing.assert_frame_equal(
        free.drop(columns=["upper_limit"]), capped.drop(columns=["upper_limit"])
    )


def test_rows_index_and_other_columns_come_back_as_they_were():
    frame = pd.DataFrame(
        {
            "team": ["b", "a", "b", "a"] * 8,
            "measure": "m",
            "period": np.repeat(np.arange(16)[::-1], 2),
            "value": np.arange(32.0),
            "remark": [f"remark {i}" for i in range(32)],
        },
        index=pd.Index([f"row {i}" for i in range(32)], name="where"),
    )
    before = frame.copy(deep=True)
    judged = detect(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(judged[list(frame.columns)], before)


def test_judging_twice_changes_nothing(table):
    once = detect(table([1, 5, 2, 9, 3, 1, 30, 2]), by=())
    pd.testing.assert_frame_equal(detect(once, by=()), once)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="value"), "there is no column 'value'; one is needed"),
        (lambda f: f.drop(columns="team"), "there is no column 'team'; one is needed"),
        (
            lambda f: f.assign(value="5"),
            "column 'value' holds string where numbers are needed (row 0: '5'",
        ),
        (
            lambda f: f.assign(value=[None, 1, "x", *[2] * 5]),
            "holds mixed-integer where numbers are",
        ),
        (lambda f: f.assign(value=pd.Timestamp(0)), "column 'value' holds datetime"),
        (lambda f: f.assign(value=1j), "column 'value' holds complex"),
        (lambda f: f.assign(value=np.inf), "row 0: value inf is infinite"),
        (lambda f: f.assign(period=1), "team A, measure m: period 1 stands twice; keep one"),
        (lambda f: f.assign(period=[None, *range(7)]), "row 0 has no period"),
        (lambda f: f.assign(period=[0, "x"] * 4), "mixes kinds that have no order (int, str)"),
        (lambda f: f.assign(segment=0.5), "row 0: segment 0.5 is no whole number"),
        (lambda f: f.assign(team=[[1], [2]] * 4), "column 'team' holds values that cannot name"),
        (lambda f: pd.concat([f, f["value"]], axis=1), "there are 2 columns 'value'"),
    ],
)
def test_faulty_tables_are_told_in_one_line(change, words):
    frame = pd.DataFrame({"team": "A", "measure": "m", "period": range(8), "value": np.arange(8.0)})
    with pytest.raises(KpiError) as told:
        detect(change(frame))
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rules": "weeler"}, "no rule set is called 'weeler' (did you mean 'wheeler'?)"),
        ({"rules": "weeler"}, "there are: wheeler, mdc, plotthedots, pump, nelson, western"),
        ({"baseline": -3}, "baseline is -3; use None"),
        ({"baseline": "24"}, "baseline is '24'; use None"),
        ({"baseline": ("x", None)}, "the baseline from x to None cannot be compared"),
        ({"bounds": (100, 0)}, "bounds are (100.0, 0.0); the first must be below"),
        ({"on_centre": "hop"}, "on_centre is 'hop'; use break or skip"),
    ],
)
def test_unknown_options_are_told_in_one_line(table, options, words):
    with pytest.raises(KpiError) as told:
        detect(table(range(8)), by=(), **options)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"longrun": 8}, "no rule or option is called 'longrun' (did you mean 'long_run'?)"),
        ({"long_run": 2}, "long_run is 2; a whole number from 3 on, or None, is needed"),
        ({"trend": True}, "trend is True; a whole number"),
        ({"short_run": 4}, "short_run is 4; a Window or None is needed"),
        ({"centre": "mode"}, "centre is 'mode'; use mean or median"),
    ],
)
def test_unknown_rules_are_told_in_one_line(changes, words):
    with pytest.raises(KpiError) as told:
        rule_set("mdc", **changes)
    assert words in str(told.value)


def test_lengths_are_settable(table):
    values = [1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8, 9]
    assert detect(table(values), by=(), rules=rule_set("mdc"))["long_run"].sum() == 7
    assert not detect(table(values), by=(), rules=rule_set("mdc", long_run=8))["long_run"].any()


def test_empty_table():
    frame = pd.DataFrame({"team": [], "measure": [], "period": [], "value": []})
    judged = detect(frame)
    assert len(judged) == 0
    assert judged["signal"].dtype == bool


# ---- what must hold of any series

VALUES = st.lists(
    st.one_of(st.integers(-20, 20).map(float), st.floats(-1e3, 1e3), st.just(float("nan"))),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(values=VALUES, rules=st.sampled_from(NAMES), seed=st.integers(0, 99))
def test_shuffled_rows_give_the_same(values, rules, seed):
    frame = pd.DataFrame({"period": range(len(values)), "value": np.array(values, float)})
    frame["segment"] = frame["period"] // 13
    judged = detect(frame, by=(), rules=rules)
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(detect(shuffled, by=(), rules=rules).sort_index(), judged)


@settings(deadline=None, max_examples=60)
@given(
    values=VALUES,
    rules=st.sampled_from(NAMES),
    scale=st.sampled_from([0.1, 3.0, 1e-12, 1e12, 7e99, 1e-99]),
    shift=st.sampled_from([0.0, 1.0, -33.3]),
)
def test_unit_does_not_matter(values, rules, scale, shift):
    whole = np.round(np.array(values, float), 1)
    frame = pd.DataFrame({"period": range(len(values)), "value": whole})
    other = frame.assign(value=(whole + shift) * scale)
    judged, rescaled = (detect(one, by=(), rules=rules) for one in (frame, other))
    # rounding may move steps of a trend that are no steps: keep to exact differences
    columns = [name for name in flag_columns(rules) if name not in ("trend", "signal")]
    pd.testing.assert_frame_equal(rescaled[columns], judged[columns])


@settings(deadline=None, max_examples=60)
@given(values=VALUES, rules=st.sampled_from(["wheeler", "mdc", "nelson", "western_electric"]))
def test_mirrored_series_give_mirrored_signals(values, rules):
    frame = pd.DataFrame({"period": range(len(values)), "value": np.array(values, float)})
    judged = detect(frame, by=(), rules=rules)
    mirrored = detect(frame.assign(value=-frame["value"]), by=(), rules=rules)
    assert (mirrored["side"] == -judged["side"]).all()
    columns = flag_columns(rules)[1:]
    pd.testing.assert_frame_equal(mirrored[columns], judged[columns])


@settings(deadline=None, max_examples=40)
@given(
    many=st.lists(VALUES.filter(bool), min_size=1, max_size=6),
    rules=st.sampled_from(NAMES),
    baseline=st.sampled_from([None, 8, (3, 17)]),
    seed=st.integers(0, 99),
)
def test_many_series_are_judged_as_each_alone(many, rules, baseline, seed):
    frames = [
        pd.DataFrame(
            {
                "team": f"t{i % 2}",
                "measure": i,
                "period": range(len(v)),
                "value": np.array(v, float),
            }
        )
        for i, v in enumerate(many)
    ]
    together = pd.concat(frames, ignore_index=True)
    together["segment"] = together["period"] // 15
    shuffled = together.sample(frac=1, random_state=seed)
    judged = detect(shuffled, rules=rules, baseline=baseline).sort_index()
    alone = [
        detect(one, rules=rules, baseline=baseline)
        for _, one in together.groupby("measure", sort=False)
    ]
    pd.testing.assert_frame_equal(judged, pd.concat(alone))


@settings(deadline=None, max_examples=40)
@given(values=VALUES, place=st.integers(0, 40), rules=st.sampled_from(NAMES))
def test_missing_values_never_signal_and_cut_the_patterns(values, place, rules):
    place = min(place, len(values))
    frame = pd.DataFrame(
        {"period": range(len(values) + 1), "value": [*values[:place], np.nan, *values[place:]]}
    )
    judged = detect(frame, by=(), rules=rules)
    assert not judged.loc[judged["value"].isna(), flag_columns(rules)].any(axis=None)
    # what follows a gap is judged as a segment of its own would be, but for the lines
    cut = detect(frame.assign(segment=(frame["period"] > place).astype(int)), by=(), rules=rules)
    assert (cut["moving_range"].isna() == judged["moving_range"].isna()).all()


@pytest.mark.parametrize(
    "kind",
    ["category", "string", "object", "nullable"],
)
def test_keys_and_values_of_any_kind(kind):
    frame = pd.DataFrame(
        {
            "team": np.repeat(["A", "B"], 12),
            "measure": np.repeat([1, 2], 12),
            "period": np.tile(
                pd.date_range("2024-01-31", periods=12, freq="ME", tz="Asia/Tokyo"), 2
            ),
            "value": np.random.default_rng(5).normal(size=24),
        }
    )
    plain = detect(frame)
    if kind == "nullable":
        other = frame.assign(
            measure=frame["measure"].astype("Int64"), value=frame["value"].astype("Float64")
        )
        other.loc[3, "value"] = pd.NA
        plain = detect(frame.assign(value=frame["value"].where(frame.index != 3)))
    else:
        other = frame.assign(team=frame["team"].astype(kind))
    judged = detect(other)
    added = [name for name in plain.columns if name not in frame.columns]
    pd.testing.assert_frame_equal(judged[added], plain[added])


def test_an_empty_key_is_a_series_of_its_own():
    frame = pd.DataFrame({"team": ["A", None] * 8, "period": np.repeat(range(8), 2)})
    frame["value"] = np.where(frame["team"].isna(), 100.0, frame["period"])
    judged = detect(frame, by="team")
    assert judged.loc[frame["team"].isna(), "centre"].eq(100).all()
    assert judged.loc[frame["team"].notna(), "centre"].eq(3.5).all()


@pytest.mark.parametrize(
    "periods",
    [
        [f"2024-{month:02}" for month in range(1, 13)],
        pd.period_range("2024-01", periods=12, freq="M"),
        pd.Categorical([f"2024-{month:02}" for month in range(1, 13)], ordered=True),
        pd.Categorical([f"2024-{month:02}" for month in range(1, 13)]),
        pd.array(range(12), dtype="Int64"),
        [pd.Timestamp(2024, month, 1).date() for month in range(1, 13)],
        np.arange(12) / 4,
    ],
    ids=["text", "period", "ordered", "category", "nullable", "date", "float"],
)
def test_periods_of_any_kind_that_has_an_order(periods):
    values = np.random.default_rng(6).normal(size=12)
    frame = pd.DataFrame({"period": periods, "value": values})
    plain = detect(frame.assign(period=range(12)), by=(), baseline=8)
    for rows in (range(12), range(11, -1, -1), [3, 1, 0, 2, *range(11, 3, -1)]):
        judged = detect(frame.iloc[list(rows)], by=(), baseline=8).sort_index()
        pd.testing.assert_frame_equal(judged.iloc[:, 1:], plain.iloc[:, 1:])


@pytest.mark.parametrize("dtype", [object, "int16", "float32", "Int64", "Float64", bool])
def test_values_of_any_kind_that_is_a_number(dtype):
    values = np.array([0, 1, 1, 0, 1, 0, 0, 1])
    frame = pd.DataFrame({"period": range(8), "value": values})
    plain = detect(frame.astype({"value": float}), by=())
    judged = detect(frame.astype({"value": dtype}), by=())
    pd.testing.assert_frame_equal(judged.iloc[:, 2:], plain.iloc[:, 2:])
    assert judged["value"].dtype == dtype


def test_rows_of_one_name_are_told_apart():
    frame = pd.DataFrame({"period": range(8), "value": np.arange(8.0)})
    named = frame.set_axis(["row"] * 8)
    judged = detect(named.sample(frac=1, random_state=3), by=())
    assert judged["moving_range"].sort_values().tolist()[:7] == [1.0] * 7
    assert judged["outside_limits"].to_numpy()[judged["period"].argmax()]


@settings(deadline=None, max_examples=150)
@given(
    values=st.lists(
        st.one_of(
            st.floats(allow_nan=True, allow_infinity=True),
            st.integers(-(10**18), 10**18),
            st.sampled_from([5e-324, -5e-324, 1e300, -1e300, 0.0, None, pd.NA]),
        ),
        max_size=25,
    ),
    rules=st.sampled_from(NAMES),
    ranges=st.sampled_from(["mean", "median"]),
)
def test_anything_gives_a_result_or_one_clear_line(values, rules, ranges):
    frame = pd.DataFrame({"period": range(len(values)), "value": pd.Series(values, dtype=object)})
    before = frame.copy(deep=True)
    told = ""
    try:
        judged = detect(frame, by=(), rules=rule_set(rules, ranges=ranges))
    except KpiError as fault:
        told = str(fault)
    if told:
        assert "infinite or too large" in told
        assert "\n" not in told
    else:
        assert judged.index.equals(frame.index)
        missing = frame["value"].isna().to_numpy()
        assert not judged["signal"].to_numpy()[missing].any()
    pd.testing.assert_frame_equal(frame, before)


def test_importing_the_station_loads_numpy_and_pandas_only():
    code = (
        "import sys, kpi_analysis.signals.detect, kpi_analysis.signals.trust, "
        "kpi_analysis.signals.proposals, kpi_analysis.signals.false_signals; "
        "print([name for name in ('scipy', 'matplotlib', 'pydantic', 'yaml', 'seaborn') "
        "if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
