"""The course as a learner has it: copied, worked through, kept, and told in words."""

import ast
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.definitions.parts import Status
from kpi_analysis.errors import RecordError
from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.training.answer import State
from kpi_analysis.training.course import begin, open_lab, progress_words
from kpi_analysis.training.plan import COURSE
from kpi_analysis.training.t00_kinds import CARDS

KINDS = [card.kind for card in CARDS]
COURSE_FOLDER = NOTEBOOKS / "training"
LESSONS = sorted(COURSE_FOLDER.glob("T*.ipynb"))
STRANGE = re.compile(r"pump\b|kaizen|gaming|smart ?chart|measure gallery|cheat|lazy", re.IGNORECASE)


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def run(path: Path) -> tuple[dict, list[object]]:
    """Run the code cells of a notebook; give its names, and what each cell shows."""
    names: dict = {}
    shown = []
    for cell in cells(path):
        if cell["cell_type"] == "code":
            body = ast.parse("".join(cell["source"])).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), str(path), "exec"), names)  # noqa: S102 our own
            if last:
                shown.append(eval(compile(ast.Expression(last.value), str(path), "eval"), names))  # noqa: S307 our own
    return names, shown


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    """A learner's folder with all lessons solved in it, in their order."""
    folder = begin(tmp_path_factory.mktemp("learner") / "course").root
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "T04_sheet.csv").write_bytes((folder / "solutions/T04_sheet.csv").read_bytes())
        for path in LESSONS:
            (folder / path.name).write_bytes((folder / "solutions" / path.name).read_bytes())
            run(folder / path.name)
    return folder


def test_all_lessons_are_there_unsolved_and_solved():
    names = [path.name for path in LESSONS]
    assert [name[:3] for name in names] == [plan.id for plan in COURSE]
    assert [path.name for path in sorted((COURSE_FOLDER / "solutions").glob("*.ipynb"))] == names


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_an_unsolved_lesson_runs_and_says_not_answered_yet(path, monkeypatch):
    monkeypatch.chdir(COURSE_FOLDER)
    names, _ = run(path)
    lesson = names["lesson"]
    open_ones = dict(lesson._states)
    assert set(open_ones) == set(lesson._checks)
    started = {"cards", "ranges"}  # the first card, and two of nine moving ranges, are given
    left = {name: state for name, state in open_ones.items() if name not in started}
    assert set(left.values()) <= {State.UNANSWERED}
    assert not (COURSE_FOLDER / "progress.csv").exists()
    assert not (COURSE_FOLDER / "my-workspace").exists()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_solved_lesson_differs_in_its_answers_only(path):
    def asked(cell):
        return "answer" not in cell["metadata"].get("tags", [])

    unsolved, solved = cells(path), cells(COURSE_FOLDER / "solutions" / path.name)
    assert [one["source"] for one in unsolved if asked(one)] == [
        one["source"] for one in solved if asked(one)
    ]


def test_everything_a_learner_makes_is_there(learner):
    workspace = kpi.open(learner / "my-workspace")
    assert not [one for one in workspace.findings if one.level == "error"]
    measure = workspace.measures["my-measure"]
    assert measure.status is Status.TRIAL
    assert measure.result == "Tenants get a repair on the day they were promised"
    assert len(measure.evidence) == 3
    assert measure.guards == ("my-guard",)
    assert workspace.measures["my-guard"].name.startswith("Median days")
    assert len(workspace.results.results) == 5
    assert workspace.results.results["R-2"].measures == ("my-measure",)
    values = workspace.series["my-team", "my-measure"].values["value"]
    assert list(values) == [62, 71, 66, 58, 69, 64, 73, 67, 61, 70, 65, 68]
    assert len(workspace.reactions.rows) == 1
    assert measure.response.signal_of_concern.within_days == 10
    assert (learner / "my-workspace/my-chart.png").read_bytes().startswith(b"\x89PNG")
    review = kpi.review_teams(workspace)["my-team"].measures[0]
    assert review.verdict.label == "Steady"


