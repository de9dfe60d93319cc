"""Bank triage: hundreds of KPI names in, four piles out, and a person who moves them.

The sheet that comes out has a column `pile`. What a person writes there stands when the sheet is
read again; an empty cell leaves the name where it was proposed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pandas.io.formats.style import Styler

from kpi_analysis.definitions.lint.check import lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, SourceError
from kpi_analysis.records.cells import no_column
from kpi_analysis.records.sources import Table, fault, read_table
from kpi_analysis.review.bank.drafts import write_drafts
from kpi_analysis.review.bank.piles import Entry, Pile
from kpi_analysis.review.bank.twins import says_period, twins
from kpi_analysis.review.spreadsheet import guarded, unguarded

OURS = ("proposed", "pile", "same_as", "reasons", "ask")
"""The columns that the sheet gets; `pile` is the person's, the others are worked out anew."""


@dataclass(frozen=True)
class TriageResult:
    """The names in the order of the bank; `others` holds the bank's own columns, a row a name."""

    entries: tuple[Entry, ...]
    others: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """A row a name: the bank's own columns, then those of `OURS`, all text."""
        ours = pd.DataFrame(
            [(e.proposed, e.moved_to or "", e.same_as, e.reasons, e.ask) for e in self.entries],
            columns=list(OURS),
            dtype="object",
        )
        return pd.concat([self.others, ours.map(str)], axis=1)

    def pile(self, pile: str) -> pd.DataFrame:
        """Give the names on one pile, with the reasons and what to ask."""
        return pd.DataFrame(
            [(e.name, e.reasons, e.ask) for e in self.entries if e.pile is Pile(pile)],
            columns=["name", "reasons", "ask"],
        )

    def shown(self, pile: str) -> Styler:
        """Give one pile as a table to read in a notebook; names are text there, never markup."""
        left = "text-align: left; vertical-align: top"
        table = self.pile(pile).style.hide(axis="index").format(escape="html")
        return table.set_table_styles(
            [{"selector": "th", "props": left}, {"selector": "td", "props": left}]
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many names are on each pile."""
        return {pile.value: sum(e.pile is pile for e in self.entries) for pile in Pile}

    def csv_text(self) -> str:
        """Give the sheet as CSV; a text that a spreadsheet would run as a formula is quoted."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        table = self.table
        writer.writerow([guarded(str(name)) for name in table.columns])
        writer.writerows(
            [guarded(str(cell)) for cell in row] for row in table.itertuples(index=False)
        )
        return out.getvalue()

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write `bank.csv`, and into `measures/` a draft for each name to keep or to rewrite.

        A definition that is there already is left alone. Gives the files written.
        """
        sheet = Path(folder) / "bank.csv"
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(self.csv_text(), encoding="utf-8-sig", newline="")  # for spreadsheets
        return (sheet, *write_drafts(self.entries, Path(folder) / "measures"))

    def __repr__(self) -> str:
        piles = ", ".join(f"{n} {pile}" for pile, n in self.counts.items())
        return f"{len(self.entries)} names: {piles}"


def triage(names: str | Path | Iterable[str], *, column: str = "name") -> TriageResult:
    """Sort a bank of KPI names into four piles: keep, rewrite, question, retire.

    `names` is a CSV file with the names in `column`, or the names themselves. Raises SourceError
    with every fault of the file: no such column, an empty name, a pile that is none.
    """
    table = _read(names) if isinstance(names, str | Path) else _listed(names, column)
    if column not in table.rows.columns:
        raise SourceError(no_column(column, table))
    rows = table.rows.map(unguarded)
    wordings = [_plain(name) for name in rows[column]]
    moved = rows["pile"].str.lower().tolist() if "pile" in rows.columns else [""] * len(rows)
    faults = [
        found
        for name, pile, line in zip(wordings, moved, table.lines, strict=True)
        for found in _faults(table, line, column, name, pile)
    ]
    if faults:
        raise SourceError(faults)
    others = rows.drop(columns=[name for name in OURS if name in rows.columns])
    return TriageResult(_sorted(wordings, moved), others.assign(**{column: wordings}))


def _sorted(names: list[str], moved: list[str]) -> tuple[Entry, ...]:
    hits = [lint_wording(About.NAME, name) for name in names]
    order = sorted(range(len(names)), key=lambda n: (len(hits[n]), not says_period(names[n]), n))
    better = twins(names, order)
    return tuple(
        Entry(name, found, "" if twin is None else names[twin], Pile(pile) if pile else None)
        for name, found, twin, pile in zip(names, hits, better, moved, strict=True)
    )


def _read(path: str | Path) -> Table:
    return read_table(Path(path), Path(path).name)


def _listed(names: Iterable[str], column: str) -> Table:
    rows = pd.DataFrame({column: list(names)}, dtype="object")
    return Table("names", rows, list(range(1, len(rows) + 1)))


def _faults(table: Table, line: int, column: str, name: str, pile: str) -> Iterable[Finding]:
    if not name:
        message = f"{column} is empty: write it, or take the row out"
        yield fault(message, file=table.file, line=line, field=column)
    if pile and pile not in set(Pile):
        better = nearest(pile, Pile)
        message = f"'{pile}' is no pile{did_you_mean(better)}: write {', '.join(Pile)}, or nothing"
        yield fault(message, file=table.file, line=line, field="pile", better=better)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
