"""From the stories to the demo's tables: period values, what was published, the truth."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kpi_analysis.periods import Period
from kpi_analysis.records.starter.chance import Chance
from kpi_analysis.records.starter.stories import LAST, PERIODS, STORIES, Plant, Story

VALUE_COLUMNS = ("team", "measure", "period", "value", "numerator", "denominator")
TRUTH_COLUMNS = ("team", "measure", "kind", "from", "to", "note")
PUBLISHED_COLUMNS = ("run", "team", "measure", "period", "value")
_RUN = "2025-02"

Row = tuple[object, ...]


def tables() -> dict[str, str]:
    """Give the generated files of the demo: path in the workspace -> text."""
    teams = dict.fromkeys(story.team for story in STORIES)
    values = {
        f"values/{team}.csv": _csv(
            VALUE_COLUMNS,
            (row for story in STORIES if story.team == team for row in value_rows(story)),
        )
        for team in teams
    }
    return {
        **values,
        "truth.csv": _csv(TRUTH_COLUMNS, (row for story in STORIES for row in _truth(story))),
        "published.csv": _csv(
            PUBLISHED_COLUMNS, (row for story in STORIES for row in _published(story))
        ),
    }


def value_rows(story: Story) -> Iterator[Row]:
    """Give the rows of one series in the order of VALUE_COLUMNS; nothing is None."""
    chance = Chance(f"{story.team}/{story.measure}")
    last = Period.parse(story.last or LAST[story.frequency], story.frequency)
    for period in Period.span(last.previous(PERIODS - 1), last):
        numbers = _numbers(story, period, chance)
        written = ("", "", "") if str(period) in story.empty else numbers
        if str(period) not in story.absent:
            yield (story.team, story.measure, str(period), *written)


def _numbers(story: Story, period: Period, chance: Chance) -> Row:
    """Give value, numerator and denominator of one period: counts where there are cases."""
    plants = [plant for plant in story.plants if _covers(plant, period)]
    spread = story.spread * math.prod(plant.spread for plant in plants)
    wave = story.season * math.cos((period.start.month - 5) / 6 * math.pi)
    centre = story.centre + wave + sum(plant.level for plant in plants)
    value = max(chance.near(centre, spread), 0.0)
    if story.cases is None:
        return (_plain(round(value, story.rounds)), "", "")
    usual = story.cases * math.prod(plant.cases for plant in plants)
    cases = round(chance.near(usual, 0.06 * usual))
    return ("", min(round(cases * value / story.per), round(cases * 100 / story.per)), cases)


def _covers(plant: Plant, period: Period) -> bool:
    first = Period.parse(plant.start, period.frequency)
    return first <= period <= Period.parse(plant.end, period.frequency)


def _plain(number: float) -> str:
    return f"{number:g}"


def _truth(story: Story) -> Iterator[Row]:
    first = Plant("nothing", "", "", "Nothing is planted: chance alone.")
    for plant in story.plants or (first,):
        yield (story.team, story.measure, plant.kind, plant.start, plant.end, plant.note)


def _published(story: Story) -> Iterator[Row]:
    """Give what the run before had published of a series whose past was changed since."""
    before = dict(story.revised)
    if not before:
        return
    whole = replace(story, revised=())
    for team, measure, period, _, numerator, denominator in value_rows(whole):
        if str(period) <= _RUN:
            count = before.get(str(period), int(str(numerator)))
            value = round(story.per * count / int(str(denominator)), 4)
            yield (_RUN, team, measure, period, _plain(value))


def _csv(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
