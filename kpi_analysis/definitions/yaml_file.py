"""A YAML file of the workspace, read strictly, with the place of every key and value.

Plain words are those of YAML 1.2's core schema: only `true` and `false` are booleans; `on`,
`off`, `yes` and `no`, dates and `12:30` stay text. A number keeps the text it was written in,
so that a code such as 012 can still be read as text. Refused, each with a cure: anchors and
aliases, tags, a key written twice, a second document, deep nesting, more than 1 MB, any
encoding but UTF-8 (with or without BOM). Source: YAML 1.2.2, section 10.3. One thing is read
otherwise: in `{first_step: find out why, tell others}` YAML sees a second key without a value;
nobody means that, so what has no colon goes on with the text before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kpi_analysis.definitions.syntax import begins_earlier, cure
from kpi_analysis.errors import DefinitionError, Finding, Level

Steps = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both from 1

MOST_BYTES = 1024 * 1024
_MOST_NESTED = 20
# libyaml reads ten times faster; the pure reader serves where PyYAML was built without it.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_Node = yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_INT = re.compile(r"[-+]?[0-9]{1,400}|0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
# Controls, and what nobody sees: a zero-width blank, a byte order mark, marks that turn the text.
_UNPRINTABLE = re.compile(
    "[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]|[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class WrittenInt(int):
    """A whole number that knows how it was written."""

    text: str


class WrittenFloat(float):
    """A number that knows how it was written."""

    text: str


@dataclass(frozen=True)
class YamlFile:
    """What a file holds (None: nothing), and where; `shown_as` is its name in messages.

    `keys` holds the place of each key, `values` that of each value, both by their path.
    """

    shown_as: str
    data: object
    keys: Mapping[Steps, Place]
    values: Mapping[Steps, Place]

    def fault(
        self,
        message: str,
        path: Steps = (),
        *,
        at_key: bool = False,
        measure: str | None = None,
        better: str | None = None,
    ) -> Finding:
        """Give the finding for the value (or key) at `path`, or for what is nearest above it."""
        written = self.written(path)
        place = self.keys.get(written) if at_key else None
        line, column = place or self.values.get(written, (1, 1))
        field = ".".join(str(part) for part in path) or None
        return Finding(
            *(Level.ERROR, "schema", message, self.shown_as, line, column, field, measure),
            better=better,
        )

    def written(self, path: Steps) -> Steps:
        """Give `path` as far as the file writes it: a step that is not there is left out."""
        steps: Steps = ()
        for step in path:
            steps = (*steps, step) if (*steps, step) in self.values else steps
        return steps


def read_yaml(path: Path, shown_as: str) -> YamlFile:
    """Read the file at `path`. Raises DefinitionError with one line that names the cure."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(
            shown_as, f"cannot be read: {(error.strerror or 'unknown').lower()}"
        ) from error
    if len(raw) > MOST_BYTES:
        raise _refused(shown_as, "is larger than 1 MB: a definition is a page of text")
    return parse_yaml(_decoded(raw, shown_as), shown_as)


def parse_yaml(text: str, shown_as: str) -> YamlFile:
    """Read `text`. Raises DefinitionError with one line that names the cure."""
    odd = _UNPRINTABLE.search(text)
    if odd:
        place = _place_of(text, odd.start())
        raise _refused(shown_as, f"holds the unprintable character {odd[0]!a}: delete it", place)
    try:
        return _Composer(shown_as, text).compose()
    except yaml.MarkedYAMLError as error:
        problem = error.problem or ""
        mark = error.context_mark if begins_earlier(problem) else error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refused(shown_as, cure(problem, text, place), place) from None


def _decoded(raw: bytes, shown_as: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise _refused(shown_as, "is in the encoding UTF-16: save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        what = f"is not UTF-8 (byte {raw[error.start]:02x}; perhaps Windows-1252): save it as UTF-8"
        raise _refused(shown_as, what, _place_of(before, len(before))) from None


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _refused(shown_as: str, message: str, place: Place | None = None) -> DefinitionError:
    line, column = place or (None, None)  # what is wrong with the whole file has no line
    return DefinitionError(Finding(Level.ERROR, "schema", message, shown_as, line, column))


class _Composer:
    """Builds plain values from the parser's events, notes where each stands, gathers faults."""

    def __init__(self, shown_as: str, text: str) -> None:
        self._shown_as = shown_as
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_PARSER))
        self._keys: dict[Steps, Place] = {}
        self._values: dict[Steps, Place] = {}
        self._faults: list[Finding] = []

    def compose(self) -> YamlFile:
        data: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "a second document starts here: keep one a file")
            elif isinstance(event, yaml.NodeEvent):
                data = self._value(event, ())
        if self._faults:
            raise DefinitionError(self._faults)
        return YamlFile(self._shown_as, data, self._keys, self._values)

    def _value(self, event: yaml.Event, path: Steps) -> object:
        self._values[path] = _start(event)
        if type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None:
            return _plain(event.value) if event.implicit[0] else event.value  # nearly all of them
        if not isinstance(event, _Node) or event.anchor is not None:
            cure = "anchors (&) and aliases (*) are not read: write the value out, or quote it"
            self._refuse(event, cure)
        elif event.tag is not None:
            self._refuse(event, "tags (text that begins with !) are not read: delete or quote it")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return _plain(event.value) if event.implicit[0] else event.value
        return None

    def _list(self, start: yaml.Event, path: Steps) -> list[object]:
        self._stop_if_deep(start, path)
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, start: yaml.Event, path: Steps) -> dict[str, object]:
        self._stop_if_deep(start, path)
        pairs: dict[str, object] = {}
        key = written = ""  # the last key and its value, as far as that is unquoted text
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused(self._shown_as, "a key must be one word or text", _start(event))
            value = next(self._events)
            if written and _has_no_colon(event, value):
                written = pairs[key] = f"{written}, {event.value}"
                continue
            key = event.value
            is_plain = isinstance(value, yaml.ScalarEvent) and value.implicit[0]
            written = str(getattr(value, "value", "")) if is_plain else ""
            self._note_key(event, path, key in pairs)
            pairs[key] = self._value(value, (*path, key))
        return pairs

    def _note_key(self, event: yaml.ScalarEvent, path: Steps, again: bool) -> None:
        key = event.value
        if again:
            first = self._keys[*path, key][0]
            self._refuse(event, f"'{key}' is written twice, first in line {first}: keep one")
        self._keys[*path, key] = _start(event)

    def _stop_if_deep(self, event: yaml.Event, path: Steps) -> None:
        if len(path) >= _MOST_NESTED:
            message = f"is nested more than {_MOST_NESTED} deep"
            raise _refused(self._shown_as, message, _start(event))

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self._faults.extend(_refused(self._shown_as, message, _start(event)).findings)


def _start(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _has_no_colon(key: yaml.Event, value: yaml.Event) -> bool:
    if not (value.start_mark and key.end_mark):
        return False
    return value.start_mark.index == key.end_mark.index


def _plain(text: str) -> object:
    """Give what an unquoted word means under YAML 1.2's core schema."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    number: WrittenInt | WrittenFloat
    if _INT.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        number = WrittenInt(int(text, base))
    elif _FLOAT.fullmatch(text):
        number = WrittenFloat(re.sub(r"\.(?=[in])", "", text.lower()))
    else:
        return text
    number.text = text
    return number
