"""What is owed, in words: who, within how many days, and to whom it goes when it is late."""

from datetime import date

import pytest

import kpi_analysis as kpi
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.review.pack_wording import demand_words
from kpi_analysis.review.wording import owed_words

CALM = [10, 12, 9, 13] * 6
RULE = {"who": "desk lead", "within_days": 10, "first_step": "look at last week"}


@pytest.mark.parametrize(
    ("today", "escalate_to", "words"),
    [
        (date(2025, 2, 10), "director", "Owed by desk lead within 10 days: look at last week"),
        (
            date(2025, 2, 11),
            "director",
            "Owed by desk lead within 10 days, for 11 days now: look at last week; then: director",
        ),
        (
            date(2025, 2, 11),
            "",
            "Owed by desk lead within 10 days, for 11 days now: look at last week",
        ),
    ],
)
def test_a_late_response_says_to_whom_it_goes_next(make, today, escalate_to, words):
    make.measure([*CALM, 30], response=RULE, escalate_to=escalate_to)
    assert owed_words(make.one("2025-01"), today) == words  # the signal showed on 31 January


@pytest.mark.parametrize(
    ("signals", "opened", "lines"),
    [
        (1, "", []),
        (2, "", ["The signal of January 2025: no response recorded",
                 "The signal of March 2025: no response recorded"]),
        (5, "", ["The signal of January 2025 and 4 later ones: no response recorded"]),
        (6, "2025-04-02", ["The signal of January 2025: Second run",
                           "The signal of March 2025: Second run",
                           "The signal of May 2025: no response recorded",
                           "The signal of July 2025: no response recorded",
                           "The signal of September 2025: no response recorded",
                           "The signal of November 2025: no response recorded"]),
    ],
)  # fmt: skip
def test_many_signals_with_the_same_answer_share_a_line(make, signals, opened, lines):
    make.measure([*CALM, *[30, 11] * signals])
    row = f"alpha,late,{opened},Second run" if opened else ""
    make.log("actions", f"team,measure,opened,countermeasure\n{row}\n")
    assert demand_words(make.one()) == lines


@pytest.mark.parametrize("reward", [True, False])
def test_a_target_that_is_tied_to_reward_says_so_on_the_measures_page(make, reward):
    make.measure(CALM, target={"value": 12, "reward_link": reward})
    workspace = kpi.open(make.root)
    page = TeamPack(workspace, make.review("2024-12"), None, "").details.markup
    assert ("(tied to reward)" in page) is reward
