"""The design check of one measure, of a wording, of a team's board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kpi_analysis.definitions.lint.field_rules import FIELD_RULES
from kpi_analysis.definitions.lint.name_rules import NAME_RULES, activity
from kpi_analysis.definitions.lint.result_rules import RESULT_RULES
from kpi_analysis.definitions.lint.rule import About, Hit, MeasureRule, WordRule
from kpi_analysis.definitions.lint.text import words
from kpi_analysis.definitions.lint.words import ACTIVITIES
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.parts import Statistic, Status
from kpi_analysis.errors import Finding, Level

WORD_RULES = (*RESULT_RULES, *NAME_RULES)
RULES: tuple[WordRule | MeasureRule, ...] = (*WORD_RULES, *FIELD_RULES)
"""Every rule that one definition alone decides, in the order of their findings."""

OTHER_RULES = (
    *("C04", "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "G03"),
    *("P01", "P02", "P03", "P04", "P05"),
)
"""Rules decided elsewhere: from the data, the results map or the set of a team's measures."""

_REACHED = (Status.DRAFT, Status.TRIAL, Status.ACTIVE)


def lint_wording(about: About, text: str) -> tuple[tuple[str, Hit], ...]:
    """Check a wording alone: the rules that it trips, with what they found."""
    rules = (rule for rule in WORD_RULES if rule.about is about)
    return tuple((rule.id, hit) for rule in rules if (hit := rule.check(text)))


def lint_measure(
    measure: Measure, on: date | None = None, *, others: Iterable[Measure] = ()
) -> tuple[Finding, ...]:
    """Check the design of one measure, as far as its status asks for it.

    `on` is the day from which a review date counts as overdue; None: that is not looked at.
    `others` are the measures of its result: beside one that counts no effort, a count of effort
    may stand (M04). Findings that the file silences are given too, with the reason.
    """
    if measure.status is Status.RETIRED:
        return ()
    found = [*_words(measure, others), *_fields(measure), *_overdue(measure, on)]
    return (*found, *_unknown_silences(measure), *_misplaced_changes(measure))


def _words(measure: Measure, others: Iterable[Measure]) -> Iterator[Finding]:
    texts = {About.RESULT: measure.result, About.NAME: measure.name}
    for rule in WORD_RULES:
        hit = rule.check(texts[rule.about]) if texts[rule.about] else None
        if hit and rule.id == "M04" and _has_outcome(others, measure):
            continue  # what comes of the effort is measured too
        if hit:
            yield _finding(measure, rule.id, rule.level, rule.about.value, hit, rule.why)


def _has_outcome(others: Iterable[Measure], measure: Measure) -> bool:
    return any(not activity(one.name) for one in others if one.id != measure.id)


def _fields(measure: Measure) -> Iterator[Finding]:
    come_to = _REACHED.index(measure.status)
    for rule in FIELD_RULES:
        hit = rule.check(measure) if _REACHED.index(rule.since) <= come_to else None
        if hit:
            yield _finding(measure, rule.id, rule.level, hit.field or rule.field, hit, rule.why)


def _overdue(measure: Measure, on: date | None) -> Iterator[Finding]:
    if on and measure.review_on and measure.review_on < on and measure.status is Status.ACTIVE:
        hit = Hit(
            f"was to be looked at again on {measure.review_on}", "Is it still needed? By whom?"
        )
        why = "priorities move on, and the measure stays"
        yield _finding(measure, "G04", Level.WARNING, "review_on", hit, why)


def _finding(measure: Measure, rule: str, level: Level, field: str, hit: Hit, why: str) -> Finding:
    subject = f"{field} " if field in set(About) else ""
    line, column = measure.place(field) or measure.place("id") or (1, 1)
    return Finding(
        *(level, rule, f"{subject}{hit.found}: {why}", measure.file, line, column, field),
        measure=measure.id,
        better=hit.better,
        silenced=measure.silence.get(rule),
    )


def _unknown_silences(measure: Measure) -> Iterator[Finding]:
    known = [*(rule.id for rule in RULES), *OTHER_RULES]
    for name in measure.silence:
        if name not in known:
            better = nearest(name, known)
            message = f"silence names the unknown rule '{name}'{did_you_mean(better)}"
            yield _plain(measure, Level.ERROR, f"silence.{name}", message, better)


def _misplaced_changes(measure: Measure) -> Iterator[Finding]:
    if measure.chart.changes:
        message = (
            "chart.changes is not read, because one definition may serve many teams: write the"
            " change into limit_changes.csv (team, measure, from, reason, known,"
            " expected_to_last, by, on)"
        )
        yield _plain(measure, Level.WARNING, "chart.changes", message, None)


def _plain(measure: Measure, level: Level, field: str, message: str, better: str | None) -> Finding:
    line, column = measure.place(field) or (1, 1)
    return Finding(
        *(level, "schema", message, measure.file, line, column, field, measure.id), better=better
    )


def lint_board(team: str, measures: Sequence[Measure], limit: int) -> tuple[Finding, ...]:
    """Check the set of a team's measures; `limit` is the most that a board holds (P01, P05)."""
    active = [one for one in measures if one.status is Status.ACTIVE]
    found = []
    if len(active) > limit:
        message = (
            f"team '{team}' has {len(active)} active measures on its board, more than {limit}:"
            " vital few"
        )
        question = "Which of them led to a decision of late?"
        found.append(Finding(Level.WARNING, "P01", message, team=team, better=question))
    kinds = {_kind(one) for one in active}
    if len(active) >= 3 and len(kinds) == 1 and kinds <= {"activity", "cost"}:
        message = (
            f"team '{team}' has measures of one kind only ({kinds.pop()}): none shows what comes"
            " of it"
        )
        question = "What do those notice for whom the work is done?"
        found.append(Finding(Level.QUESTION, "P05", message, team=team, better=question))
    return tuple(found)


def _kind(measure: Measure) -> str:
    said = set(words(measure.name))
    if said & {"cost", "costs", "spend", "price", "budget"}:
        return "cost"
    is_volume = measure.calculation.statistic in (Statistic.COUNT, Statistic.SUM)
    return "activity" if is_volume or said & ACTIVITIES else "outcome"
