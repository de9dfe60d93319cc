"""The explorer's other charts: season panel, dots over the scale, waterfall of restatements."""

from __future__ import annotations

from collections.abc import Sequence

from kpi_analysis.charts.scales import Upwards, span, tick_numbers, ticks
from kpi_analysis.charts.scene import Anchor, Box, Format, Line, Mark, Scene, Text, clip, plain
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape, text_width
from kpi_analysis.review.panels import Dots, Season, SeasonPanel, Waterfall

WIDTH = 720.0
_TOP, _HEIGHT = 32.0, 210.0
_RIGHT = 96.0  # px of the words beside the plot
_AIR = 9.0  # px between the outermost values and the plot's edges


def season_panel(panel: SeasonPanel) -> Scene:
    """Draw a column for each part of the cycle: its values in time order, and their average."""
    values = [value for season in panel.seasons for _, value in season.values]
    axis, marks, texts = _upwards([*values, panel.centre], panel.decimals)
    left, right = _left(marks), WIDTH - _RIGHT
    slot = (right - left) / max(len(panel.seasons), 1)
    lines = [
        Line(Pen.CENTRE_UNSURE, ((left, axis.at(panel.centre)), (right, axis.at(panel.centre))))
    ]
    dots: list[Mark] = []
    for n, season in enumerate(panel.seasons):
        middle = left + slot * (n + 0.5)
        lines += _season_lines(season, axis, middle, slot)
        dots += [Mark(Shape.POINT, x, y, 2.2) for x, y in _spots(season, axis, middle, slot)]
        name = clip(season.name, Role.AXIS, slot - 2)
        texts.append(Text(Role.AXIS, Ink.SOFT, middle, axis.bottom + 16, name, Anchor.MIDDLE))
    write = tick_numbers((panel.centre, panel.centre + 10.0**-panel.decimals)).write
    texts += _beside(right, axis.at(panel.centre), write(panel.centre), "average")
    return _scene(panel.title, panel.alt, axis.bottom + 26, lines, dots, texts)


def _spots(season: Season, axis: Upwards, middle: float, slot: float) -> list[tuple[float, float]]:
    count = len(season.values)
    step = slot * 0.62 / max(count - 1, 1)
    start = middle - step * (count - 1) / 2
    return [(start + step * n, axis.at(value)) for n, (_, value) in enumerate(season.values)]


def _season_lines(season: Season, axis: Upwards, middle: float, slot: float) -> list[Line]:
    lines = [Line(Pen.RANGE, tuple(_spots(season, axis, middle, slot)))]
    if season.mean is not None:
        y = axis.at(season.mean)
        lines.append(Line(Pen.VALUE, ((middle - slot * 0.4, y), (middle + slot * 0.4, y))))
    return lines


