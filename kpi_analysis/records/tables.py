"""A table as read: rows of text, with the line each stands on, and the faults of its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.errors import Finding, Level, SourceError
from kpi_analysis.records.faults import fault, shown, times


@dataclass(frozen=True)
class Table:
    """Rows as stripped text under the header's columns; `lines` has the line of each row.

    A cell of a `typed` table may be a float: the file itself says that it is a number.
    """

    file: str
    rows: pd.DataFrame
    lines: Sequence[int]
    header: int | None = 1  # the header's own line; None where the names are no row of the file
    typed: bool = False
    sheet: str = ""  # of a workbook that has several
    separator: str = ""  # of a CSV file


Cells = npt.NDArray[np.object_]
Records = Sequence[tuple[int, Sequence[str | float]]]
"""Lines with their cells; the first is the header."""

MOST_TOLD = 20
"""So many rows of a file are told one by one; of more, only how many there are."""


def table_of(records: Records, shown_as: str) -> Table:
    """Make a table of lines; those without anything in them are left out.

    Raises SourceError with one finding for each fault of the table's shape.
    """
    filled = [one for one in records if any(cell != "" for cell in one[1])]
    if not filled:
        raise SourceError(fault("the file is empty: write a header line first", file=shown_as))
    line, top = filled[0]
    header = [as_text(cell) for cell in top]
    faults = list(shape_faults(header, filled, shown_as))
    if faults:
        raise SourceError(faults)
    columns = zip(header, zip(*(cells for _, cells in filled), strict=True), strict=True)
    named = {name: cells[1:] for name, cells in columns if name}
    rows = pd.DataFrame(named, dtype="object", index=range(len(filled) - 1))
    return Table(shown_as, rows, [line for line, _ in filled[1:]], line)


def plain_table(columns: Sequence[Cells], shown_as: str) -> Table | None:
    """Make a table of columns that stand on line 1, 2 and so on, the header's cells first.

    None for what only `table_of` can read or tell.
    """
    names = {str(column[0]): column[1:] for column in columns}
    if len(names) < len(columns) or "" in names:
        return None
    header, first = next(iter(names.items()))
    if np.isin(first, ["", header]).any():
        return None
    lines = range(2, len(first) + 2)
    return Table(shown_as, pd.DataFrame(names, dtype="object", copy=False), lines)


def as_text(cell: str | float) -> str:
    """Give a cell as text: a whole number without its point, so that team 12 is not "12.0"."""
    return cell if isinstance(cell, str) else f"{cell:.15g}"


def shape_faults(header: list[str], records: Records, shown_as: str) -> list[Finding]:
    """Say what is wrong with a table: a title, a column twice, a row of another length."""
    top = records[0][0]
    if sum(name != "" for name in header) == 1 and _wider(records[1:]):
        title = next(name for name in header if name)
        message = f"'{shown(title)}' is a title, not column names: delete what stands above these"
        return [fault(message, file=shown_as, line=top)]
    counts = Counter(name for name in header if name)
    twice = [
        fault(f"column '{shown(name)}' is there {times(count)}: rename one",
              file=shown_as, line=top, field=name)
        for name, count in sorted(counts.items()) if count > 1
    ]  # fmt: skip
    return at_most([*twice, *_row_faults(header, records, shown_as)])


def at_most(faults: list[Finding]) -> list[Finding]:
    """Cut a long list of one file's faults: nobody reads, and no memory holds, a million."""
    if len(faults) <= MOST_TOLD:
        return faults
    rest = faults[MOST_TOLD:]
    level = min((one.level for one in rest), key=list(Level).index)
    more = f"{len(rest):,} more rows have faults like the ones above: mend these first"
    last = replace(rest[0], level=level, message=more, line=None, field=None, better=None)
    return [*faults[:MOST_TOLD], last]


def _row_faults(header: list[str], records: Records, shown_as: str) -> Iterator[Finding]:
    width, top = len(header), records[0][0]
    for line, cells in records[1:]:
        if len(cells) != width:
            some = f"{len(cells):,} cell{'' if len(cells) == 1 else 's'}"
            cure = "mend the row, or delete it if it is a total or a note"
            message = f"has {some} where the header has {width:,} columns: {cure}"
            yield fault(message, file=shown_as, line=line)
        elif cells[0] == header[0] and list(cells) == header:
            message = f"repeats the header of line {top}: delete the row"
            yield fault(message, file=shown_as, line=line)


def _wider(rows: Records) -> bool:
    """Tell whether every row, of two or more, has more than one cell filled in."""
    return len(rows) > 1 and all(sum(cell != "" for cell in cells) > 1 for _, cells in rows[:5])


def without_notes(table: Table) -> Table:
    """Refuse rows with a single cell: titles, totals and notes among the values."""
    filled = (table.rows != "").sum(axis=1)
    if len(table.rows.columns) < 3 or not (filled == 1).any():
        return table
    raise SourceError(
        fault(
            f"holds only '{shown(as_text(next(one for one in row if one != '')))}': delete the row "
            "if it is a title, a total or a note, else fill it in",
            file=table.file,
            line=line,
        )
        for line, row, cells in zip(table.lines, table.rows.to_numpy(), filled, strict=True)
        if cells == 1
    )
