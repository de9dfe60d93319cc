"""Roll-up: one measure pooled over the teams of a division or of the organisation.

What can be added is added, period by period: numerators and denominators, counts, sums. A pooled
percentage is never the average of percentages, which would count a case of a small team more
than one of a large team. What cannot be worked out from the teams' values is refused.

Nor may a sum tell what is held back: with the teams that are shown taken away, it is the value of
those that are not. Such a period is a gap, unless at least two teams are held back and together
have as many cases as are disclosed (complementary suppression).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.definitions.measures import Audience, Measure, Statistic
from kpi_analysis.errors import DefinitionError, Finding, Level, RecordError
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.cells import NUMBERS, VALUES, or_known
from kpi_analysis.records.figures import Floats, factor
from kpi_analysis.records.sources import fault
from kpi_analysis.records.values import Series
from kpi_analysis.records.workspace import Workspace

Bools = npt.NDArray[np.bool_]

_ADDED = (Statistic.COUNT, Statistic.SUM)
_WHY_NOT = {
    Statistic.MEDIAN: "the median of all cases cannot be worked out from the teams' medians",
    Statistic.PERCENTILE: "a percentile of all cases cannot be worked out from the teams' own",
    Statistic.DAYS_BETWEEN: "the days between events of all teams are not in the teams' own days",
    None: "the definition names no statistic, so it is not known what may be added",
}
_CASES = "pool the cases themselves, or show the teams side by side"
_NAME_IT = "write calculation.statistic"


@dataclass(frozen=True)
class RollUp:
    """A measure pooled over `teams`.

    `values` has the columns of `VALUES`, one row a period from the first to the last of any
    team, `team` being `name`; value and counts are NaN in a period in which a team is missing,
    unless partial sums were asked for. `findings` say which team is missing when.
    """

    name: str
    measure: Measure
    teams: tuple[str, ...]
    values: pd.DataFrame
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        pooled = f"{self.measure.id!r} of {self.name}, pooled over {', '.join(self.teams)}"
        return "\n".join([f"Roll-up of {pooled}", *(str(one) for one in self.findings)])


def roll_up(
    workspace: Workspace,
    measure: str,
    *,
    division: str | None = None,
    teams: Collection[str] | None = None,
    partial: bool = False,
) -> RollUp:
    """Pool a measure over all teams of the workspace, of a division, or over those named.

    A period in which one of them has no value is a gap; with `partial`, those there are added.
    So is a period whose sum would tell what kpi.yml's `discloses_from` holds back.
    Teams without any value of the measure are left out, and named in the findings. Raises
    DefinitionError for an unknown measure, division or team, RecordError where pooling is
    impossible: medians, percentiles, days between, counts that are absent, faults in a series, a
    measure that is the teams' own.
    """
    definition = workspace.measures.get(measure)
    if definition is None:
        known = or_known(measure, workspace.measures)
        raise DefinitionError(fault(f"measure '{measure}' has no definition{known}"))
    if definition.audience is Audience.TEAM:
        raise RecordError(_no(definition, "its audience is the team alone, so it never leaves it"))
    wanted = _chosen(workspace, division, teams)
    parts = {
        team: (definition, workspace.series[team, measure])
        for team in wanted
        if (team, measure) in workspace.series
    }
    name = division or (workspace.name if teams is None else " + ".join(wanted))
    if not parts:
        raise RecordError(_no(definition, f"no team of {name} has a value of it"))
    least = workspace.settings.discloses_from
    pooled = pool(parts, name, workspace.frequency(definition), partial=partial, least=least)
    absent = (_absent(definition, team, name) for team in wanted if team not in parts)
    found = (*absent, *pooled.findings)
    return RollUp(name, definition, pooled.teams, pooled.values, found)


def _chosen(
    workspace: Workspace, division: str | None, teams: Collection[str] | None
) -> tuple[str, ...]:
    divisions = dict.fromkeys(team.division for team in workspace.teams.values() if team.division)
    if division is not None and division not in divisions:
        message = f"division '{division}' is not in kpi.yml{or_known(division, divisions)}"
        raise DefinitionError(fault(message))
    for team in teams or ():
        if team not in workspace.teams:
            known = or_known(team, workspace.teams)
            raise DefinitionError(fault(f"team '{team}' is not in this workspace{known}"))
    return tuple(
        name
        for name, team in workspace.teams.items()
        if (teams is None or name in teams) and division in (None, team.division)
    )


def pool(
    parts: Mapping[str, tuple[Measure, Series]],
    name: str,
    frequency: Frequency,
    *,
    partial: bool = False,
    least: int = 0,
) -> RollUp:
    """Pool the series of teams, each with the definition it was measured by; see `roll_up`.

    Values of fewer than `least` cases are held back, and the sum does not tell them. Raises
    RecordError where a definition differs from the others in version, calculation or unit.
    """
    measure = next(iter(parts.values()))[0]
    faults = [*_unlike(parts), *_impossible(measure), *_held_back(parts)]
    if faults:
        raise RecordError(faults)
    tables = {team: _addends(series.values, measure) for team, (_, series) in parts.items()}
    uncounted = [_uncounted(measure, team) for team, one in tables.items() if one.empty]
    if uncounted:
        raise RecordError(uncounted)
    periods = _span(tables, frequency)
    grid = {team: one.reindex([str(period) for period in periods]) for team, one in tables.items()}
    values = _summed(grid, measure, name, partial=partial)
    told = _tells(grid, least)
    found = (*_gaps(grid, measure, partial=partial), *_withheld(values, told, measure, least))
    return RollUp(name, measure, tuple(grid), _without(values, told), found)


def _unlike(parts: Mapping[str, tuple[Measure, Series]]) -> Iterator[Finding]:
    for (first, (one, _)), (second, (other, _)) in pairwise(parts.items()):
        teams = f"team '{first}'", f"team '{second}'"
        if one.version != other.version:
            words = f"version {one.version} for {teams[0]}, but {other.version} for {teams[1]}"
            yield _no(other, f"it is measured by {words}", "pool teams with the same version")
        elif (one.calculation, one.unit) != (other.calculation, other.unit):
            words = f"it is calculated differently for {teams[0]} and {teams[1]}"
            yield _no(other, words, "pool teams with the same definition")


def _impossible(measure: Measure) -> Iterator[Finding]:
    statistic = measure.calculation.statistic
    if statistic in _WHY_NOT:
        yield _no(measure, _WHY_NOT[statistic], _CASES if statistic else _NAME_IT)


def _held_back(parts: Mapping[str, tuple[Measure, Series]]) -> Iterator[Finding]:
    for team, (measure, series) in parts.items():
        errors = [one for one in series.faults if one.level is Level.ERROR]
        if errors:
            reason = f"the values of team '{team}' have faults, first {errors[0]}"
            yield _no(measure, reason, "mend them, or name the other teams")


def _addends(values: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Give what is added, by period as text, only where it is there: value, or both counts."""
    rows = values.set_index("period")[list(NUMBERS)]
    if measure.calculation.statistic in _ADDED:
        return rows[rows["value"].notna()]
    if measure.calculation.statistic is Statistic.MEAN:  # a mean times its cases is their sum
        of_cases = (rows["value"] * rows["denominator"]).mask(rows["denominator"] == 0, 0)
        rows = rows.assign(numerator=rows["numerator"].fillna(of_cases))
    return rows[rows["numerator"].notna() & rows["denominator"].notna()]


