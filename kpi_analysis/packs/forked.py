"""One forked process a job: start, listen, limit the time, take leave. Linux only.

The parent must be warm and should have one task only: a lock that another thread holds at the
moment of the fork stays locked in the child for ever.

Each child leads a process group, which is killed when the child ends, is late, or the parent
leaves; when the parent is killed, the kernel kills the children. Two things are not followed:
what a child of a killed parent had started itself, and what went into a session of its own (a
stock Jupyter kernel does, and ends when it sees its parent gone).
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, NoReturn

from kpi_analysis.packs.jobs import J, Outcome, R, Status, reason_of
from kpi_analysis.packs.runner import attempt

GRACE = 2.0  # seconds between the interrupt at the time limit and the kill
TICK = 0.1  # seconds between two looks at the clock
SOON = 0.002  # the same while a process is about to end
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None)  # loaded before any fork


@dataclass
class _Child(Generic[J]):
    """A running process, as the parent knows it."""

    job: J
    pid: int
    pipe: int
    start: float
    data: bytearray = field(default_factory=bytearray)
    is_open: bool = True
    is_late: bool = False


def run_forked(
    jobs: Iterable[J],
    function: Callable[[J], R],
    *,
    workers: int,
    seconds: float,
    leash: Iterable[int] = (),
) -> Iterator[Outcome[J, R]]:
    """Run every job in a process forked from this one; see `runner.run_jobs`.

    `leash` holds descriptors that become readable when nobody waits for the outcomes any more:
    all processes are then ended, and so is the iterator.
    """
    waiting = iter(jobs)
    running: list[_Child[J]] = []
    gc.collect()
    gc.freeze()  # so that a collection in a child does not write to, and copy, every page
    try:
        while True:
            jobs = list(islice(waiting, max(workers, 1) - len(running)))
            for job in jobs:
                try:
                    with _uninterrupted():
                        running.append(_start(job, function))
                except OSError as error:
                    reason = f"no process could be started: {error.strerror}"
                    yield Outcome(job, Status.DIED, None, reason, 0.0, 0.0)
            if not (jobs or running) or not _listen(running, leash):
                return
            for child in [child for child in running if _is_over(child, seconds)]:
                running.remove(child)
                yield _outcome(child, seconds)
    finally:
        for child in running:
            _end(child)
        gc.unfreeze()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C, so that no process starts of which the parent does not know."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(job: J, function: Callable[[J], R]) -> _Child[J]:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # or the child would write it a second time
    parent = os.getpid()
    reader, writer = os.pipe()
    try:
        pid = os.fork()
        if pid == 0:
            _work(job, function, writer, parent)
    except OSError:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    return _Child(job, pid, reader, time.monotonic())


def _work(job: J, function: Callable[[J], R], writer: int, parent: int) -> NoReturn:
    """Be the child: do the job, send (status, result, reason), and never return."""
    code = 1
    try:
        _settle(parent)
        outcome = attempt(function, job)
        try:
            message = pickle.dumps(outcome)
        except Exception as error:  # noqa: BLE001 whatever a foreign __reduce__ raises
            message = pickle.dumps((Status.RAISED, None, reason_of(error)))
        with open(writer, "wb") as pipe:
            pipe.write(message)
        sys.stdout.flush()
        sys.stderr.flush()
        code = 0
    finally:
        os._exit(code)  # the exit handlers are the parent's


def _settle(parent: int) -> None:
    """Make the copy of a process into a process of its own."""
    os.setsid()
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it died before it could be watched
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # stray prints must not mix with what the command says on stdout
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # `random` does so by itself: every job its own numbers


def _listen(running: list[_Child[J]], leash: Iterable[int]) -> bool:
    """Collect what the children sent, or wait a little. False when the leash is let go."""
    pipes = {child.pipe: child for child in running if child.is_open}
    poll = select.poll()
    for pipe in (*pipes, *leash):
        poll.register(pipe, select.POLLIN)
    tick = TICK if len(pipes) == len(running) else SOON
    ready = [pipe for pipe, _ in poll.poll(tick * 1000)]
    for pipe in ready:
        if pipe not in pipes:
            return False
        _read(pipes[pipe])
    return True


def _read(child: _Child[J]) -> None:
    chunk = os.read(child.pipe, 1 << 20)
    child.data.extend(chunk)
    child.is_open = bool(chunk)


def _is_over(child: _Child[J], seconds: float) -> bool:
    """Say whether the process has ended; interrupt it at the time limit, and kill it after."""
    if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        return True
    late = time.monotonic() - child.start - seconds
    if late > GRACE:
        _kill(child)
    elif late > 0 and not child.is_late:
        os.kill(child.pid, signal.SIGINT)  # an executed notebook then shows where it hung
        child.is_late = True
    return False


def _kill(child: _Child[J]) -> None:
    """Kill the child's group, or the child alone when it has not come to lead one."""
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _end(child: _Child[J]) -> tuple[int, float]:
    """Kill what is left of the group and take leave; give exit code and CPU seconds."""
    _kill(child)
    _, status, usage = os.wait4(child.pid, 0)
    while child.is_open and select.select([child.pipe], [], [], 0)[0]:
        _read(child)
    os.close(child.pipe)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


def _outcome(child: _Child[J], seconds: float) -> Outcome[J, R]:
    elapsed = time.monotonic() - child.start
    code, cpu = _end(child)
    status, result, reason = _received(child, code)
    if child.is_late:
        status, reason = Status.LATE, f"stopped at the time limit of {seconds:g} seconds"
    return Outcome(child.job, status, result, reason, elapsed, cpu)


def _received(child: _Child[J], code: int) -> tuple[Status, R | None, str]:
    if code == 0:
        try:
            message: tuple[Status, R | None, str] = pickle.loads(child.data)  # noqa: S301 our own
            return message
        except Exception as error:  # noqa: BLE001 cut short, or a foreign __setstate__ raises
            return Status.DIED, None, f"its result cannot be read: {reason_of(error)}"
    return Status.DIED, None, f"its process ended early, {cause(code)}"


def cause(code: int) -> str:
    """Put the end of a process into words; `code` is negative for a signal."""
    if code >= 0:
        return f"with exit code {code}"
    names = {int(number): number.name for number in signal.Signals}
    hint = " (out of memory?)" if -code == signal.SIGKILL else ""
    return f"killed by {names.get(-code, f'signal {-code}')}{hint}"
