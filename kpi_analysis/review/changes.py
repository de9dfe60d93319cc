"""What changed since the period before: the first page after the board.

Both reviews are made from today's files, so that the two can be compared at any time; values that
were restated since they were published are told apart, from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kpi_analysis.records.logs import rows_of
from kpi_analysis.review import wording
from kpi_analysis.review.duty import action_name
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.verdict import Variation

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """What is new in a team's pack, each a list of sentences; an empty one says "none"."""

    new_signals: Lines
    ended_signals: Lines
    limit_changes: Lines
    definitions: Lines
    measures: Lines
    promises: Lines

    @property
    def sections(self) -> tuple[tuple[str, Lines], ...]:
        """The sections in the order of the page, each with its heading."""
        return (
            ("Promises that fell due", self.promises),
            ("New signals", self.new_signals),
            ("Signals that ended", self.ended_signals),
            ("New limits, as people recorded them", self.limit_changes),
            ("Definitions with a new version", self.definitions),
            ("Measures that are new", self.measures),
        )


def changes(now: TeamReview, before: TeamReview | None) -> Changes:
    """Compare a team's review with that of the period before (None: there was none)."""
    then = {one.measure.id: one for one in before.measures} if before else {}
    pairs = [(one, then.get(one.measure.id)) for one in now.measures]
    since = now.period.start
    return Changes(
        new_signals=tuple(_new(pairs)),
        ended_signals=tuple(_ended(pairs)),
        limit_changes=tuple(_limits(now, since)),
        definitions=tuple(_definitions(now, since)),
        measures=tuple(_measures(pairs)),
        promises=tuple(_promises(now, since)),
    )


Pairs = list[tuple[MeasureReview, MeasureReview | None]]
_SIGNALS = (Variation.IMPROVING, Variation.CONCERN, Variation.MIXED)


def _new(pairs: Pairs) -> Iterator[str]:
    for one, earlier in pairs:
        if one.variation in _SIGNALS and (earlier is None or earlier.variation != one.variation):
            yield f"{one.name}: {one.verdict.label} – {wording.detail(one)}"


def _ended(pairs: Pairs) -> Iterator[str]:
    for one, earlier in pairs:
        if earlier and earlier.variation in _SIGNALS and one.variation is Variation.NONE:
            yield f"{one.name}: was {wording.detail(earlier)}; now {wording.detail(one)}"


def _limits(now: TeamReview, since: date) -> Iterator[str]:
    for one in now.measures:
        for row in rows_of(one.series.limit_changes):
            day = row.get("on") or row["from"]
            if since <= day <= now.period.end:
                start = wording.day(row["from"])
                yield f"{one.name}: new limits from {start}, {row['reason']} ({row['by']})"


def _definitions(now: TeamReview, since: date) -> Iterator[str]:
    for one in now.measures:
        begun = one.measure.valid_from
        if begun and since <= begun <= now.period.end and (one.measure.version or 1) > 1:
            yield f"{one.name}: version {one.measure.version} from {wording.day(begun)}"


def _measures(pairs: Pairs) -> Iterator[str]:
    for one, earlier in pairs:
        if earlier is None or len(earlier.points) == 0 or one.first_period == one.period:
            yield one.name


def _promises(now: TeamReview, since: date) -> Iterator[str]:
    """Actions that were due, or to be checked, within the period."""
    for one in now.measures:
        for row in rows_of(one.recorded.actions):
            words = action_name(row)
            if row["due"] and since <= row["due"] <= now.period.end:
                kept = row["stage"].upper() in ("C", "A") or row["closed"]
                state = "done" if kept else "not done yet"
                yield f"{words}: due {wording.day(row['due'])}, {state}"
            if row["check_on"] and since <= row["check_on"] <= now.period.end:
                told = f"happened: {row['happened']}" if row["happened"] else "not written up yet"
                yield f"{words}: check due {wording.day(row['check_on'])}, {told}"
