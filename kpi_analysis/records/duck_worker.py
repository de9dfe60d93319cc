"""A process of its own in which DuckDB runs a workspace's queries, so that it can be stopped.

Inside one process DuckDB is not held by its own limits: a text of 3 GB passes a memory limit of
200 MB and hears no interrupt. Here the system's limit of memory holds it, and its caller ends it
when its time is up. It is started without the caller's environment, so it holds no secret.

It reads requests from standard input, a JSON object a line, and answers each with one line.
Its engine may read the files of a request and nothing else, and write nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import duckdb

from kpi_analysis.records.duck_tables import SHARE, EitherError, Tables
from kpi_analysis.records.results import cell

READY = "ready"
_OVERHEAD = 3 << 30  # address space of the interpreter and the engine themselves, in bytes
_MOST_ENGINES = 4
_LOCKED = (
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "2",
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}

Engines = dict[tuple[int, tuple[str, ...]], Tables]
"""An engine for each set of files it may read, and its memory."""


def main() -> None:
    """Answer requests until the caller closes the line."""
    engines: Engines = {}
    print(READY, flush=True)
    for line in sys.stdin.buffer:
        print(json.dumps(_answer(json.loads(line), engines), allow_nan=False), flush=True)


def _answer(request: dict[str, Any], engines: Engines) -> dict[str, Any]:
    """Ask an engine that keeps what it has read; where memory is short, a lean one of its own."""
    _limit_memory(request["bytes"])
    try:
        return _asked(request, _held(request, engines), lean=False)
    except (duckdb.OutOfMemoryException, MemoryError):
        _let_go(engines)
    try:
        with _engine(request) as engine:
            return _asked(request, Tables(engine, 0), lean=True)
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"error": "memory"}


def _asked(request: dict[str, Any], tables: Tables, *, lean: bool) -> dict[str, Any]:
    try:
        for table in request["tables"]:
            if not request["gives_rows"]:
                tables.name_columns(table)
                continue
            tables.make(table, request["columns"], lean=lean)
            tables.refuse_either(table, request["columns"])
        cursor = tables.engine.execute(request["sql"], _parameters(request["params"]))
        rows = [[cell(value) for value in row] for row in cursor.fetchall()]
        return {"columns": [one[0] for one in cursor.description or ()], "rows": rows}
    except duckdb.OutOfMemoryException:
        raise
    except EitherError as error:
        return {"error": "either", "path": error.args[0], "column": error.args[1]}
    except (duckdb.Error, OSError, OverflowError, ValueError, RuntimeError) as error:
        return {"error": type(error).__name__, "message": str(error)[:2000]}


def _held(request: dict[str, Any], engines: Engines) -> Tables:
    """Give the engine of the request's files; only a few are kept at a time."""
    key = (request["bytes"], tuple(sorted(set(_paths(request)))))
    if key not in engines:
        if len(engines) >= _MOST_ENGINES:
            _let_go(engines)
        engines[key] = Tables(_engine(request), request["bytes"] // SHARE)
    return engines[key]


def _let_go(engines: Engines) -> None:
    for one in engines.values():
        one.engine.close()
    engines.clear()


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = size + _OVERHEAD
        resource.setrlimit(resource.RLIMIT_AS, (min(wanted, hard) if hard > 0 else wanted, hard))


def _engine(request: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open an engine that may read the request's files, and close all other ways."""
    engine = duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": f"{request['bytes']}B"})
    paths = ", ".join("'" + path.replace("'", "''") + "'" for path in _paths(request))
    engine.execute(f"SET allowed_paths = [{paths}]")
    for setting in _LOCKED:
        engine.execute(setting)
    return engine


def _paths(request: dict[str, Any]) -> list[str]:
    return [one["path"] for table in request["tables"] for one in table["parts"]]


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for name, value in given.items()
    }


if __name__ == "__main__":
    main()
