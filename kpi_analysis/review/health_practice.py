"""Strengths and opportunities: improvement, alignment, focus, ownership, coaching, visibility."""

from __future__ import annotations

from collections import Counter
from statistics import median

from kpi_analysis.definitions.measures import MapLevel
from kpi_analysis.records.logs import TO_CLOSE
from kpi_analysis.review.action_check import Outcome
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import NOT_RECORDED, Answer, Count, Figure, by, of
from kpi_analysis.review.leaders import goals_without_measures
from kpi_analysis.review.verdict import Group

_FOLLOWED = (Outcome.WORSE, Outcome.BOTH_WAYS, Outcome.NONE_YET, Outcome.TOO_EARLY)


def followed(basis: Basis) -> Answer:
    """S1: actions whose check date passed within a year, and those a wanted signal followed."""
    due = [one for chart in basis.charts for one in chart.checks]
    found = Counter(due)
    beside = tuple(
        Figure(one.value, Count(found[one], len(due))) for one in _FOLLOWED if found[one]
    )
    return Answer(Count(found[Outcome.WANTED], len(due)), beside)


def aligned(basis: Basis) -> Answer:
    """S2: measures whose result has a way up to the level of the organisation."""
    on_map = basis.workspace.results
    if on_map is None:
        return Answer(Count(0, 0))
    tops = (
        {on_map.path(one.id)[-1].level for one in on_map.results_of(measure)}
        for measure in basis.active
    )
    return Answer(of(MapLevel.ORGANISATION in levels for levels in tops))


def decided(basis: Basis) -> Answer:
    """S3: board and gemba reviews, and those with a decision."""
    held = [row for row in basis.log("reviews", "date") if row["kind"] in ("board", "gemba")]
    sizes = [len(one.charts) for one in basis.boards]
    if not sizes:
        return Answer(of(row["decisions"] for row in held))
    limit = basis.workspace.settings.board_limit
    middle = f"median {median(sizes):g}, most {max(sizes)}"
    over = Figure(f"boards with more than {limit} measures", of(one > limit for one in sizes))
    return Answer(
        of(row["decisions"] for row in held), (Figure("measures on a board", middle), over)
    )


def owned(basis: Basis) -> Answer:
    """S4: measures with an owner and with names of those they were designed with."""
    origins = Counter(one.origin.value if one.origin else NOT_RECORDED for one in basis.active)
    asked = ", ".join(f"{origin} {n}" for origin, n in sorted(origins.items()))
    beside = (Figure("who asked for them", asked),) if origins else ()
    return Answer(of(one.owner and one.designed_with for one in basis.active), beside)


def own_hands(basis: Basis) -> Answer:
    """O1: actions, and those that began in the team and need nobody else."""
    rows = basis.log("actions", "opened")
    closed = [row for row in rows if by(row["closed"] or row["refused"], basis.day)]
    alone = Figure("closed without escalation", of(not row["escalated_on"] for row in closed))
    return Answer(of(row["origin"] == row["authority"] == "team" for row in rows), (alone,))


def cause_checked(basis: Basis) -> Answer:
    """O2: actions, and those whose cause somebody checked."""
    rows = basis.log("actions", "opened")
    closed = [row for row in rows if by(row["closed"] or row["refused"], basis.day)]
    beside = (
        Figure("closed with expected, happened and learned written down",
               of(all(row[name] for name in TO_CLOSE) for row in closed)),
        Figure("closed that say what was learned", of(row["learned"] for row in closed)),
    )  # fmt: skip
    return Answer(of(row["cause"] and row["cause_checked_by"] for row in rows), beside)


def current(basis: Basis) -> Answer:
    """O3: measures on boards, and those with a value of the period and a verdict."""
    judged = of(
        not one.is_late and one.verdict.group is not Group.NOT_JUDGED for one in basis.charts
    )
    told = of(one.is_answered for one in basis.charts if one.verdict.red)
    drill = "not recorded: the course keeps them with the learner"
    return Answer(judged, (Figure("reds with a response on the board", told),
                           Figure("times of the reading drill", drill)))  # fmt: skip


def orphans(basis: Basis) -> Answer:
    """O4: goals and measures, and those without the other."""
    on_map = basis.workspace.results
    if on_map is None:
        return Answer(Count(0, 0))
    goals = Count(len(goals_without_measures(basis.workspace)), len(on_map.results))
    measures = of(not on_map.results_of(one) for one in basis.active)
    both = Count(goals.numerator + measures.numerator, goals.n + measures.n)
    beside = (Figure("goals that nothing measures", goals),
              Figure("measures without a goal", measures))  # fmt: skip
    return Answer(both, beside)
