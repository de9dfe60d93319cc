"""Nine questions about the boards that the sources raise, each with its figures and no answer.

Every one has an innocent reading too, and says it: a figure starts a talk, it does not end one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kpi_analysis.definitions.lint.check import lint_board, lint_measure
from kpi_analysis.review.data_check import GOOD
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import NOT_RECORDED, Count, Figure, of
from kpi_analysis.review.health_facts import Board
from kpi_analysis.review.health_practice import orphans
from kpi_analysis.review.health_threat import alarms, effort, visits
from kpi_analysis.review.health_waits import in_time
from kpi_analysis.review.health_weakness import favourable, unexplained_limits
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import Group


@dataclass(frozen=True)
class Asked:
    """A question with its figures, and what else the figures may mean."""

    question: str
    figures: tuple[Figure, ...]
    may_mean: str


def questions(basis: Basis) -> tuple[Asked, ...]:
    """Give the nine questions with what the workspace says on each."""
    return tuple(
        Asked(words, tuple(figures(basis)), may_mean) for words, figures, may_mean in _QUESTIONS
    )


def _good_news(basis: Basis) -> Iterator[Figure]:
    boards = [one for one in basis.boards if len(one.charts) > 1]
    yield Figure("boards on which every measure is in a good state now", of(map(_is_good, boards)))
    yield Figure("measures whose name speaks of good news only", _by_rule(basis, "M08"))


def _is_good(board: Board) -> bool:
    judged = [one.verdict.group for one in board.charts]
    return Group.NOT_JUDGED not in judged and all(one in GOOD for one in judged)


def _by_rule(basis: Basis, rule: str) -> Count:
    return of(any(each.rule == rule for each in lint_measure(one)) for one in basis.active)


def _activity(basis: Basis) -> Iterator[Figure]:
    limit = basis.workspace.settings.board_limit
    found = (lint_board(one.team, [each.measure for each in one.charts], limit)
             for one in basis.boards)  # fmt: skip
    busy = of(any(each.rule == "P05" for each in board) for board in found)
    yield Figure("boards of three or more measures that count activity alone, or cost alone", busy)
    yield Figure("measures whose name counts activity", _by_rule(basis, "M04"))


def _orphans(basis: Basis) -> Sequence[Figure]:
    if not basis.has("results"):
        return (Figure("goals that nothing measures", NOT_RECORDED),)
    return orphans(basis).beside


def _unanswered(basis: Basis) -> Sequence[Figure]:
    if not basis.has("actions"):
        return (Figure("signals of concern still open", NOT_RECORDED),)
    return in_time(basis.reds, basis.day).beside or (
        Figure("signals of concern", "none on the boards"),
    )


def _separate(basis: Basis) -> Sequence[Figure]:
    return [one for one in visits(basis) if "separate" in one.about or one.told == NOT_RECORDED]


def _effort(basis: Basis) -> Sequence[Figure]:
    return (effort(basis),)


def _alarms(basis: Basis) -> Sequence[Figure]:
    return (alarms(basis),)


def _limits(basis: Basis) -> Sequence[Figure]:
    found = unexplained_limits(basis)
    return (Figure("limit changes without a reason", NOT_RECORDED if found is None else found),)


def _restatements(basis: Basis) -> Iterator[Figure]:
    about = "restated values that changed for the better"
    if not basis.has("published"):
        yield Figure(about, NOT_RECORDED)
        return
    ways = [one.tone for one in basis.restated if one.tone is not Tone.CHANGE]
    yield Figure(about, of(one is Tone.IMPROVEMENT for one in ways))
    yield favourable(basis)


_QUESTIONS: tuple[tuple[str, Callable[[Basis], Sequence[Figure] | Iterator[Figure]], str], ...] = (
    ("Do boards hold good news only?", _good_news,
     "all may be well; or nothing on the board could go wrong"),
    ("Do boards count what we do, and not what comes of it?", _activity,
     "a team may be new to its result, and effort is what it can count so far"),
    ("Which goals does nobody measure?", _orphans,
     "a goal may be shown by what its own parts show"),
    ("How long do reds wait for an answer?", _unanswered,
     "people may act and not write it down"),
    ("Do leaders ask for figures beside the boards?", _separate,
     "a law or an owner may ask for them; nobody may write them down"),
    ("What does measuring cost?", _effort,
     "an estimate of those who wrote the definitions; what the figures are worth is not in it"),
    ("How many signals would chance alone give?", _alarms,
     "for processes at rest that vary evenly; others give more"),
    ("Did limits move without a reason?", _limits,
     "the reason may be known to all and not be written down"),
    ("Do corrections mostly make things look better?", _restatements,
     "late returns often come all from one side; of few corrections chance alone makes many alike"),
)  # fmt: skip
