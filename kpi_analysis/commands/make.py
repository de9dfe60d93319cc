"""The commands that make something: init, lab, learn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpi_analysis.commands.telling import Folder


def init(
    folder: Annotated[Path, typer.Argument(help="the folder to make", metavar="DIR")],
    demo: Annotated[bool, typer.Option("--demo", help="the demo organisation")] = False,
) -> None:
    """Make a new workspace, or the demo organisation."""
    from kpi_analysis.records.starter.write import write_demo, write_starter

    (write_demo if demo else write_starter)(folder)
    after = f"kpi packs {folder} --period 2025-03" if demo else f"kpi check {folder}"
    typer.echo(f"made {folder}; next: {after}")


def lab(workspace: Folder) -> None:
    """Open JupyterLab on the workspace's explorer notebook; it is made the first time."""
    from kpi_analysis.prompt.lab import explorer_of, open_lab

    notebook, is_new = explorer_of(workspace)
    typer.echo(f"{'made' if is_new else 'yours, as you left it:'} {notebook}", err=True)
    raise typer.Exit(min(open_lab(notebook), 1))


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
