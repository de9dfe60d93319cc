"""JupyterLab for the tests: started by the command that users type, worked in a real browser."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

PATIENCE = 240
_ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)/lab(\S*)\?token=(\w+)")

# What the notebook in front holds: read from JupyterLab's own model, which pages do not offer.
_CELLS = """() => {
    const content = window.jupyterapp.shell.currentWidget.content;
    return content.widgets.filter(one => one.model.type === "code").map(one => ({
        source: one.model.sharedModel.getSource(),
        ran: one.model.executionCount,
        outputs: one.model.outputs.toJSON(),
    }));
}"""
_IDLE = """() => {
    const shown = window.jupyterapp?.shell?.currentWidget;
    const context = shown?.sessionContext;
    return Boolean(context?.isReady && context.session?.kernel?.status === "idle"
        && shown.content?.model && shown.content.widgets.length);
}"""
_STOPPED = """() => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets.filter(
        one => one.model.type === "code" && one.model.sharedModel.getSource().trim());
    const failed = one => one.model.outputs.toJSON().some(out => out.output_type === "error");
    return cells.some(failed) || cells.every(one => one.model.executionCount !== null
        && one.model.executionState !== "running");
}"""
_HEIGHT = """() => {
    const content = window.jupyterapp.shell.currentWidget.content;
    return content.widgets.reduce((sum, one) => sum + one.node.scrollHeight + 20, 0);
}"""

_REPLACE = """([source, instead]) => {
    const content = window.jupyterapp.shell.currentWidget.content;
    const at = content.widgets.findIndex(one => one.model.sharedModel.getSource().includes(source));
    const model = content.widgets[at].model;
    model.sharedModel.setSource(model.sharedModel.getSource().replace(source, instead));
    model.outputs.clear();
    content.deselectAll();
    content.activeCellIndex = at;
}"""
_RAN = """source => window.jupyterapp.shell.currentWidget.content.widgets.some(
    one => one.model.sharedModel.getSource().includes(source) && one.model.outputs.length)"""
_TOO_WIDE = """() => {
    const edge = window.jupyterapp.shell.currentWidget.node.getBoundingClientRect().right;
    return [...document.querySelectorAll(".jp-OutputArea-output svg.kpi-chart")]
        .filter(one => one.getBoundingClientRect().right > edge)
        .map(one => one.getAttribute("aria-label").slice(0, 60));
}"""


@dataclass(frozen=True)
class Cell:
    """A code cell that was run: its source, and what it shows."""

    source: str
    ran: int | None
    outputs: tuple[dict, ...]

    @property
    def errors(self) -> list[str]:
        """What went wrong in it: an exception, or words on the error stream."""
        return [
            one.get("evalue") or str(one.get("text"))
            for one in self.outputs
            if one["output_type"] == "error" or one.get("name") == "stderr"
        ]

    @property
    def html(self) -> str:
        """What it shows as HTML."""
        found = (one.get("data", {}).get("text/html", "") for one in self.outputs)
        return "".join("".join(one) for one in found)


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs; `opened` is the path in it that it was started on."""

    server: subprocess.Popen[bytes]
    address: str
    opened: str
    token: str

    def url(self, path: str) -> str:
        """Give the address of a notebook, by its path in the folder that is shown."""
        return f"{self.address}/lab/tree/{path}?reset&token={self.token}"


@contextmanager
def started(command: Sequence[str | Path], home: Path) -> Iterator[Lab]:
    """Run a command that opens JupyterLab; `home` is for its settings, so that none are ours."""
    home.mkdir(parents=True, exist_ok=True)
    settings = {"LabApp": {"expose_app_in_browser": True}}
    (home / "jupyter_lab_config.json").write_text(json.dumps(settings))
    folders = {f"JUPYTER_{name}_DIR": str(home) for name in ("CONFIG", "DATA", "RUNTIME")}
    ours = {name: value for name, value in os.environ.items() if name not in ("BROWSER", "DISPLAY")}
    env = {**ours, **folders, "JUPYTERLAB_SETTINGS_DIR": str(home / "user"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "spaces"), "IPYTHONDIR": str(home / "ipython"),
           "JUPYTER_PORT": "0"}  # fmt: skip
    said = home / "said.txt"
    with said.open("wb") as out:
        server = subprocess.Popen(
            [str(one) for one in command], env=env, stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )
    try:
        yield _answering(server, said)
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
        server.wait(60)


