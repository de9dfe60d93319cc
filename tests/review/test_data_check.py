"""The rules that the figures decide: each fires on what it is about, and on nothing calm."""

import numpy as np
import pytest

import kpi_analysis as kpi
from kpi_analysis.review.findings import findings_of
from kpi_analysis.review.notch import beside_target, own_values

CALM = [10, 12, 9, 13, 11, 10.5, 12.5, 9.5] * 3


def rules(make):
    found = findings_of(kpi.open(make.root))
    of_figures = (one for one in found if one.rule[0] in "DP" or one.rule == "C04")
    return {one.rule: one for one in of_figures if one.measure != "other"}


def test_a_calm_series_asks_nothing(make):
    make.measure([11, 9, 12.5, 10, 13, 9.5, 12, 10.5, 8.9, 13.2, 11.4, 9.9, 10.1, 12.2, 11.8])
    assert rules(make) == {}


@pytest.mark.parametrize("n", [4, 9])
def test_few_values(make, n):
    found = rules(make.measure(CALM[:n]))["D02"]
    assert f"{n} of" in found.message
    assert (found.level, found.team, found.file) == ("warning", "alpha", "measures/late.yml")


def test_too_few_distinct_values(make):
    assert "D04" in rules(make.measure([0, 0, 1, 0, 0, 1, 0, 2, 0, 0, 1, 0]))


@pytest.mark.parametrize(
    ("cases", "discloses", "asked"),
    [(3, 10, True), (3, 0, True), (12, 0, False), (12, 20, True), (40, 10, False)],
)
def test_a_share_of_few_cases(make, cases, discloses, asked):
    """67 % of 3 reviews; or of more, where the workspace discloses from more on."""
    make.measure(
        CALM, calculation={"statistic": "percentage", "numerator": "a", "denominator": "b"}
    )
    (make.root / "kpi.yml").write_text(f"name: Few\ndiscloses_from: {discloses}\n")
    rows = [f"alpha,late,2023-{n:02},{20 + 3 * n % 7},50\n" for n in range(1, 13)]
    rows += [f"alpha,late,2024-{n:02},{20 + 2 * n % 9},50\n" for n in range(1, 12)]
    rows += [f"alpha,late,2024-12,2,{cases}\n"]
    header = "team,measure,period,numerator,denominator\n"
    (make.root / "values" / "alpha-late.csv").write_text(header + "".join(rows))
    assert ("D03" in rules(make)) is asked


def test_a_season_nobody_stated_is_a_question(make):
    year = [10, 12, 15, 19, 22, 24, 23, 21, 17, 14, 11, 10]
    values = [value + 0.3 * (n % 5) for n, value in enumerate(year * 3)]
    assert rules(make.measure(values))["D08"].level == "question"
    stated = make.measure(values, season="calendar month")
    assert "D08" not in rules(stated)


def test_a_published_value_that_changed_without_a_note(make):
    make.measure(CALM)
    make.log("published", "run,team,measure,period,value\n2024-12,alpha,late,2024-11,9.1\n")
    assert "2024-11" in rules(make)["D05"].message
    note = "2024-12-20,alpha,late,restatement of 2024-11: late returns"
    make.log("events", f"date,team,measure,what\n{note}\n")
    assert "D05" not in rules(make)


def test_a_change_within_the_tolerance_is_none(make):
    data = {"collected_by": "depot system", "restatement_tolerance": 1}
    make.measure(CALM, data=data)
    make.log("published", "run,team,measure,period,value\n2024-12,alpha,late,2024-11,12.1\n")
    assert "D05" not in rules(make)


@pytest.mark.parametrize(("shorter", "is_late"), [(1, False), (4, True)])
def test_late(make, shorter, is_late):
    make.measure(CALM, id="other").measure(CALM[:-shorter])
    assert ("D07" in rules(make)) is is_late


def test_two_measures_that_say_the_same(make):
    make.measure([20 - value for value in CALM], id="other").measure(CALM)
    assert rules(make)["P04"].message.startswith("'late', team 'alpha': moves with 'other'")


def test_a_rule_can_be_set_aside_with_a_reason(make):
    make.measure(CALM[:4], silence={"D02": "a new measure"})
    assert rules(make)["D02"].silenced == "a new measure"


def test_a_measure_of_which_nobody_wrote_in_six_reviews(make):
    make.measure(CALM)
    lines = [f"2024-{month:02}-01,alpha,board\n" for month in range(6, 12)]
    make.log("reviews", "date,team,kind\n" + "".join(lines))
    assert "P02" in rules(make)
    make.log("actions", "measure,opened,team\nlate,2024-07-01,alpha\n")
    assert "P02" not in rules(make)


