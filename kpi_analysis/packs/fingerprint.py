"""What a pack was made of, as one short text: where it is the same, the page is the same.

The notebook, this package, the libraries that write the page, the settings, and what the
workspace holds about the team up to the period: definitions, values, rows of the logs, findings.
Told from what is read, before anything is reviewed: a month in which nothing changed costs no
more than reading it. The day of the run is left out: a page that says nothing new is not made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import kpi_analysis
from kpi_analysis.errors import Finding
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.cells import NUMBERS
from kpi_analysis.records.logs import LOGS, Log
from kpi_analysis.records.series_table import MeasureTable, in_tables
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.benchlearning_counts import can_be_laid
from kpi_analysis.review.scope import last_complete
from kpi_analysis.signals.benchmark import FEWEST_TEAMS

_SOURCES = ("*.py", "*.html", "*.css", "*.j2", "*.json")
_WRITERS = ("jinja2", "matplotlib", "nbconvert")

Rows = Mapping[tuple[str, str], Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class Prints:
    """The fingerprint of every team's pack, of the pages about all teams, and of the index."""

    packs: Mapping[str, str]
    pages: Mapping[str, str]
    index: str


def fingerprints(
    workspace: Workspace, period: Period, notebook: bytes, pages: Mapping[str, bytes]
) -> Prints:
    """Give the fingerprints of a month (32 hexadecimal digits each).

    `notebook` makes the packs, each of `pages` a page about all teams.
    """
    common = _digest(notebook, _package(), period, workspace.name, _settings(workspace))
    _add(common, workspace.results, *_on_the_map(workspace))
    logs = {name: getattr(workspace, name) for name in LOGS}
    _add(common, *(log.rows is None for log in logs.values()))
    found: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for finding in workspace.findings:
        found[finding.team].append(finding)
    _add(common, *found[None])
    split = [_split(log) for log in logs.values()]
    series = _series(workspace, period)
    shared = _shared(workspace, series, split, found)
    packs = {}
    for team, about in workspace.teams.items():
        own = common.copy()
        _add(own, team, about, *found[team], *series[team].values())
        for rows in split:
            _add(own, *_about(rows, team, series[team]))
        _add(own, *(shared[name] for name in series[team] if name in shared))
        packs[team] = own.hexdigest()
    _add(common, packs, workspace.findings, split)
    whole = common.hexdigest()
    about_all = {name: _digest(whole, text).hexdigest() for name, text in pages.items()}
    return Prints(packs, about_all, _digest(whole, about_all).hexdigest())


def _settings(workspace: Workspace) -> str:
    """Give the settings without the teams: what is said of a team is its own."""
    return workspace.settings.model_dump_json(exclude={"teams"})


def _on_the_map(workspace: Workspace) -> Iterator[object]:
    """Give what a team's page says of measures that are not its own: their place on the map."""
    for one in workspace.measures.values():
        yield one.id, one.name, one.result_id or one.result, one.status, one.audience


def _series(workspace: Workspace, period: Period) -> dict[str, dict[str, str]]:
    """Give the definition and the values of each team's measures up to the period."""
    out: dict[str, dict[str, str]] = {team: {} for team in workspace.teams}
    order = list(workspace.measures)
    for table in sorted(in_tables(workspace.series), key=lambda one: order.index(one.measure)):
        measure = workspace.measures[table.measure]
        versions = (*workspace.earlier.get(measure.id, ()), measure)
        about = _digest(*(f"{one.file} {one.model_dump_json()}" for one in versions))
        frequency = workspace.frequency(measure)
        for team, told, numbers in _cuts(table, last_complete(period, frequency), frequency):
            own = about.copy()
            _add(own, *told)
            own.update(numbers.data)
            out[team][measure.id] = own.hexdigest()
    return out


def _cuts(
    table: MeasureTable, at: Period, frequency: Frequency
) -> Iterator[tuple[str, tuple[object, ...], npt.NDArray[np.float64]]]:
    """Give each team that has rows, what is told beside its numbers, and these up to a period."""
    parse = cache(partial(Period.parse, frequency=frequency))  # teams mostly begin together
    numbers = np.ascontiguousarray(table.values[list(NUMBERS)], dtype=np.float64)
    there = np.flatnonzero(np.diff(table.bounds))
    firsts = table.values["period"].iloc[table.bounds[there]]
    for n, text in zip(there, firsts, strict=True):
        team, start, stop = table.teams[n], table.bounds[n], table.bounds[n + 1]
        first = parse(text)
        rows = min(max(0, at.ordinal - first.ordinal + 1), int(stop - start))
        yield team, (first, rows, table.shape(team)), numbers[start : start + rows]


def _shared(
    workspace: Workspace,
    series: Mapping[str, Mapping[str, str]],
    logs: Sequence[Rows],
    found: Mapping[str | None, Sequence[Finding]],
) -> dict[str, str]:
    """Give what is held about a measure in all teams, where packs may show them in a funnel.

    Then what one team writes down changes the pages of all that share the measure with it.
    """
    out = {}
    for table in in_tables(workspace.series):
        name = table.measure
        counted = table.values.loc[table.values["denominator"].notna(), "team"].nunique()
        if counted >= FEWEST_TEAMS and can_be_laid(workspace.measures[name]):
            told = {team: own[name] for team, own in series.items() if name in own}
            names = [(team, workspace.teams[team].name, found[team]) for team in told]
            rows = [each for log in logs for key, each in log.items() if key[1] == name]
            texts = sorted(text for each in rows for _, text in each)
            out[name] = _digest(names, told, texts).hexdigest()
    return out


def _split(log: Log) -> Rows:
    """Give the rows by (team, measure), empty where a row is about all; with their order.

    The line in the file is left out: a row moves when another is written above it.
    """
    out: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    if log.rows is None:
        return out
    rows = log.rows.drop(columns="line")
    columns = [rows[name].tolist() for name in rows]
    none = [""] * len(rows)
    teams, measures = (rows.get(name, pd.Series(none)).tolist() for name in ("team", "measure"))
    cells = zip(teams, measures, zip(*columns, strict=True), strict=True)
    for at, (team, measure, row) in enumerate(cells):
        out[team, measure].append((at, repr(row)))
    return out


def _about(rows: Rows, team: str, measures: Mapping[str, object]) -> Iterator[str]:
    """Give what is written about a team and its measures, in the order of the file."""
    found = [
        row for who in ("", team) for what in ("", *measures) for row in rows.get((who, what), ())
    ]
    return (text for _, text in sorted(found))


def _digest(*parts: object) -> blake2b:
    digest = blake2b(digest_size=16)
    _add(digest, *parts)
    return digest


def _add(digest: blake2b, *parts: object) -> None:
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\0")
    digest.update(b"\1")  # or the parts of two calls could change places


@cache
def _package() -> str:
    """Digest of this package's own files: a new version makes new pages."""
    digest = _digest(*((name, version(name)) for name in _WRITERS))
    root = Path(kpi_analysis.__file__).parent
    for path in sorted(path for pattern in _SOURCES for path in root.rglob(pattern)):
        _add(digest, path.relative_to(root).as_posix(), path.read_bytes())
    return digest.hexdigest()
