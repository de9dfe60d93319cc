"""Period values: the text of a table becomes validated numbers, one row a period.

Every fault names file, line, column, what was found and what to do, and is kept with its
series, so that a faulty series is held back while all others go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_analysis.definitions.measures import Measure
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, KpiError, Level
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.sources import Table, fault

VALUES = ("team", "measure", "period", "value", "numerator", "denominator")
"""Columns of a frame of values: text, text, Period as text, then floats (NaN: no value)."""

_PLAIN = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_COMMA = r"[+-]?\d{1,3}(?:[.\u00a0\u202f ]?\d{3})*(?:,\d+)?"


@dataclass(frozen=True)
class Series:
    """Values of one team's measure in time order, gaps included, with the faults found."""

    team: str
    measure: str
    values: pd.DataFrame
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what; None where the table has no such column."""

    period: str = "period"
    team: str | None = "team"
    measure: str | None = "measure"
    value: str | None = "value"
    numerator: str | None = "numerator"
    denominator: str | None = "denominator"


@dataclass(frozen=True)
class Cells:
    """Rows of one measure with their source lines, before they are split by team."""

    table: Table
    rows: pd.DataFrame
    columns: Columns
    lone_team: str = ""  # the team of every row where no column names it


def or_known(word: str, known: Iterable[str]) -> str:
    """Give ": did you mean 'x'?", or the list of known words where none is near."""
    names = list(known)
    some = f": known are {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}"
    return did_you_mean(nearest(word, names)) or some


def read_series(
    cells: Cells, measure: Measure, frequency: Frequency, teams: Sequence[str] | None
) -> tuple[list[Series], list[Finding]]:
    """Turn the rows of one measure into a series a team.

    `teams` are the names kpi.yml allows (None: any). Returns the series and the faults of rows
    that belong to no team. The input is not changed.
    """
    reader = _Reader(cells, measure, frequency)
    rows = reader.rows()
    homeless = list(_unknown_teams(rows, teams, cells))
    known = rows if teams is None else rows[rows["team"].isin(list(teams))]
    series = [
        _one_series(str(team), part, measure, frequency, reader)
        for team, part in known.groupby("team", sort=False)
        if team
    ]
    return series, homeless


def read_frequency(texts: pd.Series[str]) -> Frequency:
    """Read off how often values come; full dates that all start a month are months, and so on.

    Raises KpiError for the first text that is no period.
    """
    periods = [Period.parse(text) for text in dict.fromkeys(texts)]
    written = {period.frequency for period in periods}
    if written != {Frequency.DAY}:
        return next(iter(written), Frequency.MONTH)
    for frequency in (Frequency.QUARTER, Frequency.MONTH, Frequency.WEEK):
        if all(Period.containing(one.start, frequency).start == one.start for one in periods):
            return frequency
    return Frequency.DAY


class _Reader:
    """Reads the cells of one measure column by column, and keeps the faults by row."""

    def __init__(self, cells: Cells, measure: Measure, frequency: Frequency) -> None:
        self.cells = cells
        self.measure = measure
        self.frequency = frequency
        self.faults: dict[int, list[Finding]] = {}

    def rows(self) -> pd.DataFrame:
        """Give team, period, numbers and line for each row, positions as index."""
        source, columns = self.cells.rows, self.cells.columns
        out = pd.DataFrame(index=source.index)
        out["team"] = source[columns.team].str.strip() if columns.team else self.cells.lone_team
        places = [self.cells.table.places[position] for position in source.index]
        out["file"] = [file for file, _ in places]
        out["line"] = [line for _, line in places]
        for position in out.index[out["team"] == ""]:
            self._note(position, "team is empty: write the team's name", columns.team)
        out["period"] = pd.Series(
            self._periods(source[columns.period]), source.index, dtype="object"
        )
        for name in ("value", "numerator", "denominator"):
            column = getattr(columns, name)
            out[name] = self._numbers(source[column]) if column else np.nan
        out["value"] = self._values(out)
        return out

    def _note(self, position: int, message: str, field: str | None) -> None:
        cells = self.cells
        column = cells.columns.team
        team = str(cells.rows.at[position, column]).strip() if column else cells.lone_team
        file, line = cells.table.places[position]
        finding = fault(
            message,
            file=file,
            line=line,
            field=field,
            measure=self.measure.id,
            team=team or None,
        )
        self.faults.setdefault(position, []).append(finding)

    def _periods(self, texts: pd.Series[str]) -> list[Period | None]:
        known: dict[str, Period | str] = {}
        for text in texts.unique():
            try:
                known[text] = Period.parse(text.strip(), self.frequency)
            except KpiError as error:
                known[text] = str(error)
        out: list[Period | None] = []
        for position, text in texts.items():
            found = known[text]
            if isinstance(found, str):
                self._note(int(str(position)), found, str(texts.name))
            out.append(found if isinstance(found, Period) else None)
        return out

    def _numbers(self, texts: pd.Series[str]) -> npt.NDArray[np.float64]:
        """Read numbers as written; an empty cell is NaN, anything else is a fault."""
        decimal = self.measure.data.decimal or "."
        stripped = texts.str.strip()
        good = stripped.str.fullmatch(_COMMA if decimal == "," else _PLAIN)
        plain = stripped
        if decimal == ",":
            plain = stripped.str.replace(r"[.\u00a0\u202f ]", "", regex=True).str.replace(",", ".")
        numbers = pd.to_numeric(plain.where(good), errors="coerce").to_numpy(dtype=np.float64)
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        for offset in np.flatnonzero(np.isnan(numbers) & (stripped != "").to_numpy()):
            position = int(texts.index.to_numpy()[offset])
            column = str(texts.name)
            self._note(position, _number_fault(column, stripped.iloc[offset], decimal), column)
        return numbers

    def _values(self, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Work out percentages, rates and ratios from their counts; other values stand."""
        measure = self.measure
        factor = _factor(measure)
        value = rows["value"].to_numpy(dtype=np.float64)
        if factor is None:
            return value
        above = rows["numerator"].to_numpy(dtype=np.float64)
        below = rows["denominator"].to_numpy(dtype=np.float64)
        half = np.isnan(above) != np.isnan(below)
        for offset in np.flatnonzero(half):
            empty = "numerator" if np.isnan(above[offset]) else "denominator"
            message = f"{empty} is empty beside its partner: fill both, or leave both empty"
            self._note(int(rows.index.to_numpy()[offset]), message, empty)
        is_share = _statistic(measure) == "percentage"
        for offset in np.flatnonzero((below < 0) | (is_share & (above > below))):
            message = (
                f"numerator {above[offset]:g} and denominator {below[offset]:g} cannot be a "
                f"{_statistic(measure)}: correct one"
            )
            self._note(int(rows.index.to_numpy()[offset]), message, "numerator")
        with np.errstate(divide="ignore", invalid="ignore"):
            worked_out = np.where(below > 0, factor * above / below, np.nan)
        return np.where(np.isnan(above) | np.isnan(below), value, worked_out)


