"""Excel workbooks that went wrong, made from a seed: see `mangled_csv`.

They are written part by part, so that the XML itself can be spoilt.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .mangled_csv import HEADER, MONTHS, NO_NUMBERS, PAST_FLOAT, TEAMS, Case, Key

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
        ' Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"'
        "/></Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook {_NS} xmlns:r="{_RELS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_RELS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet {_NS}><numFmts><numFmt numFmtId="170" formatCode="0.0\\ %"/></numFmts>'
        '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="170"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>'
    ),
}
TOLD = float("inf")
"""The truth of a cell that has no value: only a message is right."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text as XML has it, and its attributes."""

    inner: str
    attributes: str = ""


def text(word: str) -> Cell:
    """Give a cell of text."""
    return Cell(f"<is><t>{word}</t></is>", ' t="inlineStr"')


def number(word: str, style: int = 0) -> Cell:
    """Give a cell of a number, which may be none."""
    return Cell(f"<v>{word}</v>", f' s="{style}"')


@dataclass(frozen=True)
class Book:
    """A workbook on its way: rows of cells, and what is known of them."""

    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[Key | None, ...]
    truth: dict[Key, float]
    unsure: frozenset[Key] = frozenset()
    tail: str = ""  # after the rows

    def put(self, at: int, column: int, cell: Cell, value: float | None = None) -> Book:
        """Give the book with another cell; `value` is what the row then says, None: unsure."""
        row = (*self.rows[at][:column], cell, *self.rows[at][column + 1 :])
        key = self.keys[at]
        truth = self.truth if value is None or not key else {**self.truth, key: value}
        unsure = self.unsure | ({key} if key and value is None else set())
        rows = (*self.rows[:at], row, *self.rows[at + 1 :])
        return replace(self, rows=rows, truth=truth, unsure=unsure)


def sound(chance: random.Random) -> Book:
    """Give a workbook that has nothing wrong."""
    truth = {(t, m): round(chance.uniform(0, 200), 2) for t in TEAMS for m in MONTHS}
    rows = [
        (text(team), text("m"), text(month), number(repr(value)), text(""))
        for (team, month), value in truth.items()
    ]
    return Book((tuple(text(name) for name in HEADER), *rows), (None, *truth), truth)


def _some(book: Book, chance: random.Random) -> int:
    return chance.randrange(1, len(book.rows))


def percents(book: Book, chance: random.Random) -> Book:
    """Show a number as a percentage."""
    return book.put(_some(book, chance), 3, number("0.125", chance.choice((1, 2))), TOLD)


def past_float(book: Book, chance: random.Random) -> Book:
    """Write a number that no float holds, or only just; as a number or as text."""
    word = chance.choice(PAST_FLOAT)
    cell = chance.choice((number, text))(word)
    return book.put(_some(book, chance), 3, cell, float(word))


def no_numbers(book: Book, chance: random.Random) -> Book:
    """Write text, an error, a truth or a formula without result where a number belongs."""
    cell = chance.choice((
        text(chance.choice(NO_NUMBERS).replace("<", "&lt;")), Cell("<v>#DIV/0!</v>", ' t="e"'),
        Cell("<v>1</v>", ' t="b"'), Cell("<f>1+1</f>"), Cell("<f>1+1</f><v></v>"),
        Cell("<v>#N/A</v>", ' t="e"'), number("12%"), number("abc"), number("NaN"), number("inf"),
    ))  # fmt: skip
    return book.put(_some(book, chance), 3, cell, TOLD)


def dates(book: Book, chance: random.Random) -> Book:
    """Write the period as a date of Excel: its first day means the month, others are told."""
    at = _some(book, chance)
    key = book.keys[at]
    year, month = map(int, key[1].split("-")) if key else (2023, 1)
    serial = 44927 + 365 * (year - 2023) + sum(_DAYS[: month - 1]) + (year == 2024 and month > 2)
    if chance.random() < 0.5:
        return book.put(at, 2, number(str(serial), 3), book.truth[key] if key else None)
    return book.put(at, 2, number(str(serial + 5), 3))


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def long_cell(book: Book, chance: random.Random) -> Book:
    """Write a million characters into a cell."""
    column = chance.randrange(5)
    at = _some(book, chance)
    key = book.keys[at]
    value = book.truth[key] if column == 4 and key and key not in book.unsure else None
    return book.put(at, column, text(chance.choice("x9é ") * 1_000_000), value)


def wide(book: Book, chance: random.Random) -> Book:
    """Give a row, or the header, 10,000 cells more."""
    at = chance.choice((0, _some(book, chance)))
    more = tuple(text(f"x{n}") for n in range(10_000))
    unsure = {book.keys[at]} - {None}
    rows = (*book.rows[:at], (*book.rows[at], *more), *book.rows[at + 1 :])
    return replace(book, rows=rows, unsure=book.unsure | unsure)


