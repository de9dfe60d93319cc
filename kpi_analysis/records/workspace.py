"""The workspace: one folder of plain files; everything else is reached from it.

    my-org/kpi.yml  measures/*.yml  measures/v1/*.yml (earlier versions)  results.yml  values/*.csv
           actions.csv  options.csv  events.csv  limit_changes.csv  reviews.csv  reactions.csv
           published.csv

Opening reads and checks everything once. Faults do not stop it: they are kept as findings, and
a faulty series is held back. Only a workspace without a readable kpi.yml cannot be opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kpi_analysis.definitions.measures import Measure, read_measure
from kpi_analysis.definitions.results import ResultsMap, read_results
from kpi_analysis.definitions.settings import Settings, Team, read_settings
from kpi_analysis.errors import DefinitionError, Finding, Level, SourceError
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.as_of import as_reviewed
from kpi_analysis.records.cells import misspelt, no_column
from kpi_analysis.records.collect import Collector
from kpi_analysis.records.ledger import before, begun
from kpi_analysis.records.logs import LOGS, Log, read_log
from kpi_analysis.records.series_table import Series, SeriesTable
from kpi_analysis.records.sources import END_OF_TIME, existing, fault, find_files, read_table, times
from kpi_analysis.records.values import read_frequency


@dataclass(frozen=True)
class Workspace:
    """A workspace as read: definitions, series by (team, measure), logs, and what was found."""

    root: Path
    settings: Settings
    measures: Mapping[str, Measure]
    teams: Mapping[str, Team]
    series: Mapping[tuple[str, str], Series]
    actions: Log
    events: Log
    limit_changes: Log
    reviews: Log
    reactions: Log
    options: Log
    published: Log
    results: ResultsMap | None
    findings: tuple[Finding, ...]
    earlier: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)  # older versions

    @property
    def name(self) -> str:
        """The organisation's name, or the folder's where kpi.yml gives none."""
        return self.settings.name or self.root.resolve().name

    def definition(self, measure: Measure, day: date) -> Measure:
        """Give the version of a definition that was valid on a day; the first one before that."""
        versions = (*self.earlier.get(measure.id, ()), measure)
        begun = [one for one in versions if one.valid_from is None or one.valid_from <= day]
        return begun[-1] if begun else versions[0]

    def frequency(self, measure: Measure) -> Frequency:
        """Give the frequency of a measure: its own, else the workspace's."""
        return measure.frequency or self.settings.frequency

    def __repr__(self) -> str:
        return (
            f"Workspace {self.name!r}: {len(self.teams)} teams, {len(self.measures)} measures, "
            f"{len(self.series)} series, {len(self.findings)} findings"
        )


_UNDEFINED = fault(
    "no definition in measures/, so nothing has a target and no direction is better: "
    "write measures/<id>.yml",
    level=Level.WARNING,
)


def open_workspace(path: str | Path, period: Period | None = None) -> Workspace:
    """Open a workspace folder; raise DefinitionError where kpi.yml is absent or unreadable.

    `period` is the one under review: queries may ask for it as `$period`, the logs are taken as
    they stood at its end, and of what was published only earlier runs.
    """
    root = Path(path)
    if not root.is_dir():
        what = "is a file, not a workspace" if root.exists() else "does not exist"
        raise DefinitionError(fault(f"'{path}' {what}: name a workspace folder"))
    try:
        settings_file = existing(root, "kpi.yml")
    except SourceError as error:
        message = error.findings[0].message
        message = f"in '{path}', {message}: name a workspace folder, or make one with kpi init"
        raise DefinitionError(fault(message)) from None
    try:
        settings = read_settings(settings_file, "kpi.yml")
    except DefinitionError as error:  # the faults of all files are told in one go
        raise DefinitionError([*error.findings, *_measures(root)[2], *_results(root)[1]]) from None
    return _assemble(root, settings, *_measures(root), period)


def _measures(root: Path) -> tuple[dict[str, Measure], set[str], list[Finding]]:
    """Read the definitions: the measures, the ids of those that cannot be read, the faults."""
    measures: dict[str, Measure] = {}
    unread: set[str] = set()
    findings: list[Finding] = []
    for pattern in ("measures/*.yml", "measures/*.yaml"):
        files, faults = find_files(root, pattern)
        findings += faults
        unread.update(Path(one.file).stem for one in faults)
        for file in files:
            name = Path(file).stem
            if name in measures or name in unread:
                message = f"measure '{name}' is defined {times(2)}: keep .yml or .yaml"
                findings.append(fault(message, file=file, rule="schema", measure=name))
                continue
            try:
                measures[name] = read_measure(root / file, file)
            except DefinitionError as error:
                unread.add(name)
                findings += [replace(one, measure=name) for one in error.findings]
    return measures, unread, findings


