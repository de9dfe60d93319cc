"""Excel workbooks: one sheet becomes a table, and what a reader would swallow is told.

calamine reads the cells. It gives an error cell such as #DIV/0! and a formula without a stored
result as an empty one, and lays a sheet out as a full rectangle: so the file's own XML is looked
through first, for such cells and for a size that no memory holds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.sources import Table, fault, shown, table_of

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
MOST_CELLS = 20_000_000  # of one sheet, empty ones counted: about 2 GB
_MOST_BYTES = 500_000_000  # of a sheet's XML, unpacked

_BROKEN = (BadZipFile, zlib.error, StopIteration, LookupError, OSError, ValueError, RuntimeError)
"""What zipfile raises on an archive that is none, or that is damaged; calamine then says so."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_AT = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"(?:<(?:\w+:)?v>([^<]*)<)?"
)
_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)><(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)


def read_sheet(path: Path, shown_as: str, sheet: str | None = None) -> Table:
    """Read the sheet of that name, else the first visible one.

    Numbers stay floats; dates become ISO text. Raises SourceError with one finding for each
    fault: no workbook, a password, no such sheet, merged cells, error cells, formulas without
    a stored result, and those of any table's shape.
    """
    workbook = _open(path, shown_as)
    name = _chosen(workbook, sheet, shown_as)
    faults = list(_look_through(path, name, shown_as))
    if faults:
        raise SourceError(faults)
    cells = _sheet(workbook, name, shown_as)
    merged = [_merged(*corners, shown_as) for corners in cells.merged_cell_ranges or ()]
    if merged:
        raise SourceError(merged)
    rows = enumerate(cells.to_python(skip_empty_area=False), start=1)
    table = table_of([(line, [_cell(one) for one in row]) for line, row in rows], shown_as)
    several = len(workbook.sheet_names) > 1
    return replace(table, typed=True, sheet=name if several else "")


def _open(path: Path, shown_as: str) -> CalamineWorkbook:
    try:
        with path.open("rb"):
            return CalamineWorkbook.from_path(str(path))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise SourceError(fault(f"cannot be read: {reason}", file=shown_as)) from None
    except PasswordError:
        message = "is locked with a password: save it without one"
        raise SourceError(fault(message, file=shown_as)) from None
    except CalamineError:
        raise SourceError(_unreadable(shown_as)) from None


def _sheet(workbook: CalamineWorkbook, name: str, shown_as: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        raise SourceError(_unreadable(shown_as)) from None


def _unreadable(shown_as: str) -> Finding:
    message = "cannot be read as an Excel workbook: open it in Excel and save it again, or as CSV"
    return fault(message, file=shown_as)


def _chosen(workbook: CalamineWorkbook, sheet: str | None, shown_as: str) -> str:
    names = workbook.sheet_names
    if sheet is not None:
        if sheet not in names:
            near = did_you_mean(nearest(sheet, names)) or f": it has {', '.join(names[:8])}"
            message = f"has no sheet '{shown(sheet)}'{near}"
            raise SourceError(fault(message, file=shown_as, field="data.sheet"))
        return sheet
    for one in workbook.sheets_metadata:
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible:
            return one.name
    raise SourceError(fault("has no visible sheet: say sheet: NAME", file=shown_as))


def _look_through(path: Path, name: str, shown_as: str) -> Iterator[Finding]:
    """Say what the sheet's XML holds that would be lost; older formats have no XML."""
    try:
        with ZipFile(path) as archive:
            part = archive.getinfo(_part_of(archive, name))
            if part.file_size > _MOST_BYTES:
                yield _too_large(shown_as)
                return
            text = archive.read(part)
    except _BROKEN:
        return  # an .xls, or a part that calamine finds by another way
    if _cells(text) > MOST_CELLS:
        yield _too_large(shown_as)
        return
    for found in _ERROR.finditer(text):
        what = unescape((found[2] or b"an error").decode("utf-8", "replace"))
        message = f"holds {shown(what)}: correct the formula, or empty the cell"
        yield _of_cell(found[1], message, shown_as)
    for found in _NO_RESULT.finditer(text):
        message = "holds a formula without a stored result: open the file in Excel and save it"
        yield _of_cell(found[1], message, shown_as)


def _cells(text: bytes) -> int:
    """Count the cells of the rectangle that the sheet fills."""
    corners = set(_AT.findall(text))
    width = max((_column(letters) for letters, _ in corners), default=0)
    return width * max((int(row) for _, row in corners), default=0)


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


def _merged(first: tuple[int, int], last: tuple[int, int], shown_as: str) -> Finding:
    span = ":".join(f"{_letters(column)}{row + 1}" for row, column in (first, last))
    message = f"cells {span} are merged: unmerge them and fill in each cell"
    return fault(message, file=shown_as, line=first[0] + 1)


def _letters(column: int) -> str:
    """Give the letters of a column counted from 0."""
    before, at = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(65 + at)


def _too_large(shown_as: str) -> Finding:
    message = f"has more than {MOST_CELLS:,} cells: save it as CSV, or clear what lies far out"
    return fault(message, file=shown_as)


def _cell(value: object) -> str | float:
    """Give a number as float, midnight as its day, anything else as text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()
