"""A lesson as a notebook has it: `check` answers in words, `show` shows, and nothing raises.

lesson = kpi.lesson("T05")
lesson.show("numbers")
lesson.check("mean", 13)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.review.wording import plural
from kpi_analysis.training.answer import Answer, State, wrong
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.given import is_empty
from kpi_analysis.training.plan import COURSE, Plan, plan_of

if TYPE_CHECKING:
    import pandas as pd

Check = Callable[[object], Answer]
Show = Callable[[], Html]


class _Module(Protocol):
    """What the module of a lesson has."""

    @staticmethod
    def exercises(folder: Folder) -> Mapping[str, Check]: ...

    @staticmethod
    def shows(folder: Folder) -> Mapping[str, Show]: ...


class Lesson:
    """One lesson in one folder; it remembers what was right, and for how long a drill was open."""

    def __init__(self, plan: Plan, folder: Folder, clock: Callable[[], float]) -> None:
        module = cast(_Module, import_module(f"kpi_analysis.training.{plan.module}"))
        self._plan, self._folder, self._clock = plan, folder, clock
        self._checks, self._shows = module.exercises(folder), module.shows(folder)
        self._states: dict[str, State] = {}
        self._shown: dict[str, float] = {}

    def check(self, exercise: str, answer: object = None) -> Answer:
        """Say at once, in words, how far an answer is; keep what it makes. Never raises."""
        if exercise not in self._checks:
            words = f"no exercise is called '{exercise}'{_or_listed(exercise, self._checks)}"
            return wrong(f"{self._plan.id}.unknown-exercise", words)
        found = self._timed(exercise, self._read(exercise, answer))
        self._states[exercise] = found.state
        try:
            self._folder.note(self._plan.id, exercise, found.state)
            kept = self._folder.keep(found)
        except (KpiError, OSError, UnicodeError) as error:
            kept = f"Not kept: {error}."
        return replace(found, note=" ".join(part for part in (found.note, kept) if part))

    def _read(self, exercise: str, answer: object) -> Answer:
        """Check an answer; say how to write one that cannot be read."""
        found = self._checks[exercise](answer)
        if found.state is not State.UNANSWERED or len(found.remarks) > 1 or is_empty(answer):
            return found
        how = found.remarks[0].words
        return wrong(f"{self._plan.id}.unread", f"this cannot be read as an answer. Please {how}")

    def show(self, name: str) -> Html:
        """Show what an exercise is about; an unknown name is answered with the known ones."""
        if name not in self._shows:
            words = f"Nothing is called '{name}'{_or_listed(name, self._shows)}"
            return Html(f"<p>{escape(words)}</p>", words)
        self._shown[name] = self._clock()
        return self._shows[name]()

    def data(self, name: str) -> pd.DataFrame:
        """Give a table of the course: "nile", one row a year; raises KpiError for another name."""
        if name != "nile":
            raise KpiError(f"there is no table '{name}': the course has nile")
        from kpi_analysis.training.t06_with_library import nile

        return nile()

    @property
    def is_done(self) -> bool:
        """Whether every exercise was right, in this session."""
        return not self._open

    @property
    def _open(self) -> list[str]:
        return [one for one in self._checks if self._states.get(one) is not State.RIGHT]

    def _timed(self, exercise: str, answer: Answer) -> Answer:
        was_shown = self._plan.timed and exercise in self._shown
        if not was_shown or answer.state is State.UNANSWERED:
            return answer
        seconds = round(self._clock() - self._shown[exercise])
        words = f"You took {plural(seconds, 'second')}. Only you see this: it is not kept."
        return replace(answer, note=words)

    def __repr__(self) -> str:
        done = len(self._checks) - len(self._open)
        head = f"{self._plan.id} {self._plan.title}: {done} of {len(self._checks)} exercises right"
        if self.is_done:
            return f"{head}. Done."
        return f"{head}. Next: {self._open[0]} – {self._plan.exercises[self._open[0]]}."


def lesson(
    name: str, *, folder: str | Path = ".", clock: Callable[[], float] = time.monotonic
) -> Lesson:
    """Open a lesson of the course, such as "T05".

    `folder` is where it runs; answers are kept only in a folder that `kpi learn` made. `clock`
    is the stopwatch of the reading drill: what it says is shown to the learner and kept nowhere.
    Raises KpiError for an unknown lesson.
    """
    plan = plan_of(str(name))
    if plan is None:
        known = ", ".join(f"{one.id} {one.title}" for one in COURSE)
        raise KpiError(f"there is no lesson '{name}': the course has {known}")
    return Lesson(plan, Folder(Path(folder)), clock)


def _or_listed(word: str, known: Mapping[str, object]) -> str:
    return did_you_mean(nearest(str(word), known)) or f": there are {', '.join(known)}."
