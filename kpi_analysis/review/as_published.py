"""A team's figures as its packs gave them: what a pack is compared with, whatever was restated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.as_of import as_of
from kpi_analysis.records.ledger import before, run_period
from kpi_analysis.records.logs import Log, published_values
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview


def last_run(log: Log, team: str, period: Period) -> Period | None:
    """Give the run before a period that published something of a team last; None: there is none.

    `log` is the ledger. Only runs of the period's own frequency count: a monthly pack is not
    compared with a board of the day before.
    """
    rows = before(log, period).rows
    if rows is None:
        return None
    runs = map(run_period, rows.loc[rows["team"] == team, "run"].unique())
    alike = (run for run in runs if run and run.frequency is period.frequency)
    return max(alike, default=None, key=lambda run: run.end)


def earlier_review(workspace: Workspace, team: str, period: Period) -> TeamReview:
    """Review a team as its last published pack had it; without one, at the period before."""
    run = last_run(workspace.published, team, period)
    if run is None:
        return _strictly(workspace, team, period.previous())
    return _strictly(_as_published(workspace, team, run), team, run)


def _strictly(workspace: Workspace, team: str, period: Period) -> TeamReview:
    """Review by what was written down by the period's end: what came after it is what is new."""
    return review_teams(as_of(workspace, period.end), period, teams=[team])[team]


def gone_since(workspace: Workspace, review: TeamReview) -> tuple[str, ...]:
    """Name the measures that the team's last published pack had and this review has not."""
    log, shown = workspace.published, {one.measure.id for one in review.measures}
    run = last_run(log, review.id, review.period)
    if run is None or log.rows is None:
        return ()
    rows = log.rows[(log.rows["team"] == review.id) & (log.rows["run"] == str(run))]
    gone = [name for name in rows["measure"].unique() if name not in shown]
    defined = (workspace.measures.get(name) for name in gone)
    return tuple((one and one.name) or name for one, name in zip(defined, gone, strict=True))


def _as_published(workspace: Workspace, team: str, run: Period) -> Workspace:
    """Give the workspace with the values of one team alone, as a run had published them."""
    day_after = Period.containing(run.end, Frequency.DAY).next()
    published, _ = published_values(before(workspace.published, day_after))
    keys = ((team, name) for name in workspace.measures)
    own = {key: workspace.series[key] for key in keys if key in workspace.series}
    then = {
        key: replace(one, values=_overlaid(one.values, published[key]))
        for key, one in own.items()
        if key in published
    }
    return replace(workspace, series=own | then)


def _overlaid(values: pd.DataFrame, published: Mapping[str, float]) -> pd.DataFrame:
    now = values["value"].to_numpy(dtype=float)
    then = [
        published.get(period, value) for period, value in zip(values["period"], now, strict=True)
    ]
    return values.assign(value=then)
