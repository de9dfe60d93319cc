"""A measure: what was decided to be measured, why, how, and what is done about its signals.

One file a measure, `measures/<id>.yml`. The fields are those of the model below; which of them
must be filled grows with the status, so that a half-filled draft loads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from kpi_analysis.definitions.faults import validated
from kpi_analysis.definitions.fields import Day, Number, Part, Text, Texts, matching, one_of, whole
from kpi_analysis.definitions.parts import (
    AppliesTo,
    Audience,
    Better,
    Calculation,
    Chart,
    Data,
    Duty,
    MapLevel,
    Origin,
    Response,
    Season,
    Statistic,
    Status,
    Target,
)
from kpi_analysis.definitions.yaml_file import Place, Steps, YamlFile, read_yaml
from kpi_analysis.errors import DefinitionError, Finding
from kpi_analysis.periods import Frequency

# The parts that those who use a measure ask for by name come from here too.
__all__ = [
    "NEEDS",
    "AppliesTo",
    "Audience",
    "Better",
    "Calculation",
    "Duty",
    "MapLevel",
    "Measure",
    "Response",
    "Statistic",
    "Status",
    "Target",
    "read_measure",
    "unfilled",
]


def _targets(data: object) -> object:
    return data if isinstance(data, list | tuple) else [data]


def _range(data: object) -> object:
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise ValueError("needs a list of two, lowest and highest, such as [0, 100]")
    low, high = data
    if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
        raise ValueError(f"needs the lower number first, found [{low}, {high}]")
    return data


class Measure(Part):
    """One measure's definition, as its file has it."""

    id: Annotated[str, matching(r"\w[\w.-]{0,99}", "a name of letters, digits, - and _")]
    version: Annotated[int, whole(1)] | None = None
    valid_from: Day | None = None
    status: Annotated[Status, one_of(Status)]
    name: Text = ""
    result: Text
    result_id: Text | None = None
    level: Annotated[MapLevel, one_of(MapLevel)] | None = None
    origin: Annotated[Origin, one_of(Origin)] | None = None
    used_for: Texts = ()
    audience: Annotated[Audience, one_of(Audience)] = Audience.LEADERS
    evidence: Texts = ()
    strength: Annotated[int, whole(1, 5)] | None = None
    feasibility: Annotated[int, whole(1, 5)] | None = None
    calculation: Calculation = Calculation()
    unit: Text = ""
    decimals: Annotated[int, whole(0, 6)] | None = None
    valid_range: Annotated[tuple[Number | None, Number | None], BeforeValidator(_range)] | None = (
        None
    )
    better: Annotated[Better, one_of(Better)] | None = None
    frequency: Annotated[Frequency, one_of(Frequency)] | None = None
    data: Data = Data()
    season: Season | None = None
    chart: Chart = Chart()
    target: Annotated[tuple[Target, ...], BeforeValidator(_targets)] = ()
    could_cause: Texts = ()
    guards: Texts = ()
    owner: Text = ""
    steward: Text = ""
    designed_with: Texts = ()
    observed_at: Day | None = None
    escalate_to: Text = ""
    response: Response = Response()
    review_on: Day | None = None
    notes: Text = ""
    silence: Mapping[str, Text] = Field(default_factory=dict)

    _file: str = PrivateAttr("")
    _places: Mapping[Steps, Place] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _targets_follow_each_other(self) -> Self:
        starts = [target.start for target in self.target]
        if None in starts[1:]:
            raise ValueError("target needs from in every entry after the first: when it begins")
        dated = [start for start in starts if start]
        if dated != sorted(set(dated)):
            raise ValueError("target needs its entries in order of from, each date once")
        return self

    @property
    def file(self) -> str:
        """The file it came from, relative to the workspace; empty if made in memory."""
        return self._file

    def place(self, field: str) -> Place | None:
        """Give line and column of a dotted field, or of the nearest above it that is written."""
        steps: Steps = tuple(int(s) if s.isdecimal() else s for s in field.split("."))
        while steps and steps not in self._places:
            steps = steps[:-1]
        return self._places.get(steps)

    def target_on(self, day: date) -> Target | None:
        """Give the target that is valid on `day`, or None."""
        begun = (target for target in self.target if target.start is None or target.start <= day)
        return max(begun, key=lambda target: target.start or date.min, default=None)


