"""The `kpi` command: what it prints, where it prints it, and what it exits with."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from kpi_analysis.cli import main
from kpi_analysis.definitions.settings import RULE_SETS
from kpi_analysis.packs.notebooks import NOTEBOOKS

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"
FINDING = ["level", "rule", "file", "line", "column", "field", "measure", "team", "message",
           "better", "silenced"]  # fmt: skip
POINT = ["team", "measure", "period", "value", "centre", "lower_limit", "upper_limit",
         "moving_range", "segment", "rules"]  # fmt: skip
VERDICT = ["variation", "capability", "verdict", "red", "response"]
DEFINITION = """id: late
status: trial
name: Percentage of parcels late, by month
result: Parcels arrive on the day that was promised
unit: "%"
better: lower
frequency: month
evidence: [parcels delivered a day late or more]
calculation: {statistic: percentage, numerator: late, denominator: parcels}
target: {value: 5, applies_to: each value, source: contract, from: 2016-04}
data:
"""
LONG = "  collected_by: van computer\n"
OWN = """  file: values/v.csv
  columns: {team: org_code, period: period, numerator: breaches, denominator: attendances}
"""


@pytest.fixture
def kpi(monkeypatch, capsys):
    """Run the command in this process: exit code, standard output, lines of standard error."""

    def run(*arguments: object) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(sys, "argv", ["kpi", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(stop.value.code or 0), out, err.splitlines()

    return run


def workspace(root: Path, values: str, data: str = LONG, kpi_yml: str = "name: Vans\n") -> Path:
    for name, text in {
        "kpi.yml": kpi_yml,
        "measures/late.yml": DEFINITION + data,
        "values/v.csv": values,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def steady(*teams: str) -> str:
    rows = ["team,measure,period,numerator,denominator"]
    months = [f"{2023 + n // 12}-{n % 12 + 1:02}" for n in range(24)]
    for team in teams:
        rows += [f"{team},late,{month},{10 + (7 * n) % 9},100" for n, month in enumerate(months)]
    return "\n".join(rows) + "\n"


@pytest.fixture
def vans(tmp_path) -> Path:
    return workspace(tmp_path / "vans", steady("North", "South"))


@pytest.fixture(scope="module")
def hospitals(tmp_path_factory) -> Path:
    source = SHARED / "data" / "ae" / "ae_ten_trusts.csv"
    if not source.exists():
        pytest.skip("TEN HOSPITALS NOT CHECKED: no data/ae in the folder beside the checkout")
    return workspace(tmp_path_factory.mktemp("ten"), source.read_text(), OWN)


def records(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


# --- kpi check


def of_values(out: str) -> list[str]:
    """Give the lines about the values: the design check has tests of its own."""
    return [line for line in out.splitlines() if " values/v.csv" in line]


def test_check_of_a_sound_workspace(kpi, vans):
    code, out, err = kpi("check", vans)
    assert (code, of_values(out), len(err)) == (0, [], 1)
    code, out, err = kpi("check", vans, "--format", "json")
    assert (code, err) == (0, [])
    assert all(list(one) == FINDING and one["level"] != "error" for one in records(out))


def test_check_lists_all_faults_in_one_line_each(kpi, vans):
    text = steady("North", "South") + "North,late,2023-01,1,100\nSouth,late,2025-01,x,100\n"
    (vans / "values" / "v.csv").write_text(text + "South,late,2025-03,1,100\n")
    code, out, err = kpi("check", vans)
    assert code == 1
    assert err[0].startswith("2 errors, ")
    assert of_values(out) == [
        "error: values/v.csv:50: 2023-01 of 'late' for team 'North' is there twice (first in"
        " line 2): keep one row [D01]",
        "error: values/v.csv:51: column 'numerator' holds 'x', which is not a number: write the"
        " number, or leave the cell empty for a period without a value [data]",
        "warning: values/v.csv:52: 'late', team 'South', has no row for 2025-02: add the row,"
        " with an empty value where there is none [D01]",
    ]
    assert out.splitlines()[:2] == of_values(out)[:2], "errors come first"
    code, out, err = kpi("check", vans, "--format", "json")
    assert (code, err) == (1, [])
    found = records(out)
    assert all(list(one) == FINDING for one in found)
    assert [one["line"] for one in found if one["file"] == "values/v.csv"] == [50, 51, 52]
    assert found[0] == {
        "level": "error",
        "rule": "D01",
        "file": "values/v.csv",
        "line": 50,
        "column": None,
        "field": "period",
        "measure": "late",
        "team": "North",
        "message": "2023-01 of 'late' for team 'North' is there twice (first in line 2): keep"
        " one row",
        "better": None,
        "silenced": None,
    }


def test_warnings_alone_need_nobody(kpi, vans):
    rows = [row for row in steady("North").splitlines() if "2023-05" not in row]
    (vans / "values" / "v.csv").write_text("\n".join(rows))
    code, out, _ = kpi("check", vans)
    assert code == 0
    (line,) = of_values(out)
    assert line.startswith("warning: values/v.csv:6: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "{}/none"], "'{}/none' does not exist: name a workspace folder"),
        (["check", "{}/kpi.yml"], "'{}/kpi.yml' is a file, not a workspace: name a workspace"
         " folder"),
        (["check", "{}/values"], "in '{}/values', 'kpi.yml' does not exist: name a workspace"
         " folder, or make one with kpi init"),
        (["signals", "{}", "--team", "Nort"], "team 'Nort' is not in this workspace: did you mean"
         " 'North'?"),
        (["signals", "{}", "--measure", "lat"], "measure 'lat' has no definition: did you mean"
         " 'late'?"),
        (["signals", "{}", "--period", "2019-13"], "there is no period '2019-13' in the calendar:"
         " write it as 2025-03-14 (day), 2025-W09 (week), 2025-03 (month) or 2025-Q1 (quarter)"),
        (["packs", "{}", "--period", "2024-12", "--team", "West", "--out", "{}/out"],
         "team 'West' is not in this workspace: known are North, South"),
        (["packs", "{}", "--period", "2024-12", "--out", "{}/kpi.yml"],
         "cannot write to '{}/kpi.yml': Not a directory"),
        (["packs", "{}", "--period", "March", "--out", "{}/out"], "'March' is not a period: write"
         " it as 2025-03-14 (day), 2025-W09 (week), 2025-03 (month) or 2025-Q1 (quarter)"),
    ],
)  # fmt: skip
def test_what_cannot_start_says_why_and_leaves_nothing_behind(kpi, vans, arguments, message):
    before = sorted(vans.rglob("*"))
    code, out, err = kpi(*(one.format(vans) for one in arguments))
    assert (code, out, err) == (2, "", [message.format(vans)])
    assert sorted(vans.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek", "x"], ["No such command 'chek'", "check"]),
        (["check", "x", "--fromat", "json"], ["No such option", "--fromat", "--format"]),
        (["check", "x", "--format", "xml"], ["--format", "'xml'", "'text'", "'json'"]),
        (["check"], ["Missing argument", "WORKSPACE"]),
        (["packs", "x"], ["Missing option", "--period"]),
        (["packs", "x", "--period", "2024-12", "--workers", "0"], ["--workers", "1"]),
    ],
)
def test_a_misspelt_command_or_option(kpi, arguments, words):
    code, out, err = kpi(*arguments)
    assert (code, out) == (2, "")
    assert all(word in err[-1] for word in words)


def test_a_bad_rule_set_names_the_nearest(kpi, vans):
    code, out, err = kpi("signals", vans, "--rules", "wheler")
    assert (code, out, len(err)) == (2, "", 1)
    assert "'wheler'" in err[0]
    assert "did you mean 'wheeler'" in err[0]


def test_an_unreadable_kpi_yml(kpi, vans):
    (vans / "kpi.yml").write_text("name: [x\n")
    for command in (["check", vans], ["signals", vans], ["packs", vans, "--period", "2024-12"]):
        assert kpi(*command) == (
            2, "", ["kpi.yml:1:7: this is not YAML at '[x': close the list with ], and part its"
                    " items by commas"])  # fmt: skip


# --- kpi signals


def test_signals_as_json_are_the_contract(kpi, vans):
    code, out, err = kpi("signals", vans, "--team", "South", "--format", "json")
    assert (code, err) == (0, [])
    points = records(out)
    assert [list(one) for one in points] == [POINT] * 23 + [[*POINT, *VERDICT]]
    assert [one["value"] for one in points] == [10 + (7 * n) % 9 for n in range(24)]
    assert points[0]["moving_range"] is None
    assert {one["team"] for one in points} == {"South"}
    # Wheeler: mean and 2.66 mean moving ranges, here of the 24 points of the baseline.
    values = [10 + (7 * n) % 9 for n in range(24)]
    ranges = [abs(one - other) for one, other in pairwise(values)]
    centre, reach = sum(values) / 24, 2.66 * sum(ranges) / 23
    last = points[-1]
    assert last["centre"] == pytest.approx(centre)
    assert last["lower_limit"] == pytest.approx(centre - reach)
    assert last["upper_limit"] == pytest.approx(centre + reach)
    assert centre - reach > 5, "the target of 5 is out of the process's reach"
    assert {name: last[name] for name in VERDICT} == {
        "variation": "none",
        "capability": "fail",
        "verdict": "losing_steadily",
        "red": True,
        "response": "owed",
    }
    (vans / "actions.csv").write_text("measure,team,opened\nlate,South,2024-12-20\n")
    _, out, _ = kpi("signals", vans, "--format", "json")
    responses = {one["team"]: one["response"] for one in records(out) if "verdict" in one}
    assert responses == {"North": "owed", "South": "recorded"}


def test_signals_as_csv_are_the_same_points(kpi, vans):
    _, text, _ = kpi("signals", vans, "--format", "json")
    code, out, err = kpi("signals", vans, "--format", "csv")
    assert (code, err) == (0, [])
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [*POINT, *VERDICT]
    for row, point in zip(rows, records(text), strict=True):
        assert (row["team"], row["period"]) == (point["team"], point["period"])
        assert float(row["value"]) == point["value"]
        assert row["rules"].split() == point["rules"]
        assert row["verdict"] == point.get("verdict", "")


def test_signals_as_text_is_a_line_a_series(kpi, vans):
    code, out, err = kpi("signals", vans, "--measure", "late", "--period", "2024-06")
    assert (code, err) == (0, [])
    north, south = out.splitlines()
    assert north.startswith("North  late  2024-06  12\u00a0%  limits ")
    assert south.removeprefix("South") == north.removeprefix("North")


def test_a_new_workspace_says_what_keeps_it_from_a_chart(kpi, tmp_path):
    kpi("init", tmp_path / "org")
    said = "first-call is a draft: set status: trial to see a chart"
    code, out, err = kpi("signals", tmp_path / "org")
    assert (code, out, err[0][: len(said)]) == (0, "", said)
    code, out, err = kpi("packs", tmp_path / "org", "--period", "2025-03", "--out", tmp_path / "r")
    assert (code, out, err[0][: len(said)]) == (2, "", said)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("rules", RULE_SETS)
def test_every_rule_set_by_its_name(kpi, vans, rules):
    code, out, err = kpi("signals", vans, "--rules", rules, "--format", "json")
    assert (code, err, len(records(out))) == (0, [], 48)


def test_a_spreadsheet_runs_no_formula_of_a_name(kpi, tmp_path):
    table = tmp_path / "t.csv"
    rows = [f"=1+1,+a,2024-0{n},-{n}" for n in range(1, 8)]
    table.write_text("\n".join(["team,measure,period,value", *rows]))
    code, out, err = kpi("signals", table, "--format", "csv")
    assert (code, err) == (0, [])
    for row in csv.DictReader(io.StringIO(out)):
        assert (row["team"], row["measure"]) == ("'=1+1", "'+a")
        assert float(row["value"]) < 0


def test_one_table_with_a_fault_is_read_and_told(kpi, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("team,period,value\nA,2024-01,1\nB,2024-01,x\n")
    code, out, err = kpi("signals", table)
    assert code == 1
    assert err == [
        "t.csv:3: column 'value' holds 'x', which is not a number: write the number, or leave"
        " the cell empty for a period without a value"
    ]
    assert out.startswith("A  t  2024-01  1 ")
    table.write_text("month,value\n2024-01,1\n")
    assert kpi("signals", table) == (
        2, "", ["t.csv:1: has no column 'period': known are month, value"])  # fmt: skip


@pytest.mark.parametrize(
    ("team", "reading"),
    {
        "RC9": ("concern", "pass", "meeting_but_worse", True),
        "RAS": ("none", "fail", "losing_steadily", True),
        "R1K": ("improving", "fail", "improving_not_there", False),
        "RDD": ("improving", "fail", "improving_not_there", False),
        "RDE": ("improving", "hit_or_miss", "winning_ground", False),
        "RJ6": ("concern", "fail", "losing_and_worse", True),
        "RCU": ("none", "hit_or_miss", "steady_hit_or_miss", False),
    }.items(),
)
def test_readings_of_the_hospitals(kpi, hospitals, team, reading):
    arguments = ("signals", hospitals, "--period", "2019-03", "--format", "json")
    code, out, err = kpi(*arguments, "--team", team)
    assert (code, err) == (0, [])
    last = records(out)[-1]
    assert tuple(last[name] for name in ("variation", "capability", "verdict", "red")) == reading
    assert last["response"] == ("owed" if reading[3] else last["response"])


def test_limits_of_the_hospitals(kpi, hospitals):
    """Give those of the data's README: share seen in time; ours is the share over four hours."""
    _, out, _ = kpi("signals", hospitals, "--period", "2019-03", "--format", "json")
    last = {one["team"]: one for one in records(out) if "verdict" in one}
    readme = {
        "RCU": (97.2, 94.5, 99.9),
        "RA4": (95.4, 92.2, 98.7),
        "RC9": (98.0, 97.2, 98.8),
        "RDD": (87.4, 81.1, 93.6),
        "R1K": (66.7, 52.8, 80.5),
        "RAS": (62.1, 51.6, 72.5),
        "RXL": (65.9, 46.4, 85.4),
        "RJ6": (80.8, 71.2, 90.4),
        "RRK": (82.3, 73.6, 91.1),
        "RDE": (83.3, 65.2, 101.3),
    }
    for team, limits in readme.items():
        point = last[team]
        ours = [100 - point[name] for name in ("centre", "upper_limit", "lower_limit")]
        assert ours == pytest.approx(limits, abs=0.1)


