"""T09: show the chart to one person. Questions that open a talk, and what was said, kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kpi_analysis.definitions.lint.text import words
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.review.questions import questions
from kpi_analysis.training.answer import (
    Answer,
    Reaction,
    Remark,
    State,
    half,
    remarked,
    right,
    unanswered,
    wrong,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import said, table
from kpi_analysis.training.given import fields, text, word
from kpi_analysis.training.sorting import Card, check_cards, show_cards
from kpi_analysis.training.t05_by_hand import own_review

KINDS = ("open", "closed", "blaming")
REFLECTS = ("yes", "partly", "no")
QUESTIONS = (
    Card("What changed in the work around March?", "open",
         "It can be answered with something nobody in the room thought of."),
    Card("Was it the new rota?", "closed", "Yes or no ends the talk; it may be neither."),
    Card("Why did you not say anything?", "blaming",
         "It asks for an excuse, and next time nothing will be shown."),
    Card("Which step takes longest, and how could we see it?", "open",
         "It sends people to look at the work."),
    Card("Who made this mistake?", "blaming",
         "A process made it possible: who happened to stand there explains nothing."),
    Card("Is the target met?", "closed", "Yes or no ends the talk; the chart says it anyway."),
    Card("What would have to be true for the gain to last?", "open",
         "It can be answered with something nobody in the room thought of."),
    Card("What was the night shift thinking of?", "blaming",
         "It sounds open, but it has found its culprit already."),
)  # fmt: skip
_OPENERS = {"what", "which", "how", "where", "when", "whose", "who"}
_CLOSED = {
    *("is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would", "has"),
    *("have", "should", "may", "might", "shall", "must", "am", "isn't", "aren't", "don't"),
}
_BLAMING = re.compile(
    r"\bwhy (?:do|does|did|have|has|are|were|was|can|could)(?:n['’]t)?\b.*\b(?:you|they|s?he)\b"
    r"|\bwho (?:made|did|forgot|caused|failed|is to blame|is responsible)\b|\bwhose fault\b"
    r"|\bwhat (?:were|was|are|is) .* thinking\b|\bhow could (?:you|they)\b",
    re.IGNORECASE,
)


def sort_questions(given: object) -> Answer:
    """Sort the eight questions: {1: "open", ...}."""
    return check_cards("T09.questions", QUESTIONS, KINDS, given)


def upward(given: object) -> Answer:
    """Check one open question for those who decide on the measures."""
    said, exercise = text(given), "T09.upward"
    if not said:
        return unanswered(exercise, "write one question that opens a talk.")
    first = (words(said) or [""])[0]
    if "?" not in said:
        return half(f"{exercise}.no-question", "it tells; a question ends in a question mark.")
    if _BLAMING.search(said):
        words_ = "it looks for somebody to blame. Ask about the work: what led to it, where, when?"
        return wrong(f"{exercise}.blaming", words_)
    if said.count("?") > 1:
        return half(f"{exercise}.several", "two questions at once: the second is never answered.")
    if first in _CLOSED:
        words_ = f"“{first} …” is answered with yes or no. Begin with what, which, how or where."
        return half(f"{exercise}.closed", words_)
    if first == "why":
        words_ = "“why” asks for a justification. “What led to …” asks the same, and opens."
        return half(f"{exercise}.why", words_)
    if first not in _OPENERS:
        words_ = "begin with what, which, how or where, so that the question stands alone."
        return half(f"{exercise}.opener", words_)
    return right(exercise, "open, about the work, and one at a time. Ask it, and then wait.")


def reaction(given: object) -> Answer:
    """Check a reaction card: date, reflects (yes, partly, no), text."""
    sheet, exercise = fields(given), "T09.reaction"
    day, reflects = text(sheet.get("date")), word(sheet.get("reflects"))
    quoted = text(sheet.get("text"))
    if not (day or reflects or quoted):
        return unanswered(exercise, "show your chart to one person, then fill in the card.")
    remarks = []
    if not _is_day(day):
        found = f"'{day}' is no day" if day else "no day yet"
        remarks.append(Remark(f"{exercise}.date", f"date: {found}: write it as 2025-04-14."))
    if reflects not in REFLECTS:
        near = did_you_mean(nearest(reflects, REFLECTS)) or "."
        words_ = f"reflects: does it reflect our work? yes, partly or no{near}"
        remarks.append(Remark(f"{exercise}.reflects", words_))
    if len(words(quoted)) < 3:
        words_ = "text: their words, as they said them; a yes alone teaches nothing."
        remarks.append(Remark(f"{exercise}.text", words_))
    if remarks:
        return remarked(State.HALF if len(remarks) < 3 else State.WRONG, remarks)
    after = {
        "no": "“No” is worth most: what would the number have to be for them to say yes?",
        "partly": "What is the part that it does not show?",
        "yes": "Ask a second person who sees other parts of the work.",
    }
    return right(exercise, f"one voice. {after[reflects]}", Reaction(day, reflects, quoted))


def _is_day(written: str) -> bool:
    try:
        return Period.parse(written).frequency is Frequency.DAY
    except KpiError:
        return False


def bank(folder: Folder) -> Html:
    """Show three questions for the state of the learner's own chart."""
    try:
        own = own_review(folder)
    except KpiError as error:
        return said(str(error))
    if own is None:
        return said("Three questions for your own chart stand here once there is one (T05).")
    return table((f"{own.verdict.label}: ask",), ((one,) for one in questions(own)))


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"questions": sort_questions, "upward": upward, "reaction": reaction}


def shows(folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {"questions": lambda: show_cards(QUESTIONS), "bank": lambda: bank(folder)}
