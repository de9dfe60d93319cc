"""The ledger: published.csv, what packs said of which period, and in which run.

Rows are only ever added, and only where a value is new or differs from the one published last: a
page that says the same again adds nothing. So the last row of a period is what readers hold, and
the rows above it are what they were told before. The file is replaced as a whole, under a lock:
a run that is killed leaves the old one, and two runs cannot mix.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from kpi_analysis.errors import Finding, KpiError, Level, RecordError
from kpi_analysis.periods import Period
from kpi_analysis.records.alone import alone
from kpi_analysis.records.logs import PUBLISHED, Log
from kpi_analysis.records.sources import existing, fault, read_header, read_table

FILE = "published.csv"
_SAME = 1e-9  # relative: less is no difference, but how a number is written down


def append(root: Path, run: Period, values: pd.DataFrame) -> tuple[Finding, ...]:
    """Add what the packs of a run say; give a warning for each value that the same run gave anew.

    `values` has the columns team, measure, period (as text) and value; NaN is no value and is
    left out. Raises RecordError, and changes nothing, where the ledger cannot be read or written.
    """
    try:
        with alone(root, wait=True):
            return _append(root, run, values)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise RecordError(fault(f"cannot be written: {reason}", file=FILE)) from None


def begun(root: Path, log: Log) -> Log:
    """Give the log of a ledger that is kept: without rows, not absent, before its first run."""
    columns = [*PUBLISHED, "line"]
    return log if (root / FILE).exists() else Log(pd.DataFrame(columns=columns, dtype="object"))


def before(log: Log, period: Period | None) -> Log:
    """Give what runs before that of a period had published; all where there is no period.

    A run is a period as text; one that cannot be read counts as earlier.
    """
    if log.rows is None or period is None:
        return log
    runs = ((text, run_period(text)) for text in log.rows["run"].unique())
    later = {text for text, run in runs if run and run.end >= period.end}
    return replace(log, rows=log.rows[~log.rows["run"].isin(later)])


def run_period(run: str) -> Period | None:
    """Give the period of a run as it stands in the ledger; None where it cannot be read."""
    try:
        return Period.parse(run)
    except KpiError:
        return None


def _append(root: Path, run: Period, values: pd.DataFrame) -> tuple[Finding, ...]:
    path = existing(root, FILE).resolve() if (root / FILE).exists() else root / FILE
    there = path.exists()
    columns, separator = read_header(path, FILE)[:2] if there else (list(PUBLISHED), ",")
    last = _last(path) if there else pd.DataFrame(columns=["run", "before", *_KEYS])
    rows = values.loc[values["value"].notna(), [*_KEYS, "value"]].astype({"value": float})
    rows = rows.merge(last, how="left", on=_KEYS)
    now, then = rows["value"], rows["before"].astype(float)
    rows = rows[~(np.abs(now - then) <= _SAME * np.maximum(np.abs(now), np.abs(then)))]
    if len(rows) or not there:
        old = path.read_bytes() if there else ",".join(PUBLISHED).encode() + b"\n"
        _replace(path, old, _lines(rows, str(run), columns, separator, old))
    again = rows[rows["run"] == str(run)]
    return tuple(
        _given_anew(str(run), *one) for one in again[[*_KEYS, "before", "value"]].to_numpy()
    )


_KEYS = ["team", "measure", "period"]


def _last(path: Path) -> pd.DataFrame:
    """Give run and value of the last row of each team, measure and period."""
    table = read_table(path, FILE)
    absent = [name for name in PUBLISHED if name not in table.rows.columns]
    if absent:
        message = f"has no column '{absent[0]}': the ledger has {', '.join(PUBLISHED)}"
        raise RecordError(fault(message, file=FILE, line=table.header, field=absent[0]))
    numbers = pd.to_numeric(table.rows["value"], errors="coerce")
    for at in np.flatnonzero(numbers.isna()):
        word = table.rows["value"].iloc[at]
        message = f"'{word}' is not a number: write the value as it was published"
        raise RecordError(fault(message, file=FILE, line=table.lines[int(at)], field="value"))
    rows = table.rows[["run", *_KEYS]].assign(before=numbers)
    return rows.drop_duplicates(_KEYS, keep="last")


def _lines(rows: pd.DataFrame, run: str, columns: list[str], separator: str, old: bytes) -> bytes:
    """Write rows as the file writes its own: its columns, its separator, its line ends."""
    end = "\r\n" if b"\r\n" in old else "\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    for team, measure, period, value in rows[[*_KEYS, "value"]].itertuples(index=False):
        cells = dict(zip(PUBLISHED, (run, team, measure, period, repr(float(value))), strict=True))
        writer.writerow([cells.get(name, "") for name in columns])
    gap = "" if old.endswith(b"\n") else end
    return (gap + out.getvalue()).encode()


def _replace(path: Path, old: bytes, new: bytes) -> None:
    """Put a file with both parts into the place of the old one, whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(old + new)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _given_anew(
    run: str, team: str, measure: str, period: str, earlier: float, value: float
) -> Finding:
    message = (
        f"'{measure}', team '{team}', {period}: published as {earlier:.10g} in this run ({run}) "
        f"before, now {value:.10g}: tell those who have the earlier page"
    )
    return fault(message, file=FILE, measure=measure, team=team, level=Level.WARNING)
