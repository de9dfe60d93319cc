"""The sentences of benchlearning: what was laid together, who could ask whom, what differs.

Processes are the subject; nothing is called a cause, and no team stands above another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpi_analysis.review import wording
from kpi_analysis.review.benchlearning import Comparison
from kpi_analysis.review.benchlearning_visits import LearningVisit
from kpi_analysis.review.funnel_picture import sentences

QUESTIONS = (
    "What do they count, and do we count the same?",
    "Who comes to them, and who comes to us?",
    "What do they do that we do not, and since when?",
    "What would we try first, and what should our chart then show?",
)
"""What to ask on a visit: differences in counting and in cases come before those in the work."""


def answer(found: Sequence[Comparison]) -> str:
    """Say in one line who could learn from whom, over all measures."""
    if not found:
        return "No measure that leaves its team is counted by two teams: nothing to lay together."
    asked = {(one.measure.id, each.better.team) for one in found for each in one.pairs}
    asking = {each.wanting.team for one in found for each in one.pairs}
    if not asked:
        measures = wording.plural(len(found), "measure")
        return f"Teams share {measures}; at present nobody is pointed to anybody."
    teams = wording.plural(len(asking), "team")
    has = "has" if len(asking) == 1 else "have"
    better = "1 process is" if len(asked) == 1 else f"{len(asked)} processes are"
    return f"{teams} {has} a reason to ask; {better} predictably better."


def laid_words(one: Comparison) -> str:
    """Say over which periods and by which version of the definition teams are laid together."""
    laid = one.stretch
    begin = "" if laid.first == laid.last else f"{laid.first.label} to "
    teams = wording.plural(len(one.teams), "team")
    return f"{teams}, {begin}{laid.last.label}, version {laid.version} of the definition."


def funnel_words(one: Comparison) -> tuple[str, ...]:
    """Say how far teams differ, or why that cannot be told."""
    return sentences(one.laid.funnel) if one.laid.funnel else (one.laid.why_not,)


def not_compared(one: Comparison) -> Iterator[str]:
    """Name the teams that are not in the funnel, each with the reason."""
    for team, reason in one.laid.left_out:
        yield f"{one.names[team]}: {reason}"
    for team, version in one.others:
        yield f"{one.names[team]}: counts by version {version} of the definition"


def beyond_words(one: Comparison) -> str:
    """Name the teams beyond the limits on the good side whose own charts are not settled."""
    names = [
        f"{one.names[each.team]} ({each.label[0].lower()}{each.label[1:]})"
        for each in one.beyond
        if not each.is_predictable
    ]
    if not names:
        return ""
    lie = "lies" if len(names) == 1 else "lie"
    chart = "its own chart shows" if len(names) == 1 else "their own charts show"
    which = f"{chart} signals in these periods: {'; '.join(names)}."
    return f"Also {lie} beyond the limits on the good side, but {which}"


def no_pair_words(one: Comparison) -> str:
    """Say why nobody is pointed to anybody."""
    if one.laid.funnel is None:
        return "Without a funnel nobody is pointed to anybody: look at the charts, and ask."
    if one.beyond:
        return "No process beyond the limits on the good side is predictable: nobody to point to."
    return "No process lies beyond the limits on the good side: nobody to point to."


def size_words(one: Comparison, team: str) -> str:
    """Say how many cases a team's stretch holds."""
    cases = one.measure.calculation.denominator or "cases"
    return f"{one.laid.sizes[team]:,.0f} {cases}"


def visit_words(visit: LearningVisit, one: Comparison) -> str:
    """Say who went to see whom, what they will try, and what their chart did afterwards."""
    went = one.names.get(visit.visitor, visit.visitor)
    seen = one.names.get(visit.visited, visit.visited) or "a team that is not named"
    decided = f"; to try: {visit.decided}" if visit.decided else ""
    after = visit.after or "no chart to look at afterwards"
    return f"{wording.day(visit.day)}: {went} went to see {seen}{decided}. Chart since: {after}."
