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

from kpi_analysis.signals.given import LIMIT_COLUMNS
from kpi_analysis.signals.layout import Ints, Layout, key_names, lay_out, need_columns
from kpi_analysis.signals.limits import Block, moving_ranges, xmr
from kpi_analysis.signals.patterns import Episodes, find_episodes, named
from kpi_analysis.signals.rules import RuleSet, chosen_rules
from kpi_analysis.signals.segments import Segments

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
    runs = lasting_runs(find_episodes(detected, layout, chosen), detected, layout)
    lines = lines_from(runs.first, detected, layout, chosen)
    table = named(runs, detected, layout, keys).drop(columns="rule")
    return pd.concat([table, lines], axis=1)


def lasting_runs(found: Episodes, detected: pd.DataFrame, layout: Layout) -> Episodes:
    """Give the runs that hold the latest value of their series and do not fill their segment."""
    runs = found.take(found.rule == "long_run")
    first, last = runs.first, runs.last
    valued = np.flatnonzero(layout.arrange(detected["value"].notna().to_numpy()))
    ends = np.append(layout.starts[1:], layout.size)
    end = ends[np.searchsorted(layout.starts, last, side="right") - 1]
    latest = valued[np.searchsorted(valued, end) - 1] == last
    segment = layout.arrange(detected["segment"].to_numpy())
    begins = layout.starts_mask()
    begins[1:] |= segment[1:] != segment[:-1]
    return runs.take(latest & ~begins[first])


def lines_from(first: Ints, detected: pd.DataFrame, layout: Layout, rules: RuleSet) -> pd.DataFrame:
    """Work out what the values from each run's first place to its series' end would set."""
    if not len(first):
        return pd.DataFrame(columns=LIMIT_COLUMNS, dtype=np.float64)
    number = np.cumsum(layout.starts_mask()) - 1
    since = np.full(len(layout.starts), layout.size)
    since[number[first]] = first
    places = np.flatnonzero(np.arange(layout.size) >= since[number])
    values = layout.arrange(detected["value"].to_numpy(dtype=np.float64, na_value=np.nan))[places]
    begins = np.isin(places, first)
    block = Block(
        values, moving_ranges(values, begins), use=~np.isnan(values), segments=Segments.of(begins)
    )
    with np.errstate(over="ignore"):
        lines = xmr(block, rules)
    columns = (lines.centre, lines.lower, lines.upper, lines.range_limit)
    return pd.DataFrame(dict(zip(LIMIT_COLUMNS, columns, strict=True)))
