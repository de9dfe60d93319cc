"""The workspace: one folder of plain files; everything else is reached from it.

    my-org/kpi.yml  measures/*.yml  values/*.csv  actions.csv  events.csv  limit_changes.csv

Opening reads and checks everything once. Faults do not stop it: they are kept as findings, and
a faulty series is held back. Only a workspace without a readable kpi.yml cannot be opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.definitions.measures import Measure, Status, read_measure
from kpi_analysis.definitions.settings import Settings, Team, read_settings
from kpi_analysis.errors import DefinitionError, Finding, SourceError
from kpi_analysis.periods import Frequency
from kpi_analysis.records.collect import Collector
from kpi_analysis.records.logs import Log, read_log
from kpi_analysis.records.sources import fault, find_files, read_table
from kpi_analysis.records.values import (
    Cells,
    Columns,
    Series,
    or_known,
    read_frequency,
    read_series,
)


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
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """The organisation's name, or the folder's where kpi.yml gives none."""
        return self.settings.name or self.root.resolve().name

    def frequency(self, measure: Measure) -> Frequency:
        """Give the frequency of a measure: its own, else the workspace's."""
        return measure.frequency or self.settings.frequency

    def __repr__(self) -> str:
        return (
            f"Workspace {self.name!r}: {len(self.teams)} teams, {len(self.measures)} measures, "
            f"{len(self.series)} series, {len(self.findings)} findings"
        )


def open_workspace(path: str | Path) -> Workspace:
    """Open a workspace folder; raise DefinitionError where kpi.yml is absent or unreadable."""
    root = Path(path)
    settings_file = root / "kpi.yml"
    if not settings_file.is_file():
        raise DefinitionError(
            fault(f"no kpi.yml in '{path}': name a workspace folder, or make one with kpi init")
        )
    settings = read_settings(settings_file, "kpi.yml")
    measures, findings = _measures(root)
    return _assemble(root, settings, measures, findings)


def _measures(root: Path) -> tuple[dict[str, Measure], list[Finding]]:
    measures: dict[str, Measure] = {}
    findings: list[Finding] = []
    for path in find_files(root, ("measures/*.yml", "measures/*.yaml")):
        try:
            measure = read_measure(path, path.relative_to(root).as_posix())
            measures[measure.id] = measure
        except DefinitionError as error:
            findings.extend(error.findings)
    return measures, findings


def _assemble(
    root: Path, settings: Settings, measures: dict[str, Measure], findings: list[Finding]
) -> Workspace:
    unread = {finding.measure for finding in findings if finding.measure}
    collector = Collector(root, settings, measures, unread)
    series = {(one.team, one.measure): one for one in collector.series()}
    seen = dict.fromkeys(team for team, _ in series)
    teams = {team: settings.teams.get(team) or Team() for team in (settings.teams or sorted(seen))}
    known = {*measures, *unread}
    logs = {
        name: read_log(root, name, measures=known, teams=teams)
        for name in ("actions", "events", "limit_changes")
    }
    findings += [*collector.findings, *(one for log in logs.values() for one in log.findings)]
    findings += [one for each in series.values() for one in each.faults]
    return Workspace(root, settings, measures, teams, series, **logs, findings=tuple(findings))


def open_table(path: str | Path) -> Workspace:
    """Open one CSV file as a workspace of its own: no definitions, no targets, no better way.

    The file needs the columns period and value; team and measure where it holds several series.
    The frequency is read off the periods.
    """
    file = Path(path)
    table = read_table(file, file.name)
    lacks = [name for name in ("period", "value") if name not in table.rows.columns]
    if lacks:
        there = [str(name) for name in table.rows.columns]
        raise SourceError(
            fault(f"has no column '{lacks[0]}'{or_known(lacks[0], there)}", file=file.name, line=1)
        )
    rows = table.rows
    if "measure" not in rows.columns:
        rows = rows.assign(measure=file.stem)
    frequency = read_frequency(rows["period"].str.strip())
    columns = Columns(
        team="team" if "team" in rows.columns else None,
        numerator=None,
        denominator=None,
    )
    measures, series, findings = {}, {}, []
    for name, part in rows.groupby(rows["measure"].str.strip(), sort=False):
        measure = Measure.model_construct(id=str(name), status=Status.TRIAL, frequency=frequency)
        measures[measure.id] = measure
        found, homeless = read_series(Cells(table, part, columns, "all"), measure, frequency, None)
        series.update({(one.team, one.measure): one for one in found})
        findings += [*homeless, *(fault for one in found for fault in one.faults)]
    teams = dict.fromkeys((team for team, _ in series), Team())
    settings = Settings(name=file.stem, frequency=frequency)
    none = Log(None)
    return Workspace(
        file.parent, settings, measures, teams, series, none, none, none, tuple(findings)
    )
