"""The kinds of field a definition has: each reads what people write, or says what it needs.

A message is the end of a sentence that begins with the field's name: "needs text, found true".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.definitions.yaml_file import WrittenFloat, WrittenInt
from kpi_analysis.errors import KpiError
from kpi_analysis.periods import Period

# The names of the signals station's rule sets; a test holds the two lists together, because
# this station comes first on the road and cannot ask.
RULE_SETS = ("wheeler", "mdc", "plotthedots", "pump", "nelson", "western_electric")

_DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}-(\d\d(-\d\d)?|Q[1-4]|W\d\d)$"}
_TEXT_SCHEMA = {"type": ["string", "number"]}
_FLAG_SCHEMA = {
    "anyOf": [
        {"enum": [True, False, "yes", "no"]},
        {"pattern": "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"},
    ]
}
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class WrongWordError(ValueError):
    """A word that is none of the allowed ones; `better` is the nearest of these, if any."""

    def __init__(self, found: str, words: tuple[str, ...]) -> None:
        self.better = nearest(found, words)
        known = ", ".join(words)
        super().__init__(f"'{_cut(found)}' is not one of {known}{did_you_mean(self.better)}")


class Part(BaseModel):
    """A group of named fields. What is left empty counts as not written.

    Where `short` names a field, a bare word or number in place of the group fills that field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    short: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_written(cls, data: object) -> object:
        if cls.short and isinstance(data, str | int | float):
            return {cls.short: data}
        if isinstance(data, dict):
            known = cls.names()
            return {k: v for k, v in data.items() if k not in known or v not in (None, "")}
        return {} if data is None else data

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        """Give the fields' names as files write them."""
        return frozenset(info.alias or name for name, info in cls.model_fields.items())


def describe(value: object) -> str:
    """Give words for a value as the file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, WrittenInt | WrittenFloat):
        return f"the number {_cut(value.text)}"
    if isinstance(value, str):
        return f"'{_cut(value)}'"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "fields of its own"
    return "nothing"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


def _text(value: object) -> object:
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.text
    if isinstance(value, str):
        return value.strip()
    quotes = ": put it in quotes" if isinstance(value, bool) else ""
    raise ValueError(f"needs text, found {describe(value)}{quotes}")


def _listed(value: object) -> object:
    if isinstance(value, dict):
        raise ValueError("needs a list such as [one, two], found fields of its own")
    return value if isinstance(value, list | tuple) else [value]


def _number(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and math.isfinite(value):  # type: ignore[arg-type]
        return value
    raise ValueError(f"needs a number such as 12.5, found {describe(value)}")


def _scalar(value: object) -> object:
    if not isinstance(value, str | int | float):
        raise ValueError(f"needs one word or number, found {describe(value)}")
    plain = next(kind for kind in (bool, int, float, str) if isinstance(value, kind))
    return plain(value)


@dataclass(frozen=True)
class Reader(BeforeValidator):
    """Reads a field, and says in the JSON Schema what it takes, as far as a schema can."""

    takes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Give the field's schema."""
        return dict(self.takes)


def whole(low: int, high: int = 10**9) -> Reader:
    """Give the reader of a whole number from `low` to `high`."""
    limits = f"from {low} to {high}" if high < 10**9 else f"of at least {low}"

    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"needs a whole number {limits}, found {describe(value)}")
        return value

    return Reader(read, takes={"type": "integer", "minimum": low, "maximum": high})


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return Period.parse(value).start
        except KpiError:
            pass  # said below, in the words of the field
    raise ValueError(f"needs a date such as 2025-03-31, found {describe(value)}")


def _flag(value: object) -> object:
    found = _YES_NO.get(str(value).strip().lower())
    if found is None:
        raise ValueError(f"needs true or false, found {describe(value)}")
    return found


def word_of(words: tuple[str, ...]) -> Reader:
    """Give the reader of one of `words`."""

    def read(value: object) -> object:
        text = str(_text(value.value if isinstance(value, Enum) else value))
        if text not in words:
            raise WrongWordError(text, words)
        return text

    return Reader(read, takes={"type": "string", "enum": list(words)})


def one_of(kind: type[Enum]) -> Reader:
    """Give the reader of one of the words of `kind`."""
    return word_of(tuple(member.value for member in kind))


def matching(pattern: str, words: str) -> Reader:
    """Give the reader of a text that fits `pattern`; `words` say what is needed."""
    form = re.compile(pattern)

    def read(value: object) -> object:
        text = str(_text(value))
        if not form.fullmatch(text):
            raise ValueError(f"needs {words}, found {describe(text)}")
        return text

    return Reader(read, takes={**_TEXT_SCHEMA, "pattern": f"^(?:{pattern})$"})


def checked(check: Callable[[str], str]) -> Reader:
    """Give the reader of a text that `check` passes on, or refuses with a ValueError."""
    return Reader(lambda value: check(str(_text(value))), takes=_TEXT_SCHEMA)


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "array", "items": _TEXT_SCHEMA}, _TEXT_SCHEMA]}),
]
Scalar = Annotated[str | int | float | bool, BeforeValidator(_scalar)]
Number = Annotated[float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DATE_SCHEMA)]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema(_FLAG_SCHEMA)]
Rules = Annotated[str, word_of(RULE_SETS)]
