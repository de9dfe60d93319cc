"""T04: the data in a sheet. A sheet to repair, what colours and arrows hide, the own values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.parts import Better, Statistic
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Made,
    Remark,
    State,
    Values,
    remarked,
    right,
    unanswered,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.given import fields, numbers, text
from kpi_analysis.training.t04_colours import charted, coloured, colours, real, real_charts
from kpi_analysis.training.t04_sheet import book, sheet


def own(given: object) -> Answer:
    """Check the values of the learner's own measure, and how they are worked out."""
    sheet, exercise = fields(given), "T04.own"
    values = numbers(sheet.get("values"))
    needs = ("unit", "better", "statistic", "counted", "collected by", "first")
    filled = {name: text(sheet.get(name)) for name in (*needs, "out of")}
    if not any(filled.values()) and not values:
        return unanswered(
            exercise, "fill in the sheet; six values at least, twelve or more are better."
        )
    remarks = [
        *_empty(exercise, filled, needs),
        *_words(exercise, filled),
        *_first(exercise, filled["first"]),
        *_values(exercise, values),
    ]
    few = f"{exercise}.few"
    made = _made(filled, values) if all(one.hint == few for one in remarks) else ()
    if remarks:
        return remarked(State.HALF if made or len(remarks) < 3 else State.WRONG, remarks, *made)
    words = f"{len(values)} values that a chart can be drawn from."
    firm = "" if len(values) >= 12 else " With twelve, the chart will stand firmer."
    return right(exercise, words + firm, *made)


def _empty(exercise: str, filled: Mapping[str, str], needs: tuple[str, ...]) -> Iterator[Remark]:
    empty = [name for name in needs if not filled[name]]
    if empty:
        yield Remark(f"{exercise}.open", f"Still empty: {', '.join(empty)}.")
    if filled["statistic"] in ("percentage", "rate", "ratio") and not filled["out of"]:
        yield Remark(f"{exercise}.out-of", f"A {filled['statistic']} is out of something: of what?")


def _words(exercise: str, filled: Mapping[str, str]) -> Iterator[Remark]:
    for name, known in (("statistic", list(Statistic)), ("better", list(Better))):
        said = filled[name]
        if said and said not in known:
            words = f"{name}: '{said}' is none of {', '.join(known)}"
            yield Remark(f"{exercise}.{name}", words + did_you_mean(nearest(said, known)))


def _first(exercise: str, first: str) -> Iterator[Remark]:
    if not first:
        return
    try:
        period = Period.parse(first)
    except KpiError as error:
        yield Remark(f"{exercise}.first", f"first: {error}")
        return
    if not isinstance(period.frequency, Frequency):
        yield Remark(f"{exercise}.first", "first: write a period, such as 2025-01 or 2025-W09.")


def _values(exercise: str, values: list[float | None]) -> Iterator[Remark]:
    bad = [str(n) for n, one in enumerate(values, 1) if one is None]
    if bad:
        yield Remark(f"{exercise}.number", f"No number at place {', '.join(bad[:5])}.")
    elif len(set(values)) == 1 and len(values) > 1:
        yield Remark(f"{exercise}.constant", "All values are the same: nothing varies.")
    if len(values) < 6:
        yield Remark(
            f"{exercise}.few",
            f"{len(values)} of 6 values: fewer than six say nothing of what is usual.",
        )


def _made(filled: Mapping[str, str], values: list[float | None]) -> tuple[Made, ...]:
    first = Period.parse(filled["first"])
    calculation = {"statistic": filled["statistic"], "numerator": filled["counted"]}
    if filled["out of"]:
        calculation["denominator"] = filled["out of"]
    sheet = {
        "unit": filled["unit"],
        "better": filled["better"],
        "frequency": str(first.frequency),
        "calculation": calculation,
        "data": {"collected_by": filled["collected by"]},
    }
    return Fields(sheet), Values(first, tuple(one for one in values if one is not None))


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"sheet": sheet, "colours": colours, "own": own}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {
        "book": book,
        "colours": coloured,
        "charts": charted,
        "real": real,
        "real charts": real_charts,
    }
