"""A job, and what became of it: the shapes that every way of running jobs takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

from kpi_analysis.errors import KpiError

J = TypeVar("J")
R = TypeVar("R")

REASON_LENGTH = 300  # characters: a reason stands in one line of a table


@dataclass(frozen=True)
class PackJob:
    """One notebook to run: `page` and `executed` are the files to write, their folders exist.

    `team` is "" where the page is about all teams.
    """

    team: str
    title: str
    notebook: Path
    parameters: Mapping[str, str]
    page: Path
    executed: Path
    engine: str

    @property
    def name(self) -> str:
        """The page's name, without .html."""
        return self.page.stem


class Status(StrEnum):
    """How a job ended."""

    DONE = "done"  # the function returned
    RAISED = "raised"  # the function raised, sys.exit included
    DIED = "died"  # the process ended in the middle: killed, crashed, os._exit
    LATE = "late"  # stopped at the time limit


@dataclass(frozen=True)
class Outcome(Generic[J, R]):
    """One job, how it ended and what it cost.

    `result` is what the function returned; None unless DONE, or LATE and still returned when it
    was interrupted. `reason` is one line, empty when DONE. `seconds` is time on the wall, `cpu`
    is CPU seconds of the job's process and of the processes it waited for.
    """

    job: J
    status: Status
    result: R | None
    reason: str
    seconds: float
    cpu: float


def reason_of(error: BaseException) -> str:
    """Give an exception as one line: its class and the first line of its text.

    A KpiError is written for people already, and goes without its class.
    """
    words = (str(error).strip().splitlines() or [""])[0]
    name = type(error).__name__
    parts = [words] if isinstance(error, KpiError) else [name, words]
    return ": ".join(part for part in parts if part)[:REASON_LENGTH]
