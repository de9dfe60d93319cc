"""Whatever happens to a run: last month stands, finished packs stay, run.json tells the truth.

Every test does it to real commands: kills, full disks, two runs at once.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from kpi_analysis.packs.making import ROOM
from kpi_analysis.packs.notebooks import NOTEBOOKS, pages_about_all
from kpi_analysis.packs.publish import LEADERS

LEVELS = {f"depot-{n}": 10 * n + 4 for n in range(1, 9)}  # the last value is one less
TEAMS = list(LEVELS)
THERE = ("built", "unchanged")
ABOUT_ALL = set(pages_about_all()) - {"results_map"}  # the depots have no results.yml


@pytest.fixture(scope="module")
def workspace(organisations, tmp_path_factory):
    return organisations.depots(tmp_path_factory.mktemp("lost") / "org", LEVELS)


@pytest.fixture(scope="module")
def last_month(commands, workspace, tmp_path_factory):
    """The pages of February, and how large they are."""
    out = tmp_path_factory.mktemp("february")
    assert commands.run("packs", workspace, "--period", "2025-02", "--out", out)[0] == 0
    files = [path for path in out.rglob("*") if path.is_file()]
    return out, sum(path.stat().st_size for path in files)


@pytest.fixture
def out(last_month, tmp_path):
    """Where the pages of March go, those of February beside them."""
    shutil.copytree(last_month[0], tmp_path / "reports")
    return tmp_path / "reports"


@pytest.fixture
def packs(commands, workspace, out):
    """Start `kpi packs` over March."""

    def start(*options, before="", to=out):
        arguments = ("packs", workspace, "--period", "2025-03", "--out", to, "--workers", 2)
        return commands.start(*arguments, *options, before=before)

    return start


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook that does something else for some teams; give the statement to use it."""

    def write(fates):
        folder = tmp_path / "notebooks"
        shutil.copytree(NOTEBOOKS / "packs", folder / "packs", dirs_exist_ok=True)
        path = folder / "packs" / "team_pack.ipynb"
        book = nbformat.read(path, as_version=4)
        source = "import os, signal, sys, time\n"
        source += "\n".join(f"if team in {teams}:\n    {does}" for does, teams in fates.items())
        book.cells.append(nbformat.v4.new_code_cell(source))
        nbformat.write(book, path)
        return f"month.NOTEBOOKS = Path({str(folder)!r})"

    return write


def limited(seconds):
    return f"\nfrom functools import partial; plan.Plan = partial(plan.Plan, seconds={seconds})"


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def records(out):
    run = json.loads((out / "2025-03" / "run.json").read_text(encoding="utf-8"))
    return {one["team"]: one for one in run["packs"]}


def told(out):
    """Give what run.json calls pending."""
    run = json.loads((out / "2025-03" / "run.json").read_text(encoding="utf-8"))
    every = [*run["packs"], *run["pages"]]
    return {Path(one["page"]).stem for one in every if one["status"] == "pending"}


def text_of(page):
    assert page.rstrip().endswith("</html>")
    page = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"<[^>]+>", " ", page)


def assert_true(out, last_month, commands):
    """What must hold whenever a run has ended, however it ended. Gives the teams with a page."""
    assert commands.orphans() == []
    assert contents(out / "2025-02") == contents(last_month[0] / "2025-02")
    assert_no_temporary_file(out, commands)
    month = out / "2025-03"
    pages = {path.stem: path for path in month.glob("depot-*.html")}
    for team, path in pages.items():  # a page that is there is whole, and its own team's
        text = text_of(path.read_text(encoding="utf-8"))
        assert f"{LEVELS[team] - 1}\u00a0%" in text
        assert set(re.findall(r"depot-\d", text)) == {team}
        nbformat.validate(nbformat.read(month / "notebooks" / f"{team}.ipynb", 4))
    if not (month / "run.json").exists():
        assert not pages
        return set()
    run = json.loads((month / "run.json").read_text(encoding="utf-8"))
    there = {team for team, one in records(out).items() if one["status"] in THERE}
    assert there <= set(pages)
    kept = {team for team, one in records(out).items() if one["kept"]}
    assert kept <= set(pages) - there
    assert len(set(pages) - there - kept) <= 2  # by a run that was killed before it told
    for one in (*run["packs"], *run["pages"]):
        assert bool(one["fingerprint"]) is (one["status"] in THERE)
        assert bool(one["reason"]) is (one["status"] == "failed")
        assert (month / "failed" / one["page"]).with_suffix(".txt").exists() is bool(one["reason"])
    told = {one["status"] for one in (*run["packs"], *run["pages"])}
    assert run["finished"] is False or "pending" not in told
    return there


