"""What people wrote down: actions, options, events, limit changes, reviews, reactions; CSV files.

Every log may be absent: the frame is then None, and pages say "not recorded". Columns that a
file does not have are empty text; columns of its own are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.errors import Finding, KpiError, SourceError
from kpi_analysis.periods import Period
from kpi_analysis.records.cells import misspelt, no_column, or_known
from kpi_analysis.records.sources import existing, fault, read_table

ACTIONS = (
    "id", "team", "measure", "opened", "origin", "problem", "current_state", "cause",
    "cause_checked_by", "countermeasure", "owner", "due", "started", "check_on", "expected",
    "happened", "learned", "stage", "authority", "escalated_to", "escalated_on", "answered_on",
    "closed",
)  # fmt: skip
TO_CLOSE = ("expected", "happened", "learned")
OPTIONS = ("date", "team", "measure", "option", "pros", "cons", "by", "decided", "decision")
EVENTS = ("date", "team", "measure", "what", "known_cause", "by")
LIMIT_CHANGES = ("team", "measure", "from", "reason", "known", "expected_to_last", "by", "on")
REVIEWS = ("date", "team", "kind", "who", "role", "decisions", "next", "visited", "measure")
LEARNING_VISIT = "learning_visit"  # of `team` to the team `visited`, about `measure`
REACTIONS = ("date", "team", "measure", "reflects_our_work", "text")
PUBLISHED = ("run", "team", "measure", "period", "value")

_DATES = {
    "actions": ("opened", "due", "started", "check_on", "escalated_on", "answered_on", "closed"),
    "events": ("date",),
    "limit_changes": ("from", "on"),
    "reviews": ("date", "next"),
    "reactions": ("date",),
    "options": ("date", "decided"),
    "published": (),
}
_REQUIRED = {
    "actions": ("measure", "opened"),
    "events": ("date", "what"),
    "limit_changes": ("team", "measure", "from", "reason", "by"),
    "reviews": ("date", "team", "kind"),
    "reactions": ("measure", "reflects_our_work"),
    "options": ("date", "measure", "option"),
    "published": PUBLISHED,
}
_COLUMNS = {
    "actions": ACTIONS,
    "events": EVENTS,
    "limit_changes": LIMIT_CHANGES,
    "reviews": REVIEWS,
    "reactions": REACTIONS,
    "options": OPTIONS,
    "published": PUBLISHED,
}
LOGS = tuple(_COLUMNS)
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "reviews": {"kind": ("board", "gemba", "separate_report", LEARNING_VISIT)},
    "reactions": {"reflects_our_work": ("yes", "partly", "no")},
}


@dataclass(frozen=True)
class Log:
    """One log: `rows` as text in the declared columns, plus `line`; None where not recorded."""

    rows: pd.DataFrame | None
    findings: tuple[Finding, ...] = ()


def read_log(
    root: Path, name: str, *, measures: Collection[str], teams: Collection[str] | None
) -> Log:
    """Read `name`.csv of the workspace, where it is there; `teams` None: not known.

    Dates become `datetime.date` (None: empty or faulty); `from` becomes the first day of its
    period. A row with an empty cell where one is required is left out: without its measure it
    would speak for every measure. An action that was closed without one of TO_CLOSE stays open:
    its day of closing then stands in `refused`. Every fault is among the findings.
    """
    file = f"{name}.csv"
    if not (root / file).exists():
        return Log(None)
    try:
        table = read_table(existing(root, file), file)
    except SourceError as error:
        return Log(None, tuple(replace(one, file=file) for one in error.findings))
    required = _REQUIRED[name]
    absent = [column for column in required if column not in table.rows.columns]
    faults = [no_column(column, table) for column in absent]
    faults += misspelt((column for column in _COLUMNS[name] if column not in absent), table)
    if faults:
        return Log(None, tuple(faults))
    rows = table.rows.reindex(columns=list(_COLUMNS[name]), fill_value="").assign(line=table.lines)
    findings = [*_empty_cells(rows, required, file)]
    words = {"measure": measures, **_WORDS.get(name, {})}
    if teams is not None:
        words["team"] = words["visited"] = teams
    for column in words.keys() & set(rows.columns):
        findings += _unknown(rows, column, words[column], file)
    for column in _DATES[name]:
        days = [_day(text) for text in rows[column]]
        findings += _no_dates(rows, column, days, file)
        rows = rows.assign(**{column: pd.Series(days, rows.index, dtype="object")})
    if name == "actions":
        rows = _closed(rows)
    return Log(rows[(table.rows[list(required)] != "").all(axis=1)], tuple(findings))


def _closed(actions: pd.DataFrame) -> pd.DataFrame:
    """Refuse to close what nothing was learned from: it stays open until that is written down."""
    is_told = (actions[list(TO_CLOSE)] != "").all(axis=1)
    return actions.assign(
        refused=actions["closed"].mask(is_told, None), closed=actions["closed"].where(is_told, None)
    )


def rows_of(log: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give the rows of a log one by one: text, or a date or None; none where not recorded."""
    if log is None or log.empty:
        return []
    names = [str(name) for name in log]
    columns = (log[name].tolist() for name in log)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _empty_cells(rows: pd.DataFrame, required: Collection[str], file: str) -> Iterator[Finding]:
    for column in required:
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


def published_values(log: Log) -> tuple[dict[tuple[str, str], dict[str, float]], list[Finding]]:
    """Give the value published last by (team, measure) and period, and the cells that are none."""
    out: dict[tuple[str, str], dict[str, float]] = {}
    findings = []
    for row in rows_of(log.rows):
        try:
            value = float(row["value"])
        except ValueError:
            message = f"'{row['value']}' is not a number: write the value as it was published"
            place = {"file": "published.csv", "line": row["line"], "field": "value"}
            findings.append(fault(message, **place))
            continue
        out.setdefault((row["team"], row["measure"]), {})[row["period"]] = value
    return out, findings


def _day(text: str) -> date | None:
    try:
        return Period.parse(text).start if text else None
    except KpiError:
        return None


def _no_dates(
    rows: pd.DataFrame, column: str, days: list[date | None], file: str
) -> Iterator[Finding]:
    for line, text, day in zip(rows["line"], rows[column], days, strict=True):
        if text and day is None:
            message = f"'{text}' is not a date: write it as 2025-03-14"
            yield fault(message, file=file, line=line, field=column)
