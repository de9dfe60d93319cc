"""One browser, and packs built once, for all tests of the pages as people see them."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

import kpi_analysis as kpi

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
AE = CHECKOUT.parent / "shared" / "data" / "ae"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 240  # seconds for another worker to build what both need


def _neighbour(name: str) -> ModuleType:
    """Load a module of this folder; under import mode importlib it is on no path."""
    spec = importlib.util.spec_from_file_location(f"tests_browser_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


finder = _neighbour("browser")
workspaces = _neighbour("workspaces")


@dataclass(frozen=True)
class Site:
    """Pages built from one workspace: a page a team and those about all, in the order of names."""

    index: Path
    walk: Path
    packs: tuple[Path, ...]
    about_all: tuple[Path, ...]

    @property
    def pages(self) -> tuple[Path, ...]:
        """All pages."""
        return (self.index, self.walk, *self.about_all, *self.packs)


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int = 1280
    height: int = 844
    scheme: str = "light"
    scripts: bool = True
    bypass_csp: bool = False


class Windows:
    """One window for each look, kept for the whole session: a new one costs more than its page."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._tabs: dict[Look, Page] = {}

    def at(self, look: Look) -> Page:
        """Give the window of a look, as that look has it, whatever was done to it before."""
        if look not in self._tabs:
            self._tabs[look] = self._context(look).new_page()
        tab = self._tabs[look]
        tab.set_viewport_size({"width": look.width, "height": look.height})
        tab.emulate_media(media="null", color_scheme=look.scheme)
        return tab

    def _context(self, look: Look) -> BrowserContext:
        return self._browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.scheme,
            java_script_enabled=look.scripts,
            bypass_csp=look.bypass_csp,
            offline=True,
        )


class Visitor:
    """Opens pages without a network and notes whatever a quiet page must not do."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._watched: dict[Page, dict[str, Callable[..., object]]] = {}
        self.said: list[str] = []
        self.asked: list[str] = []

    def open(self, page: Path, look: Look | None = None) -> Page:
        """Open a page in the window of that look, where it takes the place of the one before."""
        tab = self._windows.at(look or Look())
        if tab not in self._watched:
            self._watch(tab)
        tab.goto(page.as_uri())
        return tab

    def _watch(self, tab: Page) -> None:
        self._watched[tab] = {
            "console": self._on_console,
            "pageerror": lambda error: self.said.append(str(error)),
            "dialog": lambda dialog: (self.said.append(dialog.message), dialog.dismiss()),
            "request": lambda request: self.asked.append(request.url),
        }
        for event, note in self._watched[tab].items():
            tab.on(event, note)

    def _on_console(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def leave(self) -> None:
        """Leave every window empty, and watch no more."""
        for tab, notes in self._watched.items():
            for event, note in notes.items():
                tab.remove_listener(event, note)
            tab.goto("about:blank")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = finder.find_browser()
    if path is None:
        said = "NO BROWSER: no Chromium, Chrome or Edge found: python tests/browser/browser.py"
        (pytest.fail if finder.must_have() else pytest.skip)(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, headless=True, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


@pytest.fixture(scope="session")
def new_visitor(windows: Windows) -> Callable[[], Visitor]:
    """For modules that read a page once for several tests."""
    return partial(Visitor, windows)


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Iterator[Visitor]:
    one = new_visitor()
    yield one
    one.leave()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):  # the workers share what each would build again
        folder = folder.parent
    return Sites(folder / "sites")


@dataclass(frozen=True)
class Sites:
    """Builds a workspace's pages when first asked for, once for all workers of a test run."""

    folder: Path

    def __call__(self, name: str) -> Site:
        """Give the site of that name, one of `SITES`."""
        write, period = SITES[name]
        home = self.folder / name
        if not home.exists():
            self._build(home, write, period)
        folder = home / "out" / period
        index, walk = folder / "index.html", folder / "walk.html"
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        about_all, packs = (sorted(folder / one["page"] for one in run[kind])
                            for kind in ("pages", "packs"))  # fmt: skip
        return Site(index, walk, tuple(packs), tuple(about_all))

    def _build(self, home: Path, write: Callable[[Path], object], period: str) -> None:
        lock, until = home.with_name(f"{home.name}.lock"), time.monotonic() + PATIENCE
        self.folder.mkdir(exist_ok=True)
        while not home.exists():
            assert time.monotonic() < until, f"the other worker never finished {home.name}"
            try:
                lock.mkdir()
            except FileExistsError:
                time.sleep(0.2)
                continue
            try:
                if not home.exists():
                    _built(home.with_name(f"{home.name}.draft"), write, period).replace(home)
            finally:
                lock.rmdir()


def _built(
    draft: Path, write: Callable[[Path], object], period: str, teams: tuple[str, ...] | None = None
) -> Path:
    write(draft / "workspace")
    plan = kpi.Plan(
        workspace=draft / "workspace",
        period=kpi.Period.parse(period),
        out=draft / "out",
        teams=teams,
        workers=2,
        made_on="2025-04-08",
    )
    run = kpi.build_month(plan)
    assert not run.failed, run.failed
    return draft


def shared_values(name: str) -> Path:
    """Give one of the shared A&E tables; skip, and say so, where they are not there."""
    path = AE / name
    if not path.is_file():
        pytest.skip(f"SHARED DATA ABSENT: no {name} in the folder 'shared' beside this checkout")
    return path


def _hospitals(folder: Path) -> None:
    workspaces.hospitals(folder, shared_values("ae_ten_trusts.csv"))


SITES: dict[str, tuple[Callable[[Path], object], str]] = {
    "hospitals": (_hospitals, "2019-03"),
    "demo": (lambda folder: shutil.copytree(CHECKOUT / "data" / "demo", folder), "2025-03"),
    "office": (lambda folder: workspaces.office(folder, workspaces.plain), "2025-03"),
    "hostile": (lambda folder: workspaces.office(folder, workspaces.hostile()), "2025-03"),
}


@pytest.fixture(params=list(SITES))
def site(request: pytest.FixtureRequest, sites: Sites) -> Site:
    """Every site, one after the other."""
    return sites(request.param)


@pytest.fixture(params=[name for name in SITES if name != "hostile"])
def plain_site(request: pytest.FixtureRequest, sites: Sites) -> Site:
    """Every site that people wrote who mean well."""
    return sites(request.param)


@pytest.fixture(scope="session")
def many_teams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of all 140 emergency departments; only one pack is built."""
    values = shared_values("ae_type1_all.csv")
    draft = tmp_path_factory.mktemp("many")
    _built(draft, lambda folder: workspaces.hospitals(folder, values), "2019-03", ("RRK",))
    return draft / "out" / "2019-03" / "index.html"


@pytest.fixture(scope="session")
def look() -> type[Look]:
    """How a page is looked at, for tests that look otherwise than at a desk."""
    return Look


@pytest.fixture(scope="session", name="finder")
def _finder() -> ModuleType:
    return finder


@pytest.fixture(scope="session", name="workspaces")
def _workspaces() -> ModuleType:
    return workspaces
