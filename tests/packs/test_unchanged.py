"""Only what changed is built again: exactly the packs whose page would read differently."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path

import nbformat
import pytest

import kpi_analysis as kpi
from kpi_analysis.packs import fingerprint
from kpi_analysis.packs.fingerprint import fingerprints
from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.packs.pages import team_pack
from kpi_analysis.records.logs import LOGS
from kpi_analysis.records.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
MARCH = kpi.Period.parse("2025-03")
DEMO = ("elm-ward", "repairs", "bins", "packing")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, which has everything a workspace can have."""
    return shutil.copytree(ROOT / "data" / "demo", tmp_path_factory.mktemp("demo") / "org")


def prints(workspace, period=MARCH):
    return fingerprints(kpi.open(workspace), period, b"a notebook", {"other": b"another"})


def pages(workspace, team):
    """What the team's notebook shows."""
    pack = team_pack(workspace, team, str(MARCH))
    names = ("board", "changed", "details", "followed", "learning", "trust", "ours", "reading")
    return [getattr(pack, name).markup for name in names]


def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


def with_cells(**cells):
    """Add a row to a log, in the columns that the log has."""

    def add(text):
        names = text.splitlines()[0].split(",")
        return text.rstrip("\n") + "\n" + ",".join(cells.get(name, "") for name in names) + "\n"

    return add


def first_value(text):
    """Change the last digit of the first row's last cell."""
    lines = text.splitlines()
    lines[1] = lines[1][:-1] + ("1" if lines[1][-1] != "1" else "2")
    return "\n".join(lines) + "\n"


