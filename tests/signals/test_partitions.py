"""Beyond one machine: partition by partition gives what one piece gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi_analysis.signals.detect import detect
from kpi_analysis.signals.layout import Layout
from kpi_analysis.signals.run_chart import run_chart


@pytest.fixture(scope="module")
def many():
    random = np.random.default_rng(31)
    sizes = random.integers(1, 70, size=120)
    frame = pd.DataFrame({"team": np.repeat([f"t{i % 40:02}" for i in range(120)], sizes)})
    frame["measure"] = np.repeat(np.arange(120) // 40, sizes)
    frame["period"] = np.concatenate([np.arange(size) for size in sizes])
    frame["segment"] = frame["period"] // 25
    frame["value"] = np.where(
        random.random(len(frame)) < 0.05, np.nan, random.normal(size=len(frame))
    )
    return frame.sort_values(["team", "measure", "period"], ignore_index=True)


@pytest.mark.parametrize("rows", [1, 7, 100, 10**6])
def test_the_size_of_the_blocks_changes_nothing(many, rows, monkeypatch):
    whole = detect(many)
    blocks = Layout.blocks
    monkeypatch.setattr(Layout, "blocks", lambda self: blocks(self, rows))
    pd.testing.assert_frame_equal(detect(many), whole)


def test_parts_of_whole_series_give_what_one_piece_gives(many):
    parts = [part for _, part in many.groupby("team")]
    pd.testing.assert_frame_equal(pd.concat(map(detect, parts)), detect(many))
    again = pd.concat(map(run_chart, parts), ignore_index=True)
    pd.testing.assert_frame_equal(again, run_chart(many))


@pytest.mark.slow
def test_on_a_cluster_of_two_processes(many):
    dask = pytest.importorskip("dask.dataframe", reason="BEYOND ONE MACHINE NOT CHECKED: no dask")
    distributed = pytest.importorskip("distributed", reason="BEYOND ONE MACHINE NOT CHECKED")
    whole = detect(many)
    cuts = sorted(many.groupby("team").head(1).index[::10])
    pieces = [many.iloc[a:b] for a, b in zip(cuts, [*cuts[1:], len(many)], strict=True)]
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, distributed.Client(cluster):
        parts = dask.from_map(lambda piece: piece, pieces, meta=many.iloc[:0])
        judged = parts.map_partitions(detect, meta=whole.iloc[:0]).compute()
    # dask keeps text as Arrow's
    pd.testing.assert_frame_equal(judged.astype({"team": whole["team"].dtype}), whole)
