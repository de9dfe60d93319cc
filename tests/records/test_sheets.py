"""Workbooks as people keep them: each fault told by file, row, cell and cure; nothing guessed."""

from __future__ import annotations

import random
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from kpi_analysis.errors import SourceError
from kpi_analysis.records.sheets import read_sheet
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE, MONTHS, long_form

ROWS = [["team", "measure", "period", "numerator", "denominator"]]
ROWS += [
    [team, "late", date.fromisoformat(f"{month}-01"), 10 + (7 * n) % 9, 100]
    for team in "AB"
    for n, month in enumerate(MONTHS)
]
FROM_BOOK = MEASURE.replace("data: {}", "data: {file: values/v.xlsx}")


def save(path, rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    (change or id)(book.active)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def opened(write):
    """Give a function that opens a workspace whose values are one workbook."""

    def make(rows=ROWS, change=None, measure=FROM_BOOK):
        root = write(**{"values/v.csv": None, "measures/late.yml": measure})
        save(root / "values" / "v.xlsx", rows, change)
        return open_workspace(root)

    return make


def values_of(workspace):
    return {key: one.values["value"].tolist() for key, one in workspace.series.items()}


def faults_of(workspace):
    return [str(one) for one in workspace.findings]


def test_a_workbook_gives_the_values_of_the_same_csv(write, opened):
    expected = values_of(open_workspace(write(**{"values/v.csv": long_form()})))
    workspace = opened()
    assert faults_of(workspace) == []
    assert values_of(workspace) == expected


def test_kpi_yml_may_name_workbooks_too(write):
    root = write(**{"values/v.csv": None, "kpi.yml": KPI + "values: values/*.xlsx\n"})
    save(root / "values" / "v.xlsx", ROWS)
    assert set(open_workspace(root).series) == {("A", "late"), ("B", "late")}


def test_the_first_visible_sheet_or_the_one_that_is_named(opened):
    def hide_the_first(sheet):
        other = sheet.parent.create_sheet("March")
        for row in ROWS:
            other.append(row)
        sheet.delete_rows(1, 99)
        sheet.append(["notes"])
        sheet.title, sheet.sheet_state = "Notes", "hidden"

    assert len(opened(change=hide_the_first).series) == 2
    named = FROM_BOOK.replace("v.xlsx}", "v.xlsx, sheet: {}}")
    assert len(opened(change=hide_the_first, measure=named.replace("{}}", "March}")).series) == 2
    assert faults_of(opened(change=hide_the_first, measure=named.replace("{}}", "Marsh}"))) == [
        "values/v.xlsx: has no sheet 'Marsh': did you mean 'March'?"
    ]


def rewrite(path, was, is_):
    """Change a place in the XML of a workbook's only sheet, as no program would write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert was in parts[sheet]
    parts[sheet] = parts[sheet].replace(was, is_, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def put(cell, value):
    return lambda sheet: sheet.__setitem__(cell, value)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda s: s.merge_cells("A1:B1"),
         ["values/v.xlsx:1: cells A1:B1 are merged: unmerge them and fill in each cell"]),
        (lambda s: s.merge_cells("A2:A25"),
         ["values/v.xlsx:2: cells A2:A25 are merged: unmerge them and fill in each cell"]),
        (lambda s: s.insert_rows(1) or s.__setitem__("A1", "Parcels 2023"),
         ["values/v.xlsx:1: 'Parcels 2023' is a title, not column names: delete what stands above"
          " these"]),
        (put("A52", "Source: depot"),
         ["values/v.xlsx:52: holds only 'Source: depot': delete the row if it is a title, a total"
          " or a note, else fill it in"]),
        (put("D3", "#DIV/0!"),
         ["values/v.xlsx:3: cell D3 holds #DIV/0!: correct the formula, or empty the cell"]),
        (put("D3", "=7*2"),
         ["values/v.xlsx:3: cell D3 holds a formula without a stored result: open the file in"
          " Excel and save it"]),
        (put("D3", True),
         ["values/v.xlsx:3: column 'numerator' holds 'TRUE', which is not a number: write the"
          " number, or leave the cell empty for a period without a value"]),
        (put("D3", "12 %"),
         ["values/v.xlsx:3: column 'numerator' holds '12 %', which is not a number: write it"
          " without the percent sign, in a cell that is no percentage"]),
        (put("D3", "1,5"),
         ["values/v.xlsx:3: column 'numerator' holds '1,5', which is not a number: write it as"
          " 1234.5, or say decimal: \",\" in the measure's data"]),
        (put("C3", datetime(2023, 2, 1, 5, 30)),
         ["values/v.xlsx:3: '2023-02-01 05:30:00' is not a period: write it as 2025-03-14 (day),"
          " 2025-W09 (week), 2025-03 (month) or 2025-Q1 (quarter)"]),
        (put("C3", date(2023, 2, 2)), None),
        (put("C3", time(3, 4)), None),
        (put("E3", None),
         ["values/v.xlsx:3: denominator is empty beside numerator: fill both, or neither"]),
        (put("XFD1048576", 1),
         ["values/v.xlsx: has more than 20,000,000 cells: save it as CSV, or clear what lies far"
          " out"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cell(opened, change, faults):
    found = faults_of(opened(change=change))
    if faults is None:
        assert len(found) == 1
        assert found[0].startswith("values/v.xlsx:3: ")
        assert "period" in found[0]
    else:
        assert found == faults


@pytest.mark.parametrize(
    ("code", "shown"),
    [("0%", "12.5%"), ("0.00%", "12.5%"), ("[Red]-0.0 %;0.0 %", "12.5%"), ('0.0"%"', 0.125),
     ("0.0\\%", 0.125), ("0.00", 0.125), ("General", 0.125)],
)  # fmt: skip
def test_a_cell_shown_as_a_percentage_is_no_fraction(tmp_path, code, shown):
    def change(sheet):
        sheet["A2"], sheet["B2"] = "x", 0.125
        sheet["B2"].number_format = code

    path = save(tmp_path / "p.xlsx", [["period", "value"]], change)
    assert read_sheet(path, "p.xlsx").rows["value"].tolist() == [shown]


def test_percentages_of_a_workbook_are_told_with_their_cure(opened):
    def change(sheet):
        sheet["D3"] = 0.07
        sheet["D3"].number_format = "0%"

    assert faults_of(opened(change=change)) == [
        "values/v.xlsx:3: column 'numerator' holds '7%', which is not a number: write it without"
        " the percent sign, in a cell that is no percentage"
    ]


@pytest.mark.parametrize("word", ["NaN", "INF", "1e999"])
def test_a_number_that_is_none_is_told_and_takes_no_other_rows_value(opened, word):
    def spoil(sheet):
        sheet["D3"] = 424242

    path = opened(change=spoil).root / "values" / "v.xlsx"
    rewrite(path, b"<v>424242</v>", f"<v>{word}</v>".encode())
    workspace = open_workspace(path.parent.parent)
    assert "values/v.xlsx:3: column 'numerator' holds " in faults_of(workspace)[0]
    assert workspace.series["A", "late"].values["value"].isna().tolist() == [False, True] + 22 * [
        False
    ]


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        (b'r="D3"', b'r="ZZZZ99999999"'),
        (b'r="D3"', b"r='XFD1048576'"),
        (b'<row r="3"', b'<row r="4294967295"'),
    ],
)
def test_a_place_that_no_sheet_has_is_refused_before_memory_ends(tmp_path, was, is_):
    path = save(tmp_path / "v.xlsx", ROWS)
    rewrite(path, was, is_)
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook"):
        read_sheet(path, "v.xlsx")


def test_a_workbook_of_before_2007_is_told(write):
    root = write(**{"measures/late.yml": FROM_BOOK.replace("xlsx", "xls")})
    (root / "values" / "v.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert faults_of(open_workspace(root))[0].startswith("values/v.xls: ")


def test_an_archive_that_unpacks_to_more_than_memory_is_refused_before_it_is_read(tmp_path):
    path = save(tmp_path / "bomb.xlsx", ROWS)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1001):
            part.write(b" " * 1_000_000)
    with pytest.raises(SourceError, match="has more than 20,000,000 cells"):
        read_sheet(path, "bomb.xlsx")


def test_numbers_written_as_text_teams_that_are_numbers_and_empty_rows(opened):
    def change(sheet):
        sheet["D3"] = "12"
        sheet.insert_rows(10, 3)

    rows = [[12.0 if row[0] == "B" else row[0], *row[1:]] for row in ROWS]
    workspace = opened(rows, change, FROM_BOOK)
    assert {team for team, _ in workspace.series} == {"A"}
    (stranger,) = faults_of(workspace)
    assert "team '12' is not among the teams" in stranger
    assert workspace.series["A", "late"].values["numerator"].iloc[1] == 12


def test_a_number_of_the_workbook_has_no_decimal_mark(opened):
    measure = FROM_BOOK.replace("v.xlsx}", 'v.xlsx, decimal: ","}')
    workspace = opened(change=put("D3", 1.5), measure=measure)
    assert workspace.series["A", "late"].values["numerator"].iloc[1] == 1.5


def test_errors_on_another_sheet_are_no_business_of_this_one(opened):
    def change(sheet):
        other = sheet.parent.create_sheet("Workings")
        other["A1"] = "#REF!"
        other.merge_cells("B1:C1")

    assert faults_of(opened(change=change)) == []


@pytest.mark.parametrize("cut", [0, 1, 30, 500, 2000, -1, -30])
def test_a_workbook_cut_short_is_one_line(tmp_path, cut):
    whole = save(tmp_path / "v.xlsx", ROWS).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[:cut])
    with pytest.raises(SourceError, match=r"^cut\.xlsx: cannot be read as an Excel workbook"):
        read_sheet(tmp_path / "cut.xlsx", "cut.xlsx")


def test_mangled_workbooks_end_in_values_or_in_a_message(tmp_path):
    whole = save(tmp_path / "v.xlsx", ROWS[:9]).read_bytes()
    chance, ends = random.Random(7), set()
    told = []
    for _ in range(150):
        mangled = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            mangled[chance.randrange(len(mangled))] = chance.randrange(256)
        (tmp_path / "m.xlsx").write_bytes(mangled)
        try:
            read_sheet(tmp_path / "m.xlsx", "m.xlsx")
            ends.add("read")
        except SourceError as error:
            ends.add("told")
            told += [str(one) for one in error.findings]
    assert ends == {"read", "told"}
    assert all(one.startswith("m.xlsx") and "\n" not in one for one in told)


def test_no_workbook_at_all(tmp_path):
    (tmp_path / "v.xlsx").write_text(long_form())
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook: open it in Excel"):
        read_sheet(tmp_path / "v.xlsx", "v.xlsx")
