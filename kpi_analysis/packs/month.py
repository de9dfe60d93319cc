"""All packs of a period: read everything, build what is due, publish, write the leaders' pages."""

from __future__ import annotations

import time
from collections.abc import Collection, Generator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from kpi_analysis.errors import Finding, Level, PackError
from kpi_analysis.packs.build import (
    NOTEBOOKS,
    PackJob,
    build_pack,
    check_parameters,
    save_unfinished,
    warm_up,
)
from kpi_analysis.packs.index import Built, Issue, index_page, walk_page
from kpi_analysis.packs.jobs import Outcome, Status
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.packs.plan import Heard, Plan, Run, Stopped
from kpi_analysis.packs.publish import MonthFolder, PackRecord, PackStatus, month_folder
from kpi_analysis.packs.runner import run_jobs
from kpi_analysis.packs.shared import Reviewed, held, hold_month, reviewed, said
from kpi_analysis.packs.standing import standing
from kpi_analysis.packs.targets import targets
from kpi_analysis.periods import Period
from kpi_analysis.records.ledger import append
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.organisation import known_teams

MANIFEST_SHARE = 50  # run.json takes at most one part in so many of a run's time
LEADERS = {"walk.html": 4096, "index.html": 4096, "run.json": 512}  # bytes a team, amply
ROOM = 1 << 18  # bytes, amply, of the same without any team


def build_month(plan: Plan, on_done: Heard = lambda _done, _all: None) -> Run:
    """Build the packs of a period and its index; `on_done` hears how many of how many are done.

    Packs of teams that the workspace does not have any more go, unless the run is over some teams
    only, or the workspace has errors: a team may then only seem to be gone.

    Raises KpiError before anything is written where the workspace cannot be opened, a team is
    unknown, the output folder cannot be written or another run is writing to it; later only
    where the disk is full. Raises Stopped at Ctrl-C. What was finished is then there, told in
    run.json and listed in the index.
    """
    if plan.scheduler:  # its workers stand in folders of their own
        plan = replace(plan, workspace=plan.workspace.absolute(), out=plan.out.absolute())
    workspace = open_workspace(plan.workspace, plan.period)
    teams = known_teams(workspace, plan.teams)
    if not any(team in teams for team, _ in workspace.series):
        raise PackError(f"no values up to {plan.period.label}: there is nothing to review")
    with month_folder(plan.out, str(plan.period)) as folder:
        return _Month(plan, workspace, teams, folder).build(on_done)


