"""Rules about the wording of a result: it says what is so for somebody, in plain words."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.rule import About, Hit, WordRule
from kpi_analysis.definitions.lint.text import first_of, words
from kpi_analysis.definitions.lint.words import (
    ACTION_VERBS,
    DELIVERABLES,
    DOUBTFUL_VERBS,
    FINITE_VERBS,
    TIME_UNITS,
    WEASELS,
    listed,
)
from kpi_analysis.errors import Level

_PERCENT = re.compile(r"\d\s*%|\bper ?cent(age)?\b|\btargets?\b", re.IGNORECASE)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_DATE = re.compile(
    rf"\b(?:by|before|until|in|from|end of)\s+(?:the\s+)?(?:{_MONTH}\b|q[1-4]\b|(?:year|quarter)"
    r"[- ]?end\b|end of\b|next (?:year|quarter)\b|(?:19|20)\d\d\b)|\b(?:19|20)\d\d\b|\bby \d+\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:at least|at most|no more than|no less than|fewer than|less than|more than|under|over"
    r"|above|below)\s+(?:\d[\d.,]*)\s*(?P<unit>[a-z]*)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\b(while|whilst|as well as|and also|in addition to|together with)\b|;", re.I)
_EMPTY_WORDS = listed(
    "a an the we our us ours i you your it its this that be being become is are was were will "
    "shall to of in at for by on with and or most more very number first one always "
    "everywhere all"
)


def action(text: str) -> Hit | None:
    """R01: the result begins with what somebody does, or names a project or a document."""
    said = words(text)
    if not said:
        return None
    if said[0] in ACTION_VERBS or (said[0] in DOUBTFUL_VERBS and not _has_verb(said[1:4])):
        return Hit(f"begins with the action '{said[0]}'", "What is so for whom, once that is done?")
    thing = first_of(text, DELIVERABLES)
    if thing:
        return Hit(f"names '{thing}', a thing made on the way", "What is different for whom then?")
    return None


def _has_verb(said: list[str]) -> bool:
    """Tell whether a verb of its own follows: "train passengers know", not "train all staff"."""
    verb = next((n for n, word in enumerate(said) if word in FINITE_VERBS), None)
    return verb is not None and not _belongs_to_noun(said, verb)


def weasel(text: str) -> Hit | None:
    """R02, M03: a word that everybody pictures differently."""
    word = first_of(text, WEASELS)
    return Hit(f"'{word}' means something else to everybody", WEASELS[word]) if word else None


def several(text: str) -> Hit | None:
    """R03: two results in one sentence, each with its own verb."""
    joined = _JOINED.search(text)
    if joined:
        return Hit(f"joins two results by '{joined[0]}'", "Which of them comes first? Part them.")
    for cut in re.finditer(r",?\s+and\s+|,\s+", text):
        before, after = words(text[: cut.start()]), words(text[cut.end() :])
        verb_before = any(word in FINITE_VERBS for word in before[1:])
        own_verb = next((n for n, word in enumerate(after[:5]) if word in FINITE_VERBS), None)
        if verb_before and own_verb is not None and not _belongs_to_noun(after, own_verb):
            return Hit(
                f"joins two results: '... {' '.join(after[: own_verb + 1])} ...'",
                "Which of them comes first? Write one result for each.",
            )
    return None


def _belongs_to_noun(after: list[str], verb: int) -> bool:
    """Tell whether the verb opens a clause about a noun: "and goods that arrive whole"."""
    return any(word in {"that", "which", "who", "when", "where", "if"} for word in after[:verb])


def target_inside(text: str) -> Hit | None:
    """R04: a target, percentage or date; how long a service takes may stand."""
    bound = _BOUND.search(text)
    is_bound = bound and bound["unit"].lower() not in TIME_UNITS
    found = _PERCENT.search(text) or _DATE.search(text) or (bound if is_bound else None)
    if found is None:
        return None
    return Hit(
        f"holds a target or a date: '{found[0].strip()}'",
        "Say what is so; the target has a field of its own.",
    )


def nobody(text: str) -> Hit | None:
    """R05: fewer than three words, or no noun but we."""
    said = words(text)
    nouns = [word for word in said if word not in _EMPTY_WORDS and word not in WEASELS]
    if len(said) >= 3 and nouns:
        return None
    return Hit("names nobody and nothing that one could look at", "Who would notice, and what?")


RESULT_RULES = (
    WordRule("R01", Level.WARNING, About.RESULT,
        "measures of action tell how busy we were, not whether anything got better", action),
    WordRule("R02", Level.WARNING, About.RESULT,
        "two people picture different things, so any number will do", weasel),
    WordRule("R03", Level.WARNING, About.RESULT,
        "one measure cannot be evidence of two results: design one at a time", several),
    WordRule("R04", Level.WARNING, About.RESULT,
        "a target chosen before the measure exists is a guess", target_inside),
    WordRule("R05", Level.WARNING, About.RESULT, "nothing is named that could be observed", nobody),
)  # fmt: skip