BINS = "bins-injury"
CHANGES = {
    "a name in the settings": ("kpi.yml", replaced("Demo: four", "Demo: 4"), DEMO),
    "the rule set": ("kpi.yml", replaced("rules: wheeler", "rules: mdc"), DEMO),
    "a team's leader": ("kpi.yml", replaced("leader: rounds", "leader: new rounds"), ["bins"]),
    "a definition": (f"measures/{BINS}.yml", replaced("Crews go", "All crews go"), ["bins"]),
    "a result of the map": ("results.yml", replaced("Staff go home", "All go home"), DEMO),
    "a name on the map": (
        f"measures/{BINS}.yml", lambda text: re.sub("(?m)^name: ", "name: New ", text), DEMO,
    ),
    "an action of a team": (
        "actions.csv",
        with_cells(id="99", team="bins", measure=BINS, opened="2025-03-10", problem="new"),
        ["bins"],
    ),
    "an event of a team": (
        "events.csv",
        with_cells(date="2025-02-10", team="bins", measure=BINS, what="new lorry"),
        ["bins"],
    ),
    "a reaction of a team": (
        "reactions.csv",
        with_cells(date="2025-02-10", team="bins", measure=BINS, reflects_our_work="no"),
        ["bins"],
    ),
    "a limit change": (
        "limit_changes.csv",
        with_cells(**{"team": "bins", "measure": BINS, "from": "2024-06", "reason": "x",
                          "by": "y", "on": "2024-06-01"}),
        ["bins"],
    ),
    "a faulty row of a log": (
        "actions.csv",
        with_cells(id="98", team="nobody", measure=BINS, opened="2025-03-10"),
        DEMO,
    ),
    "a row about all teams": (
        "events.csv", with_cells(date="2025-02-10", what="storm"), DEMO,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_concerns_these_packs_and_no_others(what, demo, tmp_path):
    file, change, concerned = CHANGES[what]
    workspace = shutil.copytree(demo, tmp_path / "org")
    text = (workspace / file).read_text(encoding="utf-8")
    assert change(text) != text
    (workspace / file).write_text(change(text), encoding="utf-8")
    before, after = prints(demo), prints(workspace)
    assert {team for team in DEMO if before.packs[team] != after.packs[team]} == set(concerned)
    assert before.index != after.index


@pytest.fixture(scope="module")
def demo_pages(demo):
    return {team: pages(demo, team) for team in DEMO}


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGES)
def test_a_page_that_reads_differently_has_another_fingerprint(what, demo, demo_pages, tmp_path):
    """The other way round: no change of a page goes unseen."""
    file, change, _ = CHANGES[what]
    workspace = shutil.copytree(demo, tmp_path / "org")
    text = (workspace / file).read_text(encoding="utf-8")
    (workspace / file).write_text(change(text), encoding="utf-8")
    before, after = prints(demo), prints(workspace)
    for team in DEMO:
        if before.packs[team] == after.packs[team]:
            assert pages(workspace, team) == demo_pages[team]


def test_every_value_up_to_the_period_counts_and_none_after_it(demo, tmp_path):
    before = prints(demo)
    for path in sorted((demo / "values").glob("*.csv")):
        workspace = shutil.copytree(demo, tmp_path / path.stem)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        team = lines[1].split(",")[lines[0].rstrip("\n").split(",").index("team")]
        path = workspace / "values" / path.name
        path.write_text(first_value("".join(lines)), encoding="utf-8")
        after = prints(workspace)
        assert {one for one in DEMO if before.packs[one] != after.packs[one]} == {team}


def test_later_values_do_not_change_an_earlier_month(organisations, tmp_path):
    workspace = organisations.depots(tmp_path / "org")
    february, march = (prints(workspace, kpi.Period.parse(f"2025-0{n}")) for n in (2, 3))
    file = workspace / "values" / "alpha.csv"
    file.write_text(file.read_text().replace("alpha,late,2025-03,9", "alpha,late,2025-03,8"))
    assert prints(workspace, kpi.Period.parse("2025-02")).packs == february.packs
    after = prints(workspace)
    assert {team for team in after.packs if after.packs[team] != march.packs[team]} == {"alpha"}


def test_a_version_of_a_definition_concerns_the_team_whose_it_is(demo):
    opened = kpi.open(demo)
    older = opened.measures[BINS].model_copy(update={"version": 0})
    before = fingerprints(opened, MARCH, b"", {})
    after = fingerprints(replace(opened, earlier={BINS: (older,)}), MARCH, b"", {})
    assert {team for team in DEMO if before.packs[team] != after.packs[team]} == {"bins"}


def test_every_field_of_a_workspace_is_in_the_fingerprint():
    """Whoever adds a field to the workspace says here that `fingerprints` reads it."""
    read = {"settings", "measures", "earlier", "teams", "series", "findings", "results", *LOGS}
    assert {field.name for field in fields(Workspace)} == read | {"root"}


def test_a_new_library_makes_new_pages(demo, monkeypatch):
    before = prints(demo)
    monkeypatch.setattr(fingerprint, "_package", lambda: "another version")
    after = prints(demo)
    assert all(before.packs[team] != after.packs[team] for team in DEMO)


@pytest.fixture
def built(organisations, commands, tmp_path):
    """Three depots, built once, with what builds them again and gives the pages made anew."""
    workspace = organisations.depots(tmp_path / "org")
    out = tmp_path / "reports"

    def build(*options, before="", code=0):
        made = {path.name: path.stat().st_mtime_ns for path in (out / "2025-03").glob("*.html")}
        arguments = ("packs", workspace, "--period", "2025-03", "--out", out, "--workers", 2)
        assert commands.run(*arguments, *options, before=before)[0] == code
        now = {path.name: path.stat().st_mtime_ns for path in (out / "2025-03").glob("*.html")}
        return {name for name in now if now[name] != made.get(name)}

    build()
    return workspace, out / "2025-03", build


LATER = """
import datetime, types, kpi_analysis.commands.packs
kpi_analysis.commands.packs.date = types.SimpleNamespace(today=lambda: datetime.date(2030, 1, 1))
"""


def test_nothing_changed_nothing_built(built):
    _, folder, build = built
    run = (folder / "run.json").read_bytes()
    assert build() == build(before=LATER) == build("--retry") == set()
    assert build("--team", "alpha") == set()
    assert (folder / "run.json").read_bytes() == run


@pytest.mark.slow
def test_some_teams_twice(built):
    """A month that has only some of its packs: what is asked for is there, and so is the index."""
    _, folder, build = built
    shutil.rmtree(folder)
    assert build("--team", "alpha") == {"alpha.html", "index.html", "walk.html"}
    assert json.loads((folder / "run.json").read_text())["finished"] is False
    assert build("--team", "alpha") == set()
    assert build("--team", "beta") == {"beta.html", "index.html", "walk.html"}
    assert build() >= {"gamma.html", "index.html"}
    assert json.loads((folder / "run.json").read_text())["finished"] is True


@pytest.mark.slow
def test_what_is_gone_is_made_again(built):
    _, folder, build = built
    (folder / "beta.html").unlink()
    assert build("--retry") >= {"beta.html"}
    assert build() == set()
    (folder / "run.json").write_text("{")
    assert build() >= {"alpha.html", "beta.html", "gamma.html"}
    (folder / "index.html").unlink()
    assert build() >= {"index.html"}
    assert build("--force") >= {"alpha.html", "beta.html", "gamma.html"}
    assert build("--force", "--team", "gamma") & {"alpha.html", "gamma.html"} == {"gamma.html"}


@pytest.mark.slow
def test_a_team_that_is_named_leaves_the_others(built):
    workspace, folder, build = built
    for team in ("alpha", "beta"):
        file = workspace / "values" / f"{team}.csv"
        file.write_text(file.read_text().replace("2023-01,", "2023-01,1"))
    changed = build("--team", "alpha")
    assert "alpha.html" in changed
    assert "beta.html" not in changed
    packs = json.loads((folder / "run.json").read_text())["packs"]
    assert [one["status"] for one in packs] == ["built", "built", "unchanged"]
    assert build() >= {"beta.html"}


def test_a_ledger_does_not_change_what_it_was_made_of(built):
    """What a month publishes is no news to the same month."""
    workspace, _, build = built
    with (workspace / "kpi.yml").open("a") as settings:
        settings.write("ledger: yes\n")
    assert build() >= {"alpha.html", "beta.html", "gamma.html"}
    told = (workspace / "published.csv").read_bytes()
    assert told.count(b"\n") == 1 + 3 * 27  # the head, and every value of every page
    assert build() == set()
    assert (workspace / "published.csv").read_bytes() == told
    assert build("--force") >= {"alpha.html", "beta.html", "gamma.html"}
    assert (workspace / "published.csv").read_bytes() == told


@pytest.mark.slow
def test_the_ledger_tells_only_of_pages_that_were_made_anew(built):
    """A run over one team leaves the others' pages as they are: so does what is published."""
    workspace, _, build = built
    with (workspace / "kpi.yml").open("a") as settings:
        settings.write("ledger: yes\n")
    build()
    for team in ("alpha", "beta"):
        file = workspace / "values" / f"{team}.csv"
        file.write_text(file.read_text().replace(",2025-02,", ",2025-02,9"))
    told = (workspace / "published.csv").read_text()
    build("--team", "alpha")
    added = (workspace / "published.csv").read_text().removeprefix(told)
    assert [line.split(",")[1] for line in added.splitlines()] == ["alpha"]


@pytest.mark.slow
def test_another_notebook_makes_new_pages(built, tmp_path):
    _, folder, build = built
    notebooks = shutil.copytree(NOTEBOOKS / "packs", tmp_path / "notebooks" / "packs").parent
    book = nbformat.read(notebooks / "packs" / "team_pack.ipynb", 4)
    book.cells.append(nbformat.v4.new_code_cell("'a new last cell'"))
    nbformat.write(book, notebooks / "packs" / "team_pack.ipynb")
    use = f"month.NOTEBOOKS = Path({str(notebooks)!r})"
    assert build(before=use) >= {"alpha.html", "beta.html", "gamma.html"}
    assert "a new last cell" in (folder / "alpha.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_page_of_a_team_that_is_gone_goes_with_a_whole_run(built):
    workspace, folder, build = built
    values = workspace / "values" / "gamma.csv"
    values.rename(workspace / "gamma.csv")
    build("--team", "alpha")
    assert (folder / "gamma.html").exists()
    packs = {one["team"]: one for one in json.loads((folder / "run.json").read_text())["packs"]}
    assert packs["gamma"]["status"] == "left"
    assert "gamma" not in (folder / "index.html").read_text(encoding="utf-8")
    (workspace / "values" / "faulty.csv").write_text("no columns of ours\n1\n")
    build(code=1)
    assert (folder / "gamma.html").exists()  # its values may only be unreadable
    (workspace / "values" / "faulty.csv").unlink()
    build()
    assert not list(folder.rglob("gamma*"))
    packs = json.loads((folder / "run.json").read_text())["packs"]
    assert [one["team"] for one in packs] == ["alpha", "beta"]
    assert build() == set()
