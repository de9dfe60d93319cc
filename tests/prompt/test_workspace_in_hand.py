"""ws, ws[team] and ws[team, measure]: what they show, complete and suggest."""

import re
import shutil
from pathlib import Path

import pytest

import kpi_analysis as kpi


@pytest.fixture(scope="module")
def ws():
    return kpi.open(Path(__file__).resolve().parents[2] / "data" / "demo")


def test_it_is_still_a_workspace(ws):
    assert isinstance(ws, kpi.Workspace)
    march = kpi.Period.parse("2025-03")
    assert kpi.review_teams(ws, march, teams=["bins"])["bins"].measures
    assert len(ws.series) == 26
    assert ws.actions.rows is not None


@pytest.mark.parametrize("shown", ["__repr__", "_repr_html_"])
def test_every_team_and_measure_is_in_the_table_with_its_verdict(ws, shown):
    text = getattr(ws, shown)()
    for team, review in ws.boards.items():
        assert team in text
        for one in review.measures:
            assert one.measure.id in text
            assert one.verdict.label in text
    assert len(max(repr(ws).splitlines(), key=len)) < 140


def test_a_long_table_ends_in_words(ws, monkeypatch):
    monkeypatch.setattr("kpi_analysis.prompt.workspace.MOST_ROWS", 5)
    assert repr(ws).endswith("... and 21 more; .verdicts has all of them")
    assert ws._repr_html_().count("<tr>") == 6


def test_verdicts_are_teams_by_measures(ws):
    table = ws.verdicts
    assert table.shape == (4, 24)
    assert table.loc["packing", "packing-on-time"] == "Losing ground"
    assert table.loc["bins", "packing-on-time"] is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("elmward", "team 'elmward' is not in this workspace: did you mean 'elm-ward'?"),
        (("elm-ward", "ward-fall"), "no measure 'ward-fall' of team 'elm-ward': did you mean"),
        (("elm-ward", "bins-missed"), "no measure 'bins-missed' of team 'elm-ward': known are"),
        (("bin", "bins-missed"), "team 'bin' is not in this workspace: did you mean 'bins'?"),
    ],
)
def test_wrong_names_suggest_right_ones(ws, key, words):
    with pytest.raises(kpi.KpiError, match=re.escape(words)):
        ws[key]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda ws: ws["elm-ward", "ward-falls"].chrat(), "no 'chrat' here: did you mean 'chart'"),
        (lambda ws: ws.verdict, "no 'verdict' here: did you mean 'verdicts'"),
        (lambda ws: ws["elm-ward"].reviw, "no 'reviw' here: did you mean 'review'"),
        (lambda _: kpi.xrm, "kpi_analysis has no 'xrm': did you mean 'xmr'"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_right_one(ws, wrong, words):
    with pytest.raises(AttributeError, match=re.escape(words)):
        wrong(ws)


@pytest.mark.parametrize("key", [3, ("a", "b", "c"), None])
def test_a_key_of_another_kind_says_what_a_key_is(ws, key):
    with pytest.raises(kpi.KpiError, match=r"names nothing: write ws\[team\] or ws\[team, measure"):
        ws[key]


def test_completion_offers_what_is_there(ws):
    offered = ws._ipython_key_completions_()
    assert "elm-ward" in offered
    assert ("elm-ward", "ward-falls") in offered
    assert "ward-falls" in ws["elm-ward"]._ipython_key_completions_()
    assert {"verdicts", "boards", "series", "findings"} <= set(dir(ws))
    falls = dir(ws["elm-ward", "ward-falls"])
    assert {"chart", "points", "signals", "reading", "review"} <= set(falls)
    assert not [name for name in (*dir(ws), *falls) if name.startswith("_")]


def test_every_measure_shows_itself(ws):
    for one in ws:
        assert one.reading.sentences[0].startswith(one.verdict)
        assert "<svg" in one._repr_html_()
        assert repr(one).splitlines()[0] == one.reading.title


def test_signals_are_those_of_the_review(ws):
    view = ws["packing", "packing-on-time"]
    outside = view.signals.set_index("rule").loc["outside_limits"]
    # planted from 2024-12 to 2025-03: data/demo/truth.csv
    assert (outside["kind"], outside["first"], outside["last"]) == ("concern", "2024-12", "2025-03")
    assert len(view.signals) == len(view.judged.patterns)


def test_points_are_a_copy(ws):
    view = ws["packing", "packing-on-time"]
    mine = view.points
    mine["value"] = 0.0
    assert view.points["value"].iloc[-1] > 50


def test_an_earlier_review_knows_nothing_of_later(ws):
    view = ws["packing", "packing-on-time"].review("2024-11")
    assert view.points["period"].iloc[-1] == "2024-11"
    assert view.signals.empty
    with pytest.raises(kpi.KpiError, match="'2024-13' in the calendar"):
        view.review("2024-13")


def test_a_team_shows_its_board(ws):
    team = ws["elm-ward"]
    assert repr(team).startswith("Elm Ward, Tarnholt Hospital: Winning 3")
    assert team["ward-falls"].name.startswith("Number of falls")
    assert [one.id for one in team] == team._ipython_key_completions_()


def test_what_people_typed_is_escaped():
    hostile = "<img src=x onerror=alert(1)>"
    view = kpi.xmr([1, 2, 3, 1, 2, 3, 2], name=hostile, unit="<b>")
    for shown in (view._repr_html_(), view.reading._repr_html_(), view.finding().page):
        assert "<img" not in shown
        assert "<b>&lt;" not in shown.replace("<b>Steady", "")


def test_the_map_of_all_has_the_verdicts_of_every_team_and_a_team_s_its_own(ws):
    whole, own = ws.map.page, ws["bins"].map.page
    assert len(ws.map.scenes) > 1  # cut to sheets that can be read
    for review in ws.boards.values():
        assert review.name in whole  # beside its verdicts
    assert "you are here" in own
    assert "you are here" not in whole


def test_what_stays_with_a_team_is_on_no_map_but_its_own(demo_copy):
    path = demo_copy / "measures" / "bins-injury.yml"
    path.write_text(path.read_text().replace("audience: leaders", "audience: team"))
    workspace = kpi.open(demo_copy)
    assert workspace.measures["bins-injury"].audience == "team"
    name = "injury per 1,000"
    assert name in workspace["bins"].map.page
    assert name not in workspace.map.page
    assert name not in workspace["packing"].map.page


def test_without_a_map_the_answer_says_what_to_write(demo_copy):
    (demo_copy / "results.yml").unlink()
    with pytest.raises(kpi.KpiError, match=r"no results\.yml that can be read: list the results"):
        _ = kpi.open(demo_copy).map


@pytest.fixture
def demo_copy(tmp_path):
    return shutil.copytree(Path(__file__).resolve().parents[2] / "data" / "demo", tmp_path / "org")
