"""Weaknesses: rarely acted upon, wrong behaviours, inaccurate data, not our work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from kpi_analysis.definitions.measures import Audience, MapLevel
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import NOT_RECORDED, Answer, Count, Figure, of
from kpi_analysis.review.health_facts import Chart
from kpi_analysis.review.health_waits import in_time
from kpi_analysis.review.notch import beside_target
from kpi_analysis.review.picture import Tone
from kpi_analysis.signals.bunching import Bunching

FEWEST_REACTIONS = 5
"""Fewer reactions are not shown: they would show who said what."""


def answered_in_time(basis: Basis) -> Answer:
    """W1: responses to signals of concern that fell due, and those recorded within their days."""
    found = in_time(basis.reds, basis.day)
    missed = [one for chart in basis.charts for one in chart.always_missed]
    always = Figure("targets always missed, with an action open", of(missed))
    return Answer(found.count, (*found.beside, always) if missed else found.beside)


def guarded(basis: Basis) -> Answer:
    """W2: measures with a side effect and a guard; trades and heaps at targets beside it."""
    guarded_ones = [one.could_cause and one.guards for one in basis.active]
    with_guard = (one.is_traded for one in basis.charts if one.is_traded is not None)
    beside = (
        Figure("charts with a guard that get better while a guard gets worse", of(with_guard)),
        favourable(basis),
        notches(basis),
    )  # fmt: skip
    return Answer(of(guarded_ones), beside)


def favourable(basis: Basis) -> Figure:
    """Count the restated values that changed for the better and have no note."""
    about = "restated values that changed for the better without a note"
    if not basis.has("published"):
        return Figure(about, NOT_RECORDED)
    changed = basis.restated
    return Figure(about, of(one.tone is Tone.IMPROVEMENT and not one.note for one in changed))


def notches(basis: Basis) -> Figure:
    """Count the measures with a heap just on the good side of their target: a question each."""
    asked = [
        found.is_notable
        for charts in _same_measure(basis)
        if (found := _beside_target(charts)) and found.can_tell
    ]
    about = "measures with more values just on the good side of the target than elsewhere"
    return Figure(about, of(asked) if asked else "too few values to ask")


def _same_measure(basis: Basis) -> Iterator[Sequence[Chart]]:
    together: dict[str, list[Chart]] = {}
    for one in basis.charts:
        together.setdefault(one.measure.id, []).append(one)
    yield from together.values()


def _beside_target(charts: Sequence[Chart]) -> Bunching | None:
    first, values = charts[0], np.concatenate([one.values for one in charts])
    return beside_target(first.measure, first.period.end, values)


def read(basis: Basis) -> Answer:
    """W3: periods of all series, and those with a value that could be read."""
    faults = sum(one.faults for one in basis.charts)
    late = of(one.is_late for one in basis.charts)
    beside = (
        Figure("faults in the files", f"{faults}"),
        Figure("charts whose value of this period is late", late),
        *_restatements(basis),
    )
    periods = Count(
        sum(one.valued for one in basis.charts), sum(one.periods for one in basis.charts)
    )
    return Answer(periods, beside)


def _restatements(basis: Basis) -> Iterator[Figure]:
    if not basis.has("published"):
        yield Figure("published values that were restated", NOT_RECORDED)
        return
    changed, compared = basis.restated, sum(one.compared for one in basis.charts)
    yield Figure("published values that were restated", Count(len(changed), compared))
    sizes = [100 * abs(one.now - one.published) / abs(one.published) for one in changed
             if one.published]  # fmt: skip
    if sizes:
        yield Figure("median size of a restatement", f"{median(sizes):.1f} % of what was published")


def reflects(basis: Basis) -> Answer:
    """W4: reactions, and those that say yes; measures from above on a team's board."""
    words = [row["reflects_our_work"] for row in basis.log("reactions", "date")]
    told = [
        Figure(f"say {word}", Count(words.count(word), len(words))) for word in ("partly", "no")
    ]
    levels = [one.measure.level for one in basis.charts if one.measure.level]
    above = Figure("charts of a level above the team on its board",
                   of(one is not MapLevel.TEAM for one in levels))  # fmt: skip
    return Answer(of(one == "yes" for one in words), (*told, above) if levels else tuple(told))


def unexplained_limits(basis: Basis) -> Count | None:
    """Count the recorded limit changes without a reason; None where none are kept.

    The reader of the log leaves such a row out and reports its empty cell.
    """
    if not basis.has("limit_changes"):
        return None
    own = {one.id for one in basis.workspace.measures.values() if one.audience is Audience.TEAM}
    rows = [
        row
        for row in rows_of(basis.workspace.limit_changes.rows)
        if row["measure"] not in own and row["from"] and row["from"] <= basis.day
    ]
    without = sum(
        one.file == "limit_changes.csv" and one.field == "reason"
        for one in basis.workspace.findings
    )
    return Count(without, len(rows) + without)
