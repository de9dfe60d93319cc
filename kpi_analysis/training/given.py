"""Reading what learners type: whatever it is, it becomes text, numbers or lists, or nothing.

Checkers never raise, so nothing here does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

_LONGEST = 500  # letters of an answer that are read: more is a slip of the hand


def text(given: object) -> str:
    """Give a text or a number as text on one line; empty for anything else."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    try:
        return " ".join(str(given)[:_LONGEST].split())
    except ValueError:  # a whole number of thousands of digits has no text
        return ""


def word(given: object) -> str:
    """Give a text in small letters, without a full stop, for answers of a word or two."""
    return text(given).casefold().rstrip(".")


def texts(given: object) -> list[str]:
    """Give the texts of a list; a bare text is a list of one. Empty ones are left out."""
    many = list(given) if isinstance(given, list | tuple) else [given]
    return [said for one in many if (said := text(one))]


def number(given: object) -> float | None:
    """Give a number, also where it is written as text, with a comma or with a unit behind."""
    said = text(given).replace("\N{MINUS SIGN}", "-").removesuffix("%").strip()
    try:
        value = float(said.replace(",", ".") if said.count(",") == 1 else said)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def numbers(given: object) -> list[float | None]:
    """Give the numbers of a list, None where one is none; a text is cut at its spaces."""
    if isinstance(given, str):
        given = given.replace(";", " ").split()
    many: Iterable[object] = given if isinstance(given, list | tuple) else []
    return [number(one) for one in many]


def fields(given: object) -> dict[str, object]:
    """Give the fields of a sheet by name; none where it is no sheet."""
    if not isinstance(given, Mapping):
        return {}
    return {word(name): value for name, value in given.items()}


def by_number(given: object) -> dict[int, str]:
    """Give answers by the number of their card: from {1: "..."} or from a list in order."""
    if isinstance(given, list | tuple):
        given = dict(enumerate(given, 1))
    read = {number(key): word(value) for key, value in fields(given).items()}
    return {int(key): said for key, said in read.items() if key is not None and said}
