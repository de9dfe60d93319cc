"""Is the KPI system itself healthy? Sixteen indicators of practice, each with what it cannot tell.

They follow the sixteen answers of the published polls (records.polls), by the same ids. An
indicator counts what people wrote down; a poll counts opinions, so the two are never compared.
There is no total and no judgement: every row is a question with its figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import health_rows as rows
from kpi_analysis.review.health_rows import Basis, Count
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.signals.shares import Interval, wilson

NOT_RECORDED = "not recorded"
FEWEST = 5
"""Fewer reactions than this are not shown: they would show who said what."""
COLUMNS = ("id", "indicator", "numerator", "n", "percent", "low", "high", "note", "cannot tell")


@dataclass(frozen=True)
class Question:
    """What an indicator asks, the file it is read from ("": definitions and values alone)."""

    id: str
    words: str
    file: str
    cannot_tell: str
    private: bool = False  # held back below FEWEST


QUESTIONS = (
    Question("S1", "actions past their check date that a signal in the wanted direction followed",
             "actions", "whether the action was the cause"),
    Question("S2", "measures whose result leads up to a result of the organisation", "results",
             "whether the strategy is right"),
    Question("S3", "board and gemba reviews with a decision written down", "reviews",
             "how attentive a review was"),
    Question("S4", "measures that name an owner and with whom they were designed", "",
             "whether the owner works in the team, and whether it feels like theirs"),
    Question("W1", "responses due that were recorded within their days", "actions",
             "how good a response was; targets always missed have no first day: not counted"),
    Question("W2", "measures that name a side effect and a guard against it", "",
             "what anyone intends"),
    Question("W3", "periods with a value that could be read", "",
             "whether the source is right"),
    Question("W4", "reactions that say yes, it reflects our work", "reactions",
             "silent disagreement", private=True),
    Question("O1", "actions that began in the team and lie in its own hands", "actions",
             "how free the team is"),
    Question("O2", "actions whose cause somebody checked", "actions",
             "how good the coaching is"),
    Question("O3", "measures with a value for this period and a verdict", "",
             "whether anyone looks"),
    Question("O4", "goals without a measure and measures without a goal, of all of both", "results",
             "which of them matter"),
    Question("T1", "escalations that were answered", "actions",
             "whether it is sincere"),
    Question("T2", "reactions that came with words", "reactions",
             "resistance: it cannot be read from records", private=True),
    Question("T3", "measures whose day of review has passed", "",
             "whether a change of priorities was wise"),
    Question("T4", "measures on boards without action, event or reaction in six periods", "",
             "whether people are tired"),
)  # fmt: skip

_COUNTS = {
    "S1": rows.followed, "S2": rows.aligned, "S3": rows.decided, "S4": rows.owned,
    "W1": rows.answered_in_time, "W2": rows.guarded, "W3": rows.read, "W4": rows.reflects,
    "O1": rows.own_hands, "O2": rows.cause_checked, "O3": rows.current, "O4": rows.orphans,
    "T1": rows.escalations, "T2": rows.with_words, "T3": rows.review_passed, "T4": rows.unused,
}  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One indicator; `count` is None where its file is absent, or where too few would show."""

    question: Question
    count: Count | None
    note: str

    @property
    def interval(self) -> Interval | None:
        """The Wilson interval of the share, 0 to 1; None where there is nothing to share."""
        if self.count is None or self.count.n == 0:
            return None
        return wilson(self.count.numerator / self.count.n, self.count.n)

    @property
    def sentence(self) -> str:
        """The indicator in one line, never 0 % where nothing is recorded."""
        if self.count is None:
            return f"{self.question.words}: {self.note}"
        if self.interval is None:
            return f"{self.question.words}: none so far"
        low, high = (round(100 * one) for one in self.interval)
        share = round(100 * self.count.numerator / self.count.n)
        figures = f"{self.count.numerator} of {self.count.n}, {share} % ({low} to {high})"
        return f"{self.question.words}: {figures}" + (f"; {self.note}" if self.note else "")


@dataclass(frozen=True)
class Health:
    """The indicators of one organisation at the end of a period, in the order of the polls."""

    period: Period
    indicators: tuple[Indicator, ...]

    def __getitem__(self, name: str) -> Indicator:
        """Give an indicator by its id, such as W1."""
        return next(one for one in self.indicators if one.question.id == name)

    @property
    def table(self) -> pd.DataFrame:
        """A row an indicator: COLUMNS; percent, low and high are empty where there is no n."""
        found = [
            (one.question.id, one.question.words,
             one.count.numerator if one.count else None, one.count.n if one.count else None,
             *_percents(one), one.note, one.question.cannot_tell)
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


def health(workspace: Workspace, period: Period | str) -> Health:
    """Count the sixteen indicators at the end of a period, from the workspace's own files.

    What people wrote after that day is not read. Raises KpiError for a period that is none.
    """
    at = period if isinstance(period, Period) else Period.parse(period)
    basis = Basis(workspace, at, review_teams(workspace, at))
    return Health(at, tuple(_indicator(one, basis) for one in QUESTIONS))


def _indicator(question: Question, basis: Basis) -> Indicator:
    if question.file and not basis.has(question.file):
        return Indicator(question, None, NOT_RECORDED)
    count = _COUNTS[question.id](basis)
    if question.private and 0 < count.n < FEWEST:
        return Indicator(question, None, f"fewer than {FEWEST}: not shown")
    return Indicator(question, count, count.note)
