"""The workspace in hand: `ws` shows a table, `ws[team, measure]` gives a measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Self, overload

import pandas as pd
from markupsafe import Markup

from kpi_analysis.charts.tree import tree
from kpi_analysis.errors import DefinitionError
from kpi_analysis.prompt.drawing import Drawing, on_paper
from kpi_analysis.prompt.measure import MeasureView
from kpi_analysis.prompt.names import Suggesting
from kpi_analysis.prompt.table import html_table
from kpi_analysis.records import workspace as records
from kpi_analysis.records.sources import fault
from kpi_analysis.records.values import or_known
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.organisation import review_teams
from kpi_analysis.review.results_map import results_map
from kpi_analysis.review.team_review import TeamReview

if TYPE_CHECKING:
    from kpi_analysis.prompt.picker import Picker

MOST_ROWS = 60
"""Rows that a table shows by itself; `verdicts` has all."""

_HEADS = ("team", "measure", "latest", "verdict")


class OpenWorkspace(Suggesting, Workspace):
    """A workspace at the prompt: everything a Workspace has, and it shows itself.

    >>> import kpi_analysis as kpi
    >>> ws = kpi.open("data/demo")
    >>> ws["repairs", "repairs-cost"].verdict
    'Getting worse'
    >>> ws["repairs", "repairs-costs"]
    Traceback (most recent call last):
    kpi_analysis.errors.DefinitionError: no measure 'repairs-costs' of team 'repairs': did you mean 'repairs-cost'?
    """  # noqa: E501 a message is one line

    @classmethod
    def of(cls, read: Workspace) -> Self:
        """Give a workspace that was read as one in hand."""
        return cls(**{name: getattr(read, name) for name in Workspace.__dataclass_fields__})

    @cached_property
    def boards(self) -> Mapping[str, TeamReview]:
        """Every team, each measure read at its latest value."""
        return review_teams(self)

    @property
    def verdicts(self) -> pd.DataFrame:
        """The verdicts in words: a row a team, a column a measure; None where it has none."""
        rows = {
            team: {one.measure.id: one.verdict.label for one in review.measures}
            for team, review in self.boards.items()
        }
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("team")
        return table.astype("object").where(table.notna(), None)

    @overload
    def __getitem__(self, key: str) -> TeamView: ...
    @overload
    def __getitem__(self, key: tuple[str, str]) -> MeasureView: ...
    def __getitem__(self, key: str | tuple[str, str]) -> TeamView | MeasureView:
        """Give a team, or one of its measures: ws["RC9"], ws["RC9", "ed-4h"].

        Raises DefinitionError for a name that is not there, with the nearest that is.
        """
        if isinstance(key, str):
            return TeamView(self, self._team(key))
        if not isinstance(key, tuple) or len(key) != 2:
            message = f"{key!r} names nothing: write ws[team] or ws[team, measure]"
            raise DefinitionError(fault(message))
        team, measure = key
        names = measures_of(self, self._team(team))
        if measure not in names:
            message = f"no measure '{measure}' of team '{team}'{or_known(str(measure), names)}"
            raise DefinitionError(fault(message))
        return MeasureView(self, team, measure)

    def pick(self, team: str = "", measure: str = "") -> Picker:
        """Give a choice of team, measure and rule set for JupyterLab, drawn anew at each choice.

        It begins with `team` and `measure`, else with the first. Raises DefinitionError for a
        name that is not there, or where there are no values.
        """
        from kpi_analysis.prompt.picker import Picker  # widgets, which few need, take their time

        first = self[team, measure] if team or measure else next(iter(self), None)
        if first is None:
            raise DefinitionError(fault("there is nothing to pick: no measure has values"))
        ids = {one: measures_of(self, one) for one in self.teams}
        has = {one: found for one, found in ids.items() if found}
        return Picker(
            [(self.teams[one].name or one, one) for one in has],
            {
                one: [(self.measures[id].name or id, id) for id in found]
                for one, found in has.items()
            },
            lambda team, measure, rules: replace(self[team, measure], rules=rules),
            (first.team, first.id),
        )

    @property
    def map(self) -> Drawing:
        """The results map with the verdicts of every team; what stays with a team is not on it.

        Raises DefinitionError where there is no results.yml that can be read.
        """
        return _map(self, "")

    def _team(self, name: str) -> str:
        if name not in self.teams:
            message = f"team '{name}' is not in this workspace{or_known(str(name), self.teams)}"
            raise DefinitionError(fault(message))
        return name

    def __iter__(self) -> Iterator[MeasureView]:
        """Go over every measure of every team."""
        return (MeasureView(self, team, measure) for team, measure in self.series)

    def _ipython_key_completions_(self) -> list[str | tuple[str, str]]:
        return [*self.teams, *self.series]

    def __repr__(self) -> str:
        return as_text(self._title, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._title, self._rows())

    @property
    def _title(self) -> str:
        found = wording.plural(len(self.findings), "finding")
        teams = wording.plural(len(self.teams), "team")
        measures = wording.plural(len(self.measures), "measure")
        return f"{self.name}: {teams}, {measures}, {found}"

    def _rows(self) -> list[Row]:
        return [row for review in self.boards.values() for row in rows_of(review)]


@dataclass(frozen=True)
class TeamView(Suggesting):
    """One team of a workspace: shows its board as a table; `[measure]` gives a measure."""

    workspace: OpenWorkspace
    team: str

    @property
    def review(self) -> TeamReview:
        """The team's review, each measure read at its latest value."""
        return self.workspace.boards[self.team]

    @property
    def map(self) -> Drawing:
        """The results map with the team's own part set apart: you are here.

        Raises DefinitionError where there is no results.yml that can be read.
        """
        return _map(self.workspace, self.team)

    def __getitem__(self, measure: str) -> MeasureView:
        """Give one of the team's measures."""
        return self.workspace[self.team, measure]

    def __iter__(self) -> Iterator[MeasureView]:
        """Go over the team's measures."""
        return (self[measure] for measure in measures_of(self.workspace, self.team))

    def _ipython_key_completions_(self) -> list[str]:
        return measures_of(self.workspace, self.team)

    def __repr__(self) -> str:
        return as_text(self._title, rows_of(self.review))

    def _repr_html_(self) -> str:
        return as_html(self._title, rows_of(self.review))

    @property
    def _title(self) -> str:
        return f"{self.review.name}: {self.review.headline}"


