"""Series made for the classroom: chance about a level that changes only where we say so.

The noise is that of the demo organisation (records/starter/chance.py): the same on every
machine. What is planted is known, so that a checker can say what was true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.periods import Period
from kpi_analysis.records.starter.chance import Chance
from kpi_analysis.review.judging import judge, patterns_of
from kpi_analysis.review.measure_review import Figures, MeasureReview, Recorded, Series, Signals
from kpi_analysis.review.organisation import NO_CHANGES
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.wording import number
from kpi_analysis.signals.detect import detect

RULES, BASELINE = "wheeler", 24


@dataclass(frozen=True)
class Planted:
    """A series of the classroom: level and spread of its noise, and where the level moves.

    `moves` holds (position from 0, by how much): from there on, all values lie that much
    higher. `bumps` does the same for one position alone. `seed` picks the noise.
    """

    name: str
    better: str
    level: float
    spread: float
    seed: int
    unit: str = "%"
    target: float | None = None
    moves: tuple[tuple[int, float], ...] = ()
    bumps: tuple[tuple[int, float], ...] = ()
    count: int = 24
    first: str = "2023-04"
    decimals: int = 1

    @property
    def values(self) -> tuple[float, ...]:
        """The values, rounded as they are shown."""
        chance = Chance(self.name, self.seed)
        noise = [chance.near(0.0, self.spread) for _ in range(self.count)]
        return tuple(
            round(self.level + one + self._planted(n), self.decimals) for n, one in enumerate(noise)
        )

    def _planted(self, position: int) -> float:
        moved = sum(by for start, by in self.moves if position >= start)
        return moved + sum(by for at, by in self.bumps if at == position)

    @property
    def periods(self) -> list[Period]:
        """The period of each value."""
        first = Period.parse(self.first)
        return Period.span(first, first.shift(self.count - 1))

    @property
    def caption(self) -> str:
        """Which way is better, for beside the chart that has the name."""
        return f"{self.better} is better"


def review(planted: Planted) -> MeasureReview:
    """Judge a planted series as any other."""
    return review_of(_measure(planted), planted.periods, planted.values)


def review_of(
    measure: Measure, periods: Sequence[Period], values: Sequence[float]
) -> MeasureReview:
    """Judge values that stand in no workspace; limits come from the first 24."""
    rows = pd.DataFrame(
        {
            "team": "class",
            "measure": measure.id,
            "period": [str(one) for one in periods],
            "value": values,
            "numerator": np.nan,
            "denominator": np.nan,
            "segment": 0,
        }
    )
    points = detect(rows, by=(), rules=RULES, baseline=BASELINE)
    series = Series("class", measure, periods[-1], rows, (), NO_CHANGES, RULES, BASELINE)
    found = patterns_of(points, RULES, measure.better)
    return judge(series, Signals(points, Figures.of(points), found, None), Recorded(None, None))


def _measure(planted: Planted) -> Measure:
    fields: dict[str, object] = {
        "id": "class",
        "status": "draft",
        "name": planted.name,
        "result": planted.name,
        "unit": planted.unit,
        "better": planted.better,
        "decimals": planted.decimals,
    }
    if planted.target is not None:
        fields["target"] = {"value": planted.target, "applies_to": "each value"}
    return Measure.model_validate(fields)


def unread(picture: Picture) -> Picture:
    """Give a picture that leaves the reading to the learner: no words, no coloured marks."""
    points = tuple(replace(one, tone=None, jump=False) for one in picture.points)
    return replace(picture, points=points, episodes=(), latest_tone=None, alt=_bare(picture))


def _bare(picture: Picture) -> str:
    """Say what stands in the chart without saying what it means: values, average, limits."""
    places = picture.decimals
    values = [f"{one.period} {_or_gap(one.value, places)}" for one in picture.points]
    parts = [f"XmR chart of {picture.title}: {', '.join(values)}."]
    segment = picture.segments[-1]
    if segment.centre is not None and segment.lower is not None and segment.upper is not None:
        low, high = number(segment.lower, places), number(segment.upper, places)
        parts.append(f"Average {number(segment.centre, places)}, limits {low} to {high}.")
    parts += [f"Target {one.text}." for one in picture.targets[-1:]]
    return " ".join(parts)


def _or_gap(value: float | None, places: int) -> str:
    return "no value" if value is None else number(value, places)
