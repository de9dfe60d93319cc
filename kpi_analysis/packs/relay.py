"""Forks from a fresh process where this one has several tasks: a notebook, a dask worker.

The jobs go to the fresh process by pickle, and the outcomes come back as they are there. It ends,
with all it started, when the pipe to it is closed: by us, or by the kernel when we die.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any, cast

from kpi_analysis.packs.forked import GRACE, cause, run_forked
from kpi_analysis.packs.jobs import J, Outcome, R, Status
from kpi_analysis.packs.runner import ONE_THREAD

# Started by statement, not as a module: what __main__ defines cannot be unpickled elsewhere.
BOOT = "import sys; sys.path[:] = {!r}; from kpi_analysis.packs.relay import serve; serve()"


def run_relayed(
    jobs: Iterable[J],
    function: Callable[[J], R],
    *,
    workers: int,
    seconds: float,
    warm: Callable[[], object],
) -> Iterator[Outcome[J, R]]:
    """Run every job in a process forked from a fresh one; see `runner.run_jobs`."""
    missing = dict(enumerate(jobs))
    order = pickle.dumps((list(missing.values()), function, workers, seconds, warm))
    server = subprocess.Popen(  # noqa: S603 this Python, and a statement of our own
        [sys.executable, "-c", BOOT.format(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | ONE_THREAD,
        start_new_session=True,  # Ctrl-C comes to us only
    )
    try:
        with suppress(BrokenPipeError):  # told below: the server has ended
            cast(IO[bytes], server.stdin).write(order)
            cast(IO[bytes], server.stdin).flush()
        for index, outcome in _outcomes(cast(IO[bytes], server.stdout)):
            yield replace(outcome, job=missing.pop(index))
        reason = f"the process that starts the others ended, {cause(server.wait())}"
        for job in missing.values():
            yield Outcome(job, Status.DIED, None, reason, 0.0, 0.0)
    finally:
        _stop(server)


def _outcomes(pipe: IO[bytes]) -> Iterator[tuple[int, Outcome[Any, Any]]]:
    """Give what the server sends, until it is cut off."""
    with suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(pipe)  # noqa: S301 our own server's


def _stop(server: subprocess.Popen[bytes]) -> None:
    for pipe in (server.stdin, server.stdout):
        with suppress(BrokenPipeError):
            cast(IO[bytes], pipe).close()
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:  # it still imports
        server.kill()
        server.wait()


def serve() -> None:
    """Be the fresh process: read the order from stdin, write numbered outcomes to stdout."""
    with suppress(BrokenPipeError), open(os.dup(1), "wb") as pipe:  # noqa: PTH123 a descriptor
        os.dup2(2, 1)
        jobs, function, workers, seconds, warm = pickle.load(sys.stdin.buffer)  # noqa: S301 ours
        warm()
        for outcome in run_forked(
            enumerate(jobs),
            lambda numbered: function(numbered[1]),
            workers=workers,
            seconds=seconds,
            leash=[0],
        ):
            unnamed = replace(cast(Outcome[Any, Any], outcome), job=None)
            pickle.dump((outcome.job[0], unnamed), pipe)
            pipe.flush()
