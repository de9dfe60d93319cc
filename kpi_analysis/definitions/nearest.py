"""The nearest right word: what a person probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# What people write for a word of ours, where looks would lead astray or nowhere.
_MEANT = {
    "average": "mean", "avg": "mean", "percent": "percentage", "pct": "percentage",
    "%": "percentage", "share": "percentage", "proportion": "percentage", "total": "sum",
    "number": "count", "up": "higher", "high": "higher", "more": "higher", "increase": "higher",
    "down": "lower", "low": "lower", "less": "lower", "decrease": "lower", "none": "neutral",
    "live": "active", "idea": "draft", "test": "trial", "pilot": "trial", "closed": "retired",
    "daily": "day", "quarterly": "quarter", "ward": "team", "unit": "team", "everyone": "public",
    "company": "organisation", "organization": "organisation", "department": "division",
}  # fmt: skip


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Give the one of `words` that means or looks most like `word`, or None if none is near."""
    by_fold = {candidate.casefold(): candidate for candidate in words}
    if (meant := _MEANT.get(word.casefold())) in by_fold:
        return meant
    found = get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold[found[0]] if found else None


def did_you_mean(word: str | None) -> str:
    """Give the end of a message that names the nearest word; empty where there is none."""
    return f": did you mean '{word}'?" if word else ""
