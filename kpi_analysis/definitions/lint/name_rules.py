"""Rules about a measure's name: the statistic, the thing and the period, of a process."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.result_rules import weasel_of
from kpi_analysis.definitions.lint.rule import About, Hit, WordRule
from kpi_analysis.definitions.lint.text import first_of, words
from kpi_analysis.definitions.lint.words import (
    ACTIVITIES,
    DONE_BY_US,
    FAILED,
    FIRST_NAMES,
    GOOD_NEWS,
    PERSONS,
    TIME_UNITS,
    WEASELS,
)
from kpi_analysis.errors import Level

_DONE = (
    r"completed|established|rolled out|implemented|delivered|launched|in place|achieved|finished"
    r"|installed|introduced|signed off|signed|approved|published|up and running|go[- ]live"
    r"|on track|built|opened|bought|hired|appointed|updated|reviewed|agreed|produced|created"
    r"|recruited|staffed|set up|trained|adopted|ready|held"
)
_UNTIL = re.compile(r"\s+(?:by|before|in) (?:the end of )?(?:[A-Z]\w+|\d{4}|Q[1-4])$|\s+on time.*$")
_MILESTONE = re.compile(
    rf"\b(?:{_DONE}|complete)\W*$|\b\w+[^s\W] (?!received|resolved|lost|missed)\w+ed\W*$"
    rf"|\b(?:project|programme|plan|strategy|policy|system)s?\s+(?:{_DONE})\b"
    r"|^(?:the )?(?:implementation|introduction|installation|completion|adoption|creation"
    r"|establishment|relocation|migration) of\b",
    re.I,
)
_OF_PLAN = re.compile(
    r"\b(?:roll-?out|milestones?|go-live|deliverables)\b"
    r"|(?:%|percent(?:age)?|share|proportion) of (?:the )?(?:\w+ )?(?:plan|plans|programme|program"
    r"|project|projects|strategy|roadmap|actions|action plan)\b"
    r"(?! (?:whose|that|which|with|where))",
    re.I,
)
_STATISTIC = re.compile(
    r"%|\b(?:av|avg|ave)\.? "
    r"|\b(?:numbers? of|no\.? of|number\b(?! \d)|counts?|percent(?:age)?s?|per cent|proportion"
    r"|shares? of|average|mean|median|(?:\w+ )?percentiles?|totals?|ratio|sum of|minimum|maximum"
    r"|rates?(?=$|,| (?:of|per|in|among|for|at|within|by|after|on|and|to))|per)\b",
    re.I,
)
_SPAN = r"(?:month|quarter|year|week|day)s?"
_ROLLING = re.compile(
    r"\b(?:year[- ]to[- ]date|ytd|cumulative(?:ly)?|running (?:total|average|mean)|to date|so far"
    r"|rolling(?! stock| mill| programme| pin)|trailing|moving (?:[\w-]+ )?(?:average|mean|total)"
    r"|since (?:(?:the )?start|(?:last )?(?:january|february|march|april|may|june|july|august"
    rf"|september|october|november|december)|launch)|(?:last|past|previous) (?:\d+|three|four|six"
    rf"|twelve) {_SPAN})\b",
    re.I,
)
_COMPOSITE = re.compile(
    r"\b(?:(?<!mass )(?<!price )index(?! case| finger|-linked)|indices|weighted|scorecard"
    r"|composite(?! door| filling| panel| board| deck| material| window)|barometer|thermometer"
    r"|maturity (?:level|model|score)|star rating|rag (?:status|rating)|league position"
    r"|ranking)\b"
    r"|\b(?:overall|performance|combined|aggregate|total|service|health|balanced)\s+(?:\w+\s+)?"
    r"(?:score|rating|grade)\b"
    r"|\boverall (?:\w+ )?(?:effectiveness|performance|quality)\b|\bscored out of\b"
    r"|\btotal (?:\w+ )?points\b",
    re.I,
)
_AIM = r"(?:target|budget|plan|quota|forecast|trajectory)s?\b(?! holder| manager| line| meeting)"
_VARIANCE = re.compile(
    rf"\b(?:variance|variation|deviation|gap|difference)\b.*\b(?:{_AIM}|planned|budgeted)"
    r"|\b(?:against|versus|vs\.?|compared (?:to|with)|above|below|over|under) (?:the )?"
    rf"(?:{_AIM}|planned|expected|(?:last|previous) (?:month|year|week|quarter))"
    r"|(?:%|\bpercent(?:age)?|\bshare) of (?:the )?(?:\w+ ){0,2}(?:target|budget|quota|forecast)s?"
    r"\b(?! holder| manager| line| meeting)"
    rf"|\b(?:meet|meeting|met|hit|hitting|achieving|missing|reaching)\b.*\b{_AIM}"
    r"|\b(?:month|year|week|quarter)[- ](?:on|over)[- ](?:month|year|week|quarter)\b"
    r"|\b(?:change|increase|decrease|reduction|growth|improvement|decline) (?:in|of|from|since)\b"
    r"|\bvariance\b|\b(?:revenue|sales|income|profit|traffic|membership|passenger) growth\b",
    re.I,
)
_PERIOD = re.compile(r",? (?:by|per|a|each|every) (?:day|week|month|quarter|year)$", re.I)
_PLEASED = re.compile(
    r"^(?:the )?(?:total )?(?:number|count|total) of (?:\w+ )?(?:satisfied|happy|delighted|pleased)"
    r"\b|\bpercent(?:age)? of (?:happy|delighted|pleased)\b"
    r"|^(?:number|count) of (?:\w+ )?awards?(?=$|,)"
    r"|\bawards? (?:won|received|gained|nominations?)\b"
    r"|\bpromoters\b",
    re.I,
)
_PERSON = "|".join(sorted(PERSONS))
_BY_PERSON = re.compile(
    rf"\bby (?:individual |named |single )?(?!an? |the )(?:\w+ )?(?:{_PERSON})(?=$|,)"
    rf"|\b(?:{_PERSON}) (?:no\.? |number )?\d+\b"
    rf"|\b(?:by|for|of|per|from) (?:each|every|individual|named|single) (?:\w+ )?(?:{_PERSON})s?\b"
    r"|\bby (?:name|initials|team member|member of staff|staff member)\b"
    r"|\b(?:league table|leaderboard|ranking) of\b",
    re.I,
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Miss)\.? [A-Z][a-z]+|\b(?:staff|employee|payroll) (?:id|no|number)\b"
)
_NAMED = re.compile(
    rf"\b(?:{'|'.join(sorted(name.title() for name in FIRST_NAMES))})(?:['’]s\b|(?= *$|,))"
)
_FROM_TO = re.compile(
    rf"\b(?:{'|'.join(sorted(TIME_UNITS))})\b.*\b(?:from|between|until|to|lost)\b", re.I
)
_PEOPLE_TAUGHT = re.compile(
    r"^(?:staff|people|employees|managers|volunteers|members)\b.*\b(?:trained|briefed|coached"
    r"|inducted|consulted|contacted|informed|signed up)\b",
    re.I,
)
_NAME_WEASELS = {
    word: question
    for word, question in WEASELS.items()
    if word not in ("satisfied", "happy", "delighted", "pleased")  # M08 asks about these
}


def milestone(text: str) -> Hit | None:
    """M01: a yes or no milestone, or a share of a plan."""
    found = _OF_PLAN.search(text)
    if not found and not _has_statistic(text):
        found = _MILESTONE.search(_UNTIL.sub("", _PERIOD.sub("", text)))
    if not found:
        return None
    return Hit(f"'{found[0]}' is done once, then never again", "What happens again and again?")


def no_statistic(text: str) -> Hit | None:
    """M02: a topic, not how its value comes from the cases."""
    if _has_statistic(text):
        return None
    return Hit(
        "names a topic without a statistic", f"Percentage, number or median of what: {text}?"
    )


def _has_statistic(text: str) -> bool:
    bare = _PERIOD.sub("", text)
    return bool(_STATISTIC.search(bare) or _FROM_TO.search(bare))


def weasel_in_name(text: str) -> Hit | None:
    """M03: a word that everybody pictures differently."""
    return weasel_of(text, _NAME_WEASELS)


def activity(text: str) -> Hit | None:
    """M04: a count of effort."""
    counted = re.match(
        r"(?:the )?(?:(?:total )?(?:number|count|total|sum) of|total) (.*)", text, re.I
    )
    thing = _effort(counted[1]) if counted else None
    if thing is None:
        return None
    return Hit(f"counts '{thing}', an effort", "So that what? Count what comes of it.")


def _effort(counted: str) -> str | None:
    """Give the effort that is counted: its last noun, before what is said about it."""
    taught = _PEOPLE_TAUGHT.match(counted)
    if taught:
        return taught[0]
    if re.match(r"reports of\b", counted, re.I):  # people report what happened to them
        return None
    said = words(re.split(_ABOUT, counted)[0])
    told = next((n for n, word in enumerate(said) if n and _says_what_was_done(word)), len(said))
    if not said or FAILED & set(words(counted)):
        return None
    return said[told - 1] if said[told - 1] in ACTIVITIES else None


_ABOUT = re.compile(r"\b(?:per|by|with|without|that|who|which|from|after|for|in|about|to|of)\b|,")


def _says_what_was_done(word: str) -> bool:
    return word in DONE_BY_US or word.endswith("ed") or word in ("meeting", "reaching", "waiting")


def rolling(text: str) -> Hit | None:
    """M05: each point repeats most of the one before."""
    found = _ROLLING.search(text)
    return (
        Hit(f"'{found[0]}' repeats the past in each point", _plain(text, _ROLLING))
        if found
        else None
    )


def composite(text: str) -> Hit | None:
    """M06: several things in one number."""
    found = _COMPOSITE.search(text)
    if not found and not _has_statistic(text):  # a score of what, worked out how?
        found = re.search(r"\b(?:scores?|ratings?|grades?)\b", text, re.I)
    if not found:
        return None
    return Hit(
        f"'{found[0]}' mixes several things", "Which part would you act on? Measure that one."
    )


def variance(text: str) -> Hit | None:
    """M07: the distance from a target, or the change since the last period."""
    found = _VARIANCE.search(text)
    if not found:
        return None
    return Hit(f"'{found[0]}' mixes the process with something else", "Plot the value itself.")


def good_news(text: str) -> Hit | None:
    """M08: only what is pleasant."""
    pleased = _PLEASED.search(text)
    word = pleased[0] if pleased else first_of(text, GOOD_NEWS)
    if word is None:
        return None
    return Hit(f"'{word}' shows only good news", "What would show that it goes wrong?")


def persons(text: str) -> Hit | None:
    """M09: people told apart, by name, number or one by one."""
    bare = _PERIOD.sub("", text)
    found = _TITLED.search(text) or _BY_PERSON.search(bare) or _NAMED.search(bare)
    if not found:
        return None
    better = f"Measure the process: {text[: found.start()].strip(' ,')}, by week"
    return Hit(f"'{found[0]}' measures persons", better)


def _plain(text: str, taken_out: re.Pattern[str]) -> str:
    rest = " ".join(
        re.sub(r"\d+[- ]?(?:month|week|day|year)s?\b", "", taken_out.sub("", text)).split()
    )
    return f"Show each period by itself: {rest.strip(' ,-')}"


NAME_RULES = (
    WordRule("M01", Level.WARNING, About.NAME,
        "it is not a repeated measurement: no chart is possible", milestone),
    WordRule("M02", Level.WARNING, About.NAME, "a topic is not a measure", no_statistic),
    WordRule("M03", Level.WARNING, About.NAME,
        "two people picture different things, so any number will do", weasel_in_name),
    WordRule("M04", Level.WARNING, About.NAME,
        "by itself it can grow while the result gets worse", activity),
    WordRule("M05", Level.WARNING, About.NAME,
        "moving ranges shrink and limits become too narrow: signals are late and false", rolling),
    WordRule("M06", Level.WARNING, About.NAME,
        "opposite movements cancel, and nobody knows what to do about the sum", composite),
    WordRule("M07", Level.WARNING, About.NAME,
        "it hides the level, and moves when the target moves", variance),
    WordRule("M08", Level.QUESTION, About.NAME,
        "where only good news is measured, storm clouds stay unseen", good_news),
    WordRule("M09", Level.WARNING, About.NAME,
        "measuring people breeds fear and managed figures: measure the process", persons),
)  # fmt: skip
