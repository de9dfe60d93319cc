"""T04, exercise 2: what a colour from the target alone, and arrows, hide; planted, then real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.packs.html import Html
from kpi_analysis.periods import Period
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.training.answer import Answer, Remark, State, remarked, right, unanswered
from kpi_analysis.training.frames import charts, table
from kpi_analysis.training.given import fields, listed, number, word
from kpi_analysis.training.series import Planted, review, review_of

_TIMES = {"never": 0, "none": 0, "no": 0, "once": 1, "one": 1, "twice": 2, "two": 2}


def colours(given: object) -> Answer:
    """Say how often the work really changed in sheets A and B: {"A": 0, "B": 1}."""
    exercise = "T04.colours"
    if not isinstance(given, Mapping):
        given = dict(zip("AB", listed(given), strict=False))
    said = {key: number(_TIMES.get(word(value), value)) for key, value in fields(given).items()}
    a, b = said.get("a"), said.get("b")
    if a is None and b is None:
        return unanswered(exercise, "write how often the work changed, once for A and once for B.")
    remarks = []
    if a is None or b is None:
        remarks.append(
            Remark(f"{exercise}.open", f"Sheet {'A' if a is None else 'B'} is still open.")
        )
    if a not in (0, None):
        words = (
            "A never changed: its numbers were drawn by chance about one level, 12 %. With a target"
            " close to the level, chance alone turns months red and green, and arrows up and down."
        )
        remarks.append(Remark(f"{exercise}.noise", words))
    if b not in (1, None):
        words = (
            "B changed once, in February 2025, from 6 % to 8 %. Every month stayed green, because"
            " the target is 12 %: a colour from the target alone cannot show it."
        )
        remarks.append(Remark(f"{exercise}.hidden", words))
    if not remarks:
        words = (
            "A never changed, whatever its colours and arrows do; B got worse once, in February"
            " 2025, while every month stayed green. The charts below show both."
        )
        return right(exercise, words)
    good = (a == 0) + (b == 1)
    return remarked(State.HALF if good else State.WRONG, remarks)


TARGET = 12.0
TINTS = {"green": "#bfe3c0", "red": "#f4b8ae"}
SHOWN = 18  # months in the table; the charts have twice as many
SHEET_A = Planted(
    "Late trips, line A", "lower", 12.0, 1.6, 5, target=TARGET, count=36, first="2023-01"
)
SHEET_B = Planted(
    "Late trips, line B", "lower", 6.0, 0.8, 5, target=TARGET, moves=((25, 2.0),), count=36,
    first="2023-01",
)  # fmt: skip


def coloured() -> Html:
    """Show sheets A and B as colours by the target alone, and arrows from month to month."""
    a, b = SHEET_A, SHEET_B
    heads = ("Month", "A", "colour", "arrow", "B", "colour", "arrow")
    both = (_cells(one.values, TARGET) for one in (a, b))
    rows = list(zip(a.periods, *both, strict=True))[-SHOWN:]
    return table(heads, ((period.label, *left, *right) for period, left, right in rows), TINTS)


def _cells(values: Sequence[float], target: float) -> Iterator[tuple[str, str, str]]:
    before = values[0]
    for value in values:
        arrow = "–" if value == before else "▲ up" if value > before else "▼ down"
        yield f"{value:.1f} %", "green" if value <= target else "red", arrow
        before = value


def charted() -> Html:
    """Show sheets A and B as charts, read."""
    both = (("A", SHEET_A), ("B", SHEET_B))
    return charts((f"{name}: {one.caption}", picture(review(one))) for name, one in both)


@dataclass(frozen=True)
class Airport:
    """A real series: flights that left more than 15 minutes late, in percent, week by week."""

    code: str
    name: str
    target: float
    last: str

    @property
    def rows(self) -> pd.DataFrame:
        """Week and value, up to the last week."""
        source = files("kpi_analysis.training").joinpath("flights.csv")
        with source.open(encoding="utf-8") as lines:
            table = pd.read_csv(lines, comment="#")
        return table.loc[table["period"] <= self.last, ["period", self.code]].dropna()

    @property
    def review(self) -> MeasureReview:
        """The series judged as any other."""
        fields = {
            "id": "class", "status": "draft", "name": f"Late flights, {self.name}", "unit": "%",
            "result": "Passengers leave at the time that was promised", "better": "lower",
            "decimals": 1, "target": {"value": self.target, "applies_to": "each value"},
        }  # fmt: skip
        weeks = [Period.parse(week) for week in self.rows["period"]]
        return review_of(Measure.model_validate(fields), weeks, self.rows[self.code].tolist())


REAL = (
    Airport("LGA", "LaGuardia", 20.0, "2013-W25"),
    Airport("JFK", "Kennedy", 25.0, "2013-W48"),
)


def real() -> Html:
    """Show two airports as colours and arrows."""
    heads = [head for one in REAL for head in ("Week", one.name, "colour", "arrow")]
    rows = [[(week[-3:], *cells) for week, cells in _weeks(one)][-SHOWN:] for one in REAL]
    return table(heads, ((*left, *right) for left, right in zip(*rows, strict=True)), TINTS)


def _weeks(one: Airport) -> Iterator[tuple[str, tuple[str, str, str]]]:
    values = one.rows[one.code].tolist()
    return zip(one.rows["period"], _cells(values, one.target), strict=True)


@cache
def real_charts() -> Html:
    """Show the two airports as charts, read."""
    return charts((f"{one.name}: lower is better", picture(one.review)) for one in REAL)
