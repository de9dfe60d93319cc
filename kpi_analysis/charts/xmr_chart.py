"""The XmR chart in three sizes: it looks up what a picture says and lays it out; no judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpi_analysis.charts.axis import period_ticks
from kpi_analysis.charts.frame import (
    INKS,
    PHONE,
    TITLE_ROW,
    WIDE,
    Frame,
    confirmed,
    frame,
    is_above,
    is_far,
    value_span,
)
from kpi_analysis.charts.gutter import gutter
from kpi_analysis.charts.lanes import PITCH
from kpi_analysis.charts.scales import Across, Upwards, tick_numbers
from kpi_analysis.charts.scene import (
    Anchor,
    Box,
    Format,
    Line,
    Mark,
    Scene,
    Spot,
    Text,
    clip,
    plain,
)
from kpi_analysis.charts.theme import Ink, Pen, Role, Shape, text_width
from kpi_analysis.charts.window import last
from kpi_analysis.charts.words import Ground, Place, choose, ground
from kpi_analysis.review.picture import Episode, Picture, Segment, Tone

_FEW = 24  # points on a phone and on the board
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_PAD = 220.0, 48.0, 5.0
_WORDS_MOST = 20.0  # words of signals may cross four lines to be said at all
_EXTRAS_MOST = 4.0
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


def wide(picture: Picture) -> Scene:
    """Give the chart for pages and screens, 720 px wide: all points."""
    return _chart(frame(picture, WIDE))


def phone(picture: Picture) -> Scene:
    """Give the chart for phones, 336 px wide: the last 24 points in the same type."""
    return _chart(frame(last(picture, _FEW), PHONE))


def spark(picture: Picture) -> Scene:
    """Give the chart of a board row, 220 x 48 px: the last 24 points and no text."""
    picture = last(picture, _FEW)
    across = Across(0, _SPARK_WIDTH, len(picture.points))
    low, high = value_span(picture)
    axis = Upwards(low, high, _SPARK_HEIGHT - _SPARK_PAD, _SPARK_PAD)
    lines = (
        *(line for line in _limits(picture, across, axis) if line.pen not in _SPARK_WITHOUT),
        *_targets(picture, across, axis),
        *_runs(picture, across, axis, Pen.VALUE),
    )
    latest = _latest(picture)
    shown = {i for i, point in enumerate(picture.points) if point.tone or i == latest}
    return Scene(
        format=Format.SPARK,
        width=_SPARK_WIDTH,
        height=_SPARK_HEIGHT,
        alt=plain(picture.alt),
        bands=tuple(_bands(picture, across, axis)),
        lines=lines,
        marks=tuple(_points(picture, across, axis, shown)),
        texts=(),
    )


_SPARK_WITHOUT = (Pen.LIMIT, Pen.LIMIT_UNSURE)


def _chart(f: Frame) -> Scene:
    picture, across, axis = f.picture, f.across, f.values
    poles, note_marks, note_texts = _notes(f)
    labels, leaders = gutter(f.labels, f.columns, axis)
    runs = tuple(_runs(picture, across, axis, Pen.VALUE))
    lines = (*_limits(picture, across, axis), *_targets(picture, across, axis), *poles, *runs)
    points = tuple(_points(picture, across, axis, _dotted(picture, across, runs)))
    inside = _inside(f, ground(lines, points))
    range_lines, range_marks, range_texts = _range_part(f)
    axis_lines, axis_texts = _period_axis(f)
    return Scene(
        format=f.size.format,
        width=f.size.width,
        height=round(f.base + 36),
        alt=plain(picture.alt),
        bands=tuple(_bands(picture, across, axis)),
        lines=(*leaders, *axis_lines, *lines, *range_lines),
        marks=(*points, *note_marks, *range_marks),
        texts=(
            *_heading(f),
            *note_texts,
            *inside,
            *labels,
            *_value_axis(f),
            *range_texts,
            *axis_texts,
        ),
    )


def _heading(f: Frame) -> Iterator[Text]:
    for row, title in enumerate(f.titles):
        yield Text(Role.TITLE, Ink.INK, 0, 13 + TITLE_ROW * row, title)
    for row, remark in enumerate(f.remarks, len(f.titles)):
        words = clip(remark, Role.MARK, f.size.width)
        yield Text(Role.MARK, Ink.SOFT, 0, 13 + TITLE_ROW * row, words)


def _value_axis(f: Frame) -> Iterator[Text]:
    numbers = tick_numbers(f.value_ticks)
    x = f.across.left - 6
    for value in reversed(f.value_ticks):
        y = f.values.at(value) + 4
        yield Text(Role.AXIS, Ink.SOFT, x, y, numbers.write(value), Anchor.END)


def _period_axis(f: Frame) -> tuple[list[Line], list[Text]]:
    lines, words, groups = [], [], []
    for tick in period_ticks(f.picture.points, f.across.step):
        x = f.across.at(tick.position)
        lines.append(Line(Pen.HAIR, ((x, f.base + 3), (x, f.base + 7))))
        words.append(Text(Role.AXIS, Ink.SOFT, x, f.base + 18, tick.word, Anchor.MIDDLE))
        if tick.group:
            groups.append(Text(Role.AXIS, Ink.SOFT, x, f.base + 32, tick.group, Anchor.MIDDLE))
    return lines, words + groups


def _bands(picture: Picture, across: Across, axis: Upwards) -> Iterator[Box]:
    for s in confirmed(picture):
        if s.lower is not None and s.upper is not None:
            left, right = across.edges(s.first, s.last)
            yield Box(left, axis.at(s.upper), right, axis.at(s.lower))


def _limits(picture: Picture, across: Across, axis: Upwards) -> Iterator[Line]:
    for s in picture.segments:
        unsure = s.proposed or bool(s.provisional)
        limit = Pen.LIMIT_UNSURE if unsure else Pen.LIMIT
        centre = Pen.CENTRE_UNSURE if unsure else Pen.CENTRE
        for value, pen in ((s.upper, limit), (s.centre, centre), (s.lower, limit)):
            if value is not None:
                yield _level(pen, across.edges(s.first, s.last), axis.at(value))


def _targets(picture: Picture, across: Across, axis: Upwards) -> Iterator[Line]:
    for target in picture.targets:
        if not is_far(picture, target):
            yield _level(Pen.TARGET, across.edges(target.first, target.last), axis.at(target.value))


def _level(pen: Pen, ends: tuple[float, float], y: float) -> Line:
    return Line(pen, ((ends[0], y), (ends[1], y)))


def _runs(picture: Picture, across: Across, axis: Upwards, pen: Pen) -> Iterator[Line]:
    """Give the line of values or moving ranges, broken at gaps and where a segment begins."""
    starts = {s.first for s in confirmed(picture)}
    run: list[Spot] = []
    for i, point in enumerate(picture.points):
        value = point.value if pen is Pen.VALUE else point.moving_range
        if run and (value is None or i in starts):
            yield Line(pen, tuple(run))
            run = []
        if value is not None:
            run.append((across.at(i), axis.at(value)))
    if run:
        yield Line(pen, tuple(run))


def _dotted(picture: Picture, across: Across, runs: Sequence[Line]) -> set[int]:
    """Give the points that get a mark: all, or where they crowd those that would go unseen."""
    if across.step >= _CROWDED:
        return set(range(len(picture.points)))
    alone = {run.spots[0][0] for run in runs if len(run.spots) == 1}
    latest = _latest(picture)
    points = enumerate(picture.points)
    return {i for i, p in points if p.tone or i == latest or across.at(i) in alone}


def _points(picture: Picture, across: Across, axis: Upwards, shown: set[int]) -> Iterator[Mark]:
    latest = _latest(picture)
    for i, point in enumerate(picture.points):
        if i in shown and point.value is not None:
            shape = _SHAPES[point.tone]
            radius = max(_radius(shape, across.step), _LEAST_LATEST if i == latest else 0)
            yield Mark(shape, across.at(i), axis.at(point.value), radius)


def _latest(picture: Picture) -> int | None:
    """Give the position of the latest value."""
    return max((i for i, p in enumerate(picture.points) if p.value is not None), default=None)


def _radius(shape: Shape, step: float) -> float:
    factor, least, most = _RADII[shape]
    return round(min(max(factor * step, least), most), 1)


def _notes(f: Frame) -> tuple[list[Line], list[Mark], list[Text]]:
    lines, marks, texts = [], [], []
    by_x = {f.across.at(i): p.value for i, p in enumerate(f.picture.points)}
    for note in f.notes:
        x, y = note.pole.x, f.values.top - 14 - PITCH * note.lane
        value = by_x[x]
        foot = f.values.bottom if value is None else f.values.at(value) - 7
        head = y - 4 if note.pole.action else y + 3.6
        lines.append(Line(Pen.DROP, ((x, head), (x, foot))))
        marks.append(Mark(Shape.ACTION if note.pole.action else Shape.EVENT, x, y, 3.4))
        texts.append(Text(Role.MARK, Ink.SOFT, note.label_x, y + 4, note.text, note.anchor))
    return lines, marks, [text for text in texts if text.text]


def _inside(f: Frame, on: Ground) -> list[Text]:
    """Give the words inside the plot, the newest signal first to choose its place."""
    within = Box(f.across.left, f.values.top - 2, f.across.right + 4, f.values.bottom + 8)
    if not f.value_ticks:
        middle = (f.values.top + f.values.bottom) / 2
        return [Text(Role.MARK, Ink.SOFT, f.across.left, middle, "no values yet")]
    found: list[Text] = []
    asked = [
        (list(_signal_places(f, e, within)), _WORDS_MOST) for e in reversed(f.picture.episodes)
    ]
    segments = tuple(confirmed(f.picture))
    asked += [(list(_unsure_places(f, s)), _WORDS_MOST) for s in segments if s.provisional]
    if f.size is WIDE:
        asked += [(list(_centre_places(f, s)), _EXTRAS_MOST) for s in segments[:-1]]
    for places, most in asked:
        text = choose(places, on, within, [other.box for other in found], most)
        found += [text] if text else []
    return sorted(found, key=lambda text: text.box.left)


def _signal_places(f: Frame, episode: Episode, within: Box) -> Iterator[Place]:
    """Offer places above and below the extreme and the middle point of an episode."""
    spots = [
        (f.across.at(i), f.values.at(p.value))
        for i, p in enumerate(f.picture.points)
        if episode.first <= i <= episode.last and p.value is not None
    ]
    if not spots:
        return
    up = is_above(f.picture, episode)
    extreme = min(spots, key=lambda spot: spot[1] if up else -spot[1])
    words, ink = plain(episode.words), INKS[episode.tone]
    half = text_width(words, Role.NUMBER) / 2
    for (x, y), dearer in ((extreme, 0.0), (spots[len(spots) // 2], 0.8)):
        for above, lift in ((up, 10.0), (up, 24.0), (not up, 10.0)):
            for aside in (0.0, -20.0, 20.0, -45.0, 45.0, -75.0, 75.0):
                at = min(max(x + aside, within.left + half), within.right - half)
                baseline = y - lift if above else y + lift + 9
                cost = dearer + abs(aside) / 30 + (lift - 10) / 20 + 2.0 * (above is not up)
                text = Text(Role.NUMBER, ink, at, baseline, words, Anchor.MIDDLE, halo=True)
                yield Place(text, cost)


def _unsure_places(f: Frame, s: Segment) -> Iterator[Place]:
    """Offer places under, over and inside the band of provisional limits."""
    left, right = f.across.edges(s.first, s.last)
    lower = [(s.lower, rise) for rise in (13.0, 26.0, 40.0, -5.0)]
    for value, rise in (*lower, (s.upper, -5.0), (s.upper, -18.0), (s.upper, 13.0)):
        if value is not None:
            y = f.values.at(value) + rise
            yield from _along(f, plain(s.provisional), left, right, y, abs(rise) / 20)


def _centre_places(f: Frame, s: Segment) -> Iterator[Place]:
    if s.centre is not None:
        left, right = f.across.edges(s.first, s.last)
        for rise in (13.0, -5.0):
            words = f"average {f.numbers.write(s.centre)}"
            yield from _along(f, words, left, right, f.values.at(s.centre) + rise, 0.0)


def _along(
    f: Frame, words: str, left: float, right: float, y: float, cost: float
) -> Iterator[Place]:
    """Offer places at the height `y`, from within a stretch out to the plot's edges."""
    width = text_width(words, Role.MARK)
    low, high = f.across.left, f.across.right - width
    for share in (0.5, 0.25, 0.75, 0.0, 1.0):
        x = min(max(left + 6 + share * (right - left - width - 12), low), high)
        text = Text(Role.MARK, Ink.SOFT, x, y, words, halo=True)
        yield Place(text, cost + abs(share - 0.5))


