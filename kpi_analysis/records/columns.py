"""Which columns of its table a measure reads, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding
from kpi_analysis.records.cells import VALUES, Columns, misspelt, no_column, or_known
from kpi_analysis.records.figures import WORKED_OUT
from kpi_analysis.records.sources import Table, fault


def own_file(measure: Measure) -> str:
    """Give the measure's own file as the search for files would spell it."""
    return PurePosixPath(measure.data.file).as_posix() if measure.data.file else ""


def in_definition(measure: Measure, field: str, message: str, better: str | None = None) -> Finding:
    """Give the fault of a field of the definition, with the line it stands on."""
    place = measure.place(field)
    return fault(
        message + did_you_mean(better),
        file=measure.file,
        line=place[0] if place else None,
        field=field,
        measure=measure.id,
        better=better,
    )


def columns_of(measure: Measure, table: Table) -> Columns:
    """Take the columns the measure names, else those of the usual names that are there."""
    named = measure.data.columns
    there = set(table.rows.columns)
    return Columns(
        **{role: getattr(named, role) or (role if role in there else None) for role in VALUES}
    )


def usual(table: Table) -> Columns:
    """Take the columns of the usual names that are there."""
    there = set(table.rows.columns)
    return Columns(**{role: role if role in there else None for role in VALUES})


def column_faults(
    measure: Measure, columns: Columns, table: Table, teams: Collection[str]
) -> Iterator[Finding]:
    """Say which columns a measure reads and its table does not have."""
    there = [str(column) for column in table.rows.columns]
    for role in VALUES:
        name = getattr(columns, role)
        if name and name not in there:
            message = f"{table.file} has no column '{name}'{or_known(name, there)}"
            field, better = f"data.columns.{role}", nearest(name, there)
            yield replace(in_definition(measure, field, message), better=better)
    yield from misspelt((role for role in VALUES if not getattr(columns, role)), table)
    if not columns.period:
        yield no_column("period", table)
    if not columns.team and len(teams) > 1:
        yield no_column("team", table)
    for role in _lacking(columns, measure.calculation.statistic in WORKED_OUT):
        yield no_column(role, table)


def _lacking(columns: Columns, from_counts: bool) -> list[str]:
    counts = [role for role in ("numerator", "denominator") if not getattr(columns, role)]
    if from_counts and len(counts) == 1:
        return counts
    return [] if columns.value or (from_counts and not counts) else ["value"]


def long_form_faults(table: Table, teams: Collection[str]) -> Iterator[Finding]:
    """Say which columns a table in long form lacks; `teams` are those of kpi.yml."""
    there = set(table.rows.columns)
    needed = ["measure", "period", *(["team"] if len(teams) > 1 else [])]
    needed += [] if {"numerator", "denominator"} <= there else ["value"]
    for name in needed:
        if name not in there:
            yield no_column(name, table)
    yield from misspelt((role for role in VALUES if role not in needed), table)


def in_the_query(finding: Finding, measure: Measure, name: str) -> Finding:
    """Give a fault in a row of an answer its place: the definition that asked."""
    if finding.file != f"data.{name}":
        return finding
    where = f"row {finding.line} of data.{name}: " if finding.line else f"data.{name} "
    place = in_definition(measure, f"data.{name}", where + finding.message)
    return replace(
        finding, file=place.file, line=place.line, measure=measure.id, message=place.message
    )
