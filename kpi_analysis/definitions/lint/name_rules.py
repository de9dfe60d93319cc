"""Rules about a measure's name: the statistic, the thing and the period, of a process."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.result_rules import weasel
from kpi_analysis.definitions.lint.rule import About, Hit, WordRule
from kpi_analysis.definitions.lint.text import first_of
from kpi_analysis.definitions.lint.words import (
    ACTIVITIES,
    GOOD_NEWS,
    PEOPLE,
    STATISTICS,
    TIME_UNITS,
)
from kpi_analysis.errors import Level

_DONE = (
    r"completed|established|rolled out|implemented|delivered|launched|in place|achieved|finished"
    r"|installed|introduced|signed off|approved|published|up and running|go[- ]live|on track"
)
_MILESTONE = re.compile(rf"\b(?:{_DONE})\W*$|\b(?:roll-?out|milestones?|go-live)\b", re.I)
_OF_PLAN = re.compile(
    r"(?:%|percent(?:age)?|share|proportion) of (?:the )?(?:\w+ )?(?:plan|plans|programme|program"
    r"|project|projects|milestones|strategy|roadmap|deliverables|actions|action plan)\b",
    re.I,
)
_ROLLING = re.compile(
    r"\b(?:year[- ]to[- ]date|ytd|cumulative|running (?:total|average|mean)|rolling|moving"
    r" (?:average|mean|total)|to date|since (?:january|april) 1?)\b",
    re.I,
)
_COMPOSITE = re.compile(
    r"\b(?:index|indices|composite|weighted|scorecard)\b"
    r"|\b(?:overall|performance|combined|aggregate|total|service|health|balanced)\s+(?:\w+\s+)?"
    r"(?:score|rating|grade)\b",
    re.I,
)
_VARIANCE = re.compile(
    r"\b(?:variance|variation|deviation|gap)\b.*\b(?:target|budget|plan|forecast|trajectory)\b"
    r"|\b(?:against|versus|vs\.?|compared (?:to|with)|above|below|over|under) (?:the )?(?:target"
    r"|budget|plan|forecast|last (?:month|year|week|quarter)|previous (?:month|year|week|quarter))"
    r"|\b(?:%|percent(?:age)?|share) of (?:the )?(?:target|budget|plan)s?\b"
    r"|\b(?:month|year|week|quarter)[- ](?:on|over)[- ](?:month|year|week|quarter)\b"
    r"|\b(?:change|increase|decrease|reduction|growth|improvement|decline) (?:in|of|from|since)\b"
    r"|\bvariance\b",
    re.I,
)
_PERIOD = re.compile(r",? (?:by|per|a|each|every) (?:day|week|month|quarter|year)$", re.I)
_BY_PERSON = re.compile(r"\b(?:by|for each|of each|per individual|for every)\s+(\w+)", re.I)
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|dr|miss)\.? [A-Z][a-z]+|\b(?:staff|employee|payroll) (?:id|no)\b"
)
_FROM_TO = re.compile(
    rf"\b(?:{'|'.join(sorted(TIME_UNITS))})\b.*\b(?:from|between|until|to)\b", re.I
)


def milestone(text: str) -> Hit | None:
    """M01: a yes or no milestone, or a share of a plan."""
    found = _OF_PLAN.search(text)
    if not found and not _statistic(text):
        found = _MILESTONE.search(_PERIOD.sub("", text))
    if not found:
        return None
    return Hit(f"'{found[0]}' is done once, then never again", "What happens again and again?")


def no_statistic(text: str) -> Hit | None:
    """M02: a topic, not how its value comes from the cases."""
    if _statistic(text):
        return None
    return Hit(
        "names a topic without a statistic", f"Percentage, number or median of what: {text}?"
    )


def _statistic(text: str) -> bool:
    bare = _PERIOD.sub("", text)
    return "%" in bare or bool(first_of(bare, STATISTICS)) or bool(_FROM_TO.search(bare))


def activity(text: str) -> Hit | None:
    """M04: a count of effort."""
    counted = re.match(r"(?:the )?(?:total )?(?:number|count|total|sum) of (.*)", text, re.I)
    thing = first_of(_head(counted[1]), ACTIVITIES) if counted else None
    return (
        Hit(f"counts '{thing}', an effort", "So that what? Count what comes of it.")
        if thing
        else None
    )


def _head(text: str) -> str:
    """Give the counted thing itself, without what is said about it after "per" or "with"."""
    return re.split(r"\b(?:per|by|with|without|that|who|which|from|after|for|in|about)\b|,", text)[
        0
    ]


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
    word = first_of(text, GOOD_NEWS)
    return (
        Hit(f"'{word}' shows only good news", "What would show that it goes wrong?")
        if word
        else None
    )


def persons(text: str) -> Hit | None:
    """M09: people told apart, by name, number or one by one."""
    titled = _TITLED.search(text)
    by = next((m for m in _BY_PERSON.finditer(text) if m[1].lower() in PEOPLE), None)
    found = titled or by
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
        "two people picture different things, so any number will do", weasel),
    WordRule("M04", Level.WARNING, About.NAME,
        "more activity can make the result worse", activity),
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
