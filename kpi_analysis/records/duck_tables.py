"""Tables of the embedded engine: CSV, Parquet and sent cells, typed by what every cell says.

A column is of numbers, days or times only where every cell is written so in full; a column with a
leading zero stays text, for it is a code. The engine's own detection would look at a sample; here
a sample is a guess that every further cell has to keep, else all are looked at again.
"""

# ruff: noqa: S608 -- what is pasted here are names, paths and patterns, each quoted.

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

SHARE = 8
"""A file of up to this part of the memory is kept as a table, with all of its columns."""

MOST_COLUMNS = 200
"""A file of more columns is read for those that a query wants."""

_ASTRAY = "astray"
_SAMPLE = 2_000  # rows from which types are guessed

# What the cells of a column are; the bits of all cells together say what the column is.
_WHOLE, _NUMBER, _DATE, _TIME, _TEXT, _EITHER = 1, 2, 4, 8, 16, 32
_INTEGER = "[+-]?(?:0|[1-9][0-9]{0,17})"
_NUMBERS = {
    ".": r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?",
    ",": r"[+-]?[0-9]{1,3}(?:[. ]?[0-9]{3})*(?:,[0-9]+)?",
}
_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}"  # or a little more than one: who knows
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "[ T][0-9:.]{5,15}"
_TYPES = {
    0: "NOTHING",  # not a cell is filled
    _WHOLE: "BIGINT",
    _DATE: "DATE",
    _TIME: "TIMESTAMP",
    _DATE | _TIME: "TIMESTAMP",
    _EITHER: "EITHER",
    _EITHER | _WHOLE: "EITHER",
}
_PATTERNS = {
    "BIGINT": _INTEGER,
    "DOUBLE": "",  # by the decimal mark
    "TIMESTAMP": f"{_DAY}(?:{_CLOCK})?",
}


class EitherError(Exception):
    """A column of a file may hold thousands or decimals, and nothing says which."""


