"""A database behind a SQLAlchemy URL: the same query, written in its own dialect.

The address comes from the environment, so that no secret stands in a file; it is in no message.
On PostgreSQL a query runs in a transaction that may only read, under the time limit of kpi.yml.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlglot import exp

from kpi_analysis.definitions.settings import Limits
from kpi_analysis.errors import SourceError
from kpi_analysis.records.engines import Reading, Scalar, framed, in_one_line
from kpi_analysis.records.queries import Query, parameters_as
from kpi_analysis.records.results import cells
from kpi_analysis.records.sources import fault

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_DIALECTS = {"postgresql": "postgres", "mssql": "tsql"}  # names that differ from sqlglot's
_KINDS = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "TEXT", date: "DATE"}
_MARK = re.compile("\x01([A-Za-z0-9_]+)\x02")


@dataclass
class Warehouse:
    """One source of kpi.yml with a `url`."""

    name: str
    engine: Engine
    limits: Limits

    @classmethod
    def connect(cls, name: str, url: str, limits: Limits) -> Warehouse:
        """Make ready for an address, or for the variable that `env:NAME` says; see `Engine`."""
        try:
            import sqlalchemy
        except ImportError:
            message = f"needs source '{name}': install kpi-analysis[warehouse]"
            raise SourceError(fault(message)) from None
        address = _address(name, url)
        try:
            engine = sqlalchemy.create_engine(address, pool_pre_ping=True)
        except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError):
            message = f"needs source '{name}', whose url is none of SQLAlchemy's: mend it"
            raise SourceError(fault(f"{message}, or install its driver")) from None
        return cls(name, engine, limits)

    def query(self, query: Query, params: Mapping[str, Scalar], _reading: Reading) -> pd.DataFrame:
        """Run a checked query; see `Engine`."""
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError

        dialect = _DIALECTS.get(self.engine.dialect.name, self.engine.dialect.name)
        marks = parameters_as(lambda name: _mark(name, params[name]))
        marked = query.sql(dialect, marks)
        sql = _MARK.sub(r":\1", marked.replace("\\", "\\\\").replace(":", r"\:"))
        try:
            with self.engine.connect() as connection:
                self._restrain(connection)
                found = connection.execute(text(sql), dict(params))
                return framed(list(found.keys()), cells(found))
        except SQLAlchemyError as error:
            raise SourceError(fault(self._told(error))) from None

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def _restrain(self, connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.exec_driver_sql("SET LOCAL standard_conforming_strings = on")
            seconds = f"{self.limits.seconds * 1000:.0f}"
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds}")

    def _told(self, error: Exception) -> str:
        """Give the driver's own words, without the address or what is in it."""
        cause: Any = getattr(error, "orig", None) or error
        if "statement timeout" in str(cause):
            cure = "GROUP BY team and period, or raise limits.seconds in kpi.yml"
            return f"ran longer than {self.limits.seconds:g} s and was stopped: {cure}"
        words = in_one_line(str(cause).partition("\nLINE")[0])
        for part in (self.engine.url.password, self.engine.url.username, self.engine.url.host):
            words = words.replace(str(part), "...") if part else words
        return f"was refused by source '{self.name}': {words}"


def _mark(name: str, value: Scalar) -> exp.Expr:
    """Stand in for a parameter, with its type: a database cannot tell the type of a bare one."""
    kind = next(kind for type_, kind in _KINDS.items() if isinstance(value, type_))
    return exp.cast(exp.Var(this=f"\x01{name}\x02"), kind)


def _address(name: str, url: str) -> str:
    if not url.startswith("env:"):
        return url
    variable = url.removeprefix("env:")
    address = os.environ.get(variable)
    if not address:
        message = f"needs source '{name}', whose address is not in the environment"
        raise SourceError(fault(f"{message}: set {variable}"))
    return address