def _span(tables: Mapping[str, pd.DataFrame], frequency: Frequency) -> list[Period]:
    periods = [Period.parse(text, frequency) for one in tables.values() for text in one.index]
    return Period.span(min(periods), max(periods))


def _summed(
    grid: Mapping[str, pd.DataFrame], measure: Measure, name: str, *, partial: bool
) -> pd.DataFrame:
    stacked = np.stack([one.to_numpy() for one in grid.values()])  # team, period, number
    added = stacked.sum(axis=0)
    if partial:
        added = np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0))
    sums: dict[str, Floats] = dict(zip(NUMBERS, added.T, strict=True))
    if measure.calculation.statistic not in _ADDED:
        cases = np.where(sums["denominator"] > 0, sums["denominator"], np.nan)
        sums["value"] = factor(measure) * sums["numerator"] / cases
    periods = next(iter(grid.values())).index
    frame = pd.DataFrame({"team": name, "measure": measure.id, "period": periods, **sums})
    return frame[list(VALUES)]


def _tells(grid: Mapping[str, pd.DataFrame], least: int) -> Bools:
    """Mark the periods whose sum, less the teams shown, would tell a value that is held back."""
    cases = np.stack([one["denominator"].to_numpy() for one in grid.values()])  # team, period
    small = (cases > 0) & (cases < least)
    together = np.where(small, cases, 0).sum(axis=0)
    told: Bools = small.any(axis=0) & ((small.sum(axis=0) < 2) | (together < least))
    return told


def _without(values: pd.DataFrame, told: Bools) -> pd.DataFrame:
    return values.assign(**{name: values[name].mask(told) for name in NUMBERS})


def _withheld(values: pd.DataFrame, told: Bools, measure: Measure, least: int) -> Iterator[Finding]:
    periods = values.loc[told & values["denominator"].notna().to_numpy(), "period"]
    if len(periods):
        some = ", ".join(periods[:3]) + (", ..." if len(periods) > 3 else "")
        message = (
            f"'{measure.id}': nothing is pooled in {some} ({len(periods)} of {len(values)}"
            f" periods), where the sum would tell a team's value of fewer than {least} cases:"
            " leave out the teams that are held back, or combine periods"
        )
        yield fault(message, measure=measure.id, level=Level.WARNING)


def _gaps(
    grid: Mapping[str, pd.DataFrame], measure: Measure, *, partial: bool
) -> Iterator[Finding]:
    added = measure.calculation.statistic in _ADDED
    what, role = ("value", "value") if added else ("counts", "denominator")
    effect = "the sum is of the others" if partial else "nothing is pooled there"
    for team, rows in grid.items():
        absent = rows.index[rows[role].isna()]
        if len(absent):
            some = ", ".join(absent[:3]) + (", ..." if len(absent) > 3 else "")
            message = f"'{measure.id}': team '{team}' has no {what} in {some}"
            message += f" ({len(absent)} of {len(rows)} periods): {effect}"
            yield fault(message, measure=measure.id, team=team, level=Level.WARNING)


def _uncounted(measure: Measure, team: str) -> Finding:
    if measure.calculation.statistic in _ADDED:
        return _no(measure, f"team '{team}' has no value", "leave the team out")
    reason = f"team '{team}' has no numerators and denominators"
    return _no(measure, reason, "record the counts, for an average of averages is none")


def _no(measure: Measure, reason: str, cure: str = "") -> Finding:
    message = f"'{measure.id}' cannot be pooled: {reason}" + (f": {cure}" if cure else "")
    return fault(message, measure=measure.id)


def _absent(measure: Measure, team: str, name: str) -> Finding:
    message = f"'{measure.id}': team '{team}' of {name} has no values of it and is not in the sum"
    return fault(message, measure=measure.id, team=team, level=Level.WARNING)
