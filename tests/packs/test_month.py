"""A month of packs: every page carries its own team's numbers, and a failure costs one pack."""

import json
import os
import re
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.errors import PackError
from kpi_analysis.packs import making, publish
from kpi_analysis.packs.build import build_pack, check_parameters
from kpi_analysis.packs.jobs import PackJob
from kpi_analysis.packs.made_of import made_of
from kpi_analysis.packs.notebooks import NOTEBOOKS, pages_about_all
from kpi_analysis.review import wording

MARCH = kpi.Period.parse("2025-03")
LEVELS = {"alpha": 10, "beta": 50, "gamma": 30}
ABOUT_ALL = set(pages_about_all()) - {"results_map"}  # the depots have no results.yml


@pytest.fixture
def workspace(organisations, tmp_path):
    return organisations.depots(tmp_path / "org")


@pytest.fixture(scope="module")
def built(organisations, tmp_path_factory):
    """One month, built once; the tests that ask for it only read."""
    workspace = organisations.depots(tmp_path_factory.mktemp("built") / "org")
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    run = kpi.build_month(plan(workspace))
    after = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert before == after, "nothing is written into the workspace"
    return run


def plan(workspace, **options):
    out = workspace.parent / "reports"
    return kpi.Plan(workspace=workspace, period=MARCH, out=out, **options)


def text_of(page):
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.S))


def manifest(run):
    return json.loads((run.folder / "run.json").read_text(encoding="utf-8"))


def test_a_page_a_team_its_notebook_the_index_and_the_manifest(built):
    files = {str(path.relative_to(built.folder)) for path in built.folder.rglob("*.*")}
    names = {*LEVELS, *ABOUT_ALL}
    pages = {f"{name}.html" for name in names} | {f"notebooks/{name}.ipynb" for name in names}
    assert files == pages | {"index.html", "walk.html", "run.json"}
    assert [one["status"] for one in manifest(built)["packs"]] == ["built"] * 3
    assert sorted(path.name for path in built.folder.parent.iterdir()) == ["2025-03"]


def test_every_page_carries_its_own_teams_numbers(built, workspace):
    reviews = kpi.review_teams(kpi.open(workspace), MARCH)
    for team, review in reviews.items():
        page = text_of((built.folder / f"{team}.html").read_text(encoding="utf-8"))
        (measure,) = review.measures
        assert review.headline in page
        assert wording.detail(measure) in page
        assert f"{measure.value:.0f}\u00a0%" in page
        for other in set(LEVELS) - {team}:
            assert other not in page


def test_every_number_of_every_team_is_in_its_own_page(organisations, commands, tmp_path):
    """Twelve teams of three measures: 36 series, each of its own level."""
    workspace = organisations.organisation(tmp_path / "org", 12, measures=3)
    out = tmp_path / "reports"
    arguments = ("packs", workspace, "--period", "2025-03", "--out", out, "--workers", 2)
    code, words = commands.run(*arguments)
    assert code == 0, words
    reviews = kpi.review_teams(kpi.open(workspace), MARCH)
    figures = {team: {one.figures for one in made_of(r.measures)} for team, r in reviews.items()}
    every = set().union(*figures.values())
    assert len(every) == 36
    for team, review in reviews.items():
        page = text_of((out / "2025-03" / f"{team}.html").read_text(encoding="utf-8"))
        assert {digest for digest in every if digest in page} == figures[team]
        assert review.headline in page
        for one in review.measures:
            assert f"{one.value:.1f}\u00a0%" in page
            assert wording.detail(one) in page


def test_the_index_puts_what_waits_first_and_says_the_same_as_the_packs(built):
    page = (built.folder / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'href="(\w+)\.html"', page)
    assert [one for one in linked if one in LEVELS] == ["beta", "alpha", "gamma"]
    assert "1 response owed, by 1 of 3 teams." in page
    assert "No response recorded" in text_of(page)


