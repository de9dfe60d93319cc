"""The `kpi` command: arguments to calls, KpiError to one line a fault, nothing else.

Exit codes: 0 done; 1 done, but something needs a person; 2 could not start, or the disk is full;
130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_analysis.errors import Finding, KpiError, Level
from kpi_analysis.packs.runner import ONE_THREAD

if TYPE_CHECKING:
    from kpi_analysis.periods import Period
    from kpi_analysis.records.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

MOST_LINES = 50  # faults shown in one go; kpi check --format json gives all

Folder = Annotated[Path, typer.Argument(help="a workspace folder", metavar="WORKSPACE")]
PeriodOption = Annotated[str, typer.Option("--period", help="2025-03, 2025-W09, 2025-03-14")]


class CheckFormat(StrEnum):
    """What `kpi check` prints."""

    TEXT = "text"
    JSON = "json"


class SignalsFormat(StrEnum):
    """What `kpi signals` prints."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


class Engine(StrEnum):
    """How notebooks are run: in forked processes, or each in a Jupyter kernel of its own."""

    WARM = "warm"
    KERNEL = "kernel"


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="show where an error arose")] = False,
) -> None:
    """Keep performance measures that people act on."""
    _Debug.on = debug


class _Debug:
    """Whether to show the traceback of an error: the one thing `main` cannot be told otherwise."""

    on = False


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="the folder to make", metavar="DIR")],
    demo: Annotated[bool, typer.Option("--demo", help="the demo organisation")] = False,
) -> None:
    """Make a new workspace, or the demo organisation."""
    from kpi_analysis.records.starter.write import write_demo, write_starter

    (write_demo if demo else write_starter)(folder)
    after = f"kpi packs {folder} --period 2025-03" if demo else f"kpi check {folder}"
    typer.echo(f"made {folder}; next: {after}")


@app.command()
def check(
    workspace: Folder,
    format: Annotated[CheckFormat, typer.Option("--format")] = CheckFormat.TEXT,
) -> None:
    """List data faults and design findings, each with its place and a cure."""
    from kpi_analysis.records.workspace import open_workspace
    from kpi_analysis.review.findings import as_record, findings_of

    findings = findings_of(open_workspace(workspace))
    if format is CheckFormat.JSON:
        _print_json(as_record(finding) for finding in findings)
    else:
        for finding in findings:
            typer.echo(_check_line(finding))
        typer.echo(_count_line(findings), err=True)
    errors = [one for one in findings if one.level is Level.ERROR and one.silenced is None]
    raise typer.Exit(bool(errors))


@app.command(name="next")
def next_steps(workspace: Folder) -> None:
    """Say the next small step for each unfinished measure."""
    from kpi_analysis.definitions.steps import next_step
    from kpi_analysis.records.workspace import open_workspace

    opened = open_workspace(workspace)
    steps = {name: next_step(measure) for name, measure in opened.measures.items() if measure.file}
    for name, step in steps.items():
        if step:
            typer.echo(f"{name}: {step}")
    if not any(steps.values()):
        typer.echo("nothing left to do: every measure is complete")
    raise typer.Exit(_tell_faults(opened))


@app.command()
def signals(
    source: Annotated[Path, typer.Argument(help="a workspace, or one CSV file", metavar="SOURCE")],
    team: Annotated[list[str] | None, typer.Option("--team", help="this team only")] = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", help="this measure only")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", help="wheeler, mdc, ...")] = None,
    period: Annotated[str | None, typer.Option("--period", help="read as it stood then")] = None,
    format: Annotated[SignalsFormat, typer.Option("--format")] = SignalsFormat.TEXT,
) -> None:
    """Show what the numbers say: limits, signals, verdicts and responses owed."""
    from kpi_analysis.definitions.steps import why_no_chart
    from kpi_analysis.review import table
    from kpi_analysis.review.organisation import review_teams

    workspace = _open(source)
    at = _period(period) if period else None
    reviews = review_teams(workspace, at, teams=team, rules=rules)
    chosen = table.chosen(workspace, reviews, measure)
    if format is SignalsFormat.JSON:
        _print_json(table.records(chosen))
    elif format is SignalsFormat.CSV:
        typer.echo(table.csv_text(chosen), nl=False)
    else:
        for line in table.lines(chosen):
            typer.echo(line)
        if not reviews:
            typer.echo(why_no_chart(workspace.measures.values()), err=True)
    raise typer.Exit(_tell_faults(workspace))


