from itertools import pairwise

import pytest

from kpi_analysis.charts.axis import Tick, period_ticks
from kpi_analysis.charts.theme import Role, text_width
from kpi_analysis.review.picture import Point

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _months(first: int, count: int) -> list[Point]:
    span = range(2016 * 12 + first, 2016 * 12 + first + count)
    return [Point("", MONTHS[m % 12], str(m // 12), 1.0, None) for m in span]


def _shown(ticks: tuple[Tick, ...]) -> list[str]:
    return [f"{tick.word} {tick.group}".strip() for tick in ticks]


def test_months_are_named_by_quarter_and_the_year_once():
    assert _shown(period_ticks(_months(3, 24), 16)) == [
        "Apr 2016",
        "Jul",
        "Oct",
        "Jan 2017",
        "Apr",
        "Jul",
        "Oct",
        "Jan 2018",
    ]


def test_the_quarters_are_those_of_the_calendar_wherever_the_series_starts():
    assert _shown(period_ticks(_months(4, 12), 16)) == ["Jul 2016", "Oct", "Jan 2017", "Apr"]


def test_on_a_phone_months_stay_quarterly():
    assert [tick.word for tick in period_ticks(_months(3, 24), 7.9)][:4] == [
        "Apr",
        "Jul",
        "Oct",
        "Jan",
    ]


def test_long_series_name_years_only():
    assert {tick.word for tick in period_ticks(_months(4, 160), 3.5)} == {"Jan"}


def test_few_points_are_all_named():
    assert _shown(period_ticks(_months(1, 2), 60)) == ["Feb 2016", "Mar"]
    assert _shown(period_ticks(_months(1, 1), 60)) == ["Feb 2016"]
    assert period_ticks([], 60) == ()


def test_weeks_days_and_quarters_count_from_their_group():
    weeks = [Point("", f"W{i % 52 + 1:02d}", str(2024 + i // 52), 1.0, None) for i in range(30, 70)]
    assert {tick.position % 4 for tick in period_ticks(weeks, 11)} == {2}  # W01 stands at 22
    days = [Point("", str(i % 30 + 1), f"Sep {i // 30}", 1.0, None) for i in range(60)]
    words = [tick.word for tick in period_ticks(days, 9)]
    assert words == ["1", "8", "15", "22", "1", "8", "15", "22", "29"]
    quarters = [Point("", f"Q{i % 4 + 1}", str(2014 + i // 4), 1.0, None) for i in range(8)]
    assert _shown(period_ticks(quarters, 70))[:5] == ["Q1 2014", "Q2", "Q3", "Q4", "Q1 2015"]


@pytest.mark.parametrize("step", [2.0, 3.5, 4.9, 7.9, 16.0, 64.0])
@pytest.mark.parametrize("count", [1, 5, 13, 40, 130])
def test_words_never_meet(step, count):
    for points in (
        _months(7, count),
        [Point("", str(i % 30 + 1), f"Sep {2000 + i // 30}", 1.0, None) for i in range(count)],
    ):
        ticks = period_ticks(points, step)
        for words in (
            [(t.position, t.word) for t in ticks],
            [(t.position, t.group) for t in ticks],
        ):
            for (i, a), (j, b) in pairwise([pair for pair in words if pair[1]]):
                half = (text_width(a, Role.AXIS) + text_width(b, Role.AXIS)) / 2
                assert (j - i) * step > half


def test_values_without_dates_are_counted_in_round_numbers():
    counted = [Point(str(n), str(n), "", 1.0, None) for n in range(1, 41)]
    assert _shown(period_ticks(counted, 30.0)) == [str(n) for n in range(1, 41)]
    assert _shown(period_ticks(counted, 8.0)) == [str(n) for n in range(5, 41, 5)]
