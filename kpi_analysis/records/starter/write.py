"""New workspaces: all files or none, and never over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import kpi_analysis.definitions
from kpi_analysis.errors import RecordError
from kpi_analysis.records.starter.generate import tables

_HERE = Path(__file__).parent
_SCHEMAS = Path(kpi_analysis.definitions.__file__).parent


def write_demo(folder: Path) -> None:
    """Write the demo organisation into `folder`, which must be new or empty.

    The bytes are the same on every machine. Raises RecordError with one line otherwise.
    """
    _write(folder, "demo", tables())


def write_starter(folder: Path) -> None:
    """Write a workspace with one example draft into `folder`, which must be new or empty.

    Raises RecordError with one line otherwise.
    """
    _write(folder, "empty", {})


def _write(folder: Path, kind: str, generated: Mapping[str, str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise RecordError(f"'{folder}' is a file: name a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise RecordError(f"'{folder}' is not empty: name a new folder, or empty this one")
    try:
        home = folder if folder.is_dir() else folder.parent
        home.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".kpi-init-", dir=home) as aside:
            new = Path(aside) / "new"
            _fill(new, kind, generated)
            _move(new, folder)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise RecordError(f"'{folder}' cannot be written: {reason}") from error


def _fill(new: Path, kind: str, generated: Mapping[str, str]) -> None:
    texts = {path.relative_to(_HERE / kind).as_posix(): path for path in _files(_HERE / kind)}
    texts |= {f"schema/{path.name}": path for path in _SCHEMAS.glob("*.schema.json")}
    contents = {name: path.read_bytes() for name, path in texts.items()}
    contents |= {name: text.encode() for name, text in generated.items()}
    for name, content in sorted(contents.items()):
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _move(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    for entry in sorted(new.iterdir()):  # an empty folder may be the one the user stands in
        entry.rename(folder / entry.name)