def rows_moved(book: Book, chance: random.Random) -> Book:
    """Repeat a row, delete one, put a title above or a total below."""
    at, rows, keys = _some(book, chance), list(book.rows), list(book.keys)
    gone: set[Key | None] = set()
    match chance.randrange(5):
        case 0:
            rows.pop(at)
            gone = {keys.pop(at)}
        case 1:
            rows.insert(at, rows[_some(book, chance)])
            keys.insert(at, None)
        case 2:
            rows.insert(0, (text("Report"),))
            keys.insert(0, None)
        case 3:
            rows.append((text("Total"), text(""), text(""), number("500")))
            keys.append(None)
        case _:
            rows.insert(at, ())
            keys.insert(at, None)
    return replace(book, rows=tuple(rows), keys=tuple(keys), unsure=book.unsure | (gone - {None}))


def merged(book: Book, chance: random.Random) -> Book:
    """Merge some cells."""
    at = _some(book, chance)
    return replace(book, tail=f'<mergeCells><mergeCell ref="A{at}:B{at + 2}"/></mergeCells>')


OF_ROWS: tuple[Callable[[Book, random.Random], Book], ...] = (
    percents, past_float, no_numbers, dates, long_cell, wide, rows_moved, merged,
)  # fmt: skip


def sheet_xml(book: Book) -> str:
    """Write the sheet."""
    rows = []
    for r, row in enumerate(book.rows, start=1):
        cells = (
            f'<c r="{_letters(c)}{r}"{one.attributes}>{one.inner}</c>' for c, one in enumerate(row)
        )
        rows.append(f'<row r="{r}">{"".join(cells)}</row>')
    return f"<worksheet {_NS}><sheetData>{''.join(rows)}</sheetData>{book.tail}</worksheet>"


def _letters(column: int) -> str:
    before, at = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(65 + at)


def zipped(parts: dict[str, bytes]) -> bytes:
    """Pack the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def spoilt_xml(parts: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """Spoil the XML of a part: what its rows say nobody can be sure of."""
    name = chance.choice(list(parts))
    raw = parts[name]
    at = chance.randrange(len(raw) + 1)
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
    ) + b"]>"  # fmt: skip
    changed = chance.choice((
        raw[:at], raw[:at] + b"\0" + raw[at:], raw[:at] + b"<c>" + raw[at:], bomb + raw,
        raw.replace(b'r="A5"', b'r="XFD1048576"'), raw.replace(b'r="A5"', b'r="ZZZZ99999999"'),
        raw.replace(b'r="B7"', b""), raw.replace(b"</v>", b""), raw.replace(b"UTF-8", b"UTF-16"),
        raw.replace(b"<row", b"<Row"), raw * 2, b"", raw.replace(b'"r1"', b'"r9"'),
        raw.replace(b"sheet1.xml", b"../../../etc/passwd"), raw[:at] + bytes(range(256)) + raw[at:],
        raw.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
    ))  # fmt: skip
    return {**parts, name: changed}


def spoilt_bytes(raw: bytes, chance: random.Random) -> bytes:
    """Cut the file short, change some of its bytes, or put another file in its place."""
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    cut = chance.randrange(len(raw))
    return chance.choice((
        raw[:cut], bytes(changed), bytes(changed), raw[cut:], raw + raw, b"",
        b"team,period,value\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + raw, raw[: len(raw) - 22], b"PK\x05\x06" + b"\0" * 18,
        b"<html><table><tr><td>team</td></tr></table>", raw[:200] + b"\0" * 5000,
    ))  # fmt: skip


def book_cases(seed: int) -> Iterator[Case]:
    """Give mangled workbooks without end; the same seed gives the same ones."""
    chance = random.Random(seed)
    while True:
        book, how = sound(chance), []
        for mangle in chance.sample(OF_ROWS, chance.choice((0, 1, 1, 2))):
            book = mangle(book, chance)
            how.append(mangle.__name__)
        parts = {name: one.encode() for name, one in _PARTS.items()}
        parts["xl/worksheets/sheet1.xml"] = sheet_xml(book).encode()
        unsure = book.unsure
        if not how and chance.random() < 0.6:
            parts, unsure = spoilt_xml(parts, chance), frozenset(book.truth)
            how.append("spoilt_xml")
        raw = zipped(parts)
        if not how:
            raw = spoilt_bytes(raw, chance)  # the archive's checksums tell, so the truth stands
            how.append("spoilt_bytes")
        yield Case(" + ".join(how), raw, book.truth, unsure, ".xlsx")
