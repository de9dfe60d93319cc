"""The shape of the raw records behind an average: how skewed it is, how few its distinct values.

A mean hides how its cases lie. Where raw records are there, the engine is asked once more: for
each team the number of cases, their mean and median, how many values differ, and how often the
commonest one comes. Only that travels, no case does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kpi_analysis.definitions.measures import Statistic

AVERAGES = (Statistic.MEAN, Statistic.DAYS_BETWEEN)
"""The statistics whose value is an average of cases."""

NO_TEAM = "-"
"""Stands for the team in an answer where the cases have no column for it."""


@dataclass(frozen=True)
class Shape:
    """How the raw values of one team lie, in the unit of the measure.

    Cases without a value are not counted; `tied` of them have the commonest value.
    """

    cases: int
    mean: float
    median: float
    distinct: int
    tied: int

    @property
    def skew(self) -> float | None:
        """Mean over median; None where the median is not above 0, and a ratio says nothing."""
        return self.mean / self.median if self.median > 0 else None

    @property
    def tied_share(self) -> float:
        """The share of cases that have the commonest value."""
        return self.tied / self.cases


def read_shapes(answer: pd.DataFrame) -> Mapping[str, Shape]:
    """Read the answer to `Cases.shape_query`: a shape for each team with cases."""
    return {
        str(row["team"]): Shape(
            int(row["cases"]),
            float(row["average"]),
            float(row["middle"]),
            int(row["different"]),
            int(row["tied"]),
        )
        for row in answer.to_dict("records")
    }
