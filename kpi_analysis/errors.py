"""What can go wrong, one class for each station.

KpiError               anything a user can mend; its text is one line and needs no traceback
├── DefinitionError    kpi.yml or measures/*.yml: file, line, column, field, found, cure
├── RecordError        values and logs: file, row, column, value, cure
├── SourceError        a file or database that cannot be reached or read
└── PackError          a notebook, its parameters, or the folder of the pages
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters: an error holds something back, a question only asks."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"


@dataclass(frozen=True)
class Finding:
    """One fault or question, with its place. The fields are the contract of `kpi check`.

    `rule` is an id of the design check, or "schema" (a definition cannot be read) or "data"
    (a value or a row of a log cannot). `file` is relative to the workspace, with forward
    slashes. `message` says what was found and, where there is one cure, what to do.
    """

    level: Level
    rule: str
    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    field: str | None = None
    measure: str | None = None
    team: str | None = None
    better: str | None = None
    silenced: str | None = None

    def __str__(self) -> str:
        """Give one line: file:line:column: message."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return " ".join((f"{place}: " if place else "").split() + self.message.split())


class KpiError(Exception):
    """A fault that the user can mend. `str(error)` is one line for each fault, no traceback."""

    def __init__(self, faults: str | Finding | Iterable[Finding]) -> None:
        if isinstance(faults, str):
            faults = Finding(Level.ERROR, "data", faults)
        self.findings = (faults,) if isinstance(faults, Finding) else tuple(faults)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class DefinitionError(KpiError):
    """kpi.yml or a measure's file cannot be read or breaks the rules of its fields."""


class RecordError(KpiError):
    """A row or cell of the values or logs cannot be read."""


class SourceError(KpiError):
    """A file of values is absent, unreadable or outside the workspace."""


class PackError(KpiError):
    """A pack cannot be built: notebook, parameters or output folder."""
