"""Rows of a frame as series: one after the other, each in the order of its periods.

Everything behind this module works on flat arrays in which series lie end to end, so that a
million series cost one pass and not a million. Rows that already lie so are not moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

# Rows worked on at a time: large enough that numpy's overhead vanishes, small enough that the
# dozen arrays in play stay in the processor's cache. Blocks are cut between series.
BLOCK_ROWS = 1 << 16


@dataclass(frozen=True)
class Layout:
    """Where each series lies. `order` None: the rows already lie series by series.

    `order` (n_rows,) gives the row that stands at each place, `starts` (n_series,) the place
    at which each series begins.
    """

    order: Ints | None
    starts: Ints
    size: int

    def arrange(self, column: NDArray[Any]) -> NDArray[Any]:
        """Give a column's values series by series."""
        return column if self.order is None else column[self.order]

    def restore(self, arranged: NDArray[Any]) -> NDArray[Any]:
        """Give values that stand series by series in the order of the rows."""
        if self.order is None:
            return arranged
        restored = np.empty_like(arranged)
        restored[self.order] = arranged
        return restored

    def row(self, place: int) -> int:
        """Give the row of the frame that stands at a place."""
        return place if self.order is None else int(self.order[place])

    def starts_mask(self) -> Bools:
        """Mark the first place of each series."""
        mask = np.zeros(self.size, bool)
        mask[self.starts] = True
        return mask

    def blocks(self, rows: int = BLOCK_ROWS) -> Iterator[slice]:
        """Cut the places into whole series of about `rows` places together."""
        if not self.size:
            return
        wanted = np.arange(0, self.size, rows)
        edges = np.unique(self.starts[np.searchsorted(self.starts, wanted, side="right") - 1])
        for first, last in zip(edges, [*edges[1:], self.size], strict=True):
            yield slice(int(first), int(last))


def key_names(by: str | Sequence[str]) -> list[str]:
    """Give the key columns as a list; one name alone is one key."""
    return [by] if isinstance(by, str) else list(by)


def series_name(frame: pd.DataFrame, keys: Sequence[str], row: int) -> str:
    """Name the series of a row, as the beginning of a message; nothing where there is one."""
    named = ", ".join(f"{key} {frame[key].iloc[row]}" for key in keys)
    return f"{named}: " if named else ""


def need_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    """Stop with the columns that there are where one is missing or stands twice."""
    columns = list(frame.columns)
    for name in names:
        count = columns.count(name)
        if count != 1:
            found = "is no column" if not count else f"are {count} columns"
            there = ", ".join(map(str, columns)) or "none"
            raise KpiError(f"there {found} '{name}'; one is needed. Columns: {there}")


def lay_out(frame: pd.DataFrame, by: str | Sequence[str]) -> Layout:
    """Find the series of a frame.

    Args:
        frame: a row for each series and period, in any order, with a column `period`.
        by: the key columns that tell series apart; an empty sequence means one series.

    Returns:
        The layout; series come in the order of their first rows.

    Raises:
        KpiError: a column is missing, a period is empty or cannot be ordered, or one series
            has a period twice.

    """
    keys = key_names(by)
    need_columns(frame, [*keys, "period"])
    if not len(frame):
        return Layout(None, np.empty(0, np.intp), 0)
    layout = _as_it_lies(frame, keys)
    return _sorted(frame, keys) if layout is None else layout


def _as_it_lies(frame: pd.DataFrame, keys: list[str]) -> Layout | None:
    """Give the layout of rows that lie series by series in rising periods, else None."""
    new = np.zeros(len(frame), bool)
    new[0] = True
    for key in keys:
        differs = _differs(frame[key])
        if differs is None:
            return None
        new[1:] |= differs
    starts = np.flatnonzero(new)
    if keys and len(starts) > 1 and _repeats(frame, keys, starts):
        return None
    rises = _rises(frame["period"])
    if rises is None or not np.all(rises | new[1:]):
        return None
    return Layout(None, starts, len(frame))