def test_the_design_check_finds_no_fault_in_what_the_course_makes(learner):
    from kpi_analysis.review.findings import findings_of

    found = findings_of(kpi.open(learner / "my-workspace"))
    assert not [str(one) for one in found if one.level == "error"]


def test_what_a_learner_makes_is_checked_and_packed_as_any_workspace(learner, tmp_path):
    def run(*arguments):
        code = "from kpi_analysis.cli import main; main()"
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")

    own = learner / "my-workspace"
    checked = run("check", own)
    assert checked.returncode == 0, checked.stdout
    packed = run("packs", own, "--period", "2025-03", "--out", tmp_path / "reports")
    assert packed.returncode == 0, packed.stderr
    page = (tmp_path / "reports" / "2025-03" / "my-team.html").read_text(encoding="utf-8")
    assert "Tenants get a repair on the day they were promised" in page
    assert "Steady" in page


def test_progress_is_told_in_words(learner):
    said = list(progress_words(learner))
    assert said[: len(COURSE)] == [f"{plan.id} {plan.title}: done" for plan in COURSE]
    assert said[len(COURSE)] == (
        "Made so far: a result, a results map, its evidence, a designed measure, its data,"
        " its chart, a reaction to it, a response rule."
    )
    assert said[-2].startswith("All lessons are done.")
    assert "nothing is sent anywhere" in said[-1]


def test_what_is_not_begun_is_said_too(tmp_path):
    begin(tmp_path / "new")
    lesson = kpi.lesson("T01", folder=tmp_path / "new")
    kept = lesson.check("result", "Residents receive robust care").note
    assert kept == "Kept in my-workspace: measures/my-measure.yml."
    said = list(progress_words(tmp_path / "new"))
    assert said[0] == "T00 Is it a measure?: not begun"
    assert said[1] == "T01 One well-worded result: 0 of 2 exercises right"
    assert "Next: T00, before – say how sure you feel today." in said
    assert "Made so far: a result." in said


def test_what_was_right_once_stays_done(tmp_path):
    begin(tmp_path / "c")
    lesson = kpi.lesson("T05", folder=tmp_path / "c")
    lesson.check("mean", 13)
    lesson.check("mean", "")
    lesson.check("mean", 12)
    with (tmp_path / "c/progress.csv").open() as rows:
        assert list(csv.reader(rows)) == [["lesson", "exercise", "state"], ["T05", "mean", "Right"]]


def test_the_learners_own_fields_are_left_alone(tmp_path):
    begin(tmp_path / "c")
    kpi.lesson("T01", folder=tmp_path / "c").check("result", "Parcels arrive undamaged")
    path = tmp_path / "c/my-workspace/measures/my-measure.yml"
    path.write_text(path.read_text() + "notes: seen on a Tuesday\n")
    kpi.lesson("T02", folder=tmp_path / "c").check("evidence", ["crushed corners on the table"])
    measure = kpi.open(tmp_path / "c/my-workspace").measures["my-measure"]
    assert measure.notes == "seen on a Tuesday"
    assert measure.evidence == ("crushed corners on the table",)


def test_a_definition_that_was_broken_by_hand_is_not_overwritten(tmp_path):
    begin(tmp_path / "c")
    kpi.lesson("T01", folder=tmp_path / "c").check("result", "Parcels arrive undamaged")
    path = tmp_path / "c/my-workspace/measures/my-measure.yml"
    path.write_text("id: [my-measure\n")
    answer = kpi.lesson("T02", folder=tmp_path / "c").check("evidence", ["crushed corners seen"])
    assert "Not kept: my-measure.yml cannot be read" in answer.note
    assert path.read_text() == "id: [my-measure\n"
    assert list(progress_words(tmp_path / "c"))


def test_evidence_without_a_result_asks_for_the_result(tmp_path):
    begin(tmp_path / "c")
    answer = kpi.lesson("T02", folder=tmp_path / "c").check("evidence", ["crushed corners seen"])
    assert "do lesson T01 first" in answer.note


def test_how_sure_before_is_shown_after(tmp_path):
    begin(tmp_path / "c")
    kpi.lesson("T00", folder=tmp_path / "c").check("before", [1, 2, 3])
    said = str(kpi.lesson("T10", folder=tmp_path / "c").check("after", [5, 5, 4]))
    assert "before the course you wrote 1, 2, 3" in said


