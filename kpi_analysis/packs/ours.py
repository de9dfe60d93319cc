"""The measures as a set: when each was last used, which could go, what to ask of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from kpi_analysis.definitions.lint.check import lint_board
from kpi_analysis.errors import Finding
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review.data_check import all_good
from kpi_analysis.review.findings import earlier_reviews
from kpi_analysis.review.in_use import (
    Candidate,
    candidates,
    last_used_words,
    no_candidates_words,
)
from kpi_analysis.review.team_review import TeamReview


@dataclass(frozen=True)
class OurMeasures:
    """What a team's pack says of its measures beside what each of them says."""

    workspace: Workspace
    review: TeamReview

    @property
    def last_used(self) -> Mapping[str, str]:
        """When somebody last wrote of each measure, by its id."""
        measures = self.review.measures
        return {one.measure.id: last_used_words(one, self.workspace) for one in measures}

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The measures that could be retired, each with why."""
        return candidates(self.review, self.workspace)

    @property
    def no_candidates(self) -> str:
        """What is said where there is none."""
        return no_candidates_words(self.review, self.workspace)

    @property
    def questions(self) -> tuple[Finding, ...]:
        """What the design check asks of the measures together."""
        own, limit = [one.measure for one in self.review.measures], self.review.board_limit
        earlier = partial(earlier_reviews, self.workspace)
        return (*lint_board(self.review.id, own, limit), *all_good(self.review, earlier))
