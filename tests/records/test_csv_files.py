"""A CSV file is read as the program that saved it meant it, short or long."""

from __future__ import annotations

import csv
import io
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import SourceError
from kpi_analysis.records import csv_files
from kpi_analysis.records.csv_files import read_table

LONG = 40_000  # characters: such a file is read by another way than a short one
WORD = st.text(st.sampled_from(" ab\"',;\t|=1.NA\u00e9\u2013\u2028\x0b"), max_size=5)


@st.composite
def saved(draw):
    """The header and the rows of a table, and the text of its file as some program writes it."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(WORD, min_size=width, max_size=width), max_size=12))
    header = [f"column {n}" for n in range(width)]
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=draw(st.sampled_from(",;\t|")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    writer.writerows([header, *rows])
    return header, rows, out.getvalue()


@pytest.mark.parametrize("short", [0, LONG], ids=["as long files", "as short files"])
@settings(deadline=None, max_examples=150)
@given(saved())
def test_a_file_is_read_as_it_was_saved(tmp_path_factory, short, table):
    header, rows, text = table
    file = tmp_path_factory.getbasetemp() / "saved.csv"
    file.write_bytes(text.encode())
    with patch.object(csv_files, "_SHORT", short):
        read = csv_files.read_table(file, "saved.csv")
    bare = [[cell.strip() for cell in row] for row in rows]
    filled = [(line, row) for line, row in enumerate(bare, start=2) if any(row)]
    assert list(read.rows.columns) == header
    assert list(read.lines) == [line for line, _ in filled]
    assert read.rows.to_numpy().tolist() == [row for _, row in filled]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('a,"b,c"', ["a", "b,c"]),
        ('a,"say ""no"""', ["a", 'say "no"']),
        ('a,""', ["a", ""]),
        ('a,="001"', ["a", '="001"']),  # Excel's way to keep zeros: no quoted cell
        (' "a",b', ['"a"', "b"]),
        ("NA,null", ["NA", "null"]),
        ("1e5,0012", ["1e5", "0012"]),
        ("\ufeffa,b", ["\ufeffa", "b"]),
    ],
)
@pytest.mark.parametrize("size", [0, LONG])
def test_cells_stay_the_text_that_they_are(tmp_path, size, line, cells):
    file = tmp_path / "t.csv"
    times = 1 + size // len(line)
    file.write_text("one,two\n" + f"{line}\n" * times, encoding="utf-8")
    assert read_table(file, "t.csv").rows.to_numpy().tolist() == [cells] * times


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a,b,c", "has 3 cells where the header has 2 columns"),
        ("a", "has 1 cell where the header has 2 columns"),
        ("one,two", "repeats the header of line 1: delete the row"),
        ('"a"b,c', "cannot be read as CSV"),
        ("a," + "b" * 140_000, "a cell has more than 131,072 characters"),
        ('a,"b\nc,d\ne,f"', "a cell in quotation marks goes on for 3 lines"),
    ],
)
def test_the_line_that_is_wrong_is_told_in_a_long_file(tmp_path, line, message):
    file = tmp_path / "t.csv"
    sound = "a,b\n" * (LONG // 4)
    file.write_text(f"one,two\n{sound}{line}\n{sound}")
    with pytest.raises(SourceError, match=message) as told:
        read_table(file, "t.csv")
    assert [one.line for one in told.value.findings] == [LONG // 4 + 2]


def test_a_second_mark_of_byte_order_is_part_of_the_name(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("\ufeff\ufeffone,two\n" + "a,b\n" * (LONG // 4), encoding="utf-8")
    assert list(read_table(file, "t.csv").rows.columns) == ["\ufeffone", "two"]
