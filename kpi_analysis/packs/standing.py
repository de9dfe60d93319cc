"""Where a period stands before a run: which packs are there, which are due, which go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kpi_analysis.errors import Finding
from kpi_analysis.packs.plan import Plan, Run
from kpi_analysis.packs.publish import LEADERS, Earlier, MonthFolder, PackRecord, PackStatus
from kpi_analysis.packs.targets import Target, Targets
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.scope import out_of_date


@dataclass(frozen=True)
class Standing:
    """The record of every page by name, the names of those due, and the packs of no team.

    `is_current` says that nothing is to be done: no page that is asked for is due, and the index
    was made of what there is now.
    """

    records: Mapping[str, PackRecord]
    due: tuple[str, ...]
    left: tuple[PackRecord, ...]
    is_current: bool


@dataclass(frozen=True)
class Task:
    """A run over a period: what is asked, of which workspace, where, and how it stands."""

    plan: Plan
    workspace: Workspace
    teams: Collection[str]
    folder: MonthFolder
    targets: Targets
    before: Standing

    def report(self, records: Mapping[str, PackRecord], told: tuple[Finding, ...] = ()) -> Run:
        """Tell of the run by the records of its pages; `told` is what came up in it."""
        names = self.targets.page_of
        about_all = self.targets.about_all if self.plan.teams is None else ()
        return Run(
            folder=self.folder.folder,
            packs=tuple(records[names[team]] for team in self.teams),
            pages=tuple(records[one.name] for one in about_all),
            findings=self.workspace.findings,
            told=(*out_of_date(self.workspace, self.plan.period), *told),
        )


def standing(folder: Path, earlier: Earlier, wanted: Targets, plan: Plan) -> Standing:
    """Compare what the last run left in a folder with what would be made now."""
    found = {one.name: _found(folder, earlier, one) for one in wanted.by_name.values()}
    due = tuple(
        one.name
        for one in wanted.by_name.values()
        if (plan.teams is None or one.team in plan.teams) and _is_due(found[one.name], one, plan)
    )
    pages = {one.page for one in found.values()}
    left = tuple(one for one in earlier.pages.values() if one.page not in pages)
    records = {name: _record(found[name], name in due, one) for name, one in wanted.by_name.items()}
    is_led = earlier.index == wanted.index and all((folder / name).is_file() for name in LEADERS)
    return Standing(records, due, left, is_led and not due and not left)


def _found(folder: Path, earlier: Earlier, target: Target) -> PackRecord:
    page = f"{target.name}.html"
    record = earlier.pages.get(page)
    has_page = (folder / page).is_file()
    if record is None or record.team != target.team or (record.is_there and not has_page):
        return PackRecord(target.team, page, PackStatus.PENDING)
    return replace(record, kept=record.kept and has_page)


def _is_due(record: PackRecord, target: Target, plan: Plan) -> bool:
    if plan.retry or not record.is_there:
        return not record.is_there
    return plan.force or record.fingerprint != target.fingerprint


def _record(found: PackRecord, is_due: bool, target: Target) -> PackRecord:
    """Give the record as the run begins; a page that is left alone may be of older values."""
    if is_due:
        kept = found.is_there or found.kept
        return PackRecord(found.team, found.page, PackStatus.PENDING, kept=kept)
    if found.is_there and found.fingerprint == target.fingerprint:
        return replace(found, status=PackStatus.UNCHANGED)
    return found
