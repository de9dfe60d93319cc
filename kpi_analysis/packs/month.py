"""All packs of a period: review everything, build, publish whole pages, write the index.

Everything is built in a folder of its own beside the period's and moved into place when it is
finished: a reader never sees half a page, and a failed pack never costs another.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from kpi_analysis.errors import Finding, Level, PackError
from kpi_analysis.packs.build import NOTEBOOKS, PackJob, build_pack, warm_up
from kpi_analysis.packs.index import Built, index_page
from kpi_analysis.packs.jobs import Outcome, Status
from kpi_analysis.packs.runner import default_engine, run_jobs
from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.version import VERSION

PACK_SECONDS = 600.0


@dataclass(frozen=True)
class PackRecord:
    """One pack of run.json: `status` is built or failed."""

    team: str
    page: str
    status: str
    reason: str
    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Run:
    """One run over a period: where its pages are, what became of each pack, what was found."""

    folder: Path
    packs: tuple[PackRecord, ...]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[PackRecord, ...]:
        """The packs that could not be built."""
        return tuple(one for one in self.packs if one.status != "built")

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The errors among the findings."""
        return tuple(one for one in self.findings if one.level is Level.ERROR)


@dataclass(frozen=True)
class Plan:
    """What to build, and how. `out` is the folder that gets a folder for each period."""

    workspace: Path
    period: Period
    out: Path
    teams: Collection[str] | None = None
    engine: str = ""
    workers: int = 1
    made_on: str = ""


def build_month(
    plan: Plan, on_done: Callable[[int, int], object] = lambda _done, _all: None
) -> Run:
    """Build the packs of a period and its index; `on_done` hears how many of how many are done.

    Raises KpiError before anything is written where the workspace cannot be opened, a team is
    unknown or the output folder cannot be written.
    """
    workspace = open_workspace(plan.workspace)
    reviews = review_teams(workspace, plan.period)
    chosen = _chosen(workspace, plan, reviews)
    folder = plan.out / str(plan.period)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=".building-", dir=plan.out))
    except OSError as error:
        raise PackError(f"cannot write to '{plan.out}': {error.strerror}") from None
    try:
        records = _build(plan, workspace, chosen, staged, on_done)
        _publish(plan, workspace, reviews, records, staged)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Run(folder, tuple(records), workspace.findings)


def _chosen(
    workspace: Workspace, plan: Plan, reviews: dict[str, TeamReview]
) -> dict[str, TeamReview]:
    named = review_teams(workspace, plan.period, teams=plan.teams) if plan.teams else reviews
    if not named:
        raise PackError(f"no values up to {plan.period.label}: there is nothing to review")
    return named


def page_names(teams: Collection[str]) -> dict[str, str]:
    """Give each team a file name: its id, made safe and unique where it must be."""
    names: dict[str, str] = {}
    taken = {"index"}
    for team in sorted(teams):
        name = re.sub(r"[^A-Za-z0-9._-]", "-", team).strip(".-") or "team"
        if name != team or name.lower() in taken:
            name = f"{name[:60]}-{blake2b(team.encode(), digest_size=4).hexdigest()}"
        taken.add(name.lower())
        names[team] = name
    return names


def _build(
    plan: Plan,
    workspace: Workspace,
    chosen: dict[str, TeamReview],
    staged: Path,
    on_done: Callable[[int, int], object],
) -> list[PackRecord]:
    names = page_names(workspace.teams)
    (staged / "notebooks").mkdir()
    jobs = [_job(plan, review, staged, names[team]) for team, review in chosen.items()]
    records = []
    outcomes = run_jobs(jobs, build_pack, workers=plan.workers, seconds=PACK_SECONDS, warm=warm_up)
    with closing(outcomes):  # type: ignore[type-var] # a generator, which has a close
        for outcome in outcomes:
            records.append(_record(outcome))
            on_done(len(records), len(jobs))
    return sorted(records, key=lambda one: list(chosen).index(one.team))


def _job(plan: Plan, review: TeamReview, staged: Path, name: str) -> PackJob:
    return PackJob(
        team=review.id,
        title=f"{review.name}: review of {plan.period.label}",
        notebook=NOTEBOOKS / "packs" / "team_pack.ipynb",
        parameters={
            "workspace": str(plan.workspace),
            "team": review.id,
            "period": str(plan.period),
            "made_on": plan.made_on,
        },
        page=staged / f"{name}.html",
        executed=staged / "notebooks" / f"{name}.ipynb",
        engine=plan.engine or default_engine(),
    )


def _record(outcome: Outcome[PackJob, Path]) -> PackRecord:
    built = outcome.status is Status.DONE and outcome.job.page.is_file()
    return PackRecord(
        team=outcome.job.team,
        page=outcome.job.page.name,
        status="built" if built else "failed",
        reason=outcome.reason,
        seconds=round(outcome.seconds, 2),
        cpu_seconds=round(outcome.cpu, 2),
    )


def _publish(
    plan: Plan,
    workspace: Workspace,
    reviews: dict[str, TeamReview],
    records: list[PackRecord],
    staged: Path,
) -> None:
    """Move what was built into place, page by page, then the index, then run.json."""
    folder = plan.out / str(plan.period)
    for kind in ("notebooks", "failed"):
        (folder / kind).mkdir(exist_ok=True)
    for record in records:
        _publish_pack(record, staged, folder)
    if not any((folder / "failed").iterdir()):
        (folder / "failed").rmdir()
    known = {**_earlier(folder), **{one.team: one for one in records}}
    built = {
        team: Built(page=one.page) if one.status == "built" else Built(reason=one.reason)
        for team, one in known.items()
    }
    faults = [one for one in workspace.findings if one.level is Level.ERROR]
    page = index_page(
        workspace.name, plan.period, list(reviews.values()), built, faults, plan.made_on
    )
    _write(folder / "index.html", page, staged)
    manifest = {
        "workspace": workspace.name,
        "period": str(plan.period),
        "made_on": plan.made_on,
        "kpi_analysis": VERSION,
        "packs": [asdict(known[team]) for team in reviews if team in known],
        "faults": [str(one) for one in faults],
    }
    _write(folder / "run.json", json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", staged)


def _publish_pack(record: PackRecord, staged: Path, folder: Path) -> None:
    """Publish one page with its notebook; of a failed pack, the notebook and the reason."""
    notebook = Path(record.page).with_suffix(".ipynb")
    executed = staged / "notebooks" / notebook
    reason = folder / "failed" / Path(record.page).with_suffix(".txt")
    if record.status == "built":
        (staged / record.page).replace(folder / record.page)
        executed.replace(folder / "notebooks" / notebook)
        reason.unlink(missing_ok=True)
        (folder / "failed" / notebook).unlink(missing_ok=True)
        return
    (folder / record.page).unlink(missing_ok=True)
    if executed.exists():
        executed.replace(folder / "failed" / notebook)
    reason.write_text(f"{record.team}: {record.reason}\n", encoding="utf-8")


def _earlier(folder: Path) -> dict[str, PackRecord]:
    """Give the packs of an earlier run over the same period, so that one team can be rebuilt."""
    try:
        manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return {pack["team"]: PackRecord(**pack) for pack in manifest["packs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(path: Path, text: str, staged: Path) -> None:
    temporary = staged / path.name
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