def _range_part(f: Frame) -> tuple[list[Line], list[Mark], list[Text]]:
    """Give the moving ranges with their limits, title and the words of jumps."""
    if f.ranges is None:
        return [], [], []
    across, axis = f.across, f.ranges
    labels, leaders = gutter(f.range_labels, f.columns, axis)
    lines = [*leaders, *_range_limits(f, axis), *_runs(f.picture, across, axis, Pen.RANGE)]
    marks = [
        Mark(shape, across.at(i), axis.at(p.moving_range), _radius(shape, across.step))
        for i, p in enumerate(f.picture.points)
        if p.moving_range is not None
        for shape in [Shape.JUMP if p.jump else Shape.RANGE_POINT]
        if p.jump or across.step >= _CROWDED
    ]
    zero = Text(Role.AXIS, Ink.SOFT, across.left - 6, axis.bottom + 4, "0", Anchor.END)
    return lines, marks, [*_range_words(f, axis, marks), *labels, zero]


def _range_limits(f: Frame, axis: Upwards) -> Iterator[Line]:
    for s in confirmed(f.picture):
        limit = Pen.LIMIT_UNSURE if s.provisional else Pen.LIMIT
        centre = Pen.CENTRE_UNSURE if s.provisional else Pen.CENTRE
        for value, pen in ((s.range_upper, limit), (s.range_centre, centre)):
            if value is not None:
                yield _level(pen, f.across.edges(s.first, s.last), axis.at(value))


def _range_words(f: Frame, axis: Upwards, marks: Sequence[Mark]) -> Iterator[Text]:
    """Give the part's title, and the word of its jumps beside it, over the highest."""
    full, short = plain(f.picture.range_title), plain(f.picture.range_title_short)
    title = clip(full if f.size is WIDE else short, Role.AXIS, f.across.right - f.across.left)
    y = axis.top - 10
    heading = Text(Role.AXIS, Ink.SOFT, f.across.left, y, title)
    yield heading
    jumps = [mark for mark in marks if mark.shape is Shape.JUMP]
    if jumps:
        words = "jump" if len(jumps) == 1 else f"{len(jumps)} jumps"
        half = text_width(words, Role.NUMBER) / 2
        x = min(min(jumps, key=lambda mark: mark.y).x, f.across.right - half)
        x = max(x, heading.box.right + 8 + half)
        if x + half <= f.across.right + 4:
            yield Text(Role.NUMBER, Ink.SOFT, x, y, words, Anchor.MIDDLE)
