"""One measure of one team in hand: everything that can be asked of it at the prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kpi_analysis.charts import xmr_chart
from kpi_analysis.errors import DefinitionError, KpiError
from kpi_analysis.packs.pages import TeamPack
from kpi_analysis.periods import Period
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.prompt.funnel import team_funnel
from kpi_analysis.prompt.looks import action_drawing, look_drawing, side_by_side, story_drawing
from kpi_analysis.prompt.names import Suggesting
from kpi_analysis.prompt.page import Page, mini_pack
from kpi_analysis.prompt.reviewed import Reviewed
from kpi_analysis.prompt.table import RuleSets, Table
from kpi_analysis.prompt.trial import LimitTrial
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.logs import ACTIONS, published_values, rows_of
from kpi_analysis.records.sources import fault
from kpi_analysis.review.action_check import check_action
from kpi_analysis.review.actions import actions_of
from kpi_analysis.review.benchlearning import comparisons
from kpi_analysis.review.compare import Comparison
from kpi_analysis.review.explorer import (
    power_words,
    restated_look,
    run_chart_look,
    season_look,
    shape_look,
)
from kpi_analysis.review.findings import findings_of
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.story import story_of
from kpi_analysis.review.what_if import Change, try_limits
from kpi_analysis.signals.rules import RULE_SETS, rule_set


@dataclass(frozen=True)
class MeasureView(Suggesting, Reviewed):
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

    def chart(self) -> Drawing:
        """Give the XmR chart; `.save("x.png")`, `.svg` or `.html` writes it."""
        return self._drawing(())

    def finding(self, questions: int = 1) -> Drawing:
        """Give one finding to pass on: the chart, what it says, and one to three questions.

        Three of them make a sheet for somebody who sees the trouble and cannot decide. Raises
        KpiError for another number.
        """
        if questions not in range(1, len(self.questions) + 1):
            raise KpiError(f"questions is {questions!r}: give 1, 2 or {len(self.questions)}")
        said = [one for one in self.reading.sentences if not one.startswith("Note: ")]
        ask = [f"A question to ask: {one}" for one in self.questions[:questions]]
        return self._drawing((*said, *ask))

    def _drawing(self, sentences: Iterable[str]) -> Drawing:
        shown = self.picture
        return Drawing(
            title=self.reading.title,
            scenes=(xmr_chart.wide(shown),),
            sentences=tuple(sentences),
            phones=(xmr_chart.phone(shown),),
        )

    @property
    def checks(self) -> Table:
        """What the checks say of its data and its design: faults, warnings, questions."""
        found = [
            one
            for one in findings_of(self.workspace)
            if one.measure == self.id and one.team in (None, "", self.team)
        ]
        rows = [(one.level.value, one.rule, str(one), one.better or "") for one in found]
        frame = pd.DataFrame(rows, columns=["level", "rule", "what was found", "better"])
        notes = [f"Held back: {reason}." for reason in self.judged.held_back]
        notes += [f"Note: {remark}." for remark in self.judged.remarks]
        values = f"Periods with a value: {self.part.values}."
        nothing = "" if found else "No fault and no question. "
        return Table(f"Checks of {self.name}", frame, (f"{nothing}{values}", *notes))

    def run_chart(self) -> Drawing:
        """Give the run chart: the values about their median, and what chance explains."""
        return look_drawing(self.name, run_chart_look(self.judged))

    def rule_sets(self, *names: str) -> RuleSets:
        """Judge the series under several rule sets (none named: all), to see what differs."""
        chosen = names or tuple(RULE_SETS)
        return RuleSets(Comparison(tuple(self._under(name) for name in chosen)))

    def _under(self, rules: str) -> MeasureReview:
        rule_set(rules)  # says which there are where it is none of them
        return replace(self, rules=rules).judged

    @property
    def suggested_start(self) -> str:
        """Where new limits could begin: with a run that lasts, else twelve periods back."""
        judged = self.judged
        back = max(len(judged.points) - 12, 1)
        return str(judged.period_at(judged.proposal.first if judged.proposal else back))

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

    def split(self, by: str = "") -> Drawing:
        """Give the measure in parts, each with limits of its own, and what so many charts cost.

        `by` is a column of its raw records (data.records), else the one that its definition names
        in data.split; where there is neither, the parts are the teams. Raises DefinitionError for
        a column that is not there.
        """
        column = by or self.definition.data.split
        if column:
            from kpi_analysis.prompt.parts import by_column  # SQL, which few need, takes its time

            parts = by_column(self.workspace, self.judged, column)
            return side_by_side(f"{self.name}, by {column}", parts)
        reviews = review_teams(self.workspace, self.period)
        teams = [(one.name, each) for one in reviews.values() for each in one.measures]
        return side_by_side(self.name, [one for one in teams if one[1].measure.id == self.id])

    def funnel(self) -> Drawing:
        """Give the same measure in all teams, against the limits of chance and size.

        Lays a year of counts together, of teams that count by the same version of the definition;
        where there is no funnel, its sentences say why.
        """
        reviews = review_teams(self.workspace, self.period)
        return team_funnel(self.judged, comparisons(self.workspace, reviews.values()))

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

    def after(self, action: str = "") -> Drawing:
        """Hold the measure against an action: before and after, with the limits of before it.

        `action` is its id in actions.csv; without one, the action that started last. Raises
        DefinitionError for an id that is not there.
        """
        rows = self._actions(action)
        checks = [one for row in rows if (one := check_action(self.judged, row))]
        if not checks:
            none = f"No action on {self.name} has started by {self.judged.period.label}."
            return Drawing(self.name, (), (none, *self.power()))
        newest = max(checks, key=lambda one: one.action["started"] or one.action["opened"])
        return action_drawing(newest, self.power())

    def _actions(self, action: str) -> list[dict[str, Any]]:
        """Give the row of an action, or all of them."""
        rows = rows_of(self.judged.recorded.actions)
        found = [row for row in rows if action in ("", row["id"])]
        if action and not found:
            known = or_known(action, [row["id"] for row in rows]) or ": it has none"
            raise DefinitionError(fault(f"no action '{action}' on '{self.id}'{known}"))
        return found

    def story(self, action: str = "") -> Drawing:
        """Tell a closed action as a story: before, what was done, what followed, how it is now.

        `action` is its id in actions.csv; without one, the newest that can be told. Where none
        can, the sentence says why. Raises DefinitionError for an id that is not there.
        """
        ids = {row["id"] for row in self._actions(action)}
        own = (one for one in actions_of(self.board) if one.measure.measure.id == self.id)
        told = [story_of(one, self.board) for one in own if one.action["id"] in ids]
        if not told:
            return Drawing(self.name, (), (f"No action on {self.name} is recorded.",))
        return story_drawing(
            max(told, key=lambda one: (not one.why_not, one.told.action["opened"]))
        )

    def power(self, shift: float = 1.0) -> tuple[str, ...]:
        """Say how soon a lasting shift of so many sigma would be seen with these limits."""
        return power_words(self.judged, shift)

    def save(self, path: str | Path) -> Path:
        """Write the chart with its reading as .png, .svg or .html, and give the path."""
        return self._drawing(self.reading.sentences).save(path)

    def mini_pack(self) -> Page:
        """Give the measure's page of the review pack alone; `.save("x.html")` writes it."""
        return mini_pack(TeamPack(self.workspace, self.board, None, ""), self.judged)

    def review(self, period: str | Period) -> MeasureView:
        """Give the measure as it stood at the end of a period, such as "2019-03"."""
        unit = self.workspace.frequency(self.definition)
        at = period if isinstance(period, Period) else Period.parse(period, unit)
        return replace(self, period=at)

    def _repr_html_(self) -> str:
        return self._drawing(self.reading.sentences)._repr_html_()

    def __repr__(self) -> str:
        return str(self.reading)
