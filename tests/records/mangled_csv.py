"""Files that went wrong on their way, made from a seed, with what is known of each.

A sound table is mangled by one or two of the ways below. A case knows the rows that the mangling
left alone: these must come out as they were written, or a message must say why not. It also knows
what a touched number means, where there is only one meaning.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

HEADER = ("team", "measure", "period", "value", "note")
TEAMS = ("Ärzte", "B", "C")
MONTHS = tuple(f"{2023 + n // 12}-{n % 12 + 1:02}" for n in range(24))
SETTINGS = "name: Mangled\nfrequency: month\nteams: {Ärzte: {}, B: {}, C: {}}\n"
MEASURE = """id: m
status: trial
name: Minutes, by month
result: Patients are seen soon
unit: minutes
better: lower
frequency: month
evidence: [minutes]
calculation: {statistic: mean, numerator: minutes, denominator: patients}
data: {}
"""

Key = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """One file: its bytes, the values of its rows, and which of them nobody can be sure of.

    `truth` has the value of every row that was there before; `unsure` are rows whose value the
    mangling changed, so that another value or none is right too. A truth of infinity: only a
    message is right.
    """

    how: str
    content: bytes
    truth: dict[Key, float]
    unsure: frozenset[Key] = frozenset()
    suffix: str = ".csv"
    decimal: str = "."


@dataclass(frozen=True)
class Sheet:
    """A table on its way: a line a row, each with the key of its row (None: no row)."""

    lines: tuple[str, ...]
    keys: tuple[Key | None, ...]
    truth: dict[Key, float]
    separator: str = ","
    end: str = "\n"
    unsure: frozenset[Key] = frozenset()
    decimal: str = "."

    def with_line(self, at: int, line: str, *, unsure: bool = True) -> Sheet:
        """Give the sheet with another line; the row it held is then unsure."""
        lines = (*self.lines[:at], line, *self.lines[at + 1 :])
        key = self.keys[at]
        more = {key} if unsure and key else set()
        return replace(self, lines=lines, unsure=self.unsure | more)

    def cells(self, at: int) -> list[str]:
        """Give the cells of a line."""
        return self.lines[at].split(self.separator)

    def with_cell(self, at: int, column: int, text: str, *, value: float | None = None) -> Sheet:
        """Give the sheet with another cell; with `value`, that is what the row then says."""
        cells = self.cells(at)
        if column < len(cells):
            cells[column] = text
        out = self.with_line(at, self.separator.join(cells), unsure=value is None)
        key = self.keys[at]
        if value is not None and key:
            out = replace(out, truth={**out.truth, key: value})
        return out


def sound(chance: random.Random) -> Sheet:
    """Give a table that has nothing wrong, in one of the ways to save it."""
    separator = chance.choice(",,,;\t|")
    decimal = "," if separator != "," and chance.random() < 0.4 else "."
    truth = {
        (team, month): round(chance.uniform(0, 200), chance.choice((0, 1, 2)))
        for team in TEAMS
        for month in MONTHS
    }
    rows = [
        (team, "m", month, f"{truth[team, month]:.2f}".replace(".", decimal), "")
        for team, month in truth
    ]
    lines = (separator.join(HEADER), *(separator.join(row) for row in rows))
    end = chance.choice(("\n", "\n", "\r\n", "\r"))
    return Sheet(lines, (None, *truth), truth, separator, end, decimal=decimal)


Mangle = Callable[[Sheet, random.Random], Sheet]


def stray_quotes(sheet: Sheet, chance: random.Random) -> Sheet:
    """Put quotation marks where none belong; what lies between two of them is unsure."""
    places = sorted(chance.randrange(len(sheet.lines)) for _ in range(chance.randint(1, 4)))
    for at in places:
        line = sheet.lines[at]
        cut = chance.choice((0, len(line), chance.randrange(len(line) + 1)))
        sheet = sheet.with_line(at, line[:cut] + '"' + line[cut:])
    return sheet


def quoted_cells(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write some cells in quotation marks, which changes nothing."""
    for at in range(1, len(sheet.lines)):
        if chance.random() < 0.3:
            cells = sheet.separator.join(f'"{cell}"' for cell in sheet.cells(at))
            sheet = sheet.with_line(at, cells, unsure=False)
    return sheet


def quotes_in_notes(sheet: Sheet, chance: random.Random) -> Sheet:
    """Open a quotation mark in one row's note and close it in that of a later one."""
    first = chance.randrange(1, len(sheet.lines) - 1)
    last = chance.randrange(first + 1, min(first + 12, len(sheet.lines)))
    sheet = sheet.with_line(first, sheet.lines[first] + '"', unsure=False)
    return sheet.with_line(last, sheet.lines[last] + '"', unsure=False)


