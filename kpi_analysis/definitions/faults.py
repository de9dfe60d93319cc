"""From what pydantic refuses to findings in plain words, with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kpi_analysis.definitions.fields import WrongWordError, describe
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.yaml_file import Steps, YamlFile
from kpi_analysis.errors import Finding

MOST_FAULTS = 100
"""More faults of one file are counted, not told: it is no definition at all."""

Model = TypeVar("Model", bound=BaseModel)


def validated(
    model: type[Model],
    file: YamlFile,
    *,
    measure: str | None = None,
    purposes: Mapping[str, str] | None = None,
) -> tuple[Model | None, tuple[Finding, ...]]:
    """Read the file's fields as `model`: the model, or None and every fault once.

    `purposes` says of a needed field what it is for: the end of "needs owner: ...".
    """
    if file.data is not None and not isinstance(file.data, dict):
        message = f"needs fields, one a line, such as 'name: value'; found {describe(file.data)}"
        return None, (file.fault(message, measure=measure),)
    try:
        return model.model_validate(file.data or {}), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
    told = details[:MOST_FAULTS]
    findings = [_finding(model, file, detail, measure, purposes or {}) for detail in told]
    if len(details) > len(told):
        message = f"has {len(details) - len(told):,} more faults: mend these first"
        findings.append(file.fault(message, measure=measure))
    return None, tuple(dict.fromkeys(findings))


def _finding(
    model: type[BaseModel],
    file: YamlFile,
    detail: ErrorDetails,
    measure: str | None,
    purposes: Mapping[str, str],
) -> Finding:
    path: Steps = detail["loc"]
    if detail["type"] == "extra_forbidden":
        known = _fields(_model_at(model, path[:-1]) or model)
        name = str(path[-1]).strip()  # a no-break blank may stand before it
        better = nearest(name, known)
        home = None if better else _home(model, name)
        cure = f": it belongs under {home}" if home else did_you_mean(better)
        message = f"unknown field '{path[-1]}'{cure}"
        return file.fault(message, path, at_key=True, measure=measure, better=better)
    if detail["type"] == "missing":
        owner = f"{_spoken(file.written(path[:-1]))} ".lstrip()
        purpose = purposes.get(str(path[-1]))
        message = f"{owner}needs {path[-1]}{': ' + purpose if purpose else ''}"
        return file.fault(message, path, at_key=True, measure=measure)
    cause = detail.get("ctx", {}).get("error")
    better = cause.better if isinstance(cause, WrongWordError) else None
    words = _words(detail, cause)
    # What concerns several fields of a group names the one to look at first.
    first = words.partition(" ")[0]
    written = file.written(path or (first,))
    spoken = "" if not path else _spoken(written)
    message = " ".join(f"{spoken} {words}".split())
    return file.fault(message, written, measure=measure, better=better)


# What pydantic calls a broken bound -> our words for it; {0} is the bound.
_BOUNDS = {
    "greater_than": "must be more than {0:g}",
    "greater_than_equal": "must be at least {0:g}",
    "less_than": "must be less than {0:g}",
    "string_too_long": "is longer than {0:g} characters",
}


def _words(detail: ErrorDetails, cause: object) -> str:
    if cause is not None:
        return str(cause)
    if detail["type"] in _BOUNDS:
        bound = _BOUNDS[detail["type"]].format(*detail["ctx"].values())
        return f"{bound}, found {describe(detail['input'])}"
    return f"needs fields of its own below it, found {describe(detail['input'])}"


def _spoken(path: Steps) -> str:
    """Give a path in words: `evidence.0` is "evidence, item 1"."""
    spoken = ""
    for step in path:
        if isinstance(step, int):
            spoken += f", item {step + 1}"
        else:
            spoken += f".{step}" if spoken else step
    return spoken


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Give the model's fields by the names the file uses."""
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Give the models that a field's annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def _model_at(model: type[BaseModel], path: Steps) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for step in path:
        fields = _fields(found) if found else {}
        if step in fields:
            found = next(models_in(fields[str(step)]), None)
    return found


def _home(model: type[BaseModel], name: str) -> str | None:
    """Give the group to which a field belongs that stands at the wrong level."""
    for group, annotation in _fields(model).items():
        for inner in models_in(annotation):
            if name in _fields(inner):
                return group
    return None
