"""JupyterLab, started on one notebook of one folder, and ended with the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Nothing is sent anywhere: JupyterLab would ask the network for its news and for new versions.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--Application.log_level=WARN",  # the address is told at any level; the rest is not for users
)


def run_lab(root: Path, notebook: Path) -> int:
    """Run JupyterLab on a notebook until it is stopped, and give its exit code.

    `root` is the folder that it shows. It listens on this machine alone, at a free port, and
    asks for the token in the address that it prints. Where there is no screen, as on a server,
    that address is all: no browser is opened.
    """
    with subprocess.Popen(_command(root, notebook)) as server, _ended_with_us(server):  # noqa: S603 our own Python
        return server.wait()


def _command(root: Path, notebook: Path) -> list[str]:
    start = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root.resolve()}"]
    screen = [] if _has_screen() else ["--no-browser"]
    # In a container everybody is root, and JupyterLab would not start.
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    # As the address, not as an argument, which the printed address would leave out.
    inside = quote(notebook.resolve().relative_to(root.resolve()).as_posix())
    opened = f"--LabApp.default_url=/lab/tree/{inside}"
    return [*start, *_QUIET, *screen, *(["--allow-root"] * is_root), opened]


def _has_screen() -> bool:
    """Whether a browser could show: on Linux a text browser would take over the terminal."""
    return sys.platform in ("win32", "darwin") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )


@contextmanager
def _ended_with_us(server: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave Ctrl-C to JupyterLab, which asks first, and pass on a request to end."""
    before = (
        signal.signal(signal.SIGINT, signal.SIG_IGN),
        signal.signal(signal.SIGTERM, lambda *_: server.terminate()),
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