# What each status asks for, on top of the one before it, and what the field is for.
NEEDS: Mapping[Status, Mapping[str, str]] = {
    Status.DRAFT: {
        "id": "the file's name, without .yml",
        "status": "draft, trial, active or retired",
        "result": "what is so, when things go well",
    },
    Status.TRIAL: {
        "name": "the statistic, the thing and the period, in words",
        "unit": 'what a value counts, such as "%" or days',
        "better": "higher, lower or neutral",
        "frequency": "day, week, month or quarter",
        "calculation": "how a value is worked out",
        "evidence": "what one would see, hear or count",
        "data": "where the numbers come from",
    },
    Status.ACTIVE: {
        "valid_from": "the date from which this definition holds",
        "version": "a number that grows when the definition changes",
        "audience": "team, leaders or public",
        "owner": "who answers for it",
        "could_cause": "what harm could come of chasing it",
        "designed_with": "who took part in its design",
        "response": "who does what, and by when, at a signal",
        "review_on": "the date on which it is looked at again",
    },
}
_ASKED_BY = {
    Status.TRIAL: (Status.TRIAL,),
    Status.ACTIVE: (Status.TRIAL, Status.ACTIVE),
}


def unfilled(filled: Mapping[str, object], status: Status) -> Iterator[tuple[str, str]]:
    """Give each field that `status` needs beyond a draft and `filled` lacks, with its use."""
    for asked_by in _ASKED_BY.get(status, ()):
        for field, purpose in NEEDS[asked_by].items():
            if filled.get(field) in (None, ""):
                yield field, purpose


def read_measure(path: Path, shown_as: str) -> Measure:
    """Read one definition; messages name the file as `shown_as`.

    Raises DefinitionError with every fault of the file, each in plain words with its place.
    """
    file = read_yaml(path, shown_as)
    measure, faults = validated(Measure, file, measure=path.stem, purposes=NEEDS[Status.DRAFT])
    faults = _without_echoes((*faults, *_missing(file, path.stem), *_other_name(file, path.stem)))
    if measure is None or faults:
        raise DefinitionError(sorted(faults, key=lambda fault: (fault.line or 0, fault.message)))
    measure._file = shown_as
    measure._places = file.keys
    return measure


def _missing(file: YamlFile, measure: str) -> Iterator[Finding]:
    fields = file.data if isinstance(file.data, dict) else {}
    status = fields.get("status")
    if status not in set(Status):
        return
    for field, purpose in unfilled(fields, Status(status)):
        fault = file.fault(
            f"status {status} needs {field}: {purpose}", ("status",), measure=measure
        )
        yield replace(fault, field=field)


def _other_name(file: YamlFile, stem: str) -> Iterator[Finding]:
    written = file.data.get("id") if isinstance(file.data, dict) else None
    name = getattr(written, "text", written)
    if isinstance(name, str) and name.strip() not in ("", stem):
        message = f"id '{name}' is not the file's name '{stem}': rename one of the two"
        yield file.fault(message, ("id",), measure=stem, better=stem)


def _without_echoes(faults: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what is only a consequence: a misspelt field is not also a missing one."""
    unknown = (fault for fault in faults if fault.message.startswith("unknown field"))
    misspelt = {fault.better for fault in unknown if fault.better}
    return tuple(
        fault
        for n, fault in enumerate(faults)
        if fault.field not in misspelt
        and not (fault.field == "id" and any(other.field == "id" for other in faults[:n]))
    )
