"""The sentences around a pack's measures: demands, definitions, restated figures, effort, method.

As in wording, everything returned is plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kpi_analysis.definitions.measures import Measure, Target
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.restatements import Restatement
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.wording import demand_name, number, plural, with_unit
from kpi_analysis.signals.rules import RuleSet

MOST_NAMED = 4
"""Signals in a row with the same answer that a page names one by one."""


def answer_words(review: MeasureReview) -> str:
    """Say what answers earlier signals where the latest point is no red; else empty."""
    if review.verdict.red or not review.answer.owed:
        return ""
    which = "the earlier signal" if len(review.answer.owed) == 1 else "all earlier signals"
    return f"One action, or a limit change with its reason, answers {which}."


def demand_words(review: MeasureReview) -> list[str]:
    """Give a line for each thing a response is owed to, where there are several.

    Many signals in a row with the same answer, or none, share a line.
    """
    demands = review.answer.demands
    if len(demands) < 2:
        return []
    said = []
    for (_, by), group in groupby(demands, key=lambda one: (one.duty, one.answered_by)):
        names = [demand_name(review, one) for one in group]
        if len(names) > MOST_NAMED:
            names = [f"{names[0]} and {len(names) - 1} later ones"]
        said += [f"{name[0].upper()}{name[1:]}: {by or 'no response recorded'}" for name in names]
    return said


def definition_words(measure: Measure, target: Target | None) -> list[tuple[str, str]]:
    """Give the lines of a definition that a reader of the chart needs, each with its term."""
    how = measure.calculation
    counted = f"{how.numerator} / {how.denominator}" if how.denominator else how.formula
    lines = (
        ("Worked out as", f"{how.statistic or ''}: {counted}" if counted else how.statistic or ""),
        ("Left out", "; ".join(how.exclude)),
        ("Source", measure.data.collected_by),
        ("Owner", measure.owner),
        ("Target from", target.source if target else ""),
        ("Could cause", "; ".join(measure.could_cause)),
        ("Known limits", "; ".join(measure.data.known_limits)),
        ("Definition", f"version {measure.version}" if measure.version else ""),
    )
    return [(term, str(words)) for term, words in lines if words]


def restatement_words(review: MeasureReview, one: Restatement) -> str:
    """Say what a published value was and is now, with its note or with none."""
    return f"{review.name}, {restated_words(review, one)}"


def restated_words(review: MeasureReview, one: Restatement) -> str:
    """Say the same where the measure's name stands beside it."""
    places = max(review.decimals, 1)
    now = with_unit(number(one.now, places), review.measure.unit)
    note = f"note: {one.note}" if one.note else "no note"
    was = number(one.published, places)
    return f"{one.period.label}: {was} was published, now {now} ({note})"


def effort_words(hours: Sequence[float], measures: int) -> str:
    """Say what collecting takes in a year; `hours` has those measures that recorded it."""
    if not hours:
        return "How long collecting the figures takes is not recorded."
    rest = measures - len(hours)
    of = "" if not rest else f" ({plural(rest, 'measure')} not recorded)"
    return f"Collecting the figures takes about {number(sum(hours), 0)} hours a year{of}."


def chance_words(rates: Sequence[float]) -> str:
    """Say how many signals to expect by chance alone, and over how many measures."""
    if not rates:
        return "No measure is judged yet."
    n, expected = len(rates), number(sum(rates), 1)
    which = "the one judged measure is" if n == 1 else f"all {n} judged measures are"
    return f"Expect {expected} false signals here if {which} stable."


def method_words(rules: str, baseline: int) -> str:
    """Say how the limits and signals came about."""
    return f"XmR charts, rule set {rules}, limits from the first {baseline} values of each segment."


def rule_set_words(rules: RuleSet) -> str:
    """Say what counts as a signal, in one sentence."""
    near = rules.short_run or rules.two_of_three
    parts = [
        "a value outside the limits",
        f"{rules.long_run} in a row on one side of the average" if rules.long_run else "",
        f"{near.least} of {near.of} in a row near one limit" if near else "",
        f"{rules.trend} in a row rising or falling" if rules.trend else "",
    ]
    said = [part for part in parts if part]
    return f"{', '.join(said[:-1])}, or {said[-1]}." if len(said) > 1 else f"{said[0]}."


def compared_words(before: TeamReview | None, *, kept: bool) -> str:
    """Say what a pack is compared with where the ledger holds no earlier one of the team."""
    if before is None:
        return "There is no earlier review to compare with."
    lack = (
        "published.csv holds no earlier pack of this team"
        if kept
        else "no ledger of published packs is kept (ledger: yes in kpi.yml)"
    )
    return f"Compared with {before.period.label} as today's files have it: {lack}."
