"""The command that builds the packs of a period, and how it shows its progress."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_analysis.commands.telling import Folder, read_period, tell

if TYPE_CHECKING:
    from kpi_analysis.packs.plan import Run

PeriodOption = Annotated[str, typer.Option("--period", help="2025-03, 2025-W09, 2025-03-14")]


class Engine(StrEnum):
    """How notebooks are run: in forked processes, or each in a Jupyter kernel of its own."""

    WARM = "warm"
    KERNEL = "kernel"


def packs(
    workspace: Folder,
    period: PeriodOption,
    out: Annotated[Path, typer.Option("--out", help="where the pages go")] = Path("reports"),
    team: Annotated[list[str] | None, typer.Option("--team", help="this team only")] = None,
    engine: Annotated[Engine | None, typer.Option("--engine")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256)] = None,
    scheduler: Annotated[str, typer.Option("--scheduler", help="a dask scheduler")] = "",
    force: Annotated[bool, typer.Option("--force", help="build unchanged packs too")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="only what the last run lacks")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="print each page, through Chromium")] = False,
) -> None:
    """Build every team's review pack of a period, and the leaders' index."""
    from kpi_analysis.packs.month import build_month
    from kpi_analysis.packs.plan import Plan, Stopped
    from kpi_analysis.periods import Frequency, Period

    plan = Plan(
        workspace=workspace,
        period=read_period(period),
        out=out,
        teams=team,
        engine=engine.value if engine else "",
        workers=workers or _cores(),
        scheduler=scheduler,
        force=force,
        retry=retry,
        made_on=Period(Frequency.DAY, date.today()).label,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's stop is a Ctrl-C
    try:
        with _progress() as on_done:
            run = build_month(plan, on_done)
    except Stopped as stopped:
        typer.echo(str(stopped), err=True)
        raise typer.Exit(130) from None
    _tell_run(run)
    printed = not pdf or _printed(run.folder, plan.workers)
    raise typer.Exit(bool(run.failed or run.faults or not printed))


def _tell_run(run: Run) -> None:
    tell(run.faults)
    tell(run.told, "published.csv has them all")
    for one in run.failed:
        what = f"pack for {one.team}" if one.team else f"page {one.name}"
        older = "; the page of an earlier run is still there" if one.kept else ""
        typer.echo(f"no {'new ' if one.kept else ''}{what}: {one.reason}{older}", err=True)
    same = sum(one.status == "unchanged" for one in run.packs)
    there = sum(one.is_there for one in run.packs)
    unchanged = f" ({same} unchanged)" if same else ""
    typer.echo(f"{there} of {len(run.packs)} packs{unchanged}: {run.folder / 'index.html'}")


def _printed(folder: Path, workers: int) -> bool:
    """Print the pages of a folder; tell of those that could not be, and whether all could."""
    from kpi_analysis.packs.pdf import print_pages

    printed = print_pages(folder, workers)
    for fault in printed.faults:
        typer.echo(fault, err=True)
    if printed.there:
        typer.echo(f"{printed.there} PDF files beside the pages")
    return not printed.faults


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """Give what draws progress: a bar on a terminal, a plain line every tenth elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn only when a pack is done: a thread that redraws it would stand in the way of fork.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as bar:
        task = bar.add_task("pages", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of, refresh=True)


def _plain_progress(done: int, of: int) -> None:
    step = max(1, of // 10)
    if done and (done % step == 0 or done == of):
        typer.echo(f"{done} of {of} pages", err=True)
