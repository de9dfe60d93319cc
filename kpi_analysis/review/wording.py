"""The sentences, one function a sentence, made last; processes are their subject, never persons.

Everything returned is plain text: pages escape it, once, at their edge.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from datetime import date

from kpi_analysis.definitions.measures import AppliesTo, Better, Measure, Target
from kpi_analysis.periods import Frequency, Period, Unit
from kpi_analysis.review.duty import Answer, Demand, Response
from kpi_analysis.review.measure_review import MeasureReview, Pattern, by_weight, ends_of_unit
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import Group, Variation, Verdict
from kpi_analysis.signals.capability import Capability

_ADVERB: dict[Unit, str] = {
    Frequency.DAY: "daily",
    Frequency.WEEK: "weekly",
    Frequency.MONTH: "monthly",
    Frequency.QUARTER: "quarterly",
}
_TONE = {Tone.IMPROVEMENT: "better", Tone.CONCERN: "worse", Tone.CHANGE: "change"}


_SIDELESS = {
    "alternating": "up and down in turn",
    "near_centre": "close to average",
    "far_from_centre": "away from average",
}
"""Patterns on neither side, in words: they are Nelson's."""


def number(value: float, places: int) -> str:
    """Write a number with a thousands separator and a true minus sign."""
    text = f"{value:,.{places}f}"
    zero = f"{0:.{places}f}"
    return zero if text == f"-{zero}" else text.replace("-", "−")


def with_unit(text: str, unit: str | None) -> str:
    """Put the unit behind a number, never parted from it by a new line: "39.9 %", "12 days"."""
    return f"{text}\u00a0{unit}" if unit else text


def plural(n: int, word: str) -> str:
    """Write a count with its noun: "1 month", "9 months"."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def target_number(target: Target, measure: Measure) -> str:
    """Write a target with its direction: "≤5", "≥95"; without one where neither is better."""
    sign = {Better.HIGHER: "≥", Better.LOWER: "≤"}.get(measure.better or Better.NEUTRAL, "")
    text = f"{target.value:,.10f}".rstrip("0").rstrip(".")  # never as a power of ten
    return sign + text.replace("-", "−")


def pattern_words(pattern: Pattern, first: Period) -> str:
    """Say what a pattern is: "9 months above average, since Jul 2018"."""
    unit, side = first.frequency.value, "above" if pattern.side > 0 else "below"
    end = "upper" if pattern.side > 0 else "lower"
    if pattern.rule == "outside_limits" and pattern.points == 1:
        return f"{first.short} {side} the {end} limit"
    periods = plural(pattern.points, unit)
    what = {
        "outside_limits": f"{periods} {side} the {end} limit",
        "long_run": f"{periods} {side} average",
        "trend": f"{periods} {'rising' if pattern.side > 0 else 'falling'}",
        **{rule: f"{periods} {words}" for rule, words in _SIDELESS.items()},
    }.get(pattern.rule, f"{periods} near the {end} limit")
    return f"{what}, since {first.short}"


def chart_words(pattern: Pattern) -> str:
    """Give the words beside a pattern in the chart, kind first: "worse: 16 above average"."""
    side = "above" if pattern.side > 0 else "below"
    what = {
        "outside_limits": f"{side} limit",
        "long_run": f"{pattern.points} {side} average",
        "trend": f"{pattern.points} {'rising' if pattern.side > 0 else 'falling'}",
        **{rule: f"{pattern.points} {words}" for rule, words in _SIDELESS.items()},
    }.get(pattern.rule, f"{pattern.points} near limit")
    return f"{_TONE[pattern.tone]}: {what}"


def detail(review: MeasureReview) -> str:
    """Say why, behind the verdict's label; with it 14 words or fewer where nothing is missing."""
    if review.variation is Variation.NOT_JUDGED:
        return review.held_back[0]
    if review.variation is Variation.NONE:
        return _steady_words(review)
    said: dict[Tone, str] = {}
    for pattern in by_weight(review.current):
        said.setdefault(pattern.tone, pattern_words(pattern, review.period_at(pattern.first)))
    return "; ".join(said.values())