def _repeats(frame: pd.DataFrame, keys: list[str], starts: Ints) -> bool:
    # not .array: pandas 2 warns where its wrapper of a NumPy array is numbered
    heads = [frame[key].values[starts] for key in keys]
    return int(_codes(heads, keys).max()) + 1 < len(starts)


def _plain(column: pd.Series[Any]) -> NDArray[Any] | None:
    """Give comparable values without a pass over the rows, or None for kinds that need one."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.array.codes if column.cat.ordered else None
    if isinstance(column.dtype, (pd.PeriodDtype, pd.DatetimeTZDtype)):
        return np.asarray(column.array.asi8)
    plain = column.to_numpy()
    return plain.view(np.int64) if plain.dtype.kind in "mM" else plain


def _differs(column: pd.Series[Any]) -> Bools | None:
    """Mark rows whose key differs from the row before; None where that needs the slow way."""
    try:
        plain = _key_values(column)
        return None if plain is None else np.asarray(plain[1:] != plain[:-1], dtype=bool)
    except (TypeError, ValueError):  # pd.NA and arrays as keys do not compare to a truth value
        return None


def _key_values(column: pd.Series[Any]) -> NDArray[Any] | None:
    """Give values that are equal where the keys are, without their order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.array.codes)
    if getattr(column.dtype, "storage", "") == "pyarrow":
        # Arrow numbers its texts fast; as Python's they would have to be made first
        return pd.factorize(column, use_na_sentinel=False)[0]
    return _plain(column)


def _rises(column: pd.Series[Any]) -> Bools | None:
    """Mark rows whose period comes after the row before; None where that needs the slow way."""
    plain = _plain(column)
    if plain is None or column.isna().any():
        return None
    try:
        return np.asarray(plain[1:] > plain[:-1], dtype=bool)
    except (TypeError, ValueError):  # dates and words mixed: the slow way tells it in words
        return None


def _codes(columns: Sequence[Any], keys: Sequence[str]) -> Ints:
    """Give each row the number of its series, in the order of first rows; empty is a key too."""
    codes: Ints | None = None
    for column, key in zip(columns, keys, strict=True):
        try:
            ones, names = pd.factorize(column, use_na_sentinel=False)
        except TypeError as fault:
            raise KpiError(
                f"column '{key}' holds values that cannot name a series ({fault}); use text"
            ) from fault
        # numbered afresh after each key, so that many keys of many values cannot overflow
        codes = ones if codes is None else pd.factorize(codes * len(names) + ones)[0]
    return np.zeros(0, np.intp) if codes is None else codes


def _ranks(period: pd.Series[Any]) -> Ints:
    if period.isna().any():
        row = period.index[int(np.argmax(period.isna().to_numpy()))]
        raise KpiError(f"row {row} has no period; fill it in, or take the row out")
    if isinstance(period.dtype, pd.CategoricalDtype) and not period.cat.ordered:
        period = period.astype(period.cat.categories.dtype)
    if pd.api.types.infer_dtype(period).startswith("mixed"):
        kinds = sorted({type(value).__name__ for value in period})
        raise KpiError(
            f"column 'period' mixes kinds that have no order ({', '.join(kinds)}); use one kind"
        )
    return pd.factorize(period, sort=True)[0]


def _sorted(frame: pd.DataFrame, keys: list[str]) -> Layout:
    ranks = _ranks(frame["period"])
    codes = _codes([frame[key] for key in keys], keys) if keys else np.zeros(len(frame), np.intp)
    # one whole number a row, so that one sort of numbers does; neither part exceeds the rows
    order = np.argsort(codes * (int(ranks.max()) + 1) + ranks)
    codes, ranks = codes[order], ranks[order]
    new = np.ones(len(frame), bool)
    new[1:] = codes[1:] != codes[:-1]
    twice = ~new[1:] & (ranks[1:] == ranks[:-1])
    if twice.any():
        row = int(order[1 + int(np.argmax(twice))])
        raise KpiError(
            f"{series_name(frame, keys, row)}period {frame['period'].iloc[row]} stands twice; "
            "keep one row for each period"
        )
    return Layout(order, np.flatnonzero(new), len(frame))
