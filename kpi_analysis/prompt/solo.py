"""Solo: a chart and its reading from one column of numbers, with no workspace at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kpi_analysis.definitions.measures import Better, Measure, Status, Target, read_measure
from kpi_analysis.definitions.parts import Data
from kpi_analysis.definitions.settings import Settings, Team
from kpi_analysis.errors import KpiError, Level, RecordError, SourceError
from kpi_analysis.prompt.column import Column, column_of, few_of
from kpi_analysis.prompt.drawing import Drawing
from kpi_analysis.prompt.looks import side_by_side
from kpi_analysis.prompt.measure import MeasureView
from kpi_analysis.records.cells import Columns, lay_out, or_known
from kpi_analysis.records.collect import LONE_TEAM
from kpi_analysis.records.columns import column_faults, columns_of
from kpi_analysis.records.logs import LOGS, Log
from kpi_analysis.records.sources import fault, read_table
from kpi_analysis.records.values import Series, read_frequency, read_series
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.signals.rules import rule_set


def xmr(
    values: object,
    column: str | None = None,
    *,
    better: str | None = None,
    target: float | None = None,
    name: str = "",
    unit: str = "",
    rules: str = "wheeler",
    baseline: int = 24,
) -> MeasureView:
    """Chart any list of numbers in time order, and say what they say.

    Args:
        values: a list or array; a Series or frame of pandas (periods are taken from a column
            or from the index, where they are dates or written as 2025-03); or the path of a
            CSV file. None and NaN are periods without a value.
        column: which column, where there are several of numbers.
        better: "higher" or "lower"; without it signals are changes, neither good nor bad.
        target: a number that each value should reach, if there is one.
        name: the title; the column's name if not given.
        unit: what a value counts, such as "%" or "days".
        rules: the name of a rule set, see `kpi.rule_set`.
        baseline: how many values set the limits, counted from the first; from 6 on.

    Returns:
        A MeasureView: Jupyter shows chart and reading, a terminal the reading; `.chart()`,
        `.points`, `.signals`, `.reading`, and `.finding().save("x.png")`.

    Raises:
        KpiError: a value is no number, a period comes twice or cannot be read, a column or an
            option is not known; the message says which, and what to do.

    >>> import kpi_analysis as kpi
    >>> xmr = kpi.xmr([3, 5, 4, 6, 4, 5, 3, 4, 12, 5, 4, 3, 5], better="lower", name="Falls")
    >>> xmr.signals[["rule", "kind", "first"]].values.tolist()
    [['outside_limits', 'concern', 9]]
    >>> xmr.reading
    Falls
      ▁▃▂▃▂▃▁▂█▃▂▁▃
      Steady: if nothing changes, expect −2 to 11.
      Value 13: 5.

    """
    if not isinstance(baseline, int) or baseline < LEAST_BASELINE:
        raise KpiError(f"baseline is {baseline!r}: give a whole number from {LEAST_BASELINE} on")
    rule_set(rules)  # says which there are where it is none of them
    found = column_of(values, column)
    if not any(found.values):
        raise KpiError("there are no values: give at least one")
    measure = _measure(found, _better(better), target, name, unit)
    settings = Settings(name=found.name, rules=rules, baseline=baseline)
    return MeasureView(_workspace(settings, measure, _read(found, measure)), LONE_TEAM, measure.id)


def split(
    frame: pd.DataFrame,
    by: str,
    column: str | None = None,
    *,
    better: str | None = None,
    target: float | None = None,
) -> Drawing:
    """Chart one column for each value of another, side by side, each with limits of its own.

    Says what so many charts cost in false signals, and draws the first dozen. `frame` has a row
    a period and part; `by` is the column that tells the parts apart; the rest is as for `xmr`.
    Raises KpiError for a column that is not there, and as `xmr` does.

    >>> import kpi_analysis as kpi, pandas as pd
    >>> months = [f"2024-{n:02}" for n in range(1, 9)] * 2
    >>> waits = pd.DataFrame({"month": months, "site": ["A"] * 8 + ["B"] * 8,
    ...                       "days": [4, 6, 5, 3, 5, 6, 4, 5, 9, 8, 9, 7, 8, 9, 8, 7.5]})
    >>> kpi.split(waits, "site", "days").sentences[1]
    'A: Steady, if nothing changes, expect 1 to 9.'
    """
    if by not in frame.columns:
        names = [str(name) for name in frame.columns]
        raise KpiError(f"the frame has no column '{by}'{or_known(by, names)}")
    parts = [
        (str(part), xmr(rows.drop(columns=by), column, better=better, target=target).judged)
        for part, rows in frame.groupby(by, sort=True)
    ]
    return side_by_side(f"{column or 'value'} by {by}", parts)


LEAST_BASELINE = 6
"""Fewer values set no limits."""


def one_measure(values: str | Path, definition: str | Path) -> MeasureView:
    """Chart one measure from one CSV file and the YAML file of its definition.

    The file needs the columns that the definition names, or the usual ones: period, and value
    or numerator and denominator. Raises KpiError with every fault, each with file and line.

    >>> import kpi_analysis as kpi
    >>> ward = "data/demo/values/elm-ward.csv"
    >>> kpi.one_measure(ward, "data/demo/measures/ward-falls.yml").verdict
    'Steady'
    """
    path, file = Path(values), Path(definition)
    measure, table = read_measure(file, file.name), read_table(path, path.name)
    columns = columns_of(measure, table)
    faults = [*column_faults(measure, columns, table, ())]
    if faults:
        raise SourceError(faults)
    cells = lay_out(table, columns, team=LONE_TEAM, measure=measure.id)
    cells = cells[cells["measure"] == measure.id]
    team = _only_team(cells, path, measure)
    frequency = measure.frequency or read_frequency(cells["period"].unique())
    settings = Settings(name=path.stem, frequency=frequency)
    series = _without_faults(read_series(cells, measure, frequency, columns))[0]
    return MeasureView(_workspace(settings, measure, series), team, measure.id)


def _only_team(cells: pd.DataFrame, path: Path, measure: Measure) -> str:
    teams = list(cells["team"].unique())
    if len(teams) != 1:
        found = f"of {len(teams)} teams" if teams else "nothing"
        message = f"holds {found} about '{measure.id}', and one team makes a page: name its file"
        raise SourceError(fault(message, file=path.name))
    return str(teams[0])


def _better(word: str | None) -> Better | None:
    if word is not None and word not in set(Better):
        raise KpiError(f"better is '{word}'{or_known(word, list(Better))}")
    return None if word is None else Better(word)


def _measure(
    found: Column, better: Better | None, target: float | None, name: str, unit: str
) -> Measure:
    """Make the definition that so few words give; it has no file and makes no claim to one."""
    return Measure.model_construct(
        id=found.name,
        status=Status.TRIAL,
        result="",
        name=name,
        unit=unit,
        better=better,
        frequency=found.laid_out[1],
        data=Data(decimal=found.decimal),
        target=() if target is None else (Target(value=target),),
    )


def _read(found: Column, measure: Measure) -> Series:
    periods, unit = found.laid_out
    cells = pd.DataFrame(
        {
            "team": LONE_TEAM,
            "measure": measure.id,
            "period": periods,
            "value": found.values,
            "numerator": "",
            "denominator": "",
            "file": found.file,
            "line": found.lines,
            "separator": found.separator,
        }
    )
    columns = Columns(value=found.name)
    return _without_faults(read_series(cells, measure, unit, columns))[0]


def _without_faults(found: list[Series]) -> list[Series]:
    """Give the series, or raise with all faults that keep them from being judged."""
    faults = [one for series in found for one in series.faults if one.level is Level.ERROR]
    if faults:
        raise RecordError(few_of(faults))
    return found


def _workspace(settings: Settings, measure: Measure, series: Series) -> Workspace:
    """Give the series as a workspace of its own, in memory."""
    return Workspace(
        root=Path(),
        settings=settings,
        measures={measure.id: measure},
        teams={series.team: Team()},
        series={(series.team, series.measure): series},
        **dict.fromkeys(LOGS, Log(None)),
        results=None,
        earlier={},
        findings=series.faults,
    )
