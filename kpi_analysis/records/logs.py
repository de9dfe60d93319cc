"""What people wrote down: actions, events and confirmed limit changes, from CSV files.

Every log may be absent: the frame is then None, and pages say "not recorded". Columns that a
file does not have are empty text; columns of its own are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.errors import Finding, KpiError, SourceError
from kpi_analysis.periods import Period
from kpi_analysis.records.sources import Table, fault, inside, read_table
from kpi_analysis.records.values import or_known

ACTIONS = (
    "id", "team", "measure", "opened", "origin", "problem", "current_state", "cause",
    "cause_checked_by", "countermeasure", "owner", "due", "started", "check_on", "expected",
    "happened", "learned", "stage", "authority", "escalated_to", "escalated_on", "answered_on",
    "closed",
)  # fmt: skip
EVENTS = ("date", "team", "measure", "what", "known_cause", "by")
LIMIT_CHANGES = ("team", "measure", "from", "reason", "known", "expected_to_last", "by", "on")

_DATES = {
    "actions": ("opened", "due", "started", "check_on", "escalated_on", "answered_on", "closed"),
    "events": ("date",),
    "limit_changes": ("from", "on"),
}
_REQUIRED = {
    "actions": ("measure", "opened"),
    "events": ("date", "what"),
    "limit_changes": ("team", "measure", "from", "reason", "by"),
}
_COLUMNS = {"actions": ACTIONS, "events": EVENTS, "limit_changes": LIMIT_CHANGES}


@dataclass(frozen=True)
class Log:
    """One log: `rows` as text in the declared columns, plus `line`; None where not recorded."""

    rows: pd.DataFrame | None
    findings: tuple[Finding, ...] = ()


def read_log(root: Path, name: str, *, measures: Collection[str], teams: Collection[str]) -> Log:
    """Read `name`.csv of the workspace, where it is there.

    Dates become `datetime.date` (None: empty); `from` becomes the first day of its period. A row
    with a fault stays in the frame, so that nothing is lost; its faulty date is None.
    """
    file = f"{name}.csv"
    if not (root / file).exists():
        return Log(None)
    try:
        table = read_table(inside(root, file), file)
    except SourceError as error:
        return Log(None, error.findings)
    absent = [column for column in _REQUIRED[name] if column not in table.rows.columns]
    if absent:
        return Log(None, tuple(_absent(column, table) for column in absent))
    rows = table.rows.reindex(columns=list(_COLUMNS[name]), fill_value="")
    rows = rows.apply(lambda column: column.str.strip()).assign(
        line=[line for _, line in table.places]
    )
    findings = [*_empty_cells(rows, name, file), *_unknown(rows, "measure", measures, file)]
    findings += _unknown(rows, "team", teams, file)
    for column in _DATES[name]:
        rows[column], faults = _dates(rows, column, file)
        findings += faults
    return Log(rows, tuple(findings))


def rows_of(log: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give the rows of a log one by one: text, or a date or None; none where not recorded."""
    return (
        []
        if log is None
        else [{str(k): v for k, v in row.items()} for row in log.to_dict("records")]
    )


def _absent(column: str, table: Table) -> Finding:
    there = [str(name) for name in table.rows.columns]
    message = f"has no column '{column}'{or_known(column, there)}"
    return fault(message, file=table.file, line=1, field=column, better=nearest(column, there))


def _empty_cells(rows: pd.DataFrame, name: str, file: str) -> Iterator[Finding]:
    for column in _REQUIRED[name]:
        for line in rows.loc[rows[column] == "", "line"]:
            yield fault(f"'{column}' is empty: fill it in", file=file, line=line, field=column)


def _unknown(
    rows: pd.DataFrame, column: str, known: Collection[str], file: str
) -> Iterator[Finding]:
    for line, word in zip(rows["line"], rows[column], strict=True):
        if word and word not in known:
            message = f"{column} '{word}' is not known{or_known(word, known)}"
            better = nearest(word, known)
            yield fault(message, file=file, line=line, field=column, better=better)


def _dates(rows: pd.DataFrame, column: str, file: str) -> tuple[list[date | None], list[Finding]]:
    out: list[date | None] = []
    findings = []
    for line, text in zip(rows["line"], rows[column], strict=True):
        try:
            out.append(Period.parse(text).start if text else None)
        except KpiError:
            out.append(None)
            message = f"'{text}' is not a date: write it as 2025-03-14"
            findings.append(fault(message, file=file, line=line, field=column))
    return out, findings
