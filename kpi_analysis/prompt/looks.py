"""The explorer's looks as drawings: each with the sentences that say what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi_analysis.charts import panels, xmr_chart
from kpi_analysis.charts.scene import Scene
from kpi_analysis.charts.stack import joined, shifted
from kpi_analysis.errors import KpiError
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.review import wording
from kpi_analysis.review.action_check import ActionCheck
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.duty import action_name
from kpi_analysis.review.explorer import Look
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.panels import Dots, SeasonPanel, Waterfall
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.story import Story
from kpi_analysis.signals.false_signals import false_signals

MOST_CHARTS = 12
"""Charts of a split that are drawn; more are counted, not read."""

_COLUMNS, _GAP = 2, 32.0


def look_drawing(title: str, look: Look) -> Drawing:
    """Give a look as a drawing; one with nothing to draw has its sentences alone."""
    phones = (xmr_chart.phone(look.drawn),) if isinstance(look.drawn, Picture) else ()
    return Drawing(title, _scenes(look.drawn), look.words, phones)


def _scenes(drawn: Picture | SeasonPanel | Dots | Waterfall | None) -> tuple[Scene, ...]:
    match drawn:
        case Picture():
            return (xmr_chart.wide(drawn),)
        case SeasonPanel():
            return (panels.season_panel(drawn),)
        case Dots():
            return (panels.dots(drawn),)
        case Waterfall():
            return (panels.waterfall(drawn),)
        case None:
            return ()


def side_by_side(title: str, parts: Sequence[tuple[str, MeasureReview]]) -> Drawing:
    """Give charts side by side, each with limits of its own, and what so many charts cost.

    Raises KpiError where there is nothing to lay side by side.
    """
    if not parts:
        raise KpiError("there is nothing to lay side by side")
    shown = [
        xmr_chart.phone(replace(picture(review), title=label))
        for label, review in parts[:MOST_CHARTS]
    ]
    rows: list[Scene] = []
    for start in range(0, len(shown), _COLUMNS):
        row = shown[start : start + _COLUMNS]
        moved = [shifted(one, n * (one.width + _GAP), 0) for n, one in enumerate(row)]
        rows.append(joined(moved))
    said = tuple(f"{label}: {one.verdict.label}, {wording.detail(one)}." for label, one in parts)
    left = len(parts) - len(shown)
    more = (f"{left} more are not drawn.",) if left else ()
    return Drawing(title, tuple(rows), (_cost(parts), *more, *said))


def _cost(parts: Sequence[tuple[str, MeasureReview]]) -> str:
    """Say how many false signals so many charts raise, were all of them stable."""
    rates = [
        rate
        for _, one in parts
        if not one.held_back and (rate := false_signals(one.series.rules, _setting(one)))
    ]
    quiet = 1.0
    for rate in rates:
        quiet *= 1 - rate.within_12
    unit = parts[0][1].period.frequency.value
    each = wording.number(sum(rate.per_period for rate in rates), 2)
    them = "all of them" if len(parts) > 1 else "it"
    return (
        f"{wording.plural(len(parts), 'chart')}: were {them} stable, expect {each} false "
        f"signals a {unit}, and in {100 * (1 - quiet):.0f} % of cases one or more within "
        f"12 {unit}s."
    )


def _setting(one: MeasureReview) -> int:
    segment = one.points["segment"] == one.points["segment"].iloc[-1]
    return int((one.points["in_baseline"] & segment).sum())


def action_drawing(check: ActionCheck, words: Sequence[str]) -> Drawing:
    """Give the check of an action: the series against the limits from before it."""
    title = action_name(check.action)
    shown = (check.picture,) if check.picture else ()
    values = wording.plural(check.values, "value")
    said = f"{title}: {check.words} ({values} since its start)."
    return charts(title, shown, (said, *words))


def charts(title: str, shown: Sequence[Picture], sentences: Sequence[str]) -> Drawing:
    """Give XmR charts one beneath the other, each for a desk and for a phone."""
    wide, narrow = (map(draw, shown) for draw in (xmr_chart.wide, xmr_chart.phone))
    return Drawing(title, tuple(wide), tuple(sentences), tuple(narrow))


def story_drawing(story: Story) -> Drawing:
    """Give an action as a story, a sentence a step; one that is none says why."""
    name, check = story.told.name, story.told.check
    if story.why_not:
        return Drawing(name, (), (f"{name}: no story, {story.why_not}.",))
    shown = (check.picture,) if check and check.picture else ()
    return charts(name, shown, [f"{term}: {words}." for term, words in story.lines])
