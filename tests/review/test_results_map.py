"""results.yml, definitions and reviews joined: whose verdict is where, what is not linked."""

from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.definitions.results import read_results
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.results_map import results_map

STEADY = [12, 11, 13, 12, 10, 12, 11, 13, 12, 11, 13, 12, 10, 12, 11, 13]
WORSE = [*STEADY, 30]
RESULTS = """
results:
  - {id: R-top, level: organisation, result: People get what they were promised}
  - {id: R-post, level: division, result: Post arrives, parent: R-top}
  - {id: R-whole, level: team, result: Parcels arrive whole, parent: R-post,
     measures: [broken], drivers: [drops]}
  - {id: R-time, level: team, result: Parcels arrive on time, parent: R-post}
  - {id: R-calm, level: team, result: Drivers sleep well, parent: R-post, measures: [tired]}
  - {id: R-lone, level: team, result: Vans are clean}
"""


@pytest.fixture
def joined(make):
    """Give a function that joins a workspace of two teams; `here` as `results_map` takes it."""
    make.measure(WORSE, team="alpha", id="broken")
    (make.root / "values" / "beta-broken.csv").write_text(
        (make.root / "values" / "alpha-broken.csv")
        .read_text()
        .replace("alpha", "beta")
        .replace(",30\n", ",12\n")
    )
    make.measure(STEADY, team="alpha", id="drops", better="neutral")
    make.measure(STEADY, team="beta", id="late", result_id="R-time")
    make.measure(STEADY, team="beta", id="tired", audience="team")
    make.measure(STEADY, team="beta", id="coffee")
    make.measure(STEADY, team="alpha", id="biscuits", audience="team")
    make.measure(STEADY, team="alpha", id="gone", status="retired")
    (make.root / "results.yml").write_text(RESULTS)
    (make.root / "kpi.yml").write_text("teams: {alpha: Alpha depot, beta: Beta depot}\n")

    def join(here="", teams=None):
        workspace = kpi.open(make.root)
        on_map = read_results(make.root / "results.yml", "results.yml")
        reviews = kpi.review_teams(workspace, kpi.Period.parse("2024-05"), teams=teams)
        return results_map(on_map, workspace.measures, reviews, here)

    return join


def by_id(picture):
    return {branch.id: branch for branch in picture.all()}


def test_results_hang_below_their_parents_in_the_order_of_the_file(joined):
    picture = joined()
    assert [one.id for one in picture.roots] == ["R-top", "R-lone"]
    assert [one.id for one in picture.all()] == [
        *("R-top", "R-post", "R-whole", "R-time", "R-calm", "R-lone")
    ]
    assert [picture.levels[one.level] for one in picture.all()][:3] == [
        *("organisation", "division", "team")
    ]


def test_a_map_of_all_names_every_team_with_its_own_verdict(joined):
    measure, driver = by_id(joined())["R-whole"].leaves
    assert {(said.team, said.tone) for said in measure.said} == {
        ("Alpha depot", Tone.CONCERN),
        ("Beta depot", None),
    }
    assert {said.words for said in measure.said} == {"Getting worse", "Steady"}
    assert driver.driver
    assert not measure.driver


def test_no_result_has_a_verdict_of_its_own(joined):
    fields = vars(by_id(joined())["R-post"])
    assert {"said", "verdict", "score", "tone"}.isdisjoint(fields)


def test_a_team_s_map_says_its_own_verdicts_and_where_it_is(joined):
    branches = by_id(joined("alpha"))
    measure, driver = branches["R-whole"].leaves
    assert [(said.words, said.team) for said in measure.said] == [("Getting worse", "")]
    assert measure.here
    assert driver.here
    assert [one.id for one in branches.values() if one.here] == ["R-whole"]
    assert not branches["R-time"].leaves[0].said  # beta's


def test_a_measure_that_names_its_result_hangs_there_too(joined):
    assert [leaf.name for leaf in by_id(joined())["R-time"].leaves] == [
        "Percentage of late parcels, by month"
    ]


