"""The folder of a period: one run at a time, whole files only, and a manifest that is true.

    OUT/2025-03/index.html  TEAM.html  notebooks/TEAM.ipynb  run.json  failed/

Everything is written beside the period's folder and moved into place when it is finished, so that
a reader never meets half a page, whenever the run is stopped. The index comes last. Some room is
held back from the start: on a disk that fills up, run.json and the index can still tell.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from kpi_analysis.errors import PackError
from kpi_analysis.records.alone import alone
from kpi_analysis.version import VERSION

LEADERS = {"walk.html": 4096, "index.html": 4096, "run.json": 512}
"""What every month has beside its pages, and how many bytes a team they take, amply."""
_ASIDE = ".building-"
PYTHON = sys.version.split()[0]


class PackStatus(StrEnum):
    """How far a pack is, in run.json."""

    PENDING = "pending"  # not built yet; of a killed run also what was built in its last moment
    BUILT = "built"
    UNCHANGED = "unchanged"  # built earlier from the same inputs
    FAILED = "failed"
    LEFT = "left"  # a page of a team, or of a notebook, that is not there any more


@dataclass(frozen=True)
class PackRecord:
    """One page of run.json, `team` is "" where it is about all teams.

    `fingerprint` says what it was made of, empty where not built. `kept` says that the page of
    an earlier run is there in the place of one that was not built.
    """

    team: str
    page: str
    status: PackStatus
    reason: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    fingerprint: str = ""
    kept: bool = False

    @property
    def name(self) -> str:
        """Whose pack it is, or which page."""
        return self.team or Path(self.page).stem

    @cached_property
    def line(self) -> str:
        """The record as it stands in run.json, which is written nearly as often as a page."""
        return _json(asdict(self))

    @property
    def is_there(self) -> bool:
        """Whether the page of this period is there, made by the last run that was to make it."""
        return self.status in (PackStatus.BUILT, PackStatus.UNCHANGED)


@dataclass(frozen=True)
class Earlier:
    """What the last run over a period left: its pages by name, and what its index was made of.

    `index` is empty where the last run was killed before it wrote one.
    """

    pages: Mapping[str, PackRecord] = field(default_factory=dict)
    index: str = ""


@dataclass(frozen=True)
class MonthFolder:
    """Where the pages of one period are, and a folder beside it for what is not finished."""

    folder: Path
    aside: Path

    def earlier(self) -> Earlier:
        """Read run.json; one that is absent or no such file tells of nothing."""
        try:
            run = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
            known = (
                PackRecord(**{**one, "status": PackStatus(one["status"])})
                for one in (*run["packs"], *run["pages"])
            )
            return Earlier({one.page: one for one in known}, run["index"])
        except (OSError, ValueError, KeyError, TypeError):
            return Earlier()

    def publish(self, record: PackRecord) -> None:
        """Publish one page with its notebook; of a failed pack, its notebook and the reason.

        The page that an earlier run made of the same period stays where a new one fails.
        """
        notebook = Path(record.page).with_suffix(".ipynb")
        failed, reason = self.folder / "failed", Path(record.page).with_suffix(".txt")
        executed = self.aside / "notebooks" / notebook
        if record.is_there:
            self._move(executed, self.folder / "notebooks" / notebook)
            self._move(self.aside / record.page, self.folder / record.page)
            (failed / reason).unlink(missing_ok=True)
            (failed / notebook).unlink(missing_ok=True)
            return
        (self.aside / record.page).unlink(missing_ok=True)  # half a page would only take room
        self.write(f"failed/{reason}", f"{record.name}: {record.reason}\n")
        if executed.exists():
            self._move(executed, failed / notebook)

    def remove(self, record: PackRecord) -> None:
        """Take away all there is of a pack."""
        page = Path(record.page)
        places = (page, page.with_suffix(".pdf"), "notebooks" / page.with_suffix(".ipynb"))
        failures = ("failed" / page.with_suffix(suffix) for suffix in (".txt", ".ipynb"))
        for path in (*places, *failures):
            (self.folder / path).unlink(missing_ok=True)

    def write(self, name: str, text: str) -> None:
        """Put a whole file into place."""
        finished = self.aside / "whole"
        finished.write_text(text, encoding="utf-8")
        self._move(finished, self.folder / name)

    def manifest(self, facts: Mapping[str, object], records: Iterable[PackRecord]) -> None:
        """Write run.json: true at any moment, for it says so while the run goes on."""
        told: dict[str, list[str]] = {"packs": [], "pages": []}
        for record in records:
            told["packs" if record.team else "pages"].append(record.line)
        head = {"kpi_analysis": VERSION, "python": PYTHON, **facts}
        lines = [f" {json.dumps(name)}: {_json(fact)}" for name, fact in head.items()]
        lines += [f' "{name}": [\n  ' + ",\n  ".join(each) + "\n ]" for name, each in told.items()]
        self.write("run.json", "{\n" + ",\n".join(lines) + "\n}\n")

    def hold_room(self, size: int) -> None:
        """Hold back `size` bytes of the disk; raise OSError where they are not there."""
        if hasattr(os, "posix_fallocate"):
            with (self.aside / "room").open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)

    def give_room(self) -> None:
        """Let go of the room held back, and of what was not finished."""
        (self.aside / "room").unlink(missing_ok=True)
        for page in self.aside.glob("*.html"):
            page.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Take the folder of failed packs away when nothing is in it any more."""
        failed = self.folder / "failed"
        if failed.is_dir() and not any(failed.iterdir()):
            failed.rmdir()

    @staticmethod
    def _move(source: Path, target: Path) -> None:
        target.parent.mkdir(exist_ok=True)
        source.replace(target)
        if target.suffix == ".html":  # a print of the page that was there would say something else
            target.with_suffix(".pdf").unlink(missing_ok=True)


