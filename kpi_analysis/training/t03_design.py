"""T03: candidates weighed by strength and feasibility, side effects, a guard, and a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kpi_analysis.definitions.lint.check import WORD_RULES, lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.lint.text import words
from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Guard,
    Remark,
    State,
    remarked,
    right,
    unanswered,
    wrong,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import table
from kpi_analysis.training.given import fields, number, text, texts, word

LEAST = 3
_WHY = {rule.id: rule.why for rule in WORD_RULES}
_PERIOD = re.compile(r"\b(?:by|per|a|each|every) (day|week|month|quarter)$", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A possible measure: how directly it shows the result, how cheap and steady its data are."""

    name: str
    strength: int
    feasibility: int

    def beats(self, other: Candidate) -> bool:
        """Tell whether it is at least as good in both, and better in one."""
        mine, theirs = (self.strength, self.feasibility), (other.strength, other.feasibility)
        return mine != theirs and mine[0] >= theirs[0] and mine[1] >= theirs[1]


PRACTICE = {
    "A": Candidate("Percentage of nights without a bell between 11 pm and 6 am, by week", 4, 4),
    "B": Candidate("Number of leaflets on sleep handed out, by month", 1, 5),
    "C": Candidate("Average answer to the yearly question on sleep, by year", 3, 2),
    "D": Candidate("Percentage of residents found asleep at the hourly round, by week", 5, 2),
}


def beaten(given: object) -> Answer:
    """Say which of the practice candidates another one beats: its letter."""
    said, exercise = (word(given).upper().split() or [""])[-1], "T03.beaten"
    if not said:
        return unanswered(exercise, "write A, B, C or D.")
    if said not in PRACTICE:
        return wrong(f"{exercise}.unknown", f"“{said}” is none of A, B, C and D.")
    winner = next((x for x, one in PRACTICE.items() if one.beats(PRACTICE[said])), "")
    if winner:
        words = f"{winner} is at least as strong and as feasible as {said}, so {said} can go."
        return right(exercise, words)
    why = {
        "A": "no other is at least as good in both: D is stronger, but harder to collect.",
        "B": "nothing is easier to collect. It is weak for another reason: it counts what is done.",
        "D": "nothing is stronger. It costs more to collect: that is a matter of weighing.",
    }
    return wrong(f"{exercise}.{said}", why[said])


def design(given: object) -> Answer:
    """Check a design: candidates (name, strength, feasibility), name, could_cause, guard."""
    sheet, exercise = fields(given), "T03.design"
    candidates = list(_candidates(sheet.get("candidates")))
    name, guard = text(sheet.get("name")), text(sheet.get("guard"))
    harms = texts(sheet.get("could_cause"))
    if not (candidates or name or guard or harms):
        return unanswered(exercise, f"write {LEAST} candidates first, then fill in the rest.")
    remarks = [
        *_on_candidates(exercise, candidates, sheet.get("candidates")),
        *_on_name(exercise, name, candidates),
        *_on_harm(exercise, harms),
        *_on_guard(exercise, guard, name),
    ]
    if not name or any(one.hint.startswith(f"{exercise}.name.M") for one in remarks):
        return remarked(State.WRONG if name else State.HALF, remarks)
    made = Fields(_kept(name, candidates, harms, guard))
    guards = (Guard(guard),) if guard else ()
    if remarks:
        return remarked(State.HALF, remarks, made, *guards)
    words = "a name that others could work out, its side effect, and a guard that would show it."
    return right(exercise, words, made, *guards)


def _candidates(given: object) -> Iterator[Candidate]:
    for one in given if isinstance(given, list | tuple) else []:
        parts = list(one) if isinstance(one, list | tuple) else []
        scores = [number(part) for part in parts[1:3]]
        in_range = len(scores) == 2 and all(score in (1, 2, 3, 4, 5) for score in scores)
        if in_range and text(parts[0]):
            yield Candidate(text(parts[0]), int(scores[0] or 0), int(scores[1] or 0))


def _on_candidates(exercise: str, read: list[Candidate], given: object) -> Iterator[Remark]:
    rows = [one for one in given if one] if isinstance(given, list | tuple) else []
    named = [one for one in rows if not isinstance(one, list | tuple) or text(one[0])]
    if len(read) < len(named):
        words = 'each candidate needs ("name", strength, feasibility), both from 1 to 5.'
        found = f"Of {len(named)} candidates {len(read)} can be read"
        yield Remark(f"{exercise}.scores", f"{found}: {words}")
    if len(read) < LEAST:
        words = f"{len(read)} of {LEAST} candidates: the first idea is seldom the best."
        yield Remark(f"{exercise}.few", words)


def _on_name(exercise: str, name: str, candidates: list[Candidate]) -> Iterator[Remark]:
    if not name:
        yield Remark(f"{exercise}.name", "Choose one candidate, and write it as the name.")
        return
    for rule, hit in lint_wording(About.NAME, name):
        words = f"The name: {hit.found}: {_WHY[rule]}. {hit.better}"
        yield Remark(f"{exercise}.name.{rule}", words)
    if not _PERIOD.search(name):
        words = "The name lacks its period at the end: “…, by week” or “…, by month”."
        yield Remark(f"{exercise}.period", words)
    own = next((one for one in candidates if one.name.casefold() == name.casefold()), None)
    if candidates and own is None:
        words = "The name is none of the candidates: add it, with its two scores."
        yield Remark(f"{exercise}.not-weighed", words)
    for other in candidates:
        if own and other.beats(own):
            words = f"By your scores “{other.name}” is at least as good in both, better in one."
            yield Remark(f"{exercise}.dominated", words)


def _on_harm(exercise: str, harms: list[str]) -> Iterator[Remark]:
    if not any(len(words(one)) >= 2 for one in harms):
        question = "If you had to reach the number at any price, what would you do?"
        yield Remark(f"{exercise}.could-cause", f"No side effect yet. {question}")


def _on_guard(exercise: str, guard: str, name: str) -> Iterator[Remark]:
    if not guard:
        question = "Which measure would get worse if the side effect came true?"
        yield Remark(f"{exercise}.guard", f"No guard yet. {question}")
    elif guard.casefold() == name.casefold():
        yield Remark(f"{exercise}.guard-same", "A measure cannot guard itself: name another.")
    elif hits := lint_wording(About.NAME, guard):
        rule, hit = hits[0]
        found = f"The guard: {hit.found}: {_WHY[rule]}. {hit.better}"
        yield Remark(f"{exercise}.guard.{rule}", found)


def _kept(
    name: str, candidates: list[Candidate], harms: list[str], guard: str
) -> dict[str, object]:
    own = next((one for one in candidates if one.name.casefold() == name.casefold()), None)
    period = _PERIOD.search(name)
    scores = {"strength": own.strength, "feasibility": own.feasibility} if own else {}
    return {
        "name": name,
        **scores,
        **({"frequency": period[1].lower()} if period else {}),
        **({"could_cause": harms} if harms else {}),
        **({"guards": ["my-guard"]} if guard else {}),
    }


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"beaten": beaten, "design": design}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    rows = [(x, one.name, one.strength, one.feasibility) for x, one in PRACTICE.items()]
    heads = ("", "Candidate measure", "Strength", "Feasibility")
    return {"candidates": lambda: table(heads, rows)}
