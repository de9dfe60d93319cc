"""Rules decided exactly from the fields of one measure."""

from __future__ import annotations

import re

from kpi_analysis.definitions.lint.rule import Hit, MeasureRule
from kpi_analysis.definitions.lint.text import words
from kpi_analysis.definitions.lint.words import OFFICE_WORDS, OFFICES, TIME_UNITS
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.parts import Better, Duty, Statistic, Status
from kpi_analysis.errors import Level

_WITH_CASES = (Statistic.PERCENTAGE, Statistic.RATE, Statistic.RATIO)
_SPEED_AND_COST = TIME_UNITS | {
    *("time", "wait", "waits", "waiting", "length", "duration", "speed", "cost", "costs", "spend"),
    *("price", "volume", "throughput", "output", "sales", "pounds", "euros", "dollars"),
}
_WITHIN = re.compile(r"\b(within|under|over|in|after|than)\b", re.I)
_SEVERAL = re.compile(r"\b(two|three|four|five|six|\d+|all|whole|several|some|both)\b|\bs\b", re.I)


def no_evidence(measure: Measure) -> Hit | None:
    """R06: nothing that one would see, hear or count."""
    if measure.evidence:
        return None
    return Hit("has no evidence", "If the result were so, what would you see, hear or count?")


def not_computable(measure: Measure) -> Hit | None:
    """C01: no statistic, or a share without its two counts."""
    how = measure.calculation
    if how.statistic is None:
        return Hit("says no statistic", "Which: count, sum, percentage, rate, mean, median ...?")
    if how.statistic in _WITH_CASES and not (how.numerator and how.denominator):
        lacks = "denominator" if how.numerator else "numerator"
        return Hit(f"is a {how.statistic} without a {lacks}", f"What exactly is the {lacks}?")
    return None


def no_range(measure: Measure) -> Hit | None:
    """C02: without a valid range, an impossible value passes."""
    if measure.valid_range or measure.calculation.statistic is None:
        return None
    is_share = measure.calculation.statistic is Statistic.PERCENTAGE
    better = "valid_range: [0, 100]" if is_share else "Which values are impossible?"
    return Hit("has no valid range", better)


def no_scope(measure: Measure) -> Hit | None:
    """C03: which cases are in, and which are out."""
    if measure.calculation.include or measure.calculation.exclude:
        return None
    return Hit("does not say which cases are in and which are out", "Which cases do not count?")


def no_direction(measure: Measure) -> Hit | None:
    """C05: no direction of improvement, or none beside a target."""
    if measure.better is None:
        return Hit("does not say which way is better", "better: higher, lower or neutral?")
    if measure.better is Better.NEUTRAL and measure.target:
        return Hit("has a target, but neither way is better", "better: higher or lower?")
    return None


def bare_target(measure: Measure) -> Hit | None:
    """T01: a target without source, start, or what it applies to."""
    for target in measure.target:
        filled = {"source": target.source, "from": target.start, "applies_to": target.applies_to}
        lacks = [name for name, value in filled.items() if not value]
        if lacks:
            return Hit(
                f"has the target {target.value:g} without {' and '.join(lacks)}",
                "Who set it, from when on, and is it for each value or for the average?",
            )
    return None


def end_of_scale(measure: Measure) -> Hit | None:
    """T02: a target at an end of the scale."""
    ends = {0.0} | ({100.0} if "%" in measure.unit or _is_share(measure) else set())
    at_end = next((one for one in measure.target if one.value in ends), None)
    if at_end is None:
        return None
    return Hit(f"has the target {at_end.value:g}", "What is the next step that would be worth it?")


def _is_share(measure: Measure) -> bool:
    return measure.calculation.statistic is Statistic.PERCENTAGE


def rewarded(measure: Measure) -> Hit | None:
    """T03: a target tied to pay, bonus or appraisal."""
    if not any(target.reward_link for target in measure.target):
        return None
    return Hit("has a target that is tied to a reward", "Untie it: what would people stop hiding?")


def no_side_effect(measure: Measure) -> Hit | None:
    """B01: no harm written that could come of chasing the number."""
    if measure.could_cause:
        return None
    question = "If you had to reach the number at any price, what would you do?"
    return Hit("names no harm that chasing it could cause", question)


