"""T04: the data in a sheet. A sheet to repair, what colours and arrows hide, the own values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.parts import Better, Statistic
from kpi_analysis.errors import Finding, KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.workspace import open_workspace
from kpi_analysis.review.drawing import picture
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Made,
    Remark,
    State,
    Values,
    remarked,
    right,
    unanswered,
    wrong,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import charts, table
from kpi_analysis.training.given import fields, number, numbers, text
from kpi_analysis.training.series import Planted, review

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


def colours(given: object) -> Answer:
    """Say how often the work really changed in sheets A and B: {"A": 0, "B": 1}."""
    exercise, said = "T04.colours", {key: number(value) for key, value in fields(given).items()}
    a, b = said.get("a"), said.get("b")
    if a is None and b is None:
        return unanswered(exercise, "write how often the work changed, once for A and once for B.")
    remarks = []
    if a is None or b is None:
        remarks.append(
            Remark(f"{exercise}.open", f"Sheet {'A' if a is None else 'B'} is still open.")
        )
    if a not in (0, None):
        words = (
            "A never changed: its numbers were drawn by chance about one level, 12 %. With a target"
            " close to the level, chance alone turns months red and green, and arrows up and down."
        )
        remarks.append(Remark(f"{exercise}.noise", words))
    if b not in (1, None):
        words = (
            "B changed once, in February 2025, from 6 % to 8 %. Every month stayed green, because"
            " the target is 12 %: a colour from the target alone cannot show it."
        )
        remarks.append(Remark(f"{exercise}.hidden", words))
    if not remarks:
        words = (
            "A never changed, whatever its colours and arrows do; B got worse once, in February"
            " 2025, while every month stayed green. The charts below show both."
        )
        return right(exercise, words)
    good = (a == 0) + (b == 1)
    return remarked(State.HALF if good else State.WRONG, remarks)


TARGET = 12.0
SHOWN = 18  # months in the table; the charts have twice as many
SHEET_A = Planted(
    "Late trips, line A", "lower", 12.0, 1.6, 5, target=TARGET, count=36, first="2023-01"
)
SHEET_B = Planted(
    "Late trips, line B", "lower", 6.0, 0.8, 5, target=TARGET, moves=((25, 2.0),), count=36,
    first="2023-01",
)  # fmt: skip


def coloured() -> Html:
    """Show sheets A and B as colours by the target alone, and arrows from month to month."""
    a, b = SHEET_A, SHEET_B
    heads = ("Month", "A", "colour", "arrow", "B", "colour", "arrow")
    rows = list(zip(a.periods, _cells(a.values), _cells(b.values), strict=True))[-SHOWN:]
    tints = {"green": "#bfe3c0", "red": "#f4b8ae"}
    return table(heads, ((period.label, *left, *right) for period, left, right in rows), tints)


def _cells(values: tuple[float, ...]) -> Iterator[tuple[str, str, str]]:
    before = values[0]
    for value in values:
        arrow = "–" if value == before else "▲ up" if value > before else "▼ down"
        yield f"{value:.1f} %", "green" if value <= TARGET else "red", arrow
        before = value


def charted() -> Html:
    """Show sheets A and B as charts, read."""
    both = (("A", SHEET_A), ("B", SHEET_B))
    return charts((f"{name}: {one.caption}", picture(review(one))) for name, one in both)


def own(given: object) -> Answer:
    """Check the values of the learner's own measure, and how they are worked out."""
    sheet, exercise = fields(given), "T04.own"
    values = numbers(sheet.get("values"))
    needs = ("unit", "better", "statistic", "counted", "collected by", "first")
    filled = {name: text(sheet.get(name)) for name in (*needs, "out of")}
    if not any(filled.values()) and not values:
        return unanswered(exercise, "fill in the sheet; twelve values are enough for firm limits.")
    remarks = [
        *_empty(exercise, filled, needs),
        *_words(exercise, filled),
        *_first(exercise, filled["first"]),
        *_values(exercise, values),
    ]
    few = f"{exercise}.few"
    made = _made(filled, values) if all(one.hint == few for one in remarks) else ()
    if remarks:
        return remarked(State.HALF if made or len(remarks) < 3 else State.WRONG, remarks, *made)
    words = f"{len(values)} values that a chart can be drawn from."
    firm = "" if len(values) >= 12 else " Until there are 12, its limits are provisional."
    return right(exercise, words + firm, *made)


def _empty(exercise: str, filled: Mapping[str, str], needs: tuple[str, ...]) -> Iterator[Remark]:
    empty = [name for name in needs if not filled[name]]
    if empty:
        yield Remark(f"{exercise}.open", f"Still empty: {', '.join(empty)}.")
    if filled["statistic"] in ("percentage", "rate", "ratio") and not filled["out of"]:
        yield Remark(f"{exercise}.out-of", f"A {filled['statistic']} is out of something: of what?")


def _words(exercise: str, filled: Mapping[str, str]) -> Iterator[Remark]:
    for name, known in (("statistic", list(Statistic)), ("better", list(Better))):
        said = filled[name]
        if said and said not in known:
            words = f"{name}: '{said}' is none of {', '.join(known)}"
            yield Remark(f"{exercise}.{name}", words + did_you_mean(nearest(said, known)))


def _first(exercise: str, first: str) -> Iterator[Remark]:
    if not first:
        return
    try:
        period = Period.parse(first)
    except KpiError as error:
        yield Remark(f"{exercise}.first", f"first: {error}")
        return
    if not isinstance(period.frequency, Frequency):
        yield Remark(f"{exercise}.first", "first: write a period, such as 2025-01 or 2025-W09.")


def _values(exercise: str, values: list[float | None]) -> Iterator[Remark]:
    bad = [str(n) for n, one in enumerate(values, 1) if one is None]
    if bad:
        yield Remark(f"{exercise}.number", f"No number at place {', '.join(bad[:5])}.")
    elif len(set(values)) == 1 and len(values) > 1:
        yield Remark(f"{exercise}.constant", "All values are the same: nothing varies.")
    if len(values) < 6:
        yield Remark(f"{exercise}.few", f"{len(values)} of 6 values: no limits before the sixth.")


def _made(filled: Mapping[str, str], values: list[float | None]) -> tuple[Made, ...]:
    first = Period.parse(filled["first"])
    calculation = {"statistic": filled["statistic"], "numerator": filled["counted"]}
    if filled["out of"]:
        calculation["denominator"] = filled["out of"]
    sheet = {
        "unit": filled["unit"],
        "better": filled["better"],
        "frequency": str(first.frequency),
        "calculation": calculation,
        "data": {"collected_by": filled["collected by"]},
    }
    return Fields(sheet), Values(first, tuple(one for one in values if one is not None))


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"sheet": sheet, "colours": colours, "own": own}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    heads = ("Month", "Late trips", "All trips")
    touched = [fault.month for fault in FAULTS if fault.month]
    rows = [(month, *BOOK[month]) for month in touched]
    return {
        "book": lambda: table(heads, rows),
        "colours": coloured,
        "charts": charted,
    }
