"""Times a month of packs the plain way (papermill, jupyter nbconvert) and as `kpi packs`.

    python tests/bench/bench_packs.py                 ten teams, both ways: the README's table
    python tests/bench/bench_packs.py --teams 4 --workspace data/demo --period 2025-03
    python tests/bench/bench_packs.py --scale         100 teams twice, 130 hospitals, 1,000 teams

Both ways run here, one after the other, on the same notebook, data and machine, as the commands
that a person would type: start-up is counted, and so is every process they start. The plain way
takes its templates from nbconvert as installed. Prints Markdown. Without a workspace, teams with
eight measures of 39 months each are made up. Some minutes; --scale takes about a quarter hour.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

import kpi_analysis as kpi

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "packs"))
import organisations  # noqa: E402 a neighbour of the tests, which are no package

COMMANDS = Path(sys.executable).parent
NOTEBOOK = ROOT / "notebooks" / "packs" / "team_pack.ipynb"
HOSPITALS = ROOT.parent / "shared" / "data" / "ae" / "ae_type1_all.csv"
A_PACK = 10.0  # MB that a pack being built has for itself, and no helper such as fc-list
# Without this each start would compile the libraries anew on machines that forbid bytecode.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Month:
    """What to build, by either way."""

    workspace: Path
    period: str
    teams: Sequence[str]


@dataclass(frozen=True)
class Cost:
    """What a command took: CPU seconds of all its processes, wall seconds, megabytes at most.

    `parent` is the memory of the command itself at its first and last look, `child` the most
    that a process it started had for itself alone.
    """

    cpu: float
    wall: float
    parent: tuple[float, float] = (0.0, 0.0)
    child: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu + other.cpu, self.wall + other.wall)


def run(command: str, *arguments: object, watch: bool = False) -> Cost:
    """Run one of the commands of this environment; stop at its words when it fails."""
    words = [str(COMMANDS / command), *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as said:
        start = time.monotonic()
        process = subprocess.Popen(words, env=ENVIRONMENT, stdout=said, stderr=said)
        seen = list(looks(process.pid)) if watch else []
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(words)}\n{said.read()}")
    parents = [parent for parent, child in seen if child > A_PACK] or [0.0]
    child = max((child for _, child in seen), default=0.0)
    return Cost(used.ru_utime + used.ru_stime, wall, (parents[0], parents[-1]), child)


def looks(pid: int) -> Iterator[tuple[float, float]]:
    """Give, four times a second, the MB of a process and the most of its children's own."""
    while True:
        try:
            mine = memory(pid, "Rss")
            tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (OSError, ValueError):  # it has ended
            return
        yield mine, max((own(int(task)) for task in tasks), default=0.0)
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.25)


def own(pid: int) -> float:
    """Give the MB that a process shares with no other; 0 once it has ended."""
    try:
        return memory(pid, "Private_Dirty") + memory(pid, "Private_Clean")
    except (OSError, ValueError):
        return 0.0


