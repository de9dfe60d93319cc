"""All packs of a period: review everything, build what changed, publish, write the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kpi_analysis.errors import Finding, Level, PackError
from kpi_analysis.packs.build import NOTEBOOKS, PackJob, build_pack, warm_up
from kpi_analysis.packs.fingerprint import fingerprints
from kpi_analysis.packs.index import Built, Issue, index_page, walk_page
from kpi_analysis.packs.jobs import Outcome, Status
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.packs.publish import (
    MonthFolder,
    PackRecord,
    PackStatus,
    month_folder,
    page_names,
)
from kpi_analysis.packs.runner import default_engine, run_jobs
from kpi_analysis.packs.shared import Reviewed, held, hold, review_month
from kpi_analysis.periods import Period
from kpi_analysis.review.organisation import known_teams

PACK_SECONDS = 600.0
MANIFEST_SECONDS = 1.0  # run.json is written anew at most so often while packs are built

Heard = Callable[[int, int], object]


@dataclass(frozen=True)
class Plan:
    """What to build, and how. `out` is the folder that gets a folder for each period.

    Packs whose inputs are unchanged are left as they are, unless `force`; `retry` builds only
    those that the last run did not. `seconds` is the time limit of one pack.
    """

    workspace: Path
    period: Period
    out: Path
    teams: Collection[str] | None = None
    engine: str = ""
    workers: int = 1
    scheduler: str = ""
    force: bool = False
    retry: bool = False
    made_on: str = ""
    seconds: float = PACK_SECONDS


@dataclass(frozen=True)
class Run:
    """One run over a period: where its pages are, what became of each pack, what was found."""

    folder: Path
    packs: tuple[PackRecord, ...]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[PackRecord, ...]:
        """The packs that are not there."""
        return tuple(one for one in self.packs if not one.is_there)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The errors among the findings."""
        return tuple(one for one in self.findings if one.level is Level.ERROR)


def build_month(plan: Plan, on_done: Heard = lambda _done, _all: None) -> Run:
    """Build the packs of a period and its index; `on_done` hears how many of how many are done.

    Raises KpiError before anything is written where the workspace cannot be opened, a team is
    unknown, the output folder cannot be written or another run is writing to it.
    """
    month = review_month(plan.workspace, plan.period)
    teams = known_teams(month.workspace, plan.teams)
    if not any(month.reviews[team].measures for team in teams if team in month.reviews):
        raise PackError(f"no values up to {plan.period.label}: there is nothing to review")
    facts = {
        "workspace": month.workspace.name,
        "period": str(plan.period),
        "made_on": plan.made_on,
        "faults": [str(one) for one in month.workspace.findings if one.level is Level.ERROR],
    }
    with month_folder(plan.out, str(plan.period), facts) as folder, held(month):
        records = _Month(plan, month, folder, teams).build(on_done)
    packs = tuple(records[team] for team in teams)
    return Run(folder.folder, packs, month.workspace.findings)


