"""The last points of a picture, for the sizes that have no room for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from kpi_analysis.review.picture import Episode, Picture, Segment, TargetLine

_Stretch = TypeVar("_Stretch", Segment, Episode, TargetLine)


def last(picture: Picture, count: int) -> Picture:
    """Give a picture's last `count` points: stretches cut off, earlier notes left out."""
    skip = max(0, len(picture.points) - count)
    if not skip:
        return picture
    return replace(
        picture,
        points=picture.points[skip:],
        segments=_cut(picture.segments, skip),
        episodes=_cut(picture.episodes, skip),
        targets=_cut(picture.targets, skip),
        notes=tuple(
            replace(note, position=note.position - skip)
            for note in picture.notes
            if note.position >= skip
        ),
    )


def _cut(stretches: Iterable[_Stretch], skip: int) -> tuple[_Stretch, ...]:
    return tuple(
        replace(stretch, first=max(0, stretch.first - skip), last=stretch.last - skip)
        for stretch in stretches
        if stretch.last >= skip
    )
