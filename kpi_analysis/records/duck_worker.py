"""A process of its own in which DuckDB runs a workspace's queries, so that it can be stopped.

Inside one process DuckDB is not held by its own limits: a text of 3 GB passes a memory limit of
200 MB and hears no interrupt. Here the system's limit of memory holds it, and its caller ends it
when its time is up. It is started without the caller's environment, so it holds no secret.

It reads requests from standard input, a JSON object a line, and answers each with one line.
Its engine may read the files of a request and nothing else, and write nothing.
"""

# ruff: noqa: S608 -- what is pasted here are names, paths and patterns, each quoted; what a person
# wrote as SQL has been through `queries`, and values are bound.

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import duckdb

from kpi_analysis.records.results import cell

READY = "ready"
_OVERHEAD = 3 << 30  # address space of the interpreter and the engine themselves, in bytes
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

# What the cells of a column are; the bits of all cells together say what the column is.
_WHOLE, _NUMBER, _DATE, _TIME, _TEXT = 1, 2, 4, 8, 16
_NUMBERS = {
    ".": r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?",
    ",": r"[+-]?[0-9]{1,3}(?:[. ]?[0-9]{3})*(?:,[0-9]+)?",
}
_TYPES = {_WHOLE: "BIGINT", _DATE: "DATE", _TIME: "TIMESTAMP", _DATE | _TIME: "TIMESTAMP"}


def main() -> None:
    """Answer requests until the caller closes the line."""
    types: dict[str, list[str]] = {}
    print(READY, flush=True)
    for line in sys.stdin.buffer:
        print(json.dumps(_answer(json.loads(line), types), allow_nan=False), flush=True)


def _answer(request: dict[str, Any], types: dict[str, list[str]]) -> dict[str, Any]:
    _limit_memory(request["bytes"])
    try:
        with _engine(request) as engine:
            for table in request["tables"]:
                _make_table(engine, table, request["columns"], types)
            cursor = engine.execute(request["sql"], _parameters(request["params"]))
            rows = [[cell(value) for value in row] for row in cursor.fetchall()]
            return {"columns": [one[0] for one in cursor.description or ()], "rows": rows}
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"error": "memory"}
    except (duckdb.Error, OverflowError, ValueError, RuntimeError) as error:
        return {"error": type(error).__name__, "message": str(error)[:2000]}


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = size + _OVERHEAD
        resource.setrlimit(resource.RLIMIT_AS, (min(wanted, hard) if hard > 0 else wanted, hard))


def _engine(request: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open an engine that may read the request's files, and close all other ways."""
    engine = duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": f"{request['bytes']}B"})
    paths = [_text(one["path"]) for table in request["tables"] for one in table["parts"]]
    engine.execute(f"SET allowed_paths = [{', '.join(paths)}]")
    for setting in _LOCKED:
        engine.execute(setting)
    return engine


def _make_table(
    engine: duckdb.DuckDBPyConnection,
    table: dict[str, Any],
    wanted: list[str] | None,
    types: dict[str, list[str]],
) -> None:
    """Make a table of one file or several, whose columns are matched by their names.

    Where the query says which columns it wants, these are read once and kept; else they are read
    anew wherever the query uses them, for all of them may be more than memory holds.
    """
    parts = []
    for at, part in enumerate(table["parts"]):
        base = f"{table['name']}_{at}"
        if part["kind"] == "parquet":
            parts.append(f"SELECT * FROM read_parquet({_text(part['path'])})")
            continue
        if part["kind"] == "cells":
            columns = [f"unnest($c{n}::{kind}[])" for n, kind in enumerate(part["types"])]
            data = {f"c{n}": column for n, column in enumerate(part["data"])}
            names = ", ".join(f"{one} AS {_name(n)}" for n, one in enumerate(columns))
            engine.execute(f"CREATE TEMP TABLE {base} AS SELECT {names}", data)
        else:
            engine.execute(f"CREATE TEMP VIEW {base} AS SELECT * FROM {_csv(part)}")
        parts.append(_typed(engine, base, part, wanted, types))
    both = " UNION ALL BY NAME ".join(parts)
    is_parquet = any(part["kind"] == "parquet" for part in table["parts"])
    what = "VIEW" if wanted is None or is_parquet else "TABLE"
    engine.execute(f"CREATE TEMP {what} {table['name']} AS {both}")


def _csv(part: dict[str, Any]) -> str:
    columns = ", ".join(f"{_text(_bare(n))}: 'VARCHAR'" for n in range(len(part["columns"])))
    return (
        f"read_csv({_text(part['path'])}, auto_detect = false, header = false, strict_mode = true,"
        f" skip = {part['header']}, delim = {_text(part['separator'])}, quote = '\"',"
        f" escape = '\"', max_line_size = 10000000, columns = {{{columns}}})"
    )


def _typed(
    engine: duckdb.DuckDBPyConnection,
    base: str,
    part: dict[str, Any],
    wanted: list[str] | None,
    types: dict[str, list[str]],
) -> str:
    """Write the SELECT that gives each column its type.

    A column is of numbers, days or times only where every cell is written so in full; a column
    with a leading zero stays text, for it is a code.
    """
    named = [(n, name) for n, name in enumerate(part["columns"]) if name]
    key = part["path"] + part["decimal"]
    if key not in types or part["kind"] == "cells":
        kinds = ", ".join(_kind(n, part["decimal"]) for n, _ in named)
        found = engine.execute(f"SELECT {kinds} FROM {base}").fetchone() or ()
        types[key] = [_type(bits or 0) for bits in found]
    columns = [
        f"{_cast(n, kind, part['decimal'])} AS {_quoted(name)}"
        for (n, name), kind in zip(named, types[key], strict=True)
        if wanted is None or name.casefold() in wanted
    ]
    some = " OR ".join(f"{_trimmed(n)} IS NOT NULL" for n, _ in named)
    return f"SELECT {', '.join(columns or ['NULL AS none'])} FROM {base} WHERE {some}"


def _kind(n: int, decimal: str) -> str:
    text = _trimmed(n)
    return (
        f"bit_or(CASE WHEN {text} IS NULL THEN 0"
        f" WHEN ascii({text}) NOT BETWEEN 43 AND 57 THEN {_TEXT}"
        f" WHEN regexp_full_match({text}, '[+-]?(?:0|[1-9][0-9]{{0,17}})') THEN {_WHOLE}"
        f" WHEN regexp_full_match({text}, '{_NUMBERS[decimal]}') THEN {_NUMBER}"
        f" WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        f" AND try_cast({text} AS DATE) IS NOT NULL THEN {_DATE}"
        f" WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9:.]{{5,15}}')"
        f" AND try_cast({text} AS TIMESTAMP) IS NOT NULL THEN {_TIME} ELSE {_TEXT} END)"
    )


def _type(bits: int) -> str:
    numbers = bits and not bits & ~(_WHOLE | _NUMBER)
    return _TYPES.get(bits) or ("DOUBLE" if numbers else "VARCHAR")


def _cast(n: int, kind: str, decimal: str) -> str:
    text = _trimmed(n)
    if kind == "VARCHAR":
        return text
    if kind == "DOUBLE" and decimal == ",":
        text = f"replace(replace(replace({text}, '.', ''), ' ', ''), ',', '.')"
    return f"CAST({text} AS {kind})"


def _trimmed(n: int) -> str:
    return f"nullif(trim(CAST({_name(n)} AS VARCHAR)), '')"


def _bare(n: int) -> str:
    return f"c{n}"


def _name(n: int) -> str:
    return _quoted(_bare(n))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _parameters(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for name, value in given.items()
    }


if __name__ == "__main__":
    main()
