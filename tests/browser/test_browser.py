"""Finding and fetching a browser, without one and without a network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("browser.py")


@pytest.fixture
def nowhere(finder, monkeypatch):
    """A machine without a browser, whose commands are noted and fail."""
    asked = []

    def fail(command, _seconds):
        asked.append(command)
        return False

    monkeypatch.setattr(finder, "_places", lambda: iter(()))
    monkeypatch.setattr(finder, "_succeeds", fail)
    monkeypatch.delenv("CI", raising=False)
    return asked


def place(folder, name, answer="exit 0"):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def alone(monkeypatch, tmp_path):
    """Leave nothing to be found but what is placed under tmp_path."""
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "fetched"))


unix = pytest.mark.skipif(sys.platform != "linux", reason="places differ from system to system")


@unix
def test_finds_one_on_the_path_that_starts(finder, monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)
    assert finder.find_browser() is None
    place(tmp_path / "bin", "chromium-browser", "exit 1")  # a snap's stand-in
    assert finder.find_browser() is None
    chrome = place(tmp_path / "bin", "google-chrome")
    assert finder.find_browser() == chrome


@unix
def test_finds_the_newest_of_playwrights_downloads(finder, monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)
    for build in (1097, 1187):
        newest = place(tmp_path / "fetched", f"chromium-{build}/chrome-linux/chrome")
    assert finder.find_browser() == newest


def test_asks_apt_only_as_root(finder, nowhere, monkeypatch):
    monkeypatch.setattr(finder.os, "geteuid", lambda: 1000, raising=False)
    assert finder.fetch_browser() is None
    assert [Path(command[0]).name for command in nowhere] == [Path(sys.executable).name]


def test_asks_apt_first_as_root_and_then_playwright(finder, nowhere, monkeypatch):
    monkeypatch.setattr(finder.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(finder.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert finder.fetch_browser() is None
    assert [command[:2] for command in nowhere] == [
        ["apt-get", "update"],
        ["apt-get", "install"],
        [sys.executable, "-m"],
    ]


@pytest.mark.usefixtures("nowhere")
def test_without_a_browser_it_says_so_and_lets_the_tests_be_skipped(finder, capsys):
    assert finder.main() == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("browser tests WILL BE SKIPPED. No Chromium, Chrome or Edge was found")
    assert "playwright install chromium" in last


@pytest.mark.usefixtures("nowhere")
def test_without_a_browser_ci_fails(finder, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    assert finder.main() == 1
    assert "browser tests FAIL: CI=true asks for one." in capsys.readouterr().out


@pytest.mark.usefixtures("nowhere")
def test_what_it_fetched_is_told_in_one_line(finder, monkeypatch, capsys):
    found = iter([None, "/opt/chrome"])
    monkeypatch.setattr(finder, "find_browser", lambda: next(found))
    monkeypatch.setattr(finder, "fetch_browser", lambda: "Debian's package")
    assert finder.main() == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "browser tests: /opt/chrome, from Debian's package"
    ]


def test_the_script_needs_nothing_but_python(tmp_path):
    chrome = place(tmp_path, "chromium")
    said = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT)],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stdout) == (0, f"browser tests: {chrome}\n")
