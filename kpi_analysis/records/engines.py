"""Engines: one way to ask, `query(sql, params)`, whoever answers; and the files a measure names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.results import Cell
from kpi_analysis.records.sheets import WORKBOOKS, read_sheet
from kpi_analysis.records.sources import (
    Table,
    existing,
    fault,
    find_files,
    inside,
    read_table,
    shown,
)

if TYPE_CHECKING:
    from kpi_analysis.records.queries import Query

ROW_LIMIT = 1_000_000
READABLE = (".csv", ".parquet", *WORKBOOKS)
_SIZES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_PATTERN = re.compile(r"[*?\[\]]")

Scalar = str | int | float | bool | date


@dataclass(frozen=True)
class Reading:
    """How a measure says its files are to be read."""

    encoding: str | None = None
    decimal: str | None = None  # None: not said
    sheet: str | None = None


def reading_of(measure: Measure) -> Reading:
    """Say how a measure's files are to be read."""
    data = measure.data
    return Reading(data.encoding, data.decimal, data.sheet)


class Engine(Protocol):
    """What answers queries."""

    def query(self, query: Query, params: Mapping[str, Scalar], reading: Reading) -> pd.DataFrame:
        """Run a checked query; give its rows as cells (text or float, "" for nothing).

        Raises SourceError, one line without a secret in it, where it cannot.
        """
        ...

    def close(self) -> None:
        """Let go of processes and connections."""
        ...


def framed(columns: list[str], rows: list[list[Cell]]) -> pd.DataFrame:
    """Give rows of cells as a frame; raise SourceError for too many, or a column twice."""
    if len(rows) > ROW_LIMIT:
        message = f"gives more than {ROW_LIMIT:,} rows: GROUP BY team and period"
        raise SourceError(fault(message))
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise SourceError(fault(f"gives column '{shown(twice[0])}' twice: name it with AS"))
    return pd.DataFrame(rows, columns=columns, dtype="object")


def is_pattern(name: str) -> bool:
    """Tell whether a name stands for several files."""
    return bool(_PATTERN.search(name))


def files_of(root: Path, name: str) -> tuple[list[str], list[Finding]]:
    """List the files that a path, a folder or a pattern names, and the faults of some of them.

    Of a folder these are its CSV, Excel and Parquet files. Raises SourceError where the name leads
    out of the workspace or is none.
    """
    if is_pattern(name):
        return find_files(root, name)
    if _is_folder(inside(root, name)):
        files, faults = find_files(root, f"{name}/*")
        return [one for one in files if PurePosixPath(one).suffix.lower() in READABLE], faults
    existing(root, name)
    return [name], []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # too long a name, said by `existing`


def read_file(root: Path, file: str, reading: Reading) -> Table:
    """Read a CSV file or a sheet of the workspace as a table."""
    path = existing(root, file)
    if path.suffix.lower() in WORKBOOKS:
        return read_sheet(path, file, reading.sheet)
    return read_table(path, file, reading.encoding)


def in_one_line(text: str) -> str:
    """Give an engine's own words on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:299]}…"
