"""Where the parts of an XmR chart stand: worked out once, before anything is laid on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from kpi_analysis.charts.gutter import Columns, Label, columns
from kpi_analysis.charts.lanes import PITCH, Placed, Pole, arrange
from kpi_analysis.charts.scales import (
    FAR,
    Across,
    Numbers,
    Upwards,
    distance,
    numbers_for,
    span,
    tick_numbers,
    ticks,
)
from kpi_analysis.charts.scene import Format, plain, wrap
from kpi_analysis.charts.theme import Ink, Role, text_width
from kpi_analysis.review.picture import Episode, Picture, Segment, TargetLine, Tone

INKS = {
    Tone.CONCERN: Ink.CONCERN,
    Tone.IMPROVEMENT: Ink.IMPROVEMENT,
    Tone.CHANGE: Ink.NEUTRAL,
}
TITLE_ROW = 17.0
_LONGEST_TARGET = 12  # a sign, and what else the gutter writes out
_GAP, _PAD, _WORD_PAD = 32.0, 9.0, 17.0
_LEAST_LEFT = 36.0
_BENEATH = 11.0  # px from the heading or the lowest lane to the plot


@dataclass(frozen=True)
class Size:
    """One size of the chart: px, and the words that fit it."""

    format: Format
    width: float
    x_height: float
    range_height: float
    upper: str
    centre: str
    lower: str
    most_word: float  # px of the gutter's words


WIDE = Size(Format.WIDE, 720, 216, 46, "upper limit", "average", "lower limit", 96)
PHONE = Size(Format.PHONE, 336, 186, 42, "upper", "avg", "lower", 62)


@dataclass(frozen=True)
class Frame:
    """A picture's parts in px; `ranges` is None where no moving range is known."""

    picture: Picture
    size: Size
    titles: tuple[str, ...]
    remarks: tuple[str, ...]
    across: Across
    values: Upwards
    value_ticks: tuple[float, ...]
    ranges: Upwards | None
    columns: Columns
    labels: tuple[Label, ...]
    range_labels: tuple[Label, ...]
    notes: tuple[Placed, ...]
    numbers: Numbers

    @property
    def base(self) -> float:
        """The y of the foot of the lowest part, where the period axis begins."""
        return self.ranges.bottom if self.ranges else self.values.bottom


def frame(picture: Picture, size: Size) -> Frame:
    """Work out the parts of a picture in one size."""
    labels, range_labels, numbers = _labels(picture, size)
    at = columns((*labels, *range_labels), size.width, size.most_word)
    marks = _value_ticks(picture, _value_axis(picture, 0, size.x_height))
    across = Across(_left(marks), at.plot, len(picture.points))
    titles, remarks = wrap(plain(picture.title), Role.TITLE, size.width), _remarks(picture)
    notes = _placed(picture, across, size.width)
    lanes = max((note.lane + 1 for note in notes), default=0)
    top = TITLE_ROW * (len(titles) + len(remarks)) + PITCH * lanes + _BENEATH
    values = _value_axis(picture, top, top + size.x_height)
    return Frame(
        picture=picture,
        size=size,
        titles=titles,
        remarks=remarks,
        across=across,
        values=values,
        value_ticks=marks,
        ranges=_range_axis(picture, values.bottom + _GAP, size.range_height),
        columns=at,
        labels=labels,
        range_labels=range_labels,
        notes=notes,
        numbers=numbers,
    )


def _value_axis(picture: Picture, top: float, bottom: float) -> Upwards:
    """Give the upper part's axis, with room for the words of signals on their side."""
    sides = {is_above(picture, episode) for episode in picture.episodes}
    above, below = (_PAD + _WORD_PAD * (side in sides) for side in (True, False))
    inner = Upwards(*value_span(picture), bottom - below, top + above)
    return Upwards(inner.value(bottom), inner.value(top), bottom, top)


def _left(marks: Sequence[float]) -> float:
    """Give the left edge of the plot, beside its numbers."""
    write = tick_numbers(marks).write
    widest = max((text_width(write(mark), Role.AXIS) for mark in marks), default=0.0)
    return max(_LEAST_LEFT, widest + 9)


def _placed(picture: Picture, across: Across, width: float) -> tuple[Placed, ...]:
    poles = [
        Pole(note.position, across.at(note.position), plain(note.text), note.action)
        for note in picture.notes
    ]
    return arrange(poles, 0, width)


