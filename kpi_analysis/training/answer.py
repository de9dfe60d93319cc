"""What a checker says: a state, remarks in words, and what is worth keeping of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from kpi_analysis.periods import Period


class State(StrEnum):
    """How far an answer is; the word leads what the learner reads."""

    UNANSWERED = "Not answered yet"
    WRONG = "Not yet"
    HALF = "Half-way there"
    RIGHT = "Right"


@dataclass(frozen=True)
class Remark:
    """One thing to say of an answer; `hint` names the slip, or what is right, for tests."""

    hint: str
    words: str


@dataclass(frozen=True)
class Fields:
    """Fields for the definition of the learner's own measure."""

    fields: Mapping[str, object]


@dataclass(frozen=True)
class Results:
    """Wordings for the learner's results map, the one on top first."""

    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Guard:
    """The name of the measure that watches over the learner's own."""

    name: str


@dataclass(frozen=True)
class Values:
    """The values of the learner's own measure, period after period from `first` on."""

    first: Period
    values: tuple[float, ...]


@dataclass(frozen=True)
class Reaction:
    """What somebody said on seeing the chart: `reflects` is yes, partly or no."""

    date: str
    reflects: str
    text: str


@dataclass(frozen=True)
class SelfCheck:
    """How sure the learner feels, 1 to 5, before or after the course."""

    when: str
    sure: tuple[int, ...]


Made = Fields | Results | Guard | Values | Reaction | SelfCheck


@dataclass(frozen=True)
class Answer:
    """What the learner reads; `makes` is what may be kept, `note` says what became of it."""

    state: State
    remarks: tuple[Remark, ...]
    makes: tuple[Made, ...] = ()
    note: str = ""

    @property
    def hint(self) -> str:
        """The id of the first remark."""
        return self.remarks[0].hint

    @property
    def hints(self) -> tuple[str, ...]:
        """The ids of all remarks."""
        return tuple(one.hint for one in self.remarks)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said, line by line, the state first."""
        first, *more = (one.words for one in self.remarks)
        return (f"{self.state}: {first}", *more, *([self.note] if self.note else []))

    def __str__(self) -> str:
        """Give the lines as a terminal shows them."""
        return "\n".join(self.lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        first, *more = self.lines
        state, _, words = first.partition(": ")
        rest = "".join(f"<li>{escape(line)}</li>" for line in more)
        listed = f"<ul>{rest}</ul>" if rest else ""
        return f"<div><p><b>{escape(state)}:</b> {escape(words)}</p>{listed}</div>"


def unanswered(exercise: str, words: str) -> Answer:
    """Say what to fill in; `words` continue "Not answered yet"."""
    return Answer(State.UNANSWERED, (Remark(f"{exercise}.empty", words),))


def wrong(hint: str, words: str) -> Answer:
    """Say which step slipped, and why."""
    return Answer(State.WRONG, (Remark(hint, words),))


def half(hint: str, words: str, *makes: Made) -> Answer:
    """Say what is missing."""
    return Answer(State.HALF, (Remark(hint, words),), makes)


def right(exercise: str, words: str, *makes: Made) -> Answer:
    """Say that it is right, and what follows from it."""
    return Answer(State.RIGHT, (Remark(f"{exercise}.right", words),), makes)


def remarked(state: State, remarks: Iterable[Remark], *makes: Made) -> Answer:
    """Say several things of one answer."""
    return Answer(state, tuple(remarks), makes)
