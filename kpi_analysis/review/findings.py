"""All findings on a workspace: faults of its files, and what the design check asks.

The contract of `kpi check`. Errors come first, then the files in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import partial

from kpi_analysis.definitions.lint.check import lint_board, lint_measure
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.results import beside, check_links
from kpi_analysis.errors import Finding, Level
from kpi_analysis.records.logs import TO_CLOSE, rows_of
from kpi_analysis.records.polls import ballot_findings
from kpi_analysis.records.series_table import newest_day
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.data_check import data_findings
from kpi_analysis.review.in_use import REVIEWS
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.team_review import TeamReview

FIELDS = (
    "level", "rule", "file", "line", "column", "field", "measure", "team", "message", "better",
    "silenced",
)  # fmt: skip
_LEVELS = list(Level)


def findings_of(workspace: Workspace) -> list[Finding]:
    """Give every finding, silenced ones too, with the written reason.

    A review date is overdue when the newest values are from after it: no clock is asked.
    """
    newest = newest_day(workspace.series)
    found = [
        *workspace.findings,
        *design_findings(workspace, newest),
        *refused_closings(workspace),
        *ballot_findings(workspace.root, workspace.teams),
    ]
    if newest:
        found += data_findings(
            workspace, review_teams(workspace), partial(earlier_reviews, workspace)
        )
    return sorted(found, key=_rank)


def earlier_reviews(workspace: Workspace, review: TeamReview) -> Iterator[TeamReview]:
    """Give a team's reviews of the five periods before this one, newest first."""
    for n in range(1, REVIEWS):
        period = review.period.previous(n)
        yield review_teams(workspace, period, teams=[review.id])[review.id]


def _rank(one: Finding) -> tuple[bool, int, str, int, str]:
    is_silenced = one.silenced is not None
    return is_silenced, _LEVELS.index(one.level), one.file, one.line or 0, one.message


def design_findings(workspace: Workspace, on: date | None) -> Iterator[Finding]:
    """Give the findings of the design check on definitions, boards and the results map."""
    written = [one for one in workspace.measures.values() if one.file]  # else made for values
    others = beside(written, workspace.results)
    for measure in written:
        yield from lint_measure(measure, on, others=others[measure.id])
    for team in workspace.teams:
        yield from lint_board(team, measures_of(workspace, team), workspace.settings.board_limit)
    unread = {one.measure for one in workspace.findings if one.rule == "schema" and one.measure}
    yield from check_links(workspace.measures, workspace.results, frozenset(unread))


def refused_closings(workspace: Workspace) -> Iterator[Finding]:
    """Give the cells without which an action stays open though somebody closed it."""
    for row in rows_of(workspace.actions.rows):
        for name in TO_CLOSE:
            if row["refused"] and not row[name]:
                who = f"action '{row['id']}'" if row["id"] else "the action"
                message = (
                    f"'{name}' is empty, so {who} stays open though it was closed on"
                    f" {row['refused']}: write it down, or empty 'closed'"
                )
                yield fault(
                    message, file="actions.csv", line=row["line"], field=name,
                    measure=row["measure"], team=row["team"] or None,
                )  # fmt: skip


def measures_of(workspace: Workspace, team: str) -> list[Measure]:
    """Give the measures a team has values of."""
    return [workspace.measures[measure] for one, measure in workspace.series if one == team]


def as_record(finding: Finding) -> dict[str, object]:
    """Give a finding as the mapping that `kpi check --format json` prints."""
    values = asdict(finding)
    return {name: values[name] for name in FIELDS}
