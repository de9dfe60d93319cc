"""Many series detected in one pass: one table, one call for each rule set and baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpi_analysis.periods import Period
from kpi_analysis.review import wording
from kpi_analysis.review.judging import toned
from kpi_analysis.review.measure_review import Figures, Proposal, Series, Signals
from kpi_analysis.signals.baselines import Baseline
from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.layout import Bools, Layout, lay_out
from kpi_analysis.signals.patterns import Episodes, find_episodes
from kpi_analysis.signals.proposals import lasting_runs, lines_from
from kpi_analysis.signals.rules import RuleSet, chosen_rules

KEYS = ("team", "measure")


def detected(cuts: Iterable[Series], least: int) -> Iterator[tuple[Series, Signals]]:
    """Give each series, cut at its review period, with its segments and its signals.

    Values of fewer than `least` cases are held back. The order is not kept.
    """
    groups: dict[tuple[str, Baseline], list[Series]] = {}
    for cut in cuts:
        groups.setdefault((cut.rules, cut.baseline), []).append(cut)
    for group in groups.values():
        yield from _together(group, least)


def _together(group: list[Series], least: int) -> Iterator[tuple[Series, Signals]]:
    """Give each series with its segments and signals; all have one rule set and baseline."""
    rows, is_small = _laid_out(group, least)
    rules = chosen_rules(group[0].rules)
    points = detect(rows, by=KEYS, rules=rules, baseline=group[0].baseline)
    points = points.copy()  # columns of one type side by side: a series is cut out in half the time
    figures, layout = Figures.of(points), lay_out(points, KEYS)
    found = find_episodes(points, layout, rules)
    proposals = _proposals(found, points, layout, rules)
    bounds = pairwise([*layout.starts.tolist(), layout.size])
    each = zip(group, bounds, found.by_series(layout), strict=True)
    for n, (cut, (start, stop), episodes) in enumerate(each):
        remarks = _remarks(int(is_small[start:stop].sum()), least)
        yield (
            replace(cut, rows=_own(rows, start, stop), remarks=remarks),
            Signals(
                points=_own(points, start, stop),
                figures=figures.cut(start, stop),
                patterns=toned(episodes, cut.measure.better),
                proposal=proposals.get(n),
            ),
        )


def _laid_out(group: list[Series], least: int) -> tuple[pd.DataFrame, Bools]:
    """Lay the rows of all series one below the other, with their segments.

    Values of fewer than `least` cases, marked, are held back: they swing widely and may tell on
    people.
    """
    rows = pd.concat([cut.rows for cut in group], ignore_index=True)
    value, segments = rows["value"], [_segments(cut) for cut in group]
    is_small = ((rows["denominator"] < least) & value.notna()).to_numpy()
    return rows.assign(value=value.mask(is_small), segment=np.concatenate(segments)), is_small


def _segments(cut: Series) -> NDArray[np.int64]:
    """Give each row its segment: a limit change counts from the period in which it falls."""
    ordinals = cut.period.ordinal - np.arange(len(cut.rows))[::-1]
    segments = np.zeros(len(cut.rows), np.int64)
    for start in cut.limit_changes["from"] if len(cut.limit_changes) else ():
        segments += ordinals >= Period.containing(start, cut.period.frequency).ordinal
    return segments


def _own(frame: pd.DataFrame, start: int, stop: int) -> pd.DataFrame:
    """Cut out the rows of a series, with an index from 0."""
    own = frame.iloc[start:stop]
    own.index = pd.RangeIndex(stop - start)
    return own


def _remarks(held_back: int, least: int) -> tuple[str, ...]:
    values = wording.plural(held_back, "value")
    return (f"{values} held back: fewer than {least} cases",) if held_back else ()


def _proposals(
    found: Episodes, points: pd.DataFrame, layout: Layout, rules: RuleSet
) -> dict[int, Proposal]:
    """Give the new limits that lasting runs propose, by the number of the series."""
    runs = lasting_runs(found, points, layout)
    number = np.searchsorted(layout.starts, runs.first, side="right") - 1
    first = runs.first - layout.starts[number]
    lines = lines_from(runs.first, points, layout, rules)
    columns = (lines[name].tolist() for name in ("centre", "lower_limit", "upper_limit"))
    rows = zip(number.tolist(), first.tolist(), *columns, strict=True)
    return {of: Proposal(*proposed) for of, *proposed in rows}
