"""Periods of time: the day, ISO week, month or quarter that a value belongs to.

Written `2025-03-14`, `2025-W09`, `2025-03` and `2025-Q1`; read back from the same text. Weeks
are those of ISO 8601: they start on Monday, and week 1 holds the year's first Thursday.
Values without dates are numbered from 1; only who asks for it reads "7" as the seventh value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from kpi_analysis.errors import KpiError

# English on every machine: strftime would follow the locale.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FIRST_YEAR, _LAST_YEAR = 1700, 2199
_FORMS = re.compile(
    r"(?P<year>\d{4})-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>\d\d)"
    r"(?:-(?P<day>\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?)?)",  # exports write midnight behind a day
    re.ASCII | re.IGNORECASE,
)
_PLACE = re.compile(r"0*[1-9]\d{0,5}", re.ASCII)
_HOW_TO = "write it as 2025-03-14 (day), 2025-W09 (week), 2025-03 (month) or 2025-Q1 (quarter)"


class Frequency(StrEnum):
    """How often a measure has a value; the word is also the unit's name."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Order(StrEnum):
    """What a value has where no dates are known: its place, the first being 1."""

    VALUE = "value"


Unit = Frequency | Order


@dataclass(frozen=True, order=True)
class Period:
    """One day, week, month or quarter, named by its first day; ordered in time.

    Where values have no dates, a period is the place of one, and day n of the calendar
    stands for it.
    """

    frequency: Unit
    start: date

    def __post_init__(self) -> None:
        if self.start != _first_day(self.frequency, self.start):
            raise ValueError(f"{self.start} is not the first day of a {self.frequency}")

    @classmethod
    def parse(cls, text: str, frequency: Unit | None = None) -> Period:
        """Read `text`; a full date means a day, or the unit of `frequency` that it starts.

        Raises KpiError, with the cure in its words, for any other text or another frequency.
        """
        return _parse(text.strip(), frequency)

    @classmethod
    def containing(cls, day: date, frequency: Unit) -> Period:
        """Give the period of `frequency` in which `day` lies."""
        return cls(frequency, _first_day(frequency, day))

    @property
    def end(self) -> date:
        """The last day of the period."""
        return self.next().start - timedelta(days=1)

    @property
    def ordinal(self) -> int:
        """A running number: neighbours differ by 1."""
        day = self.start
        if self.frequency in (Frequency.DAY, Order.VALUE):
            return day.toordinal()
        if self.frequency is Frequency.WEEK:
            return (day.toordinal() - 1) // 7  # 0001-01-01, ordinal 1, was a Monday
        months = day.year * 12 + day.month - 1
        return months if self.frequency is Frequency.MONTH else months // 3

    def shift(self, n: int) -> Period:
        """Give the period `n` later; earlier where `n` is negative."""
        if self.frequency in (Frequency.DAY, Frequency.WEEK, Order.VALUE):
            days = 7 * n if self.frequency is Frequency.WEEK else n
            return Period(self.frequency, self.start + timedelta(days=days))
        step = 1 if self.frequency is Frequency.MONTH else 3
        year, month = divmod((self.ordinal + n) * step, 12)
        return Period(self.frequency, date(year, month + 1, 1))

    def next(self, n: int = 1) -> Period:
        """Give the period `n` later."""
        return self.shift(n)

    def previous(self, n: int = 1) -> Period:
        """Give the period `n` earlier."""
        return self.shift(-n)

    @staticmethod
    def span(first: Period, last: Period) -> list[Period]:
        """Give every period from `first` to `last`, both included; none if `last` is earlier."""
        if first.frequency is not last.frequency:
            raise ValueError(f"a {first.frequency} and a {last.frequency} span nothing")
        return [first.shift(n) for n in range(last.ordinal - first.ordinal + 1)]

    def __str__(self) -> str:
        """Give the text that `parse` reads back."""
        if self.frequency is Frequency.DAY:
            return self.start.isoformat()
        if self.frequency is Frequency.WEEK:
            return f"{self.tick_group}-{self.tick}"
        if self.frequency is Frequency.MONTH:
            return self.start.isoformat()[:7]
        if self.frequency is Order.VALUE:
            return f"{self.ordinal:06}"  # frames sort periods by their text
        return f"{self.start.year}-Q{self._quarter}"

    @property
    def _quarter(self) -> int:
        return (self.start.month + 2) // 3

    @property
    def label(self) -> str:
        """Give the name in a sentence: "March 2019", "week 9, 2025 (from 24 Feb)"."""
        day, month = self.start, MONTHS[self.start.month - 1]
        if self.frequency is Frequency.DAY:
            return f"{day.day} {month} {day.year}"
        if self.frequency is Frequency.WEEK:
            year, week, _ = day.isocalendar()
            other_year = "" if day.year == year else f" {day.year}"
            return f"week {week}, {year} (from {day.day} {month[:3]}{other_year})"
        if self.frequency is Frequency.MONTH:
            return f"{month} {day.year}"
        return self.short

    @property
    def short(self) -> str:
        """Give the name where room is short: "Mar 2019", "W09 2025", "value 7"."""
        if self.frequency is Order.VALUE:
            return f"value {self.ordinal}"
        return f"{self.tick} {self.tick_group}"

    @property
    def tick(self) -> str:
        """Give the word on a chart's axis: "Mar", "W09", "14", "Q1"; "7"."""
        if self.frequency is Order.VALUE:
            return str(self.ordinal)
        if self.frequency is Frequency.DAY:
            return str(self.start.day)
        if self.frequency is Frequency.WEEK:
            return f"W{self.start.isocalendar().week:02}"
        if self.frequency is Frequency.MONTH:
            return MONTHS[self.start.month - 1][:3]
        return f"Q{self._quarter}"

    @property
    def tick_group(self) -> str:
        """Give the word beneath a group of ticks: the (ISO) year, "Mar 2025" of days, or none."""
        if self.frequency is Order.VALUE:
            return ""
        if self.frequency is Frequency.DAY:
            return f"{MONTHS[self.start.month - 1][:3]} {self.start.year}"
        is_week = self.frequency is Frequency.WEEK
        return str(self.start.isocalendar().year if is_week else self.start.year)