def _statistic(measure: Measure) -> str:
    return measure.calculation.statistic or ""


def _factor(measure: Measure) -> float | None:
    """Give what numerator / denominator is multiplied by, or None: values are plain numbers."""
    statistic = _statistic(measure)
    if statistic == "percentage":
        return 100.0
    if statistic == "rate":
        return float(measure.calculation.per or 1.0)
    return 1.0 if statistic == "ratio" else None


def _number_fault(column: str, text: str, decimal: str) -> str:
    shown = text if len(text) <= 40 else text[:39] + "…"
    message = f"column '{column}' holds '{shown}', which is not a number"
    if decimal == "." and re.fullmatch(_COMMA, text):
        return f'{message}: write 1234.5, or say decimal: "," in the measure\'s data'
    if text.endswith("%"):
        return f"{message}: write it without the percent sign"
    return f"{message}: write the number, or leave the cell empty for a period without a value"


def _unknown_teams(
    rows: pd.DataFrame, teams: Sequence[str] | None, cells: Cells
) -> Iterable[Finding]:
    if teams is None:
        return
    firsts = rows[(rows["team"] != "") & ~rows["team"].isin(list(teams))].drop_duplicates("team")
    for _, row in firsts.iterrows():
        team = str(row["team"])
        yield fault(
            f"team '{team}' is not among the teams of kpi.yml{or_known(team, teams)}",
            file=str(row["file"]),
            line=int(row["line"]),
            field=cells.columns.team,
            team=team,
            better=nearest(team, teams),
        )