@dataclass
class Tables:
    """What one engine has read of files; the next query over them need not read them again."""

    engine: duckdb.DuckDBPyConnection
    most_bytes: int
    _kept: dict[tuple[str, str], str] = field(default_factory=dict)
    _types: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def name_columns(self, table: dict[str, Any]) -> None:
        """Make a table without rows, for a query that asks for the names of its columns."""
        parts = [
            f"SELECT * FROM read_parquet({_text(part['path'])}) LIMIT 0"
            if part["kind"] == "parquet"
            else f"SELECT {_nulls(part)} LIMIT 0"
            for part in table["parts"]
        ]
        both = " UNION ALL BY NAME ".join(f"({part})" for part in parts)
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW {table['name']} AS {both}")

    def make(self, table: dict[str, Any], wanted: Collection[str] | None, *, lean: bool) -> None:
        """Make a table of one file or several, whose columns are matched by their names.

        A `lean` one holds the columns that the query wants and no others; where it wants all of
        them they are read anew wherever it uses them, for they may be more than memory holds.
        """
        parts = [
            self._part(part, f"{table['name']}_{at}", wanted, lean)
            for at, part in enumerate(table["parts"])
        ]
        is_parquet = any(part["kind"] == "parquet" for part in table["parts"])
        is_read = lean and wanted is not None and not is_parquet
        what = "TEMP TABLE" if is_read else "TEMP VIEW"
        both = " UNION ALL BY NAME ".join(parts)
        self.engine.execute(f"CREATE OR REPLACE {what} {table['name']} AS {both}")

    def refuse_either(self, table: dict[str, Any], wanted: Collection[str] | None) -> None:
        """Raise EitherError for a column that the query wants and nobody can tell how to read."""
        for part in table["parts"]:
            for n, name in _named(part) if part["kind"] != "parquet" else ():
                kind = self._types.get((part["path"], part["decimal"], n))
                if kind == "EITHER" and (wanted is None or name.casefold() in wanted):
                    raise EitherError(part["path"], name)

    def _part(
        self, part: dict[str, Any], base: str, wanted: Collection[str] | None, lean: bool
    ) -> str:
        """Give the SELECT of one file's rows."""
        if part["kind"] == "parquet":
            return f"SELECT * FROM read_parquet({_text(part['path'])})"
        if part["kind"] == "cells":
            self._make_cells(part, base)
            return self._typed(part, base, wanted)
        is_large = Path(part["path"]).stat().st_size > self.most_bytes
        if lean or is_large or len(part["columns"]) > MOST_COLUMNS:
            return self._typed(part, _csv(part), wanted)
        return f"SELECT * FROM {self._keep(part)}"

    def _make_cells(self, part: dict[str, Any], base: str) -> None:
        columns = [f"unnest($c{n}::{kind}[])" for n, kind in enumerate(part["types"])]
        data = {f"c{n}": column for n, column in enumerate(part["data"])}
        names = ", ".join(f"{one} AS {_name(n)}" for n, one in enumerate(columns))
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE {base} AS SELECT {names}", data)

    def _keep(self, part: dict[str, Any]) -> str:
        """Read a CSV file into a table of its own, once; a changed file is another one."""
        stat = Path(part["path"]).stat()
        key = (
            part["path"],
            f"{part['decimal']} {part['header']} {stat.st_size} {stat.st_mtime_ns}",
        )
        if key not in self._kept:
            name = f"f{len(self._kept)}"
            make = f"CREATE TEMP TABLE {name} AS "
            try:
                self.engine.execute(make + self._guessed(part))
            except duckdb.InvalidInputException as error:
                if _ASTRAY not in str(error):
                    raise
                self.engine.execute(make + self._typed(part, _csv(part), None))
            self._kept[key] = name
        return self._kept[key]

    def _guessed(self, part: dict[str, Any]) -> str:
        """Write the SELECT that reads a file once, by the types of its first rows.

        It fails at the first cell that is of another type.
        """
        types = self._find_types(
            part, f"(SELECT * FROM {_csv(part)} LIMIT {_SAMPLE})", _named(part)
        )
        return _select(part, _csv(part), types, checked=True)

    def _typed(self, part: dict[str, Any], source: str, wanted: Collection[str] | None) -> str:
        """Write the SELECT that gives each column its type, after a look at every cell."""
        named = [
            (n, name) for n, name in _named(part) if wanted is None or name.casefold() in wanted
        ]
        key = (part["path"], part["decimal"])
        is_sent = part["kind"] == "cells"
        new = [one for one in named if is_sent or (*key, one[0]) not in self._types]
        found = self._find_types(part, source, new)
        self._types |= {(*key, n): kind for n, kind in found.items()}
        types = {n: self._types[*key, n] for n, _ in named}
        return _select(part, source, types, checked=False)

    def _find_types(
        self, part: dict[str, Any], source: str, columns: list[tuple[int, str]]
    ) -> dict[int, str]:
        if not columns:
            return {}
        kinds = ", ".join(f"bit_or({_kind(n, part)})" for n, _ in columns)
        found = self.engine.execute(f"SELECT {kinds} FROM {source}").fetchone() or ()
        return {n: _type(bits or 0) for (n, _), bits in zip(columns, found, strict=True)}


def _nulls(part: dict[str, Any]) -> str:
    return ", ".join(f"NULL AS {_quoted(name)}" for _, name in _named(part)) or "NULL AS none"


def _named(part: dict[str, Any]) -> list[tuple[int, str]]:
    return [(n, name) for n, name in enumerate(part["columns"]) if name]


def _select(part: dict[str, Any], source: str, types: dict[int, str], *, checked: bool) -> str:
    decimal = part["decimal"]
    columns = [
        f"{(_checked if checked else _cast)(n, types[n], decimal)} AS {_quoted(name)}"
        for n, name in _named(part)
        if n in types
    ]
    what = ", ".join(columns or ["NULL AS none"])
    return f"SELECT {what} FROM {source} WHERE {_is_filled(part)}"


