"""Limits that were worked out before, or set by hand: plain tables to save and load.

A row for each series and segment: the key columns, `segment`, the columns of LIMIT_COLUMNS and
`origin`, "saved" where `work_out_limits` made it and "hand" where a person set it. The table
can be written and read with any of pandas' readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.errors import KpiError
from kpi_analysis.signals.layout import Floats, Layout, key_names, need_columns, series_name
from kpi_analysis.signals.limits import Block, Lines

LIMIT_COLUMNS: Final = ("centre", "lower_limit", "upper_limit", "range_limit")
POINTS: Final = "points"  # limits of this call's own points
SAVED: Final = "saved"
HAND: Final = "hand"


@dataclass(frozen=True)
class Given:
    """Given lines of each row, series by series; NaN where the row's segment has none."""

    centre: Floats
    lower_limit: Floats
    upper_limit: Floats
    range_limit: Floats

    def block(self, place: slice) -> Given:
        """Give the lines of a block of places."""
        return Given(*(getattr(self, name)[place] for name in LIMIT_COLUMNS))


def match(
    frame: pd.DataFrame,
    segment: NDArray[np.int64],
    table: pd.DataFrame,
    by: str | Sequence[str],
    layout: Layout,
) -> tuple[Given, NDArray[np.object_]]:
    """Find the given limits of each row, and where each row's limits come from.

    Raises:
        KpiError: a column is missing, a segment stands twice, a centre or an origin is missing,
            or a limit is on the wrong side of its centre.

    """
    keys = [*key_names(by), "segment"]
    need_columns(table, [*keys, *LIMIT_COLUMNS, "origin"])
    _check(table, keys)
    rows = frame[key_names(by)].assign(segment=segment)
    found = rows.merge(table[[*keys, *LIMIT_COLUMNS, "origin"]], on=keys, how="left")
    lines = (layout.arrange(found[name].to_numpy(dtype=float)) for name in LIMIT_COLUMNS)
    origin = found["origin"].to_numpy(dtype=object)
    return Given(*lines), np.where(found["centre"].isna(), POINTS, origin)


def _check(table: pd.DataFrame, keys: list[str]) -> None:
    lower, centre, upper = (table[name] for name in ("lower_limit", "centre", "upper_limit"))
    faults = {
        "the segment stands twice; keep one row for each segment": table.duplicated(keys),
        "there is no centre; a row of limits needs one": centre.isna(),
        "the limits do not lie on either side of the centre": (lower > centre) | (upper < centre),
        f"the origin is neither '{SAVED}' nor '{HAND}'": ~table["origin"].isin([SAVED, HAND]),
    }
    for words, wrong in faults.items():
        if wrong.any():
            named = series_name(table, keys, int(np.argmax(wrong.to_numpy())))
            raise KpiError(f"limits: {named}{words}")


def lay_over(lines: Lines, block: Block, given: Given) -> Lines:
    """Put given lines in the place of those worked out, where there are any."""
    spread = block.segments.spread
    has = ~np.isnan(given.centre)
    centre = np.where(has, given.centre, spread(lines.centre))
    lower = np.where(has, given.lower_limit, spread(lines.lower))
    upper = np.where(has, given.upper_limit, spread(lines.upper))
    return Lines(
        centre=centre,
        lower=lower,
        upper=upper,
        range_limit=np.where(has, given.range_limit, spread(lines.range_limit)),
        away=block.values - centre,
        up=upper - centre,
        down=centre - lower,
        slack=spread(lines.slack),
        enough=lines.enough | has[block.segments.starts],
    )