class _Month:
    """One run: the records of all packs, kept true in run.json while they are built."""

    def __init__(
        self, plan: Plan, month: Reviewed, folder: MonthFolder, teams: Collection[str]
    ) -> None:
        self.plan = plan
        self.month = month
        self.folder = folder
        # The notebook as it is now: it may be edited while the packs are built.
        self.notebook = folder.aside / "team_pack.ipynb"
        self.notebook.write_bytes((NOTEBOOKS / "packs" / "team_pack.ipynb").read_bytes())
        self.prints = fingerprints(month, self.notebook.read_bytes())
        self.names = page_names(month.workspace.teams)
        earlier = folder.earlier()
        self.records = {
            team: earlier.get(
                team, PackRecord(team, f"{self.names[team]}.html", PackStatus.PENDING)
            )
            for team in month.reviews
        }
        self.due = [team for team in month.reviews if team in teams and self._is_due(team)]

    def _is_due(self, team: str) -> bool:
        record = self.records[team]
        is_there = record.is_there and (self.folder.folder / record.page).is_file()
        if self.plan.retry:
            return not is_there
        return self.plan.force or not is_there or record.fingerprint != self.prints[team]

    def build(self, on_done: Heard) -> Mapping[str, PackRecord]:
        """Build what is due, publish each pack when it is finished, and the index at the end."""
        for team, record in self.records.items():
            if team in self.due:
                self.records[team] = replace(
                    record, status=PackStatus.PENDING, reason="", seconds=0
                )
            elif record.is_there and record.fingerprint == self.prints[team]:
                self.records[team] = replace(record, status=PackStatus.UNCHANGED)
        try:
            self._run(on_done)
        finally:
            self._finish()
        return self.records

    def _run(self, on_done: Heard) -> None:
        written = -MANIFEST_SECONDS
        for done, outcome in enumerate(self._outcomes(), start=1):
            record = self._record(outcome)
            self.folder.publish(record)
            self.records[record.team] = record
            if time.monotonic() - written > MANIFEST_SECONDS:
                self.folder.manifest(self.records.values(), finished=False)
                written = time.monotonic()
            on_done(done, len(self.due))

    def _outcomes(self) -> Iterator[Outcome[PackJob, Path]]:
        if not self.due:
            return
        jobs = [self._job(team) for team in self.due]
        plan, seconds = self.plan, self.plan.seconds
        ready = partial(get_ready, plan.workspace, plan.period)
        if plan.scheduler:
            from kpi_analysis.packs.cluster import run_on_cluster

            yield from run_on_cluster(jobs, plan.scheduler, seconds=seconds, ready=ready)
            return
        outcomes = run_jobs(jobs, build_pack, workers=plan.workers, seconds=seconds, warm=ready)
        with closing(outcomes):
            yield from outcomes

    def _job(self, team: str) -> PackJob:
        name = self.names[team]
        return PackJob(
            team=team,
            title=f"{self.month.reviews[team].name}: review of {self.plan.period.label}",
            notebook=self.notebook,
            parameters={
                "workspace": str(self.plan.workspace),
                "team": team,
                "period": str(self.plan.period),
                "made_on": self.plan.made_on,
            },
            page=self.folder.aside / f"{name}.html",
            executed=self.folder.aside / "notebooks" / f"{name}.ipynb",
            engine=self.plan.engine or default_engine(),
        )

    def _record(self, outcome: Outcome[PackJob, Path]) -> PackRecord:
        job = outcome.job
        built = outcome.status is Status.DONE and job.page.is_file()
        return PackRecord(
            team=job.team,
            page=job.page.name,
            status=PackStatus.BUILT if built else PackStatus.FAILED,
            reason=outcome.reason,
            seconds=round(outcome.seconds, 2),
            cpu_seconds=round(outcome.cpu, 2),
            fingerprint=self.prints[job.team] if built else "",
        )

    def _finish(self) -> None:
        """Write the index and run.json: also when the run is stopped in the middle."""
        built = {team: _built(record) for team, record in self.records.items()}
        issue = Issue.of(self.month, self.names, self.plan.made_on)
        self.folder.write("walk.html", walk_page(issue))
        self.folder.write("index.html", index_page(issue, built))
        self.folder.tidy()
        finished = all(one.status is not PackStatus.PENDING for one in self.records.values())
        self.folder.manifest(self.records.values(), finished=finished)


def _built(record: PackRecord) -> Built:
    if record.is_there:
        return Built(page=record.page)
    return Built(reason=record.reason or "not built yet")


def get_ready(workspace: Path, period: Period) -> None:
    """Make this process ready to be forked: all imported, all reviewed, one page drawn."""
    warm_up()
    month = review_month(workspace, period)
    hold(month)
    for review in list(month.reviews.values())[:1]:
        _ = TeamPack(month.workspace, review, None, "").details
