"""The commands that look at a workspace and say what is there: check, next, signals, xmr."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_analysis.commands.telling import Folder, print_json, read_period, tell_faults
from kpi_analysis.errors import Finding, Level

if TYPE_CHECKING:
    from kpi_analysis.records.workspace import Workspace


class CheckFormat(StrEnum):
    """What `kpi check` prints."""

    TEXT = "text"
    JSON = "json"


class SignalsFormat(StrEnum):
    """What `kpi signals` prints."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def check(
    workspace: Folder,
    format: Annotated[CheckFormat, typer.Option("--format")] = CheckFormat.TEXT,
) -> None:
    """List data faults and design findings, each with its place and a cure."""
    from kpi_analysis.records.workspace import open_workspace
    from kpi_analysis.review.findings import as_record, findings_of
    from kpi_analysis.review.lint import line_of

    findings = findings_of(open_workspace(workspace))
    if format is CheckFormat.JSON:
        print_json(as_record(finding) for finding in findings)
    else:
        for finding in findings:
            typer.echo(line_of(finding))
        typer.echo(_count_line(findings), err=True)
    errors = [one for one in findings if one.level is Level.ERROR and one.silenced is None]
    raise typer.Exit(bool(errors))


def next_steps(workspace: Folder) -> None:
    """Say the next small step for each unfinished measure."""
    from kpi_analysis.definitions.steps import why_no_chart
    from kpi_analysis.records.workspace import open_workspace
    from kpi_analysis.review.next_steps import next_steps as steps_of

    opened = open_workspace(workspace)
    steps = steps_of(opened)
    for name, step in steps.items():
        typer.echo(f"{name}: {step}")
    if not any(one.file for one in opened.measures.values()) and not steps:
        typer.echo(why_no_chart(()))
    elif not steps:
        typer.echo("nothing left to do: every measure is complete")
    raise typer.Exit(tell_faults(opened))


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
    at = read_period(period) if period else None
    reviews = review_teams(workspace, at, teams=team, rules=rules)
    chosen = table.chosen(workspace, reviews, measure)
    if format is SignalsFormat.JSON:
        print_json(table.records(chosen))
    elif format is SignalsFormat.CSV:
        typer.echo(table.csv_text(chosen), nl=False)
    else:
        for line in table.lines(chosen):
            typer.echo(line)
        if not reviews:
            typer.echo(why_no_chart(workspace.measures.values()), err=True)
    raise typer.Exit(tell_faults(workspace))


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


def _open(source: Path) -> Workspace:
    from kpi_analysis.records.workspace import open_table, open_workspace

    return open_table(source) if source.is_file() else open_workspace(source)


def _count_line(findings: Sequence[Finding]) -> str:
    counts = [(level, sum(one.level is level for one in findings)) for level in Level]
    said = ", ".join(f"{n} {level}{'' if n == 1 else 's'}" for level, n in counts if n)
    return said or "nothing found"