def dots(panel: Dots) -> Scene:
    """Draw every value as a dot over the scale; those that are alike stand on each other."""
    values = (*panel.values, panel.centre, *([] if panel.target is None else [panel.target]))
    low, high = span(values, 10.0**-panel.decimals)
    across = Upwards(low, high, 16.0, WIDTH - 16.0)  # the same arithmetic, laid on its side
    heaps: dict[int, int] = {}
    marks, lines, texts = [], [], []
    counts = [int((value - panel.low) // panel.width) for value in panel.values]
    tallest = max((counts.count(one) for one in counts), default=1)
    pitch = min(9.0, (_HEIGHT - 30) / tallest)
    base = _TOP + 24 + pitch * tallest
    for place in sorted(counts):
        heaps[place] = heaps.get(place, 0) + 1
        x = across.at(panel.low + (place + 0.5) * panel.width)
        marks.append(
            Mark(Shape.POINT, x, base - pitch * (heaps[place] - 0.5), min(3.4, pitch / 2.2))
        )
    for value, pen, words in (
        (panel.centre, Pen.CENTRE, "average"),
        (panel.target, Pen.TARGET, f"target {panel.target_text}"),
    ):
        if value is not None:
            x = across.at(value)
            lines.append(Line(pen, ((x, _TOP + 6), (x, base + 3))))
            texts.append(_held(Text(Role.MARK, Ink.SOFT, x, _TOP, words, Anchor.MIDDLE)))
    lines.append(Line(Pen.HAIR, ((16.0, base + 3), (WIDTH - 16.0, base + 3))))
    scale = ticks(across, from_zero=False, least=10.0**-panel.decimals)
    write = tick_numbers(scale).write
    texts += [
        Text(Role.AXIS, Ink.SOFT, across.at(one), base + 18, write(one), Anchor.MIDDLE)
        for one in scale
    ]
    return _scene(panel.title, panel.alt, base + 26, lines, marks, _apart(texts))


def _held(text: Text) -> Text:
    """Keep words inside the drawing."""
    half = text_width(text.text, text.role) / 2
    return Text(text.role, text.ink, min(max(text.x, half), WIDTH - half), text.y, text.text,
                text.anchor)  # fmt: skip


def _apart(texts: Sequence[Text]) -> list[Text]:
    """Leave out a word that meets one before it."""
    kept: list[Text] = []
    for text in texts:
        if not any(text.box.meets(other.box) for other in kept):
            kept.append(text)
    return kept


def waterfall(panel: Waterfall) -> Scene:
    """Draw the way from one average to another, a column a step."""
    levels = [level for step in panel.steps for level in (step.start, step.end)]
    totals = [step.end for step in panel.steps if step.total]
    axis, marks, texts = _upwards([*levels, *totals], panel.decimals)
    left, slot = _left(marks), (WIDTH - _left(marks)) / max(len(panel.steps), 1)
    bands, lines = [], []
    for n, step in enumerate(panel.steps):
        start, end = left + slot * (n + 0.16), left + slot * (n + 0.84)
        foot, head = axis.at(step.start), axis.at(step.end)
        if not step.total:  # no bar for these: the axis does not begin at 0
            bands.append(Box(start, min(foot, head), end, max(foot, head)))
        lines.append(Line(Pen.VALUE, ((start, head), (end, head))))
        if n + 1 < len(panel.steps):
            lines.append(Line(Pen.DROP, ((end, head), (end + slot * 0.32, head))))
        middle = (start + end) / 2
        above = clip(step.text, Role.NUMBER, slot - 2)
        top = min(foot, head) - 6
        texts.append(Text(Role.NUMBER, Ink.INK, middle, top, above, Anchor.MIDDLE))
        name = clip(step.name, Role.AXIS, slot - 2)
        texts.append(Text(Role.AXIS, Ink.SOFT, middle, axis.bottom + 16, name, Anchor.MIDDLE))
    return _scene(panel.title, panel.alt, axis.bottom + 26, lines, [], texts, bands)


def _upwards(
    values: Sequence[float], decimals: int
) -> tuple[Upwards, tuple[float, ...], list[Text]]:
    """Give the axis of values, its ticks and their words."""
    least = 10.0**-decimals
    low, high = span(values, least)
    inner = Upwards(low, high, _TOP + _HEIGHT - _AIR, _TOP + _AIR + 12)
    axis = Upwards(inner.value(_TOP + _HEIGHT), inner.value(_TOP), _TOP + _HEIGHT, _TOP)
    marks = ticks(axis, from_zero=low >= 0, least=least)
    write = tick_numbers(marks).write
    edge = _left(marks) - 6
    words = [Text(Role.AXIS, Ink.SOFT, edge, axis.at(m) + 4, write(m), Anchor.END) for m in marks]
    return axis, marks, words


def _left(marks: Sequence[float]) -> float:
    write = tick_numbers(marks).write
    return 12 + max((text_width(write(mark), Role.AXIS) for mark in marks), default=0.0)


def _beside(right: float, y: float, number: str, word: str) -> list[Text]:
    return [
        Text(Role.NUMBER, Ink.INK, right + 8, y + 4, number),
        Text(Role.WORD, Ink.SOFT, right + 14 + text_width(number, Role.NUMBER), y + 4, word),
    ]


def _scene(
    title: str,
    alt: str,
    height: float,
    lines: Sequence[Line],
    marks: Sequence[Mark],
    texts: Sequence[Text],
    bands: Sequence[Box] = (),
) -> Scene:
    heading = Text(Role.TITLE, Ink.INK, 0, 13, clip(plain(title), Role.TITLE, WIDTH))
    return Scene(
        format=Format.ONE,
        width=WIDTH,
        height=round(height),
        alt=plain(alt),
        bands=tuple(bands),
        lines=tuple(lines),
        marks=tuple(marks),
        texts=(heading, *(text for text in texts if text.text)),
    )