def unprintable(sheet: Sheet, chance: random.Random) -> Sheet:
    """Put NUL bytes and other control characters into some lines."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(sheet.lines))
        line, mark = sheet.lines[at], chance.choice("\0\0\x01\x08\x1a\x7f\x0c\x0b\x85\u2028\u200b")
        cut = chance.randrange(len(line) + 1)
        sheet = sheet.with_line(at, line[:cut] + mark + line[cut:])
    return sheet


def wide(sheet: Sheet, chance: random.Random) -> Sheet:
    """Give the table, or one row of it, 10,000 columns."""
    more = sheet.separator * 10_000
    if chance.random() < 0.5:
        names = sheet.separator.join(f"x{n}" for n in range(10_000))
        lines = (
            f"{sheet.lines[0]}{sheet.separator}{names}",
            *(f"{one}{more}" for one in sheet.lines[1:]),
        )
        return replace(sheet, lines=lines)
    return sheet.with_line(at := chance.randrange(1, len(sheet.lines)), sheet.lines[at] + more)


def long_cell(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write a million characters into one cell."""
    at, column = chance.randrange(len(sheet.lines)), chance.randrange(len(HEADER))
    text = chance.choice(("x", "9", "1.", "é", " ", "-1", "1 ")) * chance.choice((400, 1_000_000))
    is_note = column == 4 and at > 0
    return sheet.with_cell(at, column, text, value=_value(sheet, at) if is_note else None)


def _value(sheet: Sheet, at: int) -> float | None:
    key = sheet.keys[at]
    return sheet.truth[key] if key and key not in sheet.unsure else None


PAST_FLOAT = (
    "1e400", "-1e999", "9" * 400, "1e308", "1.7976931348623157e308", "1.8e308", "1e-400",
    "0." + "0" * 400 + "1", "123456789012345678901234567890", "5e-324", "1e+99999999999",
    "-0", "-0.0", "1" + "0" * 308, "1" + "0" * 309, "0" * 5000 + "7", "0.1" + "1" * 5000,
)  # fmt: skip
# Not among them are 1_000 and +-5, which an engine reads as numbers in raw records (METHOD.md);
# period values refuse both: test_values.py.
NO_NUMBERS = (
    "12%", "£12", "(12)", "12-", "１２", "NaN", "inf", "-inf", "#N/A", "#DIV/0!", "null", "None",
    "n/a", "-", "—", "0x1F", "TRUE", "2023-01-05", "1:30", "12 min", "1e", "e5",
    "1..5", "--5", "½", "٣", "=1+1", "'5", "1'234", "12.5.2023", "<5", "~12", "1 2 3 4", "*", "1/2",
)  # fmt: skip