def assert_no_temporary_file(out, commands):
    known = {"index.html", "walk.html", "run.json", *(f"{team}.html" for team in TEAMS)}
    known |= {f"{name}.html" for name in ABOUT_ALL} | {"notebooks", "failed"}
    for _ in range(200):  # a killed run's is cleared away in a moment
        if {path.name for path in out.iterdir()} <= {"2025-02", "2025-03"}:
            break
        time.sleep(0.05)
    assert {path.name for path in out.iterdir()} <= {"2025-02", "2025-03"}
    month = out / "2025-03"
    assert not month.exists() or {path.name for path in month.iterdir()} <= known
    assert list(commands.temporary.iterdir()) == []


def marks(out, teams):
    """When the pages of these teams were made: a page that is kept keeps it."""
    return {team: (out / "2025-03" / f"{team}.html").stat().st_mtime_ns for team in teams}


def assert_listed(out, there, reasons):
    """The index links the packs that are there, and names the reason for each that is not."""
    page = (out / "2025-03" / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(depot-\d)\.html"', page)) == set(there)
    for reason in reasons:
        assert reason in text_of(page).replace("&#39;", "'")


def assert_finished(out, last_month, commands):
    """The month is whole, and nothing is left of what came before."""
    assert assert_true(out, last_month, commands) == set(TEAMS)
    assert_listed(out, TEAMS, [])
    assert json.loads((out / "2025-03" / "run.json").read_text())["finished"] is True
    assert sorted(path.name for path in out.iterdir()) == ["2025-02", "2025-03"]
    assert not (out / "2025-03" / "failed").exists()


def wait_for(condition, seconds=60):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def has_built(out, count):
    return lambda: len(list((out / "2025-03").glob("depot-*.html"))) >= count


def test_a_cell_that_raises_exits_hangs_or_is_killed(packs, notebook, out, last_month, commands):
    fates = {
        "raise ValueError('no figures')": ["depot-1"],
        "sys.exit(0)": ["depot-2"],
        "sys.exit('enough')": ["depot-3"],
        "time.sleep(600)": ["depot-4"],
        "os.kill(os.getpid(), signal.SIGKILL)": ["depot-5"],
        "os._exit(3)": ["depot-6"],
    }
    code, words = packs(before=notebook(fates) + limited(10)).wait()
    assert code == 1
    reasons = {
        "depot-1": "ValueError: no figures",
        "depot-2": "a cell ended the notebook before its last cell",
        "depot-3": "SystemExit: enough",
        "depot-4": "stopped at the time limit of 10 seconds",
        "depot-5": "its process ended early, killed by SIGKILL (out of memory?)",
        "depot-6": "its process ended early, with exit code 3",
    }
    assert assert_true(out, last_month, commands) == {"depot-7", "depot-8"}
    assert_listed(out, ["depot-7", "depot-8"], reasons.values())
    for team, reason in reasons.items():
        assert reason in records(out)[team]["reason"]
        assert words.count(f"no pack for {team}: ") == 1
        failed = out / "2025-03" / "failed"
        assert reason in (failed / f"{team}.txt").read_text()
        book = nbformat.read(failed / f"{team}.ipynb", 4)
        nbformat.validate(book)
        if team != "depot-2":  # exit code 0 is no error to papermill
            shown = [one for cell in book.cells for one in cell.get("outputs", [])]
            assert "error" in {one.output_type for one in shown}
    kept = marks(out, ["depot-7", "depot-8"])
    code, words = packs("--retry").wait()
    assert (code, "8 of 8 packs" in words) == (0, True)
    assert_finished(out, last_month, commands)
    assert marks(out, kept) == kept


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_run_is_killed_at_any_moment(seed, packs, out, last_month, commands):
    """From before the first page is there to after the last one is, while the index is written."""
    moment = random.Random(seed)
    process = packs()
    wait_for(has_built(out, seed * len(TEAMS) // 9))
    time.sleep(moment.uniform(0, 0.3))
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait()[0] == -signal.SIGKILL
    kept = marks(out, assert_true(out, last_month, commands))
    assert packs("--retry").wait()[0] == 0
    assert_finished(out, last_month, commands)
    assert marks(out, kept) == kept  # what was listed as built was not built again


@pytest.mark.slow
def test_a_second_run_of_the_month_is_killed(packs, notebook, out, last_month, commands):
    """The pages of the first run are there until the moment that new ones take their place."""
    assert packs().wait()[0] == 0
    before = marks(out, TEAMS)
    process = packs("--force", before=notebook({"time.sleep(600)": TEAMS[2:]}))
    wait_for(lambda: len(before.items() - marks(out, TEAMS).items()) == 2)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait()[0] == -signal.SIGKILL
    assert_true(out, last_month, commands)
    assert before.items() - marks(out, TEAMS).items() == {(t, before[t]) for t in TEAMS[:2]}
    assert packs("--retry").wait()[0] == 0
    assert_finished(out, last_month, commands)


def test_a_second_run_of_the_month_fails(packs, notebook, out, last_month, commands):
    """Somebody breaks the notebook: no page that readers have is lost."""
    assert packs().wait()[0] == 0
    before = marks(out, TEAMS)
    code, words = packs(before=notebook({"raise ValueError('broken')": TEAMS})).wait()
    assert code == 1
    assert words.count("the page of an earlier run is still there\n") == len(TEAMS)
    assert assert_true(out, last_month, commands) == set()
    assert marks(out, TEAMS) == before
    reason = "ValueError: broken. This is the page of an earlier run."
    assert_listed(out, TEAMS, [reason])
    assert packs("--retry").wait()[0] == 0
    assert_finished(out, last_month, commands)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, marks=pytest.mark.slow),
    ],
)
def test_the_run_is_stopped_in_the_middle(number, packs, notebook, out, last_month, commands):
    process = packs(before=notebook({"time.sleep(600)": TEAMS[3:]}))
    wait_for(has_built(out, 3))
    time.sleep(0.5)  # until they are in run.json, too
    os.kill(process.pid, number)
    code, words = process.wait()
    assert code == (-number if number == signal.SIGKILL else 130)
    stopped = "stopped: 3 of 8 packs are there: --retry builds the rest\n"
    assert words.endswith(stopped) == (number != signal.SIGKILL)
    assert "Traceback" not in words
    assert assert_true(out, last_month, commands) == set(TEAMS[:3])
    assert json.loads((out / "2025-03" / "run.json").read_text())["finished"] is False
    if number != signal.SIGKILL:
        assert_listed(out, TEAMS[:3], ["not built yet"])
    kept = marks(out, TEAMS[:3])
    assert packs("--retry").wait()[0] == 0
    assert_finished(out, last_month, commands)
    assert marks(out, kept) == kept


