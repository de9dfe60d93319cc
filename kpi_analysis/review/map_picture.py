"""What the results map shows, worked out: the hand-over from review to charts and pages.

A result stands on a level of the organisation; below it hang the measures that show it and the
drivers that move it, each with the verdict of every team that has it. Nothing is rolled up: a
result has no verdict of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi_analysis.review.picture import Tone


@dataclass(frozen=True)
class Said:
    """The verdict on a measure in one team; `team` is empty where it goes without saying."""

    words: str
    tone: Tone | None
    team: str = ""


@dataclass(frozen=True)
class Leaf:
    """A measure under its result; `note` stands where there is no verdict to say."""

    name: str
    driver: bool
    here: bool
    said: tuple[Said, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Branch:
    """A result with its measures and the results below it; `level` counts from the top, 0.

    `here`: one of the measures is the team's whose map it is. `unmeasured`: there is neither a
    measure nor a result below.
    """

    id: str
    words: str
    level: int
    here: bool
    unmeasured: bool
    leaves: tuple[Leaf, ...] = ()
    branches: tuple[Branch, ...] = ()

    def all(self) -> Iterator[Branch]:
        """Give the result and all below it, in the order of the map."""
        yield self
        for branch in self.branches:
            yield from branch.all()


@dataclass(frozen=True)
class MapPicture:
    """Everything one results map shows, drawn or as a list.

    `here` is the name of the team whose map it is, empty for a map of all; `orphans` are
    sentences about goals without measures and measures without a goal.
    """

    levels: tuple[str, ...]
    roots: tuple[Branch, ...]
    here: str
    verdicts_of: str  # the heading over the verdicts: "March 2025"
    alt: str
    orphans: tuple[str, ...] = ()

    def all(self) -> Iterator[Branch]:
        """Give every result, in the order of the map."""
        for root in self.roots:
            yield from root.all()