def numbers_past_float(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write numbers that no float holds, or only just."""
    for _ in range(chance.randint(1, 3)):
        at, text = chance.randrange(1, len(sheet.lines)), chance.choice(PAST_FLOAT)
        if sheet.decimal == "." or set(text) <= set("0123456789"):
            sheet = sheet.with_cell(at, 3, text, value=float(text))
        else:
            sheet = sheet.with_cell(at, 3, text)
    return sheet


def no_numbers(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write what is no number into the values; only a message is right."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(1, len(sheet.lines))
        if len(sheet.cells(at)) > 3:
            sheet = sheet.with_cell(at, 3, chance.choice(NO_NUMBERS), value=float("inf"))
    return sheet


SAME = {
    ".": ("{0}", " {0} ", "+{0}", "{0}0", "0{0}", "{0}e0", "00{0}"),
    ",": ("{0}", " {0} ", "+{0}", "{0}0"),
}


def same_numbers(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write numbers in another way that means the same."""
    for _ in range(chance.randint(1, 9)):
        at = chance.randrange(1, len(sheet.lines))
        if sheet.keys[at] in sheet.unsure or len(sheet.cells(at)) < 4:
            continue
        text = chance.choice(SAME[sheet.decimal]).format(sheet.cells(at)[3].strip())
        sheet = sheet.with_cell(at, 3, text, value=_value(sheet, at))
    return sheet


def periods(sheet: Sheet, chance: random.Random) -> Sheet:
    """Write periods in ways that mean another one, the same or none."""
    at = chance.randrange(1, len(sheet.lines))
    words = ("2023-1", "01/02/2023", "Jan 2023", "202301", "45000", "2023-13", "", "2023-02-30",
             "2023-Q1", "2023-W05", "0000-01", "9999-12", "2023-01-02", "x",
             "2023-01-01T00:00")  # fmt: skip
    return sheet.with_cell(at, 2, chance.choice(words))


def rows_moved(sheet: Sheet, chance: random.Random) -> Sheet:
    """Delete, repeat, swap or join rows, or repeat the header."""
    at, other = (chance.randrange(1, len(sheet.lines)) for _ in range(2))
    lines, keys = list(sheet.lines), list(sheet.keys)
    what = chance.randrange(5)
    gone: set[Key | None] = set()
    if what == 0:
        gone = {keys.pop(at)}
        lines.pop(at)
    elif what == 1:
        lines.insert(other, lines[at])
        keys.insert(other, keys[at])
    elif what == 2:
        lines[at], lines[other] = lines[other], lines[at]
        keys[at], keys[other] = keys[other], keys[at]
    elif what == 3:
        lines.insert(at, lines[0])
        keys.insert(at, None)
    elif at + 1 < len(lines):
        gone = {keys[at], keys.pop(at + 1)}
        lines[at] += lines.pop(at + 1)
    absent = {key for key in gone if key}
    return replace(sheet, lines=tuple(lines), keys=tuple(keys), unsure=sheet.unsure | absent)


def cells_moved(sheet: Sheet, chance: random.Random) -> Sheet:
    """Shift the cells of a row, or cut it with another separator."""
    at = chance.randrange(len(sheet.lines))
    line, mark = sheet.lines[at], chance.choice(",;\t|")
    whats = (
        sheet.separator + line, line + sheet.separator, line + sheet.separator * 3,
        line.replace(sheet.separator, mark), line.replace(sheet.separator, "", 1),
        sheet.separator.join(reversed(sheet.cells(at))), line.rpartition(sheet.separator)[0],
    )  # fmt: skip
    return sheet.with_line(at, chance.choice(whats))


def footers(sheet: Sheet, chance: random.Random) -> Sheet:
    """Put totals, notes, titles and empty lines above, among or below the rows."""
    mark = sheet.separator
    texts = (f"Total{mark}{mark}{mark}500{mark}", "Source: the ward", mark * 4, "", "   ", mark,
             f"Total{mark * 4}", f"{mark}{mark}{mark}500{mark}", "# a note",
             f"Report{mark * 4}")  # fmt: skip
    at = chance.choice((0, len(sheet.lines), chance.randrange(len(sheet.lines) + 1)))
    text = chance.choice(texts)
    return replace(
        sheet,
        lines=(*sheet.lines[:at], text, *sheet.lines[at:]),
        keys=(*sheet.keys[:at], None, *sheet.keys[at:]),
    )


def headers(sheet: Sheet, chance: random.Random) -> Sheet:
    """Spoil the header."""
    cells = sheet.cells(0)
    at, column = 0, chance.randrange(min(4, len(cells)))
    ways = (
        lambda: cells[column].upper(), lambda: "", lambda: f" {cells[column]} ", lambda: "team",
        lambda: cells[column] + "s", lambda: "\ufeff" + cells[column], lambda: f'"{cells[column]}"',
        lambda: cells[column] + "\u200b",
    )  # fmt: skip
    return sheet.with_cell(at, column, chance.choice(ways)())


def names(sheet: Sheet, chance: random.Random) -> Sheet:
    """Misspell a team or a measure."""
    at, column = chance.randrange(1, len(sheet.lines)), chance.randrange(2)
    text = chance.choice(
        ("b", "B ", "", "m\u00a0", "B\u200b", "M", "D", "=B", "Arzte", "A\u0308rzte")
    )
    return sheet.with_cell(at, column, text)


OF_LINES: tuple[Mangle, ...] = (
    stray_quotes, quoted_cells, quotes_in_notes, unprintable, wide, long_cell, numbers_past_float,
    no_numbers, same_numbers, periods, rows_moved, cells_moved, footers, headers, names,
)  # fmt: skip


def written(sheet: Sheet, how: str, encoding: str = "utf-8") -> Case:
    """Write the file."""
    text = sheet.end.join(sheet.lines) + sheet.end
    return Case(
        how,
        text.encode(encoding, "replace"),
        sheet.truth,
        sheet.unsure,
        decimal=sheet.decimal,
    )


def _all(case: Case) -> frozenset[Key]:
    return frozenset(case.truth)


def truncated(case: Case, chance: random.Random) -> Case:
    """Cut the file short: what is gone is gone, and the last row may lack a digit."""
    cut = chance.randrange(len(case.content) + 1)
    left = case.content[:cut].decode("utf-8", "replace")
    gone = frozenset(key for key in case.truth if f"{key[0]}" not in left or not _whole(left, key))
    return replace(case, content=case.content[:cut], unsure=case.unsure | gone)


def _whole(text: str, key: Key) -> bool:
    """Tell whether the row of a key is there with its line end."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return any(
        one.replace('"', "").lstrip().startswith(key[0]) and key[1] in one for one in rows[:-1]
    )


def flipped(case: Case, chance: random.Random) -> Case:
    """Change some bytes; the rows on their lines are unsure, and with a line end two."""
    raw = bytearray(case.content)
    spots = [chance.randrange(len(raw)) for _ in range(chance.randint(1, 5))] if raw else []
    touched: set[Key] = set()
    for at in spots:
        before = raw[at]
        raw[at] = chance.randrange(256)
        around = bytes(raw[max(0, at - 80) : at + 80]) + bytes([before])
        text = case.content[max(0, at - 80) : at + 80].decode("utf-8", "replace") + around.decode(
            "utf-8", "replace"
        )
        touched |= {key for key in case.truth if key[1] in text}
    return replace(case, content=bytes(raw), unsure=case.unsure | touched)


def mixed_encodings(case: Case, chance: random.Random) -> Case:
    """Save the file, or one line of it, in another encoding."""
    text = case.content.decode("utf-8", "replace")
    if chance.random() < 0.5:
        other = chance.choice(("cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig",
                               "mac-roman", "utf-7", "cp500", "shift_jis"))  # fmt: skip
        return replace(case, content=text.encode(other, "replace"))
    raw = bytearray(case.content)
    at = chance.randrange(len(raw) + 1)
    # é in Windows-1252, a lone surrogate, an overlong slash, a cut character, a BOM
    raw[at:at] = chance.choice(
        (b"\xe9", b"\xed\xa0\x80", b"\xc0\xaf", b"\xe2\x82", b"\xef\xbb\xbf")
    )
    near = case.content[max(0, at - 60) : at + 60].decode("utf-8", "replace")
    touched = {key for key in case.truth if key[1] in near}
    return replace(case, content=bytes(raw), unsure=case.unsure | touched)


def twice_encoded(case: Case, _chance: random.Random) -> Case:
    """Read UTF-8 as Windows-1252 and save it again: Ã„rzte."""
    text = case.content.decode("utf-8", "replace").encode("utf-8").decode("latin-1")
    return replace(case, content=text.encode())


def something_else(case: Case, chance: random.Random) -> Case:
    """Put another kind of file in its place: rows are then absent, which is told."""
    garbage = bytes(chance.randrange(256) for _ in range(2000))
    content = chance.choice((
        b"", b"\xef\xbb\xbf", b"\n" * 50, b"PK\x03\x04" + garbage, b"PAR1" + garbage,
        b"\x1f\x8b" + garbage,
        garbage, b"{\"team\": 1}", b"<html><table><tr><td>team</td></tr></table>", b"," * 100_000,
        b'"' * 99_999, b"\n".join([b","] * 5000), b"team\n" * 1000, b"\0" * 100_000,
        b'"\n' * 50_000,
        case.content.partition(b"\n")[0], b"%PDF-1.7" + garbage,
        b"version https://git-lfs\noid sha256:1\n",
    ))  # fmt: skip
    return replace(case, content=content)


def two_files(case: Case, chance: random.Random) -> Case:
    """Join the file with itself under another separator or line end."""
    text = case.content.decode("utf-8", "replace")
    again = text.replace(chance.choice((",", "\n", ";")), chance.choice((";", "\r\n", "\r", "\t")))
    return replace(case, content=(text + again).encode())


OF_BYTES = (truncated, truncated, flipped, flipped, mixed_encodings, twice_encoded,
something_else, two_files)  # fmt: skip


def csv_cases(seed: int) -> Iterator[Case]:
    """Give mangled CSV files without end; the same seed gives the same ones."""
    chance = random.Random(seed)
    while True:
        sheet, how = sound(chance), []
        for mangle in chance.sample(OF_LINES, chance.choice((0, 1, 1, 1, 2))):
            sheet = mangle(sheet, chance)
            how.append(mangle.__name__)
        case = written(sheet, "")
        if not how or chance.random() < 0.15:
            of_bytes = chance.choice(OF_BYTES)
            case = of_bytes(case, chance)
            how.append(of_bytes.__name__)
        yield replace(case, how=" + ".join(how))