def _steady_words(review: MeasureReview) -> str:
    unit, target = review.period.frequency.value, review.target
    if target is None or review.capability is Capability.NONE:
        return expectation(review)
    goal = with_unit(target_number(target, review.measure), review.measure.unit)
    every = "on average" if target.applies_to is AppliesTo.AVERAGE else f"every {unit}"
    return {
        Capability.PASS: f"meets {goal} {every} unless something changes",
        Capability.FAIL: f"misses {goal} {every} unless the process changes",
    }.get(review.capability, f"{goal} lies within the limits")


def expectation(review: MeasureReview) -> str:
    """Say what the process will do if left alone, from its limits; empty without limits."""
    span = limits_words(review)
    return f"if nothing changes, expect {span}" if span else ""


def limits_words(review: MeasureReview) -> str:
    """Write the limits as a span: "1.2 to 2.8 %"; empty without limits."""
    limits = shown_limits(review.measure, *review.limits)
    if limits is None:
        return ""
    low, high = (number(end, review.decimals) for end in limits)
    return f"{low} to {with_unit(high, review.measure.unit)}"


def outlook(review: MeasureReview) -> str:
    """Say what the limits mean for the periods to come, in a sentence; empty where not judged."""
    span = limits_words(review)
    if review.held_back or not span:
        return ""
    if review.variation is Variation.NONE:
        return f"If nothing changes, expect {span}."
    return f"The limits, {span}, describe the process as it was before this signal."


def trade_words(worse: Sequence[MeasureReview]) -> str:
    """Ask about a trade: better here while guards get worse; empty where there are none."""
    names = "; ".join(one.name for one in worse)
    return f"Check the trade: this improves while a guard gets worse ({names})." if worse else ""


def proposal_words(review: MeasureReview) -> str:
    """Say which new limits a lasting run proposes; empty where there is no proposal."""
    one = review.proposal
    if one is None or review.held_back:
        return ""
    since, centre = review.period_at(one.first).label, number(one.centre, review.decimals)
    limits = shown_limits(review.measure, one.lower, one.upper)
    span = (
        f", limits {' to '.join(number(end, review.decimals) for end in limits)}" if limits else ""
    )
    return f"New limits could start in {since}: average {centre}{span}."


def shown_limits(measure: Measure, lower: float, upper: float) -> tuple[float, float] | None:
    """Cap limits at the ends of the unit, for showing only; None where there are none."""
    if math.isnan(lower) or math.isnan(upper):
        return None
    low, high = ends_of_unit(measure)
    return (
        lower if low is None else max(lower, low),
        upper if high is None else min(upper, high),
    )


def response_words(review: MeasureReview) -> str:
    """Say whether a response is recorded; empty where none is owed."""
    reply = review.answer
    if reply.response is Response.NONE:
        return ""
    if reply.response is Response.RECORDED:
        return f"Response: {reply.demands[-1].answered_by}"
    oldest, *more = reply.owed
    if review.verdict.red and oldest is reply.demands[-1]:
        return "No response recorded"
    return f"No response recorded {'since' if more else 'to'} {demand_name(review, oldest)}"


def demand_name(review: MeasureReview, demand: Demand) -> str:
    """Name what a response is owed to: "the signal of March 2025", "the target missed"."""
    if demand.since is None:
        return "the target that is missed"
    return f"the signal of {Period.containing(demand.since, review.period.frequency).label}"


def owed_words(review: MeasureReview, today: date) -> str:
    """Say who owes a response, within how many days, for how many it has been owed, first step.

    Where it is late, also to whom it goes next.

    Days count up to `today`, from the last day of the period that first showed the signal.
    """
    rule, owed = review.answer.rule, review.answer.owed
    if rule is None or not owed:
        return ""
    days = max(((today - one.shown_on).days for one in owed if one.shown_on), default=0)
    late = rule.within_days is not None and days > rule.within_days
    within = f"within {plural(rule.within_days, 'day')}" if rule.within_days else ""
    parts = (
        "Owed",
        f"by {rule.who}" if rule.who else "",
        f"{within}, for {plural(days, 'day')} now" if late else within,
    )
    line = " ".join(part for part in parts if part)
    line = f"{line}: {rule.first_step}" if rule.first_step else line
    then = review.measure.escalate_to
    return f"{line}; then: {then}" if late and then else line


