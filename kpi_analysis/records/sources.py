"""Where numbers come from: the workspace's files, read as text with the line of every row.

Nothing is guessed here: cells stay text until `values` or `logs` reads them, so that a fault
can name its file, line and column. One resolver serves every path: nothing outside the
workspace is read, by `..`, by an absolute path or through a link.
"""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath

from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.csv_files import read_header as read_header
from kpi_analysis.records.csv_files import read_table as read_table
from kpi_analysis.records.faults import fault as fault
from kpi_analysis.records.faults import shown as shown
from kpi_analysis.records.faults import times as times
from kpi_analysis.records.tables import Table as Table
from kpi_analysis.records.tables import as_text as as_text
from kpi_analysis.records.tables import table_of as table_of

END_OF_TIME = date(2199, 12, 31)
"""What `$period` is bound to where no review period is given: the last day a period can have."""


def inside(root: Path, text: str) -> Path:
    """Resolve a path of the workspace; raise SourceError where it leads out of it."""
    if PurePosixPath(text).is_absolute() or PureWindowsPath(text).anchor or "\\" in text:
        raise SourceError(
            fault(
                f"'{shown(text)}' must be a path inside the workspace, written with forward slashes"
            )
        )
    path = root / text
    try:
        _refuse_loops(path)
        is_inside = ".." not in path.relative_to(root).parts and path.resolve().is_relative_to(
            root.resolve()
        )
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL byte, too long a name
        raise SourceError(
            fault(f"'{shown(text)}' is no path that can be followed: mend it")
        ) from None
    if not is_inside:
        raise SourceError(
            fault(f"'{shown(text)}' leads out of the workspace: keep the file inside the folder")
        )
    return path


def _refuse_loops(path: Path) -> None:
    """Raise OSError for a loop of links, which resolve() passes over from Python 3.13 on."""
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise


def find_files(root: Path, pattern: str) -> tuple[list[str], list[Finding]]:
    """List the files that a pattern names, sorted, relative to the workspace; and the faults.

    Raises SourceError for a pattern that leads out or is none. A file that leads out through a
    link is a fault and left out, as is a folder that is named like a file. Hidden files (a dot
    first: copies and locks that programs leave) are passed over.
    """
    inside(root, pattern)
    try:
        if any("**" in part and part != "**" for part in PurePosixPath(pattern).parts):
            raise ValueError(pattern)  # Python 3.13 would read it as one star
        matches = sorted(root.glob(pattern))
    except (OSError, ValueError, NotImplementedError, IndexError):
        raise SourceError(
            fault(f"'{shown(pattern)}' is no pattern for files: write values/*.csv")
        ) from None
    files: list[str] = []
    faults: list[Finding] = []
    for path in matches:
        name = path.relative_to(root).as_posix()
        is_meant = path.suffix and path.suffix == PurePosixPath(pattern).suffix
        if path.name.startswith(".") or (path.is_dir() and not is_meant):
            continue
        try:
            existing(root, name)
            files.append(name)
        except SourceError as error:
            message = error.findings[0].message.removeprefix(f"'{name}' ")
            faults.append(fault(message, file=name))
    return files, faults


def existing(root: Path, text: str) -> Path:
    """Resolve the path of a file of the workspace; raise SourceError where it is none."""
    path = inside(root, text)
    try:
        what = "" if path.is_file() else "is no file" if path.exists() else "does not exist"
    except OSError as error:
        what = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
    if what:
        raise SourceError(fault(f"'{shown(text)}' {what}"))
    return path
