"""The results map of a team, or of all: results.yml, measures and reviews joined into a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kpi_analysis.definitions.measures import Audience, MapLevel, Measure, Status
from kpi_analysis.definitions.results import Result, ResultsMap
from kpi_analysis.periods import Period
from kpi_analysis.review.map_picture import Branch, Leaf, MapPicture, Said
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.picture import Tone
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.review.verdict import Group
from kpi_analysis.review.wording import plural

_LEVELS = tuple(MapLevel)
_OF_LEVEL = ("of the organisation", "of divisions", "of teams")
_GOOD = (Group.WINNING, Group.IMPROVING)
_MOVING = (Group.UNSETTLED, Group.CHANGED)
_NOTES = {Status.DRAFT: "a draft, not charted yet", Status.RETIRED: "retired"}


MOST_TEAMS = 6
"""Teams whose verdicts on one measure are told one by one on the map of all."""


@dataclass(frozen=True)
class _Heard:
    """What the reviews say, taken from each in its turn: no review is kept.

    `name` and `own` are the name and the measures of the team whose map it is, `said` the
    verdicts by measure, in the order of the teams.
    """

    name: str
    own: frozenset[str]
    said: Mapping[str, Sequence[Said]]
    latest: Period | None


@dataclass(frozen=True)
class _Join:
    """What is joined; `here` is the id of the team whose map it is, or empty."""

    on_map: ResultsMap
    measures: Mapping[str, Measure]
    heard: _Heard
    here: str

    @cached_property
    def unmeasured(self) -> tuple[Result, ...]:
        """The results that no measure in use shows."""
        return self.on_map.unmeasured(self.measures.values())

    def shown(self, measure: Measure) -> bool:
        """Tell whether a measure may be on this map: a team's own never leaves the team."""
        return measure.audience is not Audience.TEAM or measure.id in self.heard.own


def results_map(
    on_map: ResultsMap,
    measures: Mapping[str, Measure],
    reviews: Mapping[str, TeamReview],
    here: str = "",
) -> MapPicture:
    """Give the map of the team `here`, or of all teams.

    A team's map has the verdicts of its own measures; a map of all has those of every team in
    `reviews`, named. Measures whose audience is the team alone are on that team's map only. The
    reviews are gone over once, and none is kept.
    """
    heard = _heard(reviews.values(), here)
    join = _Join(on_map, measures, heard, here)
    tops = [one for one in on_map.results.values() if one.parent is None]
    roots = tuple(_branch(join, one) for one in tops)
    return MapPicture(
        levels=tuple(level.value for level in _LEVELS),
        roots=roots,
        here=heard.name,
        verdicts_of=heard.latest.label if heard.latest else "",
        alt=_alt(roots, heard.name),
        orphans=(*_goals_without(join), *_measures_without(join)),
    )


def _heard(reviews: Iterable[TeamReview], here: str) -> _Heard:
    name, own, latest = here, frozenset[str](), None
    said: dict[str, list[Said]] = {}
    for team in reviews:
        latest = max(latest or team.period, team.period)
        if team.id == here:
            name, own = team.name, frozenset(one.measure.id for one in team.measures)
        if here in ("", team.id):
            for one in team.measures:
                told = Said(one.verdict.label, _tone(one), "" if here else team.name)
                said.setdefault(one.measure.id, []).append(told)
    return _Heard(name, own, said, latest)


def _branch(join: _Join, result: Result) -> Branch:
    leaves = tuple(_leaves(join, result))
    below = join.on_map.children(result.id)
    return Branch(
        id=result.id,
        words=result.result,
        level=_LEVELS.index(result.level),
        here=any(leaf.here for leaf in leaves),
        unmeasured=result in join.unmeasured,
        leaves=leaves,
        branches=tuple(_branch(join, one) for one in below),
    )


def _measure_ids(join: _Join, result: Result) -> list[str]:
    """Give the measures of a result, by its own list and by theirs, and then its drivers."""
    named = (
        one.id
        for one in join.measures.values()
        if one.result_id == result.id and one.id not in result.drivers
    )
    return [*dict.fromkeys((*result.measures, *named, *result.drivers))]


def _leaves(join: _Join, result: Result) -> Iterator[Leaf]:
    for name in _measure_ids(join, result):
        measure = join.measures.get(name)
        driver = name in result.drivers
        if measure is None:
            yield Leaf(name, driver, here=False, note="no readable definition")
        elif join.shown(measure):
            said = tuple(_said(join, name))
            note = "" if said else _NOTES.get(measure.status, "")
            yield Leaf(measure.name or name, driver, name in join.heard.own, said, note)
        else:
            yield Leaf("a measure that stays with the team", driver, here=False)


def _said(join: _Join, measure: str) -> Iterator[Said]:
    """Give the verdict of each team; of many teams, how many have which."""
    said = join.heard.said.get(measure, ())
    if len(said) <= MOST_TEAMS:
        yield from said
        return
    teams: dict[tuple[str, Tone | None], int] = {}
    for one in said:
        teams[one.words, one.tone] = teams.get((one.words, one.tone), 0) + 1
    for (words, tone), n in sorted(teams.items(), key=lambda each: -each[1]):
        yield Said(words, tone, plural(n, "team"))


def _tone(review: MeasureReview) -> Tone | None:
    if review.verdict.red:
        return Tone.CONCERN
    if review.verdict.group in _GOOD:
        return Tone.IMPROVEMENT
    return Tone.CHANGE if review.verdict.group in _MOVING else None


def _alt(roots: tuple[Branch, ...], here: str) -> str:
    branches = [branch for root in roots for branch in root.all()]
    counts = [
        f"{n} {words}"
        for i, words in enumerate(_OF_LEVEL)
        if (n := sum(one.level == i for one in branches))
    ]
    results = plural(len(branches), "result")
    measures = plural(sum(len(one.leaves) for one in branches), "measure")
    own = [one.words for one in branches if one.here]
    place = f" {here} is at: {'; '.join(own)}." if own else ""
    return f"Results map: {results} ({', '.join(counts)}), {measures}.{place} A list says the same."


def _goals_without(join: _Join) -> Iterator[str]:
    for one in join.on_map.results.values():
        if one in join.unmeasured:
            yield f"No measure shows yet whether this is so: “{one.result}”."
        if join.on_map.path(one.id)[-1].level is not MapLevel.ORGANISATION:
            yield f"It is not said which result of the organisation this serves: “{one.result}”."


def _measures_without(join: _Join) -> Iterator[str]:
    for measure in join.measures.values():
        asked = measure.id in join.heard.own or not join.here
        if measure.status is Status.RETIRED or not asked or not join.shown(measure):
            continue
        if not join.on_map.results_of(measure):
            yield f"This measure serves no result on the map: “{measure.name or measure.id}”."
