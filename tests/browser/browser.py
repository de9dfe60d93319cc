"""Find a Chromium or Chrome for the browser tests; run as a script, fetch one where there is none.

Standard library only: `make test` calls it before anything else is known to work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
ON_MAC = tuple(
    f"Applications/{name}.app/Contents/MacOS/{name}"
    for name in ("Google Chrome", "Chromium", "Microsoft Edge")
)
ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
FETCHED = (  # inside the folder of Playwright's own downloads
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
    "chromium_headless_shell-*/*/*headless*shell",
    "chromium_headless_shell-*/*/*headless*shell.exe",
)
APT_SECONDS = 400
PLAYWRIGHT_SECONDS = 240


def find_browser() -> str | None:
    """Give the path of a browser that starts, or None."""
    return next((path for path in _places() if _starts(path)), None)


def must_have() -> bool:
    """Say whether a missing browser is a failure: in CI it is, elsewhere tests are skipped."""
    return os.environ.get("CI", "").lower() == "true"


def _places() -> Iterator[str]:
    yield from filter(None, map(shutil.which, ON_PATH))
    for root in (Path("/"), Path.home()):
        yield from _files(root, ON_MAC)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if os.environ.get(variable):
            yield from _files(Path(os.environ[variable]), ON_WINDOWS)
    for folder in _playwright_folders():
        yield from _files(folder, FETCHED)


def _playwright_folders() -> Iterator[Path]:
    home, local = Path.home(), os.environ.get("LOCALAPPDATA")
    if os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        yield Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"])
    yield home / ".cache" / "ms-playwright"
    yield home / "Library" / "Caches" / "ms-playwright"
    if local:
        yield Path(local) / "ms-playwright"


def _files(root: Path, patterns: Sequence[str]) -> Iterator[str]:
    for pattern in patterns:
        # the newest download first: their folders end in a build number
        yield from (str(one) for one in sorted(root.glob(pattern), reverse=True) if one.is_file())


def _starts(path: str) -> bool:
    """Ask for its version: a snap's stand-in is on the path too, and only says how to install."""
    if sys.platform == "win32":  # where --version would open a window
        return True
    return _succeeds([path, "--version"], 60)


def _succeeds(command: Sequence[str], seconds: float) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, env=quiet)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def fetch_browser() -> str | None:
    """Fetch one the way this machine allows; give in words where it came from, or None."""
    if _fetched_by_apt():
        return "Debian's package"
    if _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], PLAYWRIGHT_SECONDS):
        return "Playwright's download" if find_browser() else None
    return None


def _fetched_by_apt() -> bool:
    if getattr(os, "geteuid", lambda: 1)() != 0 or not shutil.which("apt-get"):
        return False
    # An index that is a little old still installs: its failure alone decides nothing.
    _succeeds(["apt-get", "update", "-qq"], APT_SECONDS)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return _succeeds(install, APT_SECONDS) and find_browser() is not None


def main() -> int:
    """Find or fetch a browser, say so in one line; 1 only where CI=true and there is none."""
    found = find_browser()
    if found:
        print(f"browser tests: {found}")
        return 0
    print("browser tests: no Chromium or Chrome here, fetching one ...", flush=True)
    source = fetch_browser()
    if source:
        print(f"browser tests: {find_browser()}, from {source}")
        return 0
    outcome = "FAIL: CI=true asks for one" if must_have() else "WILL BE SKIPPED"
    print(
        f"browser tests {outcome}. No Chromium, Chrome or Edge was found and none could be "
        "fetched: install one, or run: python -m playwright install chromium"
    )
    return int(must_have())


if __name__ == "__main__":
    sys.exit(main())
