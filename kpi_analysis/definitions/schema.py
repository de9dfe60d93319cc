"""JSON Schemas of the YAML files, made from the models, so that editors complete and check.

`python -m kpi_analysis.definitions.schema` writes them beside this module; a test holds them to
the models. What only the whole file can tell (the file's name, dates in order), and whether a date
or an encoding exists, is left to the reader. The reader also takes away blanks around a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from kpi_analysis.definitions.faults import models_in
from kpi_analysis.definitions.fields import Part
from kpi_analysis.definitions.measures import NEEDS, Measure
from kpi_analysis.definitions.parts import Data, Duty, Response, Status
from kpi_analysis.definitions.results import ResultsFile
from kpi_analysis.definitions.settings import Settings

Json = dict[str, Any]


def schemas() -> dict[str, str]:
    """Give the file names of the schemas with their text."""
    models: Mapping[str, type[Part]] = {
        "measure": Measure,
        "kpi": Settings,
        "results": ResultsFile,
    }
    return {
        f"{name}.schema.json": json.dumps(_schema(model), indent=1, ensure_ascii=False) + "\n"
        for name, model in models.items()
    }


def _schema(model: type[Part]) -> Json:
    schema = model.model_json_schema(by_alias=True)
    parts: Json = schema.get("$defs", {})
    for part in _parts(model):
        if part.__name__ in parts:
            parts[part.__name__] = _as_written(part, parts[part.__name__])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_as_written(model, schema),
    }
    if model is Measure:
        schema["properties"]["target"] = _one_or_many("Target")
        schema["allOf"] = [*_by_status()]
    return schema


def _parts(model: type[BaseModel]) -> Iterator[type[Part]]:
    """Give every group of fields that a model is made of."""
    for info in model.model_fields.values():
        for inner in models_in(info.annotation):
            if issubclass(inner, Part):
                yield inner
                yield from _parts(inner)


def _as_written(part: type[Part], schema: Json) -> Json:
    """Let a group be written in all the ways the reader takes it: empty, or in its short form."""
    needed = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        field.pop("title", None)
        field.pop("default", None)
        if name not in needed and field != {}:
            schema["properties"][name] = {"anyOf": [field, {"type": "null"}]}
    schema.pop("title", None)
    if part is Duty:  # {first_step: find out, tell others}: YAML sees an empty second key
        schema["additionalProperties"] = {"type": "null"}
    if part is Data:
        schema["not"] = {"anyOf": [_filled(pair) for pair in combinations(Data.places, 2)]}
    if part is Response:
        return {"anyOf": [schema, {"$ref": "#/$defs/Duty"}]}
    if part.short:
        return {"anyOf": [schema, schema["properties"][part.short]]}
    return schema


def _filled(names: Iterable[str]) -> Json:
    """Ask that fields are there, and hold something: what is left empty is not written."""
    needed = list(names)
    return {
        "required": needed,
        "properties": {name: {"not": {"enum": [None, ""]}} for name in needed},
    }


def _one_or_many(name: str) -> Json:
    one = {"$ref": f"#/$defs/{name}"}
    return {"anyOf": [one, {"type": "array", "items": one}, {"type": "null"}]}


def _by_status() -> Iterator[Json]:
    for status, asks in (
        (Status.TRIAL, (Status.TRIAL,)),
        (Status.ACTIVE, (Status.TRIAL, Status.ACTIVE)),
    ):
        yield {
            "if": {"properties": {"status": {"const": status.value}}},
            "then": _filled([field for asked in asks for field in NEEDS[asked]]),
        }


if __name__ == "__main__":
    for name, text in schemas().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")