def _is_filled(part: dict[str, Any]) -> str:
    """Write the test whether a row has anything in it: cheap ones first, for speed."""
    names = [n for n, _ in _named(part)]
    if len(names) > MOST_COLUMNS:
        return f"trim(concat({', '.join(map(_name, names))})) <> ''"
    quick = [f"CAST({_name(n)} AS VARCHAR) >= '!'" for n in names]
    return " OR ".join([*quick, *(f"{_trimmed(n)} IS NOT NULL" for n in names)])


def _csv(part: dict[str, Any]) -> str:
    columns = ", ".join(f"{_text(_bare(n))}: 'VARCHAR'" for n in range(len(part["columns"])))
    return (
        f"read_csv({_text(part['path'])}, auto_detect = false, header = false, strict_mode = true,"
        f" skip = {part['header']}, delim = {_text(part['separator'])}, quote = '\"',"
        f" escape = '\"', max_line_size = 10000000, columns = {{{columns}}})"
    )


def _kind(n: int, part: dict[str, Any]) -> str:
    """Write what one cell is, as a bit."""
    text = _trimmed(n)
    either = f" WHEN regexp_full_match({text}, '{_THOUSANDS}') THEN {_EITHER}"
    return (
        f"CASE WHEN {text} IS NULL THEN 0"
        f" WHEN ascii({text}) NOT BETWEEN 43 AND 57 THEN {_TEXT}"
        f" WHEN regexp_full_match({text}, '{_INTEGER}') THEN {_WHOLE}"
        f"{either if part.get('asks') else ''}"
        f" WHEN regexp_full_match({text}, '{_NUMBERS[part['decimal']]}') THEN {_NUMBER}"
        f" WHEN regexp_full_match({text}, '{_DAY}')"
        f" AND try_cast({text} AS DATE) IS NOT NULL THEN {_DATE}"
        f" WHEN regexp_full_match({text}, '{_DAY}{_CLOCK}')"
        f" AND try_cast({text} AS TIMESTAMP) IS NOT NULL THEN {_TIME} ELSE {_TEXT} END"
    )


def _type(bits: int) -> str:
    numbers = bits and not bits & ~(_WHOLE | _NUMBER | _EITHER)
    return _TYPES.get(bits) or ("DOUBLE" if numbers else "VARCHAR")


def _cast(n: int, kind: str, decimal: str) -> str:
    text = _trimmed(n)
    return (
        text
        if kind in ("VARCHAR", "NOTHING", "EITHER")
        else f"CAST({_plain(text, kind, decimal)} AS {kind})"
    )


def _plain(text: str, kind: str, decimal: str) -> str:
    if kind == "DOUBLE" and decimal == ",":
        return f"replace(replace(replace({text}, '.', ''), ' ', ''), ',', '.')"
    return text


def _checked(n: int, kind: str, decimal: str) -> str:
    """Write a cast that fails at a cell of another type; it leaves out all it can, for speed.

    A pattern that holds has no spaces around it, so that only texts need to be trimmed.
    """
    text = _name(n)
    if kind == "VARCHAR":
        spaces = f"starts_with({text}, ' ') OR ends_with({text}, ' ')"
        return f"CASE WHEN {spaces} THEN {_trimmed(n)} ELSE nullif({text}, '') END"
    empty = f"WHEN {text} IS NULL OR {text} = '' THEN NULL"
    if kind in ("NOTHING", "EITHER"):
        return f"CASE {empty} ELSE error('{_ASTRAY}') END"
    value = f"TRY_CAST({_plain(text, kind, decimal)} AS {kind})"
    if kind == "DATE":  # written as it is read: cheaper to see than by a pattern
        sound = f"CAST({value} AS VARCHAR) = {text} AND length({text}) = 10"
    else:
        sound = f"regexp_full_match({text}, '{_PATTERNS[kind] or _NUMBERS[decimal]}')"
    return (
        f"CASE {empty} WHEN {sound} THEN coalesce({value}, error('{_ASTRAY}'))"
        f" ELSE error('{_ASTRAY}') END"
    )


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
