"""Which pile a name goes to, and why: the word rules and the near-duplicates, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kpi_analysis.definitions.lint.check import WORD_RULES
from kpi_analysis.definitions.lint.rule import Hit


class Pile(StrEnum):
    """What is proposed to be done with a name; a person decides."""

    KEEP = "keep"
    REWRITE = "rewrite"
    QUESTION = "question"
    RETIRE = "retire"


# What is meant is plain, and only the form is wrong: rewrite. Somebody must say what it is for:
# question. It is done once, so it belongs among the actions: retire.
_PILES = {
    "M01": Pile.RETIRE,
    "M02": Pile.REWRITE,
    "M03": Pile.QUESTION,
    "M04": Pile.QUESTION,
    "M05": Pile.REWRITE,
    "M06": Pile.QUESTION,
    "M07": Pile.REWRITE,
    "M08": Pile.QUESTION,
    "M09": Pile.QUESTION,
}
_GRAVEST = (Pile.RETIRE, Pile.QUESTION, Pile.REWRITE)
_WHY = {rule.id: rule.why for rule in WORD_RULES}


def pile_of(rules: Iterable[str]) -> Pile:
    """Give the pile of a name that these rules find fault with: the gravest; keep without any."""
    found = {_PILES[rule] for rule in rules}
    return next((pile for pile in _GRAVEST if pile in found), Pile.KEEP)


@dataclass(frozen=True)
class Entry:
    """One name of the bank: what the rules found, the better name that says the same, the pile.

    `moved_to` is the pile a person chose; None: they left it as proposed.
    """

    name: str
    hits: tuple[tuple[str, Hit], ...]
    same_as: str
    moved_to: Pile | None

    @property
    def proposed(self) -> Pile:
        """The pile proposed: the gravest of the reasons, keep without any."""
        return Pile.RETIRE if self.same_as else pile_of(rule for rule, _ in self.hits)

    @property
    def pile(self) -> Pile:
        """The pile it is on: a person's choice where there is one."""
        return self.moved_to or self.proposed

    @property
    def reasons(self) -> str:
        """Why it was proposed for its pile; of a duplicate, no more than that it is one."""
        if self.same_as:
            return f"says the same as “{self.same_as}”, which stays for both"
        rules = (f"{hit.found}: {_WHY[rule]}" for rule, hit in self.hits)
        return "; ".join(rules) or "no word rule finds fault with it"

    @property
    def ask(self) -> str:
        """The questions to ask back, or a better wording."""
        return "" if self.same_as else " ".join(hit.better for _, hit in self.hits)
