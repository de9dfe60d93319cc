"""Several drawings as one: beneath each other, or side by side in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from kpi_analysis.charts.scene import Box, Line, Mark, Scene, Text

_GAP = 24.0  # px between two drawings


def stack(scenes: Sequence[Scene]) -> Scene:
    """Give scenes as one, each beneath the one before it."""
    tops = accumulate((one.height + _GAP for one in scenes), initial=0.0)
    moved = [shifted(one, 0.0, top) for one, top in zip(scenes, tops, strict=False)]
    return joined(moved)


def joined(scenes: Sequence[Scene]) -> Scene:
    """Give scenes that are where they belong as one; it is as large as it must be."""
    return replace(
        scenes[0],
        width=max(one.width for one in scenes),
        height=max(one.height for one in scenes),
        alt=" ".join(one.alt for one in scenes if one.alt),
        bands=tuple(band for one in scenes for band in one.bands),
        lines=tuple(line for one in scenes for line in one.lines),
        marks=tuple(mark for one in scenes for mark in one.marks),
        texts=tuple(text for one in scenes for text in one.texts),
    )


def shifted(scene: Scene, right: float, down: float) -> Scene:
    """Give a scene moved by px; width and height reach to its far edges."""
    return replace(
        scene,
        width=scene.width + right,
        height=scene.height + down,
        bands=tuple(_band(band, right, down) for band in scene.bands),
        lines=tuple(_line(line, right, down) for line in scene.lines),
        marks=tuple(_mark(mark, right, down) for mark in scene.marks),
        texts=tuple(_text(text, right, down) for text in scene.texts),
    )


def _band(band: Box, right: float, down: float) -> Box:
    return Box(band.left + right, band.top + down, band.right + right, band.bottom + down)


def _line(line: Line, right: float, down: float) -> Line:
    return replace(line, spots=tuple((x + right, y + down) for x, y in line.spots))


def _mark(mark: Mark, right: float, down: float) -> Mark:
    return replace(mark, x=mark.x + right, y=mark.y + down)


def _text(text: Text, right: float, down: float) -> Text:
    return replace(text, x=text.x + right, y=text.y + down)
