"""What stands on a team's pages, and that an old pack says what was known then."""

import csv
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.packs.fingerprint import fingerprints
from kpi_analysis.packs.made_of import made_of
from kpi_analysis.records.workspace import open_workspace

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
PAGES = ("board", "changed", "details", "followed", "map", "trust", "ours", "reading")
TEAMS = ("elm-ward", "repairs", "bins", "packing")


def words(html):
    """Give the words of a page as a reader has them, with single spaces."""
    text = re.sub(r"<svg.*?</svg>", " ", html.markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def demo(tmp_path):
    return shutil.copytree(DEMO, tmp_path / "demo")


def append(root, name, **cells):
    """Add a row to one of the logs."""
    path = root / f"{name}.csv"
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="").writerow(cells)


def cut(root, day):
    """Take away what was written down after a day: later rows, and later days of actions."""
    later = {"actions": "opened", "options": "date", "limit_changes": "on", "published": ""}
    for name in ("actions", "events", "limit_changes", "reviews", "reactions", "options"):
        path = root / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [row for row in rows if row[later.get(name, "date")] <= day]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(kept)
    (root / "published.csv").unlink()


@pytest.mark.parametrize("team", TEAMS)
def test_an_old_pack_made_anew_says_what_was_known_then(demo, tmp_path, team):
    """Rows of 2025 change nothing in the pack of November 2024, the newest until December ended."""
    then = shutil.copytree(demo, tmp_path / "then")
    cut(then, "2024-12-31")
    (then / "published.csv").write_text("run,team,measure,period,value\n")  # a ledger, still empty
    now, old = (kpi.team_pack(root, team, "2024-11") for root in (demo, then))
    for page in PAGES:
        assert getattr(now, page).markup == getattr(old, page).markup, page


def test_what_is_written_down_later_makes_no_old_pack_due(demo):
    at = kpi.Period.parse("2024-11")

    def packs():
        return fingerprints(open_workspace(demo, at), at, b"a notebook", {}).packs

    before = packs()
    who = {"team": "packing", "measure": "packing-on-time"}
    append(demo, "actions", **who, opened="2025-04-02", countermeasure="Load at noon")
    append(demo, "events", **who, date="2025-01-01", what="Strike")
    append(demo, "options", **who, date="2025-01-01", option="Load at noon")
    assert packs() == before
    append(demo, "events", **who, date="2024-12-31", what="Storm")
    assert [team for team, one in packs().items() if one != before[team]] == ["packing"]


def test_nobody_is_told_to_spread_what_a_guard_pays_for(demo):
    """The planted trade-off of data/demo/truth.csv: the board and the measure's own page agree."""
    pack = kpi.team_pack(demo, "elm-ward", "2025-03")
    assert "Check the trade: this improves while a guard gets worse" in words(pack.board)
    assert "What now? Check the trade first." in words(pack.details)
    for page in (pack.board, pack.details):
        assert "tell others" not in words(page)


def test_options_stand_with_what_speaks_for_and_against_them(demo):
    told = words(kpi.team_pack(demo, "packing", "2025-03").details)
    assert (
        "Pack tomorrow's orders for the far towns first (packers on shift) "
        "For: Can be tried next Monday Against: Orders that come late in the day wait longer"
    ) in told
    repairs = words(kpi.team_pack(demo, "repairs", "2024-10").details)
    assert "Decided on 7 October 2024: A-004 instead: each trade books its own jobs" in repairs
    assert "second scheduler" not in words(kpi.team_pack(demo, "repairs", "2025-03").details)


def test_without_a_list_of_options_a_red_says_how_one_is_kept(demo):
    (demo / "options.csv").unlink()
    assert "Options: not recorded. options.csv" in words(
        kpi.team_pack(demo, "packing", "2025-03").details
    )


def test_causes_and_questions_to_leaders_stand_by_the_measure(demo):
    told = words(kpi.team_pack(demo, "repairs", "2025-03").details)
    assert (
        "Cause: Jobs queue for one scheduler who books all trades "
        "(checked by repairs supervisor, by following twelve jobs)"
    ) in told
    assert "Waiting for head of housing, asked on 10 February 2025" in told


