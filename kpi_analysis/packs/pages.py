"""The parts of a team's pack, as the notebook shows them one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import Finding, Level
from kpi_analysis.packs.html import Html, render, style_sheet
from kpi_analysis.packs.shared import review_team
from kpi_analysis.periods import Period
from kpi_analysis.records.logs import rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.questions import questions
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.rules import rule_set
from kpi_analysis.version import VERSION


@dataclass(frozen=True)
class MeasurePart:
    """One measure as the templates show it: its review, its picture and its sentences."""

    review: MeasureReview
    picture: Picture

    @property
    def measure(self) -> Measure:
        """The definition."""
        return self.review.measure

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.measure.name or self.measure.id

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
    def expectation(self) -> str:
        """What the limits mean for the periods to come; empty where it is not judged."""
        return wording.outlook(self.review)

    @property
    def response(self) -> str:
        """Whether a response is recorded; empty where none is owed."""
        return wording.response_words(self.review)

    @property
    def rule(self) -> str:
        """What the definition's response rule asks for."""
        return wording.rule_words(self.review.answer)

    @property
    def open_actions(self) -> list[dict[str, Any]]:
        """The open actions on the measure, as rows of the action log."""
        return [row for row in rows_of(self.review.recorded.actions) if not row["closed"]]

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
        return [f"{row['from']}: new limits, {row['reason']}" for row in changes]

    @property
    def definition(self) -> list[tuple[str, str]]:
        """The definition in short, and where the figures come from."""
        return wording.definition_words(self.measure, self.review.target)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was noted beside the values within the chart's time."""
        begin, end = self.review.first_period.start, self.review.period.end
        rows = rows_of(self.review.recorded.events)
        return [row for row in rows if row["date"] and begin <= row["date"] <= end]

    @property
    def questions(self) -> tuple[str, ...]:
        """Three questions that fit the state."""
        return questions(self.review)


@dataclass(frozen=True)
class TeamPack:
    """A team's review pack; `board`, `details` and `reading` are its pages."""

    workspace: Workspace
    review: TeamReview
    made_on: str

    @cached_property
    def parts(self) -> tuple[MeasurePart, ...]:
        """The measures in the order of what waits, each drawn once."""
        return tuple(MeasurePart(one, picture(one)) for one in self.review.measures)

    @property
    def style(self) -> Html:
        """The style sheet, for reading the notebook itself; the page brings its own."""
        return Html(Markup("<style>{}</style>").format(Markup(style_sheet())), "style sheet")  # noqa: S704 our own file

    @property
    def board(self) -> Html:
        """The one-glance page: are we winning or losing, and what is owed."""
        return self._html("parts/board.html", self.review.headline)

    @property
    def details(self) -> Html:
        """A page for each measure: what it is doing, why, and what now."""
        return self._html("parts/details.html", f"{len(self.parts)} measures")

    @property
    def reading(self) -> Html:
        """How to read the pack, and how it was made."""
        return self._html("parts/reading.html", "How to read this pack")

    @property
    def method(self) -> str:
        """The rule set and the baseline, in a sentence."""
        settings = self.workspace.settings
        return wording.method_words(settings.rules, settings.baseline)

    @property
    def signal_words(self) -> str:
        """What counts as a signal under the rule set of the workspace."""
        return wording.rule_set_words(rule_set(self.workspace.settings.rules))

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Errors and gaps that touch this team, or cannot be told to belong to any."""
        return tuple(
            one
            for one in self.workspace.findings
            if one.team in (None, self.review.id) and one.level is not Level.QUESTION
        )

    def _html(self, template: str, text: str) -> Html:
        return Html(render(template, pack=self, review=self.review, version=VERSION), text)


def team_pack(workspace: str | Path, team: str, period: str, made_on: str = "") -> TeamPack:
    """Open a workspace and review one team at one period ("2025-03").

    `made_on` is the day printed at the foot of the page. Raises KpiError for a workspace, team or
    period that cannot be read.
    """
    opened, review = review_team(workspace, team, Period.parse(period))
    return TeamPack(opened, review, made_on)
