"""T00: is it a measure? Twelve cards, and how sure the learner feels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import Answer, SelfCheck, half, right, unanswered, wrong
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.given import numbers
from kpi_analysis.training.sorting import Card, check_cards, show_cards

KINDS = ("measure", "target", "milestone", "action", "topic")
CARDS = (
    Card("Percentage of bins emptied on the planned day, by week", "measure",
         "It is a number, worked out the same way week after week: it can be charted."),
    Card("New rota in use by June", "milestone",
         "It is reached once, then never again: a chart of it would have one point."),
    Card("Punctuality", "topic",
         "It names a subject. Two people would count two different things under it."),
    Card("95 % of trains arrive within five minutes of the timetable", "target",
         "The share of trains is the measure; 95 % is the level that somebody wants for it."),
    Card("Train all drivers in gentle braking", "action",
         "It is something to do. Whether passengers fall less is what a measure would show."),
    Card("Average days from the report of damp to its repair, by month", "measure",
         "It is a number, worked out the same way month after month: it can be charted."),
    Card("No falls this year", "target",
         "Falls can be counted: that is the measure. None of them is the level wanted."),
    Card("Wellbeing of residents", "topic",
         "It names a subject. What would one see, hear or count if it were better?"),
    Card("Call handling system switched over", "milestone",
         "It is reached once, then never again: a chart of it would have one point."),
    Card("Number of falls per 1,000 days of care, by month", "measure",
         "It is a number, worked out the same way month after month: it can be charted."),
    Card("Hold a safety meeting every Monday", "action",
         "It is something to do. Counting the meetings would tell how busy we were."),
    Card("Kilograms of scrap per tonne made, by week", "measure",
         "It is a number, worked out the same way week after week: it can be charted."),
)  # fmt: skip
STATEMENTS = (
    "I can tell a measure from a target, an action and a topic.",
    "I can say whether a change in a number means anything.",
    "I know what to do, and what to leave alone, when a number is red.",
)


def cards(given: object) -> Answer:
    """Sort the twelve cards: {1: "measure", 2: ...}."""
    return check_cards("T00.cards", CARDS, KINDS, given)


def how_sure(when: str, exercise: str, given: object) -> Answer:
    """Take how sure the learner feels of the three statements: three numbers from 1 to 5."""
    said = numbers(given)
    if not any(one is not None for one in said):
        return unanswered(exercise, "write three numbers from 1 (not at all) to 5 (fully).")
    sure = tuple(int(one) for one in said if one in (1, 2, 3, 4, 5))
    if len(sure) < len(said):
        return wrong(f"{exercise}.number", "only 1, 2, 3, 4 and 5 count.")
    if len(sure) != len(STATEMENTS):
        words = f"{len(sure)} of {len(STATEMENTS)} statements have a number."
        return half(f"{exercise}.open", words)
    words = "there is no wrong answer here; it stays on your disk, and T10 asks again."
    return right(exercise, words, SelfCheck(when, sure))


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"before": lambda given: how_sure("before", "T00.before", given), "cards": cards}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    statements = tuple(Card(words, "", "") for words in STATEMENTS)
    return {"cards": lambda: show_cards(CARDS), "statements": lambda: show_cards(statements)}