def test_a_closing_without_what_was_learned_is_refused_in_words(demo):
    append(
        demo,
        "actions",
        id="A-099",
        team="packing",
        measure="packing-on-time",
        opened="2025-02-03",
        countermeasure="Load at noon",
        expected="two more in 100",
        closed="2025-03-20",
    )
    pack = kpi.team_pack(demo, "packing", "2025-03")
    refused = "it was marked as closed on 20 March 2025 while this was empty: happened, learned"
    assert f"Not closed: {refused}" in words(pack.followed)
    assert "Load at noon" in words(pack.board)  # it is open still, and answers the red


def test_restated_values_stand_under_data_trust(demo):
    pack = kpi.team_pack(demo, "repairs", "2025-03")
    assert "November 2024: 18.2 was published, now 7.6" in words(pack.trust)
    assert "What changed since the pack of February 2025" in words(pack.changed)
    other = words(kpi.team_pack(demo, "bins", "2025-03").changed)
    assert "Compared with February 2025 as today's files have it: published.csv holds" in other


def test_the_days_a_response_is_owed_count_from_the_signal_to_the_review(demo):
    """Readmissions: August 2024 was the first value outside, and 10 days are allowed."""
    board = words(kpi.team_pack(demo, "elm-ward", "2025-03").board)
    assert "Owed by ward manager within 10 days, for 212 days now:" in board  # 31 Aug to 31 Mar
    today = words(kpi.team_pack(demo, "elm-ward", "2025-03-14").board)
    assert "for 195 days now" in today


def test_each_chart_says_what_it_was_made_of(demo):
    before = kpi.review_teams(kpi.open(demo), kpi.Period.parse("2025-03"))["bins"]
    path = demo / "values" / "bins.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    row = "bins,bins-late-finish,2025-02-25,"
    at = next(n for n, line in enumerate(lines) if line.startswith(row))
    lines[at] = f"{row}77,,"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    after = kpi.review_teams(kpi.open(demo), kpi.Period.parse("2025-03"))["bins"]
    then, now = ({one.name: one for one in made_of(each.measures)} for each in (before, after))
    changed = [name for name in then if then[name].figures != now[name].figures]
    assert changed == [one.name for one in after.measures if one.measure.id == "bins-late-finish"]
    # new limits since January 2024 at one of them: 15 months; the others are set by 24 values
    assert sorted(one.setting for one in now.values()) == [15, *[24] * (len(now) - 1)]
    assert then[changed[0]].figures in words(kpi.team_pack(DEMO, "bins", "2025-03").reading)


def test_what_a_definition_sets_aside_is_shown_with_its_reason(demo):
    path = demo / "measures" / "bins-injury.yml"
    path.write_text(path.read_text() + 'silence: {D04: injuries are rare, B01: "none, we hope"}\n')
    shown = words(kpi.team_pack(demo, "bins", "2025-03").trust)
    aside = "Set aside in the definition: few distinct values (D04), injuries are rare."
    assert aside in shown
    assert "B01" not in shown


def test_a_mean_that_few_records_drive_is_told_or_set_aside_with_the_reason(tmp_path):
    for folder in ("measures", "raw", "values"):
        (tmp_path / folder).mkdir()
    (tmp_path / "kpi.yml").write_text("name: Clinic\nteams: {all: All wards}\n")
    waits = [
        f"2024-{n % 12 + 1:02}-{n % 28 + 1:02},{(3, 2, 3, 4, 3, 39)[n % 6]}" for n in range(600)
    ]
    (tmp_path / "raw" / "waits.csv").write_text("\n".join(["day,wait", *waits]) + "\n")
    text = (
        "id: wait\nstatus: trial\nname: Mean wait in days, by month\nresult: Patients are seen\n"
        "unit: days\nbetter: lower\nfrequency: month\nevidence: [waits]\n"
        "calculation: {statistic: mean}\n"
        "data: {records: waits, columns: {period: day, value: wait}}\n"
    )
    (tmp_path / "measures" / "wait.yml").write_text(text)
    told = words(kpi.team_pack(tmp_path, "all", "2024-12").trust)
    assert "their median 3.0: few cases drive the mean. Plot the median as well" in told
    (tmp_path / "measures" / "wait.yml").write_text(text + "silence: {C04: we plot both}\n")
    told = words(kpi.team_pack(tmp_path, "all", "2024-12").trust)
    assert "few cases drive the mean. (set aside: we plot both)" in told
