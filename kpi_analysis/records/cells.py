"""The cells of a table under the names we know, and the faults of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, Level
from kpi_analysis.records.sources import Table, as_text, fault
from kpi_analysis.records.tables import at_most

NUMBERS = ("value", "numerator", "denominator")
VALUES = ("team", "measure", "period", *NUMBERS)
"""Columns of a frame of values: text, text, Period as text, then floats (NaN: no value)."""


_NO_CELLS = pd.DataFrame(columns=[*VALUES, "file", "line", "separator"], dtype="object")


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what; None where the table has no such column."""

    period: str | None = "period"
    team: str | None = "team"
    measure: str | None = "measure"
    value: str | None = "value"
    numerator: str | None = "numerator"
    denominator: str | None = "denominator"


def or_known(word: str, known: Iterable[str]) -> str:
    """Give ": did you mean 'x'?", or the list of known words where none is near."""
    names = list(known)
    some = f": known are {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}"
    return did_you_mean(nearest(word, names)) or (some if names else "")


def no_column(name: str, table: Table) -> Finding:
    """Say that a table lacks a column, and which of its columns is meant, if any is near."""
    there = [str(column) for column in table.rows.columns]
    return fault(
        f"has no column '{name}'{or_known(name, there)}",
        file=table.file,
        line=table.header,
        field=name,
        better=nearest(name, there),
    )


def misspelt(names: Iterable[str], table: Table) -> list[Finding]:
    """Name the columns that differ from one of `names` by capital letters only.

    Columns that may be absent would else be passed over in silence.
    """
    there = {str(column) for column in table.rows.columns}
    folded = {column.casefold() for column in there}
    return [no_column(name, table) for name in names if name not in there and name in folded]


def lay_out(table: Table, columns: Columns, *, team: str = "", measure: str = "") -> pd.DataFrame:
    """Give a table's cells under the names of `VALUES`, with the place of each row.

    That is its file and line, and the separator of its file: what decides how a number is read.

    `team` and `measure` are those of every row where no column names them; any other absent
    column is empty text.
    """
    otherwise = {"team": team, "measure": measure}
    first = np.zeros(len(table.rows), dtype=np.intp)
    cells: dict[str, pd.Series | pd.Categorical] = {}
    for role in VALUES:
        name = getattr(columns, role)
        if not name:
            cells[role] = _words(first, [otherwise.get(role, "")])
        elif table.typed and role not in NUMBERS:
            cells[role] = table.rows[name].map(as_text)
        else:
            cells[role] = table.rows[name]
    for name, word in (("file", table.file), ("separator", table.separator)):
        cells[name] = _words(first, [word])
    lines = np.array(table.lines, dtype=np.int64)
    return pd.DataFrame({**cells, "line": lines}, index=table.rows.index, copy=False)


def together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Lay cells of several tables below one another; of a column, each word is held once.

    A cell is then the number of its word: tables of millions of rows have few words.
    """
    each = list(tables) or [_NO_CELLS]
    cells: dict[str, npt.ArrayLike | pd.Categorical] = {
        "line": np.concatenate([one["line"].to_numpy() for one in each])
    }
    for name in (*VALUES, "file", "separator"):
        column = np.concatenate([one[name].to_numpy(dtype="object") for one in each])
        codes, words = pd.factorize(column)
        cells[name] = _words(codes, words)
    return pd.DataFrame(cells, copy=False)


def _words(codes: npt.NDArray[np.intp], words: npt.ArrayLike) -> pd.Categorical:
    """Give a column by the numbers of its words."""
    return pd.Categorical.from_codes(codes, pd.Index(np.asarray(words), dtype="object"))


class Notes:
    """Collects the faults of one measure's rows by their position, while its columns are read."""

    def __init__(self, cells: pd.DataFrame, measure: Measure, columns: Columns) -> None:
        self.measure = measure
        self.columns = columns
        self.files, self.lines, self.teams = (
            cells[name].array for name in ("file", "line", "team")
        )
        self.found: dict[int, list[Finding]] = {}

    def name(self, role: str) -> str:
        """Give the name that the table has for a column."""
        return str(getattr(self.columns, role) or role)

    def add(
        self,
        position: int,
        message: str,
        role: str,
        rule: str = "data",
        level: Level = Level.ERROR,
    ) -> None:
        """Note a fault of the row at `position`."""
        finding = fault(
            message,
            file=self.files[position],
            line=int(self.lines[position]),
            field=self.name(role),
            measure=self.measure.id,
            team=self.teams[position],
            rule=rule,
            level=level,
        )
        self.found.setdefault(position, []).append(finding)

    @property
    def faulty(self) -> npt.NDArray[np.bool_]:
        """Mark the rows that have a fault: what follows from it is not another one."""
        marks = np.zeros(len(self.lines), dtype=bool)
        marks[list(self.found)] = True
        return marks

    def by_team(self) -> dict[str, tuple[Finding, ...]]:
        """Give each team's faults in the order of their places, where there are any."""
        out: dict[str, list[Finding]] = {}
        faults = (one for position in sorted(self.found) for one in self.found[position])
        for one in sorted(faults, key=lambda one: (one.file, one.line or 0)):
            out.setdefault(one.team or "", []).append(one)
        return {team: tuple(at_most(each)) for team, each in out.items()}
