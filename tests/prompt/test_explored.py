"""What the explorer asks of a measure, on the demo; and the notebook that `kpi lab` makes."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import kpi_analysis as kpi
from kpi_analysis.prompt.lab import explorer_of
from kpi_analysis.records.starter.write import write_starter

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def ws():
    return kpi.open(DEMO)


@pytest.fixture
def own(tmp_path):
    return Path(shutil.copytree(DEMO, tmp_path / "own"))


@pytest.fixture(scope="module")
def noon(ws):
    return ws["elm-ward", "ward-home-by-noon"]


@pytest.mark.parametrize(
    "key",
    [
        ("elm-ward", "ward-call-bell"),  # by day
        ("bins", "bins-missed"),  # by week, with an action
        ("bins", "bins-injury"),  # late: no value for four months
        ("packing", "packing-energy"),  # not judged
        ("repairs", "repairs-complaints"),  # restated
    ],
    ids=lambda key: key[1],
)
def test_every_look_shows_itself(ws, key):
    view = ws[key]
    looks = (view.run_chart, view.season, view.shape, view.restated, view.split, view.after)
    for look in looks:
        drawing = look()
        assert drawing.sentences
        assert all(sentence in repr(drawing) for sentence in drawing.sentences)
        assert "<p" in drawing._repr_html_()


def test_a_split_counts_what_its_charts_cost(ws):
    drawing = ws["elm-ward", "sickness"].split()
    one = kpi.false_signals("wheeler", 24)
    expected = f"{3 * one.per_period:.2f} false signals a month"
    assert drawing.sentences[0].startswith(f"3 charts: were all of them stable, expect {expected}")
    assert f"{100 * (1 - (1 - one.within_12) ** 3):.0f} % of cases" in drawing.sentences[0]
    assert len(drawing.sentences) == 4


def test_many_parts_are_counted_and_a_dozen_drawn():
    months = [f"2024-{n:02}" for n in range(1, 9)]
    values = [4.1, 6.2, 5.3, 3.4, 5.5, 6.6, 4.7, 5.8]
    parts = [pd.DataFrame({"month": months, "site": f"S{n:02}", "days": values}) for n in range(20)]
    drawing = kpi.split(pd.concat(parts), "site", "days")
    assert sum(len(scene.alt.split("XmR chart")) - 1 for scene in drawing.scenes) == 12
    assert drawing.sentences[1] == "8 more are not drawn."
    with pytest.raises(kpi.KpiError, match="no column 'sight': did you mean 'site'"):
        kpi.split(pd.concat(parts), "sight", "days")


def test_an_action_is_held_against_the_limits_from_before_it(noon):
    drawing = noon.after("A-001")
    assert "followed by a signal in the wanted direction since July 2024" in drawing.sentences[0]
    assert noon.after().sentences == drawing.sentences
    with pytest.raises(kpi.KpiError, match="no action 'A-002' on 'ward-home-by-noon': did you"):
        noon.after("A-002")


def test_a_measure_without_actions_says_so(ws):
    view = ws["elm-ward", "ward-falls"]
    assert view.actions.empty
    assert view.after().sentences[0].startswith("No action on Number of falls")


def test_limits_are_tried_without_a_trace_and_saved_when_asked(own):
    view = kpi.open(own)["elm-ward", "ward-home-by-noon"]
    before = (own / "limit_changes.csv").read_bytes()
    trial = view.try_limits(view.suggested_start, reason="medicines, ready", by="ward manager")
    assert view.suggested_start == "2024-07"  # planted then: truth.csv
    assert (own / "limit_changes.csv").read_bytes() == before
    assert trial.row == 'elm-ward,ward-home-by-noon,2024-07,"medicines, ready",,,ward manager,'
    assert trial.row in repr(trial)
    trial.save_row()
    assert (own / "limit_changes.csv").read_bytes().startswith(before)
    again = kpi.open(own)["elm-ward", "ward-home-by-noon"].judged
    assert again.limits == trial.trial.after.limits


VALUES = [5, 4, 6, 5.5, 4.5, 6.5, 5, 4, 9, 8, 9.5, 8.5, 9, 8, 9.5, 8.2]


def test_a_column_of_its_own_has_no_file_for_its_limits():
    months = pd.period_range("2024-01", periods=len(VALUES), freq="M")
    trial = kpi.xmr(pd.Series(VALUES, index=months)).try_limits("2024-09", reason="new", by="me")
    with pytest.raises(kpi.KpiError, match="has no workspace: paste the row"):
        trial.save_row()
    with pytest.raises(kpi.KpiError, match="limits start at a date: give the values periods"):
        kpi.xmr(VALUES).try_limits("9", reason="new", by="me")


def test_rule_sets_side_by_side_show_their_tables(ws):
    found = ws["elm-ward", "sickness"].rule_sets("wheeler", "mdc")
    assert found.summary["rules"].tolist() == ["wheeler", "mdc"]
    assert len(found.differences) == 7
    assert "Where they differ" in repr(found)
    assert found._repr_html_().count("<table") == 2
    with pytest.raises(kpi.KpiError, match="did you mean 'mdc'"):
        ws["elm-ward", "sickness"].rule_sets("mdx")


def test_checks_name_what_was_planted(ws):
    late = ws["bins", "bins-injury"].checks
    assert "D07" in late.frame["rule"].tolist()  # no value since November: truth.csv
    quiet = ws["elm-ward", "ward-falls"].checks
    assert quiet.sentences[0].startswith("No fault and no question. Periods with a value: 36 of 36")
    assert "<script" not in late._repr_html_()


def test_lab_makes_the_notebook_once_and_names_the_workspace(own):
    path, is_new = explorer_of(own)
    assert (path, is_new) == (own / "notebooks" / "measure_explorer.ipynb", True)
    cells = json.loads(path.read_text())["cells"]
    (named,) = [one for one in cells if "parameters" in one["metadata"].get("tags", [])]
    source = "".join(named["source"])
    assert 'workspace = ".."' in source
    team, measure = next(iter(kpi.open(own).series))
    assert f"team = {team!r}\nmeasure = {measure!r}" in source
    path.write_text("mine")
    assert explorer_of(own) == (path, False)
    assert path.read_text() == "mine"


def test_lab_of_a_workspace_without_a_chart_says_what_to_do(tmp_path):
    write_starter(tmp_path / "mine")  # its one measure is a draft
    with pytest.raises(kpi.KpiError, match="no measure on trial with values: see kpi next"):
        explorer_of(tmp_path / "mine")
    assert not (tmp_path / "mine" / "notebooks").exists()


def test_lab_of_no_workspace_writes_nothing(tmp_path):
    with pytest.raises(kpi.KpiError, match="name a workspace folder"):
        explorer_of(tmp_path)
    assert not list(tmp_path.iterdir())
