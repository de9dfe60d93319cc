"""Reading a wording: its words, and where one stands."""

from __future__ import annotations

import re
from collections.abc import Container

_WORD = re.compile(r"[^\W_]+(?:['’\-&][^\W_]+)*")


def words(text: str) -> list[str]:
    """Give the words in lower case; hyphened words are one."""
    return _WORD.findall(text.lower())


def first_of(text: str, listed: Container[str]) -> str | None:
    """Give the first word of `text` that is in `listed`; the parts of hyphened words count."""
    for word in words(text):
        for part in (word, *word.split("-")):
            if part in listed:
                return part
    return None
