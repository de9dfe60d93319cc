"""`kpi learn`: the course copied to a folder of the learner's own, and what is done in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from kpi_analysis.errors import KpiError, RecordError
from kpi_analysis.packs.notebooks import NOTEBOOKS
from kpi_analysis.prompt.jupyter import run_lab
from kpi_analysis.training.answer import State
from kpi_analysis.training.folder import MEASURE, PROGRESS, Folder, Progress
from kpi_analysis.training.plan import COURSE, Plan
from kpi_analysis.training.worksheets import all_sheets


def begin(root: Path) -> Folder:
    """Copy the course into `root`, which must be new or empty; a course already there stays.

    Raises RecordError with one line where it cannot be written.
    """
    folder = Folder(root)
    if folder.is_course:
        return folder
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise RecordError(f"'{root}' is not empty: name a new folder, or one that holds the course")
    try:
        left_out = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.py")
        shutil.copytree(NOTEBOOKS / "training", root, dirs_exist_ok=True, ignore=left_out)
        (root / "worksheets.html").write_text(all_sheets(), encoding="utf-8")
        (root / PROGRESS).write_text("lesson,exercise,state\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise RecordError(f"'{root}' cannot be written: {reason}") from error
    return folder


def open_lab(folder: Folder) -> int:
    """Open JupyterLab on the first lesson that is not done; give its exit code."""
    lesson = _next(folder.progress()).id
    notebook = next(iter(sorted(folder.root.glob(f"{lesson}_*.ipynb"))), folder.root)
    return run_lab(folder.root, notebook)


def progress_words(root: Path) -> Iterator[str]:
    """Say in words what is done, what was made, and what comes next.

    Raises RecordError where there is no course.
    """
    folder = Folder(root)
    if not folder.is_course:
        raise RecordError(f"'{root}' holds no course: kpi learn {root} makes one")
    done = folder.progress()
    for plan in COURSE:
        yield f"{plan.id} {plan.title}: {_how_far(plan, done)}"
    made = _made(folder)
    yield f"Made so far: {', '.join(made)}." if made else "Made so far: nothing yet."
    step = _open(_next(done), done)
    if step:
        yield f"Next: {_next(done).id}, {step} – {_next(done).exercises[step]}."
    else:
        yield "All lessons are done. Next: kpi next my-workspace, and a second measure."
    yield f"This is kept in {root / PROGRESS} only; nothing is sent anywhere."


def _how_far(plan: Plan, done: Progress) -> str:
    states = [done.get((plan.id, name)) for name in plan.exercises]
    right = states.count(State.RIGHT)
    if right == len(states):
        return "done"
    begun = sum(state is not None for state in states)
    return f"{right} of {len(states)} exercises right" if begun else "not begun"


def _next(done: Progress) -> Plan:
    return next((plan for plan in COURSE if _open(plan, done)), COURSE[-1])


def _open(plan: Plan, done: Progress) -> str:
    return next(
        (name for name in plan.exercises if done.get((plan.id, name)) is not State.RIGHT), ""
    )


def _made(folder: Folder) -> list[str]:
    """Name what the learner has made, in the order of the course."""
    try:
        fields = folder.fields()
    except KpiError:
        fields = {}
    there = folder.workspace
    pieces = {
        "a result": "result" in fields,
        "a results map": (there / "results.yml").exists(),
        "its evidence": "evidence" in fields,
        "a designed measure": "name" in fields and "could_cause" in fields,
        "its data": (there / "values" / f"{MEASURE}.csv").exists(),
        "its chart": folder.chart.exists(),
        "a reaction to it": (there / "reactions.csv").exists(),
        "a response rule": "response" in fields,
    }
    return [name for name, is_there in pieces.items() if is_there]
