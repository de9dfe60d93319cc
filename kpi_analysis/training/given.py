"""Reading what learners type: whatever it is, it becomes text, numbers or lists, or nothing.

Checkers never raise, so nothing here does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

_LONGEST = 500  # letters of an answer that are read: more is a slip of the hand

_UNIT = re.compile(r"\s*(?:%|[^\W\d_]+)\.?$")  # behind a number: 12 %, 10 days
_PARTED = re.compile(r"\s*;\s*|,?\s+")  # "5,3 20,7", "5.3, 20.7", "5,3; 20,7"


def text(given: object) -> str:
    """Give a text or a number as text on one line; empty for anything else."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    try:
        return " ".join(str(given)[:_LONGEST].split())
    except ValueError:  # a whole number of thousands of digits has no text
        return ""


def word(given: object) -> str:
    """Give a text in small letters, without a full stop, for answers of a word or two.

    True and False stand for yes and no.
    """
    if isinstance(given, bool):
        return "yes" if given else "no"
    return text(given).casefold().rstrip(".!")


def is_empty(given: object, depth: int = 4) -> bool:
    """Tell whether nothing was written: blanks, noughts, and whatever holds nothing else."""
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, list | tuple | set):
        return depth > 0 and all(is_empty(one, depth - 1) for one in given)
    if isinstance(given, str):
        return not given.strip()
    return given is None or (type(given) in (int, float) and given == 0)


def listed(given: object) -> list[object]:
    """Give what a list, a tuple, an array, a Series or the values of a sheet hold; else nothing."""
    if isinstance(given, Mapping):
        return list(given.values())
    if isinstance(given, list | tuple):
        return list(given)
    if isinstance(given, np.ndarray | pd.Series):
        return list(np.ravel(given)[:_LONGEST].tolist())
    return []


def texts(given: object) -> list[str]:
    """Give the texts of a list; a bare text is a list of one. Empty ones are left out."""
    many = [given] if isinstance(given, str | int | float) else listed(given)
    return [said for one in many if (said := text(one))]


def number(given: object) -> float | None:
    """Give a number, also where it is written as text, with a comma or with a unit behind."""
    said = _UNIT.sub("", text(given).replace("\N{MINUS SIGN}", "-"))
    try:
        value = float(said.replace(",", ".") if said.count(",") == 1 else said)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def numbers(given: object) -> list[float | None]:
    """Give the numbers of a list, None where one is none; a text is cut at its spaces."""
    many = _PARTED.split(given.strip()) if isinstance(given, str) else listed(given)
    return [number(one) for one in many] if many != [""] else []


def fields(given: object) -> dict[str, object]:
    """Give the fields of a sheet by name; none where it is no sheet."""
    if not isinstance(given, Mapping):
        return {}
    return {word(name): value for name, value in given.items()}


def by_number(given: object) -> dict[int, str]:
    """Give answers by the number of their card: from {1: "..."} or from a list in order."""
    if not isinstance(given, Mapping):
        given = dict(enumerate(listed(given), 1))
    read = {number(key): _words(value) for key, value in fields(given).items()}
    return {int(key): said for key, said in read.items() if key is not None and said}


def _words(given: object) -> str:
    """Give one answer as text, also where its words were written as a list."""
    if isinstance(given, list | tuple):
        return ", ".join(word(one) for one in given)
    return word(given)
