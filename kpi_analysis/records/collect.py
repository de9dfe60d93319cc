"""Which table holds the values of which measure: own columns of any table, or the long form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.definitions.settings import Settings
from kpi_analysis.definitions.yaml_file import read_yaml
from kpi_analysis.errors import Finding, Level, SourceError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cells import VALUES, Columns, lay_out, or_known
from kpi_analysis.records.columns import (
    column_faults,
    columns_of,
    in_definition,
    long_form_faults,
    own_file,
)
from kpi_analysis.records.sources import Table, existing, fault, find_files, read_table
from kpi_analysis.records.values import Series, read_series

LONE_TEAM = "all"
"""Stands in the team's place where neither kpi.yml nor a column names one."""

_NO_CELLS = pd.DataFrame(columns=[*VALUES, "file", "line"], dtype="object")
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
    findings: list[Finding] = field(default_factory=list)
    _tables: dict[tuple[str, str | None], Table | None] = field(default_factory=dict)
    _strangers: set[tuple[str, str, int]] = field(default_factory=set)

    def series(self) -> Iterator[Series]:
        """Yield a series for each team and measure that has rows."""
        shared: dict[str, Measure] = {}
        for measure in self.measures.values():
            if measure.status not in _READ:
                continue
            if measure.data.query or measure.data.records:
                self._note(measure, "query" if measure.data.query else "records")
            elif measure.data.file:
                yield from self._from_own_table(measure)
            else:
                shared[measure.id] = measure
        yield from self._from_long_form(shared)

    def _note(self, measure: Measure, name: str) -> None:
        message = f"data.{name} cannot be read yet: give the values as CSV, with data.file"
        self.findings.append(in_definition(measure, f"data.{name}", message))

    def _from_own_table(self, measure: Measure) -> Iterator[Series]:
        table = self._own_table(measure)
        if table is None:
            return
        columns = columns_of(measure, table)
        faults = list(column_faults(measure, columns, table, self.settings.teams))
        self.findings += faults
        if faults:
            return
        cells = lay_out(table, columns, team=self._lone, measure=measure.id)
        cells = cells[cells["measure"] == measure.id]
        if cells.empty:
            self.findings.append(_no_rows(measure))
        yield from self._read(self._of_known_teams(cells), measure, columns)

    def _own_table(self, measure: Measure) -> Table | None:
        file = own_file(measure)
        try:
            path = existing(self.root, file)
        except SourceError as error:
            self.findings += self._misnamed(measure, file, error.findings[0].message)
            return None
        return self._table(path, file, measure.data.encoding)

    def _misnamed(self, measure: Measure, file: str, message: str) -> Iterator[Finding]:
        near = (path.relative_to(self.root).as_posix() for path in self.root.glob("**/*.csv"))
        better = nearest(file, near) if "does not exist" in message else None
        yield in_definition(measure, "data.file", f"data.file {message}", better)

    def _from_long_form(self, measures: Mapping[str, Measure]) -> Iterator[Series]:
        said = len(self.findings)
        tables = [self.laid_out(table) for table in self._long_tables(measures)]
        cells = pd.concat(tables or [_NO_CELLS], ignore_index=True)
        there = set(cells["measure"])
        if len(self.findings) == said and there <= {*self.measures, *self.unread}:
            self.findings += [_no_rows(one) for name, one in measures.items() if name not in there]
        yield from self.long_form(cells, measures)

    def long_form(self, cells: pd.DataFrame, measures: Mapping[str, Measure]) -> Iterator[Series]:
        """Yield the series of `measures` from rows of many measures.

        Where there is no definition at all, each measure that the rows name is made one.
        """
        if not self.measures and not self.unread:
            self.measures = measures = _implied(cells, self.settings.frequency)
        self.findings += self._unknown_measures(cells)
        cells = self._of_known_teams(cells[cells["measure"].isin(list(measures))])
        for name, rows in cells.groupby("measure", sort=False):
            yield from self._read(rows, measures[str(name)], Columns())

    def _long_tables(self, measures: Mapping[str, Measure]) -> Iterator[Table]:
        if self.measures and not measures:
            return
        own = {own_file(measure) for measure in self.measures.values()}
        encodings = {one.data.encoding for one in measures.values()} - {None}
        encoding = encodings.pop() if len(encodings) == 1 else None
        for name in self._value_files():
            table = None if name in own else self._table(self.root / name, name, encoding)
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
        there = set(table.rows.columns)
        columns = Columns(**{role: role if role in there else None for role in VALUES})
        return lay_out(table, columns, team=self._lone, measure=measure)

    @property
    def _lone(self) -> str:
        """The team of rows in a table without a column for it."""
        return next(iter(self.settings.teams), LONE_TEAM)

    def _table(self, path: Path, name: str, encoding: str | None) -> Table | None:
        key = (name, encoding)
        if key not in self._tables:
            try:
                self._tables[key] = read_table(path, name, encoding)
            except SourceError as error:
                self._tables[key] = None
                self.findings += error.findings
        return self._tables[key]

    def _read(self, cells: pd.DataFrame, measure: Measure, columns: Columns) -> list[Series]:
        frequency = measure.frequency or self.settings.frequency
        return read_series(cells, measure, frequency, columns)

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
                message if name else "measure is empty: write the measure's id",
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
        message if team else "team is empty: write the team's name",
        file=file,
        line=line,
        field="team",
        team=team or None,
        better=nearest(team, teams) if team else None,
    )
