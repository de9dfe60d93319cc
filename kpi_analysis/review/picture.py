"""What a chart of one series shows, worked out: the hand-over from review to charts.

Charts draw a `Picture` and decide nothing. Positions count points from 0 in time order; a
position is the same in the X part and the moving-range part. All values are unrounded and in
the measure's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a marked point or the latest value is drawn."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    CHANGE = "change"  # a signal of a measure whose better is neutral


@dataclass(frozen=True)
class Point:
    """One period. `value` None is a gap; `moving_range` None where there is no neighbour."""

    period: str  # as written by people: "2019-03"
    tick: str  # short axis word: "Mar", "W09", "14"
    tick_group: str  # the word beneath, once a group: "2019", "Mar 2025"
    value: float | None
    moving_range: float | None
    tone: Tone | None = None
    jump: bool = False  # the moving range is above its upper limit


@dataclass(frozen=True)
class Segment:
    """Points `first` to `last` (inclusive) that share one set of limits; None: no limits yet.

    `provisional` is empty when the limits are firm, else the words beside the band, such as
    "provisional, 9 of 12". `lower` and `upper` are already capped at the ends of the unit.
    """

    first: int
    last: int
    centre: float | None
    lower: float | None
    upper: float | None
    range_centre: float | None
    range_upper: float | None
    provisional: str = ""
    proposed: bool = False  # a proposal: dashed lines without a band, never applied


@dataclass(frozen=True)
class Episode:
    """One pattern that fired, with its words: "worse: 16 above average"."""

    first: int
    last: int
    tone: Tone
    words: str


@dataclass(frozen=True)
class Note:
    """An event (ring) or an action (flag) at a point, in the lanes above the plot."""

    position: int
    text: str
    action: bool = False


@dataclass(frozen=True)
class TargetLine:
    """A target from point `first` to `last`: `text` is its number as shown, such as "≤5"."""

    first: int
    last: int
    value: float
    text: str
    label: str = "target"


@dataclass(frozen=True)
class Picture:
    """Everything one XmR chart shows, in every size."""

    title: str  # "Patients waiting over 4 hours, % a month"
    alt: str  # what the chart says, in a sentence or three, for those who cannot see it
    decimals: int  # of every number drawn
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    episodes: tuple[Episode, ...] = ()
    notes: tuple[Note, ...] = ()
    targets: tuple[TargetLine, ...] = ()
    range_title: str = "change from month to month"
    range_title_short: str = "monthly change"
    latest_tone: Tone | None = None
    centre_word: str = ""  # where the centre is no average: "median"
