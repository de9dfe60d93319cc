"""Limits as a plain table, to be saved now and given to `detect` later."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpi_analysis.signals.baselines import Baseline
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.given import LIMIT_COLUMNS, SAVED
from kpi_analysis.signals.layout import key_names
from kpi_analysis.signals.rules import RuleSet


def work_out_limits(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    rules: str | RuleSet = "wheeler",
    baseline: Baseline = None,
) -> pd.DataFrame:
    """Give the limits of every segment as a plain table, to be saved and used again.

    Args:
        frame: as for `detect`; the limits are those of an XmR chart.
        by: as for `detect`.
        rules: as for `detect`.
        baseline: as for `detect`.

    Returns:
        A row for each series and segment that has limits: the key columns, `segment`, `centre`,
        `lower_limit`, `upper_limit`, `range_limit` (not capped), `origin` "saved", `points`
        int, `first_period` and `last_period` of the baseline. To set limits by hand, write
        such a row with origin "hand"; the last three columns are for people.

    Raises:
        KpiError: as `detect`.

    """
    judged = detect(frame, by=by, rules=rules, baseline=baseline)
    keys = [*key_names(by), "segment"]
    setting = (
        _setting(judged)
        .groupby(keys, sort=False, dropna=False)
        .agg(
            points=("value", "size"),
            first_period=("period", "min"),
            last_period=("period", "max"),
        )
    )
    return pd.concat([limits_in(judged, keys), setting.reset_index(drop=True)], axis=1)


def limits_in(judged: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Give the limits in what `detect` returned, a row for each value of the key columns."""
    first = _setting(judged).drop_duplicates(list(keys))
    return first[[*keys, *LIMIT_COLUMNS]].assign(origin=SAVED).reset_index(drop=True)


def _setting(judged: pd.DataFrame) -> pd.DataFrame:
    return judged[judged["in_baseline"] & judged["upper_limit"].notna()]
