"""Whether a measure is of use: when people last wrote of it; which could be retired, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.alike import alike
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview

REVIEWS = 6
"""Meetings of a team's board in which a measure should have been of use."""

_WRITTEN = (("actions", "opened"), ("events", "date"), ("reactions", "date"), ("reviews", "date"))


@dataclass(frozen=True)
class Candidate:
    """A measure that could be retired: why, and the written reason why it stays, if any."""

    name: str
    why: str
    kept_because: str = ""


def last_used(one: MeasureReview, workspace: Workspace) -> tuple[date, str] | None:
    """Give the newest day on which somebody wrote of a measure, and into which log; None: never."""
    found = [
        (day, name)
        for name, column in _WRITTEN
        for day in _days(getattr(workspace, name).rows, one, column)
    ]
    return max(found, default=None)


def _days(log: pd.DataFrame | None, one: MeasureReview, column: str) -> list[date]:
    if log is None:
        return []
    own = (log["measure"] == one.measure.id) & log["team"].isin(["", one.team])
    return [day for day in log.loc[own, column] if day]


def last_used_words(one: MeasureReview, workspace: Workspace) -> str:
    """Say when somebody last wrote of a measure, or that no log is kept."""
    if all(getattr(workspace, name).rows is None for name, _ in _WRITTEN):
        return "not recorded"
    found = last_used(one, workspace)
    return (
        f"{wording.day(found[0])}, {found[1].removesuffix('s')}"
        if found
        else "nothing written down"
    )


def unused_since(one: MeasureReview, workspace: Workspace) -> date | None:
    """Give the day of the team's sixth board meeting from the end, if nobody wrote since then.

    None where somebody did, or the board met less often.
    """
    days = _meetings(workspace, one.team)
    if len(days) < REVIEWS:
        return None
    found = last_used(one, workspace)
    return None if found and found[0] >= days[-REVIEWS] else days[-REVIEWS]


def _meetings(workspace: Workspace, team: str) -> list[date]:
    """Give the days on which a team's board met, as written down, in time order."""
    rows = rows_of(workspace.reviews.rows)
    own = (row for row in rows if row["team"] == team and row["kind"] == "board")
    return sorted(row["date"] for row in own if row["date"])


def no_candidates_words(review: TeamReview, workspace: Workspace) -> str:
    """Say that there is no candidate, and where too little is written down to name one."""
    if workspace.reviews.rows is None:
        return "none known: without reviews.csv it is not recorded when the board met"
    met = len(_meetings(workspace, review.id))
    few = f": the board met {met} of the {REVIEWS} times from which an unused measure is named"
    return f"none yet{few}" if met < REVIEWS else "none"


def candidates(review: TeamReview, workspace: Workspace) -> tuple[Candidate, ...]:
    """Give the measures of a team that could be retired, each with why; people decide."""
    return (*_unused(review, workspace), *_alike(review))


def _unused(review: TeamReview, workspace: Workspace) -> Iterator[Candidate]:
    for one in review.measures:
        since = unused_since(one, workspace)
        if since:
            why = (
                f"nobody wrote of it in {REVIEWS} meetings of the board, since {wording.day(since)}"
            )
            yield Candidate(one.name, why, one.measure.silence.get("P02", ""))


def _alike(review: TeamReview) -> Iterator[Candidate]:
    for one, other, likeness in alike(review):
        why = f"it moves with “{other.name}” (rank correlation {likeness:.2f}): one could do"
        yield Candidate(one.name, why, one.measure.silence.get("P04", ""))
