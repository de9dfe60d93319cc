"""Where numbers come from: the workspace's files, read as text with the line of every row.

Nothing is guessed here: cells stay text until `values` or `logs` reads them, so that a fault
can name its file, line and column. One resolver serves every path: nothing outside the
workspace is read, by `..`, by an absolute path or through a link.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import pandas as pd

from kpi_analysis.errors import Finding, Level, SourceError

_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Table:
    """Rows as text under the header's columns; `places` has the file and line of each row."""

    file: str
    rows: pd.DataFrame
    places: list[tuple[str, int]]


def fault(
    message: str,
    *,
    file: str = "",
    line: int | None = None,
    field: str | None = None,
    measure: str | None = None,
    team: str | None = None,
    better: str | None = None,
    rule: str = "data",
    level: Level = Level.ERROR,
) -> Finding:
    """Give a finding of the records: an error of rule "data" unless said otherwise."""
    return Finding(level, rule, message, file, line, None, field, measure, team, better)


def inside(root: Path, text: str) -> Path:
    """Resolve a path of the workspace; raise SourceError where it leads out of it."""
    if PurePosixPath(text).is_absolute() or PureWindowsPath(text).anchor or "\\" in text:
        raise SourceError(
            fault(f"'{text}' must be a path inside the workspace, written with forward slashes")
        )
    path = root / text
    if ".." in path.parts or not path.resolve().is_relative_to(root.resolve()):
        raise SourceError(
            fault(f"'{text}' leads out of the workspace: keep the file inside the folder")
        )
    return path


def find_files(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    """List the files that the patterns name, sorted; each checked to lie in the workspace."""
    found: set[Path] = set()
    for pattern in patterns:
        inside(root, pattern)
        matches = [path for path in root.glob(pattern) if path.is_file()]
        found.update(inside(root, path.relative_to(root).as_posix()) for path in matches)
    return sorted(found)


def read_table(path: Path, shown_as: str, encoding: str | None = None) -> Table:
    """Read a CSV file (separator comma, semicolon or tab, taken from its header line).

    Raises SourceError with one finding for each fault: unreadable, not UTF-8, no header,
    a column twice, rows of unequal length.
    """
    text = _decode(path, shown_as, encoding)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    records = list(_records(text, separator, shown_as))
    if not records:
        raise SourceError(fault("the file is empty: write a header line first", file=shown_as))
    header = [name.strip() for name in records[0][1]]
    faults = list(_shape_faults(header, records, shown_as))
    if faults:
        raise SourceError(faults)
    body = [record for record in records[1:] if any(cell.strip() for cell in record[1])]
    rows = pd.DataFrame([cells for _, cells in body], columns=header, dtype="object")
    return Table(shown_as, rows, [(shown_as, line) for line, _ in body])


def combine(tables: list[Table]) -> Table:
    """Put tables under each other; a column that a table does not have is empty text there."""
    rows = pd.concat([table.rows for table in tables], ignore_index=True).fillna("")
    return Table("", rows, [place for table in tables for place in table.places])


def _decode(path: Path, shown_as: str, encoding: str | None) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise SourceError(fault(f"cannot be read: {reason}", file=shown_as)) from None
    try:
        text = raw.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(_encoding_fault(raw, error, shown_as, encoding)) from None
    if "\0" in text:
        raise SourceError(fault("holds NUL bytes: this is not a CSV text file", file=shown_as))
    return text


def _encoding_fault(
    raw: bytes, error: UnicodeDecodeError | LookupError, shown_as: str, encoding: str | None
) -> Finding:
    if encoding:
        what = "is not known" if isinstance(error, LookupError) else "does not fit the file"
        return fault(f"encoding '{encoding}' {what}", file=shown_as, field="data.encoding")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return fault("is UTF-16: save it as CSV UTF-8", file=shown_as)
    line = raw[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else None
    message = "is not UTF-8, probably Windows-1252: save it as CSV UTF-8, or say encoding: cp1252"
    return fault(message, file=shown_as, line=line, field="data.encoding")


def _records(text: str, separator: str, shown_as: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record begins on and its cells; wholly empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"cannot be read as CSV ({error}): look for a quotation mark that is not closed"
        raise SourceError(fault(message, file=shown_as, line=line)) from None


def _shape_faults(
    header: list[str], records: list[tuple[int, list[str]]], shown_as: str
) -> Iterator[Finding]:
    for name in sorted({name for name in header if header.count(name) > 1}):
        message = f"column '{name}' is there twice: rename one" if name else "a column has no name"
        yield fault(message, file=shown_as, line=records[0][0], field=name or None)
    for line, cells in records[1:]:
        if len(cells) != len(header):
            message = f"has {len(cells)} cells where the header has {len(header)} columns"
            yield fault(f"{message}: mend the row", file=shown_as, line=line)
