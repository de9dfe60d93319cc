"""Values that differ from what was published: each with its note, or with none.

A restatement may be a plain correction or late returns; the page asks which. A note is a row of
events.csv about the measure that speaks of a restatement and names the period ("2024-10" or
"October 2024").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kpi_analysis.periods import Period
from kpi_analysis.review.measure_review import MeasureReview, tone_of
from kpi_analysis.review.picture import Tone

ROUNDING = 1e-9  # relative: a difference that writing the number down makes is none


@dataclass(frozen=True)
class Restatement:
    """One value that changed since it was published, in the unit of its measure."""

    period: Period
    published: float
    now: float
    tone: Tone  # the direction of the change: for the better, for the worse, or neither
    note: str  # what people wrote about it; empty where nobody did


def restatements(review: MeasureReview, published: Mapping[str, float]) -> tuple[Restatement, ...]:
    """Compare a series with what was published last of each of its periods.

    `published` maps a period's text to the value published last. Differences within the
    definition's restatement_tolerance (in the measure's unit) count as none.
    """
    tolerance = review.measure.data.restatement_tolerance or 0.0
    values = zip(review.points["period"], review.points["value"], strict=True)
    found = []
    for text, now in values:
        before = published.get(str(text))
        if before is None or np.isnan(now):
            continue
        if abs(now - before) > max(tolerance, ROUNDING * abs(before)):
            period = Period.parse(str(text), review.period.frequency)
            tone = tone_of(1 if now > before else -1, review.measure.better)
            found.append(Restatement(period, before, float(now), tone, _note(review, period)))
    return tuple(found)


def _note(review: MeasureReview, period: Period) -> str:
    names = (str(period), period.label)
    for event in review.events:
        text: str = event["what"]
        if "restate" in text.lower() and any(name in text for name in names):
            return text
    return ""
