"""Numbers: cells of text become floats, and counts become percentages, rates and ratios."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.definitions.measures import Measure, Statistic
from kpi_analysis.records.cells import NUMBERS, Notes
from kpi_analysis.records.sources import shown

WORKED_OUT = (Statistic.PERCENTAGE, Statistic.RATE, Statistic.RATIO)
"""The statistics whose value is worked out from a numerator and a denominator."""

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]{1,3}(?:[.\u00a0\u202f ]?[0-9]{3})*(?:,[0-9]+)?")
_THOUSANDS = re.compile(r"[.\u00a0\u202f ]")
_ONE_COMMA = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")  # a thousand, or a little more than 1
_PARTED = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,}"
    r"|(?:[\u00a0\u202f ][0-9]{3})+(?:\.[0-9]+)?)"
)
OPEN_SEPARATORS = (";", "\t", "|")
"""Separators that leave open which mark is the decimal one."""

MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
"""Digits that are a thousand to some readers and a little more than one to others."""

Floats = npt.NDArray[np.float64]


def read_numbers(cells: pd.DataFrame, measure: Measure, notes: Notes) -> dict[str, Floats]:
    """Give value, numerator and denominator of each row of `cells`, NaN where there is none.

    The value of a percentage, rate or ratio is worked out where its counts are there.
    """
    decimal = measure.data.decimal or "."
    numbers = {role: _numbers(cells[role], role, decimal, notes) for role in NUMBERS}
    is_open = cells["separator"].isin(OPEN_SEPARATORS)
    if measure.data.decimal is None and is_open.any():
        for role in NUMBERS:
            _ask_for_the_mark(cells[role], is_open, role, notes)
    if measure.calculation.statistic in WORKED_OUT:
        numbers["value"] = _worked_out(numbers, measure, notes)
    elif (cells["value"] == "").all() and not (cells["numerator"] == "").all():
        message = "value is empty: only a percentage, rate or ratio is worked out from its counts"
        notes.add(0, f"{message}; write the values, or the statistic in the definition", "value")
    _check_range(numbers["value"], measure, notes)
    return numbers


def _numbers(texts: pd.Series[str], role: str, decimal: str, notes: Notes) -> Floats:
    """Read numbers as written; an empty cell is NaN, anything else is a fault."""
    codes, words = pd.factorize(texts, use_na_sentinel=False)
    numbers = np.array([_number(word, decimal) for word in words], dtype=np.float64)[codes]
    for position in np.flatnonzero(np.isinf(numbers)):
        file = notes.files[position]
        message = _number_fault(notes.name(role), str(words[codes[position]]), decimal, file)
        notes.add(int(position), message, role)
    return np.where(np.isinf(numbers), np.nan, numbers)


def _ask_for_the_mark(
    texts: pd.Series[str], is_open: pd.Series[bool], role: str, notes: Notes
) -> None:
    """Ask whether 1.234 is a thousand or a little more than one, where the file does not say.

    Where cells are parted by commas, the comma is no decimal mark, so the point is one. Else one
    cell of the column settles it that can only be read with a decimal point, such as 12.5.
    """
    words = texts[is_open].drop_duplicates()
    points = [one for one in words if isinstance(one, str) and "." in one and _PLAIN.fullmatch(one)]
    if not points or any(not MAY_BE_THOUSANDS.fullmatch(one) for one in points):
        return
    position = int(np.flatnonzero(texts.to_numpy() == points[0])[0])
    notes.add(position, may_be_thousands(notes.name(role), points[0]), role)


def may_be_thousands(column: str, text: str) -> str:
    """Say that a number may be meant in two ways, and how to say which."""
    whole = text.replace(".", "")
    message = f"column '{column}' holds '{text}', which may be {whole} or {whole[:-3]}.{whole[-3:]}"
    return f'{message}: say decimal: "," or decimal: "." in the measure\'s data'


def _number(text: str | float, decimal: str) -> float:
    """Give the number, NaN for an empty cell, infinity for what is no number."""
    if isinstance(text, float):  # a typed table says so itself
        return text
    if not text:
        return np.nan
    if decimal == ",":
        plain = _THOUSANDS.sub("", text).replace(",", ".")
        return float(plain) if _COMMA.fullmatch(text) else np.inf
    return float(text) if _PLAIN.fullmatch(text) else np.inf


def _number_fault(column: str, text: str, decimal: str, file: str) -> str:
    message = f"column '{column}' holds '{shown(text)}', which is not a number"
    if text.endswith("%"):
        cure = "write it without the percent sign"
        return f"{message}: {cure}{', in a cell that is no percentage' * _is_book(file)}"
    if decimal == "," and _PLAIN.fullmatch(text):
        return f'{message} where the measure says decimal: ",": write it as 1234,5'
    if decimal == "." and _ONE_COMMA.fullmatch(text):
        either = f"{text.replace(',', '')} or {text.replace(',', '.')}"
        return (
            f'{message}: write {either}, or say decimal: "," in the measure\'s data for the latter'
        )
    if decimal == "." and _PARTED.fullmatch(text):
        return f"{message}: write it without thousands separators, as 1234.5"
    if decimal == "." and "," in text and _COMMA.fullmatch(text):
        return f'{message}: write it as 1234.5, or say decimal: "," in the measure\'s data'
    return f"{message}: write the number, or leave the cell empty for a period without a value"


def _is_book(file: str) -> bool:
    return file.lower().endswith((".xlsx", ".xlsm"))


def _worked_out(numbers: Mapping[str, Floats], measure: Measure, notes: Notes) -> Floats:
    """Work values out from their counts; a value without counts stands."""
    statistic = measure.calculation.statistic
    value, above, below = (numbers[role] for role in NUMBERS)
    _check_partners(above, below, notes)
    is_share = statistic is Statistic.PERCENTAGE
    none = (below == 0) & (above != 0)  # 0 of 0 is a period without cases, which is a gap
    for position in np.flatnonzero((below < 0) | none | (is_share & (above > below))):
        message = (
            f"{notes.name('numerator')} {above[position]:.10g} and {notes.name('denominator')} "
            f"{below[position]:.10g} cannot be a {statistic}: correct one"
        )
        notes.add(int(position), message, "numerator")
    worked_out = factor(measure) * above / np.where(below > 0, below, np.nan)
    return np.where(np.isnan(above) | np.isnan(below), value, worked_out)


def _check_partners(above: Floats, below: Floats, notes: Notes) -> None:
    for position in np.flatnonzero((np.isnan(above) != np.isnan(below)) & ~notes.faulty):
        roles = ("numerator", "denominator")
        empty, full = roles if np.isnan(above[position]) else roles[::-1]
        message = f"{notes.name(empty)} is empty beside {notes.name(full)}: fill both, or neither"
        notes.add(int(position), message, empty)


def factor(measure: Measure) -> float:
    """Give what the ratio of the counts is multiplied by: 100 for a percentage, a rate's `per`."""
    if measure.calculation.statistic is Statistic.PERCENTAGE:
        return 100.0
    is_rate = measure.calculation.statistic is Statistic.RATE
    return (measure.calculation.per or 1.0) if is_rate else 1.0


def _check_range(value: Floats, measure: Measure, notes: Notes) -> None:
    low, high = measure.valid_range or (None, None)
    span = " to ".join("-" if end is None else f"{end:.10g}" for end in (low, high))
    too_low = value < (-np.inf if low is None else low)
    too_high = value > (np.inf if high is None else high)
    for position in np.flatnonzero((too_low | too_high) & ~notes.faulty):
        message = f"value {value[position]:.10g} lies outside the valid range {span}"
        message += ": correct the value, or valid_range in the definition"
        notes.add(int(position), message, "value", "C02")
