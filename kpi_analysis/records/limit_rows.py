"""A new row of limit_changes.csv: made, shown as text, and written when a person says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kpi_analysis.errors import RecordError, SourceError
from kpi_analysis.periods import Period
from kpi_analysis.records.logs import LIMIT_CHANGES, Log
from kpi_analysis.records.sources import existing, fault, read_table

FILE = "limit_changes.csv"


def with_row(log: Log, row: Mapping[str, str]) -> Log:
    """Give the log with one more row, as reading it from the file would."""
    days = {name: Period.parse(row[name]).start if row.get(name) else None
            for name in ("from", "on")}  # fmt: skip
    new = pd.DataFrame([{**dict.fromkeys(LIMIT_CHANGES, ""), **row, **days, "line": 0}])
    rows = new if log.rows is None else pd.concat([log.rows, new], ignore_index=True)
    return Log(rows.astype(dict.fromkeys(days, "object")), log.findings)


def as_text(row: Mapping[str, str], columns: tuple[str, ...] = LIMIT_CHANGES) -> str:
    """Give the row as a line of CSV, without its line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([row.get(name, "") for name in columns])
    return out.getvalue()


def append(root: Path, row: Mapping[str, str]) -> Path:
    """Write the row beneath those of the workspace's file, which is made where there is none.

    The file keeps its own columns and their order. Raises RecordError where the row says
    something that the file has no column for, SourceError where it cannot be read or written.
    """
    path = root / FILE
    columns = _columns(root) if path.exists() else LIMIT_CHANGES
    lost = [name for name, word in row.items() if word and name not in columns]
    if lost:
        message = f"has no column '{lost[0]}': add it to the header, or leave it empty"
        raise RecordError(fault(message, file=FILE, field=lost[0]))
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else f"{','.join(columns)}\n"
        break_ = "" if old.endswith("\n") else "\n"
        path.write_text(f"{old}{break_}{as_text(row, columns)}\n", encoding="utf-8", newline="")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise SourceError(fault(f"cannot be written: {reason}", file=FILE)) from None
    return path


def _columns(root: Path) -> tuple[str, ...]:
    table = read_table(existing(root, FILE), FILE)
    return tuple(str(name) for name in table.rows.columns)
