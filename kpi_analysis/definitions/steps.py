"""The next small step for an unfinished measure: one thing for the next quarter of an hour.

The order is that of the second source: one well-worded result, its evidence and a measure of it,
the data in a sheet, a first chart, one other person who sees it; then what makes it a habit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpi_analysis.definitions.lint.check import lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.parts import Calculation, Response, Status

# Field -> what to do while it is empty, in this order.
_TO_TRIAL = {
    "evidence": "write down what you would see, hear or count if the result were so (evidence)",
    "name": "name the measure: statistic, thing and period, such as 'Median days from request to"
    " repair, by month' (name)",
    "better": "say which way is better: higher, lower or neutral (better)",
    "unit": 'write what a value counts, such as "%" or days (unit)',
    "frequency": "say how often there is a value: day, week, month or quarter (frequency)",
    "calculation": "write how a value is worked out, so that somebody else could (calculation)",
    "data": "put the values into a sheet: team, measure, period, value; then say who collects them"
    " (data)",
}
_TO_ACTIVE = {
    "designed_with": "show the chart to one person who does the work, and write down who"
    " (designed_with)",
    "could_cause": "ask what harm chasing the number could cause (could_cause)",
    "guards": "name a measure that would show that harm, or write guards: [] if there is none"
    " (guards)",
    "owner": "agree on a role in the team that answers for it (owner)",
    "response": "write who does what first, and within how many days, at a signal (response)",
    "result_id": "find the result of results.yml that it shows (result_id)",
    "valid_range": "write which values are possible (valid_range)",
    "audience": "say who sees it: team, leaders or public (audience)",
    "review_on": "set a day within a year on which it is looked at again (review_on)",
    "valid_from": "write from which day this definition holds (valid_from)",
    "version": "write version: 1; it grows when the definition changes (version)",
}


def next_step(measure: Measure, *, has_values: bool = True, on: date | None = None) -> str:
    """Give the next step in one sentence; empty where nothing is left to do.

    `has_values` says whether there is anything to chart, `on` from which day a review date counts
    as overdue (None: that is not looked at).
    """
    if measure.status is Status.RETIRED:
        return ""
    if measure.status is Status.DRAFT:
        reworded = _rewording(measure)
        step = reworded or _first_empty(measure, _TO_TRIAL)
        return step or "set status: trial, and look at the first chart together"
    step = _first_empty(measure, _TO_TRIAL)
    if not step and not has_values:
        return "write down its first values (team, measure, period, value): there is no chart yet"
    step = step or _first_empty(measure, _TO_ACTIVE)
    if step or measure.status is Status.TRIAL:
        return step or "set status: active: it goes into the packs"
    if on and measure.review_on and measure.review_on < on:
        return f"look at it again together: that was to be on {measure.review_on} (review_on)"
    return ""


def _rewording(measure: Measure) -> str:
    found = lint_wording(About.RESULT, measure.result)
    hit = next((hit for rule, hit in found if rule not in measure.silence), None)
    return f"reword the result, which {hit.found}: {hit.better}" if hit else ""


def why_no_chart(measures: Iterable[Measure]) -> str:
    """Say why none of these measures has a chart: none is written, or none is past draft."""
    written = [one for one in measures if one.file]
    drafts = [one.id for one in written if one.status is Status.DRAFT]
    if not written:
        return "no measure is defined yet: write measures/<id>.yml"
    if len(drafts) < len(written):
        return "no values for any measure: there is nothing to review"
    n = len(drafts)
    which = f"{drafts[0]} is a draft" if n == 1 else f"all {n} measures are drafts"
    return f"{which}: set status: trial to see a chart (kpi next says what comes before that)"


def _first_empty(measure: Measure, steps: dict[str, str]) -> str:
    written = {name for name in measure.model_fields_set if getattr(measure, name) != ""}
    empty = (field for field in steps if field not in written or _hollow(measure, field))
    return steps.get(next(empty, ""), "")


def _hollow(measure: Measure, field: str) -> bool:
    """Tell whether a list or group that must hold something was written as an empty one."""
    return field not in ("guards",) and getattr(measure, field) in ((), Calculation(), Response())