class _Month:
    """One run: the records of all pages, kept true in run.json while they are built."""

    def __init__(
        self, plan: Plan, workspace: Workspace, teams: Collection[str], folder: MonthFolder
    ) -> None:
        self.plan, self.workspace, self.teams, self.folder = plan, workspace, teams, folder
        self.targets = targets(workspace, plan, NOTEBOOKS / "packs", folder)
        self.before = standing(folder.folder, folder.earlier(), self.targets, plan)
        self.records = dict(self.before.records)
        self.next_manifest = 0.0
        self.told: tuple[Finding, ...] = ()

    def build(self, on_done: Heard) -> Run:
        """Build what is due, publish each page when it is finished, and the index at the end."""
        if self.before.is_current and all(
            (self.folder.folder / name).is_file() for name in LEADERS
        ):
            return self._report()
        month = reviewed(self.workspace, self.plan.period)
        jobs = [self.targets.by_name[name].job(self.plan, self.folder) for name in self.before.due]
        for job in {job.notebook: job for job in jobs}.values():
            check_parameters(job.notebook, job.parameters)
        self.folder.hold_room(ROOM + len(self.records) * sum(LEADERS.values()))
        self._manifest()
        try:
            with held(month):
                self._run(jobs, on_done)
        except KeyboardInterrupt:
            raise Stopped(self._report()) from None
        except OSError as error:
            message = f"cannot write to '{self.folder.folder}': {error.strerror or error}"
            raise PackError(f"{message}; {self._report().how_far}") from error
        finally:
            self.folder.give_room()
            self._finish(month)
        return self._report()

    def _report(self) -> Run:
        names = self.targets.page_of
        about_all = self.targets.about_all if self.plan.teams is None else ()
        return Run(
            folder=self.folder.folder,
            packs=tuple(self.records[names[team]] for team in self.teams),
            pages=tuple(self.records[one.name] for one in about_all),
            findings=(*self.workspace.findings, *self.told),
        )

    def _run(self, jobs: list[PackJob], on_done: Heard) -> None:
        if not jobs:
            return
        with closing(self._outcomes(jobs)) as outcomes:
            for done, outcome in enumerate(outcomes, start=1):
                record = self._record(outcome)
                self.folder.publish(record)
                self.records[outcome.job.name] = record
                if time.monotonic() >= self.next_manifest:
                    self._manifest()
                on_done(done, len(jobs))

    def _outcomes(self, jobs: list[PackJob]) -> Generator[Outcome[PackJob, Path], None, None]:
        plan, seconds = self.plan, self.plan.seconds
        ready = partial(get_ready, plan.workspace, plan.period)
        if plan.scheduler:
            from kpi_analysis.packs.cluster import run_on_cluster

            return run_on_cluster(jobs, plan.scheduler, seconds=seconds, ready=ready)
        warm = partial(ready, [job.team for job in jobs])
        return run_jobs(jobs, build_pack, workers=plan.workers, seconds=seconds, warm=warm)

    def _record(self, outcome: Outcome[PackJob, Path]) -> PackRecord:
        job = outcome.job
        built = outcome.status is Status.DONE and job.page.is_file()
        if outcome.status in (Status.DIED, Status.LATE) and not job.executed.exists():
            save_unfinished(job, outcome.reason)
        return PackRecord(
            team=job.team,
            page=job.page.name,
            status=PackStatus.BUILT if built else PackStatus.FAILED,
            reason=outcome.reason,
            seconds=round(outcome.seconds, 2),
            cpu_seconds=round(outcome.cpu, 2),
            fingerprint=self.targets.by_name[job.name].fingerprint if built else "",
            kept=self.records[job.name].kept and not built,
        )

    def _manifest(self, index: str = "") -> None:
        """Write run.json; `index` is what the index was made of, once it is there."""
        errors = [one for one in self.workspace.findings if one.level is Level.ERROR]
        facts = {
            "workspace": self.workspace.name,
            "period": str(self.plan.period),
            "made_on": self.plan.made_on,
            "faults": [str(one) for one in errors],
            "finished": bool(index) and not self._pending(),
            "index": index,
        }
        began = time.monotonic()
        self.folder.manifest(facts, [*self.records.values(), *self._left()])
        now = time.monotonic()
        self.next_manifest = now + MANIFEST_SHARE * (now - began)

    def _pending(self) -> bool:
        return any(one.status is PackStatus.PENDING for one in self.records.values())

    def _left(self) -> list[PackRecord]:
        """Give the packs of teams that are gone, as long as they have to stay."""
        errors = any(one.level is Level.ERROR for one in self.workspace.findings)
        stay = self.plan.teams is not None or errors
        return [replace(one, status=PackStatus.LEFT) for one in self.before.left if stay]

    def _finish(self, month: Reviewed) -> None:
        """Write the leaders' pages and run.json: also when the run is stopped in the middle."""
        index = ""
        try:
            self._lead(month)
            if self.workspace.settings.ledger:
                self.told = append(self.plan.workspace, self.plan.period, said(month, self._say()))
            index = self.targets.index
        finally:
            self._manifest(index)
        if not self._left():
            for record in self.before.left:
                self.folder.remove(record)
        self.folder.tidy()

    def _lead(self, month: Reviewed) -> None:
        """Write the leaders' pages."""
        names = self.targets.page_of
        issue = Issue.of(month, names, self.plan.made_on)
        built = {team: Built.of(self.records[name]) for team, name in names.items()}
        about_all = [
            (one.title, Built.of(self.records[one.name])) for one in self.targets.about_all
        ]
        self.folder.write("walk.html", walk_page(issue))
        self.folder.write("index.html", index_page(issue, built, about_all))

    def _say(self) -> list[str]:
        """Give the teams whose page says what was reviewed now, not what an earlier run did."""
        names = self.targets.page_of
        return [
            team
            for team, name in names.items()
            if self.records[name].fingerprint == self.targets.by_name[name].fingerprint
        ]


def get_ready(workspace: Path, period: Period, teams: Collection[str]) -> None:
    """Make this process ready to be forked: all imported, all reviewed, one page drawn.

    `teams` are those to build packs for; "" stands for a page about all of them.
    """
    warm_up()
    month = hold_month(workspace, period, None if "" in teams else teams)
    review = max(month.reviews.values(), key=lambda one: len(one.measures))
    _ = TeamPack(month.workspace, review, None, "").details
