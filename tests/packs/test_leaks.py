"""What is a team's alone stays in its own page, and the index says what the packs say."""

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import kpi_analysis as kpi
from kpi_analysis.packs.index import Issue, entries, index_page, walk_page
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.packs.shared import review_month
from kpi_analysis.review.leaders import leader_views

AT = kpi.Period.parse("2025-03")
SECRET = "Percentage of zephyr parcels, by month"


def write(root, series, audience="leaders"):
    """Write two teams of two measures each; the second measure has the audience."""
    (root / "measures").mkdir(exist_ok=True)
    (root / "values").mkdir(exist_ok=True)
    (root / "kpi.yml").write_text("name: Two depots\n")
    for name, who in (("late", "leaders"), ("zephyr", audience)):
        definition = {
            "id": name, "status": "trial", "name": f"Percentage of {name} parcels, by month",
            "result": f"No {name} parcel", "unit": "%", "better": "lower", "frequency": "month",
            "calculation": {"statistic": "mean"}, "evidence": ["x"], "audience": who,
            "data": {"collected_by": "depot"}, "target": 12,
        }  # fmt: skip
        (root / "measures" / f"{name}.yml").write_text(yaml.safe_dump(definition))
    lines = ["team,measure,period,value"]
    for (team, measure), values in series.items():
        first = AT.previous(len(values) - 1)
        lines += [f"{team},{measure},{first.shift(n)},{v}" for n, v in enumerate(values)]
    (root / "values" / "all.csv").write_text("\n".join(lines) + "\n")
    (root / "actions.csv").write_text(
        "measure,team,opened,countermeasure,escalated_on\n"
        "zephyr,north,2025-01-02,zephyr van,2025-01-03\n"
    )
    (root / "results.yml").write_text(
        "results:\n"
        "  - {id: R, level: organisation, result: Parcels arrive, measures: [late, zephyr]}\n"
    )
    return root


CALM = [10, 12, 9, 13] * 6
SERIES = {
    (team, measure): [*CALM, 20] for team in ("north", "south") for measure in ("late", "zephyr")
}


def issue(root):
    month = review_month(root, AT, None)
    found = entries(month, {"north": "north", "south": "south"})
    return month, Issue.of(month, (entry for entry, _ in found), "")


@pytest.mark.parametrize("audience", ["team", "leaders"])
def test_a_measure_of_the_team_alone_is_in_no_index_and_on_no_walk_sheet(tmp_path, audience):
    month, made = issue(write(tmp_path, SERIES, audience))
    for page in (index_page(made, {}), walk_page(made)):
        assert ("zephyr" in page) is (audience != "team")
    pack = TeamPack(month.workspace, month.reviews["north"], None, "")
    assert SECRET in pack.board.markup


def test_one_teams_pack_never_shows_another_teams_own_measure(tmp_path):
    series = {key: values for key, values in SERIES.items() if key != ("south", "zephyr")}
    month, _ = issue(write(tmp_path, series, "team"))
    pack = TeamPack(month.workspace, month.reviews["south"], None, "")
    pages = (pack.board, pack.changed, pack.details, pack.followed, pack.map, pack.learning,
             pack.trust, pack.ours)  # fmt: skip
    assert not [page.text for page in pages if "zephyr" in page.markup]


@pytest.mark.parametrize("audience", ["team", "leaders"])
def test_the_pages_about_all_teams_hold_no_measure_of_a_team_alone(tmp_path, audience):
    root = write(tmp_path, SERIES, audience)
    learning, health = (make(root, "2025-03") for make in (kpi.benchmark_page, kpi.health_page))
    shown = learning.head.markup + learning.measures.markup + learning.reading.markup
    assert ("zephyr" in shown) is (audience != "team")
    on_map = kpi.results_map_page(root, "2025-03")
    every = on_map.head.markup + on_map.map.markup + on_map.reading.markup
    assert ("zephyr" in every.replace("No zephyr parcel", "")) is (audience != "team")
    assert ("a measure that stays with the team" in every) is (audience == "team")
    said = health.indicators.markup + health.questions.markup
    assert "zephyr" not in said  # it names no measure at all
    # one of two measures, or two of two, are counted: both of both teams have a value
    both = "4 of 4" if audience != "team" else "2 of 2"
    assert health.health["O3"].told.startswith(both)


def words_of(page):
    text = re.sub(r'<span class="kpi-badge".*?</span>|<svg.*?</svg>', " ", page.markup, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def counted(line):
    """Give what a line like "Winning 3, steady 1, losing 0" counts, noughts left out."""
    found = re.findall(r"([A-Za-z ]+?) (\d+)", line.partition(".")[0])
    return {name.strip().lower(): int(n) for name, n in found if int(n)}


values = st.lists(st.integers(5, 25).map(float), min_size=8, max_size=30)


@settings(max_examples=15)
@given(st.fixed_dictionaries(dict.fromkeys(SERIES, values)))
def test_the_index_says_what_the_packs_say(tmp_path_factory, series):
    root = write(tmp_path_factory.mktemp("org"), series)
    month, made = issue(root)
    index = index_page(made, {})
    views = leader_views(month.workspace, month.reviews.values())
    for entry, view in zip(made.entries, sorted(views, key=lambda one: one.order), strict=True):
        row = entry.row
        board = words_of(TeamPack(month.workspace, month.reviews[view.review.id], None, "").board)
        said = re.search(r"Winning \d[^.]*\.", board)[0]
        assert counted(row.headline) == counted(said)
        for one in (*row.waiting, *row.thanks):
            detail = " ".join(one.detail.split())  # as the board's words are: without fixed spaces
            assert detail.lower() in board.lower()
        for one in view.review.measures:
            if one.unanswered_red:
                assert one.verdict.label in index
        owed = [one for one in view.review.for_leaders if one.answer.response == "owed"]
        assert len(owed) == entry.owed
        assert f"owed: {len(owed)}" in view.review.headline
    total = sum(entry.owed for entry in made.entries)
    assert (f"{total} response" in index) is bool(total)
    assert "1 action waiting for a leader." in index
