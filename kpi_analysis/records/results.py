"""The cells of a query's result, whichever engine gave it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

Cell = str | float
"""Text, or a number; an empty text where there is nothing."""


def cell(value: object) -> Cell:
    """Give one value: numbers as float, midnight as its day, other times as ISO text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _number(value: float | Decimal) -> Cell:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        return ""
    return number if math.isfinite(number) else str(number)


def cells(rows: Iterable[Iterable[object]]) -> list[list[Cell]]:
    """Give the values of all rows as cells."""
    return [[cell(value) for value in row] for row in rows]
