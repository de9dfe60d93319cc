"""A team's review pack: its pages, as the notebook shows them one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from kpi_analysis.definitions.lint.check import lint_measure
from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.results import beside
from kpi_analysis.errors import Finding, Level
from kpi_analysis.packs.benchlearning import team_part
from kpi_analysis.packs.html import Html, render, style_part
from kpi_analysis.packs.made_of import Made, made_of, software
from kpi_analysis.packs.ours import OurMeasures
from kpi_analysis.packs.parts import MeasurePart
from kpi_analysis.packs.results_map import map_html
from kpi_analysis.packs.shared import review_month
from kpi_analysis.periods import Period
from kpi_analysis.records.logs import published_values, rows_of
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import pack_wording
from kpi_analysis.review.actions import ActionReview, actions_of
from kpi_analysis.review.as_published import gone_since, last_run
from kpi_analysis.review.benchlearning import Comparison, comparisons
from kpi_analysis.review.changes import Changes, Lines, changes
from kpi_analysis.review.data_check import OF_FIGURES, bunched, skewed
from kpi_analysis.review.drawing import picture
from kpi_analysis.review.effort import hours_a_year
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.restatements import Restatement, restatements
from kpi_analysis.review.results_map import results_map
from kpi_analysis.review.reviews import Reviews
from kpi_analysis.review.story import Story, stories_of
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.false_signals import false_signals
from kpi_analysis.signals.rules import rule_set


@dataclass(frozen=True)
class TeamPack:
    """A team's pack; its pages: board, changed, details, followed, map, learning, trust, ours."""

    workspace: Workspace
    review: TeamReview
    before: TeamReview | None
    made_on: str
    shared: tuple[Comparison, ...] | None = None  # worked out where a month does not hold it

    @cached_property
    def parts(self) -> tuple[MeasurePart, ...]:
        """The measures in the order of what waits, each drawn once."""
        pictures = {one.measure.id: (one, picture(one)) for one in self.review.measures}
        return tuple(
            MeasurePart(
                one,
                drawn,
                self._voices(one),
                self._design(one),
                tuple(pictures[name] for name in one.measure.guards if name in pictures),
                tuple(self._doubts(one)),
                self.review.period.end,
            )
            for one, drawn in pictures.values()
        )

    def _design(self, one: MeasureReview) -> tuple[Finding, ...]:
        """Give what the design check asks of the measure."""
        if not one.measure.file:
            return ()
        others = self._beside.get(one.measure.id, ())
        return lint_measure(one.measure, one.period.end, others=others)

    @cached_property
    def _beside(self) -> Mapping[str, tuple[Measure, ...]]:
        return beside(self.workspace.measures.values(), self.workspace.results)

    def _doubts(self, one: MeasureReview) -> Iterator[str]:
        """Give what else is to be known: values restated, skewed records, a heap at the target."""
        for each in self._changed(one):
            yield pack_wording.restated_words(one, each)
        for finding in (*skewed(one, self.workspace), *bunched([one])):
            told, ask = finding.message.partition(": ")[2], finding.better or ""
            if finding.silenced:
                ask = f"(set aside: {finding.silenced})"
            yield f"{told[0].upper()}{told[1:]}. {ask[:1].upper()}{ask[1:]}"
        for rule, reason in one.measure.silence.items():
            if rule in OF_FIGURES:
                yield f"Set aside in the definition: {OF_FIGURES[rule]} ({rule}), {reason}."

    def _changed(self, one: MeasureReview) -> tuple[Restatement, ...]:
        return restatements(one, self._published.get((one.team, one.measure.id), {}))

    @cached_property
    def _published(self) -> Mapping[tuple[str, str], Mapping[str, float]]:
        return published_values(self.workspace.published)[0]

    def _voices(self, one: MeasureReview) -> dict[str, int] | None:
        if self.workspace.reactions.rows is None:
            return None
        about = (one.measure.id, ("", self.review.id))
        rows = rows_of(self.workspace.reactions.rows)
        answers = Counter(
            row["reflects_our_work"]
            for row in rows
            if row["measure"] == about[0] and row["team"] in about[1]
        )
        return {answer: answers[answer] for answer in ("yes", "partly", "no")}

    @property
    def style(self) -> Html:
        """The style sheet, for reading the notebook itself; the page brings its own."""
        return style_part()

    @property
    def board(self) -> Html:
        """The one-glance page: are we winning or losing, and what is owed."""
        return self._html("board", self.review.headline)

    @property
    def changed(self) -> Html:
        """What changed since the last published pack, and which promises fell due."""
        return self._html("changes", "What changed")

    @property
    def details(self) -> Html:
        """A page for each measure: what it is doing, why, and what now."""
        return self._html("details", f"{len(self.parts)} measures")

    @property
    def followed(self) -> Html:
        """The actions, and what followed them."""
        return self._html("actions", "Actions")

    @property
    def map(self) -> Html:
        """What the measures serve, from the organisation's results down; empty without a map."""
        on_map = self.workspace.results
        if on_map is None:
            return Html(Markup(""), "No results map")
        own = {self.review.id: self.review}
        joined = results_map(on_map, self.workspace.measures, own, self.review.id)
        return map_html(joined)

    @property
    def learning(self) -> Html:
        """What other teams that count the same could be asked; empty where nothing is shared."""
        found, period = self.shared, self.review.period
        if found is None:
            found = comparisons(self.workspace, Reviews(self.workspace, period).values())
        return team_part(found, self.review.id, self.review.name, period)

    @property
    def trust(self) -> Html:
        """Whether the figures can be trusted."""
        return self._html("trust", "Data trust")

    @property
    def ours(self) -> Html:
        """The measures themselves: who asked for them, what they cost, what to think about."""
        return self._html("ours", "Our measures")

    @property
    def reading(self) -> Html:
        """How to read the pack, and how it was made."""
        return self._html("reading", "How to read this pack")

    @cached_property
    def changes(self) -> Changes:
        """What differs from the team's last published pack."""
        return changes(self.review, self.before, gone_since(self.workspace, self.review))

    @property
    def news(self) -> tuple[tuple[str, Lines | None], ...]:
        """The sections of what changed, each with its heading; None where nothing is kept."""
        restated = ("Values that differ from what was published", self.restated)
        return (*self.changes.sections, restated)

    @property
    def compared(self) -> str:
        """With what the pack is compared, in words, where no pack was published before."""
        published = self.workspace.published
        if self.before and last_run(published, self.review.id, self.review.period):
            return ""
        return pack_wording.compared_words(self.before, kept=published.rows is not None)

    @cached_property
    def restated(self) -> tuple[str, ...] | None:
        """Values that differ from what was published, in words; None where nothing is kept."""
        if self.workspace.published.rows is None:
            return None
        return tuple(
            pack_wording.restatement_words(one, each)
            for one in self.review.measures
            for each in self._changed(one)
        )

    @cached_property
    def actions(self) -> tuple[ActionReview, ...] | None:
        """The actions in the order of what waits; None where no log is kept."""
        return None if self.workspace.actions.rows is None else actions_of(self.review)

    @property
    def stories(self) -> tuple[Story, ...]:
        """The closed actions, each as a story or with the reason why it is none."""
        return stories_of(self.actions or (), self.review)

    @property
    def measures(self) -> OurMeasures:
        """The measures as a set: when each was last used, which could go."""
        return OurMeasures(self.workspace, self.review)

    @property
    def effort(self) -> str:
        """What collecting the measures takes in a year."""
        known = [hours for one in self.review.measures if (hours := hours_a_year(one)) is not None]
        return pack_wording.effort_words(known, len(self.review.measures))

    @property
    def method(self) -> str:
        """The rule set and the baseline, in a sentence."""
        settings = self.workspace.settings
        return pack_wording.method_words(settings.rules, settings.baseline)

    @property
    def chance(self) -> str:
        """How many signals chance alone would give on this pack."""
        judged = [one for one in self.review.measures if not one.held_back]
        return pack_wording.chance_words(_rates(judged))

    @property
    def signal_words(self) -> str:
        """What counts as a signal under the rule set of the workspace."""
        return pack_wording.rule_set_words(rule_set(self.workspace.settings.rules))

    @property
    def made(self) -> tuple[Made, ...]:
        """What each chart was made of."""
        return made_of(self.review.measures)

    @property
    def software(self) -> str:
        """The versions that made the pack."""
        return software()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Errors and gaps that touch this team, or cannot be told to belong to any."""
        return tuple(
            one
            for one in self.workspace.findings
            if one.team in (None, self.review.id) and one.level is not Level.QUESTION
        )

    def _html(self, name: str, text: str) -> Html:
        content = {"pack": self, "review": self.review}
        return Html(render(f"parts/{name}.html", **content), text)


def _rates(reviews: Iterable[MeasureReview]) -> list[float]:
    """Give the false signals a period to expect of each measure, were all of them stable."""
    found = [false_signals(one.series.rules, one.setting) for one in reviews]
    return [one.per_period if one else 0.0 for one in found]


def team_pack(workspace: str | Path, team: str, period: str, made_on: str = "") -> TeamPack:
    """Open a workspace and review one team at one period ("2025-03").

    `made_on` is the day printed at the foot of the page. Raises KpiError for a workspace, team or
    period that cannot be read.
    """
    month = review_month(workspace, Period.parse(period), [team])
    before = month.before.get(team)
    return TeamPack(month.workspace, month.reviews[team], before, made_on, month.shared)
