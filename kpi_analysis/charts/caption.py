"""Sentences beneath a drawing, as part of it: a picture that is passed on keeps its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi_analysis.charts.scene import Scene, Text, clip, plain
from kpi_analysis.charts.theme import FONTS, Ink, Role, text_width

_ABOVE = 18.0  # px between the drawing and its first sentence
_BETWEEN = 6.0  # px between two sentences
_LEADING = 1.4  # from line to line, in sizes of the type


def captioned(scene: Scene, sentences: Sequence[str]) -> Scene:
    """Give a drawing with sentences beneath it, wrapped to its width; the first is set bold."""
    texts: list[Text] = []
    y = scene.height + _ABOVE
    for n, sentence in enumerate(sentences):
        role, ink = (Role.WORD, Ink.SOFT) if n else (Role.TITLE, Ink.INK)
        size = FONTS[role].size
        for row in wrapped(sentence, role, scene.width):
            texts.append(Text(role, ink, 0, round(y + 0.8 * size, 1), row))
            y += _LEADING * size
        y += _BETWEEN
    height = round(y) if sentences else scene.height
    return replace(scene, height=height, texts=(*scene.texts, *texts))


def wrapped(text: str, role: Role, room: float) -> tuple[str, ...]:
    """Give `text` in as many rows of `room` px as it takes; a word wider than that is clipped."""
    rows: list[str] = []
    for word in plain(text).split(" "):
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, role) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return tuple(clip(row, role, room) for row in rows)
