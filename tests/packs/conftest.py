"""What the tests of the packs share: workspaces to build from, and a way to run the command."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def _neighbour(name):
    spec = importlib.util.spec_from_file_location(f"tests_packs_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_organisations = _neighbour("organisations")


@pytest.fixture(scope="session")
def organisations():
    """The writers of workspaces."""
    return _organisations


@dataclass(frozen=True)
class Command:
    """A `kpi` command that runs, or has run."""

    pid: int
    words: Path

    def wait(self, seconds=120):
        """Give its exit code (negative: killed by that signal) and what it said."""
        code = self.words.with_suffix(".code")
        for _ in range(int(seconds / 0.02)):
            if code.exists():
                return int(code.read_text()), self.words.read_text()
            time.sleep(0.02)
        raise AssertionError(f"the command goes on and on; it said: {self.words.read_text()}")


class Commands:
    """Runs `kpi` commands, each in a process forked from one that has imported all it needs.

    The command is the real one, and so are its children and signals; only the seconds of
    importing are paid once for many of them.
    """

    def __init__(self, folder):
        self.folder = folder
        self.temporary = folder / "temporary"  # where the commands put what they need for a moment
        self.temporary.mkdir()
        self.mark = f"KPI_DRILL={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        self.server = subprocess.Popen(
            [sys.executable, str(HERE / "drill.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ
            | {name: value, "OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(self.temporary)},
            text=True,
        )
        self.count = 0

    def start(self, *arguments, before=""):
        """Start a command; `before` is a statement that its process executes first."""
        self.count += 1
        words = self.folder / f"said-{self.count}"
        order = {"argv": list(map(str, arguments)), "before": before, "words": str(words)}
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        return Command(int(self.server.stdout.readline()), words)

    def run(self, *arguments, before=""):
        """Run a command to its end; give its exit code and what it said."""
        return self.start(*arguments, before=before).wait()

    def orphans(self):
        """Give the processes that commands left behind, ten seconds after at the latest."""
        for _ in range(200):
            found = [pid for pid in self._marked() if pid != self.server.pid]
            if not found:
                return []
            time.sleep(0.05)
        return found

    def _marked(self):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    marks = (entry / "environ").read_bytes().split(b"\0")
                    state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                except OSError:
                    continue
                if self.mark.encode() in marks and state != "Z":
                    yield int(entry.name)


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("processes are forked on Linux only")
    running = Commands(tmp_path_factory.mktemp("commands"))
    yield running
    running.server.stdin.close()
    running.server.wait(30)
    running.server.stdout.close()
