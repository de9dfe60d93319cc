"""Where numbers come from: the workspace's files, read as text with the line of every row.

Nothing is guessed here: cells stay text until `values` or `logs` reads them, so that a fault
can name its file, line and column. One resolver serves every path: nothing outside the
workspace is read, by `..`, by an absolute path or through a link.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

import pandas as pd

from kpi_analysis.errors import Finding, Level, SourceError

_SEPARATORS = (",", ";", "\t", "|")
_UNPRINTABLE = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n|\r|\n")
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


END_OF_TIME = date(2199, 12, 31)
"""What `$period` is bound to where no review period is given: the last day a period can have."""


@dataclass(frozen=True)
class Table:
    """Rows as stripped text under the header's columns; `lines` has the line of each row.

    A cell of a `typed` table may be a float: the file itself says that it is a number.
    """

    file: str
    rows: pd.DataFrame
    lines: list[int]
    header: int | None = 1  # the header's own line; None where the names are no row of the file
    typed: bool = False
    sheet: str = ""  # of a workbook that has several
    separator: str = ""  # of a CSV file


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
            fault(
                f"'{shown(text)}' must be a path inside the workspace, written with forward slashes"
            )
        )
    path = root / text
    try:
        is_inside = ".." not in path.relative_to(root).parts and path.resolve().is_relative_to(
            root.resolve()
        )
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL byte, too long a name
        raise SourceError(
            fault(f"'{shown(text)}' is no path that can be followed: mend it")
        ) from None
    if not is_inside:
        raise SourceError(
            fault(f"'{shown(text)}' leads out of the workspace: keep the file inside the folder")
        )
    return path


def find_files(root: Path, pattern: str) -> tuple[list[str], list[Finding]]:
    """List the files that a pattern names, sorted, relative to the workspace; and the faults.

    Raises SourceError for a pattern that leads out or is none. A file that leads out through a
    link is a fault and left out, as is a folder that is named like a file. Hidden files (a dot
    first: copies and locks that programs leave) are passed over.
    """
    inside(root, pattern)
    try:
        matches = sorted(root.glob(pattern))
    except (OSError, ValueError, NotImplementedError, IndexError):
        raise SourceError(
            fault(f"'{shown(pattern)}' is no pattern for files: write values/*.csv")
        ) from None
    files: list[str] = []
    faults: list[Finding] = []
    for path in matches:
        name = path.relative_to(root).as_posix()
        is_meant = path.suffix and path.suffix == PurePosixPath(pattern).suffix
        if path.name.startswith(".") or (path.is_dir() and not is_meant):
            continue
        try:
            existing(root, name)
            files.append(name)
        except SourceError as error:
            message = error.findings[0].message.removeprefix(f"'{name}' ")
            faults.append(fault(message, file=name))
    return files, faults


def existing(root: Path, text: str) -> Path:
    """Resolve the path of a file of the workspace; raise SourceError where it is none."""
    path = inside(root, text)
    try:
        what = "" if path.is_file() else "is no file" if path.exists() else "does not exist"
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
    if what:
        raise SourceError(fault(f"'{shown(text)}' {what}"))
    return path


def shown(text: str) -> str:
    """Give a text that may be long as a message quotes it."""
    return text if len(text) <= 80 else f"{text[:79]}…"


def read_table(path: Path, shown_as: str, encoding: str | None = None) -> Table:
    """Read a CSV file; the separator (comma, semicolon or tab) is taken from its header.

    Columns without a name are left out, and so are rows whose cells are all empty. Raises
    SourceError with one finding for each fault: unreadable, not UTF-8, no header, a column
    twice, rows of unequal length, a header that comes again.
    """
    with _opened(path, shown_as) as file:
        text = _decoded(file.read(), shown_as, encoding)
    separator = _separator(text)
    records = [
        (line, [cell.strip() for cell in cells])
        for line, cells in _records(text, separator, shown_as)
    ]
    return replace(table_of(records, shown_as), separator=separator)


def read_header(path: Path, shown_as: str) -> tuple[list[str], str, int]:
    """Give a UTF-8 CSV file's column names, its separator and the line of the header."""
    with _opened(path, shown_as) as file:
        start = file.read(1 << 20)
    whole = start if len(start) < 1 << 20 else start.rpartition(b"\n")[0] or start
    text = _decoded(whole, shown_as, None)
    separator = _separator(text)
    for line, cells in _records(text, separator, shown_as):
        header = [cell.strip() for cell in cells]
        if any(header):
            faults = list(_shape_faults(header, [(line, header)], shown_as))
            if faults:
                raise SourceError(faults)
            return header, separator, line + sum(cell.count("\n") for cell in cells)
    raise SourceError(fault("the file is empty: write a header line first", file=shown_as))


