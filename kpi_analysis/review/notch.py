"""More values just on the good side of a target than just short of it: a question, in words.

Never an accusation: the same is asked of other thresholds first, and innocent explanations are
part of the question. Values of several teams may be asked together, but those of a measure that is
the teams' own.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from kpi_analysis.definitions.measures import Better, Measure
from kpi_analysis.review import wording
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.signals.bunching import LEAST_VALUES, Bunching, bunching
from kpi_analysis.signals.layout import Floats

QUESTION = (
    "A question, not a verdict: does the effort end at the target, are cases near it decided"
    " twice, is a value rounded, or is it chance?"
)


def own_values(one: MeasureReview) -> Floats:
    """Give the team's values from the day on which the target held, up to the review.

    Left out: those of fewer cases than are disclosed.
    """
    start = one.target.start if one.target else None
    values: Floats = one.series.rows["value"].to_numpy()
    if start is not None:
        first = one.period.containing(start, one.period.frequency)
        periods = max(0, one.period.ordinal - first.ordinal + 1)
        values = values[max(0, len(values) - periods) :]
    return values[~np.isnan(values)]


def beside_target(measure: Measure, day: date, pooled: ArrayLike) -> Bunching | None:
    """Compare both sides of the target in force on a day; None without one or a better side."""
    target, better = measure.target_on(day), measure.better
    if target is None or better not in (Better.HIGHER, Better.LOWER):
        return None
    return bunching(pooled, target.value, better.value)


def beside_words(found: Bunching, decimals: int) -> str:
    """Say what stands on both sides, and how many placebos show as much."""
    width = wording.number(found.width, max(decimals, 1))
    beside = (
        f"Beside the target: {found.good} just on the good side, {found.short} just short "
        f"(within {width})"
    )
    if not found.can_tell:
        return f"{beside}: too few to ask, {LEAST_VALUES} values or more are needed."
    placebos = f"{found.as_strong} of {found.placebos} other thresholds show as much"
    return f"{beside}; {placebos}{'.' if found.is_notable else ': nothing out of the ordinary.'}"