def headline(verdicts: Sequence[Verdict], answers: Sequence[Answer]) -> str:
    """Answer "are we winning or losing?" for a team, in one line."""
    if not verdicts:
        return "No measures in use yet."
    owed = sum(one.response is Response.OWED for one in answers)
    recorded = sum(one.response is Response.RECORDED for one in answers)
    always = (Group.WINNING, Group.STEADY, Group.LOSING)
    line = f"{counts(verdicts, always)}. Responses owed: {owed}, recorded: {recorded}."
    both = zip(verdicts, answers, strict=True)
    unanswered = sum(verdict.red and one.response is Response.OWED for verdict, one in both)
    if unanswered:
        line += f" No response recorded to {plural(unanswered, 'red measure')}."
    return line


def counts(verdicts: Sequence[Verdict], always: Collection[Group] = ()) -> str:
    """Count verdicts in words: "Winning 3, steady 1, losing 1"; zero only where `always`."""
    numbers = {group: sum(one.group is group for one in verdicts) for group in Group}
    said = [f"{group.value} {n}" for group, n in numbers.items() if n or group in always]
    line = ", ".join(said)
    return line[:1].upper() + line[1:]


def action_words(owner: str, stage: str, check_on: date | None) -> str:
    """Say who looks after an action, its stage and when its effect is checked."""
    stages = {"P": "plan", "D": "do", "C": "check", "A": "act"}
    parts = (
        owner,
        stages.get(stage.upper(), stage) and f"stage: {stages.get(stage.upper(), stage)}",
        f"next check {day(check_on)}" if check_on else "",
    )
    return ", ".join(part for part in parts if part)


def cause_words(cause: str, checked_by: str) -> str:
    """Say a cause with who checked it, or that nobody has yet."""
    return f"{cause} (checked by {checked_by})" if checked_by else f"{cause} (not checked yet)"


def escalation_words(asked: str, since: date) -> str:
    """Say who was asked for an answer, and when."""
    return f"Waiting for {asked or 'a leader'}, asked on {day(since)}"


def day(one: date) -> str:
    """Write a day as people say it: "1 June 2025"."""
    return Period(Frequency.DAY, one).label


def range_titles(frequency: Unit) -> tuple[str, str]:
    """Name the moving-range part: "change from month to month", "monthly change"."""
    short = f"{_ADVERB.get(frequency, '')} change".strip()
    return f"change from {frequency} to {frequency}", short


def alt_text(review: MeasureReview, verdict: str) -> str:
    """Say in words what the chart shows, for those who cannot see it."""
    unit = review.measure.unit
    parts = [f"XmR chart of {review.measure.name or review.measure.id}, {review.team}: {verdict}."]
    if review.value is not None:
        latest = with_unit(number(review.value, review.decimals), unit)
        parts.append(f"{review.period.label[0].upper()}{review.period.label[1:]}: {latest}.")
    limits = shown_limits(review.measure, *review.limits)
    if limits:
        centre = number(float(review.points["centre"].iloc[-1]), review.decimals)
        low, high = (number(end, review.decimals) for end in limits)
        parts.append(f"Average {centre}, limits {low} to {high}.")
    outside = [Period.parse(one, review.period.frequency).short for one in review.outside]
    if outside:
        more = f" and {len(outside) - 6} earlier" if len(outside) > 6 else ""
        parts.append(f"Outside the limits: {', '.join(outside[-6:])}{more}.")
    if review.target:
        parts.append(f"Target {with_unit(target_number(review.target, review.measure), unit)}.")
    return " ".join(parts)
