"""The design check's rules that the figures decide: one small function a rule.

They hold for measures in the packs, at the newest day of the workspace. What the figures of one
series say comes from the trust station; the rest from the logs and from the team's other measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

import numpy as np

from kpi_analysis.definitions.measures import Audience
from kpi_analysis.errors import Finding, Level
from kpi_analysis.records.logs import published_values
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.alike import alike
from kpi_analysis.review.in_use import REVIEWS, unused_since
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.notch import QUESTION, beside_target, beside_words, own_values
from kpi_analysis.review.restatements import restatements
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.verdict import Group
from kpi_analysis.signals.trust import TrustKind

OF_FIGURES = {
    "D01": "gaps", "D02": "few values", "D03": "few cases", "D04": "few distinct values",
    "D05": "restatements", "D07": "lateness", "D08": "a season",
}  # fmt: skip
"""What the other rules of the figures are about, where the definition sets one aside."""
FEW_CASES = 10  # of fewer, one moves a percentage by more than ten points
RECENT = 12  # values that are looked through for few cases
SKEWED = 1.5  # mean over median of raw records, from which few cases drive the mean
LEAST_CASES = 30  # fewer raw records have no shape to speak of
GOOD = (Group.WINNING, Group.STEADY, Group.IMPROVING)

_OF_TRUST = {
    TrustKind.TOO_FEW: (
        "D02", Level.WARNING, "wait for more values, or collect those of the past"),
    TrustKind.PROVISIONAL: ("D02", Level.WARNING, "read its signals with care until then"),
    TrustKind.CHUNKY: ("D04", Level.WARNING, "count over longer periods, or days between cases"),
    TrustKind.SEASON: ("D08", Level.QUESTION, "is there a season? say so in season"),
}  # fmt: skip


def data_findings(
    workspace: Workspace,
    reviews: dict[str, TeamReview],
    earlier: Callable[[TeamReview], Iterable[TeamReview]],
) -> Iterator[Finding]:
    """Give what the figures ask about the measures in use.

    `reviews` are as of now; `earlier` gives those of the periods before, newest first.
    """
    newest = max((one.period.end for review in reviews.values() for one in review.measures),
                 default=None)  # fmt: skip
    published, _ = published_values(workspace.published)
    for together in _together(reviews):
        yield from bunched(together)
    for review in reviews.values():
        for one in review.measures:
            yield from _of_figures(one)
            yield from _few_cases(one, workspace)
            yield from skewed(one, workspace)
            yield from _restated(one, published.get((one.team, one.measure.id), {}))
            yield from _late(one, newest)
            yield from unused(one, workspace)
        yield from all_good(review, earlier)
        yield from _alike(review)


def _finding(
    one: MeasureReview, rule: str, level: Level, message: str, better: str, field: str = "data"
) -> Finding:
    place = one.measure.place(field) or one.measure.place("id")
    line, column = place or (None, None)
    return Finding(
        level,
        rule,
        f"'{one.measure.id}', team '{one.team}': {message}",
        file=one.measure.file,
        line=line,
        column=column,
        field=field,
        measure=one.measure.id,
        team=one.team,
        better=better,
        silenced=one.measure.silence.get(rule),
    )


def _of_figures(one: MeasureReview) -> Iterator[Finding]:
    for found in one.trusted:
        if found.kind in _OF_TRUST:
            rule, level, better = _OF_TRUST[found.kind]
            yield _finding(one, rule, level, found.message, better)


def _few_cases(one: MeasureReview, workspace: Workspace) -> Iterator[Finding]:
    """Warn of recent values of few cases, those that are held back among them."""
    least = max(FEW_CASES, workspace.settings.discloses_from)
    rows = workspace.series[one.team, one.measure.id].values
    cases = rows.loc[rows["period"] <= str(one.period), "denominator"].tail(RECENT)
    small = int(((cases > 0) & (cases < least)).sum())
    if small:
        message = f"{small} of its last {len(cases)} values rest on fewer than {least} cases"
        yield _finding(
            one, "D03", Level.WARNING, message, "combine periods, or count days between cases"
        )


def skewed(one: MeasureReview, workspace: Workspace) -> Iterator[Finding]:
    """Warn where few cases drive the mean, by the raw records behind it."""
    shape = workspace.series[one.team, one.measure.id].shape
    if shape is None or shape.cases < LEAST_CASES or (shape.skew or 0.0) <= SKEWED:
        return
    places = max(one.decimals, 1)
    mean, median = (wording.number(each, places) for each in (shape.mean, shape.median))
    message = (
        f"the mean of its {shape.cases:,} records is {wording.with_unit(mean, one.measure.unit)}, "
        f"their median {median}: few cases drive the mean"
    )
    better = "plot the median as well, or the share over a limit?"
    yield _finding(one, "C04", Level.WARNING, message, better, "calculation")


def bunched(together: Sequence[MeasureReview]) -> Iterator[Finding]:
    """Ask about a heap just on the good side of a measure's target, in the values of its teams."""
    one = max(together, key=lambda each: each.period.end)
    values = np.concatenate([own_values(each) for each in together])
    found = beside_target(one.measure, one.period.end, values)
    if found is not None and found.is_notable:
        message = beside_words(found, one.decimals)
        message = message[0].lower() + message[1:].removesuffix(".")
        finding = _finding(one, "D06", Level.QUESTION, message, QUESTION, "target")
        yield finding if len(together) == 1 else _of_teams(finding, len(together), message)


