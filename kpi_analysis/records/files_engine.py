"""The embedded engine: DuckDB over the workspace's files, in a process of its own.

A file is a table by its path in quotes or by its stem; only the files that a query names can be
read while it runs.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.settings import Limits
from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.csv_files import goes_over_lines, read_header, read_table
from kpi_analysis.records.engines import (
    READABLE,
    Reading,
    Scalar,
    files_of,
    framed,
    in_one_line,
    is_pattern,
    read_file,
)
from kpi_analysis.records.figures import MAY_BE_THOUSANDS, OPEN_SEPARATORS, may_be_thousands
from kpi_analysis.records.sources import (
    Table,
    as_text,
    existing,
    fault,
    find_files,
    shown,
)

if TYPE_CHECKING:
    from kpi_analysis.records.queries import Query

_SIZES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass
class FilesEngine:
    """DuckDB over the files of a workspace, in a process of its own."""

    root: Path
    limits: Limits
    _worker: subprocess.Popen[bytes] | None = None
    _parts: dict[tuple[str, Reading], dict[str, Any]] = field(default_factory=dict)

    def query(self, query: Query, params: Mapping[str, Scalar], reading: Reading) -> pd.DataFrame:
        """Run a checked query over the files it names; see `Engine`."""
        names = {name: f"t{n}" for n, name in enumerate(query.tables)}
        files = {name: self._files(name) for name in names}
        request = {
            "bytes": _bytes(self.limits.memory),
            "sql": query.sql_of_files(names),
            "columns": None if query.columns is None else sorted(query.columns),
            "gives_rows": query.gives_rows,
            "params": {name: _sent(params[name]) for name in query.parameters},
            "tables": [
                {"name": alias, "parts": [self._part(file, reading) for file in files[name]]}
                for name, alias in names.items()
            ],
        }
        answer = self._ask(request)
        if "error" in answer:
            self._look_closer([file for some in files.values() for file in some], reading)
            if answer["error"] == "either":
                raise SourceError(self._either(answer["path"], answer["column"], reading))
            told = _told(answer, self.limits, names)
            raise SourceError(fault(told.replace(f"{self.root.resolve().as_posix()}/", "")))
        return framed(answer["columns"], answer["rows"])

    def rows(self, file: str) -> pd.DataFrame:
        """Give all rows of a Parquet file."""
        from kpi_analysis.records.queries import whole_table

        return self.query(whole_table(file), {}, Reading())

    @property
    def files_read(self) -> set[str]:
        """The files that queries named so far."""
        return {file for file, _ in self._parts}

    def close(self) -> None:
        """End the process."""
        if self._worker:
            self._worker.kill()
            self._worker.communicate()
        self._worker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _files(self, name: str) -> list[str]:
        """Give the files that stand for a table's name."""
        is_path = "/" in name or PurePosixPath(name).suffix.lower() in READABLE
        if is_path or is_pattern(name):
            files, faults = files_of(self.root, name)
            if faults or not files:
                raise SourceError(faults or fault(f"'{shown(name)}' names no file: write one"))
        else:
            files = [self._by_stem(name)]
        for file in files:
            if PurePosixPath(file).suffix.lower() not in READABLE or is_pattern(file):
                raise SourceError(
                    fault(f"'{shown(file)}' is no table: query CSV, Excel or Parquet files")
                )
        return files

    def _by_stem(self, name: str) -> str:
        stems: dict[str, list[str]] = {}
        for suffix in READABLE:
            for file in find_files(self.root, f"**/*{suffix}")[0]:
                stems.setdefault(PurePosixPath(file).stem, []).append(file)
        found = stems.get(name, [])
        if len(found) > 1:
            these = " and ".join(f"'{file}'" for file in found)
            raise SourceError(fault(f"table '{name}' may be {these}: write the path in quotes"))
        if not found:
            cure = did_you_mean(nearest(name, stems)) or ": no file has that name"
            raise SourceError(fault(f"table '{shown(name)}' is not there{cure}"))
        return found[0]

    def _part(self, file: str, reading: Reading) -> dict[str, Any]:
        """Say how the engine is to read one file; those it cannot read are sent as cells."""
        if (file, reading) not in self._parts:
            path = existing(self.root, file).resolve()
            part: dict[str, Any] = {"path": str(path), "decimal": reading.decimal or "."}
            suffix = path.suffix.lower()
            if suffix == ".parquet":
                part |= {"kind": "parquet"}
            elif suffix == ".csv" and reading.encoding in (None, "utf-8"):
                columns, separator, header = read_header(path, file)
                if goes_over_lines(path):
                    read_table(path, file)  # the engine would not say that a cell swallowed rows
                part |= {"kind": "csv", "columns": columns, "separator": separator}
                part |= {"header": header}
            else:
                table = read_file(self.root, file, reading)
                part |= {**_as_cells(table), "separator": table.separator}
            open_mark = reading.decimal is None and part.get("separator") in OPEN_SEPARATORS
            part |= {"asks": open_mark}
            self._parts[file, reading] = part
        return self._parts[file, reading]

    def place(
        self, query: Query, column: str, text: str, reading: Reading
    ) -> tuple[str, int] | None:
        """Give file and line of the first cell of a column that holds a text; None: not found."""
        for name in query.tables:
            for file in self._files(name):
                if not file.lower().endswith(".parquet"):
                    table = read_file(self.root, file, reading)
                    cells = table.rows.get(column, pd.Series(dtype="object")).tolist()
                    if text in (words := [as_text(cell) for cell in cells]):
                        return file, table.lines[words.index(text)]
        return None

    def _either(self, path: str, column: str, reading: Reading) -> Finding:
        """Ask how a column's numbers are meant, with the place of the first."""
        file = Path(path).relative_to(self.root.resolve()).as_posix()
        table = read_file(self.root, file, reading)
        words = [as_text(cell) for cell in table.rows[column]]
        at = next(n for n, word in enumerate(words) if MAY_BE_THOUSANDS.fullmatch(word))
        message = may_be_thousands(column, words[at])
        return fault(message, file=file, line=table.lines[at], field=column)

    def _look_closer(self, files: list[str], reading: Reading) -> None:
        """Read the files of a failed query by our own reader, which names the line of a fault."""
        for file in files:
            if file.lower().endswith(".csv"):
                read_table(self.root / file, file, reading.encoding)

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        worker = self._worker = self._worker or _start()
        late = threading.Event()

        def stop() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(self.limits.seconds, stop)
        timer.start()
        line = b""
        try:
            with suppress(BrokenPipeError):
                line = _exchange(worker, json.dumps(request).encode() + b"\n")
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            return {"error": "late" if late.is_set() else "died"}
        answer: dict[str, Any] = json.loads(line)
        return answer


