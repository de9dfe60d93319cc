"""The kinds of chart by name: what each reads, how it draws its lines, where its unit ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals import attributes, limits
from kpi_analysis.signals.inputs import read_counts, read_numbers, refuse
from kpi_analysis.signals.layout import Floats
from kpi_analysis.signals.limits import Block, Lines
from kpi_analysis.signals.rules import RuleSet, known


@dataclass(frozen=True)
class Chart:
    """A kind of chart. `least` is the smallest value it can hold, `above` whether only beyond.

    `counted`: it reads `numerator` and `denominator`. `highest`: the end of the unit at per=1.
    `ranged`: it has a moving-range part.
    """

    name: str
    draw: Callable[[Block, RuleSet], Lines]
    least: float = -np.inf
    above: bool = False
    counted: bool = False
    highest: float = np.inf
    ranged: bool = False


CHARTS: Final = {
    chart.name: chart
    for chart in (
        Chart("xmr", limits.xmr, ranged=True),
        Chart("trended", limits.trended, ranged=True),
        Chart("run", limits.run),
        Chart("p", attributes.p, least=0, counted=True, highest=1),
        Chart("p_prime", attributes.p_prime, least=0, counted=True, highest=1),
        Chart("u", attributes.u, least=0, counted=True),
        Chart("u_prime", attributes.u_prime, least=0, counted=True),
        Chart("c", attributes.c, least=0),
        Chart("t", attributes.t, least=0, above=True),
        Chart("g", attributes.g, least=0),
    )
}


@dataclass(frozen=True)
class Readings:
    """What a chart reads of a table, in the order of its rows."""

    values: Floats
    numerator: Floats | None = None
    denominator: Floats | None = None


def chosen_chart(name: str) -> Chart:
    """Give the chart of a name.

    Raises:
        KpiError: there is no such chart; the message says which there are.

    """
    known("chart", name, list(CHARTS))
    return CHARTS[name]


def read(frame: pd.DataFrame, chart: Chart, per: float) -> Readings:
    """Read the values of a chart; those of counts are per * numerator / denominator.

    Raises:
        KpiError: a column is missing, or a value is one the chart cannot hold.

    """
    if not (np.isfinite(per) and per > 0):
        raise KpiError(f"per is {per}; use a number above 0, such as 100 for a percentage")
    if chart.counted:
        numerator, denominator = read_counts(frame, at_most_all=np.isfinite(chart.highest))
        with np.errstate(over="ignore"):
            return Readings(per * numerator / denominator, numerator, denominator)
    values = read_numbers(frame, "value")
    wrong = values <= chart.least if chart.above else values < chart.least
    least = "above 0" if chart.above else "of 0 or more"
    refuse(
        frame,
        values,
        wrong,
        f"value {{}} cannot be on a {chart.name} chart; it takes values {least}",
    )
    return Readings(values)


def bounds_of(chart: Chart, per: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """Give the ends of the unit: those asked for, and those in the nature of the chart."""
    return max(bounds[0], chart.least), min(bounds[1], chart.highest * per)
