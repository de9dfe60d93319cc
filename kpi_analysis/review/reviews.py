"""The reviews of a month's teams, made when they are asked for and not kept.

A review holds a table a measure. Of a thousand teams that is more than what their values take, so
whoever goes over all teams takes what it needs of each, and lets go of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterator, Mapping, ValuesView

from kpi_analysis.periods import Period
from kpi_analysis.records.as_of import as_reviewed
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.organisation import Logs, review_with
from kpi_analysis.review.scope import known_teams
from kpi_analysis.review.team_review import TeamReview

TOGETHER = 64
"""Teams reviewed in one go: a rule is applied to all their series at once."""


class Reviews(Mapping[str, TeamReview]):
    """The reviews at a period of all teams of a workspace, or of those named.

    `values()` and `items()` review the teams some at a time; a team asked for by its id is
    reviewed alone. Every time anew. Raises DefinitionError for an unknown team.
    """

    def __init__(
        self, workspace: Workspace, period: Period, teams: Collection[str] | None = None
    ) -> None:
        self.workspace = workspace
        self.period = period
        self._teams = dict.fromkeys(known_teams(workspace, teams))
        self._logs = Logs(as_reviewed(workspace, period))

    def __getitem__(self, team: str) -> TeamReview:
        if team not in self._teams:
            raise KeyError(team)
        return self._reviewed([team])[team]

    def __contains__(self, team: object) -> bool:
        return team in self._teams  # Mapping's own way would review it

    def __iter__(self) -> Iterator[str]:
        return iter(self._teams)

    def __len__(self) -> int:
        return len(self._teams)

    def items(self) -> ItemsView[str, TeamReview]:
        """Give each team with its review, in the order of the workspace."""
        return _Items(self)

    def values(self) -> ValuesView[TeamReview]:
        """Give the reviews, in the order of the workspace."""
        return _Values(self)

    def in_turn(self) -> Iterator[TeamReview]:
        """Review all teams, some at a time."""
        teams = list(self._teams)
        for first in range(0, len(teams), TOGETHER):
            yield from self._reviewed(teams[first : first + TOGETHER]).values()

    def _reviewed(self, teams: Collection[str]) -> dict[str, TeamReview]:
        return review_with(self._logs, self.workspace, teams, self.period)


class _Items(ItemsView[str, TeamReview]):
    def __init__(self, reviews: Reviews) -> None:
        super().__init__(reviews)
        self._reviews = reviews

    def __iter__(self) -> Iterator[tuple[str, TeamReview]]:
        return ((one.id, one) for one in self._reviews.in_turn())


class _Values(ValuesView[TeamReview]):
    def __init__(self, reviews: Reviews) -> None:
        super().__init__(reviews)
        self._reviews = reviews

    def __iter__(self) -> Iterator[TeamReview]:
        return self._reviews.in_turn()