def test_the_second_of_two_runs_says_so_and_stops(packs, notebook, out, last_month, commands):
    first = packs(before=notebook({"time.sleep(600)": ["depot-8"]}))
    wait_for(lambda: (out / "2025-03" / "run.json").exists() and told(out) == {"depot-8"})
    before = contents(out)
    code, words = packs().wait()
    assert (code, words) == (
        2,
        f"another run is writing to '{out}': wait until it is done\n",
    )
    assert contents(out) == before
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    kept = marks(out, assert_true(out, last_month, commands))
    assert packs("--retry").wait()[0] == 0
    assert_finished(out, last_month, commands)
    assert marks(out, kept) == kept


@contextmanager
def disk(folder, options):
    """A disk of its own, mounted for the test."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"NOT TESTED: no disk of a given size can be mounted here: {done.stderr}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path, last_month):
    """Room for February, for the run's own reserve, and for about half of March."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can mount a small disk")
    reserve = ROOM + len(TEAMS) * sum(LEADERS.values())
    with disk(tmp_path / "disk", f"size={last_month[1] * 3 // 2 + reserve}") as folder:
        shutil.copytree(last_month[0], folder / "reports")
        yield folder


@pytest.mark.slow
def test_a_full_disk(small_disk, packs, last_month, commands):
    out = small_disk / "reports"
    code, words = packs(to=out).wait()
    assert code in (1, 2)
    assert "No space left on device" in words
    assert "Traceback" not in words
    there = assert_true(out, last_month, commands)
    assert 0 < len(there) < len(TEAMS)
    kept = marks(out, there)
    run = json.loads((out / "2025-03" / "run.json").read_text())
    assert [one["team"] for one in run["packs"]] == TEAMS
    assert_listed(out, there, [])
    assert sorted(path.name for path in out.iterdir()) == ["2025-02", "2025-03"]
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert packs("--retry", to=out).wait()[0] == 0
    assert_finished(out, last_month, commands)
    assert marks(out, kept) == kept


