"""Series as a workspace holds them: one table a measure; a team's series is cut out when asked for.

Thousands of frames would take thirty times the memory of their numbers, and their making longer
than the reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.errors import Finding
from kpi_analysis.periods import Period
from kpi_analysis.records.shape import NO_TEAM, Shape

Ints = npt.NDArray[np.int64]
Key = tuple[str, str]
"""Team and measure."""


@dataclass(frozen=True)
class Series:
    """Values of one team's measure in time order, gaps included, with the faults found.

    `shape` is that of the raw records where the values are averages of these, else None.
    """

    team: str
    measure: str
    values: pd.DataFrame
    faults: tuple[Finding, ...] = ()
    shape: Shape | None = None


@dataclass(frozen=True)
class MeasureTable:
    """The series of one measure, one below the other.

    Team n has the rows `bounds[n]` to `bounds[n + 1]` of `values`, one for every period from its
    first. `faults` and `shapes` have only the teams of which there are any.
    """

    measure: str
    teams: tuple[str, ...]
    values: pd.DataFrame
    bounds: Ints
    faults: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)

    def series(self, n: int) -> Series:
        """Cut out the series of team n: its frame is its own, with an index from 0."""
        team, start, stop = self.teams[n], self.bounds[n], self.bounds[n + 1]
        rows = self.values.iloc[start:stop].reset_index(drop=True)
        return Series(team, self.measure, rows, self.faults.get(team, ()), self.shape(team))

    def shape(self, team: str) -> Shape | None:
        """Give the shape of a team's raw records, where it is known."""
        return self.shapes.get(team) or self.shapes.get(NO_TEAM)

    @cached_property
    def newest(self) -> str | None:
        """The newest period in which some team has a value; None: there is no value at all."""
        valued = self.values.loc[self.values["value"].notna(), "period"]
        # Periods of one frequency are written alike, so that their texts sort as they do.
        return str(valued.max()) if len(valued) else None


class SeriesTable(Mapping[Key, Series]):
    """All series of a workspace, in the order of the tables and of the teams in each."""

    def __init__(self, tables: Iterable[MeasureTable]) -> None:
        self.tables = tuple(tables)
        self._places = {
            (team, table.measure): (table, n)
            for table in self.tables
            for n, team in enumerate(table.teams)
        }

    def __getitem__(self, key: Key) -> Series:
        table, n = self._places[key]
        return table.series(n)

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"SeriesTable: {len(self)} series of {len(self.tables)} measures"

    @property
    def faults(self) -> Iterator[Finding]:
        """The faults of all series, in their order."""
        found = (table.faults.get(team, ()) for table in self.tables for team in table.teams)
        return (one for each in found for one in each)


def in_tables(series: Mapping[Key, Series]) -> Iterable[MeasureTable]:
    """Give the tables in which series lie; of any other mapping, a table for each."""
    if isinstance(series, SeriesTable):
        return series.tables
    return map(_alone, series.values())


def _alone(one: Series) -> MeasureTable:
    shapes = {one.team: one.shape} if one.shape else {}
    bounds = np.array([0, len(one.values)])
    return MeasureTable(
        one.measure, (one.team,), one.values, bounds, {one.team: one.faults}, shapes
    )


def newest_day(series: Mapping[Key, Series]) -> date | None:
    """Give the last day of the newest period that has a value."""
    newest = {table.newest for table in in_tables(series)} - {None}
    return max((Period.parse(str(one)).end for one in newest), default=None)
