"""The buy-in wall: a sheet a measure in the making, and its notes come back as reactions."""

import csv
import io
import re

import pytest

import kpi_analysis as kpi
from kpi_analysis.records.starter.write import write_demo, write_starter

MARCH = "2025-03"


@pytest.fixture
def demo(tmp_path):
    """Give the demo with one draft and one measure on trial; all others are active."""
    root = tmp_path / "demo"
    write_demo(root)
    for name, status in (("packing-energy", "draft"), ("ward-falls", "trial")):
        path = root / "measures" / f"{name}.yml"
        path.write_text(path.read_text().replace("status: active", f"status: {status}"))
    return root


def sheets(page):
    return re.findall(r'<section class="kpi-wall".*?</section>', page.html, re.DOTALL)


def test_what_is_in_the_making_hangs_and_nothing_else(demo):
    draft, trial = sheets(kpi.wall(demo))
    assert "Each carton takes no more energy than it needs" in draft
    assert "heaters and belts that run while nothing is packed" in draft
    assert "No chart yet." in draft
    assert "<svg" in trial
    assert "Elm Ward" in trial
    for sheet in (draft, trial):
        for room in ("I like", "I am not sure about", "I would change"):
            assert room in sheet


def test_named_measures_hang_whatever_their_status(demo):
    (sheet,) = sheets(kpi.wall(kpi.open(demo), "ward-sleep"))
    assert "<svg" in sheet


def test_the_chart_is_that_of_the_team_that_is_named(demo):
    first, named = (sheets(kpi.wall(demo, "sickness", team=team))[0] for team in ("", "packing"))
    assert "Elm Ward" in first
    assert "Packing line 2" in named


def test_a_draft_of_three_lines_hangs_too(tmp_path):
    write_starter(tmp_path / "new")
    path = tmp_path / "new" / "measures" / "first-call.yml"
    path.write_text("id: first-call\nstatus: draft\nresult: Callers get their answer at once\n")
    (sheet,) = sheets(kpi.wall(tmp_path / "new"))
    assert "Callers get their answer at once" in sheet
    assert "A measure without a name yet" in sheet
    assert "not written down yet" in sheet


def test_with_nothing_in_the_making_it_says_so(tmp_path):
    write_demo(tmp_path / "demo")
    assert "No measure is a draft or on trial." in kpi.wall(tmp_path / "demo").html


@pytest.mark.parametrize(
    ("names", "team", "words"),
    [
        (("ward-fall",), "", "no measure 'ward-fall' in this workspace: did you mean 'ward-falls'"),
        (("ward-falls",), "elmward", "team 'elmward' is not in this workspace: did you mean"),
    ],
)
def test_wrong_names_suggest_right_ones(demo, names, team, words):
    with pytest.raises(kpi.KpiError, match=re.escape(words)):
        kpi.wall(demo, *names, team=team)


def test_notes_typed_in_as_the_sheet_says_are_counted_on_the_measures_page(demo):
    """What the foot of the sheet asks for is typed in, read back and shown."""
    (sheet,) = sheets(kpi.wall(demo, "ward-falls"))
    columns = re.search(r"in the columns ([\w,]+); measure is ([\w-]+),", sheet)
    assert columns is not None
    names, measure = columns[1].split(","), columns[2]
    answers = ["yes", "yes", "partly", "no", "yes"]
    typed = io.StringIO()
    writer = csv.DictWriter(typed, names)
    writer.writeheader()
    for n, answer in enumerate(answers):
        note = {"date": f"2025-03-{n + 1:02}", "team": "elm-ward", "measure": measure}
        writer.writerow(note | {"reflects_our_work": answer, "text": "near misses are not in it"})
    (demo / "reactions.csv").write_text(typed.getvalue())
    assert not kpi.open(demo).reactions.findings
    pack = kpi.team_pack(demo, "elm-ward", MARCH)
    part = next(one for one in pack.parts if one.measure.id == measure)
    assert part.reactions == "yes 3, partly 1, no 1"
    assert "Does it reflect our work? yes 3, partly 1, no 1" in pack.details.markup


def test_what_people_typed_is_escaped(demo):
    path = demo / "measures" / "packing-energy.yml"
    path.write_text(
        re.sub(r"(?m)^name: .*", 'name: "<img src=x onerror=alert(1)>"', path.read_text())
    )
    assert "<img" not in kpi.wall(demo).html
