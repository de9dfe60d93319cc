"""What changed since the last published pack: the first page after the board.

The earlier review is of the last run that the ledger holds of the team, with the values as they
were published then; without a ledger it is of the period before, from today's files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

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
    proposals: Lines
    definitions: Lines
    measures: Lines
    gone: Lines
    promises: Lines

    @property
    def sections(self) -> tuple[tuple[str, Lines], ...]:
        """The sections in the order of the page, each with its heading."""
        return (
            ("Promises that fell due", self.promises),
            ("New signals", self.new_signals),
            ("Signals that ended", self.ended_signals),
            ("New limits, as people recorded them", self.limit_changes),
            ("New limits, only proposed", self.proposals),
            ("Definitions with a new version", self.definitions),
            ("Measures that are new", self.measures),
            ("Measures that are gone", self.gone),
        )


def changes(now: TeamReview, before: TeamReview | None, gone: Lines = ()) -> Changes:
    """Compare a team's review with an earlier one (None: there was none).

    `gone` are names of measures that had been published and are not shown any more.
    """
    then = {one.measure.id: one for one in before.measures} if before else {}
    pairs = [(one, then.get(one.measure.id)) for one in now.measures]
    since = before.period.end + timedelta(days=1) if before else now.period.start
    return Changes(
        new_signals=(*_new(pairs), *_passed(now, since)),
        ended_signals=tuple(_ended(pairs)),
        limit_changes=tuple(_limits(now, since)),
        proposals=tuple(_proposals(pairs)),
        definitions=tuple(_definitions(now, since)),
        measures=tuple(_measures(pairs)),
        gone=gone,
        promises=tuple(_promises(now, since)),
    )


Pairs = list[tuple[MeasureReview, MeasureReview | None]]
_SIGNALS = (Variation.IMPROVING, Variation.CONCERN, Variation.MIXED)


def _new(pairs: Pairs) -> Iterator[str]:
    for one, earlier in pairs:
        if one.variation in _SIGNALS and (earlier is None or _is_new(one, earlier)):
            yield f"{one.name}: {one.verdict.label} – {wording.detail(one)}"


def _passed(now: TeamReview, since: date) -> Iterator[str]:
    """Give the signals that came and went since then, as a weekly or daily measure may have."""
    for one in now.measures:
        found = [each for each in one.patterns if one.period_at(each.first).start >= since]
        if not found or one.current or one.held_back:
            continue
        newest = max(found, key=lambda each: each.first)
        words = wording.pattern_words(newest, one.period_at(newest.first))
        yield f"{one.name}: came and went – {words}"


def _is_new(one: MeasureReview, earlier: MeasureReview) -> bool:
    begun = one.since is not None and one.since.start > earlier.period.end
    return begun or earlier.variation != one.variation


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


def _proposals(pairs: Pairs) -> Iterator[str]:
    for one, earlier in pairs:
        words = wording.proposal_words(one)
        if words and not (earlier and wording.proposal_words(earlier)):
            yield f"{one.name}: {words[0].lower()}{words[1:]}"


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
    """Give the actions that were due, or to be checked, since then."""
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