def _assemble(
    root: Path,
    settings: Settings,
    measures: dict[str, Measure],
    unread: set[str],
    findings: list[Finding],
    period: Period | None,
) -> Workspace:
    collector = Collector(root, settings, measures, unread, period.end if period else END_OF_TIME)
    with closing(collector):
        series = SeriesTable(collector.tables())
    seen = dict.fromkeys(team for team, _ in series)
    teams = {team: settings.teams.get(team) or Team() for team in (settings.teams or sorted(seen))}
    known = {*collector.measures, *unread}
    # Where values name the teams and a definition cannot be read, some teams are not seen.
    told = None if unread and not settings.teams else teams
    logs = {name: read_log(root, name, measures=known, teams=told) for name in LOGS}
    published = begun(root, logs["published"]) if settings.ledger else logs["published"]
    logs["published"] = before(published, period)
    results, faults = _results(root)
    earlier, old = _earlier(root, known)
    found = (
        *findings,
        *([] if measures or unread or not series else [_UNDEFINED]),
        *collector.findings,
        *faults,
        *old,
        *(one for log in logs.values() for one in log.findings),
        *series.faults,
    )
    workspace = Workspace(
        root,
        settings,
        collector.measures,
        teams,
        series,
        **logs,
        results=results,
        earlier=earlier,
        findings=found,
    )
    return as_reviewed(workspace, period) if period else workspace


def _earlier(root: Path, known: set[str]) -> tuple[dict[str, tuple[Measure, ...]], list[Finding]]:
    """Read earlier versions, measures/v1/<id>.yml and so on, in the order of their first days.

    They need valid_from, from which on they held.
    """
    files, findings = find_files(root, "measures/v*/*.yml")
    found: dict[str, list[Measure]] = {}
    for file in files:
        try:
            measure = read_measure(root / file, file)
        except DefinitionError as error:
            findings += error.findings
            continue
        if measure.id not in known or measure.valid_from is None:
            cure = (
                "needs valid_from" if measure.id in known else "has no later version in measures/"
            )
            message = f"an earlier version {cure}"
            findings.append(fault(message, file=file, rule="schema", measure=measure.id))
            continue
        found.setdefault(measure.id, []).append(measure)
    in_order = {
        name: sorted(each, key=lambda one: one.valid_from or date.min)
        for name, each in found.items()
    }
    return {name: tuple(each) for name, each in in_order.items()}, findings


def _results(root: Path) -> tuple[ResultsMap | None, tuple[Finding, ...]]:
    """Read the results map, where there is one."""
    if not (root / "results.yml").exists():
        return None, ()
    try:
        return read_results(existing(root, "results.yml"), "results.yml"), ()
    except (DefinitionError, SourceError) as error:
        return None, tuple(replace(one, file="results.yml") for one in error.findings)


def open_table(path: str | Path) -> Workspace:
    """Open one CSV file as a workspace of its own: no definitions, no targets, no better way.

    The file needs the columns period and value; team and measure where it holds several series.
    The frequency is read off the periods. Raises SourceError where it is no such table.
    """
    file = Path(path)
    table = read_table(file, file.name)
    there = set(table.rows.columns)
    faults = [no_column(name, table) for name in ("period", "value") if name not in there]
    faults += misspelt((name for name in ("team", "measure") if name not in there), table)
    if faults:
        raise SourceError(faults)
    frequency = read_frequency(table.rows["period"].unique())
    settings = Settings(name=file.stem, frequency=frequency)
    collector = Collector(file.parent, settings, {}, set())
    cells = collector.laid_out(table, measure=file.stem)
    series = SeriesTable(collector.long_form(cells, {}))
    found = (*collector.findings, *series.faults)
    teams = dict.fromkeys((team for team, _ in series), Team())
    logs = dict.fromkeys(LOGS, Log(None))
    return Workspace(
        file.parent,
        settings,
        collector.measures,
        teams,
        series,
        **logs,
        results=None,
        earlier={},
        findings=found,
    )
