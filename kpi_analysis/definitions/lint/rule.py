"""What a rule is: it looks at a wording or at a measure, and says what it found and asks back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.parts import Status
from kpi_analysis.errors import Level


class About(StrEnum):
    """Which wording a word rule reads."""

    RESULT = "result"
    NAME = "name"


@dataclass(frozen=True)
class Hit:
    """What a rule found in this case, and a better wording or a question to ask back."""

    found: str
    better: str
    field: str = ""  # where the rule's own field is not the place


@dataclass(frozen=True)
class WordRule:
    """A rule that reads words; it may be wrong, so it can be silenced with a reason."""

    id: str
    level: Level
    about: About
    why: str
    check: Callable[[str], Hit | None]


@dataclass(frozen=True)
class MeasureRule:
    """A rule decided exactly from the fields, for measures that have come as far as `since`."""

    id: str
    level: Level
    field: str
    since: Status
    why: str
    check: Callable[[Measure], Hit | None]
