"""Near-duplicates: other words for the same are found, other things in like words are not."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.review.bank.twins import says_period, subject, twins

ROOT = Path(__file__).resolve().parents[3]


def rows(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BANK = [row["name"] for row in rows("data/bank.csv")]


def same(one, other):
    """Whether two names are twins among the others of a bank, which say which words are rare."""
    names = [one, other, *(name for name in BANK if name not in (one, other))]
    return twins(names, range(len(names)))[1] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Number of complaints, by month", "Complaints"),
        ("Bed occupancy rate", "% of beds occupied"),
        ("Sickness absence of staff", "Employees' absence through illness"),
        ("Parcels delivered on time", "On-time delivery of parcels"),
        ("Falls per 1,000 bed days", "Number of falls per 1000 bed days, monthly"),
        ("Supplier invoices paid late", "Late payment of invoices of vendors"),
        ("Customer e-mails answered", "Answered emails of clients"),
    ],
)
def test_other_words_for_the_same_are_twins(one, other):
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Patients seen within 4 hours", "Patients seen within 12 hours"),
        ("Calls answered", "Calls unanswered"),
        ("Guests satisfied with check-in", "Guests dissatisfied with check-in"),
        ("Orders delivered", "Orders not delivered"),
        ("Bins collected", "Missed bins"),
        ("Inbound freight cost", "Outbound freight cost"),
        ("Trains early at the terminus", "Trains late at the terminus"),
        ("Number of contacts", "Number of contracts"),
        ("Complaints received", "Complaints upheld on appeal"),
        ("Median days to repair", "Number of repairs"),
        ("Cost per repair", "Number of repairs"),
        ("Readmission within 30 days", "Invoices paid within 30 days"),
    ],
)
def test_other_things_in_like_words_are_not(one, other):
    assert not same(one, other)
    assert not same(other, one)


def test_the_known_duplicates_of_the_bank_are_found_and_no_others():
    names, known = BANK, {row["name"]: row["twin_of"] for row in rows("data/bank.csv")}
    found = twins(names, range(len(names)))
    pairs = {frozenset((names[n], names[at])) for n, at in enumerate(found) if at is not None}
    assert pairs == {frozenset(pair) for pair in known.items() if pair[1]}
    assert len(pairs) == 11


def test_no_two_of_160_names_written_as_different_are_called_the_same():
    wordings = [r for r in rows("tests/definitions/wordings.csv") if r["half"] == "seen"]
    names = [r["text"] for r in wordings if r["applies_to"] == "name"]
    assert len(names) > 150
    assert not any(at is not None for at in twins(names, range(len(names))))


def test_the_best_wording_stands_for_those_like_it():
    names = ["Turnover of employees", "Staff turnover rate, by quarter", "Staff turnover"]
    assert twins(names, [1, 0, 2]) == [1, None, 1]


def test_a_name_of_small_words_only_is_about_itself():
    assert subject("Total index").stems == {"total index"}
    assert twins(["Total index", "Average score"], [0, 1]) == [None, None]


@pytest.mark.parametrize("name", ["Calls, by week", "Weekly calls", "Falls per month", "Cost YTD"])
def test_a_period_in_a_name_is_seen(name):
    assert says_period(name)
    assert not says_period("Days lost to sickness")


WORDS = st.sampled_from([w for name in BANK for w in name.replace(",", "").split()])


@settings(deadline=None, max_examples=60)  # no timed assertion
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), max_size=25))
def test_a_leader_stands_for_itself_and_equal_names_are_always_twins(names):
    found = twins(names, range(len(names)))
    assert all(found[at] is None for at in found if at is not None)
    for n, name in enumerate(names):
        if name in names[:n]:
            assert found[n] is not None
    cased = twins([name.upper() for name in names], range(len(names)))
    assert cased == found
