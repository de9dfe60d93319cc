"""T04, exercise 1: a sheet with eight faults, and what is still wrong with it, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from kpi_analysis.errors import Finding
from kpi_analysis.packs.html import Html
from kpi_analysis.records.workspace import open_workspace
from kpi_analysis.training.answer import Answer, Remark, State, remarked, right, wrong
from kpi_analysis.training.frames import table
from kpi_analysis.training.given import text

SHEET = "T04_sheet.csv"
_COLUMNS = ("month", "late", "trips")
_LINE_7 = {
    "id": "late",
    "status": "trial",
    "name": "Percentage of trips over five minutes late, by month",
    "result": "Passengers reach the last stop when the timetable says",
    "unit": "%",
    "better": "lower",
    "frequency": "month",
    "evidence": ["passengers who run for a connection"],
    "calculation": {"statistic": "percentage", "numerator": "late", "denominator": "trips"},
    "data": {
        "file": SHEET,
        "columns": {"period": "month", "numerator": "late", "denominator": "trips"},
    },
}
# What the depot's paper book says, month by month: late trips, all trips.
BOOK = {
    "2024-11": (52, 410), "2024-12": (61, 398), "2025-01": (58, 412), "2025-02": (49, 376),
    "2025-03": (55, 409), "2025-04": (47, 401), "2025-05": (51, 410), "2025-06": (60, 399),
    "2025-07": (62, 415), "2025-08": (57, 408), "2025-09": (44, 402), "2025-10": (54, 411),
    "2025-11": (53, 400), "2025-12": (60, 405),
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One planted fault: the month it is in (empty: a row that is no month), and what it is."""

    hint: str
    month: str
    words: str


FAULTS = (
    Fault("twice", "2025-03", "March 2025 is there twice: only the book knows which is right."),
    Fault("no-number", "2025-04", "“n/a” is no number: the book has it."),
    Fault("thousands", "2025-05", "1,410 trips: a slip of the hand, read as text by a computer."),
    Fault("missing", "2025-06", "June 2025 has no row: its neighbours are then no neighbours."),
    Fault("impossible", "2025-07", "620 late of 415: more than there were."),
    Fault("period", "2025-08", "“Aug 2025” is no month as the others are written: 2025-08."),
    Fault("empty", "2025-09", "late is empty beside 402 trips: empty is not the same as none."),
    Fault("total", "", "A total is no month: sums belong on another sheet."),
)


def sheet(given: object) -> Answer:
    """Check the repaired sheet, a CSV file named by its path: what is still wrong, row by row."""
    exercise, path = "T04.sheet", Path(text(given) or SHEET)
    try:
        written = path.read_bytes()
        content = written.decode("utf-8-sig")
    except (OSError, UnicodeError, ValueError):
        return wrong(
            f"{exercise}.no-file", f"there is no sheet '{path.name[:60]}' that can be read here."
        )
    rows = _rows(content)
    if rows == _rows(planted()):
        words = (
            "the sheet is as it came, with its eight faults. This is what a computer says of it:"
        )
        return remarked(State.UNANSWERED, (Remark(f"{exercise}.empty", words), *_said(written)))
    left = [fault for fault in FAULTS if not _is_mended(fault, rows)]
    strange = [Remark(f"{exercise}.other", one) for one in _others(rows)]
    remarks = [*(Remark(f"{exercise}.{one.hint}", one.words) for one in left), *strange]
    if not remarks:
        return right(exercise, f"all {len(FAULTS)} are mended: {len(BOOK)} months, each once.")
    count = f"{len(FAULTS) - len(left)} of {len(FAULTS)} faults are mended."
    state = State.HALF if len(left) < len(FAULTS) else State.WRONG
    return remarked(state, (Remark(f"{exercise}.count", count), *remarks, *_said(written)))


def planted() -> str:
    """Give the sheet with its faults, as the course hands it out."""
    return files("kpi_analysis.training").joinpath(SHEET).read_text(encoding="utf-8")


def _rows(content: str) -> list[tuple[str, ...]]:
    try:
        read = list(csv.reader(io.StringIO(content)))
    except csv.Error:
        return []
    return [tuple(cell.strip() for cell in row) for row in read if any(map(str.strip, row))]


def _is_mended(fault: Fault, rows: list[tuple[str, ...]]) -> bool:
    if fault.hint == "total":
        return not any(row[0].casefold() == "total" for row in rows)
    return [row[1:3] for row in rows if row[0] == fault.month] == [_written(fault.month)]


def _written(month: str) -> tuple[str, ...]:
    return tuple(str(one) for one in BOOK[month])


def _others(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Find what the learner changed where nothing was at fault."""
    if not rows or rows[0][:3] != _COLUMNS:
        yield f"The first row should stay as it was: {','.join(_COLUMNS)}."
    touched = {fault.month for fault in FAULTS}
    for month in BOOK.keys() - touched:
        if [row[1:3] for row in rows if row[0] == month] != [_written(month)]:
            yield f"{month} was right as it came: {','.join((month, *_written(month)))}."


def _said(written: bytes) -> Iterator[Remark]:
    """Give what the library's reader says of the sheet, as it would of any other."""
    with TemporaryDirectory(prefix="kpi-sheet-") as folder:
        root = Path(folder)
        (root / "measures").mkdir()
        (root / "kpi.yml").write_text("values: none/*.csv\n", encoding="utf-8")
        measure = yaml.safe_dump(_LINE_7)
        (root / "measures" / "late.yml").write_text(measure, encoding="utf-8")
        (root / SHEET).write_bytes(written)
        found = open_workspace(root).findings
    yield from (Remark("T04.sheet.reader", _row(one)) for one in found if one.file == SHEET)


def _row(finding: Finding) -> str:
    place = f"row {finding.line}: " if finding.line else ""
    return f"{place}{finding.message}"


def book() -> Html:
    """Show what the paper book says of the months in question."""
    touched = [fault.month for fault in FAULTS if fault.month]
    return table(("Month", "Late trips", "All trips"), ((one, *BOOK[one]) for one in touched))
