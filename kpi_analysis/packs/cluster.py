"""Packs on many machines: chunks of jobs on the workers of a dask scheduler.

The workspace and the output folder must be at the same place for all of them (a shared disk).
A worker warms one process for a chunk and forks a process a pack from it, as on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import closing
from functools import partial
from math import ceil
from pathlib import Path

from kpi_analysis.errors import PackError
from kpi_analysis.packs.build import build_pack
from kpi_analysis.packs.jobs import Outcome, PackJob, Status, reason_of
from kpi_analysis.packs.runner import run_jobs

Done = Outcome[PackJob, Path]
Ready = Callable[[], object]

LEAST = 10  # packs in a chunk: to get a process ready costs as much as about ten packs
ROUNDS = 4  # chunks a worker, so that a slow one does not keep the others waiting


def run_on_cluster(
    jobs: Sequence[PackJob], address: str, *, seconds: float, ready: Ready
) -> Generator[Done, None, None]:
    """Build packs on the workers of the scheduler at `address`; yield outcomes chunk by chunk.

    `ready` gets a process ready for packs. A chunk whose worker is lost goes to
    another one (dask tries three times), which builds all of it. Raises PackError where the
    scheduler cannot be reached, has no workers, or the extra `distributed` is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        message = "--scheduler needs the extra: pip install 'kpi-analysis[distributed]'"
        raise PackError(message) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise PackError(f"no dask scheduler answers at '{address}': {reason_of(error)}") from None
    with client:
        workers = sum(client.nthreads().values())
        if not workers:
            raise PackError(f"the dask scheduler at '{address}' has no workers: start some")
        packs, others = [job for job in jobs if job.team], [job for job in jobs if not job.team]
        chunks = [*_chunks(packs, workers), *([others] if others else [])]
        run = partial(run_chunk, seconds=seconds, ready=ready)
        executor = client.get_executor(pure=False)
        futures = {executor.submit(run, chunk): chunk for chunk in chunks}
        for future in as_completed(futures):
            lost = future.exception()
            yield from future.result() if lost is None else _lost(futures[future], lost)


def run_chunk(jobs: Sequence[PackJob], *, seconds: float, ready: Ready) -> list[Done]:
    """Build some packs one after the other on this worker, as long as anybody waits for them."""
    done = []
    with closing(run_jobs(jobs, build_pack, workers=1, seconds=seconds, warm=ready)) as outcomes:
        for outcome in outcomes:
            done.append(outcome)
            if not outcome.job.page.parent.is_dir():  # the run was stopped, and cleared away
                break
    return done


def _chunks(jobs: Sequence[PackJob], workers: int) -> Iterator[Sequence[PackJob]]:
    if not jobs:
        return
    size = max(LEAST, ceil(len(jobs) / (workers * ROUNDS)))
    size = min(size, ceil(len(jobs) / workers))
    for first in range(0, len(jobs), size):
        yield jobs[first : first + size]


def _lost(jobs: Sequence[PackJob], error: BaseException) -> Iterator[Done]:
    reason = f"its worker was lost: {reason_of(error)}"
    for job in jobs:
        yield Outcome(job, Status.DIED, None, reason, 0.0, 0.0)
