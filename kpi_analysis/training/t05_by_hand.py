"""T05: the XmR chart by hand, ten weeks, step by step; the checker knows the usual slips."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from statistics import fmean, median, pstdev, stdev

from kpi_analysis.charts.paint import png
from kpi_analysis.charts.xmr_chart import wide
from kpi_analysis.errors import KpiError
from kpi_analysis.packs.html import Html
from kpi_analysis.records.workspace import open_workspace
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.training.answer import (
    Answer,
    Remark,
    State,
    half,
    remarked,
    right,
    unanswered,
    wrong,
)
from kpi_analysis.training.folder import MEASURE, TEAM, Folder
from kpi_analysis.training.frames import chart, said, table
from kpi_analysis.training.given import by_number, listed, number, numbers

WEEKS = (12, 15, 11, 14, 13, 16, 12, 13, 10, 14)  # missed bins reported, week by week
NEXT = {11: (19, "noise"), 12: (23, "signal"), 13: (6, "noise")}
MEAN = fmean(WEEKS)
RANGES = tuple(abs(b - a) for a, b in pairwise(WEEKS))
MEAN_RANGE = fmean(RANGES)
HALF_WIDTH = 2.66 * MEAN_RANGE
LOWER, UPPER = MEAN - HALF_WIDTH, MEAN + HALF_WIDTH
_NEAR = 0.06  # rounding to one decimal on the way is no slip


def _is(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= _NEAR


def mean(given: object) -> Answer:
    """Check the mean of the ten values."""
    value, exercise = number(given), "T05.mean"
    if value is None:
        return unanswered(exercise, "add the ten values up, and divide by ten.")
    if _is(value, MEAN):
        return right(exercise, "13: the line through the middle of the chart.")
    slips = {
        "n-1": (sum(WEEKS) / 9, "divided by 9. The mean of ten values divides by ten."),
        "sum": (sum(WEEKS), "that is the sum of the ten: now divide it by ten."),
    }
    for hint, (slip, words) in slips.items():
        if _is(value, slip):
            return wrong(f"{exercise}.{hint}", words)
    return wrong(f"{exercise}.other", f"the ten values add up to {sum(WEEKS)}: divide by ten.")


def ranges(given: object) -> Answer:
    """Check the nine moving ranges."""
    said, exercise = numbers(given), "T05.ranges"
    if not said or all(one is None for one in said):
        return unanswered(exercise, "write the nine moving ranges, from 15 − 12 = 3 on.")
    if tuple(said) == RANGES:
        return right(exercise, "nine moving ranges, because the first week has none before it.")
    if any(one is not None and one < 0 for one in said):
        words = "a moving range has no minus sign: how far it is from one week to the next."
        return wrong(f"{exercise}.signed", words)
    if len(said) == len(WEEKS) and tuple(said[1:]) == RANGES:
        return wrong(f"{exercise}.first", "the first week has none before it: nine, not ten.")
    if len(said) != len(RANGES):
        start = tuple(said) == RANGES[: len(said)]
        words = (
            f"{len(said)} of them{', right so far' if start else ''}: ten weeks have nine steps."
        )
        return (half if start else wrong)(f"{exercise}.count", words)
    off = [str(n) for n, (a, b) in enumerate(zip(said, RANGES, strict=True), 1) if a != b]
    state = State.HALF if 2 * len(off) <= len(RANGES) else State.WRONG
    words = f"look again at step {', '.join(off)}: the larger of two neighbours less the smaller."
    return remarked(state, [Remark(f"{exercise}.step", words)])


def mean_range(given: object) -> Answer:
    """Check the mean moving range."""
    value, exercise = number(given), "T05.mean-range"
    if value is None:
        return unanswered(exercise, "add the nine moving ranges up, and divide.")
    if _is(value, MEAN_RANGE):
        return right(exercise, "26 / 9 = 2.89: how far the number moves from week to week.")
    total = sum(RANGES)
    slips = {
        "n-for-n-1": (total / len(WEEKS), "divided by 10. Ten weeks have nine steps: divide by 9."),
        "n-2": (total / 8, "divided by 8. Ten weeks have nine steps: divide by 9."),
        "sum": (total, "that is their sum: now divide it by 9."),
        "signed": (
            (WEEKS[-1] - WEEKS[0]) / 9,
            "with minus signs the steps cancel out: take how far, not which way.",
        ),
        "median": (
            median(RANGES),
            "the middle one of the nine, the median. Here we take the mean.",
        ),
        "sd": (stdev(WEEKS), _SD_WORDS),
        "sd-n": (pstdev(WEEKS), _SD_WORDS),
    }
    for hint, (slip, words) in slips.items():
        if _is(value, slip):
            return wrong(f"{exercise}.{hint}", words)
    return wrong(f"{exercise}.other", f"the nine moving ranges add up to {total}: divide by 9.")


_SD_WORDS = (
    "that is the standard deviation of the values. A shift within the ten weeks would blow it up;"
    " the steps from week to week hardly notice one, so limits are made from them."
)


def limits(given: object) -> Answer:
    """Check the two limits, [lower, upper]."""
    said, exercise = numbers(given), "T05.limits"
    known = [one for one in said if one is not None]
    if not known:
        return unanswered(exercise, "write [lower, upper]: mean − 2.66 × and mean + 2.66 ×.")
    if len(known) == 1:
        return _one_limit(exercise, known[0])
    low, high = known[:2]
    if _is(low, LOWER) and _is(high, UPPER):
        return right(exercise, "5.3 to 20.7: if nothing changes, expect any week in between.")
    if _is(low, UPPER) and _is(high, LOWER):
        return half(f"{exercise}.swapped", "both are right; write the lower one first.")
    if _is(low, LOWER) or _is(high, UPPER):
        which = "upper" if _is(low, LOWER) else "lower"
        words = f"one is right; the {which} one lies as far from 13 on the other side."
        return half(f"{exercise}.one", words)
    return _slipped(exercise, high - MEAN, MEAN - low)


def _one_limit(exercise: str, value: float) -> Answer:
    if _is(value, LOWER) or _is(value, UPPER):
        return half(f"{exercise}.one", "right, and the other one? Write [lower, upper].")
    return _slipped(exercise, abs(value - MEAN), abs(value - MEAN))


def _slipped(exercise: str, above: float, below: float) -> Answer:
    """Say which slip leads to limits that far from the mean."""
    by_ten = sum(RANGES) / len(WEEKS)
    slips = {
        "n-for-n-1": (2.66 * by_ten, "the mean moving range was divided by 10: it has nine steps."),
        "three": (
            3 * MEAN_RANGE,
            "3 × the mean moving range. The 3 belongs to standard deviations; for moving ranges"
            " the factor is 2.66 = 3 / 1.128, which turns one into the other.",
        ),
        "three-and-n": (3 * by_ten, "two slips: 3 instead of 2.66, and 10 instead of 9 steps."),
        "sd": (3 * stdev(WEEKS), _SD_WORDS),
        "sd-n": (3 * pstdev(WEEKS), _SD_WORDS),
        "two-sd": (2 * stdev(WEEKS), _SD_WORDS),
        "two-sd-n": (2 * pstdev(WEEKS), _SD_WORDS),
        "range-limit": (
            3.268 * MEAN_RANGE,
            "3.268 is for the upper limit of the moving ranges; for the values it is 2.66.",
        ),
        "no-factor": (MEAN_RANGE, "the mean moving range still has to be multiplied by 2.66."),
        "median": (
            2.66 * median(RANGES),
            "the median of the moving ranges was taken, not the mean.",
        ),
    }
    for hint, (slip, words) in slips.items():
        if _is(above, slip) and _is(below, slip):
            return wrong(f"{exercise}.{hint}", words)
    if abs(above - below) > 2 * _NEAR:
        words = "the two should lie equally far from 13, one on each side."
        return wrong(f"{exercise}.lopsided", words)
    return wrong(f"{exercise}.other", "13 − 2.66 × 2.89 below, and 13 + 2.66 × 2.89 above.")


def after(given: object) -> Answer:
    """Say of each week that follows whether it is a signal or noise: {11: "noise", ...}."""
    if not isinstance(given, Mapping):
        given = dict(zip(NEXT, listed(given), strict=False))
    answers, exercise = by_number(given), "T05.next"
    answers = {week: word for week, word in answers.items() if week in NEXT}
    if not answers:
        return unanswered(exercise, "write signal or noise behind weeks 11, 12 and 13.")
    remarks = [
        Remark(
            f"{exercise}.{week}", f"Week {week}, {NEXT[week][0]} bins: {_against(NEXT[week][0])}."
        )
        for week, word in sorted(answers.items())
        if word != NEXT[week][1]
    ]
    good = len(answers) - len(remarks)
    if len(answers) < len(NEXT):
        rest = ", ".join(str(week) for week in NEXT if week not in answers)
        remarks.append(Remark(f"{exercise}.open", f"Still without an answer: week {rest}."))
    if not remarks:
        words = "only week 12 lies outside 5.3 to 20.7. Nineteen looked bad, and was noise."
        return right(exercise, words)
    return remarked(State.HALF if good else State.WRONG, remarks)


def _against(value: int) -> str:
    inside = LOWER <= value <= UPPER
    where = "within" if inside else "outside"
    return f"{where} the limits, 5.3 to 20.7, so it is {'noise' if inside else 'a signal'}"


def own_review(folder: Folder) -> MeasureReview | None:
    """Give the review of the learner's own measure; None where there is nothing to draw.

    Raises KpiError where the workspace cannot be read.
    """
    if not (folder.is_course and (folder.workspace / "kpi.yml").exists()):
        return None
    reviews = review_teams(open_workspace(folder.workspace))
    found = (one for review in reviews.values() for one in review.measures)
    return next((one for one in found if one.team == TEAM and one.measure.id == MEASURE), None)


def own_chart(folder: Folder) -> Html:
    """Draw the learner's own chart, and keep it as a picture."""
    try:
        own = own_review(folder)
        if own is None:
            return said("Your chart stands here once T01 to T04 have kept a measure with values.")
        drawn = picture(own)
        folder.chart.write_bytes(png(wide(drawn)))
    except (KpiError, OSError) as error:
        return said(str(error))
    return chart(drawn, "Your measure. Kept in my-workspace: my-chart.png")


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {
        "mean": mean, "ranges": ranges, "mean range": mean_range, "limits": limits, "next": after,
    }  # fmt: skip


def shows(folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    weeks = table(("Week", "Missed bins"), enumerate(WEEKS, 1))
    return {"weeks": lambda: weeks, "own chart": lambda: own_chart(folder)}
