"""Text that people open in a spreadsheet: a cell that would run as a formula is quoted.

The signs are those of OWASP's page on CSV injection. The quotation mark is taken off again when
the sheet comes back.
"""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Put a quotation mark before a text that a spreadsheet would run."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Take the mark away that `guarded` put there."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
