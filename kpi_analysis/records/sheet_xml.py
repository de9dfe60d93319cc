"""What a sheet's own XML says that the reader of its cells would swallow.

calamine gives an error cell such as #DIV/0! and a formula without a stored result as an empty one,
a cell shown as 12.5% as 0.125, and lays a sheet out as a full rectangle: so the XML is looked
through first, for such cells and for a size that no memory holds.
"""

from __future__ import annotations

import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.faults import fault, shown
from kpi_analysis.records.tables import at_most

MOST_CELLS = 20_000_000  # of one sheet, empty ones counted: about 2 GB
_MOST_BYTES = 500_000_000  # of a sheet's XML, unpacked

_BROKEN = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, StopIteration),
    *(LookupError, OSError, ValueError, RuntimeError),
)
"""What zipfile raises on an archive that is none, or that is damaged; calamine then says so."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_AT = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')
# A place that no sheet has: calamine would lay out a rectangle up to it, and memory would end.
_NOWHERE = re.compile(
    rb'<(?:\w+:)?(?:c\s(?:[^>]*\s)?r=(?!"[A-Z]{1,3}[0-9]{1,7}")|row\s(?:[^>]*\s)?r=(?!"[0-9]{1,7}"))'
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"(?:<(?:\w+:)?v>([^<]*)<)?"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)><(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)


_CELL = re.compile(rb"<(?:\w+:)?c(?:\s([^>]*?))?/?>")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^>]*)>")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_PERCENT = {
    b"9",
    b"10",
}  # the two formats of percentages that every workbook has; ECMA-376, 18.8.30


@dataclass(frozen=True)
class Looks:
    """What a look through a sheet found: faults, and the cells that show a number as percent.

    The cells are (row, column), counted from 0.
    """

    faults: tuple[Finding, ...] = ()
    percents: frozenset[tuple[int, int]] = frozenset()


def refuse_bombs(path: Path, shown_as: str) -> None:
    """Raise SourceError where an archive unpacks to more than memory holds, or lies about it."""
    try:
        with ZipFile(path) as archive:
            is_large = sum(part.file_size for part in archive.infolist()) > 2 * _MOST_BYTES
            if is_large:
                raise SourceError(too_large(shown_as))
            if archive.testzip() is not None:
                raise SourceError(unreadable(shown_as))
    except SourceError:
        raise
    except _BROKEN:
        return  # no archive: said by who reads it


def look_through(path: Path, name: str, shown_as: str) -> Looks:
    """Look for what a sheet's XML holds that would be lost."""
    try:
        with ZipFile(path) as archive:
            part = archive.getinfo(_part_of(archive, name))
            if part.file_size > _MOST_BYTES:
                return Looks((too_large(shown_as),))
            text = archive.read(part)
            percents = _shown_as_percent(text, _percent_styles(archive))
    except _BROKEN:
        return Looks((unreadable(shown_as),))
    if _NOWHERE.search(text):
        return Looks((unreadable(shown_as),))
    if _cells(text) > MOST_CELLS:
        return Looks((too_large(shown_as),))
    return Looks(tuple(at_most(list(_lost(text, shown_as)))), percents)


def _lost(text: bytes, shown_as: str) -> Iterator[Finding]:
    for found in _ERROR.finditer(text):
        what = unescape((found[2] or b"an error").decode("utf-8", "replace"))
        message = f"holds {shown(what)}: correct the formula, or empty the cell"
        yield _of_cell(found[1], message, shown_as)
    for found in _NO_RESULT.finditer(text):
        message = "holds a formula without a stored result: open the file in Excel and save it"
        yield _of_cell(found[1], message, shown_as)


def _percent_styles(archive: ZipFile) -> frozenset[bytes]:
    """Give the numbers of the cell styles whose number format shows a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    text = archive.read("xl/styles.xml")
    own = {
        one[b"numFmtId"]: one.get(b"formatCode", b"")
        for one in map(_attributes, _FORMAT.findall(text))
    }
    percent = {id_ for id_, code in own.items() if _is_percent(code)} | (_PERCENT - own.keys())
    block = _STYLES.search(text)
    styles = [_attributes(one) for one in _STYLE.findall(block[0])] if block else []
    return frozenset(
        str(n).encode() for n, one in enumerate(styles) if one.get(b"numFmtId") in percent
    )


def _is_percent(code: bytes) -> bool:
    return "%" in _LITERAL.sub("", unescape(code.decode("utf-8", "replace")))


def _shown_as_percent(text: bytes, styles: frozenset[bytes]) -> frozenset[tuple[int, int]]:
    """Give the cells in one of the styles; raise ValueError where one does not say its place."""
    if not styles:
        return frozenset()
    found = set()
    for one in _CELL.finditer(text):
        if _attributes(one[1] or b"").get(b"s", b"0") in styles:
            at = _AT.search(one[0])
            if not at:
                raise ValueError("a cell without its place")
            found.add((int(at[2]) - 1, _column(at[1]) - 1))
    return frozenset(found)


def _cells(text: bytes) -> int:
    """Count the cells of the rectangle that the sheet fills."""
    corners = set(_AT.findall(text))
    width = max((_column(letters) for letters, _ in corners), default=1)
    rows = {row for _, row in corners} | set(_ROW.findall(text))
    return width * max((int(row) for row in rows), default=0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _part_of(archive: ZipFile, name: str) -> str:
    """Give the name of the archive's part that holds a sheet."""
    sheets = [dict(_ATTRIBUTE.findall(one)) for one in _tags(archive, "workbook.xml", _SHEET)]
    id_ = next(
        value
        for one in sheets
        if unescape(one[b"name"].decode()) == name
        for key, value in one.items()
        if key.endswith(b":id")
    )
    rels = _tags(archive, "_rels/workbook.xml.rels", _RELATION)
    parts = {one[b"Id"]: one[b"Target"].decode() for one in map(_attributes, rels)}
    target = parts[id_]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _tags(archive: ZipFile, part: str, tag: re.Pattern[bytes]) -> list[bytes]:
    return [found[1] for found in tag.finditer(archive.read(f"xl/{part}"))]


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag))


def _of_cell(attributes: bytes, message: str, shown_as: str) -> Finding:
    at = _AT.search(attributes)
    if not at:
        return fault(f"a cell {message}", file=shown_as)
    cell = f"cell {at[1].decode()}{at[2].decode()} {message}"
    return fault(cell, file=shown_as, line=int(at[2]), field=at[1].decode())


def letters(column: int) -> str:
    """Give the letters of a column counted from 0."""
    before, at = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(65 + at)


def too_large(shown_as: str) -> Finding:
    """Say that a sheet is larger than memory."""
    message = f"has more than {MOST_CELLS:,} cells: save it as CSV, or clear what lies far out"
    return fault(message, file=shown_as)


def unreadable(shown_as: str) -> Finding:
    """Say that a workbook cannot be read."""
    message = "cannot be read as an Excel workbook: open it in Excel and save it again, or as CSV"
    return fault(message, file=shown_as)
