"""What is asked of a run over a period, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.errors import Finding, Level
from kpi_analysis.packs.publish import PackRecord
from kpi_analysis.periods import Period

PACK_SECONDS = 600.0

Heard = Callable[[int, int], object]


@dataclass(frozen=True)
class Plan:
    """What to build, and how. `out` is the folder that gets a folder for each period.

    Packs whose inputs are unchanged are left as they are, unless `force`; `retry` builds only
    those that the last run did not. `seconds` is the time limit of one page, for each thousand
    teams begun. Without `teams` all are built, and the pages about all teams with them.
    """

    workspace: Path
    period: Period
    out: Path
    teams: Collection[str] | None = None
    engine: str = ""
    workers: int = 1
    scheduler: str = ""
    force: bool = False
    retry: bool = False
    made_on: str = ""
    seconds: float = PACK_SECONDS


@dataclass(frozen=True)
class Run:
    """One run over a period: where its pages are, what became of each pack, what was found.

    `pages` are those about all teams; there are none in a run over some teams. `findings` are
    those of the workspace, `told` the warnings of the run itself.
    """

    folder: Path
    packs: tuple[PackRecord, ...]
    pages: tuple[PackRecord, ...]
    findings: tuple[Finding, ...]
    told: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[PackRecord, ...]:
        """The packs and pages that are not there."""
        return tuple(one for one in (*self.packs, *self.pages) if not one.is_there)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The errors among the findings."""
        return tuple(one for one in self.findings if one.level is Level.ERROR)

    @property
    def how_far(self) -> str:
        """How many packs there are, and what builds the others."""
        there = sum(one.is_there for one in self.packs)
        return f"{there} of {len(self.packs)} packs are there: --retry builds the rest"


class Stopped(KeyboardInterrupt):
    """Ctrl-C while packs were built: what is finished is published, and `run` tells of it."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"stopped: {run.how_far}")
        self.run = run
