"""ws, ws[team] and ws[team, measure]: what they show, complete and suggest."""

import re
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
