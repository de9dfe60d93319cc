"""Proposals for new limits: a run that has lasted. Drawn dashed, never applied by itself.

Limits move only through a recorded limit change that a person answers for. Wheeler ("When do I
recalculate my limits?", Quality Digest) asks four questions; four times yes moves the limits.
Graban, after Wheeler: begin the new limits at the first point of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.given import LIMIT_COLUMNS
from kpi_analysis.signals.layout import Bools, Ints, Layout, key_names, lay_out, need_columns
from kpi_analysis.signals.patterns import find_episodes, named
from kpi_analysis.signals.rules import RuleSet, chosen_rules

FOUR_QUESTIONS: Final = (
    "Do the values now behave in a way that is plainly not the old way?",
    "Do we know what made the difference?",
    "Is this how we want it to be?",
    "Do we expect it to stay like this?",
)


def propose_changes(
    detected: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    rules: str | RuleSet = "wheeler",
) -> pd.DataFrame:
    """Propose new limits where a run on one side of the centre still goes on.

    Args:
        detected: what `detect` returned for XmR charts.
        by: the same key columns.
        rules: the same rules.

    Returns:
        A row for each series whose latest value belongs to a long run that began after its
        segment did: the key columns, `first` and `last` int (positions in the series, as in
        `patterns`), `first_period`, `last_period`, `side` int8, `points` int, and the lines
        that the values from the run's first on would set: `centre`, `lower_limit`,
        `upper_limit`, `range_limit`, not capped. FOUR_QUESTIONS go with each of them.

    Raises:
        KpiError: a column is missing.

    """
    keys, chosen = key_names(by), chosen_rules(rules)
    need_columns(detected, [*keys, "period", "value", "segment", "side", *chosen.columns])
    layout = lay_out(detected, keys)
    runs = find_episodes(detected, layout, chosen)
    runs = runs[runs["rule"] == "long_run"]
    lasting = runs[_lasting(runs, detected, layout)].reset_index(drop=True)
    lines = _lines(lasting["first"].to_numpy(), detected, layout, keys, chosen)
    table = named(lasting, detected, layout, keys).drop(columns="rule")
    return pd.concat([table, lines], axis=1)


def _lasting(runs: pd.DataFrame, detected: pd.DataFrame, layout: Layout) -> Bools:
    """Mark runs that hold the latest value of their series and do not fill their segment."""
    first, last = runs["first"].to_numpy(), runs["last"].to_numpy()
    valued = np.flatnonzero(layout.arrange(detected["value"].notna().to_numpy()))
    ends = np.append(layout.starts[1:], layout.size)
    end = ends[np.searchsorted(layout.starts, last, side="right") - 1]
    latest = valued[np.searchsorted(valued, end) - 1] == last
    segment = layout.arrange(detected["segment"].to_numpy())
    begins = layout.starts_mask()
    begins[1:] |= segment[1:] != segment[:-1]
    return np.asarray(latest & ~begins[first])


def _lines(
    first: Ints, detected: pd.DataFrame, layout: Layout, keys: list[str], rules: RuleSet
) -> pd.DataFrame:
    """Work out what the values from each run's first place to its series' end would set."""
    number = np.cumsum(layout.starts_mask()) - 1
    since = np.full(len(layout.starts), layout.size)
    since[number[first]] = first
    places = np.arange(layout.size)
    rows = layout.arrange(places)[places >= since[number]]
    again = detect(detected.iloc[rows][[*keys, "period", "value"]], by=keys, rules=rules)
    at_first = np.searchsorted(np.flatnonzero(places >= since[number]), first)
    return again[list(LIMIT_COLUMNS)].iloc[at_first].reset_index(drop=True)
