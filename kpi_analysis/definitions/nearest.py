"""The nearest right word: what a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Give the one of `words` that looks most like `word`, or None if none is near."""
    by_fold = {candidate.casefold(): candidate for candidate in words}
    found = get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str | None) -> str:
    """Give the end of a message that names the nearest word; empty where there is none."""
    return f": did you mean '{word}'?" if word else ""