@pytest.mark.parametrize("here", ["", "alpha", "nobody"])
def test_a_measure_of_the_team_alone_is_on_no_other_map(joined, here):
    shown = str(joined(here))
    assert "tired" not in shown
    assert "stays with the team" in shown
    assert "R-calm" not in [one.id for one in joined(here).all() if one.unmeasured]


def test_it_is_on_its_own(joined):
    (leaf,) = by_id(joined("beta"))["R-calm"].leaves
    assert leaf.name == "Percentage of tired parcels, by month"
    assert leaf.here


def test_a_team_without_a_review_sees_no_other_s_verdict(joined):
    said = [one.said for branch in joined("nobody").all() for one in branch.leaves]
    assert not any(said)


def test_orphans_of_both_kinds_are_told_in_words(joined):
    assert joined().orphans == (
        "No measure shows yet whether this is so: “Vans are clean”.",
        "It is not said which result of the organisation this serves: “Vans are clean”.",
        "This measure serves no result on the map: “Percentage of coffee parcels, by month”.",
    )
    assert by_id(joined())["R-lone"].unmeasured


def test_a_team_is_told_of_its_own_measures_only(joined):
    (own,) = [one for one in joined("alpha").orphans if "measure serves" in one]
    assert "biscuits" in own


def test_the_text_for_those_who_cannot_see_it_says_where_the_team_is(joined):
    assert joined("alpha").alt == (
        "Results map: 6 results (1 of the organisation, 1 of divisions, 4 of teams), 4 measures. "
        "Alpha depot is at: Parcels arrive whole. A list says the same."
    )
    assert joined().verdicts_of == "May 2024"


def test_measures_not_charted_say_why(make):
    make.measure(STEADY, id="broken", status="draft")
    text = RESULTS.replace("drivers: [drops]", "drivers: [unheard-of]").replace("[tired]", "[]")
    (make.root / "results.yml").write_text(text)
    workspace = kpi.open(make.root)
    on_map = read_results(make.root / "results.yml", "results.yml")
    draft, unknown = by_id(results_map(on_map, workspace.measures, {}))["R-whole"].leaves
    assert draft.note == "a draft, not charted yet"
    assert (unknown.name, unknown.note) == ("unheard-of", "no readable definition")


def test_every_verdict_of_the_demo_is_the_one_of_its_review():
    root = Path(__file__).resolve().parents[2] / "data" / "demo"
    workspace = kpi.open(root)
    reviews = kpi.review_teams(workspace, kpi.Period.parse("2025-03"))
    on_map = read_results(root / "results.yml", "results.yml")
    picture = results_map(on_map, workspace.measures, reviews)
    shown = sorted(
        (leaf.name, said.team, said.words)
        for branch in picture.all()
        for leaf in branch.leaves
        for said in leaf.said
    )
    public = [one for team in reviews.values() for one in team.for_leaders]
    expected = sorted(
        (one.measure.name, reviews[one.team].name, one.verdict.label) for one in public
    )
    assert shown == expected
    assert len(shown) > 20
    assert not picture.orphans


def test_of_many_teams_it_says_how_many_have_which_verdict(make):
    teams = [f"t{n}" for n in range(9)]
    for n, team in enumerate(teams):
        make.measure(WORSE if n < 2 else [*STEADY, 12], team=team, id="broken")
    (make.root / "results.yml").write_text(RESULTS)
    workspace = kpi.open(make.root)
    reviews = kpi.review_teams(workspace)

    def leaf(here):
        picture = results_map(workspace.results, workspace.measures, reviews, here)
        return by_id(picture)["R-whole"].leaves[0]

    assert [(one.words, one.team, one.tone) for one in leaf("").said] == [
        ("Steady", "7 teams", None),
        ("Getting worse", "2 teams", Tone.CONCERN),
    ]
    assert [one.words for one in leaf("t1").said] == ["Getting worse"]


@pytest.mark.parametrize("here", ["", "alpha", "nobody"])
def test_it_goes_over_the_reviews_once_and_keeps_none(joined, make, once, here):
    expected = joined(here)
    workspace = kpi.open(make.root)
    reviews = once(workspace, kpi.Period.parse("2024-05"))
    picture = results_map(workspace.results, workspace.measures, reviews, here)
    assert picture == expected
    assert reviews.made
    assert not reviews.kept
