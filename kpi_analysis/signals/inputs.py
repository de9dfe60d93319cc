"""What `detect` reads out of a table: numbers, checked, with the row and a cure where wrong."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import Bools, Floats, need_columns

# Beyond this, sums of values and their limits leave the range of a float.
LARGEST_VALUE: Final = 1e300


# What pandas calls the kinds of values that are numbers, or nothing at all.
_NUMBERS: Final = ("floating", "integer", "mixed-integer-float", "decimal", "empty", "boolean")


def _kind(column: pd.Series[Any]) -> str:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub":
        return "floating"
    return pd.api.types.infer_dtype(column, skipna=True)


def read_numbers(frame: pd.DataFrame, name: str) -> Floats:
    """Give a column as floats, NaN where it is empty.

    Raises:
        KpiError: there is no such column, or it holds something that is no finite number.

    """
    need_columns(frame, [name])
    column = frame[name]
    kind = _kind(column)
    if kind not in _NUMBERS:
        row = int(np.argmax(column.notna()))
        found = f"row {frame.index[row]}: {column.iloc[row]!r}"
        raise KpiError(f"column '{name}' holds {kind} where numbers are needed ({found})")
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    extremes = np.fmax.reduce(numbers, initial=0), np.fmin.reduce(numbers, initial=0)
    if max(extremes[0], -extremes[1]) > LARGEST_VALUE:  # looked for only where there is one
        words = f"{name} {{}} is infinite or too large to reckon with; leave it empty where the "
        wrong = np.abs(numbers) > LARGEST_VALUE
        refuse(frame, numbers, wrong, words + "period has no value")
    return numbers


def refuse(frame: pd.DataFrame, numbers: NDArray[Any], wrong: Bools, words: str) -> None:
    """Stop at the first row marked wrong; `{}` in the words is its number."""
    if wrong.any():
        row = int(np.argmax(wrong))
        raise KpiError(f"row {frame.index[row]}: {words.format(numbers[row])}")


def read_segments(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Give the segment numbers; one segment where the column is absent.

    Raises:
        KpiError: a segment is no whole number.

    """
    if "segment" not in frame.columns:
        return np.zeros(len(frame), np.int64)
    need_columns(frame, ["segment"])
    if pd.api.types.is_integer_dtype(frame["segment"].dtype) and not frame["segment"].hasnans:
        return frame["segment"].to_numpy(dtype=np.int64)
    numbers = read_numbers(frame, "segment")
    cure = "segment {} is no whole number; number the segments 0, 1, 2, ..."
    refuse(frame, numbers, ~(np.floor(numbers) == numbers), cure)
    return numbers.astype(np.int64)


def read_counts(frame: pd.DataFrame, *, at_most_all: bool) -> tuple[Floats, Floats]:
    """Give numerators and denominators, both NaN where a period has no value.

    A denominator of 0 with nothing counted is a period without a value.

    Raises:
        KpiError: one is negative, something was counted out of nothing, or, where
            `at_most_all`, more was counted than there was.

    """
    numerator, denominator = read_numbers(frame, "numerator"), read_numbers(frame, "denominator")
    refuse(frame, numerator, numerator < 0, "numerator {} is negative; correct the count")
    refuse(frame, denominator, denominator < 0, "denominator {} is negative; correct the count")
    beyond = numerator > (denominator if at_most_all else np.where(denominator == 0, 0, np.inf))
    refuse(frame, numerator, beyond, "numerator {} is more than its denominator; correct them")
    empty = np.isnan(numerator) | np.isnan(denominator) | (denominator == 0)
    return np.where(empty, np.nan, numerator), np.where(empty, np.nan, denominator)


def read_excluded(frame: pd.DataFrame) -> Bools | None:
    """Mark the rows that may not set limits: those with a reason in column `excluded`.

    Raises:
        KpiError: a mark that is no reason; a point may not go without one.

    """
    if "excluded" not in frame.columns:
        return None
    need_columns(frame, ["excluded"])
    reasons = frame["excluded"]
    given = reasons[reasons.notna()]
    if pd.api.types.infer_dtype(given) not in ("string", "empty"):
        row, mark = next((at, one) for at, one in given.items() if not isinstance(one, str))
        raise KpiError(
            f"row {row}: excluded is {mark!r}; write the reason in words, or leave it empty"
        )
    marked = np.zeros(len(frame), bool)
    marked[reasons.notna().to_numpy()] = given.astype(object).str.strip().ne("").to_numpy()
    return marked


def read_bounds(bounds: tuple[float | None, float | None] | None) -> tuple[float, float]:
    """Give the ends of the unit, infinite where it has none.

    Raises:
        KpiError: the first is not below the second.

    """
    low, high = bounds or (None, None)
    ends = (-np.inf if low is None else float(low), np.inf if high is None else float(high))
    if not ends[0] < ends[1]:
        raise KpiError(f"bounds are {ends}; the first must be below the second")
    return ends
