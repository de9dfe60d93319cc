"""Where a period stands before a run: which packs are there, which are due, which go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kpi_analysis.packs.fingerprint import Prints
from kpi_analysis.packs.publish import Earlier, PackRecord, PackStatus


@dataclass(frozen=True)
class Wanted:
    """What is asked of a run: these teams; all of them (`force`), or only those not there."""

    teams: Collection[str]
    force: bool = False
    retry: bool = False


@dataclass(frozen=True)
class Standing:
    """The record of every team, the teams whose packs are due, and the packs of no team.

    `is_current` says that nothing is to be done: every page is there, made of what there is now,
    and so is the index.
    """

    records: Mapping[str, PackRecord]
    due: tuple[str, ...]
    left: tuple[PackRecord, ...]
    is_current: bool


def standing(
    folder: Path, earlier: Earlier, names: Mapping[str, str], prints: Prints, wanted: Wanted
) -> Standing:
    """Compare what the last run left in a folder with what would be made now.

    `names` is the page's name, without .html, of each team of the workspace.
    """
    found = {team: _found(folder, earlier, team, f"{name}.html") for team, name in names.items()}
    due = tuple(
        team for team in names if team in wanted.teams and _is_due(found, team, prints, wanted)
    )
    pages = {one.page for one in found.values()}
    left = tuple(one for one in earlier.packs.values() if one.page not in pages)
    records = {team: _record(found[team], team in due, prints.packs[team]) for team in names}
    whole = all(one.status is PackStatus.UNCHANGED for one in records.values())
    return Standing(records, due, left, whole and not left and earlier.index == prints.index)


def _found(folder: Path, earlier: Earlier, team: str, page: str) -> PackRecord:
    record = earlier.packs.get(team)
    if record is None or record.page != page or (record.is_there and not (folder / page).is_file()):
        return PackRecord(team, page, PackStatus.PENDING)
    return record


def _is_due(found: Mapping[str, PackRecord], team: str, prints: Prints, wanted: Wanted) -> bool:
    record = found[team]
    if wanted.retry or not record.is_there:
        return not record.is_there
    return wanted.force or record.fingerprint != prints.packs[team]


def _record(found: PackRecord, is_due: bool, fingerprint: str) -> PackRecord:
    """Give the record as the run begins; a page that is left alone may be of older values."""
    if is_due:
        return PackRecord(found.team, found.page, PackStatus.PENDING)
    if found.is_there and found.fingerprint == fingerprint:
        return replace(found, status=PackStatus.UNCHANGED)
    return found
