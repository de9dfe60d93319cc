"""What the explorer looks at beyond the chart: run chart, season, shape, restatements, power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpi_analysis.periods import MONTHS, Frequency, Period, Unit
from kpi_analysis.review import pack_wording, wording
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.judging import CYCLES
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.notch import QUESTION, beside_target, beside_words
from kpi_analysis.review.panels import Dots, Season, SeasonPanel, Step, Waterfall
from kpi_analysis.review.picture import Picture, Segment
from kpi_analysis.review.restatements import Restatement, restatements
from kpi_analysis.signals.power import HORIZON, simulate_power
from kpi_analysis.signals.run_chart import run_chart
from kpi_analysis.signals.seasons import CYCLES as LEAST_CYCLES
from kpi_analysis.signals.trust import season_correlation

_PARTS: dict[Unit, tuple[str, ...]] = {
    Frequency.DAY: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    Frequency.MONTH: tuple(name[:3] for name in MONTHS),
    Frequency.QUARTER: ("Q1", "Q2", "Q3", "Q4"),
}


@dataclass(frozen=True)
class Look:
    """One look at a series: what to draw, and what it says; the first sentence says most."""

    drawn: Picture | SeasonPanel | Dots | Waterfall | None
    words: tuple[str, ...]


def run_chart_look(review: MeasureReview) -> Look:
    """Look at the values about their median, with the tests for runs and crossings."""
    row = run_chart(review.points[["period", "value"]], by=()).iloc[0]
    median, last = float(row["median"]), len(review.points) - 1
    shown = picture(review)
    unmarked = tuple(replace(p, moving_range=None, tone=None, jump=False) for p in shown.points)
    drawn = replace(
        shown,
        points=unmarked,
        segments=(Segment(0, last, median, None, None, None, None),),
        episodes=(),
        latest_tone=None,
        centre_word="median",
    )
    many = f"{row['n_useful']} values off the median"
    found = "not by chance alone" if row["signal"] else "no more than chance explains"
    words = (
        f"Run chart: {found}.",
        f"{many}: longest run {row['longest_run']} (at most {row['longest_run_max']} by chance), "
        f"{row['crossings']} crossings (at least {row['crossings_min']} by chance).",
    )
    return Look(replace(drawn, alt=f"Run chart of {review.name}. {' '.join(words)}"), words)


def season_look(review: MeasureReview) -> Look:
    """Look at the same months (quarters, weekdays) side by side; weeks have no such parts."""
    unit = review.period.frequency
    names = _PARTS.get(unit)
    if names is None:
        return Look(None, (f"Values by {unit} have no months or weekdays to lay side by side.",))
    periods = [review.period_at(n) for n in range(len(review.points))]
    values = review.points["value"].to_numpy(dtype=float)
    seasons = tuple(
        _season(name, [
            (period, value) for period, value in zip(periods, values, strict=True)
            if _part(period) == n and not np.isnan(value)
        ])
        for n, name in enumerate(names)
    )  # fmt: skip
    cycles = min(len(one.values) for one in seasons)
    words = (_season_words(values, CYCLES[unit], cycles), *_extremes(seasons, review))
    what = "weekdays" if unit is Frequency.DAY else f"{unit}s"
    title = f"{review.name}: the same {what} side by side"
    centre = float(np.nanmean(values))
    return Look(
        SeasonPanel(title, f"{title}. {' '.join(words)}", review.decimals, seasons, centre), words
    )


def _part(period: Period) -> int:
    if period.frequency is Frequency.DAY:
        return period.start.weekday()
    month = period.start.month - 1
    return month // 3 if period.frequency is Frequency.QUARTER else month


def _season(name: str, rows: Sequence[tuple[Period, float]]) -> Season:
    mean = float(np.mean([value for _, value in rows])) if rows else None
    return Season(name, tuple((str(period), float(value)) for period, value in rows), mean)


def _season_words(values: np.ndarray, cycle: int, cycles: int) -> str:
    whole = wording.plural(cycles, "full cycle")
    if cycles < 2:
        return f"{whole}: too few to tell a season from chance."
    likeness = season_correlation(values, ~np.isnan(values), cycle)
    if np.isnan(likeness):
        return f"{whole}: too few values one cycle apart to compare."
    strong = "a season is likely" if likeness > 0.5 else "no clear season"
    enough = "" if cycles >= LEAST_CYCLES else f"; factors need {LEAST_CYCLES}"
    return (
        f"{whole}, {strong}: values one cycle apart correlate with {likeness:.2f}, "
        f"a straight trend taken out{enough}."
    )


def _extremes(seasons: Sequence[Season], review: MeasureReview) -> tuple[str, ...]:
    known = [(one.mean, one.name) for one in seasons if one.mean is not None]
    if len(known) < 2:
        return ()
    (low, lowest), (high, highest) = min(known), max(known)
    write = [wording.number(one, review.decimals) for one in (low, high)]
    return (f"Lowest on average in {lowest} ({write[0]}), highest in {highest} ({write[1]}).",)


def shape_look(review: MeasureReview, pooled: Sequence[float]) -> Look:
    """Look at the raw values: how they lie, how coarse they are, and what is beside the target.

    `pooled` are the values of all teams of the measure, for the question about the target.
    """
    values = review.points["value"].dropna().to_numpy(dtype=float)
    if not len(values):
        return Look(None, ("There are no values to look at.",))
    target = review.target
    width = max(float(np.ptp(values)) / 36, 10.0**-review.decimals)
    low = float(np.floor(values.min() / width) * width)
    words = (_skew_words(values), _coarse_words(values), *_notch_words(review, pooled))
    title = f"{review.name}: every value"
    drawn = Dots(
        title=title,
        alt=f"{title}. {' '.join(words)}",
        decimals=review.decimals,
        values=tuple(values.tolist()),
        low=low,
        width=width,
        centre=float(values.mean()),
        target=target.value if target else None,
        target_text=wording.target_number(target, review.measure) if target else "",
    )
    return Look(drawn, words)


def _skew_words(values: np.ndarray) -> str:
    """Say which tail is longer, by Bowley's coefficient of the quartiles (0.2: clearly so)."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    lean = (high + low - 2 * middle) / (high - low) if high > low else 0.0
    if abs(lean) < 0.2:
        return f"{len(values)} values, about as far above their median as below it."
    tail = "high" if lean > 0 else "low"
    return f"{len(values)} values, skewed: the longer tail is on the {tail} side."


