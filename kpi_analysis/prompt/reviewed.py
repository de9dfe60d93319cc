"""A measure of a team, reviewed: its points, its signals, its reading, its picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import DefinitionError
from kpi_analysis.packs.parts import MeasurePart
from kpi_analysis.periods import Order, Period
from kpi_analysis.prompt.reading import Reading, reading_of
from kpi_analysis.records.collect import LONE_TEAM
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.team_review import TeamReview

SIGNALS = ("rule", "kind", "first", "last", "points", "words")
"""Columns of `Reviewed.signals`: `first` and `last` are periods as text."""


@dataclass(frozen=True)
class Reviewed:
    """One measure of one team, read at `period` (None: at its latest value).

    `rules` is a rule set to judge it under; empty: that of its definition.
    """

    workspace: Workspace
    team: str
    id: str
    period: Period | None = None
    rules: str = ""

    @cached_property
    def board(self) -> TeamReview:
        """The review of the whole team: the measure stands among its guards."""
        reviews = review_teams(
            self.workspace, self.period, teams=[self.team], rules=self.rules or None
        )
        if self.team not in reviews:
            raise self._not_reviewed
        return reviews[self.team]

    @cached_property
    def judged(self) -> MeasureReview:
        """The review itself, as the packs have it."""
        found = [one for one in self.board.measures if one.measure.id == self.id]
        if not found:
            raise self._not_reviewed
        return found[0]

    @property
    def _not_reviewed(self) -> DefinitionError:
        return DefinitionError(fault(self._why_not(), measure=self.id, team=self.team))

    def _why_not(self) -> str:
        status = self.definition.status
        when = f" up to {self.period.label}" if self.period else ""
        return f"'{self.id}' of team '{self.team}' is {status} and has no review{when}: " + (
            "charts begin at status trial" if status == "draft" else "look at its values"
        )

    @cached_property
    def part(self) -> MeasurePart:
        """The measure as the pack shows it, with its guards: every sentence of its page."""
        guards = {one.measure.id: one for one in self.board.measures}
        own = [guards[name] for name in self.judged.measure.guards if name in guards]
        drawn = tuple((one, picture(one)) for one in own)
        return MeasurePart(self.judged, self.picture, None, (), drawn)

    @cached_property
    def picture(self) -> Picture:
        """Everything the chart shows, worked out."""
        return picture(self.judged)

    @property
    def definition(self) -> Measure:
        """What was decided to be measured, and how."""
        return self.workspace.measures[self.id]

    @property
    def name(self) -> str:
        """The measure's name, or its id while it has none."""
        return self.definition.name or self.id

    @property
    def reading(self) -> Reading:
        """What the numbers say, in sentences; the verdict first."""
        own = "" if self.team == LONE_TEAM else self.team
        return reading_of(self.part, self.workspace.teams[self.team].name or own)

    @property
    def verdict(self) -> str:
        """The verdict in words, such as "Losing ground"."""
        return self.judged.verdict.label

    @property
    def points(self) -> pd.DataFrame:
        """A row a period: value, limits, moving range, side, and a column for each rule.

        The columns are those of `kpi.detect`; the frame is yours to change.
        """
        points = self.judged.points
        return points.assign(period=[self._shown(str(text)) for text in points["period"]])

    def _shown(self, period: str) -> str | int:
        """Give a period as people write it: a place is a number."""
        return int(period) if self.judged.period.frequency is Order.VALUE else period

    @property
    def signals(self) -> pd.DataFrame:
        """A row for each pattern that fired, with the columns of SIGNALS; empty where none did."""
        judged = self.judged
        rows = [
            (
                one.rule,
                one.tone.value,
                self._shown(str(judged.period_at(one.first))),
                self._shown(str(judged.period_at(one.last))),
                one.points,
                wording.pattern_words(one, judged.period_at(one.first)),
            )
            for one in judged.patterns
        ]
        return pd.DataFrame(rows, columns=list(SIGNALS))

    @property
    def questions(self) -> tuple[str, ...]:
        """Three questions to ask, by the state of the measure."""
        return self.part.questions
