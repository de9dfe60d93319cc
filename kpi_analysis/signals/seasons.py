"""Seasonal factors: what a season does to a value, and values without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.inputs import read_numbers
from kpi_analysis.signals.layout import Bools, key_names, lay_out, need_columns, series_name

CYCLES: Final = 3


def deseasonalise(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    season: str = "season",
) -> pd.DataFrame:
    """Divide each value by the factor of its season.

    The factor of a season is the mean of its values over the mean of all season means (Wheeler,
    Making Sense of Data). Factors from fewer than three full cycles would take
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
    need_columns(frame, [*keys, season])
    lay_out(frame, keys)  # for its checks of keys and periods
    values = read_numbers(frame, "value")
    words = "a value of {} has no seasonal factor; only values above 0 have"
    _refuse(frame, keys, values <= 0, words)
    series = frame.groupby(keys, sort=False, dropna=False).ngroup().to_numpy() if keys else 0
    cells = pd.DataFrame({"series": series, "season": frame[season].array, "value": values})
    seasons = cells.groupby(["series", "season"], sort=False, observed=True)["value"]
    few = ~(seasons.transform("count") >= CYCLES).to_numpy()
    words = f"seasonal factors need {CYCLES} full cycles, and {season} {{}} has fewer values"
    _refuse(frame, keys, few, words, shown=season)
    level = seasons.mean().groupby("series").mean()
    factor = (seasons.transform("mean") / cells["series"].map(level)).to_numpy()
    return frame.assign(value=values / factor, recorded=frame["value"], season_factor=factor)


def _refuse(
    frame: pd.DataFrame, keys: list[str], wrong: Bools, words: str, shown: str = "value"
) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        words = words.format(frame[shown].iloc[row])
        raise KpiError(series_name(frame, keys, row) + words)
