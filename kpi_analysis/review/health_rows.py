"""The counts behind the sixteen indicators: one small function each, from a shared basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from typing import Any

from kpi_analysis.definitions.measures import MapLevel, Measure, Status
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.ledger import before
from kpi_analysis.records.logs import published_values, rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.action_check import Outcome
from kpi_analysis.review.actions import ActionReview, actions_of
from kpi_analysis.review.leaders import goals_without_measures, is_visit
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.restatements import Restatement, restatements
from kpi_analysis.review.team_review import TeamReview, traded
from kpi_analysis.review.verdict import Duty, Group
from kpi_analysis.review.wording import plural
from kpi_analysis.signals.false_signals import false_signals

_A_YEAR: Mapping[object, int] = {
    Frequency.DAY: 365,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}
_UNUSED = 6  # periods
_QUARTER, _YEAR = timedelta(days=91), timedelta(days=365)


@dataclass(frozen=True)
class Count:
    """So many of n; `note` says what belongs beside it."""

    numerator: int
    n: int
    note: str = ""


@dataclass(frozen=True)
class Basis:
    """What the indicators are counted from, up to the end of the period."""

    workspace: Workspace
    period: Period
    reviews: Mapping[str, TeamReview]

    @property
    def day(self) -> date:
        """The last day that counts."""
        return self.period.end

    def has(self, file: str) -> bool:
        """Tell whether a log or the results map is there."""
        found = getattr(self.workspace, file)
        return found is not None if file == "results" else found.rows is not None

    def log(self, name: str, dated: str) -> list[dict[str, Any]]:
        """Give the rows of a log that people had written by then."""
        rows = rows_of(getattr(self.workspace, name).rows)
        return [row for row in rows if row[dated] and row[dated] <= self.day]

    @cached_property
    def active(self) -> tuple[Measure, ...]:
        """The measures in use: active or on trial, and begun."""
        used = (one for one in self.workspace.measures.values() if one.status in _USED)
        return tuple(one for one in used if one.valid_from is None or one.valid_from <= self.day)

    @cached_property
    def charts(self) -> tuple[MeasureReview, ...]:
        """Every measure of every team."""
        return tuple(one for review in self.reviews.values() for one in review.measures)

    @cached_property
    def checked(self) -> tuple[ActionReview, ...]:
        """Every action on a measure that is charted."""
        return tuple(one for review in self.reviews.values() for one in actions_of(review))


_USED = (Status.ACTIVE, Status.TRIAL)


def _of(found: Iterable[object], note: str = "") -> Count:
    flags = [bool(one) for one in found]
    return Count(sum(flags), len(flags), note)


def _by(day: date | None, end: date) -> bool:
    return day is not None and day <= end


def followed(basis: Basis) -> Count:
    """S1: actions past their check date, and those that a wanted signal followed."""
    due = [one for one in basis.checked
           if one.action["check_on"] and one.action["check_on"] <= basis.day]  # fmt: skip
    return _of(one.check is not None and one.check.outcome is Outcome.WANTED for one in due)


def aligned(basis: Basis) -> Count:
    """S2: measures whose result has a way up to the level of the organisation."""
    on_map = basis.workspace.results
    if on_map is None:
        return Count(0, 0)
    tops = (
        {on_map.path(one.id)[-1].level for one in on_map.results_of(measure)}
        for measure in basis.active
    )
    return _of(MapLevel.ORGANISATION in levels for levels in tops)


def decided(basis: Basis) -> Count:
    """S3: board and gemba reviews, and those with a decision."""
    held = [row for row in basis.log("reviews", "date") if row["kind"] in ("board", "gemba")]
    boards = [len(review.measures) for review in basis.reviews.values()]
    note = f"{plural(round(median(boards)), 'measure')} on a middling board" if boards else ""
    return _of((row["decisions"] for row in held), note)


def owned(basis: Basis) -> Count:
    """S4: measures with an owner and with names of those they were designed with."""
    return _of(one.owner and one.designed_with for one in basis.active)


def answered_in_time(basis: Basis) -> Count:
    """W1: responses to signals of concern that fell due, and those recorded within their days."""
    found = list(_responses(basis))
    still = [(basis.day - since).days for since, opened, _ in found if not opened]
    waited = [((opened or basis.day) - since).days for since, opened, _ in found]
    half = half_answered(zip(waited, (opened is not None for _, opened, _ in found), strict=True))
    notes = [f"half answered within {plural(half, 'day')}"] if half is not None else []
    notes += ["fewer than half answered yet"] if found and half is None else []
    notes += [f"oldest open {plural(max(still), 'day')}"] if still else []
    due = [one for one in found if one[1] or one[0] + one[2] < basis.day]
    return _of((_by(opened, since + within) for since, opened, within in due), ", ".join(notes))


def half_answered(waits: Iterable[tuple[int, bool]]) -> int | None:
    """Give the days after which half were answered, those still open counted as far as they go.

    The median of Kaplan and Meier, JASA 53 (1958) 457-481; None where fewer than half are.
    """
    found, share = sorted(waits, key=lambda one: (one[0], not one[1])), 1.0
    for n, (days, answered) in enumerate(found):
        share *= 1 - answered / (len(found) - n)
        if share <= 0.5 + 1e-12:
            return days
    return None


def _responses(basis: Basis) -> Iterator[tuple[date, date | None, timedelta]]:
    """Give the first day of every signal of concern, the day it was answered, and its days."""
    for chart in basis.charts:
        rule = chart.measure.response.signal_of_concern
        if rule is None or rule.within_days is None:
            continue
        opened = [row["opened"] for row in rows_of(chart.recorded.actions) if row["opened"]]
        for demand in chart.answer.demands:
            if demand.duty is Duty.SIGNAL_OF_CONCERN and demand.since:
                since = demand.since
                answers = [day for day in opened if since <= day <= basis.day]
                yield since, min(answers, default=None), timedelta(days=rule.within_days)


def guarded(basis: Basis) -> Count:
    """W2: measures with a side effect and a guard; a guard that worsens is named as a question."""
    trades = sum(bool(traded(one, review.measures)) for review in basis.reviews.values()
                 for one in review.measures)  # fmt: skip
    notes = [f"{trades} better while a guard is worse"] if trades else []
    changed = list(_restated(basis))
    kind = sum(one.tone is Tone.IMPROVEMENT and not one.note for one in changed)
    notes += [f"{kind} of {len(changed)} restatements favourable without a note"] if changed else []
    return _of((one.could_cause and one.guards for one in basis.active), ", ".join(notes))


def _restated(basis: Basis) -> Iterator[Restatement]:
    published, _ = published_values(before(basis.workspace.published, basis.period))
    for one in basis.charts:
        yield from restatements(one, published.get((one.team, one.measure.id), {}))


def read(basis: Basis) -> Count:
    """W3: periods of all series, and those with a value."""
    values = [one.points["value"].notna() for one in basis.charts]
    faults = sum(len(one.series.faults) for one in basis.charts)
    note = f"{plural(faults, 'fault')} in the files" if faults else ""
    return Count(sum(int(one.sum()) for one in values), sum(map(len, values)), note)


def reflects(basis: Basis) -> Count:
    """W4: reactions, and those that say yes."""
    words = [row["reflects_our_work"] for row in basis.log("reactions", "date")]
    note = f"{words.count('partly')} partly, {words.count('no')} no" if len(words) >= 5 else ""
    return _of((one == "yes" for one in words), note)


def own_hands(basis: Basis) -> Count:
    """O1: actions, and those that began in the team and need nobody else."""
    rows = basis.log("actions", "opened")
    closed = [row for row in rows if _by(row["closed"] or row["refused"], basis.day)]
    alone = sum(not row["escalated_on"] for row in closed)
    note = f"{alone} of {len(closed)} closed without escalation" if closed else ""
    return _of((row["origin"] == row["authority"] == "team" for row in rows), note)


def cause_checked(basis: Basis) -> Count:
    """O2: actions, and those whose cause somebody checked."""
    rows = basis.log("actions", "opened")
    closed = [row for row in rows if _by(row["closed"] or row["refused"], basis.day)]
    learned = sum(bool(row["learned"]) for row in closed)
    note = f"{learned} of {len(closed)} closed say what was learned" if closed else ""
    return _of((row["cause"] and row["cause_checked_by"] for row in rows), note)


def current(basis: Basis) -> Count:
    """O3: measures on boards, and those with a value of the period and a verdict."""
    return _of(
        one.value is not None and one.verdict.group is not Group.NOT_JUDGED for one in basis.charts
    )


def orphans(basis: Basis) -> Count:
    """O4: goals and measures, and those without the other."""
    on_map = basis.workspace.results
    if on_map is None:
        return Count(0, 0)
    goals = goals_without_measures(basis.workspace)
    measures = [one for one in basis.active if not on_map.results_of(one)]
    note = f"{plural(len(goals), 'goal')}, {plural(len(measures), 'measure')}"
    return Count(len(goals) + len(measures), len(on_map.results) + len(basis.active), note)


def escalations(basis: Basis) -> Count:
    """T1: escalations, and those answered; visits and separate reports as written down."""
    asked = basis.log("actions", "escalated_on")
    rows = [row for row in basis.log("reviews", "date") if row["date"] > basis.day - _YEAR]
    visits = plural(sum(map(is_visit, rows)), "visit")
    separate = plural(sum(row["kind"] == "separate_report" for row in rows), "separate report")
    note = f"{visits} of leaders, {separate} asked for in a year"
    written = note if basis.has("reviews") else "visits not recorded"
    return _of(
        (bool(one["answered_on"]) and one["answered_on"] <= basis.day for one in asked), written
    )


def with_words(basis: Basis) -> Count:
    """T2: reactions, and those in which somebody wrote something."""
    return _of(bool(row["text"]) for row in basis.log("reactions", "date"))


def review_passed(basis: Basis) -> Count:
    """T3: measures with a day of review, and those for which it has passed."""
    begun = [one.valid_from for one in basis.active if one.valid_from]
    new = sum(basis.day - one <= _QUARTER for one in begun)
    ages = [(basis.day - one).days / 365.25 for one in begun]
    note = f"{new} new in three months, median age {median(ages):.1f} years" if ages else ""
    return _of((one.review_on < basis.day for one in basis.active if one.review_on), note)


def unused(basis: Basis) -> Count:
    """T4: measures on boards, and those of which nobody wrote anything in six periods."""
    written = [
        row
        for name, dated in (("actions", "opened"), ("events", "date"), ("reactions", "date"))
        for row in basis.log(name, dated)
        if row.get("measure")
    ]
    hours = sum(_hours(one) for one in basis.charts)
    notes = [f"{hours:.0f} hours a year to collect"] if hours else []
    alarms = sum(map(_false_alarms, basis.charts)) / max(len(basis.reviews), 1)
    notes += [f"expect {alarms:.1f} false alarms a pack"] if basis.charts else []
    return _of((not _is_used(one, written) for one in basis.charts), ", ".join(notes))


def _is_used(one: MeasureReview, written: list[dict[str, Any]]) -> bool:
    since = one.period.shift(1 - _UNUSED).start
    return any(
        row["measure"] == one.measure.id and row["team"] in ("", one.team) and _latest(row) >= since
        for row in written
    )


def _latest(row: dict[str, Any]) -> date:
    days: list[date | None] = [row.get(name) for name in ("date", "opened", "closed")]
    return max(one for one in days if one)


def _hours(one: MeasureReview) -> float:
    minutes = one.measure.data.minutes_per_period or 0.0
    return float(minutes * _A_YEAR.get(one.period.frequency, 0) / 60)


def _false_alarms(one: MeasureReview) -> float:
    """Give the chance of a signal at the latest point though nothing has changed."""
    last = one.points["segment"] == one.points["segment"].iloc[-1]
    found = false_signals(one.series.rules, int((one.points["in_baseline"] & last).sum()))
    return found.per_period if found else 0.0
