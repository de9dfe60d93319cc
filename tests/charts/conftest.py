from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from kpi_analysis.review.picture import (
    Episode,
    Note,
    Picture,
    Point,
    Segment,
    TargetLine,
    Tone,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def months(count: int, first: int = 2016 * 12 + 3) -> list[tuple[str, str, str]]:
    """Periods, ticks and groups of `count` months from April 2016."""
    return [
        (f"{m // 12}-{m % 12 + 1:02d}", MONTHS[m % 12], str(m // 12))
        for m in range(first, first + count)
    ]


def points(values: list[float | None], periods: list[tuple[str, str, str]]) -> list[Point]:
    earlier = [None, *values][: len(values)]
    ranges = [
        None if a is None or b is None else abs(b - a) for a, b in zip(earlier, values, strict=True)
    ]
    return [
        Point(*period, value, moving)
        for period, value, moving in zip(periods, values, ranges, strict=True)
    ]


def make(values: list[float | None], **changes: object) -> Picture:
    """A picture of monthly values with one segment of limits about their mean."""
    known = [value for value in values if value is not None] or [0.0]
    mean = sum(known) / len(known)
    room = (max(known) - min(known)) / 2
    limits = Segment(0, len(values) - 1, mean, mean - room, mean + room, room / 3, room)
    plain = Picture(
        title="Complaints a month",
        alt="Steady about the average.",
        decimals=1,
        points=tuple(points(values, months(len(values)))),
        segments=(limits,) if values else (),
    )
    return replace(plain, **changes)


@pytest.fixture(name="make")
def _make() -> Callable[..., Picture]:
    return make


@pytest.fixture(scope="session")
def merger() -> Picture:
    """A real hospital: shares of patients over 4 hours, with its merger in July 2018.

    The limits are worked out here from Wheeler's formulas, not by the package.
    """
    source = SHARED / "data" / "ae" / "ae_ten_trusts.csv"
    if not source.exists():
        pytest.skip(f"no {source.name} beside the checkout: real hospitals go unchecked")
    with source.open(encoding="utf-8") as lines:
        rows = sorted(
            (row["period"], 100 * float(row["breaches"]) / float(row["attendances"]))
            for row in csv.DictReader(lines)
            if row["org_code"] == "RRK"
        )
    shares = [share for _, share in rows]
    first, second = _wheeler(shares, 0, 26), _wheeler(shares, 27, 35)
    chart = points(list(shares), months(36))
    chart[27] = replace(chart[27], moving_range=None)
    chart[9] = replace(chart[9], tone=Tone.CONCERN)
    chart[21] = replace(chart[21], jump=True)
    for i in (33, 34):
        chart[i] = replace(chart[i], tone=Tone.CONCERN)
    return Picture(
        title="Patients waiting over 4 hours in A&E, % a month",
        alt="Worse: 2 months above the limit.",
        decimals=1,
        points=tuple(chart),
        segments=(first, replace(second, provisional="provisional, 9 of 12")),
        episodes=(
            Episode(9, 9, Tone.CONCERN, "worse: above limit"),
            Episode(33, 34, Tone.CONCERN, "worse: above limit"),
        ),
        notes=(
            Note(15, "GP at the front door", action=True),
            Note(27, "Merger, three more sites"),
        ),
        targets=(TargetLine(0, 35, 5.0, "≤5"),),
    )


def _wheeler(values: list[float], first: int, last: int) -> Segment:
    own = values[first : last + 1]
    mean = sum(own) / len(own)
    moving = sum(abs(b - a) for a, b in pairwise(own)) / (len(own) - 1)
    return Segment(
        first, last, mean, mean - 2.66 * moving, mean + 2.66 * moving, moving, 3.268 * moving
    )


WORDS = (
    *("Grüße", "&", "<b>bold</b>", '"quoted"', "it's", "$x^2$", "100", "%", "merger"),
    *("of", "three", "wards", "in", "May,", "W"),
)


def _words(rng: random.Random, most: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))


def _periods(rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    kind = rng.choice(("month", "week", "day", "quarter"))
    if kind == "month":
        return months(count, 2010 * 12 + rng.randrange(12))
    start = rng.randrange(60)
    spans = {
        "week": (52, "W{:02d}", "{}"),
        "day": (30, "{}", "Sep {}"),
        "quarter": (4, "Q{}", "{}"),
    }
    length, word, group = spans[kind]
    return [
        (f"{i}", word.format(i % length + 1), group.format(2010 + i // length))
        for i in range(start, start + count)
    ]


def _values(rng: random.Random, count: int) -> list[float | None]:
    size, level = 10.0 ** rng.randint(-5, 9), rng.choice((0, 5, -5, 50))
    if rng.random() < 0.08:
        return [level * size] * count
    gap = rng.choice((0, 0, 0, 0.1, 0.5, 1))
    shift = rng.choice((0, 0, 3))
    return [
        None if rng.random() < gap else size * (level + rng.gauss(shift * (i > count / 2), 1))
        for i in range(count)
    ]


def _segments(rng: random.Random, values: list[float | None]) -> list[Segment]:
    count = len(values)
    starts = sorted({0, *(rng.randrange(count) for _ in range(rng.choice((0, 0, 1, 3))))})
    ends = [start - 1 for start in starts[1:]] + [count - 1]
    segments = []
    for first, last in zip(starts, ends, strict=True):
        known = [v for v in values[first : last + 1] if v is not None]
        if len(known) < 6:
            segments.append(Segment(first, last, None, None, None, None, None))
            continue
        mean, room = sum(known) / len(known), (max(known) - min(known)) * rng.uniform(0.3, 1)
        words = "" if len(known) > 11 else f"provisional, {len(known)} of 12"
        lower = mean - room if rng.random() < 0.9 else None
        segments.append(
            Segment(first, last, mean, lower, mean + room, room / 3, room, provisional=words)
        )
    if rng.random() < 0.2:
        middle = next((v for v in values if v is not None), 1.0)
        span = abs(middle) * 0.2
        segments.append(
            Segment(
                count // 2, count - 1, middle, middle - span, middle + span, None, None, "", True
            )
        )
    return segments


def random_picture(seed: int) -> Picture:
    """Any picture a review might hand over, and some that none should."""
    rng = random.Random(seed)
    count = rng.choice((0, 1, 2, 3, 5, 8, 12, 24, 36, 36, 36, 48, 60, 100, 130))
    values = _values(rng, count)
    chart = points(values, _periods(rng, count))
    tones = {i: rng.choice(list(Tone)) for i in range(count) if rng.random() < 0.15}
    chart = [replace(p, tone=tones.get(i), jump=rng.random() < 0.05) for i, p in enumerate(chart)]
    level = next((v for v in values if v is not None), 1.0)
    return Picture(
        title=_words(rng, 30),
        alt=_words(rng, 20),
        decimals=rng.choice((0, 0, 1, 2, 6)),
        points=tuple(chart),
        segments=tuple(_segments(rng, values)) if count else (),
        episodes=tuple(
            Episode(i, min(count - 1, i + rng.randrange(12)), tone, _words(rng, 4))
            for i, tone in list(tones.items())[:4]
        ),
        notes=tuple(
            Note(rng.randrange(count), _words(rng, 8), action=rng.random() < 0.5)
            for _ in range(rng.choice((0, 0, 1, 2, 4, 9)) if count else 0)
        ),
        targets=tuple(
            TargetLine(
                rng.randrange(count), count - 1, level * rng.uniform(0, 2), "≤9.5", _words(rng, 3)
            )
            for _ in range(rng.choice((0, 1, 1, 2)) if count else 0)
        ),
        latest_tone=rng.choice((None, *Tone)),
    )


@pytest.fixture(scope="session", name="random_picture")
def _random_picture() -> Callable[[int], Picture]:
    return random_picture
