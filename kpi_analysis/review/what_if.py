"""What would new limits say? A limit change tried out, judged as if it were recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_analysis.errors import RecordError
from kpi_analysis.periods import Order, Period
from kpi_analysis.records.limit_rows import FILE, with_row
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams

WORDS = ("known", "expected_to_last")
"""Columns that answer two of Wheeler's four questions: yes or no."""


@dataclass(frozen=True)
class Change:
    """The form of a limit change: who, when, why; `start` is a period, `on` a day, as text."""

    start: str
    reason: str
    by: str
    on: str = ""
    known: str = ""
    expected_to_last: str = ""

    def row(self, team: str, measure: str) -> dict[str, str]:
        """Give the row of limit_changes.csv; raise RecordError for what is missing or wrong."""
        faults = [
            fault(f"{name} is empty: {why}", file=FILE, field=name)
            for name, why in (("reason", "say why the old limits no longer describe the process"),
                              ("by", "say who answers for the change, by role"))
            if not getattr(self, name).strip()
        ]  # fmt: skip
        faults += [
            fault(f"{name} is '{getattr(self, name)}': write yes or no", file=FILE, field=name)
            for name in WORDS
            if getattr(self, name) not in ("yes", "no", "")
        ]
        if faults:
            raise RecordError(faults)
        start = Period.parse(self.start)
        if self.on:
            Period.parse(self.on)
        return {
            "team": team,
            "measure": measure,
            "from": str(start),
            "reason": self.reason.strip(),
            "known": self.known,
            "expected_to_last": self.expected_to_last,
            "by": self.by.strip(),
            "on": self.on,
        }


@dataclass(frozen=True)
class Trial:
    """A limit change tried out: the measure as it is and as it would be, and the row for it."""

    before: MeasureReview
    after: MeasureReview
    row: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """What would differ, in sentences."""
        segment = self.after.points["segment"]
        values = int((self.after.points["in_baseline"] & (segment == segment.iloc[-1])).sum())
        said = [
            f"Now: {_read(self.before)}",
            f"With new limits from {Period.parse(self.row['from']).label}: {_read(self.after)}",
            f"They would rest on {wording.plural(values, 'value')}.",
        ]
        if not (self.row["known"] == self.row["expected_to_last"] == "yes"):
            said.append(
                "Limits move where the cause is known and the change is expected to last: "
                "answer known and expected_to_last."
            )
        return tuple(said)


def _read(review: MeasureReview) -> str:
    limits = wording.limits_words(review)
    within = f"; limits {limits}" if limits else ""
    return f"{review.verdict.label}: {wording.detail(review)}{within}."


def try_limits(workspace: Workspace, before: MeasureReview, change: Change) -> Trial:
    """Judge a measure as it would stand with new limits; nothing is written.

    Raises RecordError where the change says no reason or nobody, or begins outside the series.
    """
    if before.period.frequency is Order.VALUE:
        raise RecordError(fault("limits start at a date: give the values periods, then try again"))
    row = change.row(before.team, before.measure.id)
    start = Period.parse(row["from"]).start
    if not before.first_period.start < start <= before.period.end:
        span = f"{before.first_period.next().label} to {before.period.label}"
        message = f"from is {row['from']}: new limits can begin in {span}"
        raise RecordError(fault(message, file=FILE, field="from"))
    changed = replace(workspace, limit_changes=with_row(workspace.limit_changes, row))
    reviews = review_teams(changed, before.period, teams=[before.team], rules=before.series.rules)
    after = next(
        one for one in reviews[before.team].measures if one.measure.id == before.measure.id
    )
    return Trial(before, after, row)
