"""A closed action told as a story: how it was, what was done, what followed, how it is now.

Only what people closed, and only a signal in the wanted direction that lasts and for which no
guard pays; any other action says why it is no story. What followed was not necessarily caused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.review import wording
from kpi_analysis.review.action_check import ActionCheck, Outcome
from kpi_analysis.review.actions import ActionReview
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.team_review import TeamReview, worse_guards
from kpi_analysis.signals.rules import chosen_rules

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Story:
    """An action as a story: `lines` of term and words, or `why_not` where it is none."""

    told: ActionReview
    lines: Lines = ()
    why_not: str = ""


def stories_of(actions: Iterable[ActionReview], board: TeamReview) -> tuple[Story, ...]:
    """Give the closed ones of a team's actions, each as a story or with why it is none."""
    found = [story_of(one, board) for one in actions if one.is_closed]
    return tuple(sorted(found, key=lambda one: bool(one.why_not)))


def story_of(one: ActionReview, board: TeamReview) -> Story:
    """Tell an action as a story; its guards are looked for on the team's board."""
    reason = _why_not(one, board)
    if reason or one.check is None or one.check.since is None:
        return Story(one, why_not=reason)
    return Story(one, _lines(one, one.check, one.check.since))


def _why_not(one: ActionReview, board: TeamReview) -> str:
    check, measure = one.check, one.measure
    if not one.is_closed:
        return "it is not closed"
    if check is None:
        return "it is closed, but no start is written down"
    if measure.held_back:
        return f"the measure is not judged, {measure.held_back[0]}"
    if check.outcome is not Outcome.WANTED:
        return check.words
    if check.until:
        return f"the signal that followed ended in {check.until.label}"
    worse = "; ".join(guard.name for guard in worse_guards(measure, board.measures))
    return f"a guard gets worse meanwhile ({worse}): check the trade first" if worse else ""


def _lines(one: ActionReview, check: ActionCheck, since: Period) -> Lines:
    row = one.action
    begun = row["started"] or row["opened"]
    said = {
        "Problem": row["problem"],
        "Before": _before(one.measure, check),
        "Cause": dict(one.found)["cause"],
        "What was done": f"{one.name}, from {wording.day(begun)}",
        "What followed": check.words.removeprefix("followed by "),
        "Now": _now(one.measure, since, begun),
        "Learned": row["learned"],
    }
    return tuple((term, words) for term, words in said.items() if words)


def _before(measure: MeasureReview, check: ActionCheck) -> str:
    """Say what the process did before: the limits that the action was held against."""
    frozen = check.picture.segments[0] if check.picture else None
    if frozen is None or frozen.centre is None:
        return ""
    return _level(measure, frozen.centre, frozen.lower, frozen.upper)


def _now(measure: MeasureReview, since: Period, begun: date) -> str:
    """Say the level since the signal began, where enough values make one."""
    values = _values_since(measure, since)
    needed = chosen_rules(measure.series.rules).long_run or 0
    if len(values) < needed:
        few = f"{len(values)} of {needed} values since {since.label}"
        return f"too early to name a new level: {few}"
    level = _level(measure, float(values.mean()), None, None)
    over = f"over {wording.plural(len(values), 'value')} since {since.label}"
    return f"{level} {over}{_limits(measure, begun)}"


def _limits(measure: MeasureReview, begun: date) -> str:
    """Say where the limits stand: recorded anew since the start, only proposed, or neither."""
    segment = measure.points["segment"]
    first = measure.period_at(int((segment == segment.iloc[-1]).to_numpy().argmax()))
    if first.end >= begun and wording.limits_words(measure):
        return f"; limits {wording.limits_words(measure)}, recorded from {first.label} on"
    proposed = "; new limits are proposed, and not recorded yet"
    return proposed if wording.proposal_words(measure) else ""


def _values_since(measure: MeasureReview, since: Period) -> pd.Series:
    periods = list(measure.points["period"].astype(str))
    return measure.points["value"].iloc[periods.index(str(since)) :].dropna()


def _level(measure: MeasureReview, centre: float, lower: float | None, upper: float | None) -> str:
    unit, places = measure.measure.unit, measure.decimals
    average = f"average {wording.with_unit(wording.number(centre, places), unit)}"
    if lower is None or upper is None:
        return average
    low, high = wording.number(lower, places), wording.number(upper, places)
    return f"{average}, limits {low} to {wording.with_unit(high, unit)}"
