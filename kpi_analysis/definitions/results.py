"""The results map: what the organisation wants to be so, down to the measures of each team.

`results.yml` lists results; each names its parent, and the measures and drivers that show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from kpi_analysis.definitions.faults import validated
from kpi_analysis.definitions.fields import Part, Text, Texts, matching, one_of
from kpi_analysis.definitions.measures import Measure, Status
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.parts import MapLevel
from kpi_analysis.definitions.yaml_file import Steps, YamlFile, read_yaml
from kpi_analysis.errors import DefinitionError, Finding, Level

_RANK = {level: rank for rank, level in enumerate(MapLevel)}  # organisation first


class Result(Part):
    """One result on the map; `drivers` are measures of what moves it."""

    id: Annotated[str, matching(r"\w[\w.-]{0,99}", "a name of letters, digits, - and _")]
    level: Annotated[MapLevel, one_of(MapLevel)]
    result: Text
    parent: Text | None = None
    measures: Texts = ()
    drivers: Texts = ()


class ResultsFile(Part):
    """What results.yml holds."""

    results: tuple[Result, ...] = Field(default=())


@dataclass(frozen=True)
class ResultsMap:
    """All results by id, in the order of the file; parents are known and free of loops."""

    results: Mapping[str, Result]
    file: YamlFile

    def path(self, result_id: str) -> tuple[Result, ...]:
        """Give the result and those above it, up to the top; empty if it is not on the map."""
        steps: list[Result] = []
        step: str | None = result_id
        while step is not None and step in self.results:
            steps.append(self.results[step])
            step = steps[-1].parent
        return tuple(steps)

    def children(self, result_id: str) -> tuple[Result, ...]:
        """Give the results right below this one."""
        return self._below.get(result_id, ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[Result, ...]]:
        found: dict[str, list[Result]] = {}
        for one in self.results.values():
            found.setdefault(one.parent or "", []).append(one)
        return {parent: tuple(results) for parent, results in found.items()}

    def results_of(self, measure: Measure) -> tuple[Result, ...]:
        """Give the results that a measure shows or drives, by its own word or by the map's."""
        named = self._naming.get(measure.id, ())
        own = self.results.get(measure.result_id or "")
        return named if own is None or own in named else (own, *named)

    def unmeasured(self, measures: Iterable[Measure]) -> tuple[Result, ...]:
        """Give the results with no result below that no measure shows, or only retired ones.

        A measure that the map names and that is not among `measures` counts: its definition
        cannot be read, which is told where it stands.
        """
        defined = {one.id: one for one in measures}
        used = [one for one in defined.values() if one.status is not Status.RETIRED]
        shown = {result.id for one in used for result in self.results_of(one)}
        return tuple(
            one
            for one in self.results.values()
            if one.id not in shown
            and not self.children(one.id)
            and all(name in defined for name in (*one.measures, *one.drivers))
        )

    @cached_property
    def _naming(self) -> Mapping[str, tuple[Result, ...]]:
        """The results that name each measure, in the order of the file."""
        found: dict[str, dict[str, Result]] = {}
        for one in self.results.values():
            for name in (*one.measures, *one.drivers):
                found.setdefault(name, {})[one.id] = one
        return {name: tuple(results.values()) for name, results in found.items()}

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {result_id: at for at, result_id in enumerate(self.results)}

    def place(self, result_id: str, field: str) -> Steps:
        """Give the path of a field in the file, for findings."""
        return ("results", self._at[result_id], field)


def beside(
    measures: Iterable[Measure], on_map: ResultsMap | None
) -> Mapping[str, tuple[Measure, ...]]:
    """Give for each measure those in use (on trial or active) of its results, itself among them.

    Without a result of the map, measures belong together that word their result alike.
    """
    of: dict[str, list[str]] = {}
    groups: dict[str, list[Measure]] = {}
    for one in measures:
        linked = [each.id for each in on_map.results_of(one)] if on_map else []
        of[one.id] = linked or [one.result_id or one.result.casefold()]
        for result in of[one.id] if one.status in (Status.TRIAL, Status.ACTIVE) else ():
            groups.setdefault(result, []).append(one)
    shared = {result: tuple(group) for result, group in groups.items()}
    return {name: sum((shared.get(one, ()) for one in results), ()) for name, results in of.items()}


def read_results(path: Path, shown_as: str) -> ResultsMap:
    """Read results.yml; messages name the file as `shown_as`.

    Raises DefinitionError with every fault: fields, an id twice, an unknown parent, a loop.
    """
    file = read_yaml(path, shown_as)
    listed, faults = validated(ResultsFile, file)
    if listed is None:
        raise DefinitionError(faults)
    results = {one.id: one for one in listed.results}
    found = [*_twice(listed.results, file)]
    if not found:
        on_map = ResultsMap(results, file)
        found = [*_unknown_parents(on_map), *(_loops(on_map) or _wrong_levels(on_map))]
    if found:
        raise DefinitionError(found)
    return ResultsMap(results, file)


def _twice(results: tuple[Result, ...], file: YamlFile) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for n, one in enumerate(results):
        if one.id in seen:
            line, _ = file.values["results", seen[one.id], "id"]
            message = f"result '{one.id}' is there twice, first in line {line}: rename one"
            yield file.fault(message, ("results", n, "id"))
        seen.setdefault(one.id, n)


