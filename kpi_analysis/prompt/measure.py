"""One measure of one team in hand: its chart, its reading, its points and signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from kpi_analysis.charts import xmr_chart
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.errors import DefinitionError
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.packs.parts import MeasurePart
from kpi_analysis.periods import Order, Period
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.prompt.looks import action_drawing, look_drawing, side_by_side
from kpi_analysis.prompt.page import Page, mini_pack
from kpi_analysis.prompt.reading import Reading, reading_of
from kpi_analysis.prompt.trial import LimitTrial
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.collect import LONE_TEAM
from kpi_analysis.records.logs import ACTIONS, published_values, rows_of
from kpi_analysis.records.sources import fault
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.action_check import check_action
from kpi_analysis.review.compare import Comparison
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.explorer import (
    power_words,
    restated_look,
    run_chart_look,
    season_look,
    shape_look,
)
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.picture import Picture
from kpi_analysis.review.what_if import Change, try_limits
from kpi_analysis.signals.rules import RULE_SETS, rule_set

SIGNALS = ("rule", "kind", "first", "last", "points", "words")
"""Columns of `MeasureView.signals`: `first` and `last` are periods as text."""


@dataclass(frozen=True)
class MeasureView:
    """One measure of one team, read at `period` (None: at its latest value).

    Shown by Jupyter as its chart with the reading, by a terminal as the reading alone.

    >>> import kpi_analysis as kpi
    >>> ward = kpi.open("data/demo")["elm-ward", "ward-falls"]
    >>> print(ward.reading.verdict)
    Steady: if nothing changes, expect 0.5 to 10.4 falls per 1,000 bed days.
    >>> ward.points.columns[:4].tolist()
    ['team', 'measure', 'period', 'value']
    >>> ward.chart().save("falls.png")                                  # doctest: +SKIP
    """

    workspace: Workspace
    team: str
    id: str
    period: Period | None = None

    @cached_property
    def judged(self) -> MeasureReview:
        """The review itself, as the packs have it."""
        reviews = review_teams(self.workspace, self.period, teams=[self.team])
        measures = reviews[self.team].measures if self.team in reviews else ()
        found = [one for one in measures if one.measure.id == self.id]
        if not found:
            raise DefinitionError(fault(self._why_not(), measure=self.id, team=self.team))
        return found[0]

    def _why_not(self) -> str:
        status = self.definition.status
        when = f" up to {self.period.label}" if self.period else ""
        return f"'{self.id}' of team '{self.team}' is {status} and has no review{when}: " + (
            "charts begin at status trial" if status == "draft" else "look at its values"
        )

    @cached_property
    def part(self) -> MeasurePart:
        """The measure as the pack shows it: every sentence of its page."""
        return MeasurePart(self.judged, self.picture, None, ())

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

    def chart(self) -> Drawing:
        """Give the XmR chart; `.save("x.png")`, `.svg` or `.html` writes it."""
        return self._drawing(())

    def finding(self) -> Drawing:
        """Give one finding to pass on: the chart, what it says, and a question."""
        verdict, *rest = self.reading.sentences
        said = [one for one in rest if not one.startswith("Note: ")]
        return self._drawing((verdict, *said, f"A question to ask: {self.questions[0]}"))

    def _drawing(self, sentences: Iterable[str]) -> Drawing:
        shown = self.picture
        return Drawing(
            title=self.reading.title,
            scenes=(xmr_chart.wide(shown),),
            sentences=tuple(sentences),
            phones=(xmr_chart.phone(shown),),
        )

    def run_chart(self) -> Drawing:
        """Give the run chart: the values about their median, and what chance explains."""
        return look_drawing(self.name, run_chart_look(self.judged))

    def rule_sets(self, *names: str) -> Comparison:
        """Judge the series under several rule sets (none named: all), to see what differs."""
        chosen = names or tuple(RULE_SETS)
        return Comparison(tuple(self._under(name) for name in chosen))

    def _under(self, rules: str) -> MeasureReview:
        rule_set(rules)  # says which there are where it is none of them
        reviews = review_teams(self.workspace, self.period, teams=[self.team], rules=rules)
        return next(one for one in reviews[self.team].measures if one.measure.id == self.id)

    def try_limits(
        self,
        start: str,
        *,
        reason: str,
        by: str,
        on: str = "",
        known: str = "",
        expected_to_last: str = "",
    ) -> LimitTrial:
        """Try new limits from a period on; `.save_row()` records them, nothing else does.

        `reason` says why, `by` who answers for it (a role), `on` the day it was decided;
        `known` (is the cause known?) and `expected_to_last` are "yes" or "no". Raises
        RecordError where reason or by is empty, or the series does not reach there.
        """
        change = Change(start, reason, by, on, known, expected_to_last)
        on_disk = (self.workspace.root / "kpi.yml").is_file()
        trial = try_limits(self.workspace, self.judged, change)
        return LimitTrial(self.workspace.root, trial, on_disk)

    def split(self) -> Drawing:
        """Give the measure by team, each with limits of its own, and what so many charts cost."""
        reviews = review_teams(self.workspace, self.period)
        parts = [
            (review.name, one)
            for review in reviews.values()
            for one in review.measures
            if one.measure.id == self.id
        ]
        return side_by_side(self.name, parts)

    def season(self) -> Drawing:
        """Give the same months (quarters, weekdays) side by side, and whether they differ."""
        return look_drawing(self.name, season_look(self.judged))

    def shape(self) -> Drawing:
        """Give every value as a dot: how they lie, how coarse they are, and what the target does.

        What stands beside the target is asked of the values of all teams together.
        """
        all_teams = [one for (_, id), one in self.workspace.series.items() if id == self.id]
        pooled = [value for one in all_teams for value in one.values["value"]]
        return look_drawing(self.name, shape_look(self.judged, pooled))

    def restated(self) -> Drawing:
        """Give what changed since it was published, and what it did to the average."""
        published, _ = published_values(self.workspace.published)
        look = restated_look(self.judged, published.get((self.team, self.id), {}))
        return look_drawing(self.name, look)

    @property
    def actions(self) -> pd.DataFrame:
        """The actions on the measure, as they are in actions.csv; empty where there are none."""
        rows = self.judged.recorded.actions
        return pd.DataFrame(columns=list(ACTIONS)) if rows is None else rows[list(ACTIONS)]

    def after(self, action: str) -> Drawing:
        """Hold the measure against an action: before and after, with the limits of before it.

        `action` is its id in actions.csv. Raises DefinitionError for another one, or one that
        has not started.
        """
        rows = {row["id"]: row for row in rows_of(self.judged.recorded.actions)}
        if action not in rows:
            known = or_known(action, rows) or ": it has none"
            raise DefinitionError(fault(f"no action '{action}' on '{self.id}'{known}"))
        check = check_action(self.judged, rows[action])
        if check is None:
            raise DefinitionError(fault(f"action '{action}' has not started yet"))
        return action_drawing(check, self.power())

    def power(self, shift: float = 1.0) -> tuple[str, ...]:
        """Say how soon a lasting shift of so many sigma would be seen with these limits."""
        return power_words(self.judged, shift)

    def save(self, path: str | Path) -> Path:
        """Write the chart with its reading as .png, .svg or .html, and give the path."""
        return self._drawing(self.reading.sentences).save(path)

    def mini_pack(self) -> Page:
        """Give the measure's page of the review pack alone; `.save("x.html")` writes it."""
        reviews = review_teams(self.workspace, self.period, teams=[self.team])
        pack = TeamPack(self.workspace, reviews[self.team], None, "")
        return mini_pack(pack, self.judged)

    def review(self, period: str | Period) -> MeasureView:
        """Give the measure as it stood at the end of a period, such as "2019-03"."""
        unit = self.workspace.frequency(self.definition)
        at = period if isinstance(period, Period) else Period.parse(period, unit)
        return replace(self, period=at)

    def _repr_html_(self) -> str:
        return self._drawing(self.reading.sentences)._repr_html_()

    def __repr__(self) -> str:
        return str(self.reading)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]