def _one_series(
    team: str, part: pd.DataFrame, measure: Measure, frequency: Frequency, reader: _Reader
) -> Series:
    faults = [found for position in part.index for found in reader.faults.get(position, [])]
    dated = part[part["period"].notna()].sort_values("period", kind="stable")
    for check in (_twice, _out_of_range, _missing_rows):
        faults += [
            replace(found, measure=measure.id, team=team) for found in check(dated, measure, team)
        ]
    values = _whole(team, measure.id, dated)
    return Series(team, measure.id, values, tuple(faults))


def _twice(dated: pd.DataFrame, measure: Measure, team: str) -> Iterator[Finding]:
    for period, rows in dated[dated["period"].duplicated(keep=False)].groupby("period"):
        (file, line), (other, again) = list(zip(rows["file"], rows["line"], strict=True))[:2]
        first = f"line {line}" if file == other else f"{file} line {line}"
        times = "twice" if len(rows) == 2 else f"{len(rows)} times"
        message = f"{period} of '{measure.id}' for team '{team}' is there {times}"
        message += f" (first in {first}): keep one row"
        yield fault(message, file=other, line=int(again), field="period", rule="D01")


def _out_of_range(dated: pd.DataFrame, measure: Measure, team: str) -> Iterator[Finding]:  # noqa: ARG001 one shape for all three checks
    low, high = measure.valid_range or (None, None)
    too_low = dated["value"] < (-np.inf if low is None else low)
    too_high = dated["value"] > (np.inf if high is None else high)
    span = f"{'-' if low is None else f'{low:g}'} to {'-' if high is None else f'{high:g}'}"
    for _, row in dated[too_low | too_high].iterrows():
        message = f"value {row['value']:g} lies outside the valid range {span}"
        message += ": correct the value, or valid_range in the definition"
        file, line = str(row["file"]), int(row["line"])
        yield fault(message, file=file, line=line, field="value", rule="C02")


def _missing_rows(dated: pd.DataFrame, measure: Measure, team: str) -> Iterator[Finding]:
    """Name the periods inside the series that have no row: they become gaps."""
    if dated.empty:
        return
    seen = set(dated["period"])
    absent = [period for period in Period.span(min(seen), max(seen)) if period not in seen]
    if absent:
        names = ", ".join(map(str, absent[:3])) + (", ..." if len(absent) > 3 else "")
        message = f"'{measure.id}', team '{team}', has no row for {names} ({len(absent)} missing)"
        message += ": add the row, with an empty value where there is none"
        file = str(dated["file"].iloc[0])
        yield fault(message, file=file, field="period", rule="D01", level=Level.WARNING)


def _whole(team: str, measure: str, dated: pd.DataFrame) -> pd.DataFrame:
    """Lay the values on every period from the first to the last: an absent one is a gap.

    A period that is there twice has no value: which of the two is right is for people to say.
    """
    single = dated.drop_duplicates("period", keep=False).set_index("period")
    seen = dated["period"]
    periods = Period.span(seen.min(), seen.max()) if len(seen) else []
    numbers = single.reindex(periods)[["value", "numerator", "denominator"]]
    out = numbers.astype(np.float64).reset_index(drop=True)
    out.insert(0, "period", [str(period) for period in periods])
    out.insert(0, "measure", measure)
    out.insert(0, "team", team)
    return out
