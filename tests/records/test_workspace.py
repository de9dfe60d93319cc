"""The folder as a whole: definitions and values meet, and reading changes nothing."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_analysis.errors import DefinitionError, Level
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE, MONTHS, long_form

HEADER, *ROWS = long_form().splitlines()
SHARED_TABLE = "org,period,late,lost,parcels\nA,2023-01,1,2,10\nA,2023-02,2,x,10\n"


def own(name: str, columns: str) -> str:
    data = f"data: {{file: values/t.csv, columns: {{{columns}}}}}"
    return MEASURE.replace("id: late", f"id: {name}").replace("data: {}", data)


def picture(workspace) -> dict:
    return {key: one.values.to_csv() for key, one in workspace.series.items()}


def test_one_table_serves_two_measures_and_a_fault_stays_with_its_own(write):
    workspace = open_workspace(
        write(**{
            "values/v.csv": None,
            "values/t.csv": SHARED_TABLE,
            "measures/late.yml": own("late", "team: org, numerator: late, denominator: parcels"),
            "measures/lost.yml": own("lost", "team: org, numerator: lost, denominator: parcels"),
        })
    )  # fmt: skip
    (finding,) = workspace.findings
    assert str(finding).startswith("values/t.csv:3: column 'lost' holds 'x'")
    assert finding.measure == "lost"
    assert workspace.series["A", "late"].values["value"].tolist() == [10, 20]
    assert workspace.series["A", "late"].faults == ()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("numerator: lat, denominator: parcels",
         "values/t.csv has no column 'lat': did you mean 'late'?"),
        ("team: organisation, numerator: late, denominator: parcels",
         "values/t.csv has no column 'organisation': known are org, period, late, lost, parcels"),
    ],
)  # fmt: skip
def test_a_misspelt_column_is_a_fault_of_the_definition(write, columns, message):
    root = write(
        **{"values/t.csv": SHARED_TABLE.replace("x", "3"), "kpi.yml": "", "values/v.csv": None}
    )
    (root / "measures" / "late.yml").write_text(own("late", columns))
    (finding,) = open_workspace(root).findings
    assert str(finding) == f"measures/late.yml:11: {message}"
    assert finding.field.startswith("data.columns.")


@pytest.mark.parametrize("columns", ["numerator: late", "value: ''"])
def test_counts_come_in_pairs(write, columns):
    root = write(**{"values/t.csv": SHARED_TABLE, "kpi.yml": "", "values/v.csv": None})
    (root / "measures" / "late.yml").write_text(own("late", columns))
    lacks = "denominator" if "numerator" in columns else "value"
    (finding,) = open_workspace(root).findings
    assert str(finding).startswith(f"values/t.csv:1: has no column '{lacks}': ")


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_drafts_and_retired_measures_are_not_read(write, status):
    root = write(**{"measures/late.yml": MEASURE.replace("trial", status)})
    workspace = open_workspace(root)
    assert (workspace.findings, dict(workspace.series)) == ((), {})
    assert set(workspace.measures) == {"late"}


@pytest.mark.parametrize("files", [{"values/v.csv": HEADER}, {"kpi.yml": KPI + "values: []\n"}])
def test_a_measure_without_a_row_is_a_warning(write, files):
    (finding,) = open_workspace(write(**files)).findings
    assert str(finding) == (
        "measures/late.yml:11: no row of the values is about 'late': nothing is charted before"
        " there is one"
    )
    assert finding.level is Level.WARNING


def test_no_file_of_values(write):
    (finding,) = open_workspace(write(**{"values/v.csv": None})).findings
    assert str(finding) == "kpi.yml: values: 'values/*.csv' names no file: write the values there"


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (MEASURE.replace("better:", "beter:"),
         "measures/late.yml:6:1: unknown field 'beter': did you mean 'better'?"),
        (MEASURE + "x: [1\n",
         "measures/late.yml:12:4: this is not YAML at '[1': close the list with ], and part its"
         " items by commas"),
        (MEASURE + "#" * 2**20,
         "measures/late.yml: is larger than 1 MB: a definition is a page of text"),
        (MEASURE.replace("id: late", "id: lat"),
         "measures/late.yml:1:5: id 'lat' is not the file's name 'late': rename one of the two"),
        (MEASURE + "chart: {rules: wheler}\n",
         "measures/late.yml:12:16: chart.rules 'wheler' is not one of wheeler, mdc, plotthedots,"
         " pump, nelson, western_electric: did you mean 'wheeler'?"),
    ],
)  # fmt: skip
def test_a_definition_with_a_fault_is_one_line_and_all_else_is_read(write, definition, message):
    good = own("lost", "numerator: lost, denominator: parcels").replace("values/t", "more/t")
    table = SHARED_TABLE.replace("org", "team").replace("x", "3")
    workspace = open_workspace(
        write(**{
            "measures/late.yml": definition,
            "measures/lost.yml": good,
            "more/t.csv": table,
            "values/its-own.csv": "month,cases\n2023-01,5\n",
        })
    )  # fmt: skip
    (finding,) = workspace.findings
    assert str(finding) == message
    assert (finding.level, finding.rule) == (Level.ERROR, "schema")
    assert set(workspace.series) == {("A", "lost")}


def test_two_files_for_one_measure(write):
    (finding,) = open_workspace(write(**{"measures/late.yaml": MEASURE})).findings
    assert str(finding) == (
        "measures/late.yaml: measure 'late' is defined twice: keep .yml or .yaml"
    )


def test_one_yaml_and_one_csv_are_enough(write):
    values = "measure,period,value\n" + "".join(f"calls,{month},5\n" for month in MONTHS)
    files = {"kpi.yml": "name: Mine\n", "measures/late.yml": None, "values/v.csv": values}
    workspace = open_workspace(write(**files))
    assert set(workspace.series) == {("all", "calls")}
    (finding,) = workspace.findings
    assert finding.level is Level.WARNING
    assert "write measures/<id>.yml" in finding.message


@pytest.mark.parametrize(
    ("kpi", "message"),
    [
        ("name: [x\n", "kpi.yml:1:7: this is not YAML at '[x': close the list with ], and part"
         " its items by commas"),
        ("nme: x\n", "kpi.yml:1:1: unknown field 'nme': did you mean 'name'?"),
        ("name: Café\n".encode("cp1252"), "kpi.yml:1:10: is not UTF-8 (byte e9; perhaps"
         " Windows-1252): save it as UTF-8"),
        (None, "in '{}', 'kpi.yml' does not exist: name a workspace folder, or make one with"
         " kpi init"),
    ],
)  # fmt: skip
def test_without_a_readable_kpi_yml_there_is_no_workspace(write, kpi, message):
    root = write(**{"kpi.yml": kpi})
    with pytest.raises(DefinitionError) as caught:
        open_workspace(root)
    assert str(caught.value) == message.format(root)


def test_no_folder_and_a_file_in_its_place(tmp_path):
    with pytest.raises(DefinitionError, match="nope' does not exist: name a workspace folder"):
        open_workspace(tmp_path / "nope")
    (tmp_path / "f").write_text("")
    with pytest.raises(DefinitionError, match="f' is a file, not a workspace: name a workspace"):
        open_workspace(tmp_path / "f")


def test_kpi_yml_may_not_come_from_outside(write, tmp_path):
    root = write(**{"kpi.yml": None})
    (tmp_path / "kpi.yml").write_text(KPI)
    (root / "kpi.yml").symlink_to(tmp_path / "kpi.yml")
    with pytest.raises(DefinitionError, match=r"'kpi\.yml' leads out of the workspace"):
        open_workspace(root)


def fixture_is_only_a_writer(test):
    """Let hypothesis reuse the writer: every example writes all files that it reads."""
    return settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )(test)


@fixture_is_only_a_writer
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(write, seed):
    rows = list(ROWS)
    random.Random(seed).shuffle(rows)
    shuffled = open_workspace(write(**{"values/v.csv": "\n".join([HEADER, *rows]) + "\n"}))
    assert picture(shuffled) == picture(open_workspace(write()))
    assert shuffled.findings == ()


@fixture_is_only_a_writer
@given(homes=st.lists(st.integers(0, 2), min_size=len(ROWS), max_size=len(ROWS)))
def test_one_long_table_or_several_are_the_same(write, homes):
    expected = picture(open_workspace(write(**{"values/v1.csv": HEADER, "values/v2.csv": HEADER})))
    parts = {
        f"values/v{n or ''}.csv": "\n".join(
            [HEADER, *(row for row, home in zip(ROWS, homes, strict=True) if home == n)]
        )
        for n in range(3)
    }
    split = open_workspace(write(**parts))
    assert picture(split) == expected
    assert split.findings == ()


@fixture_is_only_a_writer
@given(rows=st.lists(st.tuples(st.sampled_from(MONTHS), st.text("0123456789x.,-%", max_size=5))))
def test_what_another_team_writes_changes_nothing_here(write, rows):
    expected = picture(open_workspace(write()))
    more = "".join(f'C,late,{month},"{cell}",100\n' for month, cell in rows)
    kpi = "teams: {A: {}, B: {}, C: {}}\n"
    workspace = open_workspace(write(**{"values/v.csv": long_form() + more, "kpi.yml": kpi}))
    write(**{"kpi.yml": KPI})
    mine = {key: table for key, table in picture(workspace).items() if key[0] != "C"}
    assert mine == expected
    assert all(one.team == "C" for one in workspace.findings)


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(noise=st.binary(max_size=60) | st.text('team,\n"\r;\t0123é\0', max_size=60).map(str.encode))
def test_no_bytes_make_it_fall(write, noise):
    workspace = open_workspace(write(**{"values/v.csv": HEADER.encode() + b"\n" + noise}))
    lines = [str(one) for one in workspace.findings]
    assert all(line.startswith(("values/v.csv", "measures/late.yml:")) for line in lines)
    assert "\n" not in "".join(lines)
    assert lines or workspace.series


def digest(root: Path) -> str:
    parts = [(path.as_posix(), path.read_bytes()) for path in sorted(root.rglob("*"))
             if path.is_file()]  # fmt: skip
    return sha256(repr(parts).encode()).hexdigest()


def test_reading_writes_nothing(write):
    root = write(**{"values/w.csv": "rubbish", "actions.csv": "x", "measures/b.yml": "a: ["})
    before = digest(root)
    assert len(open_workspace(root).findings) >= 3
    assert digest(root) == before


def test_a_hospital_of_the_shared_table(ten_hospitals):
    workspace = open_workspace(ten_hospitals)
    assert workspace.findings == ()
    assert len(workspace.series) == 10
    first = workspace.series["R1K", "ed-4h"].values.iloc[0]
    assert first["period"] == "2016-04"
    assert first["value"] == pytest.approx(100 * 2652 / 11715)


def test_the_faults_of_all_files_are_told_in_one_go_when_kpi_yml_is_one_of_them(write):
    torn = MEASURE.replace("better: lower", "better: loewr")
    files = {"kpi.yml": "nme: x\n", "measures/late.yml": torn, "results.yml": "resluts: []\n"}
    with pytest.raises(DefinitionError) as caught:
        open_workspace(write(**files))
    said = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "kpi.yml",
        "measures/late.yml",
        "results.yml",
    ]
    assert [line.rpartition("did you mean ")[2] for line in said] == [
        "'name'?", "'lower'?", "'results'?",
    ]  # fmt: skip
