"""Period values: the text of a table becomes validated numbers, one row a period.

Every fault names file, line, column, what was found and what to do, and is kept with its
series, so that a faulty series is held back while all others go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import KpiError, Level
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.records.cells import NUMBERS, Columns, Notes
from kpi_analysis.records.cells import or_known as or_known
from kpi_analysis.records.figures import Floats, read_numbers
from kpi_analysis.records.series_table import Ints, MeasureTable
from kpi_analysis.records.series_table import Series as Series
from kpi_analysis.records.sources import times


def read_series(
    cells: pd.DataFrame, measure: Measure, frequency: Unit, columns: Columns | None = None
) -> list[Series]:
    """Give what `read_measure_table` reads, series by series."""
    table = read_measure_table(cells, measure, frequency, columns)
    return [table.series(n) for n in range(len(table.teams))]


def read_measure_table(
    cells: pd.DataFrame, measure: Measure, frequency: Unit, columns: Columns | None = None
) -> MeasureTable:
    """Turn the rows of one measure, as `lay_out` gives them, into a series a team.

    `columns` are the names that faults call the columns by. The input is not changed.
    """
    notes = Notes(cells, measure, columns or Columns())
    numbers = read_numbers(cells, measure, notes)
    ordinals, span = _read_periods(cells["period"], frequency, notes)
    codes, teams = pd.factorize(cells["team"])
    in_order = np.lexsort((ordinals, codes))  # stable: equal periods stay in the file's order
    dated = in_order[ordinals[in_order] >= 0]
    _check_periods(dated, codes, ordinals, span, notes)
    grid = _lay_grid(codes[dated], ordinals[dated], len(teams))
    rows = {role: grid.spread(numbers[role][dated]) for role in NUMBERS}
    names = np.array([str(period) for period in span], dtype="object")[grid.ordinals]
    team_names = np.repeat(np.asarray(teams, dtype="object"), np.diff(grid.bounds))
    frame = pd.DataFrame({"team": team_names, "measure": measure.id, "period": names, **rows})
    return MeasureTable(measure.id, tuple(map(str, teams)), frame, grid.bounds, notes.by_team())


def read_frequency(texts: Iterable[str]) -> Frequency:
    """Read off how often values come; full dates that all start a month are months, and so on.

    Texts that are no period are passed over; of several frequencies the one written most often
    counts, so that `read_series` names the others.
    """
    periods = [period for text in texts if (period := _period_or_none(text))]
    written = [period.frequency for period in periods]
    frequency = max(Frequency, key=written.count) if written else Frequency.MONTH
    if frequency is not Frequency.DAY:
        return frequency
    days = {period.start for period in periods if period.frequency is Frequency.DAY}
    for wider in (Frequency.QUARTER, Frequency.MONTH, Frequency.WEEK):
        if all(Period.containing(day, wider).start == day for day in days):
            return wider
    return Frequency.DAY


def _period_or_none(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except KpiError:
        return None


def _read_periods(
    texts: pd.Series[str], frequency: Unit, notes: Notes
) -> tuple[Ints, list[Period]]:
    """Give each row's place in the span of all periods, -1 for a fault, and the span."""
    codes, words = pd.factorize(texts)
    read = [_period_or_cure(word, frequency) for word in words]
    for position in np.flatnonzero(np.array([isinstance(one, str) for one in read])[codes]):
        notes.add(int(position), str(read[codes[position]]), "period")
    periods = [one for one in read if isinstance(one, Period)]
    if not periods:
        return np.full(len(codes), -1), []
    first = min(periods)
    ordinals = [one.ordinal - first.ordinal if isinstance(one, Period) else -1 for one in read]
    return np.array(ordinals)[codes], Period.span(first, max(periods))


def _period_or_cure(text: str, frequency: Unit) -> Period | str:
    try:
        return Period.parse(text, frequency) if text else "period is empty: write it"
    except KpiError as error:
        return str(error)


def _check_periods(
    rows: Ints, codes: Ints, ordinals: Ints, span: list[Period], notes: Notes
) -> None:
    """Look for periods that a series, its rows in time order, holds twice or not at all."""
    same_team = np.diff(codes[rows]) == 0
    steps = np.where(same_team, np.diff(ordinals[rows]), 1)
    first_again = np.flatnonzero((steps == 0) & (np.append(1, steps[:-1]) != 0))
    for at in first_again:
        time = 2 + int(np.argmax(np.append(steps[at + 1 :], 1) != 0))
        message = _twice(int(rows[at]), int(rows[at + 1]), time, span[ordinals[rows[at]]], notes)
        notes.add(int(rows[at + 1]), message, "period", "D01")
    gaps = np.flatnonzero(steps > 1)
    unread = codes[ordinals < 0]  # where a period cannot be read, it is no wonder that one lacks
    for code in np.setdiff1d(codes[rows[gaps]], unread):
        own = gaps[codes[rows[gaps]] == code]
        absent = [
            at for gap in own for at in range(ordinals[rows[gap]] + 1, ordinals[rows[gap + 1]])
        ]
        message = _missing([span[at] for at in absent], notes, int(rows[own[0] + 1]))
        notes.add(int(rows[own[0] + 1]), message, "period", "D01", Level.WARNING)


def _twice(first: int, second: int, count: int, period: Period, notes: Notes) -> str:
    where = f"line {notes.lines[first]}"
    if notes.files[first] != notes.files[second]:
        where = f"{notes.files[first]} {where}"
    series = f"'{notes.measure.id}' for team '{notes.teams[first]}'"
    return f"{period} of {series} is there {times(count)} (first in {where}): keep one row"


def _missing(absent: list[Period], notes: Notes, after: int) -> str:
    names = ", ".join(str(period) for period in absent[:3])
    more = f", ... ({len(absent)} missing)" if len(absent) > 3 else ""
    series = f"'{notes.measure.id}', team '{notes.teams[after]}'"
    cure = "add the row, with an empty value where there is none"
    return f"{series}, has no row for {names}{more}: {cure}"


@dataclass(frozen=True)
class _Grid:
    """Room for every period of each series, from its first to its last row.

    Series n takes the rows `bounds[n]` to `bounds[n + 1]`; `ordinals` has the period of each
    row; `places` says which of them each row of the source fills.
    """

    bounds: Ints
    ordinals: Ints
    places: Ints

    def spread(self, values: Floats) -> Floats:
        """Lay values on their places; an absent period is NaN, and so is one that comes twice.

        Which of two rows is right is for people to say.
        """
        out = np.full(len(self.ordinals), np.nan)
        out[self.places] = values
        out[np.bincount(self.places, minlength=len(out)) > 1] = np.nan
        return out


def _lay_grid(codes: Ints, ordinals: Ints, teams: int) -> _Grid:
    """Make the grid of rows sorted by series and period."""
    ends = np.searchsorted(codes, np.arange(teams + 1))
    has_rows = np.diff(ends) > 0
    firsts, lengths = np.zeros(teams, dtype=np.int64), np.zeros(teams, dtype=np.int64)
    firsts[has_rows] = ordinals[ends[:-1][has_rows]]
    lengths[has_rows] = ordinals[ends[1:][has_rows] - 1] - firsts[has_rows] + 1
    bounds = np.append(0, np.cumsum(lengths))
    shift = firsts - bounds[:-1]  # from a place in the grid to its ordinal
    filled = np.repeat(shift, lengths) + np.arange(bounds[-1])
    return _Grid(bounds, filled, ordinals - shift[codes])