@app.command()
def xmr(
    file: Annotated[Path, typer.Argument(help="a CSV file", metavar="FILE.csv")],
    column: Annotated[str | None, typer.Option("--column", help="the column of numbers")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="x.png, x.svg or x.html")] = None,
    better: Annotated[str | None, typer.Option("--better", help="higher or lower")] = None,
    target: Annotated[float | None, typer.Option("--target", help="what a value should be")] = None,
) -> None:
    """Chart one column of a spreadsheet, and say what it says."""
    from kpi_analysis.prompt.solo import xmr as chart

    view = chart(file, column, better=better, target=target)
    typer.echo(view.reading)
    typer.echo(f"chart: {view.save(out)}" if out else "for the chart: --out chart.png", err=True)


@app.command()
def lab(workspace: Folder) -> None:
    """Open JupyterLab on the workspace's explorer notebook; it is made the first time."""
    from kpi_analysis.prompt.lab import explorer_of, open_lab

    notebook, is_new = explorer_of(workspace)
    typer.echo(f"{'made' if is_new else 'yours, as you left it:'} {notebook}", err=True)
    raise typer.Exit(min(open_lab(notebook), 1))


@app.command()
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
        period=_period(period),
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
    _tell(run.faults)
    for one in run.failed:
        what = f"pack for {one.team}" if one.team else f"page {one.name}"
        older = "; the page of an earlier run is still there" if one.kept else ""
        typer.echo(f"no {'new ' if one.kept else ''}{what}: {one.reason}{older}", err=True)
    same = sum(one.status == "unchanged" for one in run.packs)
    there = len(run.packs) - len(run.failed)
    unchanged = f" ({same} unchanged)" if same else ""
    typer.echo(f"{there} of {len(run.packs)} packs{unchanged}: {run.folder / 'index.html'}")
    printed = not pdf or _printed(run.folder, plan.workers)
    raise typer.Exit(bool(run.failed or run.faults or not printed))


def _printed(folder: Path, workers: int) -> bool:
    """Print the pages of a folder; tell of those that could not be, and whether all could."""
    from kpi_analysis.packs.pdf import print_pages

    printed = print_pages(folder, workers)
    for fault in printed.faults:
        typer.echo(fault, err=True)
    if printed.there:
        typer.echo(f"{printed.there} PDF files beside the pages")
    return not printed.faults


@app.command()
def learn(
    folder: Annotated[Path, typer.Argument(help="a folder of your own", metavar="DIR")],
    progress: Annotated[bool, typer.Option("--progress", help="say what is done")] = False,
    copy_only: Annotated[bool, typer.Option("--copy-only", help="do not open it")] = False,
) -> None:
    """Copy the course to a folder of your own and open it in JupyterLab."""
    from kpi_analysis.training.course import begin, open_lab, progress_words

    if progress:
        for line in progress_words(folder):
            typer.echo(line)
        return
    course = begin(folder)
    typer.echo(f"the course is in {folder}; what is done: kpi learn {folder} --progress")
    if not copy_only:
        raise typer.Exit(open_lab(course))


def _open(source: Path) -> Workspace:
    from kpi_analysis.records.workspace import open_table, open_workspace

    return open_table(source) if source.is_file() else open_workspace(source)


def _period(text: str) -> Period:
    from kpi_analysis.periods import Period

    return Period.parse(text)


def _tell_faults(workspace: Workspace) -> bool:
    faults = [one for one in workspace.findings if one.level is Level.ERROR]
    _tell(faults)
    return bool(faults)


def _tell(faults: Sequence[Finding]) -> None:
    for fault in faults[:MOST_LINES]:
        typer.echo(str(fault), err=True)
    if len(faults) > MOST_LINES:
        typer.echo(f"and {len(faults) - MOST_LINES} more: kpi check lists them all", err=True)


def _check_line(finding: Finding) -> str:
    better = f" Better: {finding.better}" if finding.better else ""
    silenced = f" (silenced: {finding.silenced})" if finding.silenced else ""
    return f"{finding.level}: {finding} [{finding.rule}]{better}{silenced}"


def _count_line(findings: Sequence[Finding]) -> str:
    counts = [(level, sum(one.level is level for one in findings)) for level in Level]
    said = ", ".join(f"{n} {level}{'' if n == 1 else 's'}" for level, n in counts if n)
    return said or "nothing found"


def _print_json(records: Iterable[Mapping[str, object]]) -> None:
    for record in records:
        typer.echo(json.dumps(record, ensure_ascii=False))


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
    if done % step == 0 or done == of:
        typer.echo(f"{done} of {of} pages", err=True)


def main() -> None:
    """Run the command; an error of the user's is told in one line a fault, with exit code 2."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows pipe may know no "≤"
    try:
        app()
    except KpiError as error:
        if _Debug.on:
            traceback.print_exc()
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("stopped; kpi packs --retry goes on where it was", err=True)
        sys.exit(130)
