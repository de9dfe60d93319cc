"""Polls in hand: a table, drawings, a ballot sheet, and the choice of team and day."""

import json
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.errors import KpiError

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "explore" / "swot_poll.ipynb"
OPTIONS = ("T1", "T2", "T3", "T4")


@pytest.fixture
def votes(tmp_path):
    rows = ["date,team,option,votes,asked"]
    for day, team, counts in (
        ("2025-03-14", "ward 4", (2, 4, 3, 3)),
        ("2025-09-14", "ward 4", (5, 4, 3, 1)),
        ("2025-03-14", "<b>stores</b>", (1, 1, 1, 0)),
    ):
        rows += [f"{day},{team},{one},{n},30" for one, n in zip(OPTIONS, counts, strict=True)]
    (tmp_path / "polls.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def own(polls):
    return polls.table.query("poll == 'threat'")["votes"].tolist()


def test_the_latest_day_unless_another_is_asked_for(votes):
    assert own(kpi.poll(votes, team="ward 4")) == [5, 4, 3, 1]
    assert own(kpi.poll(votes / "polls.csv", team="ward 4", on="2025-03-14")) == [2, 4, 3, 3]


def test_a_small_vote_is_nowhere_in_what_is_shown(votes):
    polls = kpi.poll(votes, team="<b>stores</b>")
    assert polls.table["votes"].isna().all()
    assert "of 3 here" not in polls._repr_html_() + repr(polls)
    assert "<b>stores" not in polls._repr_html_()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "votes of several teams: choose one with team=, of <b>stores</b>, ward 4"),
        ({"team": "ward 5"}, "no votes of team 'ward 5': did you mean 'ward 4'?: there are"),
        ({"team": "ward 4", "on": "2025-04-01"}, "no votes on '2025-04-01': there are 2025-03-14,"),
    ],
)
def test_what_cannot_be_chosen_is_said(votes, asked, message):
    with pytest.raises(KpiError) as raised:
        kpi.poll(votes, **asked)
    assert str(raised.value).startswith(message)


def test_the_table_has_every_option_once():
    table = kpi.poll().table
    assert len(table) == table["option"].nunique() == 16
    assert table[["low_300", "high_300"]].round().loc[0].tolist() == [32, 43]


def test_shown_are_charts_for_desk_and_phone_and_every_caveat():
    polls = kpi.poll()
    shown = polls._repr_html_()
    assert shown.count('class="kpi-chart kpi-wide"') == 4
    assert shown.count('class="kpi-chart kpi-phone"') == 4
    assert all(one.split("'")[0] in shown for one in polls.caveats if '"' not in one)
    assert polls.caveats[0] in repr(polls)


def test_the_ballot_asks_four_questions_without_names(tmp_path):
    page = kpi.poll().ballot.save(tmp_path / "ballot.html").read_text(encoding="utf-8")
    assert page.count("<h2>What is the greatest") == 4
    assert page.count("<li>") == 16
    assert "no name" in page


def test_one_poll_is_a_drawing_and_a_wrong_name_says_which_there_are():
    polls = kpi.poll()
    assert polls["weakness"].sentences[0].startswith("Not different from four equal shares")
    with pytest.raises(KpiError, match="no poll 'weaknes': did you mean 'weakness'"):
        polls["weaknes"]


@pytest.mark.parametrize("own_votes", [False, True])
def test_the_notebook_runs_before_a_vote_and_after_it(votes, capsys, own_votes):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(one["source"]) for one in cells if one["cell_type"] == "code"]
    given = {"votes": str(votes) if own_votes else "", "team": "ward 4", "size": 12}
    names = {}
    exec(sources[0], names)  # noqa: S102 our own notebook
    assert set(given) <= set(names)  # what its first cell asks for
    names.update(given)
    for source in sources[1:]:
        exec(source, names)  # noqa: S102 our own notebook
    said = capsys.readouterr().out
    assert said.startswith("With 12 votes only 0 to 3, 11 or 12 for T1 would differ")
    assert "strength: the two largest are 69 % together" in said
    assert names["polls"].table["votes"].sum() == (13 if own_votes else 0)
