"""Seasonal factors: what a season does to a value, and values without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.inputs import read_numbers
from kpi_analysis.signals.layout import key_names, lay_out, need_columns, series_name

CYCLES: Final = 3


def deseasonalise(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    season: str = "season",
) -> pd.DataFrame:
    """Divide each value by the factor of its season.

    The factor of a season is the mean of its values over the mean of all season means (Wheeler,
    Making Sense of Data, chapter 13). Factors from fewer than three full cycles would take
    noise for season, so they are refused.

    Args:
        frame: the key columns, `period`, `value` (above 0; NaN for a missing one) and the
            season's column.
        by: the columns that tell series apart.
        season: the column that says in which part of the cycle a period lies, such as the
            number of its month.

    Returns:
        A new frame: the rows, index and columns of `frame`, with `value` freed of the season,
        `recorded` the value as it was and `season_factor` float. `detect` takes it as it is.

    Raises:
        KpiError: a series has fewer than three values in a season, or a value that is not
            above 0; the message names the series and says what is missing.

    """
    keys = key_names(by)
    lay_out(frame, keys)
    need_columns(frame, [season])
    values = pd.Series(read_numbers(frame, "value"), index=frame.index)
    series = _series_numbers(frame, keys)
    _refuse(frame, keys, values <= 0, "a value of {} has no seasonal factor; only values above 0")
    cells = pd.DataFrame({"series": series, "season": frame[season], "value": values})
    counts = cells.groupby(["series", "season"], sort=False)["value"].transform("count")
    few = counts.lt(CYCLES) | frame[season].isna()
    words = f"seasonal factors need {CYCLES} full cycles, and {season} {{}} has fewer values"
    _refuse(frame, keys, few, words, shown=season)
    means = cells.groupby(["series", "season"], sort=False)["value"].mean()
    level = means.groupby("series").transform("mean")
    factor = cells[["series", "season"]].merge(
        (means / level).rename("factor"), left_on=["series", "season"], right_index=True
    )["factor"]
    factors = factor.reindex(cells.index)
    return frame.assign(value=values / factors, recorded=frame["value"], season_factor=factors)


def _series_numbers(frame: pd.DataFrame, keys: list[str]) -> pd.Series[int]:
    if not keys:
        return pd.Series(0, index=frame.index)
    return frame.groupby(keys, sort=False, dropna=False).ngroup()


def _refuse(
    frame: pd.DataFrame, keys: list[str], wrong: pd.Series[bool], words: str, shown: str = "value"
) -> None:
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        words = words.format(frame[shown].iloc[row])
        raise KpiError(series_name(frame, keys, row) + words)
