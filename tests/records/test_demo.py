"""The demo organisation: the same bytes everywhere, and what the truth file says is in it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from kpi_analysis.definitions.measures import Status, read_measure
from kpi_analysis.definitions.results import check_links, read_results
from kpi_analysis.definitions.settings import read_settings
from kpi_analysis.errors import RecordError
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.starter.generate import tables
from kpi_analysis.records.starter.write import write_demo, write_starter
from kpi_analysis.signals.detect import detect

COMMITTED = Path(__file__).resolve().parents[2] / "data" / "demo"
SIGNALS = ["outside_limits", "long_run", "short_run"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "demo"
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def measures(demo):
    paths = sorted(demo.glob("measures/*.yml"))
    return {path.stem: read_measure(path, f"measures/{path.name}") for path in paths}


def rows(folder, name):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_committed_copy_is_what_is_generated(demo):
    new, committed = contents(demo), contents(COMMITTED)
    assert sorted(new) == sorted(committed)
    assert [name for name in new if new[name] != committed[name]] == []


def test_four_teams_of_three_sectors_have_five_to_seven_measures_of_36_periods(demo, measures):
    settings = read_settings(demo / "kpi.yml", "kpi.yml")
    assert len(settings.teams) == 4
    assert len({team.division for team in settings.teams.values()}) == 3
    values = [row for team in settings.teams for row in rows(demo, f"values/{team}.csv")]
    series = Counter((row["team"], row["measure"]) for row in values)
    boards = Counter(team for team, _ in series)
    assert set(boards) == set(settings.teams)
    assert all(5 <= count <= 7 for count in boards.values())
    assert {measure for _, measure in series} == set(measures)
    short = {name: count for name, count in series.items() if count != 36}
    assert short == {("packing", "packing-energy"): 35}  # a row is missing: planted
    assert {one.frequency for one in measures.values()} == {
        Frequency.DAY,
        Frequency.WEEK,
        Frequency.MONTH,
    }
    assert {one.status for one in measures.values()} == {Status.ACTIVE}


def test_percentages_rates_and_ratios_carry_numerator_and_denominator(demo, measures):
    for team in ("elm-ward", "repairs", "bins", "packing"):
        for row in rows(demo, f"values/{team}.csv"):
            period = Period.parse(row["period"], measures[row["measure"]].frequency)
            assert str(period) == row["period"]
            has_cases = measures[row["measure"]].calculation.statistic in (
                "percentage",
                "rate",
                "ratio",
            )
            filled = {name for name in ("value", "numerator", "denominator") if row[name]}
            wanted = {"numerator", "denominator"} if has_cases else {"value"}
            assert filled in (wanted, set()), row
            assert not filled or not has_cases or int(row["denominator"]) >= 10


def test_the_series_end_in_march_2025_unless_they_are_late(demo):
    last = {}
    for team in ("elm-ward", "repairs", "bins", "packing"):
        for row in rows(demo, f"values/{team}.csv"):
            last[row["measure"]] = Period.parse(row["period"])
    late = {name for name, period in last.items() if period.end < pd.Timestamp("2025-03-30").date()}
    planted = {row["measure"] for row in rows(demo, "truth.csv") if row["kind"] == "late"}
    assert late == planted == {"bins-injury"}
    assert {period.end.isoformat() for name, period in last.items() if name not in late} == {
        "2025-03-30",  # the last whole week
        "2025-03-31",
    }


def test_links_between_measures_guards_and_results_hold(demo, measures):
    on_map = read_results(demo / "results.yml", "results.yml")
    assert check_links(measures, on_map) == ()
    assert all(on_map.path(one.result_id)[-1].level == "organisation" for one in measures.values())


LOGS = {
    "actions.csv": ("id", "team", "measure", "opened", "countermeasure", "owner", "stage"),
    "options.csv": ("date", "team", "measure", "option", "pros", "cons", "by"),
    "events.csv": ("date", "team", "measure", "what", "by"),
    "limit_changes.csv": ("team", "measure", "from", "reason", "by", "on"),
    "reviews.csv": ("date", "team", "kind", "who", "role"),
    "reactions.csv": ("date", "team", "measure", "reflects_our_work"),
    "published.csv": ("run", "team", "measure", "period", "value"),
    "truth.csv": ("team", "measure", "kind", "note"),
}


@pytest.mark.parametrize("name", LOGS)
def test_the_logs_name_teams_and_measures_that_exist(demo, measures, name):
    teams = read_settings(demo / "kpi.yml", "kpi.yml").teams
    found = rows(demo, name)
    assert found
    for row in found:
        assert None not in row, row  # a row with more cells than the header
        assert None not in row.values(), row
        assert all(row[field] for field in LOGS[name]), row
        assert row["team"] in teams
        assert row.get("measure", "sickness") in measures


def test_the_truth_file_tells_of_every_series_and_every_kind(demo):
    truth = rows(demo, "truth.csv")
    told = {(row["team"], row["measure"]) for row in truth}
    there = {
        (row["team"], row["measure"])
        for team in ("elm-ward", "repairs", "bins", "packing")
        for row in rows(demo, f"values/{team}.csv")
    }
    assert told == there
    assert {row["kind"] for row in truth} == {
        *("shift", "one-off", "changed spread", "season", "merger", "restatement"),
        *("missing", "late", "guard trade-off", "unused", "nothing"),
    }


@pytest.fixture(scope="module")
def detected(demo, measures):
    frame = pd.concat(
        pd.read_csv(io.StringIO(text)) for name, text in tables().items() if "values/" in name
    ).reset_index(drop=True)
    factor = frame["measure"].map(
        {
            name: {"percentage": 100.0, "ratio": 1.0}.get(
                one.calculation.statistic, one.calculation.per or 1.0
            )
            for name, one in measures.items()
        }
    )
    frame["value"] = frame["value"].fillna(factor * frame["numerator"] / frame["denominator"])
    merger = rows(demo, "limit_changes.csv")[0]
    in_new = (frame["measure"] == merger["measure"]) & (frame["period"] >= merger["from"])
    return detect(frame.assign(segment=in_new.astype(int)), baseline=24)


def found_in(detected, row):
    series = detected[(detected.team == row["team"]) & (detected.measure == row["measure"])]
    return series, series[series[SIGNALS].any(axis=1)]


def test_what_is_planted_shows_where_the_truth_file_says(demo, detected):
    for row in rows(demo, "truth.csv"):
        series, signals = found_in(detected, row)
        if row["kind"] in ("shift", "guard trade-off"):
            side = series.iloc[-1]["side"]
            assert series.iloc[-1][SIGNALS].any(), row
            run = signals[(signals.period >= row["from"]) & (signals.side == side)]
            assert len(run) >= 4, row
            assert len(signals[signals.period < row["from"]]) <= 2, row  # a window reaches back
        elif row["kind"] == "one-off":
            assert list(signals.period) == [row["from"]]
        elif row["kind"] == "changed spread":
            wide = series[series.large_range].period
            assert len(wide) >= 3
            assert min(wide) >= row["from"]
        elif row["kind"] == "season":
            value = series.set_index("period")["value"]
            assert value.autocorr(12) > 0.8
        elif row["kind"] == "missing":
            assert series[series.period >= "2024-04"]["value"].notna().sum() == 12 - 3
        else:
            assert signals.empty, row


def test_a_merger_without_its_limit_change_would_look_like_a_signal(detected):
    merged = detected[detected.measure == "bins-turned-away"]
    alone = detect(merged[["team", "measure", "period", "value"]], baseline=21)
    assert alone[alone.period >= "2024-01"]["outside_limits"].sum() >= 12


def test_restated_values_differ_from_the_published_ones_and_one_has_a_note(demo):
    published = {row["period"]: float(row["value"]) for row in rows(demo, "published.csv")}
    now = {
        row["period"]: 1000 * int(row["numerator"]) / int(row["denominator"])
        for row in rows(demo, "values/repairs.csv")
        if row["measure"] == "repairs-complaints"
    }
    changed = [period for period, value in published.items() if abs(value - now[period]) > 0.5]
    assert changed == ["2024-10", "2024-11", "2024-12"]
    notes = [row["what"] for row in rows(demo, "events.csv") if "restatement" in row["what"]]
    assert len(notes) == 1


def test_a_starter_workspace_holds_one_draft_that_wants_nothing_for_its_trial(tmp_path):
    write_starter(tmp_path / "deep" / "ours")
    folder = tmp_path / "deep" / "ours"
    assert read_settings(folder / "kpi.yml", "kpi.yml").name == "Our organisation"
    measure = read_measure(folder / "measures" / "first-call.yml", "measures/first-call.yml")
    assert measure.status is Status.DRAFT
    assert {row["measure"] for row in rows(folder, "values/first-call.csv")} == {measure.id}
    assert (folder / "README.md").is_file()
    assert (folder / "schema" / "measure.schema.json").is_file()


def test_the_commented_fields_of_the_starter_make_an_active_measure(tmp_path):
    write_starter(tmp_path / "ours")
    path = tmp_path / "ours" / "measures" / "first-call.yml"
    text = path.read_text(encoding="utf-8")
    head, tail = text.split("# For a place in the packs, take the # away and fill in:\n")
    tail = "".join(line.removeprefix("# ") for line in tail.splitlines(keepends=True))
    path.write_text(head.replace("status: draft", "status: active") + tail, encoding="utf-8")
    assert read_measure(path, path.name).response.improvement.within_days == 20


@pytest.mark.parametrize("write", [write_demo, write_starter])
def test_a_folder_that_holds_something_is_left_alone(tmp_path, write):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        write(tmp_path)
    assert str(caught.value) == (f"'{tmp_path}' is not empty: name a new folder, or empty this one")
    assert contents(tmp_path) == {"mine.txt": b"keep"}
    with pytest.raises(RecordError, match="is a file: name a new folder"):
        write(tmp_path / "mine.txt")


def test_an_empty_folder_is_filled_and_nothing_else_is_left_beside(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    write_starter(empty)
    assert (empty / "kpi.yml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert not [name for name in contents(empty) if "init" in name]


def test_nothing_half_written_is_left_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RecordError, match="cannot be written: no space left on device"):
        write_demo(tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []
