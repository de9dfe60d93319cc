"""The rules that the figures decide: each fires on what it is about, and on nothing calm."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.findings import findings_of

CALM = [10, 12, 9, 13, 11, 10.5, 12.5, 9.5] * 3


def rules(make):
    found = findings_of(kpi.open(make.root))
    return {one.rule: one for one in found if one.rule[0] in "DP" and one.measure != "other"}


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
