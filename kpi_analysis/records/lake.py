"""A lake behind Spark: the same query, written in its dialect. Needs the extra `spark`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from sqlglot import exp

from kpi_analysis.definitions.settings import Limits
from kpi_analysis.errors import SourceError
from kpi_analysis.records.engines import Reading, Scalar, framed, in_one_line
from kpi_analysis.records.queries import Query
from kpi_analysis.records.results import cells
from kpi_analysis.records.sources import fault

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass
class Lake:
    """One source of kpi.yml with a `spark`: local[N], a master, or sc://HOST for Spark Connect.

    Spark has no time limit for one query: its own settings hold it.
    """

    name: str
    session: SparkSession
    limits: Limits

    @classmethod
    def connect(cls, name: str, address: str, limits: Limits) -> Lake:
        """Start or find a session; see `Engine`."""
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            message = f"needs source '{name}': install kpi-analysis[spark]"
            raise SourceError(fault(message)) from None
        builder = SparkSession.builder.config("spark.ui.enabled", "false")
        is_remote = address.startswith("sc://")
        try:
            made = builder.remote(address) if is_remote else builder.master(address)
            return cls(name, made.getOrCreate(), limits)
        except (PySparkException, RuntimeError, OSError) as error:
            message = f"needs source '{name}', which does not start: {in_one_line(str(error))}"
            raise SourceError(fault(message)) from None

    def query(self, query: Query, params: Mapping[str, Scalar], _reading: Reading) -> pd.DataFrame:
        """Run a checked query; see `Engine`."""
        from pyspark.errors import PySparkException

        sql = query.sql("spark", _exact)
        try:
            answer = self.session.sql(sql, args=dict(params))
            return framed(list(answer.columns), cells(answer.collect()))
        except PySparkException as error:
            words = in_one_line(str(error).partition("\n\nJVM")[0])
            raise SourceError(fault(f"was refused by source '{self.name}': {words}")) from None

    def close(self) -> None:
        """Leave the session to whoever else uses it: Spark ends it with the process."""


def _exact(node: exp.Expr) -> exp.Expr:
    """Write percentiles in the form that Spark reads."""
    if isinstance(node, exp.PercentileCont) and node.expression:
        return exp.Anonymous(this="PERCENTILE", expressions=[node.this, node.expression])
    return node