def _first_day(frequency: Unit, day: date) -> date:
    if frequency in (Frequency.DAY, Order.VALUE):
        return day
    if frequency is Frequency.WEEK:
        return day - timedelta(days=day.weekday())
    month = day.month if frequency is Frequency.MONTH else (day.month - 1) // 3 * 3 + 1
    return date(day.year, month, 1)


@lru_cache(maxsize=8192)  # a table of values holds the same few periods many times
def _parse(text: str, frequency: Unit | None) -> Period:
    if frequency is Order.VALUE:
        return _numbered(text)
    written = _as_written(text)
    if frequency is None or written.frequency is frequency:
        return written
    fitting = Period.containing(written.start, frequency)
    if written.frequency is not Frequency.DAY:
        raise KpiError(
            f"period '{text}' is a {written.frequency}, but the measure has one value a"
            f" {frequency}: write a {frequency}, such as {fitting}"
        )
    if fitting.start != written.start:
        raise KpiError(
            f"period '{text}' is not the first day of a {frequency}: write the {frequency}"
            f" as {fitting}"
        )
    return fitting


def _numbered(text: str) -> Period:
    if not _PLACE.fullmatch(text):
        raise KpiError(f"'{text}' is not the place of a value: write a whole number from 1 on")
    return Period(Order.VALUE, date.fromordinal(int(text)))


def _as_written(text: str) -> Period:
    found = _FORMS.fullmatch(text)
    if found is None:
        raise KpiError(f"'{text}' is not a period: {_HOW_TO}")
    year = int(found["year"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise KpiError(f"period '{text}': the year must lie in {_FIRST_YEAR} to {_LAST_YEAR}")
    try:
        if found["quarter"]:
            return Period(Frequency.QUARTER, date(year, int(found["quarter"]) * 3 - 2, 1))
        if found["week"]:
            return Period(Frequency.WEEK, date.fromisocalendar(year, int(found["week"]), 1))
        day = date(year, int(found["month"]), int(found["day"] or 1))
    except ValueError:
        raise KpiError(f"there is no period '{text}' in the calendar: {_HOW_TO}") from None
    return Period(Frequency.DAY if found["day"] else Frequency.MONTH, day)
