"""Which table holds the values of which measure: own columns of any table, or the long form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.definitions.settings import Settings
from kpi_analysis.definitions.yaml_file import read_yaml
from kpi_analysis.errors import Finding, Level, SourceError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cells import Columns, lay_out, or_known, together
from kpi_analysis.records.columns import (
    column_faults,
    columns_of,
    in_definition,
    in_the_query,
    long_form_faults,
    own_file,
    usual,
)
from kpi_analysis.records.engines import READABLE, Reading, files_of, read_file, reading_of
from kpi_analysis.records.series_table import MeasureTable
from kpi_analysis.records.sources import END_OF_TIME, Table, fault, find_files
from kpi_analysis.records.tables import without_notes
from kpi_analysis.records.values import read_measure_table

if TYPE_CHECKING:
    from kpi_analysis.records.asked import Asker

LONE_TEAM = "all"
"""Stands in the team's place where neither kpi.yml nor a column names one."""

_OR_TOTAL = "or delete the row if it is a total"
_READ = (Status.TRIAL, Status.ACTIVE)


@dataclass
class Collector:
    """Reads the values of all measures; a file that several of them share is read once.

    Drafts and retired measures are not read. `unread` are ids of measures whose definition has
    a fault: their rows are no unknown rows, and their tables, which nobody can tell, no faults.
    """

    root: Path
    settings: Settings
    measures: Mapping[str, Measure]
    unread: set[str]
    until: date = END_OF_TIME
    findings: list[Finding] = field(default_factory=list)
    _tables: dict[tuple[str, Reading], Table | None] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _strangers: set[tuple[str, str, int]] = field(default_factory=set)

    @cached_property
    def asker(self) -> Asker:
        """What queries and raw records are asked of; SQL is loaded when the first one is."""
        from kpi_analysis.records.asked import Asker

        return Asker(self.root, self.settings, self.until)

    @property
    def _has_asked(self) -> bool:
        return "asker" in vars(self)

    def close(self) -> None:
        """Let go of what was asked."""
        if self._has_asked:
            self.asker.close()

    def tables(self) -> Iterator[MeasureTable]:
        """Yield a table for each measure that has rows: a series for each of its teams."""
        shared: dict[str, Measure] = {}
        for measure in self.measures.values():
            if measure.status not in _READ:
                continue
            if measure.data.query or measure.data.records:
                yield from self._from_answer(measure)
            elif measure.data.file:
                yield from self._from_own_table(measure)
            else:
                shared[measure.id] = measure
        self._tables.clear()  # the cells of a file go as soon as no measure may need them
        yield from self._from_long_form(shared)

    def _from_answer(self, measure: Measure) -> Iterator[MeasureTable]:
        """Yield the table that a query or raw records give."""
        name = "query" if measure.data.query else "records"
        said, asked = len(self.findings), len(self.asker.findings)
        table = self.asker.table(measure)
        self.findings += self.asker.findings[asked:]
        named = name == "query"  # records come back under the usual names
        found = list(self._from_tables([table], measure, named=named)) if table else []
        self.findings[said:] = [in_the_query(one, measure, name) for one in self.findings[said:]]
        shapes = self.asker.shapes.get(measure.id, {})
        for one in found:
            faults = {
                team: tuple(in_the_query(each, measure, name) for each in own)
                for team, own in one.faults.items()
            }
            yield replace(one, faults=faults, shapes=shapes)

    def _from_own_table(self, measure: Measure) -> Iterator[MeasureTable]:
        files = self._own_files(measure)
        self._taken.update(files)
        tables = [self._shared_table(file, reading_of(measure)) for file in files]
        if tables and all(tables):
            yield from self._from_tables([one for one in tables if one], measure)

    def _from_tables(
        self, tables: list[Table], measure: Measure, *, named: bool = True
    ) -> Iterator[MeasureTable]:
        """Yield the table of a measure from tables of its own, by the columns it names."""
        laid_out = []
        for table in tables:
            columns = columns_of(measure, table) if named else usual(table)
            faults = list(column_faults(measure, columns, table, self.settings.teams))
            self.findings += faults
            if faults:
                return
            cells = lay_out(table, columns, team=self._lone, measure=measure.id)
            laid_out.append(cells[cells["measure"] == measure.id])
        rows = together(laid_out)
        if rows.empty:
            self.findings.append(_no_rows(measure))
        yield self._read(self._of_known_teams(rows), measure, columns)

    def _own_files(self, measure: Measure) -> list[str]:
        """Give the file of a measure, or those of its folder or pattern."""
        file = own_file(measure)
        try:
            files, faults = files_of(self.root, file)
        except SourceError as error:
            self.findings += self._misnamed(measure, file, error.findings[0].message)
            return []
        self.findings += faults
        if not files and not faults:
            message = f"data.file '{file}' names no file: write the values there"
            self.findings.append(in_definition(measure, "data.file", message))
        return files

    def _misnamed(self, measure: Measure, file: str, message: str) -> Iterator[Finding]:
        paths = (path for suffix in READABLE for path in self.root.glob(f"**/*{suffix}"))
        near = (path.relative_to(self.root).as_posix() for path in paths)
        better = nearest(file, near) if "does not exist" in message else None
        yield in_definition(measure, "data.file", f"data.file {message}", better)

    def _from_long_form(self, measures: Mapping[str, Measure]) -> Iterator[MeasureTable]:
        said = len(self.findings)
        cells = together(self.laid_out(table) for table in self._long_tables(measures))
        there = set(cells["measure"].unique())
        if len(self.findings) == said and there <= {*self.measures, *self.unread}:
            self.findings += [_no_rows(one) for name, one in measures.items() if name not in there]
        yield from self.long_form(cells, measures)

    def long_form(
        self, cells: pd.DataFrame, measures: Mapping[str, Measure]
    ) -> Iterator[MeasureTable]:
        """Yield the tables of `measures` from rows of many measures.

        Where there is no definition at all, each measure that the rows name is made one.
        """
        if not self.measures and not self.unread:
            self.measures = measures = _implied(cells, self.settings.frequency)
        self.findings += self._unknown_measures(cells)
        cells = self._of_known_teams(cells[cells["measure"].isin(list(measures))])
        for name in cells["measure"].unique():
            yield self._read(cells[cells["measure"] == name], measures[str(name)], Columns())

    def _long_tables(self, measures: Mapping[str, Measure]) -> Iterator[Table]:
        if self.measures and not measures:
            return
        own = {*self._taken, *(own_file(measure) for measure in self.measures.values())}
        own |= self.asker.files_read if self._has_asked else set()
        encodings = {one.data.encoding for one in measures.values()} - {None}
        encoding = encodings.pop() if len(encodings) == 1 else None
        for name in self._value_files():
            table = None if name in own else self._table(name, Reading(encoding))
            faults = list(long_form_faults(table, self.settings.teams)) if table else []
            if not self.unread:  # else it may be the table of a measure that cannot be read
                self.findings += faults
            if table and not faults:
                yield table

    def _value_files(self) -> list[str]:
        names: set[str] = set()
        for pattern in self.settings.values:
            try:
                found, faults = find_files(self.root, pattern)
            except SourceError as error:
                found, faults = [], [self._in_settings(error.findings[0].message)]
            self.findings += faults
            names.update(found)
            if not found and not faults:
                self.findings.append(
                    self._in_settings(f"'{pattern}' names no file: write the values there")
                )
        return sorted(names)

    def _in_settings(self, message: str) -> Finding:
        place = read_yaml(self.root / "kpi.yml", "kpi.yml").values.get(("values",))
        line = place[0] if place else None
        return fault(f"values: {message}", file="kpi.yml", line=line, field="values")

    def laid_out(self, table: Table, measure: str = "") -> pd.DataFrame:
        """Give a table's cells by the usual names; `measure` where no column names it."""
        return lay_out(table, usual(table), team=self._lone, measure=measure)

    @property
    def _lone(self) -> str:
        """The team of rows in a table without a column for it."""
        return next(iter(self.settings.teams), LONE_TEAM)

    def _shared_table(self, name: str, reading: Reading) -> Table | None:
        key = (name, replace(reading, decimal="."))
        if key not in self._tables:
            self._tables[key] = self._table(name, reading)
        return self._tables[key]

    def _table(self, name: str, reading: Reading) -> Table | None:
        try:
            is_parquet = name.lower().endswith(".parquet")
            table = self.asker.file(name) if is_parquet else read_file(self.root, name, reading)
            return without_notes(table)
        except SourceError as error:
            self.findings += error.findings
            return None

    def _read(self, cells: pd.DataFrame, measure: Measure, columns: Columns) -> MeasureTable:
        frequency = measure.frequency or self.settings.frequency
        return read_measure_table(cells, measure, frequency, columns)

    def _of_known_teams(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Leave out the rows of no team or of one that kpi.yml does not list, and say so."""
        teams = list(self.settings.teams) or [team for team in cells["team"].unique() if team]
        astray = ~cells["team"].isin(teams)
        for place in _firsts(cells[astray], "team"):
            if place not in self._strangers:
                self._strangers.add(place)
                self.findings.append(_stranger(*place, teams))
        return cells[~astray]

    def _unknown_measures(self, cells: pd.DataFrame) -> Iterator[Finding]:
        known = {*self.measures, *self.unread}
        for name, file, line in _firsts(cells[~cells["measure"].isin(list(known))], "measure"):
            message = f"measure '{name}' has no definition{or_known(name, self.measures)}"
            yield fault(
                message if name else f"measure is empty: write the measure's id, {_OR_TOTAL}",
                file=file,
                line=line,
                field="measure",
                better=nearest(name, self.measures) if name else None,
            )


def _firsts(cells: pd.DataFrame, column: str) -> list[tuple[str, str, int]]:
    """Give each word of a column once for each file, with file and line."""
    firsts = cells.drop_duplicates([column, "file"])
    return list(zip(firsts[column], firsts["file"], firsts["line"].tolist(), strict=True))


def _implied(cells: pd.DataFrame, frequency: Frequency) -> dict[str, Measure]:
    """Give a measure without target and direction for each that the values name."""
    return {
        name: Measure.model_construct(id=name, status=Status.TRIAL, result="", frequency=frequency)
        for name in cells["measure"].unique()
        if name
    }


def _no_rows(measure: Measure) -> Finding:
    where = own_file(measure) or "the values"
    message = f"no row of {where} is about '{measure.id}': nothing is charted before there is one"
    return replace(in_definition(measure, "data", message), level=Level.WARNING)


def _stranger(team: str, file: str, line: int, teams: list[str]) -> Finding:
    message = f"team '{team}' is not among the teams of kpi.yml{or_known(team, teams)}"
    return fault(
        message if team else f"team is empty: write the team's name, {_OR_TOTAL}",
        file=file,
        line=line,
        field="team",
        team=team or None,
        better=nearest(team, teams) if team else None,
    )