def _map(workspace: OpenWorkspace, here: str) -> Drawing:
    if workspace.results is None:
        message = "there is no results.yml that can be read: list the results there, each with its"
        raise DefinitionError(fault(f"{message} parent and its measures"))
    picture = results_map(workspace.results, workspace.measures, workspace.boards, here)
    of = f"{workspace.name}: {picture.here}" if picture.here else workspace.name
    return Drawing(f"{of}: results map", tree(picture), picture.orphans)


def open_workspace(path: str | Path) -> OpenWorkspace:
    """Open a workspace folder, read and check everything in it.

    Raises DefinitionError where there is no kpi.yml that can be read. Faults in definitions and
    values stop nothing: they are in `.findings`.

    >>> import kpi_analysis as kpi
    >>> ws = kpi.open("data/demo")
    >>> list(ws.teams)
    ['elm-ward', 'repairs', 'bins', 'packing']
    >>> ws["packing"].review.headline[:27]
    'Winning 1, steady 2, losing'
    """
    return OpenWorkspace.of(records.open_workspace(path))


def measures_of(workspace: Workspace, team: str) -> list[str]:
    """Give the ids of the measures a team has values of."""
    return [measure for one, measure in workspace.series if one == team]


Row = tuple[str, str, str, str]


def rows_of(review: TeamReview) -> list[Row]:
    """Give a team's lines of the table: team, measure, latest value, verdict."""
    return [(review.id, one.measure.id, _latest(one), _said(one)) for one in review.measures]


def _latest(one: MeasureReview) -> str:
    return "–" if one.value is None else wording.number(one.value, one.decimals)


def _said(one: MeasureReview) -> str:
    owed = ". " + wording.response_words(one) if one.answer.owed else ""
    return f"{one.verdict.label}: {wording.detail(one)}{owed}"


def as_text(title: str, rows: Sequence[Row]) -> str:
    """Give the table for a terminal; a team's name stands once."""
    shown = [(team, *rest) for team, *rest in rows[:MOST_ROWS]]
    widths = [max(map(len, column)) for column in zip(_HEADS, *shown, strict=True)]
    lines = [title, "", _line(_HEADS, widths)]
    for _, group in groupby(shown, key=lambda row: row[0]):
        first, *more = group
        lines += [_line(first, widths), *(_line(("", *row[1:]), widths) for row in more)]
    return "\n".join([*lines, *_rest(rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    team, measure, latest, verdict = cells
    numbers = latest.rjust(widths[2])
    return f"{team:{widths[0]}}  {measure:{widths[1]}}  {numbers}  {verdict}".rstrip()


def _rest(rows: Sequence[Row]) -> list[str]:
    left = len(rows) - MOST_ROWS
    return [f"... and {left} more; .verdicts has all of them"] if left > 0 else []


def as_html(title: str, rows: Sequence[Row]) -> str:
    """Give the table for a notebook."""
    table = Markup("<p><b>{}</b></p>{}{}").format(
        title, html_table(_HEADS, rows[:MOST_ROWS]), Markup("<br>").join(_rest(rows))
    )
    return on_paper([table])
