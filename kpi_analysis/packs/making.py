"""Makes the pages of a month that are due, publishes each, and writes the leaders' pages."""

from __future__ import annotations

import math
import pickle
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from kpi_analysis.errors import Finding, Level, PackError
from kpi_analysis.packs.build import build_pack, check_parameters, save_unfinished, warm_up
from kpi_analysis.packs.index import Entry, Issue, entries, index_page, walk_page
from kpi_analysis.packs.index_rows import Built
from kpi_analysis.packs.jobs import Outcome, PackJob, Status
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.packs.plan import Heard, Run, Stopped
from kpi_analysis.packs.publish import LEADERS, PackRecord, PackStatus
from kpi_analysis.packs.runner import run_jobs
from kpi_analysis.packs.shared import (
    Figures,
    Reviewed,
    figures,
    held,
    hold,
    ready_to_hold,
    reviewed,
    said,
)
from kpi_analysis.packs.standing import Task
from kpi_analysis.records.ledger import append
from kpi_analysis.review.team_review import TeamReview

MANIFEST_SHARE = 50  # run.json takes at most one part in so many of a run's time
TEAMS_A_LIMIT = 1000  # so many teams begin another time limit: pages about all go over them
ROOM = 1 << 18  # bytes, amply, of the leaders' pages and run.json without any team


class Making:
    """One run: the records of all pages, kept true in run.json while they are built."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.records = dict(task.before.records)
        self.next_manifest = 0.0
        self.told: tuple[Finding, ...] = ()
        self.figures: dict[str, tuple[Figures, ...]] = {}  # of every team, where a ledger is kept

    def make(self, on_done: Heard) -> Run:
        """Build what is due, publish each page when it is finished, and the index at the end."""
        task = self.task
        jobs = [task.targets.by_name[name].job(task.plan, task.folder) for name in task.before.due]
        for job in {job.notebook: job for job in jobs}.values():
            check_parameters(job.notebook, job.parameters)
        on_done(0, len(jobs))
        month, issue = self._review()
        task.folder.hold_room(ROOM + len(self.records) * sum(LEADERS.values()))
        self._manifest()
        try:
            if jobs:
                with held(month):
                    self._run(jobs, month, on_done)
        except KeyboardInterrupt:
            raise Stopped(self._report()) from None
        except OSError as error:
            message = f"cannot write to '{task.folder.folder}': {error.strerror or error}"
            raise PackError(f"{message}; {self._report().how_far}") from error
        finally:
            task.folder.give_room()
            self._finish(issue)
        return self._report()

    def _review(self) -> tuple[Reviewed, Issue]:
        """Review all teams, once: for the leaders' pages, what the packs share, the ledger."""
        month = reviewed(self.task.workspace, self.task.plan.period)
        has_ledger = self.task.workspace.settings.ledger
        found: list[Entry] = []

        def reviews() -> Iterator[TeamReview]:
            for entry, review in entries(month, self.task.targets.page_of):
                found.append(entry)
                if has_ledger:
                    self.figures[review.id] = figures(review)
                yield review

        ready = ready_to_hold(month, reviews())
        return ready, Issue.of(month, found, self.task.plan.made_on)

    def _report(self) -> Run:
        return self.task.report(self.records, self.told)

    def _run(self, jobs: list[PackJob], month: Reviewed, on_done: Heard) -> None:
        with closing(self._outcomes(jobs, month)) as outcomes:
            for done, outcome in enumerate(outcomes, start=1):
                record = self._record(outcome)
                self.task.folder.publish(record)
                self.records[outcome.job.name] = record
                if time.monotonic() >= self.next_manifest:
                    self._manifest()
                on_done(done, len(jobs))

    def _outcomes(
        self, jobs: list[PackJob], month: Reviewed
    ) -> Generator[Outcome[PackJob, Path], None, None]:
        plan = self.task.plan
        seconds = plan.seconds * math.ceil(len(self.task.workspace.teams) / TEAMS_A_LIMIT)
        if plan.scheduler:
            from kpi_analysis.packs.cluster import run_on_cluster

            file = self.task.folder.aside / "month.pickle"
            file.write_bytes(pickle.dumps(month))  # every worker then builds from the same
            ready = partial(get_ready_from, file)
            return run_on_cluster(jobs, plan.scheduler, seconds=seconds, ready=ready)
        ready = partial(get_ready, month)
        return run_jobs(jobs, build_pack, workers=plan.workers, seconds=seconds, warm=ready)

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
            fingerprint=self.task.targets.by_name[job.name].fingerprint if built else "",
            kept=self.records[job.name].kept and not built,
        )

    def _manifest(self, index: str = "") -> None:
        """Write run.json; `index` is what the index was made of, once it is there."""
        errors = [one for one in self.task.workspace.findings if one.level is Level.ERROR]
        facts = {
            "workspace": self.task.workspace.name,
            "period": str(self.task.plan.period),
            "made_on": self.task.plan.made_on,
            "faults": [str(one) for one in errors],
            "finished": bool(index) and not self._pending(),
            "index": index,
        }
        began = time.process_time()  # not on the wall: a busy machine must not make it rare
        self.task.folder.manifest(facts, [*self.records.values(), *self._left()])
        spent = time.process_time() - began
        self.next_manifest = time.monotonic() + MANIFEST_SHARE * spent

    def _pending(self) -> bool:
        return any(one.status is PackStatus.PENDING for one in self.records.values())

    def _left(self) -> list[PackRecord]:
        """Give the packs of teams that are gone, as long as they have to stay."""
        errors = any(one.level is Level.ERROR for one in self.task.workspace.findings)
        stay = self.task.plan.teams is not None or errors
        return [replace(one, status=PackStatus.LEFT) for one in self.task.before.left if stay]

    def _finish(self, issue: Issue) -> None:
        """Write the leaders' pages and run.json: also when the run is stopped in the middle."""
        index = ""
        try:
            self._lead(issue)
            if self.task.workspace.settings.ledger:
                each = [one for team in self._say() for one in self.figures[team]]
                self.told = append(self.task.plan.workspace, self.task.plan.period, said(each))
            index = self.task.targets.index
        finally:
            self._manifest(index)
        if not self._left():
            for record in self.task.before.left:
                self.task.folder.remove(record)
        self.task.folder.tidy()

    def _lead(self, issue: Issue) -> None:
        """Write the leaders' pages."""
        names = self.task.targets.page_of
        built = {team: Built.of(self.records[name]) for team, name in names.items()}
        about_all = [
            (one.title, Built.of(self.records[one.name])) for one in self.task.targets.about_all
        ]
        self.task.folder.write("walk.html", walk_page(issue))
        self.task.folder.write("index.html", index_page(issue, built, about_all))

    def _say(self) -> list[str]:
        """Give the teams whose page says what was reviewed now, not what an earlier run did."""
        names = self.task.targets.page_of
        return [
            team
            for team, name in names.items()
            if self.records[name].fingerprint == self.task.targets.by_name[name].fingerprint
        ]


def get_ready(month: Reviewed) -> None:
    """Make this process ready to be forked: all imported, the month held, one page drawn."""
    warm_up()
    hold(month)
    counts = Counter(team for team, _ in month.workspace.series)
    team = max(counts, key=lambda one: counts[one])
    _ = TeamPack(month.narrowed([team]), month.reviews[team], None, "").details


def get_ready_from(file: Path) -> None:
    """Make this process ready with a month that another process has written down."""
    get_ready(pickle.loads(file.read_bytes()))  # noqa: S301 written by the run that asks
