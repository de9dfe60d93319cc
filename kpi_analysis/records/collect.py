"""Which table holds the values of which measure: own columns of any table, or the long form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.definitions.settings import Settings
from kpi_analysis.errors import Finding, KpiError
from kpi_analysis.records.sources import Table, combine, fault, find_files, inside, read_table
from kpi_analysis.records.values import Cells, Columns, Series, or_known, read_series

_ROLES = ("period", "team", "measure", "value", "numerator", "denominator")
_LONE_TEAM = "all"  # stands in the team's place where neither kpi.yml nor a column names one


@dataclass
class Collector:
    """Reads the values of all measures; a file that several of them share is read once.

    `unread` are ids of measures whose definition has a fault: their rows are no unknown rows.
    """

    root: Path
    settings: Settings
    measures: Mapping[str, Measure]
    unread: set[str]
    findings: list[Finding] = field(default_factory=list)
    _tables: dict[tuple[str, str | None], Table | None] = field(default_factory=dict)

    def series(self) -> Iterator[Series]:
        """Yield a series for each team and measure that has rows; retired measures have none."""
        in_use = [m for m in self.measures.values() if m.status is not Status.RETIRED]
        for measure in in_use:
            if _file(measure):
                yield from self._from_own_table(measure)
        rest = {measure.id: measure for measure in in_use if not _file(measure)}
        if rest:
            yield from self._from_long_form(rest)

    def _from_own_table(self, measure: Measure) -> Iterator[Series]:
        table = self._table(_file(measure), measure)
        if table is None:
            return
        columns = _columns(measure, table)
        absent = [
            (role, name)
            for role in _ROLES
            if (name := getattr(columns, role)) and name not in table.rows.columns
        ]
        self.findings += [_no_column(role, name, table, measure) for role, name in absent]
        if absent:
            return
        rows = table.rows
        if columns.measure:
            rows = rows[rows[columns.measure].str.strip() == measure.id]
        yield from self._split(Cells(table, rows, columns), measure)

    def _from_long_form(self, measures: Mapping[str, Measure]) -> Iterator[Series]:
        tables = list(self._long_tables())
        if not tables:
            return
        table = combine(tables)
        names = table.rows["measure"].str.strip()
        self.findings += self._unknown_measures(table, list(names))
        for name, rows in table.rows.groupby(names, sort=False):
            measure = measures.get(str(name))
            if measure:
                yield from self._split(Cells(table, rows, _columns(measure, table)), measure)

    def _long_tables(self) -> Iterator[Table]:
        patterns = tuple(self.settings.values)
        try:
            paths = find_files(self.root, patterns)
        except KpiError as error:
            self.findings += error.findings
            return
        own = {_file(measure) for measure in self.measures.values()}
        files = [path.relative_to(self.root).as_posix() for path in paths]
        if not files:
            message = f"values: {', '.join(patterns)} names no file: write the values there"
            self.findings.append(fault(message, file="kpi.yml", field="values"))
        for file in files:
            table = None if file in own else self._table(file, None)
            needed = [] if table is None else _long_form_lacks(table)
            if table is not None and not needed:
                yield table
            elif table is not None:
                self.findings += [_no_column(name, name, table, None) for name in needed]

    def _split(self, cells: Cells, measure: Measure) -> list[Series]:
        frequency = measure.frequency or self.settings.frequency
        teams = list(self.settings.teams) or None
        if not cells.columns.team:
            if teams and len(teams) > 1:
                self.findings.append(_no_column("team", "team", cells.table, measure))
                return []
            cells = Cells(cells.table, cells.rows, cells.columns, teams[0] if teams else _LONE_TEAM)
        series, homeless = read_series(cells, measure, frequency, teams)
        self.findings += homeless
        return series

    def _table(self, file: str, measure: Measure | None) -> Table | None:
        encoding = measure.data.encoding if measure else None
        key = (file, encoding)
        if key not in self._tables:
            try:
                self._tables[key] = read_table(inside(self.root, file), file, encoding)
            except KpiError as error:
                self._tables[key] = None
                self.findings += error.findings
        return self._tables[key]

    def _unknown_measures(self, table: Table, names: list[str]) -> Iterator[Finding]:
        known = {*self.measures, *self.unread}
        for position, name in enumerate(names):
            if name not in known:
                known.add(name)  # once a name, not once a row
                file, line = table.places[position]
                better = nearest(name, self.measures)
                message = f"measure '{name}' has no definition{or_known(name, self.measures)}"
                yield fault(message, file=file, line=line, field="measure", better=better)


def _file(measure: Measure) -> str:
    return measure.data.file or ""


def _columns(measure: Measure, table: Table) -> Columns:
    """Take the columns the measure names, else those of the usual names that are there."""
    named = measure.data.columns
    there = set(table.rows.columns)
    found: dict[str, str | None] = {
        role: getattr(named, role) or (role if role in there else None) for role in _ROLES[1:]
    }
    return Columns(period=named.period or "period", **found)


def _long_form_lacks(table: Table) -> list[str]:
    there = set(table.rows.columns)
    lacks = [name for name in ("measure", "period") if name not in there]
    return lacks if {"value", "numerator"} & there else [*lacks, "value"]


def _no_column(role: str, name: str, table: Table, measure: Measure | None) -> Finding:
    there = [str(column) for column in table.rows.columns]
    message = f"has no column '{name}'{or_known(name, there)}"
    return fault(
        message,
        file=table.file or table.places[0][0],
        line=1,
        field=f"data.columns.{role}" if measure else name,
        measure=measure.id if measure else None,
        better=nearest(name, there),
    )
