"""A limit change tried out: the same as if it were recorded, and nothing is written."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.compare import Comparison
from kpi_analysis.review.what_if import Change, try_limits

LOW = [5.1, 4.2, 6.3, 5.4, 4.5, 6.6, 5.7, 4.8, 6.1, 5.2, 4.4, 5.9]
VALUES = [*LOW, *(value + 9 for value in LOW)]
CHANGE = Change("2024-01", "a second depot", "depot manager", "2024-05-02", "yes", "yes")


def test_it_is_judged_as_if_it_were_recorded(make):
    before = make.measure(VALUES).one()
    trial = try_limits(kpi.open(make.root), before, CHANGE)
    assert not (make.root / "limit_changes.csv").exists()
    header = "team,measure,from,reason,known,expected_to_last,by,on"
    row = "alpha,late,2024-01,a second depot,yes,yes,depot manager,2024-05-02"
    recorded = make.log("limit_changes", f"{header}\n{row}\n").one()
    assert trial.after.limits == recorded.limits
    assert trial.after.verdict == recorded.verdict
    assert trial.before.verdict.red
    assert not trial.after.verdict.red


def test_the_words_say_before_after_and_what_it_rests_on(make):
    before = make.measure(VALUES).one()
    now, then, rest = try_limits(kpi.open(make.root), before, CHANGE).words
    assert now.startswith("Now: Getting worse")
    assert then.startswith("With new limits from January 2024: Steady")
    assert rest == "They would rest on 12 values."


def test_the_four_questions_are_asked_for_where_unanswered(make):
    before = make.measure(VALUES).one()
    trial = try_limits(kpi.open(make.root), before, Change("2024-01", "depot", "manager"))
    assert "answer known and expected_to_last" in trial.words[-1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("2024-01", " ", "x"), "reason is empty: say why the old limits no longer"),
        (Change("2024-01", "x", ""), "by is empty: say who answers for the change, by role"),
        (Change("2024-01", "x", "y", known="perhaps"), "known is 'perhaps': write yes or no"),
        (Change("2026-01", "x", "y"), "from is 2026-01: new limits can begin in February 2023 to"),
        (Change("2023-01", "x", "y"), "from is 2023-01: new limits can begin in February 2023 to"),
        (Change("May", "x", "y"), "'May' is not a period"),
    ],
)
def test_a_form_half_filled_is_told(make, change, words):
    before = make.measure(VALUES).one()
    with pytest.raises(kpi.KpiError, match=words):
        try_limits(kpi.open(make.root), before, change)


def compared(make, *rules):
    return Comparison(tuple(make.one(rules=name) for name in rules))


def test_rule_sets_differ_where_their_lengths_do(make):
    """Seven above average: a run for Making Data Count (7), none for Wheeler (8) and Nelson (9)."""
    seven = [5.6, 5.7, 5.5, 5.8, 5.6, 5.7, 5.5]
    make.measure([5.1, 4.0, 6.0, 4.3, 5.9, 4.2, 6.1, 4.4, 5.8, 4.1, 5.1, 4.9, *seven])
    found = compared(make, "wheeler", "mdc", "nelson")
    assert found.differences["mdc"].tolist() == ["long_run"] * 7
    assert set(found.differences["wheeler"]) == {""}
    assert found.words[0] == "All mark 0 points alike. They differ on 7 points:"
    assert found.words[1].startswith("mdc marks 7 of these: 7 months")
    assert found.words[-1] == "None of these: wheeler, nelson."
    assert found.summary["marked"].tolist() == [0, 7, 0]


def test_rule_sets_that_agree_say_so(make):
    make.measure(VALUES)
    found = compared(make, "wheeler", "pump")
    assert found.differences.empty
    assert found.words[0].endswith("They do not differ.")