def _coarse_words(values: np.ndarray) -> str:
    distinct = len(np.unique(values))
    if distinct == len(values):
        return "All of them are different."
    often = int(np.max(np.unique(values, return_counts=True)[1]))
    return f"{distinct} of them are different; the commonest comes {wording.plural(often, 'time')}."


def _notch_words(review: MeasureReview, pooled: Sequence[float]) -> tuple[str, ...]:
    found = beside_target(review.measure, review.period.end, pooled)
    if found is None:
        return ()
    words = beside_words(found, review.decimals)
    return (f"{words} {QUESTION}",) if found.is_notable else (words,)


def restated_look(review: MeasureReview, published: Mapping[str, float]) -> Look:
    """Look at what changed since it was published: the way from the average then to that now."""
    changed = restatements(review, published)
    if not published:
        return Look(None, ("What was published of it before is not recorded (published.csv).",))
    if not changed:
        return Look(None, (f"None of {len(published)} published values has changed.",))
    places = max(review.decimals, 1)
    words = tuple(pack_wording.restatement_words(review, one) for one in changed)
    silent = sum(not one.note for one in changed)
    said = f"{len(changed)} of {len(published)} published values changed, {silent} without a note."
    title = f"{review.name}: average as published, and now"
    steps = tuple(_steps(review, published, changed, places))
    return Look(Waterfall(title, f"{title}. {said}", places, steps), (said, *words))


def _steps(
    review: MeasureReview,
    published: Mapping[str, float],
    changed: Sequence[Restatement],
    places: int,
) -> list[Step]:
    """Give the steps: each restated period moves the average of the published periods a little."""
    values = zip(review.points["period"], review.points["value"], strict=True)
    common = {str(text): published[str(text)] for text, now in values
              if str(text) in published and not np.isnan(now)}  # fmt: skip
    level = float(np.mean(list(common.values())))
    steps = [Step("published", level, level, wording.number(level, places + 1), total=True)]
    for one in changed:
        moved = level + (one.now - one.published) / len(common)
        text = wording.number(one.now - one.published, places)
        steps.append(Step(one.period.short, level, moved, text if text[0] == "−" else f"+{text}"))
        level = moved
    return [*steps, Step("now", level, level, wording.number(level, places + 1), total=True)]


def power_words(review: MeasureReview, shift: float = 1.0) -> tuple[str, ...]:
    """Say how soon a lasting shift would be seen with these limits, by simulation."""
    points = review.points
    segment = points["segment"] == points["segment"].iloc[-1]
    setting = int((points["in_baseline"] & segment).sum())
    if np.isnan(review.limits[0]):
        return ("There are no limits yet, so nothing can be said of how soon a shift is seen.",)
    power = simulate_power(review.series.rules, setting, shift)
    low, high = review.limits
    sigma = (high - low) / 6
    size = wording.with_unit(wording.number(abs(shift) * sigma, max(review.decimals, 1)),
                             review.measure.unit)  # fmt: skip
    unit = review.period.frequency.value
    half, most = power.periods(0.5), power.periods(0.8)
    shown = (
        f"within about {wording.plural(half, unit)}" if half else f"not within {HORIZON} {unit}s"
    )
    rest = f"within {wording.plural(most, unit)}" if most else f"later than {HORIZON} {unit}s"
    return (
        f"With these limits a shift of {abs(shift):g} sigma ({size}) is seen {shown} "
        f"as often as not, and in eight of ten cases {rest}.",
        f"Simulated: {power.series} stable series, {setting} values set the limits, "
        f"rule set {review.series.rules}.",
    )