def _answering(server: subprocess.Popen[bytes], said: Path) -> Lab:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        found = _ADDRESS.search(said.read_bytes())
        if found:
            port, path, token = (one.decode() for one in found.groups())
            return Lab(server, f"http://127.0.0.1:{port}", path.removeprefix("/tree/"), token)
        time.sleep(0.1)
    raise AssertionError(f"no address from JupyterLab: {said.read_text()[-2000:]}")


def connect(lab: Lab) -> None:
    """Knock at the server's door; raise OSError where nobody is in."""
    with socket.create_connection(("127.0.0.1", int(lab.address.rpartition(":")[2])), 5):
        pass


class Desk:
    """One window on a JupyterLab, which notes what the browser's console complains of."""

    def __init__(self, browser: Browser, lab: Lab, width: int = 1280) -> None:
        self.lab, self.width = lab, width
        self.tab: Page = browser.new_page(viewport={"width": width, "height": 1000})
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", self._on_console)
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))

    def _on_console(self, message) -> None:
        url = message.location.get("url", "")
        # It asks for the list of kernels again and again, also in the moment in which one ends.
        is_polling = url.startswith(f"{self.lab.address}/api/kernels?")
        if message.type == "error" and not is_polling:
            self.said.append(f"{message.text} {url}")

    def run_all(self, path: str) -> list[Cell]:
        """Open a notebook, run all its cells through the menu, and give them."""
        self.tab.goto(self.lab.url(path))
        self.tab.wait_for_function(_IDLE, timeout=1000 * PATIENCE)
        self.tab.get_by_role("menuitem", name="Run", exact=True).click()
        self.tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.tab.wait_for_function(_STOPPED, timeout=1000 * PATIENCE)
        self.tab.wait_for_function(_IDLE, timeout=1000 * PATIENCE)
        read = self.tab.evaluate(_CELLS)
        return [Cell(one["source"], one["ran"], tuple(one["outputs"])) for one in read]

    def answer(self, source: str, instead: str) -> None:
        """Write something else into the cell that holds `source`, and run that cell."""
        self.tab.evaluate(_REPLACE, [source, instead])
        self.tab.get_by_role("menuitem", name="Run", exact=True).click()
        self.tab.get_by_role("menuitem", name="Run Selected Cell and Do not Advance").click()
        self.tab.wait_for_function(_RAN, arg=instead, timeout=1000 * PATIENCE)

    def shown_of(self, source: str) -> str:
        """Give what the cell that holds `source` shows, as HTML."""
        read = self.tab.evaluate(_CELLS)
        cells = [Cell(one["source"], one["ran"], tuple(one["outputs"])) for one in read]
        return next(one.html for one in cells if source in one.source)

    def too_wide(self) -> list[str]:
        """Name the charts that reach past the notebook's right edge."""
        return self.tab.evaluate(_TOO_WIDE)

    def picture(self, path: Path) -> Path:
        """Take the whole notebook as it stands, in windows high enough, and give the file."""
        height = min(self.tab.evaluate(_HEIGHT) + 300, 16000)
        self.tab.set_viewport_size({"width": self.width, "height": height})
        self.tab.wait_for_timeout(500)
        height = min(self.tab.evaluate(_HEIGHT) + 300, 16000)
        self.tab.set_viewport_size({"width": self.width, "height": height})
        self.tab.wait_for_timeout(500)
        self.tab.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0)")
        self.tab.wait_for_timeout(500)
        self.tab.screenshot(path=path)
        return path

    def leave(self) -> None:
        """End the notebook's kernel, and close the window."""
        self.tab.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.tab.close()


KPI = Path(sys.executable).with_name("kpi")
