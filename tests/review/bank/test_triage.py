"""The bank of 60 is sorted, a person's choice stands, and what comes out can be read again."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

import kpi_analysis as kpi
from kpi_analysis.definitions.measures import Status, read_measure
from kpi_analysis.definitions.steps import next_step
from kpi_analysis.errors import SourceError
from kpi_analysis.records.starter.write import write_starter
from kpi_analysis.review.bank.triage import OURS, triage

BANK = Path(__file__).resolve().parents[3] / "data" / "bank.csv"


@pytest.fixture(scope="module")
def bank():
    return triage(BANK)


@pytest.fixture
def sheet(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "names.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_the_labelled_bank_is_sorted_as_a_person_did(bank):
    table = bank.table
    print(pd.crosstab(table["label"], table["proposed"]))
    agreed = table["label"] == table["proposed"]
    assert len(table) == 60
    assert agreed.mean() >= 0.9
    assert (
        set(table["label"]) == set(table["proposed"]) == {"keep", "rewrite", "question", "retire"}
    )
    lost = table[(table["label"] == "keep") & ~agreed]
    assert lost.empty  # what a person would keep is not thrown out


@pytest.mark.parametrize(
    ("name", "pile", "reason", "ask"),
    [
        ("Percentage of trains on time, by day", "keep", "no word rule finds fault with it", ""),
        (
            *("Rent arrears", "rewrite", "names a topic without a statistic: a topic is no"),
            "Percentage, number or median of what: Rent arrears?",
        ),
        (
            *(
                "Number of meetings held",
                "question",
                "counts 'meetings', an effort: by itself it can grow",
            ),
            "So that what? Count what comes of it.",
        ),
        (
            *("New website launched", "retire", "is done once, then never again: it is not a rep"),
            "What happens again and again?",
        ),
    ],
)
def test_a_pile_has_its_reason_and_its_question(name, pile, reason, ask):
    (entry,) = triage([name]).entries
    assert entry.pile == pile
    assert reason.removesuffix("no") in entry.reasons
    assert ask in entry.ask


def test_a_duplicate_is_retired_for_the_better_worded():
    result = triage(["Staff turnover", "Turnover rate of employees, by month", "Staff turnover"])
    first, second, third = result.entries
    assert (first.pile, second.pile, third.pile) == ("retire", "keep", "retire")
    assert first.reasons.startswith("says the same as “Turnover rate of employees, by month”, ")
    assert repr(result) == "3 names: 1 keep, 0 rewrite, 0 question, 2 retire"


def test_a_person_s_choice_stands_when_the_sheet_is_read_again(bank, tmp_path):
    bank.write(tmp_path)
    table = pd.read_csv(tmp_path / "bank.csv", dtype=str, keep_default_na=False)
    table.loc[table["name"] == "Rent arrears", "pile"] = "Keep"
    table.loc[table["name"] == "Bed occupancy", "pile"] = "retire"
    table.to_csv(tmp_path / "bank.csv", index=False)
    again = triage(tmp_path / "bank.csv")
    piles = {entry.name: entry.pile.value for entry in again.entries}
    assert (piles["Rent arrears"], piles["Bed occupancy"]) == ("keep", "retire")
    assert (
        dict(zip(again.table["name"], again.table["pile"], strict=True))["Rent arrears"] == "keep"
    )
    rest = [e.name for e in bank.entries if e.name not in ("Rent arrears", "Bed occupancy")]
    before = {entry.name: entry.pile.value for entry in bank.entries}
    assert all(piles[name] == before[name] for name in rest)
    assert triage(tmp_path / "bank.csv").csv_text() == again.csv_text()


def test_the_bank_s_own_columns_come_out_as_they_went_in(bank):
    before = pd.read_csv(BANK, dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(bank.table[list(before.columns)], before, check_dtype=False)
    assert tuple(bank.table.columns[len(before.columns) :]) == OURS


def test_no_cell_is_a_formula_and_it_reads_back_as_it_was(sheet):
    names = ["=1+1", "+cmd", "-2 days", "@sum of calls", "Number of calls"]
    result = triage(sheet("name,who\n" + "".join(f'"{name}","={name}"\n' for name in names)))
    cells = [cell for row in csv.reader(io.StringIO(result.csv_text())) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    again = triage(sheet(result.csv_text()))
    assert [entry.name for entry in again.entries] == names
    assert again.csv_text() == result.csv_text()


def test_names_to_keep_and_to_rewrite_become_drafts_that_load(bank, tmp_path):
    written = bank.write(tmp_path)
    (tmp_path / "kpi.yml").write_text("name: Bank\n")
    workspace = kpi.open(tmp_path)
    assert not [one for one in workspace.findings if one.level == "error"]
    stay = [e.name for e in bank.entries if e.pile in ("keep", "rewrite")]
    assert sorted(one.name for one in workspace.measures.values()) == sorted(stay)
    assert len(written) == 1 + len(stay)
    assert {one.status for one in workspace.measures.values()} == {Status.DRAFT}
    steps = {next_step(one).split(",")[0] for one in workspace.measures.values()}
    assert steps == {"reword the result"}


def test_in_a_workspace_of_kpi_init_a_draft_leads_editors_to_the_schema(tmp_path):
    write_starter(tmp_path / "org")
    path = triage(["Rent arrears"]).write(tmp_path / "org")[1]
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first == "# yaml-language-server: $schema=../schema/measure.schema.json"
    assert second.startswith("# From the bank")
    assert not [one for one in kpi.open(tmp_path / "org").findings if one.file == path.name]


def test_a_draft_says_why_and_what_to_ask(tmp_path):
    path = triage(["Rent arrears: all"]).write(tmp_path)[1]
    assert path.name == "rent-arrears-all.yml"
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("# From the bank, to rewrite: names a topic without a statistic")
    assert second == "# Percentage, number or median of what: Rent arrears: all?"
    assert read_measure(path, path.name).name == "Rent arrears: all"


@pytest.mark.parametrize(
    "name",
    [
        "% of 'late' \"calls\": a, b # c, by week",
        "Percentage of Zürich's trams — late, by day",
        "Percentage of yes, by day",
        "{late} * 100 % of & [x], by day",
        "Number of calls\nand\u2028lines\x07, by day",
        "Процент поездов, number of, by day",
    ],
)
def test_any_name_becomes_a_readable_draft(name, tmp_path):
    result = triage([name])
    (draft,) = result.write(tmp_path)[1:]
    assert read_measure(draft, draft.name).name == result.entries[0].name


def test_names_alike_in_ascii_get_files_of_their_own_and_work_is_not_lost(tmp_path):
    names = ["Percentage of 1 % loans, by day", "Percentage of 1 percent loans: by day 2"]
    result = triage([*names, "Number of Übungen 7", "Number of Ubungen 8"])
    files = result.write(tmp_path)[1:]
    assert len({path.name.casefold() for path in files}) == sum(
        entry.pile in ("keep", "rewrite") for entry in result.entries
    )
    files[0].write_text("mine", encoding="utf-8")
    assert files[0] not in result.write(tmp_path)
    assert files[0].read_text(encoding="utf-8") == "mine"


def test_another_column_and_separator_are_read(sheet):
    result = triage(sheet("KPI;owner\nBed occupancy;ward\n", "utf-8-sig"), column="KPI")
    assert [entry.name for entry in result.entries] == ["Bed occupancy"]
    assert result.table["owner"].tolist() == ["ward"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "names,owner\nBed occupancy,ward\n",
            "names.csv:1: has no column 'name': did you mean 'names'?",
        ),
        (
            "name,pile\nBed occupancy,retired\n",
            "names.csv:2: 'retired' is no pile: did you mean 'retire'?: "
            "write keep, rewrite, question, retire, or nothing",
        ),
        (
            "name,pile\n,keep\nCalls,\n",
            "names.csv:2: name is empty: write it, or take the row out",
        ),
    ],
)
def test_faults_name_the_line_and_the_cure(sheet, text, message):
    with pytest.raises(SourceError) as error:
        triage(sheet(text))
    assert str(error.value) == message


def test_a_pile_is_shown_with_reasons(bank):
    retire = bank.pile("retire")
    assert list(retire.columns) == ["name", "reasons", "ask"]
    assert len(retire) == bank.counts["retire"]
    assert retire["reasons"].str.len().min() > 20
    assert sum(bank.counts.values()) == 60


def test_a_name_with_markup_is_text_in_a_notebook():
    html = triage(["Rent <b>arrears</b>"]).shown("rewrite").to_html()
    assert "<b>" not in html
    assert "Rent &lt;b&gt;arrears" in html


def test_no_names_are_no_piles():
    assert triage([]).counts == {"keep": 0, "rewrite": 0, "question": 0, "retire": 0}
    assert list(triage([]).table.columns) == ["name", *OURS]
