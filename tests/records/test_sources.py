"""Files as people save them, and paths that lead where they should not."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from kpi_analysis.errors import Level, SourceError
from kpi_analysis.records.sources import find_files, inside, read_table
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE, long_form

SOUND = long_form()
HEADER, *ROWS = SOUND.splitlines()


def own(data: str) -> str:
    return MEASURE.replace("data: {}", f"data: {{{data}}}")


def only(workspace) -> str:
    (finding,) = workspace.findings
    return str(finding)


def values_of(workspace) -> list:
    return [(key, one.values["value"].tolist()) for key, one in sorted(workspace.series.items())]


@pytest.mark.parametrize(
    "saved",
    [
        "\ufeff" + SOUND,
        SOUND.replace("\n", "\r\n"),
        SOUND.replace("\n", "\r"),
        SOUND.replace(",", ";"),
        SOUND.replace(",", "\t"),
        SOUND.replace(",", "|"),
        "\n \n" + SOUND + "\n,,,,\n",
        SOUND.replace("team,measure", " team , measure "),
        "\n".join(f"{line},," for line in SOUND.splitlines()),
        "\n".join(f'"{line}"'.replace(",", '","') for line in SOUND.splitlines()),
        "\n".join(
            ["denominator,note,period,numerator,measure,team"]
            + [",".join(row.split(",")[at] for at in (4, 1, 2, 3, 1, 0)) for row in ROWS]
        ),
    ],
    ids=["BOM", "CRLF", "CR", "semicolon", "tab", "bar", "blank lines", "spaces", "empty columns",
         "quoted", "order and extra column"],
)  # fmt: skip
def test_ways_to_save_the_same_table(write, saved):
    expected = values_of(open_workspace(write()))
    workspace = open_workspace(write(**{"values/v.csv": saved}))
    assert workspace.findings == ()
    assert values_of(workspace) == expected


def test_a_semicolon_table_with_decimal_commas_and_cr_ends(write):
    text = "team;measure;period;value\rA;late;2023-01;1,5\rB;late;2023-01;2,5\r"
    measure = MEASURE.replace("data: {}", 'data: {decimal: ","}')
    workspace = open_workspace(write(**{"values/v.csv": text, "measures/late.yml": measure}))
    assert values_of(workspace) == [(("A", "late"), [1.5]), (("B", "late"), [2.5])]


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ("", ": the file is empty: write a header line first"),
        ("\n \n", ": the file is empty: write a header line first"),
        (
            f"{HEADER}\n{ROWS[0]}\nA,late,2023-02\n",
            ":3: has 3 cells where the header has 5 columns: mend the row, or delete it"
            " if it is a total or a note",
        ),
        (
            f"{HEADER}\n{ROWS[0]},7\n",
            ":2: has 6 cells where the header has 5 columns: mend the row, or delete it"
            " if it is a total or a note",
        ),
        (
            f"{HEADER}\nA\n",
            ":2: has 1 cell where the header has 5 columns: mend the row, or delete it"
            " if it is a total or a note",
        ),
        (
            f'{HEADER}\n{ROWS[0]}\nA,"late\n',
            ":3: cannot be read as CSV (unexpected end of data): look for a quotation mark that"
            " is not closed",
        ),
        (
            SOUND.replace("2023-02", "2023\0-02", 1),
            ":3: holds the unprintable character '\\x00': save it as CSV UTF-8",
        ),
        (SOUND.encode("utf-16"), ":1: is UTF-16: save it as CSV UTF-8"),
        (
            f"{HEADER}\r\n{ROWS[0]} €".encode("cp1252"),
            ":2: is not UTF-8, probably Windows-1252: save it as CSV UTF-8, or say encoding:"
            " cp1252",
        ),
        (
            b"PK\x03\x04\xff\xfe\0",
            ":1: is an Excel workbook or another zip archive: save it as CSV UTF-8",
        ),
        (SOUND + HEADER + "\n", ":50: repeats the header of line 1: delete the row"),
        (SOUND.replace("numerator", "measure"), ":1: column 'measure' is there twice: rename one"),
        (
            f"Parcels 2023,,,,\n{SOUND}",
            ":1: 'Parcels 2023' is a title, not column names: delete what stands above these",
        ),
        (
            f"{SOUND}Source: depot,,,,\n",
            ":50: holds only 'Source: depot': delete the row if it is a title, a total or a note,"
            " else fill it in",
        ),
        (SOUND.replace("team", "Team"), ":1: has no column 'team': did you mean 'Team'?"),
        (SOUND.replace("period", "perod"), ":1: has no column 'period': did you mean 'perod'?"),
        (
            SOUND.replace("numerator", "Numerator"),
            ":1: has no column 'value': known are team, measure, period, Numerator, denominator",
        ),
    ],
)
def test_a_file_that_cannot_be_read(write, saved, message):
    workspace = open_workspace(write(**{"values/v.csv": saved, "values/other.csv": SOUND}))
    first = workspace.findings[0]
    assert str(first) == f"values/v.csv{message}"
    assert first.level is Level.ERROR
    assert len(workspace.series) == 2, "the other file is read all the same"


def test_lines_are_those_of_the_editor_when_a_cell_holds_line_ends(write):
    text = "team,measure,period,numerator,denominator,note\n"
    text += 'A,late,2023-01,1,10,"two\nlines, and a comma"\n\nA,late,2023-02,x,10,\n'
    assert only(open_workspace(write(**{"values/v.csv": text}))).startswith("values/v.csv:5: ")


def test_an_encoding_that_the_measure_names(write):
    text = SOUND.replace("A,", "Käfer,").encode("cp1252")
    kpi = "teams: {Käfer: {}, B: {}}\n"
    files = {"kpi.yml": kpi, "values/v.csv": text}
    for data in ("encoding: cp1252", "file: values/v.csv, encoding: cp1252"):
        workspace = open_workspace(write(**files, **{"measures/late.yml": own(data)}))
        assert workspace.findings == ()
        assert ("Käfer", "late") in workspace.series
    workspace = open_workspace(write(**files, **{"measures/late.yml": own("encoding: ascii")}))
    assert only(workspace) == (
        "values/v.csv: encoding 'ascii' does not fit the file: say the one the file was saved in"
    )


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("values/w.csv", "'values/w.csv' does not exist: did you mean 'values/v.csv'?"),
        ("../v.csv", "'../v.csv' leads out of the workspace: keep the file inside the folder"),
        ("values/../values/v.csv", "'values/../values/v.csv' leads out of the workspace: keep the"
         " file inside the folder"),
        ("/etc/passwd", "'/etc/passwd' must be a path inside the workspace, written with forward"
         " slashes"),
        ("'C:/v.csv'", "'C:/v.csv' must be a path inside the workspace, written with forward"
         " slashes"),
        (r"values\v.csv", r"'values\v.csv' must be a path inside the workspace, written with"
         " forward slashes"),
        ("values/v.csv/x", "'values/v.csv/x' does not exist: did you mean 'values/v.csv'?"),
        ("a" * 300, f"'{'a' * 79}…' cannot be read: file name too long"),
        ("loop/v.csv", "'loop/v.csv' is no path that can be followed: mend it"),
        ("link.csv", "'link.csv' leads out of the workspace: keep the file inside the folder"),
        ("folder/v.csv", "'folder/v.csv' leads out of the workspace: keep the file inside the"
         " folder"),
    ],
)  # fmt: skip
def test_paths_that_a_measure_may_not_name(write, tmp_path, path, what):
    root = write(**{"measures/late.yml": own(f"file: {path}")})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "v.csv").write_text(SOUND)
    (root / "loop").symlink_to("loop")
    (root / "link.csv").symlink_to(outside / "v.csv")
    (root / "folder").symlink_to(outside)
    workspace = open_workspace(root)
    assert only(workspace) == f"measures/late.yml:11: data.file {what}"
    assert workspace.findings[0].field == "data.file"
    assert workspace.series == {}


@pytest.mark.parametrize("pattern", ["values/*.csv", "*/*.csv", "**/*.csv"])
def test_links_that_lead_out_are_refused_in_patterns_and_the_rest_is_read(write, tmp_path, pattern):
    root = write(**{"kpi.yml": f"{KPI}values: '{pattern}'\n"})
    secret = tmp_path / "outside" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(long_form(("A",)).replace("2023", "1999"))
    (root / "values" / "link.csv").symlink_to(secret)
    (root / "folder").symlink_to(secret.parent)
    workspace = open_workspace(root)
    refused = {one.file: one.message for one in workspace.findings}
    cure = "leads out of the workspace: keep the file inside the folder"
    assert refused["values/link.csv"] == cure
    assert set(refused.values()) == {cure}
    assert [one.values["period"].iloc[0] for one in workspace.series.values()] == ["2023-01"] * 2


def test_a_link_that_stays_inside_is_read(write):
    root = write(**{"elsewhere/v.csv": SOUND, "values/v.csv": None})
    (root / "values").symlink_to(root / "elsewhere")
    assert len(open_workspace(root).series) == 2


def test_definitions_and_kpi_yml_do_not_come_from_outside(write, tmp_path):
    root = write()
    (tmp_path / "other.yml").write_text(MEASURE.replace("id: late", "id: other"))
    (root / "measures" / "other.yml").symlink_to(tmp_path / "other.yml")
    workspace = open_workspace(root)
    assert only(workspace) == (
        "measures/other.yml: leads out of the workspace: keep the file inside the folder"
    )
    assert set(workspace.measures) == {"late"}


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("../*.csv", "'../*.csv' leads out of the workspace: keep the file inside the folder"),
        ("/etc/*", "'/etc/*' must be a path inside the workspace, written with forward slashes"),
        ("values/**x", "'values/**x' is no pattern for files: write values/*.csv"),
        ("none/*.csv", "'none/*.csv' names no file: write the values there"),
        ("values", "'values' names no file: write the values there"),
    ],
)
def test_patterns_of_kpi_yml(write, pattern, message):
    workspace = open_workspace(write(**{"kpi.yml": f"{KPI}values: '{pattern}'\n"}))
    assert only(workspace) == f"kpi.yml:4: values: {message}"


def test_folders_hidden_files_and_broken_links(write):
    root = write(**{"values/.hidden.csv": "rubbish", "values/x.csv/y": ""})
    (root / "values" / "z.csv").symlink_to("nowhere.csv")
    files, faults = find_files(root, "values/*.csv")
    assert files == ["values/v.csv"]
    assert [str(one) for one in faults] == [
        "values/x.csv: is no file",
        "values/z.csv: does not exist",
    ]
    assert find_files(root, "values/*") == (["values/v.csv"], faults[1:])


def test_a_path_with_a_nul_byte(tmp_path):
    with pytest.raises(SourceError, match="is no path that can be followed"):
        inside(tmp_path, "a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(write):
    root = write()
    (root / "values" / "v.csv").chmod(0)
    assert only(open_workspace(root)) == "values/v.csv: cannot be read: permission denied"


def test_the_header_decides_the_separator_and_quotes_count(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('"a,b,c";"two\nlines"\n1;2\n')
    table = read_table(file, "t.csv")
    assert list(table.rows.columns) == ["a,b,c", "two\nlines"]
    assert table.lines == [3]


def test_a_measure_may_name_a_folder_or_a_pattern(write):
    expected = values_of(open_workspace(write()))
    halves = {f"values/{team}.csv": long_form((team,)) for team in "AB"} | {"values/v.csv": None}
    for name in ("values", "values/[AB].csv"):
        root = write(**halves, **{"measures/late.yml": own(f"file: '{name}'"), "values/x.txt": "?"})
        (root / "values" / "v.csv").unlink(missing_ok=True)
        workspace = open_workspace(root)
        assert workspace.findings == ()
        assert values_of(workspace) == expected
    workspace = open_workspace(write(**{"measures/late.yml": own("file: values/*.xls")}))
    assert only(workspace) == (
        "measures/late.yml:11: data.file 'values/*.xls' names no file: write the values there"
    )


def test_parquet_gives_the_values_of_the_same_csv(write):
    expected = values_of(open_workspace(write()))
    root = write(**{"measures/late.yml": own("file: values/v.parquet")})
    pd.read_csv(root / "values" / "v.csv").to_parquet(root / "values" / "v.parquet")
    workspace = open_workspace(root)
    assert workspace.findings == ()
    assert values_of(workspace) == expected
    (root / "values" / "v.parquet").write_bytes(b"PAR1 but no more")
    workspace = open_workspace(root)
    assert only(workspace).startswith("values/v.parquet: cannot be read as Parquet: was refused")


@pytest.mark.parametrize("data", ["file: values/n.csv", f"records: values/n.csv, {'columns: {}'}"])
def test_a_quotation_mark_that_swallows_rows_is_told(write, data):
    rows = [f"A,2023-0{n}-01,{n},100,{chr(34) if n in (3, 6) else ''}" for n in range(1, 9)]
    text = "\n".join(["team,period,numerator,denominator,note", *rows]) + "\n"
    roles = "columns: {team: team, period: period, numerator: numerator, denominator: denominator}"
    measure = own(data.replace("columns: {}", roles)).replace("percentage", "ratio")
    workspace = open_workspace(
        write(**{"values/v.csv": None, "values/n.csv": text, "measures/late.yml": measure})
    )
    assert only(workspace) == (
        "values/n.csv:4: a cell in quotation marks goes on for 4 lines and holds what looks like"
        " rows: look for a quotation mark that is not closed"
    )


def test_a_note_of_several_lines_is_read(write):
    text = SOUND.replace("\n", ",note\n", 1).replace(",100\n", ',100,"late, because\nit rained"\n')
    workspace = open_workspace(write(**{"values/v.csv": text}))
    assert workspace.findings == ()
