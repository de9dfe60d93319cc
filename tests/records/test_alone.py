"""A folder is one process's at a time, by the lock of each system."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from kpi_analysis.errors import PackError
from kpi_analysis.packs.publish import month_folder
from kpi_analysis.records.alone import LOCK_FILE, alone

fcntl = pytest.importorskip("fcntl", reason="the lock of Windows is stood in for by POSIX's")

HOLDS = """
import sys
from pathlib import Path
from kpi_analysis.records.alone import alone
with alone(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def windows(monkeypatch):
    """Windows' lock, stood in for by POSIX's: held by the open file, refused with OSError."""

    def locking(handle, mode, count):
        assert (mode, count) == ("LK_NBLCK", 1)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    stand_in = types.SimpleNamespace(locking=locking, LK_NBLCK="LK_NBLCK")
    monkeypatch.setitem(sys.modules, "msvcrt", stand_in)
    monkeypatch.setattr(sys, "platform", "win32")


@pytest.mark.parametrize("system", ["posix", "windows"])
def test_a_second_holder_is_refused_and_a_third_is_not(system, tmp_path, request):
    if system == "windows":
        request.getfixturevalue("windows")
    with alone(tmp_path, wait=False):
        assert (tmp_path / LOCK_FILE).exists() is (system == "windows")
        with pytest.raises(BlockingIOError), alone(tmp_path, wait=False):
            pass
    if system == "posix":
        assert list(tmp_path.iterdir()) == []
    with alone(tmp_path, wait=True):
        pass


@pytest.mark.parametrize("system", ["posix", "windows"])
def test_the_second_of_two_runs_is_told(system, tmp_path, request):
    if system == "windows":
        request.getfixturevalue("windows")
    with (
        alone(tmp_path, wait=False),
        pytest.raises(PackError, match=r"another run is writing to '.*': wait until it is done"),
        month_folder(tmp_path, "2025-03"),
    ):
        pass


def test_a_process_that_is_killed_lets_go(tmp_path):
    words = [sys.executable, "-c", HOLDS, str(tmp_path)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError), alone(tmp_path, wait=False):
            pass
        other.kill()
        other.wait()
    with alone(tmp_path, wait=False):
        pass
