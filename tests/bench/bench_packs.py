"""Times the plain way to a month of packs (papermill, nbconvert, team by team) and `kpi packs`.

    python tests/bench/bench_packs.py [WORKSPACE] [--period 2025-03] [--teams 10] [--notebook FILE]

Both ways run here, one after the other, on the same notebook, data and machine, start-up counted.
Prints a Markdown table. Takes some minutes: nearly all of it is the plain way.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

import kpi_analysis as kpi

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = Path(sys.executable).parent
# Without this each start would compile the libraries anew on machines that forbid bytecode.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Month:
    """What to build, by either way."""

    workspace: Path
    period: str
    teams: Sequence[str]
    notebook: Path


@dataclass(frozen=True)
class Cost:
    """What it took: CPU seconds of all processes, and seconds on the wall."""

    packs: int
    cpu: float
    wall: float

    def row(self, way: str) -> str:
        """Give a row of the table."""
        each = f"{self.cpu / self.packs:.2f} | {self.wall / self.packs:.2f}"
        return f"| {way} | {self.packs} | {self.cpu:.1f} | {self.wall:.1f} | {each} |"


def cost(packs: int, build: Callable[[], object]) -> Cost:
    """Run `build` and measure the processes that it starts and waits for."""
    used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    build()
    wall, now = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Cost(packs, cpu, wall)


def run(command: str, *arguments: object) -> None:
    """Run one of the commands of this environment; stop at its words when it fails."""
    words = [str(COMMANDS / command), *map(str, arguments)]
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def plain(month: Month, out: Path) -> None:
    """Build as a script of two commands a team does it."""
    for team in month.teams:
        executed = out / f"{team}.ipynb"
        parameters = {
            "workspace": month.workspace,
            "team": team,
            "period": month.period,
            "made_on": "",
        }
        pairs = [word for name, value in parameters.items() for word in ("-r", name, value)]
        run("papermill", month.notebook, executed, *pairs, "--no-progress-bar")
        run("jupyter", "nbconvert", "--to", "html", "--no-input", executed)


def packs(month: Month, out: Path, workers: int) -> None:
    """Build as `kpi packs` does it."""
    teams = [word for team in month.teams for word in ("--team", team)]
    options = ["--period", month.period, "--out", out, "--workers", workers]
    run("kpi", "packs", month.workspace, *options, *teams)


def report(month: Month, folder: Path) -> list[str]:
    """Measure both ways and give the lines to print."""
    count, cores = len(month.teams), len(os.sched_getaffinity(0))
    first = Month(month.workspace, month.period, month.teams[:1], month.notebook)
    for name in ("plain", "again"):
        (folder / name).mkdir()
    plain(first, folder / "again")  # not counted: compiles what is compiled once
    packs(first, folder / "first", 1)
    by_hand = cost(count, lambda: plain(month, folder / "plain"))
    one = cost(1, lambda: packs(first, folder / "one", 1))
    single = cost(count, lambda: packs(month, folder / "single", 1))
    every = cost(count, lambda: packs(month, folder / "every", cores))
    again = cost(count, lambda: packs(month, folder / "every", cores))
    further = (single.cpu - one.cpu) / (count - 1)
    return [
        f"Python {platform.python_version()}, {platform.system()}, {cores} cores, {count} teams, "
        f"notebook {month.notebook.name}, start-up counted.",
        "",
        "| way | packs | CPU s | wall s | CPU s a pack | wall s a pack |",
        "|---|--:|--:|--:|--:|--:|",
        by_hand.row("papermill, then jupyter nbconvert, team by team"),
        single.row("kpi packs, one worker"),
        every.row(f"kpi packs, {cores} workers"),
        again.row("kpi packs, the same again"),
        one.row("kpi packs, one team only"),
        "",
        f"One further pack: {further:.3f} CPU s, {by_hand.cpu / count / further:.0f} times less.",
        f"All {count}, start-up counted: {by_hand.cpu / single.cpu:.1f} times less CPU, "
        f"{by_hand.wall / every.wall:.1f} times faster on the wall.",
        "",
        *where_it_goes(folder / "single" / month.period),
    ]


def where_it_goes(folder: Path) -> list[str]:
    """Give the mean time of each cell, from the executed notebooks, and of what is around them."""
    books = [nbformat.read(path, 4) for path in sorted((folder / "notebooks").glob("*.ipynb"))]
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    whole = statistics.mean(pack["seconds"] for pack in manifest["packs"])
    rows = [
        (cells[0].source.strip().splitlines()[-1], statistics.mean(map(seconds, cells)))
        for cells in zip(*(book.cells for book in books), strict=True)
        if cells[0].cell_type == "code"
    ]
    rows.append(("fork, fresh shell, save, export, write", whole - sum(time for _, time in rows)))
    return [
        "| where the time of one pack goes | ms |",
        "|---|--:|",
        *(f"| `{what}` | {1000 * spent:.0f} |" for what, spent in rows),
        f"| all | {1000 * whole:.0f} |",
    ]


def seconds(cell: nbformat.NotebookNode) -> float:
    """Give the time that papermill noted for a cell."""
    return float(cell.metadata.papermill.duration or 0.0)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workspace", nargs="?", type=Path, default=ROOT / "data" / "demo")
    parser.add_argument("--period", default="2025-03")
    parser.add_argument("--teams", type=int, default=10, help="how many, at least 2")
    parser.add_argument(
        "--notebook", type=Path, default=ROOT / "notebooks" / "packs" / "team_pack.ipynb"
    )
    chosen = parser.parse_args()
    teams = list(kpi.open(chosen.workspace).teams)[: chosen.teams]
    if len(teams) < 2:
        parser.error(f"{chosen.workspace} has {len(teams)} teams: at least 2 are needed")
    month = Month(chosen.workspace.resolve(), chosen.period, teams, chosen.notebook.resolve())
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(report(month, Path(folder))))


if __name__ == "__main__":
    main()