def _range_axis(picture: Picture, top: float, height: float) -> Upwards | None:
    ranges = [p.moving_range for p in picture.points if p.moving_range is not None]
    if not ranges:
        return None
    uppers = [s.range_upper for s in confirmed(picture) if s.range_upper is not None]
    return Upwards(0.0, max(*ranges, *uppers, 0.0) or 1.0, top + height, top)


def confirmed(picture: Picture) -> Iterator[Segment]:
    """Give the segments that count, in time order; proposals are left out."""
    return (segment for segment in picture.segments if not segment.proposed)


def _firm_values(picture: Picture) -> list[float]:
    """Give the values and limits, which are always drawn."""
    limits = (v for s in picture.segments for v in (s.lower, s.centre, s.upper))
    return [v for v in (*(p.value for p in picture.points), *limits) if v is not None]


def _firm_span(picture: Picture) -> tuple[float, float]:
    return span(_firm_values(picture), _least(picture))


def _least(picture: Picture) -> float:
    return 10.0**-picture.decimals


def is_far(picture: Picture, target: TargetLine) -> float:
    """Give how far out of the chart a target is: 0 where it is drawn, negative below."""
    away = distance(target.value, *_firm_span(picture))
    return away if abs(away) > FAR else 0.0


def value_span(picture: Picture) -> tuple[float, float]:
    """Give the lowest and highest value drawn: values, limits, and the targets that are near."""
    near = (t.value for t in picture.targets if not is_far(picture, t))
    return span((*_firm_span(picture), *near), _least(picture))


def _value_ticks(picture: Picture, axis: Upwards) -> tuple[float, ...]:
    if not any(point.value is not None for point in picture.points):
        return ()
    positive = min(_firm_values(picture)) >= 0
    return ticks(axis, from_zero=positive, least=_least(picture))


def _remarks(picture: Picture) -> tuple[str, ...]:
    far = [(t, is_far(picture, t)) for t in picture.targets]
    said = (
        f"{plain(t.label)} {plain(t.text)} is {'above' if away > 0 else 'below'} this chart"
        for t, away in far
        if away
    )
    return tuple(dict.fromkeys(said))


def is_above(picture: Picture, episode: Episode) -> bool:
    """Tell on which side of the centre an episode lies: its words go there first."""
    points = picture.points[episode.first : episode.last + 1]
    centres = [s.centre for s in confirmed(picture) if s.last >= episode.first]
    level = next((c for c in centres if c is not None), None)
    own = [p.value for p in points if p.value is not None]
    return level is None or not own or fmean(own) >= level


def _labels(picture: Picture, size: Size) -> tuple[tuple[Label, ...], tuple[Label, ...], Numbers]:
    """Give the gutter of both parts: the lines that reach the last point, and the latest value."""
    end = len(picture.points) - 1
    reaching = [s for s in picture.segments if s.first <= end <= s.last]
    firm = [s for s in reaching if not s.proposed]
    lines = [
        *((s.upper, size.upper) for s in firm),
        *((s.centre, picture.centre_word or size.centre) for s in firm),
        *((s.lower, size.lower) for s in firm),
        *((s.centre, "proposed") for s in reaching if s.proposed),
    ]
    range_lines = [
        *((s.range_upper, size.upper) for s in firm),
        *((s.range_centre, size.centre) for s in firm),
    ]
    latest = [p.value for p in picture.points if p.value is not None][-1:]
    shown = [*latest, *(value for value, _ in lines + range_lines if value is not None)]
    numbers = numbers_for(shown, picture.decimals)
    ink = INKS[picture.latest_tone] if picture.latest_tone else Ink.INK
    labels = (
        *(Label(v, numbers.write(v), word) for v, word in lines if v is not None),
        *(Label(v, numbers.write(v), "latest", ink, strong=True) for v in latest),
        *_target_labels(picture, end),
    )
    ranges = tuple(Label(v, numbers.write(v), word) for v, word in range_lines if v is not None)
    return labels, ranges, numbers


def _target_labels(picture: Picture, end: int) -> Iterator[Label]:
    for target in picture.targets:
        if target.last >= end and not is_far(picture, target):
            yield Label(target.value, _target_number(target), plain(target.label))


def _target_number(target: TargetLine) -> str:
    """Give the target as it is written, or shorter where the gutter would grow too wide."""
    text = plain(target.text)
    if len(text) <= _LONGEST_TARGET:
        return text
    sign = text[0] if text[0] in "≤≥" else ""
    return sign + numbers_for([target.value], 0).write(target.value)
