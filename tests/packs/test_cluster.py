"""A month on the workers of a real dask scheduler: two processes, one of them killed half-way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpi_analysis.packs.notebooks import pages_about_all

pytestmark = pytest.mark.slow
pytest.importorskip("distributed", reason="NOT TESTED: the extra `distributed` is not installed")

KPI = Path(sys.executable).parent / "kpi"
ABOUT_ALL = set(pages_about_all()) - {"results_map"}  # the depots have no results.yml
LEVELS = {f"depot-{n:02}": 5 * n + 4 for n in range(1, 13)}
CLUSTER = """
import json, sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        cluster.wait_for_workers(2)
        pids = [worker.pid for worker in cluster.workers.values()]
        print(json.dumps([cluster.scheduler_address, pids]), flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with two worker processes, and their numbers."""
    (tmp_path / "cluster.py").write_text(CLUSTER)
    words = [sys.executable, tmp_path / "cluster.py"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()
        try:
            process.wait(60)
        finally:
            process.kill()


@pytest.fixture
def month(organisations, tmp_path):
    """Start `kpi packs` over twelve depots."""
    organisations.depots(tmp_path / "org", LEVELS)

    def start(out, *options):
        arguments = ["packs", "org", "--period", "2025-03", "--out", out, *options]
        return subprocess.Popen(
            [KPI, *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def pages(out):
    return {path.name: path.read_text() for path in (out / "2025-03").glob("*.html")}


def statuses(out):
    packs = json.loads((out / "2025-03" / "run.json").read_text())["packs"]
    return {one["team"]: one["status"] for one in packs}


def test_the_same_pages_as_on_one_machine(cluster, month, tmp_path):
    runs = [month("local"), month("cluster", "--scheduler", cluster[0])]
    for run in runs:
        out, err = run.communicate(timeout=300)
        assert run.returncode == 0, err
        assert "12 of 12 packs" in out
    assert statuses(tmp_path / "cluster") == dict.fromkeys(LEVELS, "built")
    found = pages(tmp_path / "cluster")
    assert found == pages(tmp_path / "local")
    for team, level in LEVELS.items():
        text = re.sub(r"<(style|svg)\b.*?</\1>|<[^>]+>", " ", found[f"{team}.html"], flags=re.S)
        assert f"{level - 1}\u00a0%" in text
        assert set(re.findall(r"depot-\d\d", text)) == {team}
    assert [path.name for path in (tmp_path / "cluster").iterdir()] == ["2025-03"]


def test_a_worker_is_killed_in_the_middle(cluster, month, tmp_path):
    run = month("out", "--scheduler", cluster[0])
    for _ in range(6000):
        if list((tmp_path / "out").glob(".building-*/depot-*.html")):
            break
        time.sleep(0.02)
    os.kill(cluster[1][0], signal.SIGKILL)
    out, err = run.communicate(timeout=300)
    assert run.returncode == 0, err
    assert "12 of 12 packs" in out
    assert statuses(tmp_path / "out") == dict.fromkeys(LEVELS, "built")
    assert len(pages(tmp_path / "out")) == 12 + 2 + len(ABOUT_ALL)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2025-03"]


def test_ctrl_c_ends_the_work_on_the_workers(cluster, month, tmp_path):
    run = month("out", "--scheduler", cluster[0])
    for _ in range(6000):
        if list((tmp_path / "out").glob(".building-*/depot-*.html")):
            break
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=120)
    assert run.returncode != 0
    assert "Traceback" not in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2025-03"]
    again = month("out", "--retry")
    out, err = again.communicate(timeout=300)
    assert (again.returncode, "12 of 12 packs" in out) == (0, True), err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2025-03"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:9", "no dask scheduler answers at 'tcp://127.0.0.1:9'"),
        ("nonsense", "no dask scheduler answers at 'nonsense'"),
        ("carrier://pigeon", "no dask scheduler answers at 'carrier://pigeon'"),
    ],
)
def test_an_address_that_does_not_answer_is_one_line(address, words, month):
    run = month("out", "--scheduler", address)
    out, err = run.communicate(timeout=120)
    assert (run.returncode, out) == (2, "")
    assert err.startswith(words)
    assert err.count("\n") == 1
