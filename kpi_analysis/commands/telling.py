"""What commands read and say in the same way: workspaces, periods, faults, JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kpi_analysis.errors import Finding, Level

if TYPE_CHECKING:
    from kpi_analysis.periods import Period
    from kpi_analysis.records.workspace import Workspace

MOST_LINES = 50  # faults shown in one go; kpi check --format json gives all

Folder = Annotated[Path, typer.Argument(help="a workspace folder", metavar="WORKSPACE")]


def read_period(text: str) -> Period:
    """Read the period of an option."""
    from kpi_analysis.periods import Period

    return Period.parse(text)


def tell_faults(workspace: Workspace) -> bool:
    """Print the errors of a workspace; say whether there are any."""
    faults = [one for one in workspace.findings if one.level is Level.ERROR]
    tell(faults)
    return bool(faults)


def tell(faults: Sequence[Finding], rest: str = "kpi check lists them all") -> None:
    """Print faults, a line each; of more than MOST_LINES `rest` says where they are."""
    for fault in faults[:MOST_LINES]:
        typer.echo(str(fault), err=True)
    if len(faults) > MOST_LINES:
        typer.echo(f"and {len(faults) - MOST_LINES} more: {rest}", err=True)


def print_json(records: Iterable[Mapping[str, object]]) -> None:
    """Print an object a line."""
    for record in records:
        typer.echo(json.dumps(record, ensure_ascii=False))
