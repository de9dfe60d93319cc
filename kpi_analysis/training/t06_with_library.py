"""T06: the XmR chart with the library. A hundred years of the Nile, then the learner's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.resources import files

import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.review import wording
from kpi_analysis.review.picture import Picture, Point, Segment
from kpi_analysis.review.verdict import Variation
from kpi_analysis.signals.detect import detect
from kpi_analysis.training.answer import Answer, half, right, unanswered, wrong
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import chart
from kpi_analysis.training.given import number, text, word
from kpi_analysis.training.series import BASELINE
from kpi_analysis.training.t05_by_hand import own_chart, own_review

_READINGS = {
    "better": Variation.IMPROVING,
    "worse": Variation.CONCERN,
    "steady": Variation.NONE,
    "unsettled": Variation.MIXED,
    "too early": Variation.NOT_JUDGED,
}


def nile() -> pd.DataFrame:
    """Give the yearly flow of the Nile: `period` is the year, `value` 100 million cubic metres."""
    source = files("kpi_analysis.training").joinpath("nile.csv")
    with source.open(encoding="utf-8") as rows:
        return pd.read_csv(rows, comment="#")


def shift(given: object) -> Answer:
    """Check the year in which the Nile's flow shifted: 1898 or 1899."""
    year_in = re.search(r"\b1[0-9]{3}\b", text(given))
    value, exercise = number(year_in[0] if year_in else given), "T06.shift"
    if value is None:
        return unanswered(exercise, "write the year from which the flow was another one.")
    year = int(value)
    if year in (1898, 1899):
        words = (
            "1898 was the last year of the old level, 1899 the first of the new one: the long run"
            " below the average begins there. In those years a dam was begun at Aswan, and rain"
            " in the south became less. The chart says when to look; it does not say why."
        )
        return right(exercise, words)
    if year in (1906, 1907):
        words = (
            "by then the long run could be seen, eight years after its start. The question is"
            " when the run began: go back to its first year."
        )
        return half(f"{exercise}.noticed", words)
    if year == 1913:
        words = "the lowest single year. A shift is a new level that lasts: look for the run."
        return wrong(f"{exercise}.lowest", words)
    if 1900 <= year <= 1905:
        words = "within the run already: its first year is a little earlier."
        return half(f"{exercise}.near", words)
    if not 1871 <= year <= 1970:
        return wrong(f"{exercise}.range", "the record goes from 1871 to 1970.")
    early = "before it the years lie on both sides of the average, as they should."
    late = "by then the flow had been below the old average for years."
    hint, words = ("early", early) if year < 1898 else ("late", late)
    return wrong(f"{exercise}.{hint}", words)


def reading(folder: Folder, given: object) -> Answer:
    """Compare the learner's reading of the own chart with the library's."""
    exercise, said = "T06.own", word(given)
    if not said:
        return unanswered(exercise, f"read your own chart: {', '.join(_READINGS)}.")
    if said not in _READINGS:
        return wrong(f"{exercise}.unknown", f"'{said}' is none of {', '.join(_READINGS)}.")
    try:
        own = own_review(folder)
    except KpiError as error:
        return half(f"{exercise}.unreadable", f"your workspace cannot be read: {error}")
    if own is None:
        words = (
            "there is no chart of your own here yet, so take it as practice: T01 to T05 make one."
        )
        return right(exercise, words)
    found = f"the library reads “{own.verdict.label}: {wording.detail(own)}”."
    if own.variation is _READINGS[said]:
        return right(exercise, found)
    words = f"{found} Which of the three rules did you go by?"
    return wrong(f"{exercise}.differs", words)


def nile_chart() -> Html:
    """Show the Nile with limits from its first 24 years, unread."""
    points = detect(nile(), by=(), baseline=BASELINE)
    return chart(_picture(points), "Nile at Aswan, yearly flow; limits from 1871 to 1894")


def _picture(points: pd.DataFrame) -> Picture:
    years = points["period"].astype(str).tolist()
    both = zip(years, points["value"], points["moving_range"], strict=True)
    drawn = tuple(
        Point(year, year, "", float(value), None if pd.isna(step) else float(step))
        for year, value, step in both
    )
    last = points.iloc[-1]
    centre, low, high = (float(last[name]) for name in ("centre", "lower_limit", "upper_limit"))
    steps = float(points.loc[points["in_baseline"], "moving_range"].mean())
    segment = Segment(0, len(years) - 1, centre, low, high, steps, float(last["range_limit"]))
    values = ", ".join(
        f"{year} {value:.0f}" for year, value, _ in zip(years, points["value"], years, strict=True)
    )
    alt = (
        f"Yearly flow of the Nile: {values}. Average {centre:.0f}, limits {low:.0f} to {high:.0f}."
    )
    title = "Flow of the Nile at Aswan (100 million m³)"
    return Picture(title, alt, 0, drawn, (segment,), range_title="change from year to year",
                   range_title_short="yearly change")  # fmt: skip


def exercises(folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"shift": shift, "own": lambda given: reading(folder, given)}


def shows(folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {"nile": nile_chart, "own chart": lambda: own_chart(folder)}