Records = Sequence[tuple[int, Sequence[str | float]]]
"""Lines with their cells; the first is the header."""


def table_of(records: Records, shown_as: str) -> Table:
    """Make a table of lines; those without anything in them are left out.

    Raises SourceError with one finding for each fault of the table's shape.
    """
    filled = [(line, cells) for line, cells in records if any(cell != "" for cell in cells)]
    if not filled:
        raise SourceError(fault("the file is empty: write a header line first", file=shown_as))
    line, top = filled[0]
    header = [as_text(cell) for cell in top]
    faults = list(_shape_faults(header, filled, shown_as))
    if faults:
        raise SourceError(faults)
    rows = pd.DataFrame([cells for _, cells in filled[1:]], columns=header, dtype="object")
    named = rows.loc[:, [name != "" for name in header]]
    return Table(shown_as, named, [line for line, _ in filled[1:]], line)


def as_text(cell: str | float) -> str:
    """Give a cell as text: a whole number without its point, so that team 12 is not "12.0"."""
    return cell if isinstance(cell, str) else f"{cell:.15g}"


def _opened(path: Path, shown_as: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise SourceError(fault(f"cannot be read: {reason}", file=shown_as)) from None


def _decoded(raw: bytes, shown_as: str, encoding: str | None) -> str:
    try:
        text = raw.decode(encoding or "utf-8").removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        raise SourceError(_encoding_fault(raw, error, shown_as, encoding)) from None
    odd = _UNPRINTABLE.search(text)
    if odd:
        message = f"holds the unprintable character {odd[0]!a}: save it as CSV UTF-8"
        line = len(_LINE_END.findall(text[: odd.start()])) + 1
        raise SourceError(fault(_binary(raw) or message, file=shown_as, line=line))
    return text


def _binary(raw: bytes) -> str | None:
    """Say what a file is that begins like another kind of file; None: nothing we know."""
    what = next((name for start, name in _BINARY.items() if raw.startswith(start)), None)
    return f"is {what}: save it as CSV UTF-8" if what else None


def _encoding_fault(
    raw: bytes, error: UnicodeError | LookupError, shown_as: str, encoding: str | None
) -> Finding:
    if encoding:
        what = "is not known" if isinstance(error, LookupError) else "does not fit the file"
        message = f"encoding '{encoding}' {what}: say the one the file was saved in"
        return fault(message, file=shown_as, field="data.encoding")
    start = error.start if isinstance(error, UnicodeDecodeError) else 0
    line = len(_LINE_END.findall(raw[:start].decode("latin-1"))) + 1
    message = "is not UTF-8, probably Windows-1252: save it as CSV UTF-8, or say encoding: cp1252"
    return fault(_binary(raw) or message, file=shown_as, line=line, field="data.encoding")


def _separator(text: str) -> str:
    """Give the separator that cuts the header into most cells."""
    return max(_SEPARATORS, key=lambda mark: _header_cells(text, mark))


def _header_cells(text: str, mark: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return next((len(cells) for cells in reader if any(cells)), 0)
    except csv.Error:
        return 0  # said by the reader of the records, with its line


def _records(text: str, separator: str, shown_as: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record begins on and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"cannot be read as CSV ({error}): look for a quotation mark that is not closed"
        raise SourceError(fault(message, file=shown_as, line=line)) from None


def _shape_faults(header: list[str], records: Records, shown_as: str) -> Iterator[Finding]:
    top, rows = records[0][0], records[1:]
    if sum(name != "" for name in header) == 1 and _wider(rows):
        title = next(name for name in header if name)
        message = f"'{shown(title)}' is a title, not column names: delete what stands above these"
        yield fault(message, file=shown_as, line=top)
        return
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        message = f"column '{name}' is there {times(header.count(name))}: rename one"
        yield fault(message, file=shown_as, line=top, field=name)
    for line, cells in rows:
        if len(cells) != len(header):
            some = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
            cure = "mend the row, or delete it if it is a total or a note"
            message = f"has {some} where the header has {len(header)} columns: {cure}"
            yield fault(message, file=shown_as, line=line)
        elif cells == header:
            message = f"repeats the header of line {top}: delete the row"
            yield fault(message, file=shown_as, line=line)


def _wider(rows: Records) -> bool:
    """Tell whether every row, of two or more, has more than one cell filled in."""
    return len(rows) > 1 and all(sum(cell != "" for cell in cells) > 1 for _, cells in rows[:5])


def times(count: int) -> str:
    """Give "twice", or "3 times"."""
    return "twice" if count == 2 else f"{count} times"
