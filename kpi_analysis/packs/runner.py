"""Runs many jobs, each in a process of its own that is forked from a warm one.

    with closing(run_jobs(jobs, build_pack, workers=4, seconds=120, warm=warm_up)) as outcomes:
        for outcome in outcomes: ...

A forked process has everything imported already, and what a job leaves behind (state, memory, a
crash) ends with it. Whatever becomes of a job is told by its outcome: nothing raises here.

    Linux, one task in this process      forked from here                        forked.py
    Linux, several tasks in it           forked from a fresh process             relay.py
    elsewhere (fork is absent or unsafe) in this process, one after another      below
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

from kpi_analysis.packs.jobs import J, Outcome, R, Status, reason_of

# Libraries for linear algebra start a thread a core when imported, and several workers together
# would then fight for the cores. Set these before numpy is imported.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

MINDS_A_FORK = {"jemalloc_bg_thd"}  # tasks, not of ours, that are set right in a forked process


def default_engine() -> str:
    """Give the engine for this machine: "warm" where processes can be forked, else "kernel"."""
    return "warm" if sys.platform == "linux" else "kernel"


def run_jobs(
    jobs: Iterable[J],
    function: Callable[[J], R],
    *,
    workers: int,
    seconds: float,
    warm: Callable[[], object] = bool,
) -> Generator[Outcome[J, R], None, None]:
    """Run `function` on every job and yield each outcome when it is there, in no fixed order.

    At most `workers` jobs run at once, each for at most `seconds`; `warm` is called once before
    the first, to import and fill what all of them need. Close the generator to stop early: all
    processes are then ended (as they are by Ctrl-C, and when this process dies).

    Away from Linux jobs run here: `workers` is then one, and the function limits its own time.
    With several tasks in this process, `function`, `warm` and the jobs travel by pickle.
    """
    if sys.platform != "linux":
        yield from _one_by_one(jobs, function, warm)
    elif not _is_alone():
        from kpi_analysis.packs.relay import run_relayed

        yield from run_relayed(jobs, function, workers=workers, seconds=seconds, warm=warm)
    else:
        from kpi_analysis.packs.forked import run_forked

        warm()
        yield from run_forked(jobs, function, workers=workers, seconds=seconds)


def _is_alone() -> bool:
    """Say whether this process has one task only, Arrow's allocator aside: it minds a fork."""
    names = ((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir())
    return sum(name not in MINDS_A_FORK for name in names) <= 1


def _one_by_one(
    jobs: Iterable[J], function: Callable[[J], R], warm: Callable[[], object]
) -> Iterator[Outcome[J, R]]:
    warm()
    for job in jobs:
        start, cpu = time.monotonic(), time.process_time()
        status, result, reason = attempt(function, job)
        spent = time.monotonic() - start, time.process_time() - cpu
        yield Outcome(job, status, result, reason, *spent)


def attempt(function: Callable[[J], R], job: J) -> tuple[Status, R | None, str]:
    """Call the function; give status, result and reason. Raises KeyboardInterrupt only."""
    try:
        return Status.DONE, function(job), ""
    except (Exception, SystemExit) as error:  # noqa: BLE001 a job may raise anything
        return Status.RAISED, None, reason_of(error)
