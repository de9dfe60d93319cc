"""How often the design check is right about a wording: the table of METHOD.md, "Design check".

    python tests/bench/lint_precision.py           the tables: the rules, and the piles of a bank
    python tests/bench/lint_precision.py --write   the tables put into METHOD.md
    python tests/bench/lint_precision.py --faults  each wording of the seen half on which the
                                                   check and the label differ

The wordings of tests/definitions/wordings.csv were labelled by the letter of the list of rules,
before the rules were run on them. The rules may be finished on the `seen` part; the `held` part
only measures, and once its faults are looked at it is seen, and a new one is to be written. A rule
is right about a wording where the label names it too.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kpi_analysis.definitions.lint.check import WORD_RULES, lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.review.bank.piles import Pile, pile_of

WORDINGS = Path(__file__).resolve().parents[1] / "definitions" / "wordings.csv"
METHOD = Path(__file__).resolve().parents[2] / "METHOD.md"
SECTION = "\n## Design check\n"
BANK = "\n## Bank triage"
HEAD = """\
| rule | seen: precision | recall | held: precision | recall |
|---|---|---|---|---|"""


@dataclass(frozen=True)
class Wording:
    """A wording, what it words, the rules that it breaks by its label and by the check."""

    text: str
    about: About
    label: frozenset[str]
    found: frozenset[str]
    half: str


def read_wordings(path: Path = WORDINGS) -> list[Wording]:
    """Read the labelled wordings and put each to the design check."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_wording(row) for row in csv.DictReader(file)]


def _wording(row: dict[str, str]) -> Wording:
    about = About(row["applies_to"])
    found = frozenset(rule for rule, _ in lint_wording(about, row["text"]))
    return Wording(row["text"], about, frozenset(row["rules"].split()), found, row["half"])


def shares(wordings: list[Wording], rule: str | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give (right, said) and (right, meant) of a rule; None: of any rule, wording by wording."""
    said = [one for one in wordings if (rule in one.found if rule else one.found)]
    meant = [one for one in wordings if (rule in one.label if rule else one.label)]
    right = sum(one in meant for one in said)
    return (right, len(said)), (right, len(meant))


def table(wordings: list[Wording]) -> str:
    """Give the Markdown table: precision and recall of each rule, for each half."""
    names: list[tuple[str, str | None]] = [(rule.id, rule.id) for rule in WORD_RULES]
    return "\n".join(
        [HEAD, *(_row(name, rule, wordings) for name, rule in [*names, ("any", None)])]
    )


def _row(name: str, rule: str | None, wordings: list[Wording]) -> str:
    halves = ([one for one in wordings if one.half == half] for half in ("seen", "held"))
    cells = [_share(*share) for half in halves for share in shares(half, rule)]
    return f"| {name} | {' | '.join(cells)} |"


def _share(right: int, of: int) -> str:
    return f"{100 * right / of:.0f} % ({right} of {of})" if of else "none said"


def piles(wordings: list[Wording]) -> str:
    """Give the confusion matrix of the names held aside: the label's pile, and the proposed one.

    Each name is sorted by its words alone, without the others: none is a near-duplicate here.
    """
    held = [one for one in wordings if one.half == "held" and one.about is About.NAME]
    pairs = Counter((pile_of(one.label), pile_of(one.found)) for one in held)
    lines = [f"| {own} | {' | '.join(str(pairs[own, said]) for said in Pile)} |" for own in Pile]
    head = f"| by label \\ proposed | {' | '.join(Pile)} |"
    return "\n".join([head, "|---" * (len(Pile) + 1) + "|", *lines])


def table_of(method: str, heading: str = SECTION) -> str:
    """Give the table that stands in METHOD.md's section; empty if there is no such section."""
    _, _, section = method.partition(heading)
    lines = section.partition("\n## ")[0].splitlines()
    return "\n".join(line for line in lines if line.startswith("|"))


def faults(wordings: Iterable[Wording]) -> str:
    """Give a line for each wording of the seen half that check and label judge differently."""
    return "\n".join(
        f"{one.about}: {one.text}: missed {' '.join(sorted(one.label - one.found)) or 'none'},"
        f" said wrongly {' '.join(sorted(one.found - one.label)) or 'none'}"
        for one in wordings
        if one.half == "seen" and one.found != one.label
    )


def main(option: str) -> None:
    """Print the table or the faults, or write the table into METHOD.md."""
    wordings = read_wordings()
    if option == "--write":
        method = METHOD.read_text(encoding="utf-8")
        method = method.replace(table_of(method), table(wordings))
        method = method.replace(table_of(method, BANK), piles(wordings))
        METHOD.write_text(method, encoding="utf-8")
    else:
        both = f"{table(wordings)}\n\n{piles(wordings)}"
        print(faults(wordings) if option == "--faults" else both)


if __name__ == "__main__":
    main(sys.argv[-1])
