"""Polls in words: the design's own examples, the census, and nothing below five votes."""

import pytest

from kpi_analysis.errors import KpiError
from kpi_analysis.records.polls import Ballot, published_polls
from kpi_analysis.review.polls import Told, before_voting, is_census, read_polls, sum_of

DAY = "2025-03-14"


def read(poll, votes, asked):
    readings = read_polls([Ballot(DAY, "ward 4", poll, votes, asked)])
    return next(one for one in readings if one.poll.name == poll)


@pytest.mark.parametrize(
    ("poll", "votes", "told", "words"),
    [
        ("weakness", (6, 3, 2, 1), Told.CANNOT_TELL, "cannot tell (+19 points, −8 to +45)"),
        ("threat", (2, 4, 3, 3), Told.LOWER, "lower (−40 points, −56 to −10)"),
        ("weakness", (24, 6, 5, 5), Told.HIGHER, "higher (+29 points, +10 to +46)"),
    ],
)
def test_examples_of_the_design(poll, votes, told, words):
    own = read(poll, votes, 100).options[0].own
    assert (own.told, own.words) == (told, words)


def test_the_more_is_compared_the_more_a_difference_must_show():
    threat = Ballot(DAY, "ward 4", "threat", (2, 4, 3, 3), 100)
    others = [Ballot(DAY, "ward 4", one, (5, 4, 2, 1), 100) for one in ("strength", "weakness")]
    own = read_polls([threat, *others])[3].options[0].own
    assert own.told is Told.CANNOT_TELL  # Fisher's p of about 0.012, times 12
    assert own.words == "cannot tell (one of 12 compared, −40 points, −56 to −10)"


def test_below_five_votes_nothing_is_shown():
    found = read("weakness", (3, 1, 0, 0), 4)
    assert [one.own for one in found.options] == [None] * 4
    assert found.sentence == "Fewer than 5 voted: not shown, so that nobody's vote can be guessed."
    assert read("weakness", (3, 1, 1, 0), 5).options[0].own.votes == 3


def test_votes_that_are_not_shown_do_not_count_among_those_compared():
    few = Ballot(DAY, "ward 4", "strength", (1, 1, 1, 1), 30)
    enough = Ballot(DAY, "ward 4", "threat", (2, 4, 3, 3), 30)
    assert read_polls([few, enough])[3].options[0].own.compared == 4


def test_a_census_has_counts_and_no_interval():
    found = read("weakness", (6, 3, 2, 1), 12)
    assert (
        found.sentence == "All 12 of 12 voted: the counts are what we think, without an interval."
    )
    assert found.options[0].own.interval is None
    nearly = read("weakness", (7, 3, 2, 1), 14)
    assert nearly.sentence.startswith("Nearly all, 13 of 14 voted: the counts are what we think")
    sample = read("weakness", (6, 3, 2, 1), 14)
    assert sample.options[0].own.interval.holds(0.5)
    assert (
        sample.sentence
        == "12 of 14 voted: what the others think is not known, and they may differ."
    )
    assert (is_census(9, 10), is_census(8, 10), is_census(0, 0)) == (True, False, False)


def test_order_of_the_published_shares():
    strength, weakness, opportunity, threat = (one.order for one in read_polls())
    assert (
        strength[0] == "S1 and S2 cannot be told apart: 5 points, ±9 with 300 votes, ±19 with 75."
    )
    assert strength[1].startswith("S2 and S3 can be told apart with 300 votes only: 14 points, ±8")
    assert weakness[0] == (
        "Not different from four equal shares (p 0.08 with 300 votes, 0.64 with 75)."
    )
    assert all("cannot be told apart" in one for one in weakness[1:])
    assert opportunity[0].startswith("O1 and O2 can be told apart: 21 points, ±9")
    assert threat[0].startswith("T1 and T2 can be told apart: 41 points, ±8")
    assert all("cannot be told apart" in one for one in threat[1:])


def test_nearly_seventy_has_an_interval():
    total, most, least = sum_of(published_polls().polls[0].options[:2])
    assert total == 69
    assert [round(100 * edge) for edge in (*most, *least)] == [64, 74, 58, 78]


@pytest.mark.parametrize(
    ("size", "words"),
    [(8, "0, 1 or 8 "), (12, "0 to 3, 11 or 12 "), (20, "0 to 6 or 17 to 20 "),
     (40, "0 to 15 or 30 to 40 ")],
)  # fmt: skip
def test_what_a_vote_can_tell_is_said_before(size, words):
    assert before_voting(size).startswith(f"With {size} votes only {words}for T1 would differ")
    assert ("this can only start a talk" in before_voting(size)) == (size < 20)


def test_a_vote_of_four_is_not_worth_holding():
    assert before_voting(4) == "Fewer than 5 votes are not shown: talk instead of voting."


def test_two_ballots_of_one_poll_are_refused():
    one = Ballot(DAY, "ward 4", "threat", (2, 4, 3, 3), 12)
    with pytest.raises(KpiError, match="several ballots: choose one team and one day"):
        read_polls([one, one])