def test_all_good_for_six_reviews(make):
    make.measure(CALM, id="other").measure([value + n % 3 for n, value in enumerate(CALM)])
    assert rules(make)["P03"].level == "question"
    make.measure([*CALM[:-1], 30])
    assert "P03" not in rules(make)


def raw(make, waits, **fields):
    """A mean of raw waits, a case a day from 2023 on."""
    make.measure(CALM, calculation={"statistic": "mean"}, unit="days",
                 data={"records": "waits", "columns": {"period": "day", "value": "wait"}},
                 **fields)  # fmt: skip
    days = np.datetime64("2023-01-01") + np.arange(len(waits))
    rows = "".join(f"{day},{wait}\n" for day, wait in zip(days, waits, strict=True))
    (make.root / "raw").mkdir(exist_ok=True)
    (make.root / "raw" / "waits.csv").write_text("day,wait\n" + rows)
    (make.root / "values" / "alpha-late.csv").unlink()
    return make


def test_a_mean_that_few_long_cases_drive(make):
    found = rules(raw(make, [3, 2, 3, 4, 3, 39] * 100))["C04"]
    assert found.message == (
        "'late', team 'all': the mean of its 600 records is 9.0\u00a0days, their median 3.0:"
        " few cases drive the mean"
    )
    assert (found.level, found.field) == ("warning", "calculation")
    text = (make.root / "measures" / "late.yml").read_text().splitlines()
    assert text[found.line - 1].startswith("calculation")
    assert "median" in found.better


@pytest.mark.parametrize(
    "waits",
    [[3, 2, 3, 4, 3, 12] * 100, [3, 2, 3, 4, 3, 39] * 4, [0, 0, 0, 0, 9] * 100],
    ids=["mean exactly 1.5 times the median", "24 cases only", "a median of 0 has no ratio"],
)
def test_a_mean_that_they_do_not_drive_or_that_cannot_be_told(make, waits):
    assert "C04" not in rules(raw(make, waits))


def test_a_median_of_skewed_records_is_as_it_should_be(make):
    raw(make, [3, 2, 3, 4, 3, 39] * 100)
    text = (make.root / "measures" / "late.yml").read_text()
    (make.root / "measures" / "late.yml").write_text(text.replace("mean", "median"))
    assert "C04" not in rules(make)


TARGET = {"value": 95, "applies_to": "each value", "source": "agreed", "from": "2015-01"}


def lifted(make, share, teams=("alpha", "beta", "gamma", "delta"), **fields):
    """Teams whose values just short of 95 were, in part, written down as 95 and a little."""
    random = np.random.default_rng(4)
    for team in teams:
        values = random.normal(94, 4, 100)
        short = (values >= 93) & (values < 95) & (random.random(100) < share)
        values = np.where(short, 95 + (values - 93) / 4, values)
        make.measure(values.round(2).tolist(), team=team, start="2015-01", better="higher",
                     target=TARGET, **fields)  # fmt: skip
    return make


def test_a_heap_at_the_target_is_a_question_with_innocent_explanations(make):
    everything = findings_of(kpi.open(lifted(make, 0.8).root))
    (found,) = (one for one in everything if one.rule == "D06")  # once, not once a team
    assert found.level == "question"
    assert found.message.startswith("'late', 4 teams together: beside the target: ")
    assert found.team is None
    assert "just on the good side" in found.message
    assert "other thresholds show as much" in found.message
    for innocent in ("effort", "rounded", "chance", "not a verdict"):
        assert innocent in found.better
    said = f"{found.message} {found.better}".lower()
    assert not any(word in said for word in ("gam", "cheat", "manipul", "fraud", "suspicious"))


def test_smooth_values_raise_no_question_at_the_target(make):
    assert "D06" not in rules(lifted(make, 0))


def test_values_from_before_the_target_held_are_not_asked(make):
    text = {"target": {**TARGET, "from": "2022-06"}}
    lifted(make, 0.8)
    for file in (make.root / "measures").glob("*.yml"):
        file.write_text(file.read_text().replace("2015-01", text["target"]["from"]))
    assert "D06" not in rules(make)


def test_what_is_the_teams_own_is_never_pooled_with_others(make):
    lifted(make, 0.8, audience="team")  # a hundred values a team: too few beside the target
    teams = {one.team for one in findings_of(kpi.open(make.root)) if one.rule == "D06"}
    workspace = kpi.open(make.root)
    for team, review in kpi.review_teams(workspace).items():
        one = review.measures[0]
        alone = own_values(one)
        assert len(alone) == 100
        found = beside_target(one.measure, one.period.end, alone)
        assert (team in teams) is found.is_notable
