"""The folder of a period: one run at a time, whole files only, and a manifest that is true.

    OUT/2025-03/index.html  TEAM.html  notebooks/TEAM.ipynb  run.json  failed/

Everything is written beside the period's folder and moved into place when it is finished, so that
a reader never meets half a page, whenever the run is stopped. The index comes last.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kpi_analysis.errors import PackError
from kpi_analysis.version import VERSION

_ASIDE = ".building-"


class PackStatus(StrEnum):
    """How far a pack is, in run.json."""

    PENDING = "pending"  # not built yet, or not any more when the run was stopped
    BUILT = "built"
    UNCHANGED = "unchanged"  # built earlier from the same inputs
    FAILED = "failed"


@dataclass(frozen=True)
class PackRecord:
    """One pack of run.json; `fingerprint` says what it was made of, empty where not built."""

    team: str
    page: str
    status: PackStatus
    reason: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    fingerprint: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the team has a page of this period."""
        return self.status in (PackStatus.BUILT, PackStatus.UNCHANGED)


@dataclass(frozen=True)
class MonthFolder:
    """Where the pages of one period are, and a folder beside it for what is not finished."""

    folder: Path
    aside: Path
    facts: Mapping[str, Any] = field(default_factory=dict)

    def earlier(self) -> dict[str, PackRecord]:
        """Give the packs of the last run over this period; none where there was none."""
        try:
            packs = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["packs"]
            known = (PackRecord(**{**one, "status": PackStatus(one["status"])}) for one in packs)
            return {one.team: one for one in known}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def publish(self, record: PackRecord) -> None:
        """Publish one page with its notebook; of a failed pack, its notebook and the reason."""
        notebook = Path(record.page).with_suffix(".ipynb")
        failed, reason = self.folder / "failed", Path(record.page).with_suffix(".txt")
        executed = self.aside / "notebooks" / notebook
        if record.is_there:
            self._move(executed, self.folder / "notebooks" / notebook)
            self._move(self.aside / record.page, self.folder / record.page)
            (failed / reason).unlink(missing_ok=True)
            (failed / notebook).unlink(missing_ok=True)
            return
        (self.folder / record.page).unlink(missing_ok=True)
        (self.folder / "notebooks" / notebook).unlink(missing_ok=True)
        if executed.exists():
            self._move(executed, failed / notebook)
        self.write(f"failed/{reason}", f"{record.team}: {record.reason}\n")

    def write(self, name: str, text: str) -> None:
        """Put a whole file into place."""
        finished = self.aside / "whole"
        finished.write_text(text, encoding="utf-8")
        self._move(finished, self.folder / name)

    def manifest(self, records: Collection[PackRecord], *, finished: bool) -> None:
        """Write run.json: true at any moment, for it says so while the run goes on."""
        content = {
            **self.facts,
            "kpi_analysis": VERSION,
            "python": sys.version.split()[0],
            "finished": finished,
            "packs": [asdict(record) for record in records],
        }
        self.write("run.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def tidy(self) -> None:
        """Take the folder of failed packs away when nothing is in it any more."""
        failed = self.folder / "failed"
        if failed.is_dir() and not any(failed.iterdir()):
            failed.rmdir()

    @staticmethod
    def _move(source: Path, target: Path) -> None:
        target.parent.mkdir(exist_ok=True)
        source.replace(target)


@contextmanager
def month_folder(out: Path, period: str, facts: Mapping[str, Any]) -> Iterator[MonthFolder]:
    """Open the folder of a period for one run alone; raise PackError where that cannot be.

    What an earlier run left unfinished when it was killed is cleared away first.
    """
    folder = out / period
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            for left in out.glob(f"{_ASIDE}*"):
                shutil.rmtree(left, ignore_errors=True)
            aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=out))
            try:
                (aside / "notebooks").mkdir()
                yield MonthFolder(folder, aside, facts)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise PackError(f"cannot write to '{out}': {error.strerror or error}") from error


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder against other runs; the system lets go of it when this process ends."""
    if sys.platform == "win32":
        yield
        return
    import fcntl
    import os

    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another run is writing to '{out}': wait until it is done"
            raise PackError(message) from None
        yield
    finally:
        os.close(handle)


def page_names(teams: Collection[str]) -> dict[str, str]:
    """Give each team a file name: its id, made safe and unique where it must be."""
    names: dict[str, str] = {}
    taken = {"index", "walk"}
    for team in sorted(teams):
        name = re.sub(r"[^A-Za-z0-9._-]", "-", team).strip(".-") or "team"
        if name != team or name.lower() in taken:
            name = f"{name[:60]}-{blake2b(team.encode(), digest_size=4).hexdigest()}"
        taken.add(name.lower())
        names[team] = name
    return names
