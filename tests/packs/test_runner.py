"""The runner: whatever becomes of a job is told, and nothing is left running.

The jobs run in a Python of their own, started here: pytest has imported, and perhaps started,
things that a warm parent must not have.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpi_analysis.errors import PackError
from kpi_analysis.packs import runner
from kpi_analysis.packs.jobs import Outcome, Status, reason_of

DESCRIPTORS = Path("/proc/self/fd")
linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")

FATES = """
import json, os, random, signal, subprocess, sys, threading, time
from contextlib import closing, suppress
from pathlib import Path
from kpi_analysis.packs.runner import _is_alone as runner_is_alone, run_jobs

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

warmed = []
def warm():
    import numpy
    warmed.append(numpy)

class Foreign(Exception):
    def __str__(self): return "two\\nlines"

class Unreadable:
    def __reduce__(self): return (int, ("no number",))

def ok(job): return f"did {job}"
def raises(job): raise Foreign
def long_words(job): raise ValueError("x" * 5000)
def exits(job): sys.exit("enough")
def os_exit(job): os._exit(4)
def quiet_os_exit(job): os._exit(0)
def killed(job): os.kill(os.getpid(), signal.SIGKILL)
def crashes(job): os.kill(os.getpid(), signal.SIGSEGV)
def hangs(job): time.sleep(60)
def stubborn(job):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
def interrupted_in_time(job):
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        return "what there was"
def not_picklable(job): return lambda: 1
def not_readable(job): return Unreadable()
def large(job): return "x" * 3_000_000
def closes_everything(job):
    os.closerange(3, 256)
    time.sleep(0.3)
def leaves_a_child(job):
    child = subprocess.Popen(["sleep", "60"])
    Path("pids").open("a").write(f"{child.pid}\\n")
def hangs_with_a_child(job):
    leaves_a_child(job)
    time.sleep(60)
def daemon_holds_the_pipe(job):
    daemon = os.fork()
    if daemon == 0:
        time.sleep(60)
    Path("pids").open("a").write(f"{daemon}\\n")
    return "gone on"
def prints(job):
    print("print")
    os.system("echo system")
    print("error", file=sys.stderr)
def is_warm(job): return len(warmed)
def reads(job): return sys.stdin.read()
def numbers(job):
    import numpy
    return [float(numpy.random.random()), random.random()]
def kills_the_server(job):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
def computes(job):
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
def sleeps(job):
    time.sleep(float(job.split()[1]))
    return time.monotonic()
def waits(job):
    Path("pids").open("a").write(f"{os.getpid()}\\n")
    time.sleep(60)
def is_not_alone(job):
    while not (Path("pids").exists() and Path("pids").read_text().endswith("\\n")):
        time.sleep(0.01)

def do(job): return globals()[job.split()[0]](job)

def run(jobs, workers=2, seconds=30, threads=False):
    if threads:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return run_jobs(jobs, do, workers=workers, seconds=seconds, warm=warm)

def report(jobs, **options):
    descriptors = len(os.listdir("/proc/self/fd"))
    outcomes = [
        [o.job, o.status, o.result, o.reason, o.seconds, o.cpu] for o in run(jobs, **options)
    ]
    with suppress(ChildProcessError):
        raise AssertionError(f"unreaped: {os.waitpid(-1, os.WNOHANG)}")
    leaked = len(os.listdir("/proc/self/fd")) - descriptors
    Path("report.json").write_text(json.dumps({"outcomes": outcomes, "leaked": leaked}))
