"""T08: new limits or not? Eight cases, four questions, and never without a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from kpi_analysis.definitions.lint.text import words as words_of
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.packs.html import Html
from kpi_analysis.review.drawing import picture
from kpi_analysis.training.answer import Answer, Remark, State, remarked, right, unanswered
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import charts
from kpi_analysis.training.given import by_number
from kpi_analysis.training.series import Planted, review

DECISIONS = ("new", "keep", "leave out")
QUESTIONS = ("different", "known", "wanted", "lasts", "all")
"""The first of the four questions that is answered with no; "all" where none is."""


@dataclass(frozen=True)
class Case:
    """One case: its chart, its story, and the answers that hold up: (decision, question)."""

    planted: Planted
    story: str
    holds: tuple[tuple[str, str], ...]
    why: str


_P = partial(Planted, count=32)
CASES = (
    Case(
        _P("Median days to a repair", "lower", 14.0, 1.1, 1, unit="days", moves=((23, -4.0),)),
        "Since March 2025 tenants choose the day when they call. It is meant to stay.",
        (("new", "all"),),
        "It is different, the cause is known, wanted, and stays: the old limits describe a process"
        " that is gone.",
    ),
    Case(
        _P("Falls per 1,000 days of care", "lower", 6.2, 0.5, 1, unit="falls", moves=((23, -1.6),)),
        "Falls are down since March 2025. Nobody can say why.",
        (("keep", "known"),),
        "Nobody knows the cause, so nobody knows whether it lasts. Look for it first; the old"
        " limits keep asking.",
    ),
    Case(
        _P("Late trips, line 7", "lower", 12.0, 1.2, 1, bumps=((28, 11.0),)),
        "In August 2025 a flood closed the bridge for twelve days. The bridge is open again, and"
        " the month may set no limits later on.",
        (("leave out", "lasts"), ("keep", "lasts")),
        "One month with a known cause that is over: no new level. It may be left out of the limits,"
        " with that reason beside it; it stays on the chart.",
    ),
    Case(
        _P("Scrap per tonne", "lower", 30.0, 2.0, 1, unit="kg", bumps=((20, 14.0),)),
        "Scrap was high in December 2024. The cause was never found. Without that month the limits"
        " would be narrower.",
        (("keep", "known"),),
        "Without a known cause it belongs to what this process does. To take it out would make the"
        " chart look calmer than the work is.",
    ),
    Case(
        _P("Calls waiting over five minutes", "lower", 9.0, 0.9, 1, moves=((23, 3.4),)),
        "Since March 2025 one office takes the calls of two. The cause is plain; more lines are"
        " on order.",
        (("keep", "wanted"),),
        "Nobody wants the new level. New limits would call it normal, and the signal would stop"
        " asking for a response.",
    ),
    Case(
        _P("Parcels sent on the day", "higher", 86.0, 1.2, 1, moves=((23, 4.6),)),
        "Two more packers work on trial since March 2025. The trial ends with next month.",
        (("keep", "lasts"),),
        "It is better, known and wanted, but it is to end. Wait for the decision on the trial.",
    ),
    Case(
        _P("Meals eaten up", "higher", 74.0, 2.4, 16),
        "The last three months were all a little above the average. A new menu began with them.",
        (("keep", "different"),),
        "Three months inside the limits are what the old process does, too. It may be the menu; the"
        " chart cannot tell yet.",
    ),
    Case(
        _P("Beds cleaned a day", "higher", 41.0, 2.2, 2, unit="beds", moves=((22, 13.0),)),
        "In February 2025 a second house was joined on, as planned. The figures now cover both.",
        (("new", "all"),),
        "What is counted has changed, on purpose and for good. Nothing got better or worse: that is"
        " why the reason is written beside new limits.",
    ),
)


def cases(given: object) -> Answer:
    """Check eight decisions: {1: "new | all | why in your own words", ...}."""
    exercise = "T08.cases"
    answers = {n: said for n, said in by_number(given).items() if 1 <= n <= len(CASES)}
    if not answers:
        return unanswered(exercise, "write a decision | the question that decides | your reason.")
    slips = [one for n, said in sorted(answers.items()) for one in _slips(exercise, n, said)]
    if len(answers) < len(CASES):
        rest = ", ".join(str(n) for n in range(1, len(CASES) + 1) if n not in answers)
        slips.append(Remark(f"{exercise}.open", f"Still without an answer: {rest}."))
    if not slips:
        return right(exercise, "all eight, each with a reason that somebody can check later.")
    slipped = {one.hint.split(".")[2] for one in slips}
    good = sum(str(n) not in slipped for n in answers)
    count = Remark(f"{exercise}.count", f"{good} of {len(CASES)} hold up.")
    state = State.HALF if 2 * good >= len(answers) else State.WRONG
    return remarked(state, (count, *slips))


def _slips(exercise: str, n: int, said: str) -> Iterator[Remark]:
    decision, question, reason = ([part.strip() for part in said.split("|")] + ["", "", ""])[:3]
    hint, case = f"{exercise}.{n}", CASES[n - 1]
    for word, known, kind in ((decision, DECISIONS, "decision"), (question, QUESTIONS, "question")):
        if word not in known:
            near = did_you_mean(nearest(word, known)) or "."
            words = f"{n}: “{word}” is no {kind}: {', '.join(known)}{near}"
            yield Remark(f"{hint}.{kind}", words)
            return
    decisions = [one for one, _ in case.holds]
    if decision == "leave out" and decision not in decisions:
        words = f"{n}: a value is left out only for a known cause that is over. {case.why}"
        yield Remark(f"{hint}.left-out-without-cause", words)
    elif decision not in decisions:
        yield Remark(f"{hint}.other-decision", f"{n}: not “{decision}”. {case.why}")
    elif (decision, question) not in case.holds:
        words = f"{n}: “{decision}” is right, for another reason than “{question}”. {case.why}"
        yield Remark(f"{hint}.other-question", words)
    elif len(words_of(reason)) < 3:
        words = f"{n}: right, but without a reason in your own words it would not be recorded."
        yield Remark(f"{hint}.no-reason", words)


def told() -> Html:
    """Show the eight charts, read, each with its story."""
    return charts(
        (f"{n}: {case.story}", picture(review(case.planted))) for n, case in enumerate(CASES, 1)
    )


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"cases": cases}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {"cases": told}
