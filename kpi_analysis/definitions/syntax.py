"""What is wrong with a line of YAML, in plain words: the parser's own would help nobody."""

from __future__ import annotations

import re

# Part of the parser's message -> what to do. The first that fits is taken.
_CURES = (
    ("no-break blank", "a blank here is a no-break one (U+00A0): type plain blanks"),
    ("dash without blank", "write a blank after the dash of a list's item"),
    ("tab character", "indent with spaces, not with tabs"),
    ("'\\t' that cannot start", "indent with spaces, not with tabs"),
    ("mapping values are not allowed", "put the text in quotes if it holds ': ', or start a new"
     " line for each field, all indented alike"),
    ("cannot start any token", "put the text in quotes: it begins with a sign that YAML keeps"
     " for itself"),
    ("alphabetic or numeric", "put text that begins with * or & in quotes"),
    ("',' or ']'", "close the list with ], and part its items by commas"),
    ("',' or '}'", "close the fields with }, and part them by commas"),
    ("quoted scalar", "close the quotation mark"),
    ("unexpected end of stream", "close the quotation mark"),
    ("document separator", "close the quotation mark"),
    ("escape", "use single quotes: in double quotes a backslash has a meaning of its own"),
    ("expected ':'", "write every field as 'name: value', with a blank after the colon"),
    ("sequence entries", "start the list's dash on a line of its own"),
    ("expected key", "indent all fields of one block alike, and close every quotation mark and"
     " bracket above"),
    ("'-' indicator", "indent all dashes of one list alike, and part them from fields"),
    ("block end", "indent all fields of one block alike, and close every quotation mark and"
     " bracket above"),
    ("tag", "put text that begins with ! in quotes"),
)  # fmt: skip


# These come to light at the end of the file or of the line: the place to mend is the start.
_BEGIN_EARLIER = ("',' or '", "unexpected end of stream", "document separator", "expected ':'")


def begins_earlier(problem: str) -> bool:
    """Tell whether what is to be mended stands where the construct begins."""
    return any(part in problem for part in _BEGIN_EARLIER)


def cure(problem: str, text: str, place: tuple[int, int]) -> str:
    """Give what stands at `place` (line and column from 1) and what to do about `problem`."""
    lines = text.splitlines()
    line, column = place
    here = lines[line - 1] if line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        problem = "tab character"
    elif "\u00a0" in here or "\u00a0" in "".join(lines[line - 2 : line - 1]):
        problem = "no-break blank"
    elif re.match(r"-[^\s-]", here.lstrip()):
        problem = "dash without blank"
    todo = next((words for part, words in _CURES if part in problem), "check this line's signs")
    rest = here[column - 1 :].strip() or here.strip()
    found = f"'{rest[:40]}'" if rest else "the end of the file"
    return f"this is not YAML at {found}: {todo}"
