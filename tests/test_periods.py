from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import KpiError
from kpi_analysis.periods import Frequency, Order, Period

DAYS = st.dates(date(1701, 1, 1), date(2198, 12, 31))
PERIODS = st.builds(Period.containing, DAYS, st.sampled_from(Frequency))


@pytest.mark.parametrize(
    ("text", "frequency", "start", "end"),
    [
        ("2025-03", "month", "2025-03-01", "2025-03-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2025-Q1", "quarter", "2025-01-01", "2025-03-31"),
        ("2025-q4", "quarter", "2025-10-01", "2025-12-31"),
        ("2025-W09", "week", "2025-02-24", "2025-03-02"),
        ("2025-W01", "week", "2024-12-30", "2025-01-05"),
        ("2020-W53", "week", "2020-12-28", "2021-01-03"),
        ("2025-03-14", "day", "2025-03-14", "2025-03-14"),
        (" 2025-03-01 00:00:00", "day", "2025-03-01", "2025-03-01"),
    ],
)
def test_a_period_is_read_from_its_text(text, frequency, start, end):
    period = Period.parse(text)
    assert (period.frequency, period.start.isoformat(), period.end.isoformat()) == (
        frequency,
        start,
        end,
    )


@pytest.mark.parametrize(
    ("text", "frequency", "canonical"),
    [
        ("2025-03-01", Frequency.MONTH, "2025-03"),
        ("2025-04-01", Frequency.QUARTER, "2025-Q2"),
        ("2025-02-24", Frequency.WEEK, "2025-W09"),
        ("2025-03-01T00:00:00.000", Frequency.MONTH, "2025-03"),
        ("2025-03-14", Frequency.DAY, "2025-03-14"),
    ],
)
def test_a_first_day_names_the_unit_it_starts(text, frequency, canonical):
    assert str(Period.parse(text, frequency)) == canonical


@pytest.mark.parametrize(
    ("text", "frequency", "words"),
    [
        ("2025-03-14", "month", "not the first day of a month: write the month as 2025-03"),
        ("2025-03-01", "week", "not the first day of a week: write the week as 2025-W09"),
        ("2025-Q1", "month", "is a quarter, but the measure has one value a month"),
        ("2025-03", "day", "is a month, but the measure has one value a day"),
        ("2025-W54", None, "there is no period '2025-W54' in the calendar"),
        ("2025-W53", None, "there is no period '2025-W53' in the calendar"),
        ("2025-02-30", None, "there is no period '2025-02-30' in the calendar"),
        ("2025-13", None, "there is no period '2025-13' in the calendar"),
        ("0025-03", None, "the year must lie in 1700 to 2199"),
        ("March 2025", None, "'March 2025' is not a period: write it as 2025-03-14 (day)"),
        ("14/03/2025", None, "'14/03/2025' is not a period"),
        ("2025-03-01 09:30", None, "is not a period"),
        ("٢٠٢٥-03", None, "is not a period"),
        ("", None, "'' is not a period"),
    ],
)
def test_what_is_no_period_is_refused_in_words(text, frequency, words):
    with pytest.raises(KpiError) as caught:
        Period.parse(text, Frequency(frequency) if frequency else None)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "label", "short", "tick", "group"),
    [
        ("2019-03", "March 2019", "Mar 2019", "Mar", "2019"),
        ("2025-W09", "week 9, 2025 (from 24 Feb)", "W09 2025", "W09", "2025"),
        ("2025-W01", "week 1, 2025 (from 30 Dec 2024)", "W01 2025", "W01", "2025"),
        ("2025-03-14", "14 March 2025", "14 Mar 2025", "14", "Mar 2025"),
        ("2025-Q1", "Q1 2025", "Q1 2025", "Q1", "2025"),
    ],
)
def test_words_for_people_and_for_axes(text, label, short, tick, group):
    period = Period.parse(text)
    assert (period.label, period.short, period.tick, period.tick_group) == (
        label,
        short,
        tick,
        group,
    )


def test_a_period_starts_on_its_first_day_only():
    with pytest.raises(ValueError, match="2025-03-14 is not the first day of a month"):
        Period(Frequency.MONTH, date(2025, 3, 14))
    with pytest.raises(ValueError, match="a month and a week span nothing"):
        Period.span(Period.parse("2025-03"), Period.parse("2025-W09"))


@settings(deadline=None)  # the machine may be busy
@given(PERIODS)
def test_text_and_period_are_one(period):
    assert Period.parse(str(period)) == period
    assert Period.parse(period.start.isoformat(), period.frequency) == period


@settings(deadline=None)  # the machine may be busy
@given(DAYS, st.sampled_from(Frequency))
def test_every_day_lies_in_one_period_and_periods_touch(day, frequency):
    period = Period.containing(day, frequency)
    assert period.start <= day <= period.end
    assert Period.containing(period.end + timedelta(days=1), frequency) == period.next()
    assert Period.containing(period.start - timedelta(days=1), frequency) == period.previous()


@settings(deadline=None)  # the machine may be busy
@given(PERIODS, st.integers(-2000, 2000))
def test_shifts_keep_order_and_come_back(period, n):
    if not 1 <= (period.start + timedelta(days=n * 92)).year <= 9000:
        return
    moved = period.shift(n)
    assert moved.shift(-n) == period
    assert moved.ordinal - period.ordinal == n
    assert (moved > period) == (n > 0)


@settings(deadline=None)  # the machine may be busy
@given(PERIODS, st.integers(0, 60))
def test_a_span_holds_both_ends_and_every_neighbour(period, n):
    span = Period.span(period, period.next(n))
    assert len(span) == n + 1
    assert span == sorted(span)
    assert all(a.next() == b for a, b in pairwise(span))
    assert Period.span(period.next(), period) == []


def test_values_without_dates_are_counted():
    seventh = Period.parse(" 7", Order.VALUE)
    assert (seventh.label, seventh.short) == ("value 7", "value 7")
    assert Period.parse(str(seventh), Order.VALUE) == seventh
    assert (seventh.tick, seventh.tick_group, seventh.ordinal) == ("7", "", 7)
    assert [one.tick for one in Period.span(seventh.previous(2), seventh.next())] == list("5678")
    tenth = seventh.next(3)
    assert str(seventh) < str(tenth)
    assert seventh.end == seventh.start
    assert Period.containing(seventh.start, Order.VALUE) == seventh


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "2025-03", "1234567"])
def test_a_place_is_a_whole_number(text):
    with pytest.raises(KpiError, match="not the place of a value: write a whole number from 1 on"):
        Period.parse(text, Order.VALUE)


def test_a_number_alone_is_no_period():
    with pytest.raises(KpiError, match="'7' is not a period"):
        Period.parse("7")
