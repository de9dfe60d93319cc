"""All teams at one review period: numbers and definitions joined, judged in one pass.

The signals station takes numbers; here the series of a workspace are cut at the review period,
split into segments by the recorded limit changes, and handed over in one call for each rule set
and baseline.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.as_of import as_reviewed
from kpi_analysis.records.by_team import ByTeam
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.judging import judge
from kpi_analysis.review.measure_review import (
    MeasureReview,
    Proposal,
    Recorded,
    Series,
    Signals,
)
from kpi_analysis.review.scope import known_teams, last_complete
from kpi_analysis.review.team_review import TeamReview, in_order
from kpi_analysis.signals.baselines import Baseline
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.patterns import patterns
from kpi_analysis.signals.proposals import propose_changes

KEYS = ("team", "measure")
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
    for cut, signals in _detected(cuts):
        recorded = logs.recorded(cut.team, cut.measure.id)
        reviews[cut.team].append(judge(cut, signals, recorded))
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
    """Cut the team's series at the review period."""
    for measure in workspace.measures.values():
        one = workspace.series.get((team, measure.id))
        if one is None or one.values.empty:
            continue
        frequency = workspace.frequency(measure)
        first = Period.parse(str(one.values["period"].iloc[0]), frequency)
        valued = np.flatnonzero(one.values["value"].notna())
        if period is not None:
            at = last_complete(period, frequency)
        elif len(valued):
            at = first.shift(int(valued[-1]))
        else:
            continue
        valid = workspace.definition(measure, at.end)
        if valid.status not in IN_PACKS:
            continue
        rows = _up_to(one.values, first, at)
        rows, remarks = _disclosed(rows, workspace.settings.discloses_from)
        changes = logs.limit_changes(team, measure.id)
        changes = _with_versions(changes, workspace, measure, first.end, at.end)
        rows["segment"] = _segments(rows, list(changes["from"]), frequency)
        method = _method(workspace, valid, rules)
        yield Series(team, valid, at, rows, one.faults, changes, *method, remarks)


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
    kept = values.iloc[: max(0, at.ordinal - first.ordinal + 1)].reset_index(drop=True)
    last = first.shift(len(kept) - 1) if len(kept) else at.previous()
    if last == at:
        return kept
    late = [str(period) for period in Period.span(last.next(), at)]
    names = {name: values[name].iloc[0] for name in KEYS}
    gaps = kept.reindex(range(len(kept), len(kept) + len(late))).assign(period=late, **names)
    return pd.concat([kept, gaps], ignore_index=True)


def _segments(rows: pd.DataFrame, starts: list[date], frequency: Frequency) -> list[int]:
    """Give each row its segment: a limit change counts from the period in which it falls."""
    if not starts:
        return [0] * len(rows)
    ends = [Period.parse(str(text), frequency).end for text in rows["period"]]
    return [sum(start <= end for start in starts) for end in ends]


def _disclosed(rows: pd.DataFrame, least: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Hold back values of fewer than `least` cases: they swing widely and may tell on people."""
    small = (rows["denominator"] < least) & rows["value"].notna()
    if not small.any():
        return rows, ()
    words = wording.plural(int(small.sum()), "value")
    return rows.assign(value=rows["value"].mask(small)), (
        f"{words} held back: fewer than {least} cases",
    )


class Logs:
    """The logs of a workspace, split by team once, so that a thousand teams cost one pass."""

    def __init__(self, workspace: Workspace) -> None:
        self._actions = _by_team(workspace.actions.rows)
        self._events = _by_team(workspace.events.rows)
        self._options = _by_team(workspace.options.rows)
        self._changes = _by_team(workspace.limit_changes.rows)

    def recorded(self, team: str, measure: str) -> Recorded:
        """Give what people wrote down about a series."""
        return Recorded(
            actions=_for_series(self._actions, team, measure),
            events=_for_series(self._events, team, measure),
            options=_for_series(self._options, team, measure),
        )

    def limit_changes(self, team: str, measure: str) -> pd.DataFrame:
        """Give the recorded limit changes of a series in time order."""
        rows = _for_series(self._changes, team, measure)
        if rows is None:
            return NO_CHANGES
        return rows[rows["from"].notna()].sort_values("from", kind="stable")


def _by_team(log: pd.DataFrame | None) -> ByTeam | None:
    return None if log is None else ByTeam(log)


def _for_series(log: ByTeam | None, team: str, measure: str) -> pd.DataFrame | None:
    """Give the rows about a series; a row without team or measure is about all."""
    if log is None:
        return None
    rows = log.of(team)
    return rows[rows["measure"].isin(["", measure])]


def _detected(cuts: list[Series]) -> Iterator[tuple[Series, Signals]]:
    """Run one detection for all series of one rule set and baseline."""
    groups: dict[tuple[str, Baseline], list[Series]] = {}
    for cut in cuts:
        groups.setdefault((cut.rules, cut.baseline), []).append(cut)
    for (name, baseline), group in groups.items():
        frame = pd.concat([cut.rows for cut in group], ignore_index=True)
        points = detect(frame, by=KEYS, rules=name, baseline=baseline)
        found = patterns(points, by=KEYS, rules=name)
        by_points = dict(iter(points.groupby(list(KEYS), sort=False)))
        by_found = dict(iter(found.groupby(list(KEYS), sort=False)))
        proposed = propose_changes(points, by=KEYS, rules=name).to_dict("records")
        by_proposal = {(row["team"], row["measure"]): _proposal(row) for row in proposed}
        for cut in group:
            key = (cut.team, cut.measure.id)
            own = by_points[key].reset_index(drop=True)
            yield cut, Signals(own, by_found.get(key, found.iloc[:0]), by_proposal.get(key))


def _proposal(row: dict[Hashable, Any]) -> Proposal:
    centre, lower, upper = (float(row[name]) for name in ("centre", "lower_limit", "upper_limit"))
    return Proposal(int(row["first"]), centre, lower, upper)


def _method(workspace: Workspace, measure: Measure, rules: str | None) -> tuple[str, Baseline]:
    """Give the rule set and the baseline of a measure."""
    name = rules or measure.chart.rules or workspace.settings.rules
    own = measure.chart.baseline
    points = (own.points if own else None) or workspace.settings.baseline
    if own is None or own.start is None:
        return name, points
    first = Period.containing(own.start, workspace.frequency(measure))
    return name, (str(first), str(first.shift(points - 1)))
