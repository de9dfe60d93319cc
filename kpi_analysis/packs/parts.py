"""One measure as the templates show it: its review, its picture and its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import Finding
from kpi_analysis.records.logs import rows_of
from kpi_analysis.review import pack_wording, wording
from kpi_analysis.review.effort import hours_a_year
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.questions import questions
from kpi_analysis.review.team_review import traded
from kpi_analysis.signals.proposals import FOUR_QUESTIONS
from kpi_analysis.signals.trust import TrustKind

LEAST_REACTIONS = 5  # fewer are not shown: they would tell who said what


@dataclass(frozen=True)
class MeasurePart:
    """One measure of a pack; `voices` counts its reactions, `design` what the check asks."""

    review: MeasureReview
    picture: Picture
    voices: dict[str, int] | None
    design: tuple[Finding, ...]
    guards: tuple[tuple[MeasureReview, Picture], ...] = ()  # of the same team
    doubts: tuple[str, ...] = ()  # values restated, and a heap beside the target
    today: date | None = None  # the last day of the review, which may be later than the measure's

    @property
    def measure(self) -> Measure:
        """The definition."""
        return self.review.measure

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.review.name

    @property
    def kind(self) -> str:
        """The class that colours the verdict; its words say the same."""
        if self.review.verdict.red:
            return "red"
        return self.review.verdict.group.value.replace(" ", "-")

    @property
    def letter(self) -> str:
        """The letter in the badge: the first of the board's word for the verdict."""
        return self.review.verdict.group.value[0].upper()

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.review.points["value"].notna().any())

    @property
    def latest(self) -> str:
        """The latest value with its unit, or a dash."""
        value = self.review.value
        if value is None:
            return "–"
        return wording.with_unit(wording.number(value, self.review.decimals), self.measure.unit)

    @property
    def target(self) -> str:
        """The target with its direction and unit; empty where there is none."""
        target = self.review.target
        if target is None:
            return ""
        return wording.with_unit(wording.target_number(target, self.measure), self.measure.unit)

    @property
    def detail(self) -> str:
        """Why the verdict is as it is."""
        return wording.detail(self.review)

    @property
    def swings(self) -> str:
        """A note that the spread has grown, which the board must not pass over; else empty."""
        found = (one.message for one in self.review.trusted if one.kind is TrustKind.SWINGS)
        return next(found, "")

    @property
    def expectation(self) -> str:
        """What the limits mean for the periods to come; empty where it is not judged."""
        return wording.outlook(self.review)

    @property
    def response(self) -> str:
        """Whether a response is recorded; empty where none is owed."""
        return wording.response_words(self.review)

    @property
    def rule(self) -> str:
        """What the definition's response rule asks for, and for how long it has."""
        return wording.owed_words(self.review, self.today or self.review.period.end)

    @property
    def demands(self) -> list[str]:
        """Each signal that asked for a response, with what answers it, where there are several."""
        return pack_wording.demand_words(self.review)

    @property
    def answering(self) -> str:
        """What answers earlier signals; empty where none is owed, or the latest point is red."""
        return pack_wording.answer_words(self.review)

    @property
    def open_actions(self) -> list[dict[str, Any]]:
        """The open actions on the measure, as rows of the action log."""
        return [row for row in rows_of(self.review.recorded.actions) if not row["closed"]]

    @property
    def causes(self) -> list[str]:
        """What people hold to be the cause, each with who checked it, from the open actions."""
        return [
            wording.cause_words(row["cause"], row["cause_checked_by"])
            for row in self.open_actions
            if row["cause"]
        ]

    @property
    def options(self) -> list[dict[str, Any]]:
        """What could be done, with what speaks for it and against it; decided ones for a period."""
        begin = self.review.period.start
        rows = rows_of(self.review.recorded.options)
        return [row for row in rows if row["decided"] is None or row["decided"] >= begin]

    @property
    def escalated(self) -> list[str]:
        """What waits for an answer from outside the team."""
        return [
            wording.escalation_words(row["escalated_to"], row["escalated_on"])
            for row in self.open_actions
            if row["escalated_on"] and not row["answered_on"]
        ]

    @property
    def answered_by(self) -> str:
        """The action that answers what is owed, as it stands in the response."""
        demands = self.review.answer.demands
        return demands[-1].answered_by if demands else ""

    @property
    def next_checks(self) -> list[str]:
        """Who looks after the open actions, and when their effect is checked."""
        return [
            wording.action_words(row["owner"], row["stage"], row["check_on"])
            for row in self.open_actions
            if row["owner"] or row["check_on"]
        ]

    @property
    def limit_notes(self) -> list[str]:
        """Why the limits start anew where they do."""
        changes = rows_of(self.review.series.limit_changes)
        return [f"{wording.day(row['from'])}: new limits, {row['reason']}" for row in changes]

    @property
    def definition(self) -> list[tuple[str, str]]:
        """The definition in short, and where the figures come from."""
        return pack_wording.definition_words(self.measure, self.review.target)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was noted beside the values within the chart's time."""
        begin, end = self.review.first_period.start, self.review.period.end
        rows = rows_of(self.review.recorded.events)
        return [row for row in rows if row["date"] and begin <= row["date"] <= end]

    @property
    def trade(self) -> str:
        """A note where this measure gets better while a guard of it gets worse."""
        guards = tuple(guard for guard, _ in self.guards)
        return wording.trade_words(traded(self.review, guards))

    @property
    def advice(self) -> str:
        """What the verdict asks for; where a guard pays for it, the trade comes first."""
        return "Check the trade first." if self.trade else self.review.verdict.advice

    @property
    def proposal(self) -> str:
        """The new limits that a lasting run proposes; empty where there are none."""
        return wording.proposal_words(self.review)

    @property
    def four_questions(self) -> tuple[str, ...]:
        """What to ask before limits move."""
        return FOUR_QUESTIONS

    @property
    def questions(self) -> tuple[str, ...]:
        """Three questions that fit the state."""
        return questions(self.review)

    @property
    def values(self) -> str:
        """How many values there are, of how many periods, and which is the newest."""
        valued = self.review.points["value"].notna().to_numpy().nonzero()[0]
        newest = f", newest {self.review.period_at(int(valued[-1])).short}" if len(valued) else ""
        return f"{len(valued)} of {len(self.review.points)}{newest}"

    @property
    def missing(self) -> int:
        """Periods without a value among the last twelve."""
        return int(self.review.points["value"].tail(12).isna().sum())

    @property
    def hours(self) -> str:
        """Hours a year that collecting it takes, as the definition estimates."""
        hours = hours_a_year(self.review)
        return "not recorded" if hours is None else wording.number(hours, 0)

    @property
    def reactions(self) -> str:
        """What people said of it, as counts; a few voices are not told apart."""
        if self.voices is None:
            return "not recorded"
        total = sum(self.voices.values())
        if total < LEAST_REACTIONS:
            return f"fewer than {LEAST_REACTIONS} answers" if total else "no answer yet"
        return ", ".join(f"{answer} {n}" for answer, n in self.voices.items() if n)

    @property
    def is_rewarded(self) -> bool:
        """Whether a target of it is tied to reward."""
        return any(target.reward_link for target in self.measure.target)