def test_a_recorded_limit_change_begins_a_segment(kpi, hospitals, tmp_path):
    root = workspace(tmp_path / "ten", (hospitals / "values" / "v.csv").read_text(), OWN)
    (root / "limit_changes.csv").write_text(
        "team,measure,from,reason,by\nRRK,late,2018-07,two hospitals merged,shift lead\n"
    )
    _, out, _ = kpi("signals", root, "--period", "2019-03", "--format", "json")
    segments = {(one["team"], one["period"]): one["segment"] for one in records(out)}
    assert segments["RRK", "2018-06"] == 0
    assert segments["RRK", "2018-07"] == segments["RRK", "2019-03"] == 1
    assert {value for (team, _), value in segments.items() if team != "RRK"} == {0}
    last = next(one for one in records(out) if one["team"] == "RRK" and "verdict" in one)
    values = [one["value"] for one in records(out) if one["team"] == "RRK"][-9:]
    assert last["centre"] == pytest.approx(sum(values) / 9)


# --- kpi packs and kpi init


def test_packs_into_a_fresh_folder_twice_and_one_team(kpi, vans, tmp_path):
    out = tmp_path / "new" / "reports"
    arguments = ("packs", vans, "--period", "2024-12", "--out", out, "--workers", 1)
    code, text, _ = kpi(*arguments, "--team", "North")
    assert (code, text) == (0, f"1 of 1 packs: {out / '2024-12' / 'index.html'}\n")
    month = out / "2024-12"
    assert sorted(path.name for path in month.iterdir()) == [
        *("North.html", "index.html", "notebooks", "run.json", "walk.html")
    ]
    code, _, _ = kpi(*arguments)
    assert code == 0
    names = {"North.html", "South.html", "index.html", "notebooks", "run.json", "walk.html"}
    about_all = {path.stem for path in (NOTEBOOKS / "packs").glob("*.ipynb")}
    about_all -= {"team_pack", "results_map"}  # the vans have no results.yml
    names |= {f"{name}.html" for name in about_all}
    assert {path.name for path in month.iterdir()} == names
    packs = json.loads((month / "run.json").read_text())["packs"]
    assert [one["team"] for one in packs] == ["North", "South"]
    assert "failed" not in {one["status"] for one in packs}
    assert [path.name for path in out.iterdir()] == ["2024-12"], "nothing half-made is left"


