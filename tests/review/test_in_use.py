"""Was a measure of use: the newest day written of it, and what could be retired, with why."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.in_use import candidates, last_used_words, no_candidates_words

WAVE = [10, 12, 9, 13] * 6
BOARDS = "".join(f"2025-{month:02}-05,alpha,board\n" for month in range(1, 7))


def said(make):
    (one,) = make.review("2024-12").measures
    return last_used_words(one, kpi.open(make.root))


@pytest.mark.parametrize(
    ("log", "text", "words"),
    [
        ("actions", "measure,team,opened\nlate,alpha,2024-03-09\n", "9 March 2024, action"),
        ("events", "date,team,measure,what\n2024-03-09,,late,Snow\n", "9 March 2024, event"),
        (
            "reactions",
            "date,team,measure,reflects_our_work\n2024-03-01,alpha,late,yes\n"
            "2024-03-09,alpha,late,no\n2024-03-20,beta,late,no\n2024-04-01,alpha,other,no\n",
            "9 March 2024, reaction",
        ),
        (
            "reviews",
            "date,team,kind,measure\n2024-03-09,alpha,board,late\n",
            "9 March 2024, review",
        ),
        ("reviews", "date,team,kind\n2024-03-09,alpha,board\n", "nothing written down"),
        ("events", "date,team,measure,what\n2024-03-09,alpha,,Snow\n", "nothing written down"),
    ],
)
def test_last_used_is_the_newest_day_written_of_this_teams_measure(make, log, text, words):
    make.measure(WAVE).measure(WAVE, id="late", team="beta")
    make.log(log, text)
    assert said(make) == words


def test_without_any_log_it_is_not_recorded(make):
    assert said(make.measure(WAVE)) == "not recorded"


def found(make):
    return candidates(make.review("2025-06"), kpi.open(make.root))


def test_six_boards_without_a_word_make_a_candidate(make):
    make.measure([*WAVE, *WAVE[:6]]).log("reviews", "date,team,kind\n" + BOARDS)
    (one,) = found(make)
    assert one.name == "Percentage of late parcels, by month"
    assert one.why == "nobody wrote of it in 6 meetings of the board, since 5 January 2025"
    make.log("events", "date,team,measure,what\n2025-01-05,alpha,late,Snow\n")
    assert found(make) == ()


def test_five_boards_are_too_few_to_say(make):
    make.measure([*WAVE, *WAVE[:6]])
    make.log("reviews", "date,team,kind\n" + BOARDS.partition("\n")[2])
    assert found(make) == ()


def test_a_written_reason_goes_with_the_candidate(make):
    make.measure([*WAVE, *WAVE[:6]], silence={"P02": "the regulator asks for it"})
    make.log("reviews", "date,team,kind\n" + BOARDS)
    (one,) = found(make)
    assert one.kept_because == "the regulator asks for it"


def test_two_measures_that_move_together_are_told_with_the_others_name(make):
    """Twice a series has the same ranks of changes: the correlation is 1 by definition."""
    values = [3, 9, 4, 1, 7, 5, 8, 2, 6, 9, 1, 5, 3, 8, 4, 7, 2, 6, 1, 9, 5, 3, 7, 4]
    make.measure(values).measure([2 * one for one in values], id="slow")
    (one,) = candidates(make.review("2024-12"), kpi.open(make.root))
    assert one.why == (
        "it moves with “Percentage of slow parcels, by month” (rank correlation 1.00): one could do"
    )


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (None, "none known: without reviews.csv it is not recorded when the board met"),
        (
            BOARDS.partition("\n")[0],
            "none yet: the board met 1 of the 6 times from which an unused measure is named",
        ),
        (BOARDS, "none"),
    ],
)
def test_no_candidate_is_not_said_where_nothing_could_have_been_found(make, log, words):
    make.measure(WAVE)
    if log:
        make.log("reviews", "date,team,kind\n" + log)
    assert no_candidates_words(make.review("2024-12"), kpi.open(make.root)) == words
