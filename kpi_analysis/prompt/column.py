"""One column of numbers with its periods, out of whatever holds it: a list, a frame, a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, SupportsFloat

import numpy as np
import pandas as pd

from kpi_analysis.errors import Finding, KpiError, RecordError, SourceError
from kpi_analysis.periods import Frequency, Order, Period, Unit
from kpi_analysis.records.cells import no_column, or_known
from kpi_analysis.records.figures import OPEN_SEPARATORS
from kpi_analysis.records.sources import Table, fault, read_table, shown

PERIOD_NAMES = ("period", "date", "day", "week", "month", "quarter")
"""Names that say of a column that it holds periods, whatever its cells look like."""


@dataclass(frozen=True)
class Column:
    """Numbers as text, in order, with the text of their periods; None where there are none.

    `file` and `lines` say where each stands; for values in memory a line is a place, from 1.
    `separator` is what stands between the cells of the file, and decides how a mark is read.
    """

    name: str
    values: tuple[str, ...]
    periods: tuple[str, ...] | None
    file: str
    lines: tuple[int, ...]
    separator: str = ""

    @property
    def laid_out(self) -> tuple[tuple[str, ...], Unit]:
        """The periods as text of one unit, and that unit; places where there are no periods.

        Full dates are taken as days, weeks, months or quarters: the longest of these that
        tells them all apart. Where more than half of these would be gaps, places count.
        """
        places = tuple(str(n) for n in range(1, len(self.values) + 1))
        if self.periods is None:
            return places, Order.VALUE
        read = [_period(text) for text in self.periods]
        known = [one for one in read if one]
        if len(known) < len(read) or any(one.frequency is not Frequency.DAY for one in known):
            return self.periods, _written_most(known)
        unit = next((one for one in _LONGEST if _tells_apart(known, one)), Frequency.DAY)
        spread = [Period.containing(one.start, unit) for one in known]
        if max(spread).ordinal - min(spread).ordinal >= 2 * len(spread):
            return places, Order.VALUE
        return tuple(str(one) for one in spread), unit

    @property
    def decimal(self) -> str | None:
        """The decimal mark where the file leaves no doubt that it is a comma; else None."""
        if self.separator not in OPEN_SEPARATORS:
            return None
        commas = [one for one in self.values if "," in one]
        if not commas or any("." in one for one in self.values):
            return None
        has_decimals = any(_DECIMAL_COMMA.fullmatch(one) for one in commas)
        return "," if has_decimals else None


_MEANT = re.compile(r"[-+\u2212]?[0-9][0-9.,'\u00a0\u202f ]*%?")
_DECIMAL_COMMA = re.compile(
    r"[-+]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})"
)  # three digits may be thousands
_LONGEST = (Frequency.QUARTER, Frequency.MONTH, Frequency.WEEK)


def _tells_apart(days: Sequence[Period], unit: Frequency) -> bool:
    return len({Period.containing(one.start, unit) for one in days}) == len(days)


def _written_most(periods: Sequence[Period]) -> Unit:
    written: list[Unit] = [one.frequency for one in periods]
    return max(Frequency, key=written.count) if written else Frequency.MONTH


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except KpiError:
        return None


def column_of(values: object, name: str | None = None) -> Column:
    """Find the column in a list, an array, a Series, a frame or the path of a CSV file.

    `name` chooses among the columns of a frame or a file. Raises KpiError where there is no
    such column, or no saying which is meant.
    """
    if isinstance(values, str | Path):
        return _in_file(Path(values), name)
    if isinstance(values, pd.DataFrame):
        return _in_frame(values, name)
    if isinstance(values, pd.Series):
        return _of_series(values)
    if isinstance(values, Mapping):
        return _of_series(pd.Series(dict(values)))
    if isinstance(values, set | frozenset):
        raise KpiError("a set has no order: give the values in the order of time, as a list")
    if not isinstance(values, Iterable):
        raise KpiError(f"{values!r} is no list of numbers: give a list, a Series, a frame or a CSV")
    items = list(values)
    return Column("values", _numbers(items), None, "", tuple(range(1, len(items) + 1)))


def _of_series(values: pd.Series[Any]) -> Column:
    name = str(values.name) if values.name is not None else "values"
    lines = tuple(range(1, len(values) + 1))
    return Column(name, _numbers(values.tolist()), _index_periods(values.index), "", lines)


def _index_periods(index: pd.Index[Any]) -> tuple[str, ...] | None:
    texts = _as_text(index.to_series())
    return texts if len(texts) and all(map(_period, texts)) else None


def _in_frame(frame: pd.DataFrame, name: str | None) -> Column:
    flat = [one if isinstance(one, str) else str(one) for one in frame.columns.to_flat_index()]
    table = frame.set_axis(flat, axis="columns")
    texts = {column: _as_text(table[column]) for column in table.columns}
    periods = _period_column(texts)
    names = [one for one in table.select_dtypes("number").columns if one != periods]
    chosen = _chosen(name, list(texts), names, "the frame")
    dated = texts[periods] if periods else _index_periods(frame.index)
    lines = tuple(range(1, len(frame) + 1))
    return Column(chosen, _numbers(table[chosen].tolist()), dated, "", lines)


def _in_file(path: Path, name: str | None) -> Column:
    table = read_table(path, path.name)
    if name is not None and name not in table.rows.columns:
        raise SourceError(no_column(name, table))
    texts = {str(one): tuple(table.rows[one]) for one in table.rows.columns}
    _refuse_no_header(texts, table)
    periods = _period_column({one: cells for one, cells in texts.items() if one != name})
    names = [one for one, cells in texts.items() if one != periods and _are_numbers(cells)]
    chosen = _chosen(name, list(texts), names, path.name)
    _one_series(table, periods)
    dated = texts[periods] if periods else None
    return Column(chosen, texts[chosen], dated, path.name, tuple(table.lines), table.separator)


def _refuse_no_header(names: Iterable[str], table: Table) -> None:
    """Refuse a first line of values: its value would be lost, and be the chart's name."""
    found = next((one for one in names if _period(one) or _is_number(one)), None)
    if found is not None:
        message = (
            f"should name the columns, and holds '{shown(found)}': write a line such as "
            "month,value above the values"
        )
        raise SourceError(fault(message, file=table.file, line=1))
    if table.rows.empty:
        message = "there is no row beneath the names of the columns: write the values there"
        raise SourceError(fault(message, file=table.file))


