"""Measures that say the same, against pandas' own rank correlation of the differences."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.periods import Period
from kpi_analysis.review import alike as module

AT = Period.parse("2025-03")
SERIES = st.tuples(
    st.lists(st.integers(0, 9), min_size=14, max_size=30),
    st.sets(st.integers(0, 29), max_size=3),  # places of gaps
    st.integers(0, 3),  # periods too late
)


def review(values, gaps, late):
    values = [np.nan if n in gaps else value for n, value in enumerate(values)]
    last = AT.previous(late) if late else AT
    periods = [str(last.shift(n - len(values) + 1)) for n in range(len(values))]
    points = pd.DataFrame({"period": periods, "value": np.array(values, dtype=float)})
    return SimpleNamespace(period=last, points=points)


@given(st.lists(SERIES, min_size=2, max_size=4))
def test_likeness_is_the_rank_correlation_of_changes_that_both_have(drawn):
    measures = [review(*one) for one in drawn]
    columns = {n: one.points.set_index("period")["value"] for n, one in enumerate(measures)}
    changes = pd.DataFrame(columns).sort_index().diff()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ALIKE", -1.0)  # give all pairs
        found = list(module.alike(SimpleNamespace(measures=measures)))
    pairs = [(n, m) for n in range(len(measures)) for m in range(n + 1, len(measures))]
    assert len(found) == len(pairs)
    for (n, m), (one, other, likeness) in zip(pairs, found, strict=True):
        assert (one is measures[n], other is measures[m]) == (True, True)
        both = changes[[n, m]].dropna()
        if len(both) < 12 or (both.nunique() == 1).any():
            assert likeness == 0
        else:
            assert likeness == pytest.approx(both.corr(method="spearman").iloc[0, 1], abs=1e-12)
