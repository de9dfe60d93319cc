"""Every notebook as people meet it: opened in JupyterLab by the command they type, and run."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kpi_analysis.training.course import begin

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
EXPLORE = sorted((NOTEBOOKS / "explore").glob("*.ipynb"))
TRAINING = sorted((NOTEBOOKS / "training").glob("*.ipynb"))
SPEC = importlib.util.spec_from_file_location(
    "tests_browser_jupyterlab", Path(__file__).with_name("jupyterlab.py")
)
jupyterlab = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = jupyterlab  # dataclasses look their module up
SPEC.loader.exec_module(jupyterlab)


def run_through(chromium, lab, notebook):
    """Run a notebook in a window of its own; what the browser says and asks for is checked."""
    desk = jupyterlab.Desk(chromium, lab)
    cells = desk.run_all(notebook)
    assert [one.source for one in cells if one.ran is None] == []
    assert [one.errors for one in cells if one.errors] == []
    assert desk.said == []
    elsewhere = (url for url in desk.asked if not url.startswith((lab.address, "data:", "blob:")))
    assert list(elsewhere) == []
    return desk, cells


def test_lab_opens_the_explorer_of_a_workspace_and_ends_when_told(chromium, tmp_path):
    workspace = Path(shutil.copytree(ROOT / "data" / "demo", tmp_path / "my-org"))
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    with jupyterlab.started([jupyterlab.KPI, "lab", workspace], tmp_path / "home") as lab:
        assert lab.opened == "notebooks/measure_explorer.ipynb"
        _, cells = run_through(chromium, lab, lab.opened)
        first_chart = next(one for one in cells if "<svg" in one.html)
        assert "kpi.open" in first_chart.source
        lab.server.terminate()
        assert lab.server.wait(60) is not None
    with pytest.raises(OSError, match="refused"):
        jupyterlab.connect(lab)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.slow
def test_learn_opens_the_course_and_an_answer_is_kept(chromium, tmp_path):
    course = tmp_path / "course"
    with jupyterlab.started([jupyterlab.KPI, "learn", course], tmp_path / "home") as lab:
        assert lab.opened == "T00_is_it_a_measure.ipynb"
        desk, _ = run_through(chromium, lab, lab.opened)
        desk.answer("sure = []", "sure = [2, 3, 1]")
        assert "Right" in desk.shown_of("sure = [2, 3, 1]")
    assert "T00,before,Right" in (course / "progress.csv").read_text()
    said = subprocess.run([jupyterlab.KPI, "learn", course, "--progress"], capture_output=True)
    assert b"T00 Is it a measure?: 1 of 2 exercises right" in said.stdout


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """All notebooks where they may be saved: those to explore beside the data, and a course."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS / "explore", home / "notebooks" / "explore")
    shutil.copytree(ROOT / "data", home / "data")
    begin(home / "course")
    code = (
        "from pathlib import Path; from kpi_analysis.prompt.jupyter import run_lab; "
        f"run_lab(Path({str(home)!r}), Path({str(home / 'notebooks')!r}))"
    )
    with jupyterlab.started([sys.executable, "-c", code], home / "settings") as lab:
        yield lab


@pytest.mark.slow
@pytest.mark.parametrize("path", [*EXPLORE, *TRAINING], ids=lambda path: path.stem)
def test_a_notebook_runs_in_jupyterlab_without_a_fault(chromium, notebooks, path):
    folder = "notebooks/explore" if path in EXPLORE else "course"
    desk, cells = run_through(chromium, notebooks, f"{folder}/{path.name}")
    assert all(one.outputs for one in cells if one.source.startswith("lesson.show"))
    assert desk.too_wide() == [], "a chart that is cut off"
    desk.leave()
