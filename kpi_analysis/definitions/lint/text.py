"""Reading a wording: its words, and where one stands."""

from __future__ import annotations

import re
from collections.abc import Container

_WORD = re.compile(r"[^\W_]+(?:['’\-&][^\W_]+)*")


def words(text: str) -> list[str]:
    """Give the words in lower case; hyphened words are one."""
    return _WORD.findall(text.lower())


def first_of(text: str, listed: Container[str]) -> str | None:
    """Give the first word of `text` that is in `listed`; words may stand for a hyphened one."""
    said = words(text)
    for n, word in enumerate(said):
        for reach in (4, 3, 2):
            joined = "-".join(said[n : n + reach])
            if joined in listed:
                return joined
        if word in listed:
            return word
    return None
