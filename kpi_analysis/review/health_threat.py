"""Threats: leaders who do not engage, resistance, shifting priorities, fatigue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from statistics import median
from typing import Any

from kpi_analysis.definitions.measures import Status
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import NOT_RECORDED, QUARTER, YEAR, Answer, Figure, of
from kpi_analysis.review.health_facts import Chart
from kpi_analysis.review.health_waits import escalated, in_time
from kpi_analysis.review.leaders import is_visit
from kpi_analysis.review.wording import plural

UNUSED = 6  # periods
_MONTH = 30.4  # days


def escalations(basis: Basis) -> Answer:
    """T1: what was put to leaders and answered in time; visits and reports as written down."""
    found = in_time(tuple(escalated(basis)), basis.day)
    return Answer(found.count, (*found.beside, *visits(basis)))


def visits(basis: Basis) -> Iterator[Figure]:
    """Give the leaders' visits of a year, the teams they saw of late, and separate reports."""
    if not basis.has("reviews"):
        yield Figure("visits of leaders", NOT_RECORDED)
        return
    every = basis.log("reviews", "date")
    rows = [row for row in every if row["date"] > basis.day - YEAR]
    seen = [row for row in rows if is_visit(row)]
    leaders = {one.leader for one in basis.workspace.teams.values() if one.leader}
    if leaders and every:
        first = max(min(row["date"] for row in every), basis.day - YEAR)
        months = max(1, round(((basis.day - first).days + 1) / _MONTH))
        of_months = f"{plural(len(leaders), 'leader')} in {plural(months, 'month')}"
        yield Figure(
            "visits of leaders",
            f"{len(seen)} in {len(leaders) * months} leader-months ({of_months})",
        )
    else:
        yield Figure("visits of leaders in a year", f"{len(seen)}")
    late = {row["team"] for row in seen if row["date"] > basis.day - QUARTER}
    yield Figure(
        "teams that a leader saw in three months", of(one.team in late for one in basis.teams)
    )
    separate = sum(row["kind"] == "separate_report" for row in rows)
    yield Figure("separate reports asked for in a year", f"{separate}")


def with_words(basis: Basis) -> Answer:
    """T2: reactions with words; doubts that an action or an event about the measure followed."""
    rows = basis.log("reactions", "date")
    doubts = [row for row in rows if row["reflects_our_work"] in ("partly", "no")]
    since = basis.written(("actions", "opened"), ("events", "date"))
    taken_up = Figure("doubts that an action or event on the measure followed",
                      of(_is_taken_up(since, row) for row in doubts))  # fmt: skip
    return Answer(of(row["text"] for row in rows), (taken_up,) if len(rows) >= 5 else ())


def _is_taken_up(written: Mapping[str, list[tuple[str, date]]], doubt: dict[str, Any]) -> bool:
    return any(
        day >= doubt["date"] and (not team or not doubt["team"] or team == doubt["team"])
        for team, day in written.get(doubt["measure"], ())
    )


def review_passed(basis: Basis) -> Answer:
    """T3: measures with a day of review, and those past it; how measures come and go."""
    begun = [one.valid_from for one in basis.active if one.valid_from]
    retired = [one for one in basis.defined if one.status is Status.RETIRED]
    lately = [one for one in retired if one.valid_from and basis.day - one.valid_from <= QUARTER]
    ages = [(basis.day - one).days / 365.25 for one in begun]
    new = Figure("new in three months", of(basis.day - one <= QUARTER for one in begun))
    beside = (
        *((new, Figure("median age", f"{median(ages):.1f} years")) if ages else ()),
        Figure("retired, and of these in three months", f"{len(retired)}, {len(lately)}"),
        *_parent_ended(basis),
    )
    return Answer(of(one.review_on < basis.day for one in basis.active if one.review_on), beside)


def _parent_ended(basis: Basis) -> Iterator[Figure]:
    """Count the measures that name a result which is not on the map, or not any more."""
    on_map = basis.workspace.results
    named = [one.result_id for one in basis.active if one.result_id]
    if on_map is not None and named:
        gone = of(one not in on_map.results for one in named)
        yield Figure("measures whose result is not on the map any more", gone)


def unused(basis: Basis) -> Answer:
    """T4: measures on boards of which nobody wrote anything in six periods; what they cost."""
    about = basis.written(("actions", "opened"), ("events", "date"), ("reactions", "date"))
    idle = of(not _is_used(one, about) for one in basis.charts)
    return Answer(idle, (effort(basis), alarms(basis)))


def effort(basis: Basis) -> Figure:
    """Sum up what collecting the measures takes in a year, and say of how many it is known."""
    found = [one.hours for one in basis.charts]
    known = [one for one in found if one is not None]
    about = "hours a year to collect them"
    if not known:
        return Figure(about, NOT_RECORDED)
    return Figure(
        about, f"{sum(known):.0f}, as written down for {len(known)} of {len(found)} charts"
    )


def alarms(basis: Basis) -> Figure:
    """Say how many signals chance alone gives a pack, were every process at rest."""
    judged = [one.false_alarms for one in basis.charts if one.false_alarms is not None]
    about = "signals to expect of chance alone"
    if not judged:
        return Figure(about, "no chart is judged yet")
    each = sum(judged) / len(basis.boards)
    return Figure(about, f"{each:.1f} a pack and period, {each * len(basis.boards):.1f} in all")


def _is_used(one: Chart, written: Mapping[str, list[tuple[str, date]]]) -> bool:
    since = one.period.shift(1 - UNUSED).start
    about = written.get(one.measure.id, ())
    return any(day >= since and team in ("", one.team) for team, day in about)
