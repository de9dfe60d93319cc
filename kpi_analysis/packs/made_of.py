"""What each chart of a pack was made of, short enough to be compared by eye."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version

from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.version import VERSION

_COLUMNS = ("period", "value", "numerator", "denominator")


@dataclass(frozen=True)
class Made:
    """One measure: its rule set, the values that set its limits, and a digest of its figures.

    `figures` are 8 hexadecimal digits of the values up to the review, as they were read: where
    they are the same, so are the values.
    """

    name: str
    version: str
    rules: str
    setting: int
    figures: str


def made_of(reviews: Iterable[MeasureReview]) -> tuple[Made, ...]:
    """Say of each measure what its chart was made of."""
    return tuple(
        Made(
            one.name,
            str(one.measure.version or "not numbered"),
            one.series.rules,
            one.setting,
            _digest(one),
        )
        for one in reviews
    )


def _digest(one: MeasureReview) -> str:
    digest = blake2b(digest_size=4)
    for row in zip(*(one.series.rows[name].tolist() for name in _COLUMNS), strict=True):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def software() -> str:
    """Name the versions that worked the figures out and wrote the page."""
    names = [f"{name} {version(name)}" for name in ("numpy", "pandas", "nbconvert")]
    python = ".".join(map(str, sys.version_info[:3]))
    return ", ".join([f"kpi-analysis {VERSION}", f"Python {python}", *names])