def test_a_measure_that_is_the_teams_alone_never_reaches_the_index(commands, workspace, tmp_path):
    definition = workspace / "measures" / "late.yml"
    definition.write_text(definition.read_text().replace("audience: leaders", "audience: team"))
    code, words = commands.run("packs", workspace, "--period", "2025-03", "--out", tmp_path / "out")
    assert code == 0, words
    index, beta = (
        (tmp_path / "out" / "2025-03" / name).read_text(encoding="utf-8")
        for name in ("index.html", "beta.html")
    )
    assert "Percentage of late parcels" not in index
    assert "No response is owed" in index
    assert "Percentage of late parcels" in beta


def test_parameters_are_checked_both_ways():
    notebook = NOTEBOOKS / "packs" / "team_pack.ipynb"
    right = {"workspace": "x", "team": "y", "period": "z", "made_on": ""}
    check_parameters(notebook, right)
    with pytest.raises(kpi.KpiError, match="does not take tema and needs team"):
        check_parameters(notebook, {"tema" if name == "team" else name: "" for name in right})


def test_a_failing_cell_is_one_line(workspace, tmp_path):
    notebook = NOTEBOOKS / "packs" / "team_pack.ipynb"
    given = {"workspace": str(workspace), "team": "alpa", "period": "2025-03", "made_on": ""}
    job = PackJob("alpa", "t", notebook, given, tmp_path / "a.html", tmp_path / "a.ipynb", "kernel")
    with pytest.raises(kpi.KpiError, match="team 'alpa' is not in this workspace") as caught:
        build_pack(job)
    assert "\n" not in str(caught.value)
    assert not job.page.exists()


def test_nothing_to_review_is_told_before_anything_is_written(workspace):
    with pytest.raises(kpi.KpiError, match="team 'delta' is not in this workspace"):
        kpi.build_month(plan(workspace, teams=["delta"]))
    assert not (workspace.parent / "reports").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's here")
def test_a_folder_that_cannot_be_written_is_one_line(workspace, tmp_path):
    blocked = tmp_path / "blocked"
    if os.geteuid() == 0:  # root may write anywhere: a file in the folder's place stops it too
        blocked.write_text("")
    else:
        blocked.mkdir()
        blocked.chmod(stat.S_IREAD)
    with pytest.raises(kpi.KpiError, match="cannot write to"):
        kpi.build_month(kpi.Plan(workspace=workspace, period=MARCH, out=blocked))


@pytest.mark.parametrize(
    ("teams", "names"),
    [
        (["RC9", "ward 4"], {"RC9": "RC9"}),
        (["index", "a/b", "../x", ".hidden", "<img src=x>", "Ä"], {}),
        (["north", "North"], {"North": "North"}),
    ],
)
def test_page_names_are_safe_unique_and_the_id_where_that_is_safe(teams, names):
    found = publish.page_names(teams)
    assert list(found) == sorted(teams)
    assert len({name.lower() for name in found.values()} | {"index"}) == len(teams) + 1
    for team, name in found.items():
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name)
        assert Path(f"{name}.html").name == f"{name}.html"
        if team in names:
            assert name == names[team]


def test_a_run_that_is_refused_leaves_no_folder_of_its_month(tmp_path):
    with publish.month_folder(tmp_path, "2025-03"):
        with pytest.raises(PackError, match="another run is writing"), ExitStack() as stack:
            stack.enter_context(publish.month_folder(tmp_path, "2025-04"))
        assert not (tmp_path / "2025-04").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["2025-03"]


@pytest.mark.parametrize(("teams_a_limit", "seconds"), [(3, 7.0), (2, 14.0), (1, 21.0)])
def test_the_time_limit_grows_with_the_teams(workspace, monkeypatch, teams_a_limit, seconds):
    asked = []

    def run_jobs(*_, **options):
        asked.append(options["seconds"])
        return (one for one in ())

    monkeypatch.setattr(making, "run_jobs", run_jobs)
    monkeypatch.setattr(making, "TEAMS_A_LIMIT", teams_a_limit)
    kpi.build_month(plan(workspace, seconds=7.0))
    assert asked == [seconds]
