"""T07: the reading drill. Twenty charts: what is it doing, and what is owed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.packs.html import Html
from kpi_analysis.review import wording
from kpi_analysis.review.drawing import picture
from kpi_analysis.training.answer import Answer, Remark, State, remarked, right, unanswered
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import charts
from kpi_analysis.training.given import by_number
from kpi_analysis.training.series import Planted, review, unread

DOING = ("better", "worse", "steady")
DUTIES = ("learn", "respond", "change", "leave")
IN_A_ROUND = 5


@dataclass(frozen=True)
class Case:
    """One chart of the drill, what was planted in it, and what is owed, in the learner's words."""

    planted: Planted
    doing: str
    duty: str


_P = partial(Planted, count=28)  # the limits come from the first 24
CASES = (
    # round 1
    Case(_P("Late trips, line 3", "lower", 11.0, 1.4, 1, target=12), "steady", "leave"),
    Case(_P("Bins not emptied on the day", "lower", 2.0, 0.25, 32, target=5,
            moves=((20, 0.9),)), "worse", "respond"),
    Case(_P("Residents weighed every week", "higher", 78.0, 2.0, 1, target=95),
         "steady", "change"),
    Case(_P("Parcels sent on the promised day", "higher", 84.0, 1.5, 3, target=95,
            moves=((19, 5.0),)), "better", "learn"),
    Case(_P("Calls answered within a minute", "higher", 93.0, 1.0, 1, target=85),
         "steady", "leave"),
    # round 2
    Case(_P("Falls per 1,000 days of care", "lower", 6.0, 0.6, 1, unit="falls",
            bumps=((27, 4.0),)), "worse", "respond"),
    Case(_P("Trains within five minutes", "higher", 94.0, 0.8, 20, target=90,
            moves=((19, -2.4),)), "worse", "respond"),
    Case(_P("Scrap per tonne", "lower", 38.0, 3.0, 1, unit="kg", target=25, decimals=0),
         "steady", "change"),
    Case(_P("Repairs done at the first visit", "higher", 71.0, 2.2, 2, target=70),
         "steady", "leave"),
    Case(_P("Days from call to meal plan", "lower", 9.0, 0.8, 2, unit="days",
            moves=((20, -2.5),)), "better", "learn"),
    # round 3
    Case(_P("Medicines given within the hour", "higher", 97.0, 0.5, 14, target=92,
            moves=((20, -1.6),)), "worse", "respond"),
    Case(_P("Missed connections", "lower", 14.0, 1.5, 6, unit="a day", target=8,
            moves=((20, -4.0),)), "better", "learn"),
    Case(_P("Overtime hours", "lower", 120.0, 11.0, 1, unit="hours", decimals=0),
         "steady", "leave"),
    Case(_P("Letters answered in ten days", "higher", 62.0, 3.0, 2, target=90),
         "steady", "change"),
    Case(_P("Machines ready at shift start", "higher", 88.0, 1.8, 1, target=88),
         "steady", "leave"),
    # round 4
    Case(_P("Empty beds cleaned by noon", "higher", 66.0, 3.0, 2, target=60,
            bumps=((27, 16.0),)), "better", "learn"),
    Case(_P("Buses cancelled", "lower", 1.6, 0.2, 7, target=4,
            moves=((19, 0.8),)), "worse", "respond"),
    Case(_P("Street lights repaired in five days", "higher", 74.0, 2.5, 2, target=90,
            moves=((20, 8.0),)), "better", "learn"),
    Case(_P("Customers who call again", "lower", 18.0, 1.6, 1, target=10),
         "steady", "change"),
    Case(_P("Changeover time", "lower", 42.0, 3.0, 1, unit="minutes", target=45, decimals=0),
         "steady", "leave"),
)  # fmt: skip
ROUNDS = {
    f"round {n}": CASES[start : start + IN_A_ROUND]
    for n, start in enumerate(range(0, len(CASES), IN_A_ROUND), 1)
}


def read(name: str, given: object) -> Answer:
    """Check the answers of one round: {1: "worse, respond", ...}."""
    exercise, cases = f"T07.{name.replace(' ', '-')}", ROUNDS[name]
    answers = {n: said for n, said in by_number(given).items() if 1 <= n <= len(cases)}
    if not answers:
        words = f"write two words behind each number: {_or(DOING)}, then {_or(DUTIES)}."
        return unanswered(exercise, words)
    slips = [
        one
        for n, said in sorted(answers.items())
        for one in _slips(exercise, n, cases[n - 1], said)
    ]
    if len(answers) < len(cases):
        rest = ", ".join(str(n) for n in range(1, len(cases) + 1) if n not in answers)
        slips.append(Remark(f"{exercise}.open", f"Still without an answer: {rest}."))
    if not slips:
        return right(exercise, f"all {len(cases)}.")
    wrong_ones = {one.hint.split(".")[2] for one in slips}
    good = sum(str(n) not in wrong_ones for n in answers)
    count = Remark(f"{exercise}.count", f"{good} of {len(cases)} fully right.")
    state = State.HALF if 2 * good >= len(answers) else State.WRONG
    return remarked(state, (count, *slips))


def _slips(exercise: str, n: int, case: Case, said: str) -> Iterator[Remark]:
    words = [one.strip() for one in re.split(r"[\s,;/|+-]+", said) if one]
    unknown = [one for one in words if one not in (*DOING, *DUTIES)]
    if unknown:
        known = did_you_mean(nearest(unknown[0], (*DOING, *DUTIES))) or "."
        yield Remark(f"{exercise}.{n}.unknown", f"{n}: “{unknown[0]}” is none of the words{known}")
        return
    doing = next((one for one in words if one in DOING), "")
    duty = next((one for one in words if one in DUTIES), "")
    if doing != case.doing:
        yield Remark(f"{exercise}.{n}.doing", f"{n}: {doing or 'nothing'} – no. {reading(case)}")
    elif duty != case.duty:
        yield Remark(f"{exercise}.{n}.duty", f"{n}: {doing} is right. {_owed(case, duty)}")


def reading(case: Case) -> str:
    """Say what the library reads, and what gave it away."""
    found = review(case.planted)
    return f"{found.verdict.label}: {wording.detail(found)}. So: {case.doing}, {case.duty}."


def _owed(case: Case, duty: str) -> str:
    found = review(case.planted)
    not_that = f"Not {duty}: " if duty else ""
    return f"{not_that}{found.verdict.label}. {found.verdict.advice} So: {case.duty}."


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def drill(name: str) -> Html:
    """Show the five charts of a round, unread."""
    numbered = enumerate(ROUNDS[name], 1)
    return charts(
        (f"{n}: {case.planted.caption}", unread(picture(review(case.planted))))
        for n, case in numbered
    )


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {name: partial(read, name) for name in ROUNDS}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {name: partial(drill, name) for name in ROUNDS}