def _as_cells(table: Table) -> dict[str, Any]:
    columns: list[list[Any]] = [table.rows[name].tolist() for name in table.rows.columns]
    typed = [all(isinstance(one, float) or one == "" for one in column) for column in columns]
    return {
        "kind": "cells",
        "columns": list(table.rows.columns),
        "types": ["DOUBLE" if numbers else "VARCHAR" for numbers in typed],
        "data": [
            [None if one == "" else one if numbers else as_text(one) for one in column]
            for column, numbers in zip(columns, typed, strict=True)
        ],
    }


def _start() -> subprocess.Popen[bytes]:
    """Start the worker, without the environment: there may be secrets in it."""
    kept = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "kpi_analysis.records.duck_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"HOME": os.devnull, "PYTHONUTF8": "1"},
    )
    if worker.stdout is None or not worker.stdout.readline():  # its start is no query's time
        raise SourceError(fault("cannot be asked: DuckDB does not start here"))
    return worker


def _exchange(worker: subprocess.Popen[bytes], line: bytes) -> bytes:
    if worker.stdin is None or worker.stdout is None:
        return b""
    worker.stdin.write(line)
    worker.stdin.flush()
    return worker.stdout.readline()


def _sent(value: Scalar) -> object:
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _bytes(memory: str) -> int:
    number, unit = re.fullmatch(r"([0-9.]+) ?(..)", memory).groups()  # type: ignore[union-attr]  # Limits says so
    return int(float(number) * _SIZES[unit])


def _told(answer: Mapping[str, Any], limits: Limits, names: Mapping[str, str]) -> str:
    """Say in one line why a query gave nothing."""
    if answer["error"] == "late":
        cure = "GROUP BY team and period, or raise limits.seconds in kpi.yml"
        return f"ran longer than {limits.seconds:g} s and was stopped: {cure}"
    if answer["error"] in ("memory", "died"):
        cure = "GROUP BY team and period, or raise limits.memory in kpi.yml"
        return f"needs more than {limits.memory} of memory and was stopped: {cure}"
    text: str = answer["message"].partition("\n\n")[0].partition("\nLINE")[0]
    for name, alias in names.items():
        text = re.sub(rf"\b{alias}(?:_\d+)?\b", name, text)
    return f"was refused by the engine: {in_one_line(text)}"