def _json(fact: object) -> str:
    return json.dumps(fact, ensure_ascii=False)


@contextmanager
def month_folder(out: Path, period: str) -> Iterator[MonthFolder]:
    """Open the folder of a period for one run alone; raise PackError where that cannot be.

    What an earlier run left unfinished when it was killed is cleared away first.
    """
    folder = out / period
    try:
        with suppress(FileExistsError):  # a file in its place is told as what it is not: a folder
            out.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            folder.mkdir(exist_ok=True)
            for left in out.glob(f"{_ASIDE}*"):
                shutil.rmtree(left, ignore_errors=True)
            aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=out))
            try:
                (aside / "notebooks").mkdir()
                with _cleared(aside):
                    yield MonthFolder(folder, aside)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise PackError(f"cannot write to '{out}': {error.strerror or error}") from error


@contextmanager
def _cleared(aside: Path) -> Iterator[None]:
    """Have a folder cleared away even if this process is killed: by a shell that outlives it.

    It waits for the end of a pipe that nobody else holds. Without a shell the next run clears.
    """
    words = ["/bin/sh", "-c", 'cat >/dev/null; exec rm -rf -- "$1"', "sh", str(aside.absolute())]
    try:
        broom = subprocess.Popen(  # noqa: S603 our own words
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to us only
        )
    except OSError:
        yield
        return
    with broom:  # leaving it closes the pipe, and waits
        yield


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder against other runs; raise PackError where there is one."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(out, wait=False))
        except BlockingIOError:
            message = f"another run is writing to '{out}': wait until it is done"
            raise PackError(message) from None
        yield


def page_names(teams: Collection[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Give each team a file name: its id, made safe and unique where it must be.

    `taken` are the names of other pages, beside the leaders' own.
    """
    names: dict[str, str] = {}
    gone = {"index", "walk", *(name.lower() for name in taken)}
    for team in sorted(teams):
        name = re.sub(r"[^A-Za-z0-9._-]", "-", team).strip(".-") or "team"
        if name != team or name.lower() in gone:
            name = f"{name[:60]}-{blake2b(team.encode(), digest_size=4).hexdigest()}"
        gone.add(name.lower())
        names[team] = name
    return names
