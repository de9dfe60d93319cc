"""A page about all teams: any notebook beside the team's makes one, under the same rules."""

from __future__ import annotations

import json
import re
import shutil

import nbformat
import pytest

from kpi_analysis.packs.notebooks import NOTEBOOKS

PARAMETERS = 'workspace = ""\nperiod = ""\nmade_on = ""'
SHOWS = "import kpi_analysis as kpi\nsorted(kpi.open(workspace).teams), period"


@pytest.fixture
def month(organisations, commands, tmp_path):
    """Three depots, with what writes a notebook about all, and what builds March."""
    workspace = organisations.depots(tmp_path / "org")
    notebooks = tmp_path / "notebooks"
    (notebooks / "packs").mkdir(parents=True)
    shutil.copy(NOTEBOOKS / "packs" / "team_pack.ipynb", notebooks / "packs")

    def write(name="over_all", source=SHOWS, parameters=PARAMETERS):
        book = nbformat.v4.new_notebook(metadata={"title": "All <depots>"})
        first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        book.cells = [first, nbformat.v4.new_code_cell(source)]
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
        nbformat.write(book, notebooks / "packs" / f"{name}.ipynb")
        return notebooks / "packs" / f"{name}.ipynb"

    def build(*options):
        use = f"month.NOTEBOOKS = Path({str(notebooks)!r})"
        where = ("--period", "2025-03", "--out", tmp_path / "reports", "--workers", 2)
        return commands.run("packs", workspace, *where, *options, before=use)

    return write, build, tmp_path / "reports" / "2025-03"


def pages(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return {one["page"]: one["status"] for one in run["pages"]}


def index(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


def test_a_page_is_built_linked_told_and_left_when_unchanged(month):
    write, build, folder = month
    write()
    code, words = build()
    assert (code, words.splitlines()[-1].startswith("3 of 3 packs:")) == (0, True)
    page = (folder / "over_all.html").read_text(encoding="utf-8")
    assert "[&#39;alpha&#39;, &#39;beta&#39;, &#39;gamma&#39;]" in page
    assert "<title>All &lt;depots&gt;: March 2025</title>" in page
    assert '<a href="over_all.html">All &lt;depots&gt;</a>' in index(folder)
    assert (folder / "notebooks" / "over_all.ipynb").is_file()
    assert pages(folder) == {"over_all.html": "built"}
    assert build() == (0, f"3 of 3 packs (3 unchanged): {folder / 'index.html'}\n")
    write(source=SHOWS + "\n'again'")
    made = (folder / "alpha.html").stat().st_mtime_ns
    assert build()[0] == 0
    assert "again" in (folder / "over_all.html").read_text(encoding="utf-8")
    assert (folder / "alpha.html").stat().st_mtime_ns == made


def test_a_failure_costs_no_pack_and_an_older_page_stays(month):
    write, build, folder = month
    write()
    build()
    older = (folder / "over_all.html").read_bytes()
    write(source="1 / 0")
    write("second", source="1 / 0")
    code, words = build()
    assert code == 1
    reason = "cell 3: ZeroDivisionError: division by zero"
    assert f"no page second: {reason}\n" in words
    assert f"no new page over_all: {reason}; the page of an earlier run is still there\n" in words
    assert (folder / "over_all.html").read_bytes() == older
    assert not (folder / "second.html").exists()
    said = re.sub("<[^>]+>", "", index(folder))
    assert f"No page: {reason}" in said
    assert f"No new page: {reason}. This is the page of an earlier run." in said
    assert (folder / "failed" / "second.ipynb").is_file()
    assert build("--team", "alpha")[0] == 0  # asked for a team: the pages are not its matter
    for name in ("over_all", "second"):
        write(name)
    assert build("--retry")[0] == 0
    assert pages(folder) == {"over_all.html": "built", "second.html": "built"}
    assert not (folder / "failed").exists()


def test_a_page_goes_with_its_notebook(month):
    write, build, folder = month
    notebook = write()
    build()
    notebook.unlink()
    build("--team", "alpha")
    assert pages(folder) == {"over_all.html": "left"}
    assert build()[0] == 0
    assert not list(folder.rglob("over_all*"))
    assert pages(folder) == {}


def test_a_team_of_the_same_name_keeps_its_own_page(month):
    write, build, folder = month
    write("alpha")
    assert build()[0] == 0
    assert "&#39;gamma&#39;" in (folder / "alpha.html").read_text(encoding="utf-8")
    (own,) = folder.glob("alpha-*.html")
    assert "gamma" not in own.read_text(encoding="utf-8")


def test_parameters_are_checked_before_anything_is_built(month):
    write, build, folder = month
    write(parameters=PARAMETERS + '\nteam = ""')
    code, words = build()
    assert (code, words) == (2, "over_all.ipynb needs team: mend its parameters cell\n")
    assert not list(folder.glob("*.html"))