def test_a_disk_that_is_full_before_it_begins(small_disk, packs, last_month, commands):
    out = small_disk / "reports"
    free = shutil.disk_usage(out).free
    (small_disk / "other").write_bytes(bytes(free - 100_000))
    before = contents(out)
    code, words = packs(to=out).wait()
    assert code == 2
    assert words == f"cannot write to '{out}': No space left on device\n"
    assert contents(out) == before
    assert assert_true(out, last_month, commands) == set()
    (small_disk / "other").unlink()
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert packs("--retry", to=out).wait()[0] == 0
    assert_finished(out, last_month, commands)


def test_a_disk_that_cannot_be_written(small_disk, packs, last_month, commands):
    out = small_disk / "reports"
    before = contents(out)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, words = packs(to=out).wait()
    assert (code, words) == (2, f"cannot write to '{out}': Read-only file system\n")
    assert contents(out) == before
    assert assert_true(out, last_month, commands) == set()
    subprocess.run(["mount", "-o", "remount,rw,size=64m", str(small_disk)], check=True)
    assert packs("--retry", to=out).wait()[0] == 0
    assert_finished(out, last_month, commands)


@pytest.mark.slow
def test_a_clock_that_jumps(packs, out, last_month, commands):
    """Every look at the clock of the day finds it hours from where it was."""
    jumps = """
import datetime, random, time, types, papermill.engines
clock, jump = time.time, lambda: random.uniform(-1e5, 1e5)
time.time = lambda: clock() + jump()
class Jumping(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + datetime.timedelta(seconds=jump())
papermill.engines.datetime = types.SimpleNamespace(datetime=Jumping, timezone=datetime.timezone)
"""
    assert packs(before=jumps).wait()[0] == 0
    assert_finished(out, last_month, commands)
    assert all(0 < one["seconds"] < 60 for one in records(out).values())
    book = nbformat.read(out / "2025-03" / "notebooks" / "depot-1.ipynb", 4)
    durations = [c.metadata.papermill.duration for c in book.cells if c.cell_type == "code"]
    assert max(map(abs, durations)) > 1000  # the clock did jump


@pytest.mark.slow
def test_the_notebook_is_edited_while_it_runs(packs, notebook, out, last_month, commands):
    use = notebook({"pass": TEAMS})
    path = Path(use.split("'")[1]) / "packs" / "team_pack.ipynb"
    use = notebook({f"open({str(path)!r}, 'w').write('not a notebook')": TEAMS})
    whole = path.read_text()
    assert packs(before=use).wait()[0] == 0
    assert path.read_text() == "not a notebook"
    assert_finished(out, last_month, commands)
    code, words = packs(before=use).wait()  # it cannot be read now: told once, and nothing is lost
    assert code == 2
    assert words.count("\n") == 1
    assert "team_pack.ipynb" in words
    assert_finished(out, last_month, commands)
    path.write_text(whole.replace("not a", "no"))
    assert packs(before=use).wait()[0] == 0
    assert {one["status"] for one in records(out).values()} == {"built"}  # made of another one
