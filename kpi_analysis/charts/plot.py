"""A picture on its axes: the bands, lines and marks that every size is made of."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from kpi_analysis.charts.frame import confirmed, is_far
from kpi_analysis.charts.scales import Across, Upwards
from kpi_analysis.charts.scene import Box, Line, Mark, Spot
from kpi_analysis.charts.theme import Pen, Shape
from kpi_analysis.review.picture import Picture, Tone

_SHAPES = {
    Tone.CONCERN: Shape.CONCERN,
    Tone.IMPROVEMENT: Shape.IMPROVEMENT,
    Tone.CHANGE: Shape.CHANGE,
    None: Shape.POINT,
}
# radius by the px from point to point: factor, least, most
_RADII = {
    Shape.POINT: (0.29, 1.3, 3.0),
    Shape.CONCERN: (0.5, 3.2, 5.4),
    Shape.IMPROVEMENT: (0.42, 2.6, 4.0),
    Shape.CHANGE: (0.42, 2.6, 4.0),
    Shape.RANGE_POINT: (0.15, 0.9, 1.7),
    Shape.JUMP: (0.42, 2.6, 4.0),
}
_LEAST_LATEST = 2.4  # px, the radius of the latest value's dot
_CROWDED = 4.5  # px from point to point below which ordinary points have no dot


@dataclass(frozen=True)
class Plot:
    """A picture on its axes."""

    picture: Picture
    across: Across
    upwards: Upwards

    def bands(self) -> Iterator[Box]:
        """Give the band of each segment with limits; a proposal has none."""
        for s in confirmed(self.picture):
            if s.lower is not None and s.upper is not None:
                left, right = self.across.edges(s.first, s.last)
                yield Box(left, self.upwards.at(s.upper), right, self.upwards.at(s.lower))

    def limits(self) -> Iterator[Line]:
        """Give limits and centres: dashed where provisional or only proposed."""
        for s in self.picture.segments:
            unsure = s.proposed or bool(s.provisional)
            limit = Pen.LIMIT_UNSURE if unsure else Pen.LIMIT
            centre = Pen.CENTRE_UNSURE if unsure else Pen.CENTRE
            for value, pen in ((s.upper, limit), (s.centre, centre), (s.lower, limit)):
                yield from self.level(pen, s.first, s.last, value)

    def range_limits(self) -> Iterator[Line]:
        """Give the upper limits and averages of the moving ranges."""
        for s in confirmed(self.picture):
            limit = Pen.LIMIT_UNSURE if s.provisional else Pen.LIMIT
            centre = Pen.CENTRE_UNSURE if s.provisional else Pen.CENTRE
            yield from self.level(limit, s.first, s.last, s.range_upper)
            yield from self.level(centre, s.first, s.last, s.range_centre)

    def targets(self) -> Iterator[Line]:
        """Give the targets that are near enough to be drawn."""
        for target in self.picture.targets:
            if not is_far(self.picture, target):
                yield from self.level(Pen.TARGET, target.first, target.last, target.value)

    def level(self, pen: Pen, first: int, last: int, value: float | None) -> Iterator[Line]:
        """Give a level line over points `first` to `last`, where there is a value."""
        if value is not None:
            y = self.upwards.at(value)
            left, right = self.across.edges(first, last)
            yield Line(pen, ((left, y), (right, y)))

    def runs(self, pen: Pen) -> Iterator[Line]:
        """Give the line of values or moving ranges, broken at gaps and where a segment begins."""
        starts = {s.first for s in confirmed(self.picture)}
        run: list[Spot] = []
        for i, point in enumerate(self.picture.points):
            value = point.value if pen is Pen.VALUE else point.moving_range
            if run and (value is None or i in starts):
                yield Line(pen, tuple(run))
                run = []
            if value is not None:
                run.append((self.across.at(i), self.upwards.at(value)))
        if run:
            yield Line(pen, tuple(run))

    def marks(self, shown: Container[int]) -> Iterator[Mark]:
        """Give the marks of the points in `shown`."""
        latest = self.latest
        for i, point in enumerate(self.picture.points):
            if i in shown and point.value is not None:
                shape = _SHAPES[point.tone]
                radius = max(self.radius(shape), _LEAST_LATEST if i == latest else 0)
                yield Mark(shape, self.across.at(i), self.upwards.at(point.value), radius)

    def range_marks(self) -> Iterator[Mark]:
        """Give the marks of the moving ranges: of jumps only, where dots would crowd."""
        for i, point in enumerate(self.picture.points):
            if point.moving_range is not None and (point.jump or not self.crowded):
                shape = Shape.JUMP if point.jump else Shape.RANGE_POINT
                y = self.upwards.at(point.moving_range)
                yield Mark(shape, self.across.at(i), y, self.radius(shape))

    def dotted(self) -> Container[int]:
        """Give the points with a mark: all, or where they crowd those that would go unseen."""
        return self.seen if self.crowded else range(len(self.picture.points))

    @property
    def seen(self) -> set[int]:
        """The points that need a mark to be seen: signals, the latest, and those between gaps."""
        alone = {run.spots[0][0] for run in self.runs(Pen.VALUE) if len(run.spots) == 1}
        points = range(len(self.picture.points))
        return self.toned | {i for i in points if self.across.at(i) in alone}

    @property
    def toned(self) -> set[int]:
        """The points of signals, and the latest."""
        latest = self.latest
        return {i for i, p in enumerate(self.picture.points) if p.tone or i == latest}

    @property
    def latest(self) -> int | None:
        """The position of the latest value."""
        known = (i for i, p in enumerate(self.picture.points) if p.value is not None)
        return max(known, default=None)

    @property
    def crowded(self) -> bool:
        """Whether ordinary points stand too close for dots."""
        return self.across.step < _CROWDED

    def radius(self, shape: Shape) -> float:
        """Give the radius of a mark, in px: smaller where points stand closer."""
        factor, least, most = _RADII[shape]
        return round(min(max(factor * self.across.step, least), most), 1)
