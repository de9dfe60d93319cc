"""CSV files: bytes become a table of text; what cannot be read is told with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.faults import fault
from kpi_analysis.records.tables import Table, at_most, plain_table, shape_faults, table_of

_SEPARATORS = (",", ";", "\t", "|")
_UNPRINTABLE = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_SHORT = 1 << 15  # characters that are read row by row before pandas has begun
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE_END = re.compile("\r\n|\r|\n")
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def read_table(path: Path, shown_as: str, encoding: str | None = None) -> Table:
    """Read a CSV file; the separator (comma, semicolon, tab or bar) is taken from its header.

    Columns without a name are left out, and so are rows whose cells are all empty. Raises
    SourceError with one finding for each fault: unreadable, not UTF-8, no header, a column
    twice, rows of unequal length, a header that comes again, a cell that swallowed rows.
    """
    with _opened(path, shown_as) as file:
        text = _decoded(file.read(), shown_as, encoding)
    separator = _separator(text)
    table = _plain(text, separator, shown_as) or _careful(text, separator, shown_as)
    return replace(table, separator=separator)


def _plain(text: str, separator: str, shown_as: str) -> Table | None:
    """Make a table of a long text that gives no cause to look at its rows one by one.

    This is `_careful` several times faster, and a word that comes again is held once. None for a
    short text, which pandas would only take longer to read, and for any that csv might read in
    another way.
    """
    width = _header_cells(text, separator) if len(text) > _SHORT else 0
    if width < 2:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not re.fullmatch(_pattern(separator, width), text):
        return None
    read = pd.read_csv(
        io.BytesIO(text.encode(errors="surrogatepass")),
        sep=separator,
        header=None,
        dtype="object",
        na_filter=False,
        skip_blank_lines=False,
        engine="c",
        encoding_errors="surrogatepass",
    )
    found = [pd.factorize(read[name].to_numpy()) for name in read]
    if max(len(word) for _, words in found for word in words) > csv.field_size_limit():
        return None
    bare = (np.array([word.strip() for word in words], dtype="object") for _, words in found)
    columns = [words[codes] for words, (codes, _) in zip(bare, found, strict=True)]
    return plain_table(columns, shown_as)


def _pattern(separator: str, width: int) -> str:
    """Give the pattern of lines of so many cells, each wholly in quotation marks or without any.

    Where a second mark of byte order leads, pandas would drop it.
    """
    cell = rf'(?:[^{separator}"\n]*+|"(?:[^"\n]++|"")*+")'
    return rf"(?!\ufeff)(?:{rf'[{separator}]'.join([cell] * width)}(?:\n|\Z))*+"


def _careful(text: str, separator: str, shown_as: str) -> Table:
    """Make a table row by row, so that each fault has its line."""
    raw = list(_each(text, separator, shown_as))
    table = table_of([(line, [cell.strip() for cell in cells]) for line, cells in raw], shown_as)
    swallowed = list(_swallowed(raw, separator, shown_as)) if '"' in text else []
    if swallowed:
        raise SourceError(at_most(swallowed))
    return table


def _swallowed(
    records: Sequence[tuple[int, list[str]]], separator: str, shown_as: str
) -> Iterator[Finding]:
    """Say which cells hold whole rows: a quotation mark opened, and one far below closed it."""
    width = max(2, len(records[0][1]))
    for line, cells in records:
        for cell in cells:
            if cell.count("\n") + cell.count("\r") == 0:
                continue
            if any(one.count(separator) >= width - 1 for one in _LINE_END.split(cell)):
                message = (
                    f"a cell in quotation marks goes on for {len(_LINE_END.split(cell))} lines and"
                    " holds what looks like rows: look for a quotation mark that is not closed"
                )
                yield fault(message, file=shown_as, line=line)


def goes_over_lines(path: Path) -> bool:
    """Tell whether some cell of a CSV file goes on in the next line: its quotes are not even."""
    with path.open("rb") as file:
        if not any(b'"' in block for block in iter(lambda: file.read(1 << 22), b"")):
            return False
        file.seek(0)
        return any(line.count(b'"') % 2 for line in file)


def read_header(path: Path, shown_as: str) -> tuple[list[str], str, int]:
    """Give a UTF-8 CSV file's column names, its separator and the line of the header."""
    with _opened(path, shown_as) as file:
        start = file.read(1 << 20)
    whole = start if len(start) < 1 << 20 else start.rpartition(b"\n")[0] or start
    text = _decoded(whole, shown_as, None)
    separator = _separator(text)
    for line, cells in _each(text, separator, shown_as):
        header = [cell.strip() for cell in cells]
        if any(header):
            faults = shape_faults(header, [(line, header)], shown_as)
            if faults:
                raise SourceError(faults)
            return header, separator, line + sum(cell.count("\n") for cell in cells)
    raise SourceError(fault("the file is empty: write a header line first", file=shown_as))


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
    reader = csv.reader(_lines(text), delimiter=mark)
    try:
        return next((len(cells) for cells in reader if any(cells)), 0)
    except csv.Error:
        return 0  # said by the reader of the records, with its line


def _lines(text: str) -> Iterator[str]:
    """Give the lines with their ends; a text file in memory would take four bytes a character."""
    return (one[0] for one in _LINE.finditer(text))


def _each(text: str, separator: str, shown_as: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(text), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        cure = "look for a quotation mark that is not closed"
        if "field limit" in str(error):
            cure = f"a cell has more than {csv.field_size_limit():,} characters: {cure}"
        message = f"cannot be read as CSV ({error}): {cure}"
        raise SourceError(fault(message, file=shown_as, line=line)) from None
