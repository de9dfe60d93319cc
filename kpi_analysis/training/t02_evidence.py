"""T02: evidence is what one could see, hear or count; ideas and activities are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from kpi_analysis.definitions.lint.check import lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.lint.text import first_of, words
from kpi_analysis.definitions.lint.words import WEASELS, listed
from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import (
    Answer,
    Fields,
    Remark,
    State,
    remarked,
    right,
    unanswered,
)
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.given import texts
from kpi_analysis.training.sorting import Card, check_cards, show_cards

LEAST = 3
LINES = (
    Card("Residents who ring the bell twice for the same thing", "yes",
         "A second ring can be heard and counted."),
    Card("A culture of dignity", "no", "It is an idea. What would one see where it is lived?"),
    Card("Parcels that come back with a crushed corner", "yes", "They can be laid on a table."),
    Card("All staff are trained in the new procedure", "no",
         "It is something we do. What would be different for somebody afterwards?"),
    Card("Better communication with passengers", "no",
         "It is an idea. What do passengers do when they were not told?"),
    Card("Passengers who miss a connection that left on time", "yes",
         "They stand on the platform, and can be counted."),
    Card("Review meetings take place every month", "no",
         "It is something we do. What would be different for somebody afterwards?"),
    Card("Puddles on the path the morning after rain", "yes", "They can be seen and counted."),
)  # fmt: skip
_COUNTED = re.compile(r"^(?:the )?(?:number|count) of ", re.IGNORECASE)
_DOING = re.compile(
    r"\b(?:takes?|took) place\b"
    r"|\b(?:is|are|was|were|been) (?:trained|briefed|reminded|held|sent|given|published)\b",
    re.IGNORECASE,
)
# Words of ideas that the list of weasel words leaves alone, because they may stand in a result.
_IDEAS = listed(
    "culture attitude attitudes awareness morale commitment dignity collaboration communication "
    "teamwork motivation mindset"
)


def lines(given: object) -> Answer:
    """Sort the eight lines: {1: "yes", 2: "no", ...}."""
    return check_cards("T02.lines", LINES, ("yes", "no"), given)


def evidence(given: object) -> Answer:
    """Check the learner's evidence: at least three lines that one could see, hear or count."""
    said, exercise = texts(given), "T02.evidence"
    if not said:
        return unanswered(exercise, f"write {LEAST} lines: what would one see, hear or count?")
    remarks = list(_slips(exercise, said))
    flagged = {one.words.partition("”")[0].removeprefix("“") for one in remarks}
    good = tuple(dict.fromkeys(one for one in said if one not in flagged))
    if len(good) < LEAST:
        missing = LEAST - len(good)
        remarks.append(Remark(f"{exercise}.few", f"{missing} more of {LEAST} to find."))
    if not good:
        return remarked(State.WRONG, remarks)
    made = Fields({"evidence": list(good)})
    if remarks:
        return remarked(State.HALF, remarks, made)
    return right(exercise, "each of them could be seen, heard or counted.", made)


def _slips(exercise: str, said: list[str]) -> Iterator[Remark]:
    seen: set[str] = set()
    for one in said:
        kind, why = _slip(one)
        if one.casefold() in seen:
            kind, why = "twice", "stands there twice."
        if kind:
            yield Remark(f"{exercise}.{kind}", f"“{one}” {why}")
        seen.add(one.casefold())


def _slip(line: str) -> tuple[str, str]:
    """Name what keeps a line from being evidence, and ask back; empty where nothing does."""
    if len(words(line)) < 2:
        return "short", "is one word: who does what, or what lies where?"
    idea = first_of(line, WEASELS) or first_of(line, _IDEAS)
    if idea:
        question = WEASELS.get(idea, "What would one see or hear if it were so?")
        return "idea", f"holds the idea “{idea}”, which nobody can see. {question}"
    bare = _COUNTED.sub("", line)
    rules = (*lint_wording(About.RESULT, bare), *lint_wording(About.NAME, f"Number of {bare}"))
    if _DOING.search(line) or {"R01", "M04"} & {rule for rule, _ in rules}:
        return "activity", "is something we do. What would be different for somebody afterwards?"
    return "", ""


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give the checkers of this lesson."""
    return {"lines": lines, "evidence": evidence}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give what this lesson shows."""
    return {"lines": lambda: show_cards(LINES)}