def test_the_stopwatch_is_told_and_not_kept(tmp_path):
    begin(tmp_path / "c")
    times = iter((10.0, 71.2))
    lesson = kpi.lesson("T07", folder=tmp_path / "c", clock=lambda: next(times))
    lesson.show("round 1")
    assert "You took 61 seconds. Only you see this" in lesson.check("round 1", ["steady"]).note
    files = list((tmp_path / "c").glob("*.csv"))
    assert all("61" not in path.read_text() for path in files if path.name != "T04_sheet.csv")


def test_the_drill_does_not_give_itself_away(tmp_path):
    shown = kpi.lesson("T07", folder=tmp_path).show("round 1")
    for word in ("worse", "better:", "above average", "Losing", "Winning", "Steady"):
        assert word not in shown.markup.replace("is better", "")


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RecordError, match="is not empty: name a new folder"):
        begin(tmp_path)
    with pytest.raises(RecordError, match="holds no course"):
        list(progress_words(tmp_path))


def test_beginning_again_keeps_what_is_there(tmp_path):
    folder = begin(tmp_path / "c")
    (folder.root / LESSONS[0].name).write_text("my own notes")
    assert begin(tmp_path / "c").root == folder.root
    assert (folder.root / LESSONS[0].name).read_text() == "my own notes"


def test_jupyterlab_opens_on_the_first_lesson_that_is_not_done(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(
        "kpi_analysis.training.course.run_lab", lambda *where: started.append(where) or 3
    )
    folder = begin(tmp_path / "c")
    assert open_lab(folder) == 3
    assert started[0] == (folder.root, folder.root / "T00_is_it_a_measure.ipynb")
    for exercise, answer in {"before": [1, 2, 3], "cards": list(KINDS)}.items():
        kpi.lesson("T00", folder=folder.root).check(exercise, answer)
    open_lab(folder)
    assert started[1][-1].name == "T01_one_result.ipynb"


def test_worksheets_are_four_pages_without_scripts(tmp_path):
    page = (begin(tmp_path / "c").root / "worksheets.html").read_text(encoding="utf-8")
    assert page.count('class="kpi-sheet"') == 4
    assert "<script" not in page
    assert "http" not in page
    for name in ("Design sheet", "Buy-in wall", "Reaction cards", "Walk sheet"):
        assert f"<h2>{name}</h2>" in page


def test_the_guide_runs_and_has_every_answer(monkeypatch):
    monkeypatch.chdir(COURSE_FOLDER)
    names, shown = run(COURSE_FOLDER / "facilitators_guide.ipynb")
    assert set(names["guide"]._shows) == {
        *("answers T00", "answers T02", "answers T07", "answers T08", "answers T09", "answers T10"),
        *("design sheet", "buy-in wall", "reaction card", "walk sheet"),
    }
    assert len(shown) == 10
    assert "steady, leave" in repr(shown[2])


def test_plain_words_only():
    sources = [*LESSONS, COURSE_FOLDER / "facilitators_guide.ipynb"]
    for path in sources:
        for cell in cells(path):
            text = "".join(cell["source"]).replace("Kaizen Institute", "")  # named as the source
            assert not STRANGE.search(text), path.name
    for path in Path(kpi.__file__).parent.joinpath("training").glob("*.py"):
        text = path.read_text(encoding="utf-8").replace("Kaizen Institute", "")
        found = {one.casefold() for one in STRANGE.findall(text)}
        assert found <= {"lazy"}, path.name  # a word the checker of T10 looks for


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_opens_with_its_time_and_has_no_endless_sentence(path):
    text = "\n".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")
    assert text.startswith(f"# {path.stem[:3]} ")
    assert "minutes" in text.partition("\n\n")[2][:120]
    text = re.sub(r"^\|.*$", ".", text, flags=re.MULTILINE)  # a table has cells, no sentences
    sentences = re.split(r"(?<=[.:?])\s", " ".join(text.split()))
    for sentence in sentences:
        assert len(sentence.split()) <= 60, sentence
