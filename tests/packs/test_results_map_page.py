"""The page of the results map: all teams' verdicts, ways to the teams; none without a map."""

import json
import re
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.packs.shared import held, ready_to_hold, reviewed
from kpi_analysis.review.reviews import Reviews

ROOT = Path(__file__).resolve().parents[2]
RESULTS = """\
results:
  - {id: R-top, level: organisation, result: "Parcels <b>arrive</b>", measures: [late]}
  - {id: R-low, level: team, result: Vans start, parent: R-top}
"""


def parts(page):
    return page.head.markup, page.map.markup, page.reading.markup


@pytest.fixture
def depots(organisations, tmp_path):
    return organisations.depots(tmp_path / "org")


@pytest.fixture
def build(commands, depots):
    """Build March; give its folder, and what became of each page about all teams."""

    def run():
        out = depots.parent / "out"
        code, words = commands.run("packs", depots, "--period", "2025-03", "--out", out)
        told = json.loads((out / "2025-03" / "run.json").read_text(encoding="utf-8"))
        assert told["finished"], (code, words)
        return out / "2025-03", {one["page"]: one["status"] for one in told["pages"]}

    return run


def test_every_verdict_that_leaders_may_read_is_on_the_map_of_the_demo():
    page = kpi.results_map_page(ROOT / "data" / "demo", "2025-03", "2025-04-08")
    text = "".join(parts(page))
    listed = re.sub("<[^>]+>", " ", text[text.index('class="kpi-map-list"') :])
    words = " ".join(listed.split())
    on_map = kpi.open(ROOT / "data" / "demo")
    reviews = kpi.review_teams(on_map, kpi.Period.parse("2025-03"))
    said = [(one, team.name) for team in reviews.values() for one in team.for_leaders]
    assert len(said) > 20
    for one, team in said:
        assert re.search(rf"{re.escape(one.name)}.*?{re.escape(one.verdict.label)} {team}", words)
    secret = [one.measure.name for team in reviews.values() for one in team.measures
              if one not in team.for_leaders]  # fmt: skip
    assert secret
    assert not [name for name in secret if name in text]
    assert page.answer == "24 results, each shown by a measure or by the results below it."
    assert "Made on 2025-04-08" in text
    assert not re.search(r"\bscored?\b|\btotal\b|%", re.sub("no score|Percentage", "", words))


def test_the_ways_to_the_teams_lead_to_their_rows_of_the_index(depots, build):
    (depots / "values" / "alpha.csv").rename(depots / "values" / "first.csv")
    values = depots / "values" / "first.csv"
    values.write_text(values.read_text().replace("alpha,", "results_map,"))
    (depots / "results.yml").write_text(RESULTS)
    folder, pages = build()
    assert pages["results_map.html"] == "built"
    page = (folder / "results_map.html").read_text(encoding="utf-8")
    assert "<title>From goals to measures: March 2025</title>" in page
    index = (folder / "index.html").read_text(encoding="utf-8")
    ways = re.findall(r'href="index\.html#([^"]+)"', page)
    assert len(ways) == 3
    assert all(f'id="{way}"' in index for way in ways)  # also of a team that is called as the page
    assert '<a href="results_map.html">From goals to measures</a>' in index
    assert "Parcels <b>arrive" not in page
    assert "2 results; 1 of them without a measure yet." in page


def test_it_comes_and_goes_with_results_yml_and_stays_when_nothing_changed(depots, build):
    folder, pages = build()
    assert "results_map.html" not in pages
    assert "results_map" not in (folder / "index.html").read_text(encoding="utf-8")
    assert not list(folder.rglob("results_map*"))
    (depots / "results.yml").write_text(RESULTS)
    assert build()[1]["results_map.html"] == "built"
    made = (folder / "results_map.html").stat().st_mtime_ns
    plan = kpi.Plan(workspace=depots, period=kpi.Period.parse("2025-03"), out=folder.parent)
    again = {one.page: one.status for one in kpi.build_month(plan).pages}
    assert again["results_map.html"] == "unchanged"
    assert (folder / "results_map.html").stat().st_mtime_ns == made
    (depots / "results.yml").unlink()
    assert "results_map.html" not in build()[1]
    assert not list(folder.rglob("results_map*"))
    assert "results_map" not in (folder / "index.html").read_text(encoding="utf-8")


def test_a_map_that_cannot_be_read_is_one_line(depots, build):
    (depots / "results.yml").write_text("results: [{id: R-top, level: nowhere}]\n")
    page = kpi.results_map_page(depots, "2025-03")
    assert page.answer == "No map: results.yml cannot be read. Where and why, the index says."
    assert page.answer in page.head.markup
    assert not page.map.markup.strip()
    assert not page.reading.markup.strip()
    folder, pages = build()
    assert pages["results_map.html"] == "built"
    assert "results.yml" in (folder / "index.html").read_text(encoding="utf-8")


def test_the_ways_to_the_teams_need_no_review(depots, monkeypatch):
    (depots / "results.yml").write_text("results: [{id: R-top, level: nowhere}]\n")
    (depots / "kpi.yml").write_text("name: x\nteams: {gamma: {}, alpha: Alpha depot, 'x y': {}}\n")
    monkeypatch.setattr(Reviews, "in_turn", None)
    names = [name for name, _ in kpi.results_map_page(depots, "2025-03").teams]
    assert names == ["gamma", "Alpha depot", "x y"]


def test_it_says_the_same_from_a_month_that_is_held():
    demo, at = ROOT / "data" / "demo", kpi.Period.parse("2025-03")
    alone = parts(kpi.results_map_page(demo, "2025-03"))
    month = reviewed(kpi.open(demo), at)
    with held(ready_to_hold(month, month.reviews.values())):
        assert parts(kpi.results_map_page(demo, "2025-03")) == alone


def test_of_many_teams_the_ways_are_folded(organisations, tmp_path):
    root = organisations.organisation(tmp_path / "many", 24, 1)
    (root / "results.yml").write_text(RESULTS.replace("late", "m0"))
    page = kpi.results_map_page(root, "2025-03")
    assert "<summary>To a team</summary>" in page.head.markup
    assert page.head.markup.count("index.html#at-") == 24
    assert re.search(r"\d+ teams", page.map.markup)
