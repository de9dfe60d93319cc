"""The page of what teams could learn from each other, and the part in a team's own pack."""

import csv
import gc
import json
import pickle
import random
import re
import weakref
from dataclasses import replace

import pytest

import kpi_analysis as kpi
from kpi_analysis.packs.benchlearning import benchmark_page, team_part
from kpi_analysis.packs.benchlearning_parts import MOST_PAIRS
from kpi_analysis.packs.benchlearning_tiles import small_charts
from kpi_analysis.packs.fingerprint import fingerprints
from kpi_analysis.packs.pages import team_pack
from kpi_analysis.packs.shared import held, hold, ready_to_hold, review_month, reviewed
from kpi_analysis.review.benchlearning import comparisons

AT = kpi.Period.parse("2025-03")
TEAMS = 12


def organisation(root, *, who="team", name="Depot {}", action="evening routes"):
    """Write twelve teams that share a measure, and one measure of the audience `who`."""
    noise = random.Random(7)
    (root / "measures").mkdir(parents=True)
    (root / "values").mkdir()
    teams = {f"d{n:02}": {"name": name.format(n)} for n in range(TEAMS)}
    (root / "kpi.yml").write_text(json.dumps({"name": "Depots", "teams": teams}))
    for measure, audience in (("late", "leaders"), ("zephyr", who)):
        definition = {
            "id": measure, "status": "trial", "name": f"Percentage of {measure} parcels, by month",
            "result": f"No {measure} parcel", "unit": "%", "better": "lower", "frequency": "month",
            "calculation": {"statistic": "percentage", "denominator": "parcels"},
            "evidence": ["x"], "audience": audience, "data": {"collected_by": "depot"},
            "target": {"value": 20},
        }  # fmt: skip
        (root / "measures" / f"{measure}.yml").write_text(json.dumps(definition))
        with (root / "values" / f"{measure}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["team", "measure", "period", "numerator", "denominator"])
            for n, team in enumerate(teams):
                size, level = 300 + 50 * n, 5 if n == 4 else 30
                for back in range(35, -1, -1):
                    above = round(size * (level + noise.uniform(-2, 2)) / 100)
                    rows.writerow([team, measure, AT.previous(back), above, size])
    (root / "actions.csv").write_text(
        f"team,measure,opened,countermeasure\nd04,late,2024-03-01,{action}\n"
        "d04,zephyr,2024-03-01,zephyr van\n"
    )
    (root / "reviews.csv").write_text(
        "date,team,kind,decisions,visited,measure\n"
        "2024-12-03,d05,learning_visit,try evening routes,d04,late\n"
        "2024-12-04,d06,learning_visit,zephyr talk,d04,zephyr\n"
    )
    return root


def parts(page):
    return page.head.markup + page.measures.markup + page.reading.markup


def ready(root):
    month = reviewed(kpi.open(root), AT)
    return ready_to_hold(month, month.reviews.values())


def part_of(root, team):
    month = review_month(root, AT, None)
    found = comparisons(month.workspace, month.reviews.values())
    return team_part(found, team, month.reviews[team].name, AT).markup


@pytest.fixture(scope="module")
def depots(tmp_path_factory):
    return organisation(tmp_path_factory.mktemp("org") / "ws")


def test_the_page_says_who_could_ask_whom_what_differs_and_who_went(depots):
    page = benchmark_page(depots, "2025-03", "2025-04-08")
    text = parts(page)
    assert page.answer == "11 teams have a reason to ask; 1 process is predictably better."
    assert "<b>Depot 4</b> is predictably better here." in text
    assert "1 March 2024, action: evening routes" in text
    assert "Depot 5 went to see Depot 4; to try: try evening routes. Chart since: " in text
    assert f"{11 - MOST_PAIRS} more pairs, less alike in size" in text
    assert "Dispersion" in text
    assert "Made on 2025-04-08" in text
    assert text.count('class="kpi-chart kpi-spark"') == TEAMS
    assert not [word for word in ("league", "score", "best", "worst", "caused by") if word in text]


def test_small_charts_share_one_scale_and_say_whose_they_are(depots):
    shown = benchmark_page(depots, "2025-03").shown[0]
    assert [tile.name for tile in shown.tiles] == [f"Depot {n}" for n in range(TEAMS)]
    assert all(f'aria-label="{tile.name}, last 24 periods: ' in tile.chart for tile in shown.tiles)
    better = next(tile for tile in shown.tiles if tile.name == "Depot 4")
    assert better.figures.endswith(" of 6,000; outside 99.8 %, below")


@pytest.mark.parametrize("who", ["team", "leaders"])
def test_a_measure_of_the_team_alone_is_on_no_page_of_others(tmp_path, who):
    root = organisation(tmp_path / "ws", who=who)
    text = parts(benchmark_page(root, "2025-03")) + part_of(root, "d05")
    assert ("zephyr" in text) is (who != "team")


def test_the_own_part_names_the_team_and_shows_its_own_pairs_and_visits(depots):
    asks, asked = part_of(depots, "d05"), part_of(depots, "d04")
    assert "<b>Depot 4</b> is predictably better here." in asks
    assert ">Depot 5</text>" in asks
    assert "Depot 5 went to see Depot 4" in asks
    assert "reason to ask us" not in asks
    assert "<b>11 teams have a reason to ask us:</b>" in asked
    assert "is predictably better here" not in asked
    assert "Depot 5 went to see Depot 4" in asked
    assert "went to see" not in part_of(depots, "d07")


def test_what_people_type_is_shown_as_typed(tmp_path):
    harm = "<img src=x onerror=alert(1)>"
    root = organisation(tmp_path / "ws", name=harm + " {}", action=harm)
    text = parts(benchmark_page(root, "2025-03")) + part_of(root, "d05")
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_where_nothing_is_shared_the_page_says_so_and_the_pack_has_no_part(tmp_path, organisations):
    root = organisations.depots(tmp_path / "one", {"alpha": 10})
    page = benchmark_page(root, "2025-03")
    assert page.answer.startswith("No measure that leaves its team is counted by two teams")
    assert "How to read this page" in parts(page)
    assert part_of(root, "alpha") == ""


def test_three_teams_without_counts_have_charts_and_no_funnel(tmp_path, organisations):
    root = organisations.depots(tmp_path / "three")
    text = parts(benchmark_page(root, "2025-03"))
    assert "No funnel: 0 teams with counts, and it takes at least 5." in text
    assert "Without a funnel nobody is pointed to anybody" in text
    assert text.count('class="kpi-chart kpi-spark"') == 3


class LookedUp(dict):
    """Facts by team, of which those of one team may be looked up and no others gone over."""

    def __iter__(self):
        raise AssertionError("all teams are gone over")

    keys = values = items = __iter__


def test_a_pack_looks_up_its_own_team_and_goes_over_no_others(depots):
    month = review_month(depots, AT, None)
    (found,) = comparisons(month.workspace, month.reviews.values())
    by_team = {name: LookedUp(getattr(found, name)) for name in ("asks", "asked", "visits_of")}
    only = replace(found, **by_team)
    for team in ("d04", "d05", "d07"):
        assert team_part([only], team, "", AT).markup == team_part([found], team, "", AT).markup
    with pytest.raises(AssertionError, match="all teams are gone over"):
        _ = only.pairs


def test_what_is_laid_together_says_the_same_when_it_was_sent_elsewhere(depots):
    here = parts(benchmark_page(depots, "2025-03"))
    month = ready(depots)
    with held(month):
        own = {team: team_pack(depots, team, "2025-03").learning.markup for team in month.reviews}
        hold(pickle.loads(pickle.dumps(month)))  # noqa: S301 our own
        assert parts(benchmark_page(depots, "2025-03")) == here
        assert own == {
            team: team_pack(depots, team, "2025-03").learning.markup for team in month.reviews
        }


def test_small_charts_ask_for_each_team_once_and_keep_no_review(tmp_path):
    month = review_month(organisation(tmp_path / "ws", who="leaders"), AT, None)
    found = comparisons(month.workspace, month.reviews.values())
    asked = []

    class OneByOne(LookedUp):
        def __getitem__(self, team):
            review = month.reviews[team]
            asked.append((team, weakref.ref(review)))
            return review

    drawn = small_charts([(one, [*one.teams][n:]) for n, one in enumerate(found)], OneByOne())
    assert [team for team, _ in asked] == list(month.workspace.teams)
    assert [len(each) for each in drawn] == [TEAMS, TEAMS - 1]
    gc.collect()
    assert [team for team, review in asked if review() is not None] == []


def test_of_many_teams_those_spoken_of_keep_their_chart(depots, monkeypatch):
    monkeypatch.setattr("kpi_analysis.packs.benchlearning.MOST_CHARTS", 10)
    monkeypatch.setattr("kpi_analysis.packs.benchlearning.LEAST_CHARTS", 10)
    shown = benchmark_page(depots, "2025-03").shown[0]
    assert len(shown.tiles) == 10
    assert shown.without_chart == 2
    assert "Depot 4" in [tile.name for tile in shown.tiles]


CHANGES = {
    "another team's value": ("values/late.csv", "d07,late,2025-03,", "d07,late,2025-03,1"),
    "another team's action": ("actions.csv", "evening routes", "morning routes"),
    "another team's visit": ("reviews.csv", "d05,learning_visit", "d08,learning_visit"),
    "another team's name": ("kpi.yml", "Depot 9", "Depot IX"),
    "another team's fault": ("values/late.csv", "d07,late,2024-05,", "d07,late,2024-05,x"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_funnel_shows_of_others_is_in_the_fingerprint_of_every_pack(tmp_path, what):
    file, old, new = CHANGES[what]
    root = organisation(tmp_path / "ws")
    before = fingerprints(kpi.open(root), AT, b"", {})
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new, 1))
    after = fingerprints(kpi.open(root), AT, b"", {})
    assert all(before.packs[team] != after.packs[team] for team in before.packs)


def test_what_no_funnel_shows_makes_nobody_elses_pack_anew(tmp_path):
    root = organisation(tmp_path / "ws")
    before = fingerprints(kpi.open(root), AT, b"", {})
    text = (root / "values" / "zephyr.csv").read_text()
    changed = re.sub(r"(?<=d07,zephyr,2025-03,)\d+", "150", text)
    (root / "values" / "zephyr.csv").write_text(changed)
    after = fingerprints(kpi.open(root), AT, b"", {})
    assert [team for team in before.packs if before.packs[team] != after.packs[team]] == ["d07"]


def test_a_pack_shows_the_same_whether_its_month_is_held_or_not(depots):
    alone = team_pack(depots, "d05", "2025-03").learning.markup
    assert "is predictably better here" in alone
    with held(ready(depots)):
        assert team_pack(depots, "d05", "2025-03").learning.markup == alone


def test_a_pack_draws_few_funnels_and_points_to_the_page_for_the_others(tmp_path, monkeypatch):
    root = organisation(tmp_path / "ws", who="leaders")
    both = part_of(root, "d05")
    monkeypatch.setattr("kpi_analysis.packs.benchlearning.MOST_FUNNELS", 1)
    one = part_of(root, "d05")
    assert (both.count("kpi-chart kpi-wide"), one.count("kpi-chart kpi-wide")) == (2, 1)
    assert "The funnel stands on the" in one
    assert one.count("<p>Dispersion") == 2