def test_packs_are_built_beside_a_fault_and_the_exit_says_so(kpi, vans, tmp_path):
    (vans / "values" / "v.csv").write_text(steady("North", "South").replace("11,100", "x,100", 1))
    out = tmp_path / "reports"
    code, _, err = kpi("packs", vans, "--period", "2024-12", "--out", out, "--workers", 1)
    assert code == 1
    assert any("which is not a number" in line for line in err)
    assert "which is not a number" in (out / "2024-12" / "North.html").read_text()
    assert (out / "2024-12" / "South.html").is_file()


def test_a_period_after_all_values_is_told(kpi, vans, tmp_path):
    out = ("--out", tmp_path / "reports", "--team", "North")
    late = (
        "no measure has a value of January 2025, the newest is of December 2024: "
        "bring the values up to date, or give another --period"
    )
    for _ in ("built", "unchanged"):
        code, _, err = kpi("packs", vans, "--period", "2025-01", *out)
        assert (code, err[-1]) == (0, late)
    _, _, err = kpi("packs", vans, "--period", "2024-12", *out)
    assert not [line for line in err if "newest" in line]


def test_what_the_same_run_published_otherwise_before_is_told(kpi, tmp_path):
    values = steady("North", "South", "West")
    root = workspace(tmp_path / "vans", values, kpi_yml="name: Vans\nledger: yes\n")
    arguments = ("packs", root, "--period", "2024-12", "--out", tmp_path / "reports")
    _, _, err = kpi(*arguments)
    assert not [line for line in err if "before" in line]
    head, *rows = values.splitlines()
    (root / "values" / "v.csv").write_text("\n".join([head, *(f"{row}0" for row in rows)]) + "\n")
    code, _, err = kpi(*arguments)
    told = [line for line in err if "before, now" in line]
    assert code == 0
    assert told[0] == (
        "published.csv: 'late', team 'North', 2023-01: published as 10 in this run (2024-12) "
        "before, now 1: tell those who have the earlier page"
    )
    assert len(told) == 50  # of 72
    assert err[-1] == "and 22 more: published.csv has them all"


