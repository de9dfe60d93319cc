"""Rules about the wording of a result: it says what is so for somebody, in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from kpi_analysis.definitions.lint.clauses import (
    has_own_verb,
    second_clause,
    several_qualities,
    verb_at,
)
from kpi_analysis.definitions.lint.rule import About, Hit, WordRule
from kpi_analysis.definitions.lint.text import first_of, words
from kpi_analysis.definitions.lint.words import (
    ACTION_VERBS,
    ARTICLES,
    DELIVERABLES,
    DOUBTFUL_VERBS,
    NO_VERB_BEFORE_ARTICLE,
    NOUNS_IN_ING,
    PARTICLES,
    THINGS_WITH_A_NAME,
    TIME_UNITS,
    WEASELS,
    listed,
)
from kpi_analysis.errors import Level

_PERCENT = re.compile(
    r"\d\s*%|\bper ?cent(age)?\b|\btargets?\b|[£$€]\s?\d|\bzero\b|\btop (?:quartile|decile|ten"
    r"|five|three|tier|\d+)\b|\b(?:doubled?|halved?|twice as)\b|\bhalf of\b"
    r"|\b(?:by|to) (?:half|(?:a|one|two|three)[- ](?:third|quarter|fifth|tenth|half)s?)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|\d+) (?:in|out of) (?:every )?"
    r"(?:two|three|four|five|ten|twenty|a hundred|\d+)\b"
    r"|\b(?:down|up|risen|fallen|cut) to [\d.,]+",
    re.IGNORECASE,
)
_MONTH = "january|february|april|june|july|august|september|october|november|december"  # see _DATE
_DATE = re.compile(
    # "from May Street" and "in march order" are no dates, "by May" and "until March" are
    rf"\b(?:in|from)\s+(?:{_MONTH})\b|\b(?:by|before|until|end of)\s+(?:the\s+)?(?:{_MONTH}|march"
    r"|may|q[1-4]|(?:year|quarter)[- ]?end|end of|next (?:year|quarter|spring|summer|autumn"
    r"|winter))\b|\b(?:this|next|financial) (?:financial )?year\b|\b(?:19|20)\d\d\b|\bby \d+\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:at least|at most|no more than|no less than|fewer than|less than|more than|under|over"
    r"|above|below)\s+(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty"
    r"|fifty|a hundred)\s*(?P<unit>[a-z]*)",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^\W*(?:(?:our|the) (?:aim|goal|objective) is )?(?:to|we (?:will|shall|aim to|want to))\s",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:an? |the )?(?:reduction|increase|decrease|improvement|growth|introduction|implementation"
    r"|development|delivery|creation|expansion|promotion|roll-?out) (?:in|of)\b"
    r"|(?:increased|reduced|decreased|improved|enhanced|strengthened)\b",
    re.IGNORECASE,
)
_NEW_THING = re.compile(r"^\W*(?:an? |the )?new\b", re.IGNORECASE)
_COMPARED = re.compile(r"^\W*\w+er,? and \w+er\W*$", re.IGNORECASE)
_TWO_ACTIONS = re.compile(r"\band (\w+)", re.IGNORECASE)
_MADE = re.compile(
    r"\b(?:goes live|go live|is|are|has been|have been|gets?|was|were)(?: \w+)? (?:agreed|adopted"
    r"|approved|published|launched|completed?|delivered|implemented|rolled out|in place"
    r"|established|set up|signed|ready|known|embedded|reviewed|updated|introduced|live)\b"
    r"|\bgoes live\b",
    re.IGNORECASE,
)
_ONCE_DONE = "What is so for whom, once that is done?"
_DEEDS = ACTION_VERBS | DOUBTFUL_VERBS
_EMPTY_WORDS = listed(
    "a an the we our us ours i you your it its this that be being become is are was were will "
    "shall to of in at for by on with and or most more very number first one always everywhere "
    "all get gets getting better every day right moving move forward together ahead rest faster "
    "cheaper stronger safer smarter greener further never future today tomorrow now team way "
    "ways things thing making make going go job success pride edge level next step zero "
    "everything nothing anything something above beyond raising raise bar doing do does done "
    "happen happens onwards upwards aiming aim high higher dream leading lead working work "
    "thinking big bold bigger stand out up down over back only but not no none what who how when "
    "as than so have has had there here matters matter counts count difference change future "
    "possible potential full results result outcomes outcome improvement progress growing growth "
    "winning win winners winner league vision mission ambition values purpose goals goal "
    "continuous constant proud right time world class say says said"
)


def action(text: str) -> Hit | None:
    """R01: the result begins with what somebody does, or is about a project or a document."""
    said = words(_PREAMBLE.sub("", text))
    if not said:
        return None
    begun = _AMOUNT.match(text) or (_NEW_THING.match(text) if verb_at(said) is None else None)
    if begun or _is_deed(said):
        deed = (begun[0] if begun else said[0]).lower()
        return Hit(f"begins with the action '{deed.strip()}'", _ONCE_DONE)
    thing = first_of(text, DELIVERABLES)
    if thing and (verb_at(said) is None or _made(text, thing)):
        return Hit(f"is about '{thing}', made on the way", "What is different for whom then?")
    return None


def _is_deed(said: list[str]) -> bool:
    """Tell "train all staff" and "reducing waste" from "train passengers know"."""
    if said[0] in ACTION_VERBS or _is_order(said):
        return True
    doubtful = said[0] in DOUBTFUL_VERBS or _is_gerund(said[0]) or _is_making(said)
    return doubtful and not has_own_verb(said[1:6])


def _is_order(said: list[str]) -> bool:
    """Tell "appoint a nurse" and "phase out paper": no noun stands before an article so."""
    first, second = (*said, "", "")[:2]
    if first in NO_VERB_BEFORE_ARTICLE | ARTICLES or first.endswith(("s", "ing")):
        return False
    return second in ARTICLES - {"all", "more"} or (
        second in PARTICLES and verb_at(said[2:]) is None
    )


def _is_making(said: list[str]) -> bool:
    """Tell "installing panels on roofs": a gerund with an object, and no other verb."""
    is_gerund = said[0].endswith("ing") and said[0] not in _EMPTY_WORDS | NOUNS_IN_ING
    return is_gerund and len(said) > 2 and verb_at(said[1:]) is None


def _is_gerund(word: str) -> bool:
    stem = word.removesuffix("ing")
    verbs = _DEEDS - {"get", "move"}  # "getting it right" says nothing at all: R05
    return stem != word and any(verb in verbs for verb in (stem, f"{stem}e", stem[:-1]))


def _made(text: str, thing: str) -> bool:
    """Tell whether the thing is what the sentence says to be made: "the plan is agreed"."""
    made = _MADE.search(text)
    return made is not None and text.lower().find(thing) < made.start()


def weasel(text: str) -> Hit | None:
    """R02: a word that everybody pictures differently."""
    return weasel_of(text, WEASELS)


def weasel_of(text: str, listed_words: Mapping[str, str]) -> Hit | None:
    """Look for one of the words, unless it belongs to the name of a thing."""
    said = words(text)
    named = {a for a, b in pairwise(said) if b in THINGS_WITH_A_NAME}
    word = first_of(text, {word: None for word in listed_words if word not in named})
    return Hit(f"'{word}' means something else to everybody", WEASELS[word]) if word else None


def several(text: str) -> Hit | None:
    """R03: two results in one sentence, each with its own verb."""
    clause = second_clause(text)
    if clause is None and _is_deed(words(text)[:6] or [""]):
        also = next((m for m in _TWO_ACTIONS.finditer(text) if m[1].lower() in _DEEDS), None)
        clause = also[0] if also else None
    if clause is None:
        clause = several_qualities(text)
    if clause is None and _COMPARED.match(text):
        clause = text.strip()
    if clause is None:
        return None
    return Hit(f"joins two results: '... {clause} ...'", "Which comes first? Write one for each.")


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
