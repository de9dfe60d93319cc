"""Measures whose numbers are asked for: `data.query` and `data.records`, from any source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.settings import Settings, Source
from kpi_analysis.errors import Finding, Level, SourceError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.cases import Cases, Finder, cases_of, nothing
from kpi_analysis.records.columns import in_definition
from kpi_analysis.records.engines import Engine, Scalar, reading_of
from kpi_analysis.records.files_engine import FilesEngine
from kpi_analysis.records.queries import Query, read_query
from kpi_analysis.records.shape import AVERAGES, Shape, read_shapes
from kpi_analysis.records.sources import END_OF_TIME, Table, fault


@dataclass
class Asker:
    """Asks the engines of a workspace; each is started when it is first needed.

    `until` is the last day of the review period, bound as `$period`.
    """

    root: Path
    settings: Settings
    until: date = END_OF_TIME
    findings: list[Finding] = field(default_factory=list)
    shapes: dict[str, Mapping[str, Shape]] = field(default_factory=dict)  # by measure and team
    _engines: dict[str, Engine] = field(default_factory=dict)

    def table(self, measure: Measure) -> Table | None:
        """Give the period values of a measure; None, and findings, where they are not to be had."""
        name = "query" if measure.data.query else "records"
        try:
            engine = self._engine(measure)
            rows = self._query(measure, engine) if name == "query" else self._cases(measure, engine)
        except SourceError as error:
            self.findings += _of_definition(error.findings, measure, name)
            return None
        if rows is None:
            return None
        file, lines = f"data.{name}", list(range(1, len(rows) + 1))
        return Table(file, rows.reset_index(drop=True), lines, None, typed=True)

    def file(self, name: str) -> Table:
        """Read a Parquet file of the workspace; raise SourceError where that cannot be."""
        try:
            rows = self._files().rows(name)
        except SourceError as error:
            message = f"cannot be read as Parquet: {error.findings[0].message}"
            raise SourceError(fault(message, file=name)) from None
        return Table(name, rows, list(range(1, len(rows) + 1)), None, typed=True)

    @property
    def files_read(self) -> set[str]:
        """The workspace's files that queries named: raw records, no period values."""
        return self._files().files_read

    def close(self) -> None:
        """Let go of all engines."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def _query(self, measure: Measure, engine: Engine) -> pd.DataFrame:
        query = read_query(measure.data.query or "")
        return self._ask(measure, engine, query)

    def _cases(self, measure: Measure, engine: Engine) -> pd.DataFrame | None:
        cases = cases_of(measure)
        frequency = measure.frequency or self.settings.frequency
        if not isinstance(frequency, Frequency):
            raise SourceError(fault(f"cannot be counted by {frequency}: say day, week or month"))
        there = [str(name) for name in self._ask(measure, engine, nothing(cases)).columns]
        plan = Cases.of(measure, frequency, there)
        faults = list(plan.faults(there, self.settings.teams))
        if not faults:
            answer = self._ask(measure, engine, plan.query(cases))
            faults = list(plan.unusable(answer, self._finder(measure, engine, cases)))
        self.findings += faults
        if any(one.level is Level.ERROR for one in faults):
            return None
        if plan.statistic in AVERAGES:
            shapes = self._shapes(measure, engine, plan.shape_query(cases, self.until))
            self.shapes[measure.id] = shapes
        return plan.values(answer)

    def _finder(self, measure: Measure, engine: Engine, cases: Query) -> Finder:
        """Give what looks for the place of a cell, where the cases come from files."""

        def find(column: str, text: str) -> tuple[str, int] | None:
            if not isinstance(engine, FilesEngine):
                return None
            return engine.place(cases, column, text, reading_of(measure))

        return find

    def _shapes(self, measure: Measure, engine: Engine, query: Query) -> Mapping[str, Shape]:
        """Give the shape of each team's cases; nothing where that takes too long."""
        try:
            return read_shapes(self._ask(measure, engine, query))
        except SourceError:
            return {}  # the values themselves are there: they are not lost for a remark

    def _ask(self, measure: Measure, engine: Engine, query: Query) -> pd.DataFrame:
        """Ask once; or once a team, where the query says `$team`."""
        reading = reading_of(measure)
        given = {**measure.data.params, "period": self.until}
        if "team" not in query.parameters:
            return engine.query(query, _bound(query, given), reading)
        if not self.settings.teams:
            raise SourceError(fault("uses $team, and kpi.yml lists no teams: list them there"))
        answers = []
        for team in self.settings.teams:
            answer = engine.query(query, _bound(query, {**given, "team": team}), reading)
            answers.append(answer if "team" in answer else answer.assign(team=team))
        return pd.concat(answers, ignore_index=True)

    def _engine(self, measure: Measure) -> Engine:
        name = measure.data.source or "files"
        known = {"files": Source(), **self.settings.sources}
        if name not in known:
            better = nearest(name, known)
            message = f"source '{name}' is not in kpi.yml{did_you_mean(better)}"
            raise SourceError(fault(message, field="data.source", better=better))
        source = known[name]
        if not source.url and not source.spark:
            return self._files()
        if name not in self._engines:
            self._engines[name] = _connect(name, source, self.settings)
        return self._engines[name]

    def _files(self) -> FilesEngine:
        engine = self._engines.setdefault("", FilesEngine(self.root, self.settings.limits))
        if not isinstance(engine, FilesEngine):
            raise TypeError("the files' engine")
        return engine


def _connect(name: str, source: Source, settings: Settings) -> Engine:
    if source.url:
        from kpi_analysis.records.warehouse import Warehouse

        return Warehouse.connect(name, source.url, settings.limits)
    from kpi_analysis.records.lake import Lake

    return Lake.connect(name, source.spark or "", settings.limits)


def _bound(query: Query, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    absent = [name for name in query.parameters if name not in given]
    if absent:
        cure = did_you_mean(nearest(absent[0], given)) or ": write its value under params"
        raise SourceError(fault(f"uses ${absent[0]}, which data.params does not give{cure}"))
    return {name: given[name] for name in query.parameters}


def _of_definition(findings: Iterable[Finding], measure: Measure, name: str) -> Iterator[Finding]:
    """Give findings their place in the definition, where they have none in a file."""
    for one in findings:
        if one.file:
            yield replace(one, measure=measure.id)
        elif one.field:
            yield replace(in_definition(measure, one.field, one.message), better=one.better)
        else:
            found = in_definition(measure, f"data.{name}", f"data.{name} {one.message}")
            yield replace(found, better=one.better)