def test_init_makes_a_workspace_that_is_sound(kpi, tmp_path):
    code, out, err = kpi("init", tmp_path / "mine")
    assert (code, err) == (0, [])
    assert f"kpi check {tmp_path / 'mine'}" in out
    code, _, err = kpi("check", tmp_path / "mine")
    assert code == 0
    before = sorted(tmp_path.rglob("*"))
    code, out, err = kpi("init", tmp_path / "mine")
    assert (code, out, len(err)) == (2, "", 1)
    assert sorted(tmp_path.rglob("*")) == before


# --- as a program of its own


def program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from kpi_analysis.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=CHECKOUT,
        env={**os.environ, **environment},
    )


def test_debug_shows_where_an_error_arose_and_its_absence_does_not(tmp_path):
    plain = program("check", tmp_path)
    assert (plain.returncode, plain.stdout, plain.stderr.count("\n")) == (2, "", 1)
    debug = program("--debug", "check", tmp_path)
    assert debug.stderr.startswith("Traceback")
    assert plain.stderr.strip() in debug.stderr
    assert debug.returncode != 0


def test_names_of_any_script_are_printed_under_the_plainest_locale(tmp_path):
    root = workspace(tmp_path / "w", steady("Grüße 東"))
    run = program("signals", root, "--format", "json", LC_ALL="C")
    assert run.returncode == 0
    assert records(run.stdout)[0]["team"] == "Grüße 東"


