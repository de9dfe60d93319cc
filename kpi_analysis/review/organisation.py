"""All teams at one review period: numbers and definitions joined, judged in one pass.

The signals station takes numbers; here the series of a workspace are cut at the review period,
split into segments by the recorded limit changes, and handed over in one call for each rule set
and baseline.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.periods import Period
from kpi_analysis.records.as_of import as_reviewed
from kpi_analysis.records.logs import Log
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.detecting import KEYS, detected
from kpi_analysis.review.judging import judge
from kpi_analysis.review.measure_review import MeasureReview, Recorded, Series
from kpi_analysis.review.scope import known_teams, last_complete
from kpi_analysis.review.team_review import TeamReview, in_order
from kpi_analysis.signals.baselines import Baseline

IN_PACKS = (Status.ACTIVE, Status.TRIAL)
NO_CHANGES = pd.DataFrame({"from": [], "reason": []})


def review_teams(
    workspace: Workspace,
    period: Period | None = None,
    *,
    teams: Collection[str] | None = None,
    rules: str | None = None,
) -> dict[str, TeamReview]:
    """Review the teams of a workspace (all, or those named) as they stand at the period's end.

    Without a period every series is read at its own latest value. `rules` overrides the rule
    set of kpi.yml and of the definitions. Raises DefinitionError for an unknown team.
    """
    wanted = known_teams(workspace, teams)
    logs = Logs(as_reviewed(workspace, period) if period else workspace)
    return review_with(logs, workspace, wanted, period, rules)


def review_with(
    logs: Logs,
    workspace: Workspace,
    teams: Collection[str],
    period: Period | None,
    rules: str | None = None,
) -> dict[str, TeamReview]:
    """Review these teams with logs that were split by team before; see `review_teams`."""
    cuts = [cut for team in teams for cut in _cuts(workspace, logs, team, period, rules)]
    reviews: dict[str, list[MeasureReview]] = {team: [] for team in teams}
    for series, signals in detected(cuts, workspace.settings.discloses_from):
        recorded = logs.recorded(series.team, series.measure.id)
        reviews[series.team].append(judge(series, signals, recorded))
    fallback = period or max((cut.period for cut in cuts), default=None, key=lambda one: one.end)
    if fallback is None:
        return {}
    return {
        team: TeamReview(
            id=team,
            team=workspace.teams[team],
            period=fallback,
            measures=in_order(measures),
            board_limit=workspace.settings.board_limit,
        )
        for team, measures in reviews.items()
    }


def _cuts(
    workspace: Workspace, logs: Logs, team: str, period: Period | None, rules: str | None
) -> Iterator[Series]:
    """Cut the team's series at the review period; their rows have no segments yet."""
    for measure in workspace.measures.values():
        one = workspace.series.get((team, measure.id))
        if one is None or one.values.empty:
            continue
        frequency = workspace.frequency(measure)
        first = Period.parse(str(one.values["period"].iat[0]), frequency)
        at = last_complete(period, frequency) if period else _newest(one.values, first)
        if at is None:
            continue
        valid = workspace.definition(measure, at.end)
        if valid.status not in IN_PACKS:
            continue
        rows = _up_to(one.values, first, at)
        changes = logs.limit_changes(team, measure.id)
        changes = _with_versions(changes, workspace, measure, first.end, at.end)
        method = _method(workspace, valid, rules)
        yield Series(team, valid, at, rows, one.faults, changes, *method)


def _newest(values: pd.DataFrame, first: Period) -> Period | None:
    """Give the period of the latest value; None where there is none."""
    valued = np.flatnonzero(values["value"].notna())
    return first.shift(int(valued[-1])) if len(valued) else None


def _with_versions(
    changes: pd.DataFrame, workspace: Workspace, measure: Measure, after: date, until: date
) -> pd.DataFrame:
    """Add the definition's later versions: each starts new limits, for it counts another thing.

    `after` is the end of the first period: a version that held from there on changed nothing.
    """
    versions = (*workspace.earlier.get(measure.id, ()), measure)
    rows = [
        {"from": one.valid_from, "reason": f"definition version {one.version}", "by": one.owner}
        for one in versions
        if (one.version or 1) > 1 and one.valid_from and after < one.valid_from <= until
    ]
    if not rows:
        return changes
    both = pd.concat([changes, pd.DataFrame(rows)], ignore_index=True).astype("object")
    return both.where(both.notna(), None).sort_values("from", kind="stable")


def _up_to(values: pd.DataFrame, first: Period, at: Period) -> pd.DataFrame:
    """Keep the rows up to the period, and lay gaps up to it where values are late.

    A series has a row for every period from its first.
    """
    count = max(0, at.ordinal - first.ordinal + 1)
    kept = values if count == len(values) else values.iloc[:count]
    last = first.shift(len(kept) - 1) if len(kept) else at.previous()
    if last == at:
        return kept
    late = [str(period) for period in Period.span(last.next(), at)]
    names = {name: values[name].iloc[0] for name in KEYS}
    gaps = kept.iloc[:0].reindex(range(len(late))).assign(period=late, **names)
    return pd.concat([kept, gaps], ignore_index=True)


class Logs:
    """The logs of a workspace, split by series once, so that a thousand teams cost one pass."""

    def __init__(self, workspace: Workspace) -> None:
        self._actions = _by_series(workspace.actions)
        self._events = _by_series(workspace.events)
        self._options = _by_series(workspace.options)
        self._changes = _by_series(workspace.limit_changes)

    def recorded(self, team: str, measure: str) -> Recorded:
        """Give what people wrote down about a series."""
        return Recorded(
            actions=_about(self._actions, team, measure),
            events=_about(self._events, team, measure),
            options=_about(self._options, team, measure),
        )

    def limit_changes(self, team: str, measure: str) -> pd.DataFrame:
        """Give the recorded limit changes of a series in time order."""
        rows = _about(self._changes, team, measure)
        if rows is None or rows.empty:
            return NO_CHANGES if rows is None else rows
        return rows[rows["from"].notna()].sort_values("from", kind="stable")


class _BySeries:
    """Where the rows of each series lie in a log."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self._none = rows.iloc[:0]
        self._places: dict[tuple[str, str], list[int]] = {}
        for place, key in enumerate(zip(rows["team"], rows["measure"], strict=True)):
            self._places.setdefault(key, []).append(place)

    def about(self, team: str, measure: str) -> pd.DataFrame:
        """Give the rows about a series; a row without team or measure is about all."""
        keys = {(one, each) for one in ("", team) for each in ("", measure)}
        places = sorted(place for key in keys for place in self._places.get(key, ()))
        return self._rows.iloc[places] if places else self._none


def _by_series(log: Log) -> _BySeries | None:
    return None if log.rows is None else _BySeries(log.rows)


def _about(log: _BySeries | None, team: str, measure: str) -> pd.DataFrame | None:
    return None if log is None else log.about(team, measure)


def _method(workspace: Workspace, measure: Measure, rules: str | None) -> tuple[str, Baseline]:
    """Give the rule set and the baseline of a measure."""
    name = rules or measure.chart.rules or workspace.settings.rules
    own = measure.chart.baseline
    points = (own.points if own else None) or workspace.settings.baseline
    if own is None or own.start is None:
        return name, points
    first = Period.containing(own.start, workspace.frequency(measure))
    return name, (str(first), str(first.shift(points - 1)))
