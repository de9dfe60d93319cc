"""Where a sentence has its verbs: enough grammar to tell one result from two."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.text import words
from kpi_analysis.definitions.lint.words import FINITE_VERBS, listed

_SUBORDINATE = listed("that which who whom whose when where whether how why what because if unless")
_NOT_A_SUBJECT = listed("they it he she we you i in at on under still asleep awake away")
_PRONOUNS = listed("they it he she we you i")
_JOINT = re.compile(r"\s+(?P<word>while|whilst|as well as|plus)\s+|\s*;\s*", re.IGNORECASE)
_CUT = re.compile(r",?\s+(?:and|but)\s+|,\s+")


def verb_at(said: list[str]) -> int | None:
    """Give the position of the first finite verb, or None."""
    return next((n for n, word in enumerate(said) if word in FINITE_VERBS), None)


def has_own_verb(said: list[str]) -> bool:
    """Tell whether a verb of its own follows: "train passengers know", not "train all staff"."""
    verb = verb_at(said)
    return verb is not None and not _SUBORDINATE & set(said[:verb])


def second_clause(text: str) -> str | None:
    """Give the beginning of a second statement that the text joins to the first, or None."""
    for cut in (*_JOINT.finditer(text), *_CUT.finditer(text)):
        before, after = words(text[: cut.start()]), words(text[cut.end() :])
        joint = cut.groupdict().get("word")
        if after and _two_statements(before, after, (joint or "").lower()):
            return " ".join([*([joint] if joint else []), *after[: (verb_at(after) or 0) + 1]])
    return None


def _two_statements(before: list[str], after: list[str], joint: str) -> bool:
    if joint == "as well as":  # "they do as well as others" is one statement
        return before[-1] not in FINITE_VERBS and (
            verb_at(before) is not None or not _any_verb(after)
        )
    if joint in ("while", "whilst"):  # "while they wait" says when
        return len(after) > 1 and after[0] not in _NOT_A_SUBJECT
    first, verb = verb_at(before), verb_at(after[:6])
    if not first or verb is None:
        return False
    if verb == 0 and first == len(before) - 1:  # "read and write"
        return False
    is_relative = verb > 1 and after[verb - 1] in _PRONOUNS  # "the hour they were told"
    hangs_on = _SUBORDINATE & {*before[:1], *before[first + 1 :], *after[:verb]}
    return not (is_relative or hangs_on)


def _any_verb(said: list[str]) -> bool:
    return verb_at(said) is not None
