"""The pages of a folder printed to PDF, as Chromium prints them on A4; no other program is asked.

Each page is printed by a browser process of its own, without a network and with a profile that is
thrown away, so that the user's own windows are left alone. A PDF that is newer than its page stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_ON_MAC = "Applications/{0}.app/Contents/MacOS/{0}"
_ON_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_QUIET = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--no-pdf-header-footer",
)
SECONDS = 120.0  # of one page
NO_BROWSER = "no PDF: install Chromium, Chrome or Edge to print; the pages themselves are there"


@dataclass(frozen=True)
class Printed:
    """How many pages have a PDF, and a line for each that has none."""

    there: int
    faults: tuple[str, ...] = ()


def find_browser() -> str | None:
    """Give the path of a Chromium, Chrome or Edge of this machine, or None."""
    return next(_browsers(), None)


def _browsers() -> Iterator[str]:
    yield from filter(None, map(shutil.which, _ON_PATH))
    for name in ("Google Chrome", "Chromium", "Microsoft Edge"):
        yield from (
            str(path)
            for root in (Path("/"), Path.home())
            if (path := root / _ON_MAC.format(name)).is_file()
        )
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        home = Path(os.environ.get(variable) or os.devnull)
        yield from (str(home / name) for name in _ON_WINDOWS if (home / name).is_file())


def print_pages(folder: Path, workers: int = 1) -> Printed:
    """Print every page of a folder to a PDF beside it, so many at a time."""
    browser = find_browser()
    if browser is None:
        return Printed(0, (NO_BROWSER,))
    pages = sorted(folder.resolve().glob("*.html"))
    with ThreadPoolExecutor(workers) as pool:
        reasons = list(pool.map(partial(_print, browser), pages))
    told = [
        f"no PDF of {page.name}: {reason}"
        for page, reason in zip(pages, reasons, strict=True)
        if reason
    ]
    return Printed(len(pages) - len(told), tuple(told))


def _print(browser: str, page: Path) -> str:
    """Print one page; give the reason why it could not be, empty where it is there."""
    target = page.with_suffix(".pdf")
    if target.exists() and target.stat().st_mtime_ns >= page.stat().st_mtime_ns:
        return ""
    with tempfile.TemporaryDirectory(prefix="kpi-print-", ignore_cleanup_errors=True) as aside:
        made = Path(aside) / "page.pdf"
        command = [browser, *_QUIET, *_sandbox(), f"--user-data-dir={aside}/profile"]
        try:
            done = subprocess.run(  # noqa: S603 the browser that was found, no shell
                [*command, f"--print-to-pdf={made}", page.as_uri()],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            if not made.is_file():
                return f"the browser ended with code {done.returncode} and wrote none"
            shutil.copyfile(made, target.with_suffix(".part"))
            target.with_suffix(".part").replace(target)
        except subprocess.TimeoutExpired:
            return f"the browser took longer than {SECONDS:.0f} seconds"
        except OSError as error:
            return error.strerror or str(error)
    return ""


def _sandbox() -> tuple[str, ...]:
    """Chromium does not start as root unless its sandbox is off; pages hold no script anyway."""
    return ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