def test_xmr_charts_one_column_of_a_spreadsheet(tmp_path, kpi):
    sheet = tmp_path / "waits.csv"
    rows = [f"2024-{n:02},{value},4" for n, value in enumerate([4, 6, 5, 3, 5, 6, 4, 5], 1)]
    sheet.write_text("\n".join(["Month,Waits,Staff", *rows]))
    code, out, err = kpi("xmr", sheet, "--column", "Waits", "--better", "lower", "--target", 9)
    assert (code, err) == (0, ["for the chart: --out chart.png"])
    assert out.startswith("Waits\n")
    assert "Winning, steady: meets ≤9 every month" in out
    picture = tmp_path / "waits.png"
    code, _, err = kpi("xmr", sheet, "--column", "Waits", "--out", picture)
    assert (code, err) == (0, [f"chart: {picture}"])
    assert picture.read_bytes().startswith(b"\x89PNG")
    code, _, err = kpi("xmr", sheet)
    assert code == 2
    assert err == ["waits.csv has several columns of numbers, Waits, Staff: name the column"]


def test_learn_copies_the_course_and_tells_how_far_one_is(kpi, tmp_path):
    code, out, err = kpi("learn", tmp_path / "mine", "--copy-only")
    assert (code, err) == (0, [])
    assert f"kpi learn {tmp_path / 'mine'} --progress" in out
    assert (tmp_path / "mine" / "T00_is_it_a_measure.ipynb").exists()
    code, out, err = kpi("learn", tmp_path / "mine", "--progress")
    assert (code, err) == (0, [])
    assert out.startswith("T00 Is it a measure?: not begun\n")
    code, out, err = kpi("learn", tmp_path, "--copy-only")
    assert (code, out) == (2, "")
    assert "is not empty" in err[0]
