"""Choosing by lists: every choice draws its own chart and reading; a page says a sentence."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import kpi_analysis as kpi

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
SENTENCE = "In JupyterLab this is a choice of team, measure and rule set"


@pytest.fixture(scope="module")
def ws():
    return kpi.open(DEMO)


def test_each_choice_shows_what_the_measure_shows_by_itself(ws):
    picker = ws.pick("bins", "bins-missed")
    assert picker.shown.value == ws["bins", "bins-missed"]._repr_html_()
    picker.measure.value = "bins-recycled"
    assert picker.shown.value == ws["bins", "bins-recycled"]._repr_html_()
    picker.team.value = "packing"
    assert picker.measure.value == next(iter(ws["packing"])).id
    assert {id for _, id in picker.measure.options} == {one.id for one in ws["packing"]}
    assert picker.shown.value == ws["packing", picker.measure.value]._repr_html_()


def test_a_measure_that_the_next_team_has_too_stays_chosen(ws):
    picker = ws.pick("elm-ward", "sickness")
    picker.team.value = "bins"
    assert picker.measure.value == "sickness"
    assert picker.shown.value == ws["bins", "sickness"]._repr_html_()


def test_a_rule_set_judges_anew_and_leaves_the_measure_as_it_was(ws):
    own = ws["elm-ward", "sickness"]
    before, found = own._repr_html_(), own.rule_sets("wheeler", "nelson").summary
    picker = ws.pick("elm-ward", "sickness")
    drawn = set()
    for name in ("wheeler", "mdc", "nelson"):
        picker.rules.value = name
        drawn.add(picker.shown.value)
    assert len(drawn) > 1
    assert len(found) == 2
    picker.rules.value = ""
    assert picker.shown.value == before == own._repr_html_()


def test_a_wrong_name_is_answered_and_nothing_to_pick_is_told(ws, tmp_path):
    with pytest.raises(kpi.KpiError, match="did you mean 'bins-missed'"):
        ws.pick("bins", "bins-mised")
    (tmp_path / "kpi.yml").write_text("name: Empty\n")
    with pytest.raises(kpi.KpiError, match="there is nothing to pick: no measure has values"):
        kpi.open(tmp_path).pick()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("stored", [True, False])
def test_an_exported_page_says_a_sentence_and_holds_no_empty_list(stored):
    source = f"import kpi_analysis as kpi\nkpi.open({str(DEMO)!r}).pick()"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(book, store_widget_state=stored).execute()
    page = HTMLExporter().from_notebook_node(book)[0]
    assert f">{SENTENCE}; ws[team, measure] and its rule_sets() do the same.</p>" in page
    assert "VBox(" not in page
    assert page.count("jp-OutputArea-child:has(.kpi-pick)") == 1
    assert ('<script type="application/vnd.jupyter.widget-view+json">' in page) is stored


def test_a_terminal_reads_the_sentence(ws):
    assert repr(ws.pick()).startswith(SENTENCE)
