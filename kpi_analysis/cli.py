"""The `kpi` command: arguments to calls, KpiError to one line a fault, nothing else.

Exit codes: 0 done; 1 done, but something needs a person; 2 could not start, or the disk is full;
130 stopped by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import Annotated

import typer

from kpi_analysis.commands.look import check, next_steps, signals, xmr
from kpi_analysis.commands.make import init, lab, learn
from kpi_analysis.commands.packs import packs
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.runner import ONE_THREAD

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def common(
    debug: Annotated[bool, typer.Option("--debug", help="show where an error arose")] = False,
) -> None:
    """Keep performance measures that people act on."""
    _Debug.on = debug


class _Debug:
    """Whether to show the traceback of an error: the one thing `main` cannot be told otherwise."""

    on = False


app.command()(init)
app.command()(check)
app.command(name="next")(next_steps)
for command in (signals, xmr, lab, packs, learn):
    app.command()(command)


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
