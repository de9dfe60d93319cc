"""Episodes: the points that a rule marked, gathered into the patterns they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.signals.layout import (
    Bools,
    Floats,
    Ints,
    Layout,
    key_names,
    lay_out,
    need_columns,
)
from kpi_analysis.signals.marks import back_over, how_many, in_a_row, rises_and_falls
from kpi_analysis.signals.rules import RuleSet, Window, chosen_rules

HIGH: Final = 1
LOW: Final = -1
NEITHER: Final = 0  # patterns that have no side: alternating, near and far from the centre


@dataclass(frozen=True)
class Episodes:
    """Episodes in the order of their first and last places in a layout; arrays of one length."""

    rule: NDArray[np.object_]
    first: Ints
    last: Ints
    side: NDArray[np.int8]
    points: Ints

    def take(self, which: Ints | Bools | slice) -> Episodes:
        """Give some of them: by number, those that are marked, or a stretch."""
        return Episodes(
            self.rule[which],
            self.first[which],
            self.last[which],
            self.side[which],
            self.points[which],
        )

    def by_series(self, layout: Layout) -> Iterator[Episodes]:
        """Give the episodes of each series of the layout, with places counted from its first."""
        edges = np.searchsorted(self.first, [*layout.starts, layout.size])
        for start, one, end in zip(layout.starts, edges[:-1], edges[1:], strict=True):
            own = self.take(slice(one, end))
            yield replace(own, first=own.first - start, last=own.last - start)


@dataclass(frozen=True)
class _Rows:
    """Columns of a judged frame, series by series."""

    value: Floats
    side: NDArray[np.int8]
    linked: Bools  # has a valued neighbour before it in the same segment


@dataclass(frozen=True)
class _Marks:
    """What one rule marked on one side, and which marks belong together.

    Two marks are one episode where they lie at most `reach` places apart and every place after
    the first of them, up to the second, is linked to the one before.
    """

    side: int
    marked: Bools
    linked: Bools
    reach: int = 1


def patterns(
    detected: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("team", "measure"),
    rules: str | RuleSet = "wheeler",
) -> pd.DataFrame:
    """Gather the marked points of the X chart into episodes.

    Windows of one rule that fired on one side and touch or overlap are one episode; a gap, a
    new segment or the other side ends it. `large_range` is no pattern of the X chart and has
    no episode.

    Args:
        detected: what `detect` returned.
        by: the same key columns.
        rules: the same rules.

    Returns:
        A row for each episode, by series, first point and rule: the key columns, `rule`;
        `first` and `last` int, positions of the first and last marked point in its series,
        counted from 0 in the order of periods; `first_period`, `last_period`; `side` int8, 1
        high or rising, -1 low or falling, 0 where the rule has no side (it is the pattern's
        side: a point of three in four may lie on the other); `points` int, marked points.

    Raises:
        KpiError: a column is missing.

    """
    chosen = chosen_rules(rules)
    keys = key_names(by)
    need_columns(detected, [*keys, "period", "value", "segment", "side", *chosen.columns])
    layout = lay_out(detected, keys)
    return named(find_episodes(detected, layout, chosen), detected, layout, keys)


def find_episodes(detected: pd.DataFrame, layout: Layout, rules: RuleSet) -> Episodes:
    """Give the episodes with `first` and `last` as places of the layout, in their order."""
    rows = _rows(detected, layout)
    parts = [
        _episodes(name, marks)
        for name in rules.columns
        for marks in _sides(name, layout.arrange(detected[name].to_numpy()), rows, rules)
    ]
    found = Episodes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return found.take(np.lexsort((found.last, found.first)))


def _rows(detected: pd.DataFrame, layout: Layout) -> _Rows:
    value = layout.arrange(detected["value"].to_numpy(dtype=np.float64, na_value=np.nan))
    segment = layout.arrange(detected["segment"].to_numpy())
    linked = ~np.isnan(value) & ~layout.starts_mask()
    linked[1:] &= ~np.isnan(value[:-1]) & (segment[1:] == segment[:-1])
    return _Rows(value, layout.arrange(detected["side"].to_numpy()), linked)


def _sides(name: str, marked: Bools, rows: _Rows, rules: RuleSet) -> Iterator[_Marks]:
    window = getattr(rules, name, None)
    if name in ("alternating", "near_centre", "far_from_centre"):
        yield _Marks(NEITHER, marked, rows.linked)
    elif name == "trend":
        steps = rises_and_falls(rows.value, rows.linked)
        for side, step in zip((HIGH, LOW), steps, strict=True):
            ends = in_a_row(step, (rules.trend or 0) - 1)
            yield _Marks(side, back_over(ends, rules.trend or 0) & marked, step)
    elif isinstance(window, Window) and window.mark_all:
        for side in (HIGH, LOW):
            yield _Marks(side, _by_majority(marked, rows, side, window), rows.linked)
    else:
        reach = window.of - 1 if isinstance(window, Window) else 1
        for side in (HIGH, LOW):
            yield _Marks(side, marked & (rows.side == side), rows.linked, reach)


def _by_majority(marked: Bools, rows: _Rows, side: int, window: Window) -> Bools:
    """Mark the windows of one side, the points on its other side included."""
    whole = in_a_row(marked, window.of) & in_a_row(rows.linked, window.of - 1)
    ends = whole & (how_many(rows.side == side, window.of) >= window.least)
    return back_over(ends, window.of)


def _episodes(name: str, marks: _Marks) -> tuple[NDArray[Any], ...]:
    """Give the columns of Episodes for the marks of one rule on one side."""
    places = np.flatnonzero(marks.marked)
    breaks = np.cumsum(~marks.linked)[places]
    near = (np.diff(places) <= marks.reach) & (np.diff(breaks) == 0)
    heads = np.flatnonzero(np.append(True, ~near)[: len(places)])
    ends = np.append(heads[1:], len(places))[: len(heads)]
    rule, side = np.full(len(heads), name, object), np.full(len(heads), marks.side, np.int8)
    return rule, places[heads], places[ends - 1], side, ends - heads


def named(found: Episodes, detected: pd.DataFrame, layout: Layout, keys: list[str]) -> pd.DataFrame:
    """Turn places into positions within the series, and add its keys and the periods."""
    first, last = found.first, found.last
    begins = layout.starts[np.searchsorted(layout.starts, first, side="right") - 1]
    rows = np.arange(layout.size) if layout.order is None else layout.order
    named = detected[[*keys, "period"]].iloc[rows[first]].reset_index(drop=True)
    episodes: pd.DataFrame = named[keys].assign(
        rule=pd.array(found.rule, dtype="str"),
        first=first - begins,
        last=last - begins,
        first_period=named["period"],
        last_period=detected["period"].iloc[rows[last]].reset_index(drop=True),
        side=found.side,
        points=found.points,
    )
    return episodes
