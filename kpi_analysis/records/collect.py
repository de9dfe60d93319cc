"""Which table holds the values of which measure: own columns of any table, or the long form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pandas as pd

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.settings import Settings
from kpi_analysis.definitions.yaml_file import read_yaml
from kpi_analysis.errors import Finding, Level, SourceError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cells import VALUES, Columns, lay_out, misspelt, no_column, or_known
from kpi_analysis.records.figures import WORKED_OUT
from kpi_analysis.records.sources import Table, existing, fault, find_files, read_table
from kpi_analysis.records.values import Series, read_series

LONE_TEAM = "all"
"""Stands in the team's place where neither kpi.yml nor a column names one."""

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
        self.findings.append(_in_definition(measure, f"data.{name}", message))

    def _from_own_table(self, measure: Measure) -> Iterator[Series]:
        table = self._own_table(measure)
        if table is None:
            return
        columns = _columns(measure, table)
        faults = list(_column_faults(measure, columns, table))
        if not columns.team and len(self.settings.teams) > 1:
            faults.append(no_column("team", table))
        self.findings += faults
        if faults:
            return
        cells = lay_out(table, columns, team=self._lone, measure=measure.id)
        cells = cells[cells["measure"] == measure.id]
        if cells.empty:
            self.findings.append(_no_rows(measure))
        yield from self._read(self._of_known_teams(cells), measure, columns)

    def _own_table(self, measure: Measure) -> Table | None:
        file = _own_file(measure)
        try:
            path = existing(self.root, file)
        except SourceError as error:
            self.findings += self._misnamed(measure, file, error.findings[0].message)
            return None
        return self._table(path, file, measure.data.encoding)

    def _misnamed(self, measure: Measure, file: str, message: str) -> Iterator[Finding]:
        near = (path.relative_to(self.root).as_posix() for path in self.root.glob("**/*.csv"))
        better = nearest(file, near) if "does not exist" in message else None
        yield _in_definition(measure, "data.file", f"data.file {message}", better)

    def _from_long_form(self, measures: Mapping[str, Measure]) -> Iterator[Series]:
        tables = list(self._long_tables(measures))
        read = [self.laid_out(table) for table in tables if table is not None]
        if not read:
            return
        cells = pd.concat(read, ignore_index=True)
        if len(read) == len(tables):
            there = set(cells["measure"])
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

    def _long_tables(self, measures: Mapping[str, Measure]) -> Iterator[Table | None]:
        """Yield the tables in long form, None for one that cannot be read."""
        if self.measures and not measures:
            return
        own = {_own_file(measure) for measure in self.measures.values()}
        encodings = {one.data.encoding for one in measures.values()} - {None}
        encoding = encodings.pop() if len(encodings) == 1 else None
        files = [name for name in self._value_files() if name not in own]
        for name in files:
            table = self._table(self.root / name, name, encoding)
            faults = [] if table is None else list(_long_form_faults(table))
            if not self.unread:
                self.findings += faults
            yield None if faults else table

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
        name: Measure.model_construct(id=name, status=Status.TRIAL, frequency=frequency)
        for name in cells["measure"].unique()
        if name
    }


def _no_rows(measure: Measure) -> Finding:
    where = _own_file(measure) or "the values"
    message = f"no row of {where} is about '{measure.id}': nothing is charted before there is one"
    return replace(_in_definition(measure, "data", message), level=Level.WARNING)


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


def _own_file(measure: Measure) -> str:
    """Give the measure's own file as the search for files would spell it."""
    return PurePosixPath(measure.data.file).as_posix() if measure.data.file else ""


def _in_definition(
    measure: Measure, field: str, message: str, better: str | None = None
) -> Finding:
    place = measure.place(field)
    return fault(
        message + did_you_mean(better),
        file=measure.file,
        line=place[0] if place else None,
        field=field,
        measure=measure.id,
        better=better,
    )


def _columns(measure: Measure, table: Table) -> Columns:
    """Take the columns the measure names, else those of the usual names that are there."""
    named = measure.data.columns
    there = set(table.rows.columns)
    return Columns(
        **{role: getattr(named, role) or (role if role in there else None) for role in VALUES}
    )


def _column_faults(measure: Measure, columns: Columns, table: Table) -> Iterator[Finding]:
    """Say which columns a measure reads and its table does not have."""
    there = [str(column) for column in table.rows.columns]
    for role in VALUES:
        name = getattr(columns, role)
        if name and name not in there:
            message = f"{table.file} has no column '{name}'{or_known(name, there)}"
            field, better = f"data.columns.{role}", nearest(name, there)
            yield replace(_in_definition(measure, field, message), better=better)
    yield from misspelt((role for role in VALUES if not getattr(columns, role)), table)
    if not columns.period:
        yield no_column("period", table)
    for role in _lacking(columns, measure.calculation.statistic in WORKED_OUT):
        yield no_column(role, table)


def _lacking(columns: Columns, from_counts: bool) -> list[str]:
    counts = [role for role in ("numerator", "denominator") if not getattr(columns, role)]
    if from_counts and len(counts) == 1:
        return counts
    return [] if columns.value or (from_counts and not counts) else ["value"]


def _long_form_faults(table: Table) -> Iterator[Finding]:
    there = set(table.rows.columns)
    needed = ("measure", "period")
    counted = {"numerator", "denominator"} <= there
    lacks = [name for name in (*needed, "value") if name not in there]
    for name in lacks:
        if name != "value" or not counted:
            yield no_column(name, table)
    yield from misspelt((role for role in VALUES if role not in lacks), table)
