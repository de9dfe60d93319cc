"""Is the KPI system itself healthy? Sixteen indicators of practice, each with what it cannot tell.

They follow the sixteen answers of the published polls (records.polls), by the same ids. An
indicator counts what people wrote down; a poll counts opinions, so the two are never compared.
There is no total and no judgement: every row is a question with its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import health_practice as practice
from kpi_analysis.review import health_threat as threat
from kpi_analysis.review import health_weakness as weakness
from kpi_analysis.review.health_basis import Basis
from kpi_analysis.review.health_counts import NOT_RECORDED, Answer, Count, Figure
from kpi_analysis.review.health_questions import Asked, questions
from kpi_analysis.review.health_weakness import FEWEST_REACTIONS
from kpi_analysis.review.reviews import Reviews
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.shares import Interval

COLUMNS = ("id", "question", "indicator", "numerator", "n", "percent", "low", "high", "beside",
           "cannot tell")  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What an indicator asks, what it counts, the file it is read from ("": definitions alone)."""

    id: str
    asks: str
    words: str
    file: str
    cannot_tell: str
    count: Callable[[Basis], Answer]
    private: bool = False  # held back below FEWEST_REACTIONS


QUESTIONS = (
    Question("S1", "Do actions lead to improvement?",
             "actions checked within a year that a signal in the wanted direction followed",
             "actions", "whether the action was the cause", practice.followed),
    Question("S2", "Do measures serve what the organisation wants?",
             "measures whose result leads up to a result of the organisation", "results",
             "whether the strategy is right", practice.aligned),
    Question("S3", "Do reviews come to a decision?",
             "board and gemba reviews with a decision written down", "reviews",
             "how attentive a review was", practice.decided),
    Question("S4", "Whose are the measures?",
             "measures that name an owner and with whom they were designed", "",
             "whether the owner works in the team, and whether it feels like theirs",
             practice.owned),
    Question("W1", "Is a red acted upon?",
             "signals of concern that were answered within their days, of those answered or due",
             "actions", "how good a response was; targets always missed have no first day",
             weakness.answered_in_time),
    Question("W2", "Could a measure lead people astray?",
             "measures that name a side effect and a guard against it", "",
             "what anyone intends", weakness.guarded),
    Question("W3", "Can the figures be trusted?",
             "periods with a value that could be read", "",
             "whether the source is right", weakness.read),
    Question("W4", "Do the measures show the team's work?",
             "reactions that say yes, it reflects our work", "reactions",
             "silent disagreement", weakness.reflects, private=True),
    Question("O1", "Can teams act themselves?",
             "actions that began in the team and lie in its own hands", "actions",
             "how free the team is", practice.own_hands),
    Question("O2", "Are problems worked through?",
             "actions whose cause somebody checked", "actions",
             "how good the coaching is", practice.cause_checked),
    Question("O3", "Are the boards up to date?",
             "measures with a value for this period and a verdict", "",
             "whether anyone looks", practice.current),
    Question("O4", "Which goals and measures stand alone?",
             "goals without a measure and measures without a goal, of all of both", "results",
             "which of them matter", practice.orphans),
    Question("T1", "Do leaders answer, and come to see?",
             "what was put to a leader and answered within the measure's days", "actions",
             "whether it is sincere", threat.escalations),
    Question("T2", "Do people speak up?",
             "reactions that came with words", "reactions",
             "resistance: it cannot be read from records", threat.with_words, private=True),
    Question("T3", "Do priorities shift?",
             "measures whose day of review has passed", "",
             "whether a change of priorities was wise", threat.review_passed),
    Question("T4", "Is there more than anyone uses?",
             "measures on boards without action, event or reaction in six periods", "",
             "whether people are tired", threat.unused),
)  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One indicator; `count` is None where its file is absent, or where too few would show."""

    question: Question
    count: Count | None
    beside: tuple[Figure, ...]
    why_none: str = ""

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of the share, 0 to 1; None where there is nothing to share."""
        return self.count.interval if self.count else None

    @property
    def told(self) -> str:
        """The count in words, or why there is none; never 0 % where nothing is recorded."""
        return self.count.words if self.count else self.why_none

    @property
    def note(self) -> str:
        """The figures beside it, in one line."""
        return "; ".join(one.words for one in self.beside)

    @property
    def sentence(self) -> str:
        """The indicator in one line."""
        return f"{self.question.words}: {self.told}" + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True)
class Health:
    """The indicators of one organisation at the end of a period, in the order of the polls.

    `asked` are nine questions about the boards with their figures.
    """

    period: Period
    indicators: tuple[Indicator, ...]
    asked: tuple[Asked, ...]

    def __getitem__(self, name: str) -> Indicator:
        """Give an indicator by its id, such as W1."""
        return next(one for one in self.indicators if one.question.id == name)

    @property
    def table(self) -> pd.DataFrame:
        """A row an indicator: COLUMNS; percent, low and high are empty where there is no n."""
        found = [
            (one.question.id, one.question.asks, one.question.words,
             one.count.numerator if one.count else None, one.count.n if one.count else None,
             *_percents(one), one.note or one.why_none, one.question.cannot_tell)
            for one in self.indicators
        ]  # fmt: skip
        table = pd.DataFrame(found, columns=list(COLUMNS))
        return table.astype({"numerator": "Int64", "n": "Int64"})

    def _repr_html_(self) -> str:
        head = f"KPI system at {self.period.label}: counts of what is written down, 95 % intervals"
        left = {"text-align": "left", "vertical-align": "top"}
        shown = self.table.style.hide(axis="index").set_caption(head).set_properties(None, **left)
        return str(shown.format(escape="html", precision=0, na_rep="").to_html())

    def __repr__(self) -> str:
        return "\n".join(f"{one.question.id} {one.sentence}" for one in self.indicators)


def _percents(one: Indicator) -> tuple[float | None, float | None, float | None]:
    if one.count is None or one.interval is None:
        return None, None, None
    low, high = one.interval
    return 100 * one.count.numerator / one.count.n, 100 * low, 100 * high


def health(
    workspace: Workspace,
    period: Period | str,
    *,
    reviews: Mapping[str, TeamReview] | None = None,
) -> Health:
    """Count the sixteen indicators at the end of a period, from the workspace's own files.

    What people wrote after that day is not read, and measures that are a team's alone are not
    counted. `reviews` are those of all teams at the period, where they are there already; they are
    gone over once, in their order. Raises KpiError for a period that is none.
    """
    at = period if isinstance(period, Period) else Period.parse(period)
    basis = Basis.of(workspace, at, Reviews(workspace, at) if reviews is None else reviews)
    return Health(at, tuple(_indicator(one, basis) for one in QUESTIONS), questions(basis))


def _indicator(question: Question, basis: Basis) -> Indicator:
    if question.file and not basis.has(question.file):
        beside = tuple(threat.visits(basis)) if question.count is threat.escalations else ()
        return Indicator(question, None, beside, NOT_RECORDED)
    found = question.count(basis)
    if question.private and 0 < found.count.n < FEWEST_REACTIONS:
        return Indicator(question, None, (), f"fewer than {FEWEST_REACTIONS}: not shown")
    return Indicator(question, found.count, found.beside)
