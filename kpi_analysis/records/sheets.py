"""Excel workbooks: one sheet becomes a table, and what a reader would swallow is told.

calamine reads the cells. It gives an error cell such as #DIV/0! and a formula without a stored
result as an empty one, and lays a sheet out as a full rectangle: so the file's own XML is looked
through first (`sheet_xml`), for such cells and for a size that no memory holds.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

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
from kpi_analysis.records.faults import fault, shown
from kpi_analysis.records.sheet_xml import letters, look_through, refuse_bombs, unreadable
from kpi_analysis.records.tables import Table, table_of

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_OLD = b"\xd0\xcf\x11\xe0"  # the first bytes of a workbook of before 2007


def read_sheet(path: Path, shown_as: str, sheet: str | None = None) -> Table:
    """Read the sheet of that name, else the first visible one.

    Numbers stay floats, but for those shown as percentages: they become text such as "12.5%".
    Dates become ISO text. Raises SourceError with one finding for each fault: no workbook, a
    password, the format of before 2007, no such sheet, merged cells, error cells, formulas
    without a stored result, and those of any table's shape.
    """
    refuse_bombs(path, shown_as)
    workbook = _open(path, shown_as)
    name = _chosen(workbook, sheet, shown_as)
    looks = look_through(path, name, shown_as)
    if looks.faults:
        raise SourceError(looks.faults)
    cells = _sheet(workbook, name, shown_as)
    merged = [_merged(*corners, shown_as) for corners in cells.merged_cell_ranges or ()]
    if merged:
        raise SourceError(merged)
    rows = [[_cell(one) for one in row] for row in cells.to_python(skip_empty_area=False)]
    for row, column in looks.percents:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _as_shown(rows[row][column])
    table = table_of(list(enumerate(rows, start=1)), shown_as)
    several = len(workbook.sheet_names) > 1
    return replace(table, typed=True, sheet=name if several else "")


def _as_shown(cell: str | float) -> str | float:
    """Give a fraction as the percentage that its format shows, so that nobody takes it for one."""
    return f"{100 * cell:.15g}%" if isinstance(cell, float) else cell


def _open(path: Path, shown_as: str) -> CalamineWorkbook:
    try:
        with path.open("rb") as file:
            is_old = file.read(4) == _OLD
        workbook = CalamineWorkbook.from_path(str(path))
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise SourceError(fault(f"cannot be read: {reason}", file=shown_as)) from None
    except PasswordError:
        message = "is locked with a password: save it without one"
        raise SourceError(fault(message, file=shown_as)) from None
    except CalamineError:
        raise SourceError(unreadable(shown_as)) from None
    if is_old:
        message = "is in Excel's format of before 2007, which hides error cells and percent signs"
        raise SourceError(fault(f"{message} from every reader: save it as .xlsx", file=shown_as))
    return workbook


def _sheet(workbook: CalamineWorkbook, name: str, shown_as: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        raise SourceError(unreadable(shown_as)) from None


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


def _merged(first: tuple[int, int], last: tuple[int, int], shown_as: str) -> Finding:
    span = ":".join(f"{letters(column)}{row + 1}" for row, column in (first, last))
    message = f"cells {span} are merged: unmerge them and fill in each cell"
    return fault(message, file=shown_as, line=first[0] + 1)


def _cell(value: object) -> str | float:
    """Give a number as float, midnight as its day, anything else as text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()