def no_guard(measure: Measure) -> Hit | None:
    """B02: speed, volume or cost without a measure that would show the harm."""
    said = {*words(measure.name), *words(measure.unit)}
    periods = {"day", "week", "month", "quarter", "year"}  # "by month" is no measure of time
    by_word = sorted(said & _SPEED_AND_COST - periods)
    if _is_share(measure) and not _WITHIN.search(measure.name):
        by_word = []  # a share of working days measures no speed; one done within days does
    is_volume = measure.calculation.statistic in (Statistic.COUNT, Statistic.SUM)
    if measure.guards or not (by_word or is_volume):
        return None
    kind = f"'{by_word[0]}'" if by_word else f"a {measure.calculation.statistic}"
    return Hit(f"measures {kind} and has no guard", "What must not get worse meanwhile? Guard it.")


def foreign_owner(measure: Measure) -> Hit | None:
    """G01: no owner, or one who keeps figures rather than does the work."""
    if not measure.owner:
        return Hit("has no owner", "Who in the team answers for it?")
    owner = measure.owner.lower()
    if any(office in owner for office in OFFICES) or OFFICE_WORDS & set(words(owner)):
        return Hit(f"is owned by '{measure.owner}'", "Who does the work that it measures?")
    return None


def no_response(measure: Measure) -> Hit | None:
    """G02: nobody named who does something, and by when, at a signal or a missed target."""
    duties = {
        "signal_of_concern": measure.response.signal_of_concern,
        "predictably_missing": measure.response.predictably_missing,
    }
    if not measure.target:
        del duties["predictably_missing"]
    for case, duty in duties.items():
        if not _complete(duty):
            return Hit(
                f"does not say who acts within how many days ({case})",
                "Who does what first, and by when?",
                f"response.{case}",
            )
    return None


def _complete(duty: Duty | None) -> bool:
    return duty is not None and bool(duty.who) and duty.within_days is not None


def no_review_date(measure: Measure) -> Hit | None:
    """G04: nobody will look at the definition again."""
    if measure.review_on:
        return None
    return Hit("has no date on which it is looked at again", "review_on: a day within a year")


def alone(measure: Measure) -> Hit | None:
    """G05: designed by nobody, or by one person."""
    people = measure.designed_with
    if len(people) > 1 or (people and _SEVERAL.search(people[0])):
        return None
    who = f"by '{people[0]}' alone" if people else "with nobody"
    return Hit(f"was designed {who}", "Who does the work, and has seen the chart?")


_E, _W, _Q = Level.ERROR, Level.WARNING, Level.QUESTION
_DRAFT, _TRIAL, _ACTIVE = Status.DRAFT, Status.TRIAL, Status.ACTIVE
FIELD_RULES = (
    MeasureRule("R06", _Q, "evidence", _DRAFT,
        "the measure counts that evidence; without it, it is invented", no_evidence),
    MeasureRule("C01", _E, "calculation", _TRIAL,
        "nobody else could work it out again", not_computable),
    MeasureRule("C02", _W, "valid_range", _TRIAL,
        "an impossible value would pass unseen", no_range),
    MeasureRule("C03", _W, "calculation", _TRIAL,
        "changed exclusions are the quietest way to manage the figures", no_scope),
    MeasureRule("C05", _W, "better", _TRIAL,
        "good and bad signals cannot be told apart", no_direction),
    MeasureRule("T01", _W, "target", _TRIAL,
        "a target is no truth: 'each month' and 'on average' need different processes",
        bare_target),
    MeasureRule("T02", _Q, "target", _TRIAL, "the end of the scale is hardly met twice",
        end_of_scale),
    MeasureRule("T03", _W, "target", _TRIAL,
        "what is rewarded gets managed, wanted or not", rewarded),
    MeasureRule("B01", _W, "could_cause", _TRIAL,
        "every measure can drive wrong behaviour: better to have named it", no_side_effect),
    MeasureRule("B02", _W, "guards", _TRIAL,
        "the cheapest way to hit it is to drop something unmeasured", no_guard),
    MeasureRule("G01", _E, "owner", _ACTIVE,
        "a measure lives where the work is done", foreign_owner),
    MeasureRule("G02", _E, "response", _ACTIVE,
        "if it is red, an action is not optional", no_response),
    MeasureRule("G04", _W, "review_on", _ACTIVE,
        "priorities move on, and the measure stays", no_review_date),
    MeasureRule("G05", _W, "designed_with", _ACTIVE,
        "measures made alone do not reflect the work", alone),
)  # fmt: skip