def _of_teams(finding: Finding, teams: int, message: str) -> Finding:
    words = f"'{finding.measure}', {teams} teams together: {message}"
    return replace(finding, message=words, team=None)


def _together(reviews: Mapping[str, TeamReview]) -> Iterator[Sequence[MeasureReview]]:
    """Give the reviews of each measure; what is a team's own stands alone."""
    pooled: dict[str, list[MeasureReview]] = {}
    for review in reviews.values():
        for one in review.measures:
            is_own = one.measure.audience is Audience.TEAM
            pooled.setdefault(f"{one.measure.id} {one.team if is_own else ''}", []).append(one)
    return iter(pooled.values())


def _restated(one: MeasureReview, published: Mapping[str, float]) -> Iterator[Finding]:
    changed = restatements(one, published)
    silent = [str(each.period) for each in changed if not each.note]
    if silent:
        message = f"differs from what was published, without a note, for {', '.join(silent)}"
        yield _finding(one, "D05", Level.WARNING, message, "note the reason in events.csv")


def _late(one: MeasureReview, newest: date | None) -> Iterator[Finding]:
    lag = one.measure.data.lag_days or 0
    due = one.period.next().end
    if newest and (newest - due).days > lag:
        message = f"the newest value is of {one.period.label}, and others go to {newest}"
        yield _finding(one, "D07", Level.WARNING, message, "collect what is missing, or retire it")


def unused(one: MeasureReview, workspace: Workspace) -> Iterator[Finding]:
    """Ask after a measure of which nobody wrote since the team's sixth review from the end."""
    if unused_since(one, workspace):
        message = f"led to no action, event or reaction in the last {REVIEWS} reviews"
        yield _finding(one, "P02", Level.WARNING, message, "which decision does it serve?")


def all_good(
    review: TeamReview, earlier: Callable[[TeamReview], Iterable[TeamReview]]
) -> Iterator[Finding]:
    """Ask what could go wrong where all measures were in a good state for so many reviews.

    `earlier` gives the team's reviews of the periods before, newest first; as soon as one of
    them is not good, no other is asked for.
    """
    if len(review.measures) < 2 or not _is_good(review):
        return
    if len(list(takewhile(_is_good, earlier(review)))) >= REVIEWS - 1:
        message = f"team '{review.id}': every measure was in a good state for {REVIEWS} reviews"
        better = "what could go wrong that none of them would show?"
        yield Finding(Level.QUESTION, "P03", message, team=review.id, better=better)


def _is_good(review: TeamReview) -> bool:
    return all(one.verdict.group in GOOD for one in review.measures)


def _alike(review: TeamReview) -> Iterator[Finding]:
    for one, other, likeness in alike(review):
        message = f"moves with '{other.measure.id}' (rank correlation {likeness:.2f})"
        yield _finding(one, "P04", Level.QUESTION, message, "would one of the two do?")