def memory(pid: int, name: str) -> float:
    """Give one figure of /proc's account of a process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (words,) = (line.split() for line in lines if line.startswith(f"{name}:"))
    return int(words[1]) / 1024


def plain(month: Month, out: Path) -> Cost:
    """Build as a script of two commands a team does it."""
    cost = Cost(0, 0)
    for team in month.teams:
        executed = out / f"{team}.ipynb"
        parameters = {
            "workspace": month.workspace,
            "team": team,
            "period": month.period,
            "made_on": "",
        }
        pairs = [word for name, value in parameters.items() for word in ("-r", name, value)]
        cost += run("papermill", NOTEBOOK, executed, *pairs, "--no-progress-bar")
        cost += run("jupyter", "nbconvert", "--to", "html", executed)
    return cost


def packs(month: Month, out: Path, workers: int, **options: bool) -> Cost:
    """Build as `kpi packs` does it."""
    teams = [word for team in month.teams for word in ("--team", team)]
    where = ["--period", month.period, "--out", out, "--workers", workers]
    return run("kpi", "packs", month.workspace, *where, *teams, **options)


def row(way: str, cost: Cost, count: int, beside: Cost | None = None) -> str:
    """Give a row of the table of ways."""
    ratio = f"{beside.cpu / cost.cpu:.1f}" if beside else "1"
    each = f"{cost.cpu / count:.2f} | {cost.wall / count:.2f}"
    return f"| {way} | {count} | {cost.cpu:.1f} | {cost.wall:.1f} | {each} | {ratio} |"


def compare(month: Month, folder: Path) -> Iterator[str]:
    """Measure both ways and give the lines to print."""
    count, cores = len(month.teams), len(os.sched_getaffinity(0))
    first = Month(month.workspace, month.period, month.teams[:1])
    for name in ("plain", "again"):
        (folder / name).mkdir()
    plain(first, folder / "again")  # not counted: compiles what is compiled once
    packs(first, folder / "first", 1)
    by_hand = plain(month, folder / "plain")
    one = packs(first, folder / "one", 1)
    single = packs(month, folder / "single", 1)
    every = packs(month, folder / "every", cores)
    again = packs(month, folder / "every", cores)
    further = (single.cpu - one.cpu) / (count - 1)
    yield from (
        f"Python {platform.python_version()}, {platform.system()}, {cores} cores, {count} teams, "
        f"{NOTEBOOK.name}, start-up counted.",
        "",
        "| way | packs | CPU s | wall s | CPU s a pack | wall s a pack | times less CPU |",
        "|---|--:|--:|--:|--:|--:|--:|",
        row("papermill, then jupyter nbconvert, team by team", by_hand, count),
        row("kpi packs, one worker", single, count, by_hand),
        row(f"kpi packs, {cores} workers", every, count, by_hand),
        row("kpi packs, one team only", one, 1),
        row("kpi packs again, nothing changed", again, count),
        "",
        f"One further pack: {further:.2f} CPU s against {by_hand.cpu / count:.2f}, "
        f"{by_hand.cpu / count / further:.0f} times less. All {count}, start-up counted: "
        f"{by_hand.cpu / single.cpu:.1f} times less CPU, {by_hand.wall / every.wall:.1f} times "
        f"less time on the wall with {cores} workers.",
        "",
        *where_it_goes(folder / "single" / month.period),
        "",
        *start_up(month),
    )


def where_it_goes(folder: Path) -> Iterator[str]:
    """Give the mean wall time of each cell, from the executed notebooks, and of what is around."""
    books = [nbformat.read(path, 4) for path in sorted((folder / "notebooks").glob("*.ipynb"))]
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    whole = statistics.mean(pack["seconds"] for pack in manifest["packs"] if pack["seconds"])
    yield "| where the time of one pack goes | ms |"
    yield "|---|--:|"
    spent = 0.0
    for cells in zip(*(book.cells for book in books), strict=True):
        if cells[0].cell_type == "code":
            mean = statistics.mean(cell.metadata.papermill.duration or 0.0 for cell in cells)
            spent += mean
            yield f"| `{cells[0].source.strip().splitlines()[-1]}` | {1000 * mean:.0f} |"
    yield f"| fork, shell, save, export, write | {1000 * (whole - spent):.0f} |"
    yield f"| all | {1000 * whole:.0f} |"


def start_up(month: Month) -> Iterator[str]:
    """Give the CPU time of what comes before the first pack, measured in a fresh process."""
    steps = {
        "import": "from kpi_analysis.packs import build, fingerprint, index, making, shared\n"
        "from kpi_analysis.periods import Period\n"
        "from kpi_analysis.records.workspace import open_workspace",
        "open the workspace": f"workspace = open_workspace({str(month.workspace)!r})\n"
        f"period = Period.parse({month.period!r})",
        "fingerprints": "fingerprint.fingerprints(workspace, period, b'', {})",
        "review all teams": "month = shared.reviewed(workspace, period)\n"
        "names = {team: team for team in workspace.teams}\n"
        "pairs = index.entries(month, names)\n"
        "ready = shared.ready_to_hold(month, (review for _, review in pairs))",
        "import papermill, nbconvert, run a small notebook": "build.warm_up()",
        "import matplotlib, draw a page": "making.get_ready(ready)",
    }
    code = ["import time", "at = time.process_time()"]
    for name, step in steps.items():
        code += [step, f"print({name!r}, time.process_time() - at, sep='|')"]
        code += ["at = time.process_time()"]
    words = [sys.executable, "-c", "\n".join(code)]
    said = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    yield f"| where the start-up goes, {len(month.teams)} teams | CPU ms |"
    yield "|---|--:|"
    for line in said.splitlines():
        name, _, spent = line.partition("|")
        yield f"| {name} | {1000 * float(spent):.0f} |"


def scale(folder: Path) -> Iterator[str]:
    """Build large months and give the lines to print."""
    cores = len(os.sched_getaffinity(0))
    yield f"{cores} workers; MB of the command at its first and last pack, and of a pack alone."
    yield ""
    yield "| month | packs | CPU s | wall s | CPU s a pack | first MB | last MB | MB a pack |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    made: dict[int, Cost] = {}
    for name, count, make in months():
        month = Month(make(folder / name), "2019-03" if "hospitals" in name else "2025-03", ())
        cost = made[count] = packs(month, folder / f"{name} pages", cores, watch=True)
        yield scale_row(name, count, cost)
        if count == 100:
            again = packs(month, folder / f"{name} pages", cores)
            yield scale_row(f"{name}, again, nothing changed", count, again)
    each = (made[1000].cpu - made[100].cpu) / 900
    wall = (made[1000].wall - made[100].wall) / 900
    yield ""
    yield (
        f"From 100 to 1,000 teams, one further pack: {each:.2f} CPU s, {wall:.2f} s on the wall. "
        f"Computed from it, not run: 10,000 teams take {(made[1000].cpu + 9000 * each) / 60:.0f} "
        f"CPU minutes, {(made[1000].wall + 9000 * wall) / 60:.0f} minutes on the wall."
    )


def scale_row(name: str, count: int, cost: Cost) -> str:
    """Give a row of the table of sizes."""
    spent = f"{cost.cpu:.1f} | {cost.wall:.1f} | {cost.cpu / count:.2f}"
    memory = f"{cost.parent[0]:.0f} | {cost.parent[1]:.0f} | {cost.child:.0f}"
    return f"| {name} | {count} | {spent} | {memory if cost.child else '| |'} |"


def months() -> Iterator[tuple[str, int, Callable[[Path], Path]]]:
    """Give the months to build: name, packs, and what writes the workspace."""
    yield "100 teams", 100, lambda root: organisations.organisation(root, 100)
    if HOSPITALS.exists():
        yield "hospitals", 130, lambda root: organisations.hospitals(root, HOSPITALS)
    else:
        print(f"no hospitals: {HOSPITALS.name} is not beside the checkout", file=sys.stderr)
    yield "1,000 teams", 1000, lambda root: organisations.organisation(root, 1000)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, help="a workspace; without it, one is made up")
    parser.add_argument("--period", default="2025-03")
    parser.add_argument("--teams", type=int, default=10, help="how many, at least 2")
    parser.add_argument("--scale", action="store_true", help="large months instead")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.scale:
            lines = scale(folder)
        else:
            given = chosen.workspace
            workspace = given or organisations.organisation(folder / "org", chosen.teams)
            teams = list(kpi.open(workspace).teams)[: chosen.teams]
            if len(teams) < 2:
                parser.error(f"{workspace} has {len(teams)} teams: at least 2 are needed")
            lines = compare(Month(workspace.resolve(), chosen.period, teams), folder)
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
