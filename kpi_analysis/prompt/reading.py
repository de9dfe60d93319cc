"""The reading of a chart: what its numbers say, in the sentences of the pack."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kpi_analysis.packs.parts import MeasurePart
from kpi_analysis.review.measure_review import MeasureReview

_BARS = "▁▂▃▄▅▆▇█"
_FEW = 24  # values of the line of bars, as on a board


@dataclass(frozen=True)
class Reading:
    """What a series says: the verdict, a guard that pays for it, what it rests on, what to know."""

    title: str
    sentences: tuple[str, ...]
    bars: str = ""

    @property
    def verdict(self) -> str:
        """The first sentence: the verdict and why."""
        return self.sentences[0]

    def __str__(self) -> str:
        return "\n".join(f"  {one}" if n else one for n, one in enumerate(self._lines))

    __repr__ = __str__

    @property
    def _lines(self) -> tuple[str, ...]:
        return tuple(one for one in (self.title, self.bars, *self.sentences) if one)

    def _repr_html_(self) -> str:
        rest = Markup().join(Markup("<br>{}").format(one) for one in self.sentences[1:])
        return Markup("<p><b>{}</b>{}</p>").format(self.verdict, rest)


def reading_of(part: MeasurePart, team: str) -> Reading:
    """Give the reading of a measure; `team` is the name that stands in its title."""
    latest = f"{part.review.period.label}: {part.latest}"
    sentences = (
        f"{part.review.verdict.label}: {part.detail}",
        part.trade,
        latest[:1].upper() + latest[1:] + (f", target {part.target}" if part.target else ""),
        "" if _same(part.expectation, part.detail) else part.expectation,
        part.proposal,
        part.response if part.review.recorded.actions is not None else "",
        *(f"Note: {remark}" for remark in part.review.remarks),
    )
    title = f"{part.name}, {team}" if team else part.name
    said = (_ended(one.replace("\u00a0", " ")) for one in sentences if one)
    return Reading(title, tuple(said), _bars(part.review))


def _same(sentence: str, said: str) -> bool:
    return sentence.casefold() == f"{said}.".casefold()


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def _bars(review: MeasureReview) -> str:
    """Give the last values as a line of bars, for a terminal; a gap is a blank."""
    values = review.points["value"].tail(_FEW).tolist()
    known = [one for one in values if one == one]
    low, room = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    steps = len(_BARS) - 1
    return "".join(
        " " if one != one else _BARS[round((one - low) / room * steps) if room else steps // 2]
        for one in values
    )
