"""Where a sentence has its verbs: enough grammar to tell one result from two."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.text import words
from kpi_analysis.definitions.lint.words import FINITE_VERBS, listed

_SUBORDINATE = listed("that which who whom whose when where whether how why what because if unless")
_TIMES = listed("before after until till while since")
_NOT_A_SUBJECT = listed("they it he she we you i in at on under still asleep awake away")
_PRONOUNS = listed("they it he she we you i")
_BE = listed("is are was were be")
# Of what changes: "costs fall while ..." joins two results, "they leave while it is dark" does not.
_CHANGES = listed(
    "less more fewer lower higher better worse faster slower shorter longer cheaper fall falls rise"
    " rises drop drops grow grows shrink shrinks increase increases decrease decreases improve"
    " improves still also improving reducing increasing raising lowering cutting saving maintaining"
)
_ADJECTIVES = re.compile(
    r"\b(?:is|are|be|become|stay|remain)s? (?:both )?"
    r"(?P<list>[\w-]+(?:, [\w-]+)*,? and [\w-]+)\W*$",
    re.IGNORECASE,
)
# What was done, step after step, is one result: "opened, sorted and delivered".
_PARTICIPLE = re.compile(
    r".*(?:ed|en|wn)|seen|done|made|paid|kept|found|sold|told|cut|put|set|met|read|held|led|won|fed"
    r"|had|gone|run|laid|dug|sent|lent|spent|built|felt|left|dealt|bought|brought|caught|taught"
)
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
        joint = cut.groupdict().get("word") or ("; " if ";" in cut[0] else "")
        if before and after and _two_statements(before, after, joint.lower()):
            return " ".join([joint, *after[: (verb_at(after) or 0) + 1]]).strip(" ;")
    return None


def several_qualities(text: str) -> str | None:
    """Give the list at the end of "homes are warm, dry and affordable"; steps are one result."""
    found = _ADJECTIVES.search(text)
    said = words(found["list"]) if found else []
    if not found or any(_PARTICIPLE.fullmatch(word) for word in said):
        return None
    return found["list"]


def _two_statements(before: list[str], after: list[str], joint: str) -> bool:
    if joint == "as well as":  # "they do as well as others" is one statement
        return before[-1] not in FINITE_VERBS and (
            verb_at(before) is not None or not _any_verb(after)
        )
    if joint in ("while", "whilst"):
        return not _says_when(before, after)
    if joint == "; ":
        return len(after) > 1
    if len(after) > 1 and after[0] in _PRONOUNS and verb_at(before):  # "and they repay it"
        return not _SUBORDINATE & {*before}
    first, verb = verb_at(before), verb_at(after[:6])
    if not first or verb is None:
        return False
    if verb == 0 and first == len(before) - 1:  # "read and write"
        return False
    is_relative = verb > 1 and after[verb - 1] in _PRONOUNS  # "the hour they were told"
    hangs_on = _SUBORDINATE & {*before[:1], *before[first + 1 :]}
    hangs_on |= (_SUBORDINATE | _TIMES) & {*after[:verb]}
    # "anyone who falls, and cannot get up": no statement has begun yet
    is_open = _SUBORDINATE & {*before[:first]} and verb_at(before[first + 1 :]) is None
    return not (is_relative or hangs_on or is_open)


def _says_when(before: list[str], after: list[str]) -> bool:
    """Tell "while they wait", "while a colleague covers" and "while streets are quiet"."""
    if len(after) < 2 or after[0] in _NOT_A_SUBJECT:
        return True
    if _CHANGES & {*before, *after}:
        return False
    verb = verb_at(after)
    if verb is None:
        return len(after) <= 3
    return verb == len(after) - 1 or (after[verb] in _BE and len(after) - verb <= 2)


def _any_verb(said: list[str]) -> bool:
    return verb_at(said) is not None