"""

ENDS = {
    "ok": (Status.DONE, "did ok", ""),
    "raises": (Status.RAISED, None, "Foreign: two"),
    "exits": (Status.RAISED, None, "SystemExit: enough"),
    "os_exit": (Status.DIED, None, "its process ended early, with exit code 4"),
    "killed": (Status.DIED, None, "its process ended early, killed by SIGKILL (out of memory?)"),
    "crashes": (Status.DIED, None, "its process ended early, killed by SIGSEGV"),
    "closes_everything": (Status.DIED, None, "its process ended early, with exit code 1"),
    "hangs": (Status.LATE, None, "stopped at the time limit of 2 seconds"),
    "stubborn": (Status.LATE, None, "stopped at the time limit of 2 seconds"),
    "hangs_with_a_child": (Status.LATE, None, "stopped at the time limit of 2 seconds"),
    "interrupted_in_time": (
        Status.LATE,
        "what there was",
        "stopped at the time limit of 2 seconds",
    ),
    "leaves_a_child": (Status.DONE, None, ""),
    "daemon_holds_the_pipe": (Status.DONE, "gone on", ""),
    "prints": (Status.DONE, None, ""),
    "is_warm": (Status.DONE, 1, ""),
    "reads": (Status.DONE, "", ""),
    "large": (Status.DONE, "x" * 3_000_000, ""),
    "sleeps 0": (Status.DONE, ..., ""),
}
BEGINS = {  # reasons whose end is Python's or the system's wording
    "long_words": (Status.RAISED, "ValueError: xxx"),
    "not_picklable": (Status.RAISED, "AttributeError: Can't "),
    "not_readable": (Status.DIED, "its result cannot be read: ValueError: invalid literal"),
    "quiet_os_exit": (Status.DIED, "its result cannot be read: EOFError"),
}


def start(folder: Path, statement: str) -> subprocess.Popen[str]:
    (folder / "fates.py").write_text(FATES)
    return subprocess.Popen(
        [sys.executable, "-c", f"import fates; {statement}"],
        cwd=folder,
        env=os.environ | runner.ONE_THREAD,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def report(folder: Path, call: str) -> tuple[dict, str, str]:
    process = start(folder, f"fates.report({call})")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads((folder / "report.json").read_text()), out, err


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def pids(folder: Path, count: int) -> list[int]:
    """Wait until `count` processes have told their numbers."""
    for _ in range(600):
        if (folder / "pids").exists():
            found = [int(line) for line in (folder / "pids").read_text().split()]
            if len(found) == count:
                return found
        time.sleep(0.05)
    raise AssertionError(f"{count} processes did not start")


def wait_until_gone(numbers: list[int]) -> list[int]:
    """Give those that still run after ten seconds."""
    for _ in range(200):
        if not any(is_running(pid) for pid in numbers):
            return []
        time.sleep(0.05)
    return [pid for pid in numbers if is_running(pid)]


@pytest.fixture(scope="module", params=["forked", "relayed"])
def fates(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    jobs = [*ENDS, *BEGINS]
    threads = request.param == "relayed"
    found, out, err = report(folder, f"{jobs}, workers=6, seconds=2, threads={threads}")
    return {"outcomes": {row[0]: row[1:] for row in found["outcomes"]}, "folder": folder} | {
        "leaked": found["leaked"],
        "count": len(found["outcomes"]),
        "out": out,
        "err": err,
    }


@linux
@pytest.mark.parametrize("job", ENDS)
def test_every_end_is_told(fates, job):
    status, result, reason = ENDS[job]
    found = fates["outcomes"][job]
    assert found[0] == status
    assert result is ... or found[1] == result
    assert found[2] == reason


@linux
@pytest.mark.parametrize("job", BEGINS)
def test_every_failure_is_one_line(fates, job):
    status, reason = BEGINS[job]
    found = fates["outcomes"][job]
    assert found[:2] == [status, None]
    assert found[2].startswith(reason)
    assert len(found[2]) <= 350
    assert "\n" not in found[2]


@linux
def test_nothing_is_left_of_them(fates):
    assert fates["count"] == len(ENDS) + len(BEGINS)
    assert fates["leaked"] == 0
    started = [int(line) for line in (fates["folder"] / "pids").read_text().split()]
    assert len(started) == 3
    assert wait_until_gone(started) == []


@linux
def test_stray_prints_stay_off_stdout(fates):
    """What a command says on its stdout may be read by a program."""
    assert fates["out"] == ""
    assert sorted(fates["err"].split()) == ["error", "print", "system"]


@linux
def test_a_stubborn_job_is_killed_soon_after_the_limit(fates):
    assert fates["outcomes"]["hangs"][3] >= 2.0
    assert fates["outcomes"]["stubborn"][3] >= 4.0  # the limit, and two seconds to take leave


@linux
@pytest.mark.parametrize("threads", [False, True])
def test_many_jobs_on_two_workers(tmp_path, threads):
    jobs = [f"ok {i}" for i in range(150)]
    found = report(tmp_path, f"{jobs}, threads={threads}")[0]
    assert sorted(row[0] for row in found["outcomes"]) == sorted(jobs)
    assert all(row[1:4] == ["done", f"did {row[0]}", ""] for row in found["outcomes"])
    assert found["leaked"] == 0


@linux
def test_outcomes_come_when_they_are_there(tmp_path):
    found = report(tmp_path, "['sleeps 0.8', 'sleeps 0', 'sleeps 0.1'], seconds=30")[0]
    assert [row[0] for row in found["outcomes"]] == ["sleeps 0", "sleeps 0.1", "sleeps 0.8"]


@linux
def test_one_worker_takes_one_job_after_the_other(tmp_path):
    jobs = ["sleeps 0.2", "sleeps 0.1", "sleeps 0"]
    found = report(tmp_path, f"{jobs}, workers=1, seconds=30")[0]
    assert [row[0] for row in found["outcomes"]] == jobs
    ends = [row[2] for row in found["outcomes"]]
    assert ends == sorted(ends)


@linux
def test_each_job_draws_its_own_random_numbers(tmp_path):
    found = report(tmp_path, "[f'numbers {i}' for i in range(5)]")[0]
    drawn = [number for row in found["outcomes"] for number in row[2]]
    assert len(set(drawn)) == 10


@linux
def test_cpu_seconds_are_the_jobs_own(tmp_path):
    found = report(tmp_path, "['computes', 'sleeps 0.3'], seconds=30")[0]
    cpu = {row[0]: row[5] for row in found["outcomes"]}
    assert cpu["computes"] >= 0.2
    assert cpu["sleeps 0.3"] < 0.2


@linux
def test_no_jobs(tmp_path):
    assert report(tmp_path, "[]")[0] == {"outcomes": [], "leaked": 0}


@linux
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_orphan_when_the_parent_goes(tmp_path, number, threads):
    process = start(
        tmp_path, f"list(fates.run(['waits 1', 'waits 2'], seconds=60, threads={threads}))"
    )
    children = pids(tmp_path, 2)
    assert all(is_running(pid) for pid in children)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == -number
    assert wait_until_gone(children) == []
    assert err.count("Traceback") == (number == signal.SIGINT)  # the parent's own, no child's


@linux
@pytest.mark.parametrize("threads", [False, True])
def test_closing_early_ends_everything(tmp_path, threads):
    process = start(
        tmp_path,
        "from contextlib import closing\n"
        f"found = fates.run(['waits 1', 'is_not_alone'], seconds=60, threads={threads})\n"
        "with closing(found) as outcomes:\n"
        "    print(next(outcomes).job)\n"
        "print('closed')",
    )
    out, err = process.communicate(timeout=30)
    assert (out, err) == ("is_not_alone\nclosed\n", "")
    assert wait_until_gone(pids(tmp_path, 1)) == []


@linux
def test_pandas_alone_does_not_make_a_process_unfit_to_fork(tmp_path):
    """Arrow, which pandas takes where it is installed, brings a task that minds a fork."""
    words = "import pandas; pandas.Series(['a']).isin(['a']); print(fates.runner_is_alone())"
    out, err = start(tmp_path, words).communicate(timeout=60)
    assert (out, err) == ("True\n", "")


@linux
def test_a_process_that_cannot_start_is_told(monkeypatch):
    from kpi_analysis.packs import forked

    def no_fork():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_fork)
    before = len(list(DESCRIPTORS.iterdir()))
    found = list(forked.run_forked(["a", "b", "c"], str, workers=2, seconds=1))
    assert [(o.job, o.status) for o in found] == [(job, Status.DIED) for job in "abc"]
    assert {o.reason for o in found} == {
        "no process could be started: Resource temporarily unavailable"
    }
    assert len(list(DESCRIPTORS.iterdir())) == before


@linux
def test_a_fresh_process_that_dies_takes_no_job_with_it(tmp_path):
    """Every job has an outcome, even when the process that forks is killed."""
    jobs = ["kills_the_server", "ok"]
    found = report(tmp_path, f"{jobs}, workers=1, seconds=30, threads=True")[0]["outcomes"]
    reason = "the process that starts the others ended, killed by SIGKILL (out of memory?)"
    assert [row[:4] for row in found] == [
        ["kills_the_server", "died", None, reason],
        ["ok", "died", None, reason],
    ]


def test_one_by_one_where_nothing_forks(monkeypatch):
    def function(job):
        if job == "exits":
            sys.exit(2)
        return 1 // job

    warmed = []
    monkeypatch.setattr(sys, "platform", "win32")
    outcomes = list(
        runner.run_jobs(
            [1, 0, "exits"], function, workers=4, seconds=1, warm=lambda: warmed.append(1)
        )
    )
    assert [(o.job, o.status, o.result, o.reason) for o in outcomes] == [
        (1, Status.DONE, 1, ""),
        (0, Status.RAISED, None, "ZeroDivisionError: integer division or modulo by zero"),
        ("exits", Status.RAISED, None, "SystemExit: 2"),
    ]
    assert warmed == [1]
    assert all(isinstance(o, Outcome) and o.seconds >= 0 and o.cpu >= 0 for o in outcomes)


def test_one_by_one_stops_at_ctrl_c(monkeypatch):
    def function(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(KeyboardInterrupt):
        list(runner.run_jobs([1], function, workers=1, seconds=1))


def test_importing_the_runner_needs_no_fork():
    """It must be importable where `fork`, `prctl` and `resource` are absent."""
    words = (
        "import sys, kpi_analysis.packs.runner; print('kpi_analysis.packs.forked' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_default_engine():
    assert runner.default_engine() == ("warm" if sys.platform == "linux" else "kernel")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("one\ntwo"), "ValueError: one"),
        (ValueError("\n\n  late  \n"), "ValueError: late"),
        (KeyError("k"), "KeyError: 'k'"),
        (RuntimeError(), "RuntimeError"),
        (PackError("the notebook takes no `tema`"), "the notebook takes no `tema`"),
    ],
)
def test_reason_is_one_line(error, reason):
    assert reason_of(error) == reason
