"""What can go wrong, one class for each station.

    KpiError               anything a user can mend; its text is one line and needs no traceback
    ├── DefinitionError    kpi.yml or measures/*.yml: file, line, column, field, found, cure
    ├── RecordError        values and logs: file, row, column, value, cure
    ├── SourceError        a file or database that cannot be reached or read
    └── PackError          a notebook, its parameters, or the folder of the pages
"""

from __future__ import annotations


class KpiError(Exception):
    """A fault that the user can mend. `str(error)` is one line: place, finding, cure."""


class DefinitionError(KpiError):
    """kpi.yml or a measure's file cannot be read or breaks the rules of its fields."""


class RecordError(KpiError):
    """A row or cell of the values or logs cannot be read."""


class SourceError(KpiError):
    """A file of values is absent, unreadable or outside the workspace."""


class PackError(KpiError):
    """A pack cannot be built: notebook, parameters or output folder."""