def _one_series(table: Table, periods: str | None) -> None:
    """Refuse the long form of several series: its periods come again and again."""
    keys = [one for one in ("team", "measure") if one in table.rows.columns]
    if periods and keys and len(table.rows[keys].drop_duplicates()) > 1:
        message = "holds several series: kpi signals reads them all, kpi xmr reads one"
        raise SourceError(fault(message, file=table.file))


def _as_text(values: pd.Series[Any]) -> tuple[str, ...]:
    """Give periods as text: of dates and of pandas' periods the first day, else what is there."""
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.start_time
    if pd.api.types.is_datetime64_any_dtype(values):
        return tuple(values.dt.strftime("%Y-%m-%d").fillna(""))
    return tuple(str(one) for one in values)


def _period_column(texts: dict[str, tuple[str, ...]]) -> str | None:
    named = (one for one in texts if one.casefold() in PERIOD_NAMES)
    mostly = (
        one
        for one, cells in texts.items()
        if cells and sum(_period(cell) is not None for cell in cells) > len(cells) / 2
    )
    return next(chain(named, mostly), None)


def _chosen(name: str | None, there: list[str], numbers: list[str], where: str) -> str:
    if name is not None:
        if name not in there:
            raise KpiError(f"{where} has no column '{name}'{or_known(name, there)}")
        return name
    if "value" in numbers or len(numbers) == 1:
        return "value" if "value" in numbers else numbers[0]
    if not numbers:
        raise KpiError(f"{where} has no column of numbers{or_known('value', there)}")
    raise KpiError(f"{where} has several columns of numbers, {', '.join(numbers)}: name the column")


def _are_numbers(cells: Sequence[str]) -> bool:
    """Tell whether most cells that are not empty are meant as numbers.

    One fault does not hide a column, nor do commas and % signs: how they may be written is told
    when they are read.
    """
    filled = [cell for cell in cells if cell]
    return sum(_is_number(one) or bool(_MEANT.fullmatch(one)) for one in filled) > len(filled) / 2


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False


def _numbers(items: Sequence[object]) -> tuple[str, ...]:
    faults = [_not_a_number(n, one) for n, one in enumerate(items, 1) if _text(one) is None]
    if faults:
        raise RecordError(few_of(faults))
    return tuple(_text(one) or "" for one in items)


MOST_FAULTS = 5
"""Faulty values that are told one by one: a whole column that cannot be read is one mistake."""


def few_of(faults: Sequence[Finding]) -> list[Finding]:
    """Give the first faults, and in one line how many more there are."""
    left = len(faults) - MOST_FAULTS
    more = [fault(f"and {left} more of them", file=faults[0].file)] if left > 0 else []
    return [*faults[:MOST_FAULTS], *more]


def _text(item: object) -> str | None:
    """Give a number so that it reads back the same; empty for a missing one, None for no number."""
    if item is None or item is pd.NA:
        return ""
    if isinstance(item, str | bytes | bool) or not isinstance(item, SupportsFloat):
        return None
    try:
        number = float(item)
    except (TypeError, ValueError, OverflowError):  # an array of several, a number past all floats
        return None
    if np.isnan(number):
        return ""
    return repr(number) if np.isfinite(number) else None


def _not_a_number(place: int, item: object) -> Finding:
    message = f"value {place} is {shown(repr(item))}, which is not a number"
    return fault(f"{message}: write the number, or None where there is no value")
