"""T04's sheet: each of the eight faults is named until it is mended; nothing else may change."""

import pytest

from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.training import t04_sheet
from kpi_analysis.training.answer import State
from kpi_analysis.training.t04_sheet import BOOK, FAULTS, planted, sheet

MENDED = "month,late,trips\n" + "".join(f"{m},{a},{b}\n" for m, (a, b) in BOOK.items())
UNDO = {
    "twice": ("2025-03,55,409\n", "2025-03,55,409\n2025-03,65,409\n"),
    "no-number": ("2025-04,47,401", "2025-04,n/a,401"),
    "thousands": ("2025-05,51,410", '2025-05,51,"1,410"'),
    "missing": ("2025-06,60,399\n", ""),
    "impossible": ("2025-07,62,415", "2025-07,620,415"),
    "period": ("2025-08,57,408", "Aug 2025,57,408"),
    "empty": ("2025-09,44,402", "2025-09,,402"),
    "total": ("2025-12,60,405\n", "2025-12,60,405\nTotal,681,5655\n"),
}


@pytest.fixture
def check(tmp_path):
    def write(content):
        path = tmp_path / "sheet.csv"
        path.write_text(content, encoding="utf-8")
        return sheet(str(path))

    return write


def test_the_sheet_as_it_came_is_not_answered_yet_and_read_row_by_row(check):
    answer = check(planted())
    assert answer.state is State.UNANSWERED
    assert answer.hint == "T04.sheet.empty"
    assert "row 7: 2025-03 of 'late' for team 'all' is there twice" in str(answer)
    assert sum(one.startswith("row ") for one in answer.lines) == 7  # June has no row to name


def test_the_planted_sheet_is_the_mended_one_with_the_eight_faults():
    text = MENDED
    for old, new in UNDO.values():
        text = text.replace(old, new)
    assert text == planted()
    assert text == (NOTEBOOKS / "training" / t04_sheet.SHEET).read_text(encoding="utf-8")
    assert (NOTEBOOKS / "training/solutions" / t04_sheet.SHEET).read_text(
        encoding="utf-8"
    ) == MENDED
    assert set(UNDO) == {fault.hint for fault in FAULTS}


@pytest.mark.parametrize("fault", UNDO)
def test_a_fault_that_is_left_is_named(check, fault):
    old, new = UNDO[fault]
    answer = check(MENDED.replace(old, new))
    assert answer.state is State.HALF
    assert answer.hints[:2] == ("T04.sheet.count", f"T04.sheet.{fault}")
    assert "7 of 8 faults are mended." in str(answer)


@pytest.mark.parametrize("fault", UNDO)
def test_mending_one_is_half_way(check, fault):
    old, new = UNDO[fault]
    answer = check(
        planted().replace(new, old) if new else planted().replace("2025-07", old + "2025-07")
    )
    assert answer.state is State.HALF
    assert "1 of 8 faults are mended." in str(answer)
    assert f"T04.sheet.{fault}" not in answer.hints


def test_none_mended_but_something_else_changed_is_wrong(check):
    answer = check(planted().replace("2024-11,52", "2024-11,25"))
    assert answer.state is State.WRONG
    assert "T04.sheet.other" in answer.hints
    assert "2024-11 was right as it came: 2024-11,52,410." in str(answer)


def test_the_mended_sheet_is_right_with_windows_line_ends_too(check):
    assert check(MENDED).hint == "T04.sheet.right"
    assert check("\ufeff" + MENDED.replace("\n", "\r\n")).hint == "T04.sheet.right"


def test_what_is_no_text_is_told(tmp_path):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\xfa")
    assert sheet(str(path)).hint == "T04.sheet.no-file"
    assert sheet("\0").hint == "T04.sheet.no-file"
    assert t04_sheet.SHEET == "T04_sheet.csv"