def _unknown_parents(on_map: ResultsMap) -> Iterator[Finding]:
    for one in on_map.results.values():
        if one.parent is not None and one.parent not in on_map.results:
            better = nearest(one.parent, (name for name in on_map.results if name != one.id))
            message = f"parent '{one.parent}' of '{one.id}' is no result{did_you_mean(better)}"
            yield on_map.file.fault(message, on_map.place(one.id, "parent"), better=better)


def _loops(on_map: ResultsMap) -> list[Finding]:
    found: list[Finding] = []
    cleared: set[str] = set()
    for start in on_map.results:
        walked: list[str] = []
        step = start
        while step in on_map.results and step not in cleared and step not in walked:
            walked.append(step)
            step = on_map.results[step].parent or ""
        if step in walked:
            loop = [*walked[walked.index(step) :], step]
            message = f"results go round in a loop: {' -> '.join(loop)}: take one parent away"
            found.append(on_map.file.fault(message, on_map.place(step, "parent")))
        cleared.update(walked)
    return found


def _wrong_levels(on_map: ResultsMap) -> Iterator[Finding]:
    for one in on_map.results.values():
        parent = on_map.results.get(one.parent or "")
        if parent and _RANK[parent.level] > _RANK[one.level]:
            message = (
                f"'{one.id}' of level {one.level} has the parent '{parent.id}' of level"
                f" {parent.level}: a parent is of the same level or above"
            )
            yield on_map.file.fault(message, on_map.place(one.id, "level"))


def check_links(
    measures: Mapping[str, Measure], on_map: ResultsMap | None, unread: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Check what measures, guards and results call each other; None: there is no results.yml.

    `unread` are ids of definitions with faults: they are known names. Unknown names are errors
    with the nearest right word; orphans, on either side, are warnings of rule G03.
    """
    known = {*measures, *unread}
    active = [one for one in measures.values() if one.status is Status.ACTIVE]
    found = [finding for one in measures.values() for finding in _unknown_guards(one, known)]
    if on_map:
        found += _unknown_in_map(on_map, known)
        found += [one for measure in measures.values() for one in _unknown_result(measure, on_map)]
        found += _orphan_results(on_map, [*measures.values()])
    found += [finding for measure in active for finding in _orphan(measure, on_map)]
    return tuple(found)


def _unknown_guards(measure: Measure, known: set[str]) -> Iterator[Finding]:
    for guard in measure.guards:
        if guard not in known:
            yield _at(measure, Level.ERROR, "schema", "guards", "guard", guard, known)


def _unknown_result(measure: Measure, on_map: ResultsMap) -> Iterator[Finding]:
    if measure.result_id and measure.result_id not in on_map.results:
        known = set(on_map.results)
        yield _at(measure, Level.ERROR, "schema", "result_id", "result", measure.result_id, known)


def _at(
    measure: Measure, level: Level, rule: str, field: str, what: str, name: str, known: set[str]
) -> Finding:
    better = nearest(name, known)
    home = "results.yml" if what == "result" else "measures/"
    message = f"{what} '{name}' is not in {home}{did_you_mean(better)}"
    line, column = measure.place(field) or (1, 1)
    return Finding(
        level, rule, message, measure.file, line, column, field, measure.id, better=better
    )


def _unknown_in_map(on_map: ResultsMap, known: set[str]) -> Iterator[Finding]:
    for one in on_map.results.values():
        for field in ("measures", "drivers"):
            for n, name in enumerate(getattr(one, field)):
                if name not in known:
                    better = nearest(name, known)
                    message = f"measure '{name}' has no definition{did_you_mean(better)}"
                    path = (*on_map.place(one.id, field), n)
                    yield on_map.file.fault(message, path, measure=name, better=better)


def _orphan(measure: Measure, on_map: ResultsMap | None) -> Iterator[Finding]:
    linked = on_map.results_of(measure) if on_map else ()
    if linked or (on_map and measure.result_id):
        return  # a result that is not on the map was told as an error
    message = "is linked to no result of the organisation: which of them would it show?"
    cure = (
        "name one in result_id" if on_map else "name one in result_id, and list it in results.yml"
    )
    line, column = measure.place("result_id") or measure.place("id") or (1, 1)
    yield Finding(
        *(Level.WARNING, "G03", message, measure.file, line, column, "result_id", measure.id),
        better=cure,
        silenced=measure.silence.get("G03"),
    )


def _orphan_results(on_map: ResultsMap, measures: list[Measure]) -> Iterator[Finding]:
    bare = on_map.unmeasured(measures)
    for one in on_map.results.values():
        path = on_map.place(one.id, "id")
        if one in bare:
            message = f"result '{one.id}' has no measure and no result below it"
            yield _warning(on_map, path, message, "which measure would show it?")
        if on_map.path(one.id)[-1].level is not MapLevel.ORGANISATION:
            message = f"result '{one.id}' is not linked up to a result of the organisation"
            yield _warning(on_map, path, message, "which result does it serve? name its parent")


def _warning(on_map: ResultsMap, path: Steps, message: str, question: str) -> Finding:
    fault = on_map.file.fault(message, path)
    return Finding(
        *(Level.WARNING, "G03", message, fault.file, fault.line, fault.column, fault.field),
        better=question,
    )
