"""What collecting a measure takes in a year, as its definition estimates it."""

from __future__ import annotations

from kpi_analysis.periods import Frequency, Unit
from kpi_analysis.review.measure_review import MeasureReview

PERIODS_A_YEAR: dict[Unit, int] = {
    Frequency.DAY: 365,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
}


def hours_a_year(review: MeasureReview) -> float | None:
    """Give the hours a year that collecting a measure takes; None where not recorded."""
    minutes = review.measure.data.minutes_per_period
    periods = PERIODS_A_YEAR.get(review.period.frequency)
    return None if minutes is None or periods is None else minutes * periods / 60
