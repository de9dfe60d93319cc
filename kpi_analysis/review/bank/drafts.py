"""Names that stay become draft definitions: files that load, and say what is still to be done."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from kpi_analysis.review.bank.piles import Entry, Pile

UNWRITTEN = "not written"
"""The result of a draft whose result nobody has worded; the design check asks for it (R05)."""

_LONGEST = 60
_SCHEMA = "../schema/measure.schema.json"


def write_drafts(entries: Iterable[Entry], folder: Path) -> tuple[Path, ...]:
    """Write a draft for each name to keep or to rewrite; give the files written.

    A file that is there already is left alone, so that no work is lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    has_schema = (folder / _SCHEMA).is_file()  # in a workspace that kpi init made
    first = f"# yaml-language-server: $schema={_SCHEMA}\n" if has_schema else ""
    new = [
        (folder / f"{name}.yml", first + draft(name, entry))
        for name, entry in _named(entries)
        if not (folder / f"{name}.yml").exists()
    ]
    for path, text in new:
        path.write_text(text, encoding="utf-8", newline="\n")
    return tuple(path for path, _ in new)


def draft(name: str, entry: Entry) -> str:
    """Give the text of a draft definition whose id is `name`."""
    fields = {"id": name, "status": "draft", "name": entry.name, "result": UNWRITTEN}
    body = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=1000)
    head = f"# From the bank, to {entry.pile}: {entry.reasons}."
    ask = f"# {entry.ask}\n" if entry.ask else ""
    return f"{head}\n{ask}{body}# Next: word the result that it would show; kpi next says how.\n"


def _named(entries: Iterable[Entry]) -> Iterator[tuple[str, Entry]]:
    taken: set[str] = set()
    for entry in entries:
        if entry.pile in (Pile.KEEP, Pile.REWRITE):
            name = _free(_slug(entry.name), taken)
            taken.add(name)
            yield name, entry


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("%", " percent ")).encode("ascii", "ignore")
    words = "-".join(re.findall(r"[a-z0-9]+", plain.decode().lower()))
    return words[:_LONGEST].rstrip("-") or "measure"


def _free(name: str, taken: set[str]) -> str:
    n = 2
    free = name
    while free in taken:
        free, n = f"{name}-{n}", n + 1
    return free
