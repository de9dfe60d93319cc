"""Pages printed through Chromium: only what is new; one clear line where there is no browser."""

import os
import sys
from pathlib import Path

import pytest

from kpi_analysis.packs import pdf
from kpi_analysis.packs.publish import month_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
WRITES = """#!/bin/sh
for word in "$@"; do case "$word" in --print-to-pdf=*) out="${word#--print-to-pdf=}";; esac; done
echo "$@" >> "$(dirname "$0")/asked"
printf '%%PDF-1.4 stand-in' > "$out"
"""


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "2025-03"
    folder.mkdir()
    for name in ("index", "alpha beta"):
        (folder / f"{name}.html").write_text("<p>A page</p>")
    (folder / "run.json").write_text("{}")
    return folder


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Put a program called chromium, and nothing else, on the path; give what writes it."""

    def put(script):
        path = tmp_path / "bin" / "chromium"
        path.parent.mkdir(exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)
        return path.parent

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(pdf, "_ON_PATH", ("chromium",))
    return put


def test_every_page_gets_a_pdf_beside_it_and_nothing_else_does(pages, browser):
    browser(WRITES)
    assert pdf.print_pages(pages, 2) == pdf.Printed(2)
    assert sorted(one.name for one in pages.glob("*.pdf")) == ["alpha beta.pdf", "index.pdf"]
    assert not list(pages.glob("*.part"))


def test_a_page_is_printed_anew_only_where_it_changed(pages, browser):
    home = browser(WRITES)
    pdf.print_pages(pages)
    assert pdf.print_pages(pages) == pdf.Printed(2)
    assert len((home / "asked").read_text().splitlines()) == 2
    page = pages / "index.html"
    newer = (pages / "index.pdf").stat().st_mtime + 5
    os.utime(page, (newer, newer))
    pdf.print_pages(pages)
    (again,) = (home / "asked").read_text().splitlines()[2:]
    assert again.endswith("index.html")


def test_without_a_browser_one_line_says_what_to_do(pages, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    printed = pdf.print_pages(pages)
    assert printed.there == 0
    assert printed.faults == (
        "no PDF: install Chromium, Chrome or Edge to print; the pages themselves are there",
    )


def test_a_browser_that_fails_is_told_of_a_page_at_a_time_and_leaves_no_half_file(pages, browser):
    browser("#!/bin/sh\nexit 3\n")
    printed = pdf.print_pages(pages)
    assert printed.there == 0
    reason = "the browser ended with code 3 and wrote none"
    assert printed.faults == (
        f"no PDF of alpha beta.html: {reason}",
        f"no PDF of index.html: {reason}",
    )
    assert sorted(one.suffix for one in pages.iterdir()) == [".html", ".html", ".json"]


def test_a_browser_that_hangs_is_stopped(pages, browser, monkeypatch):
    browser("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(pdf, "SECONDS", 0.2)
    (one, _) = pdf.print_pages(pages, 2).faults
    assert one.startswith("no PDF of alpha beta.html: the browser took longer than")


def test_a_page_that_is_published_anew_loses_the_print_of_the_old_one(tmp_path):
    with month_folder(tmp_path, "2025-03") as folder:
        folder.write("index.html", "<p>old</p>")
        print_ = Path(folder.folder) / "index.pdf"
        print_.write_bytes(b"%PDF")
        folder.write("run.json", "{}")
        assert print_.exists()
        folder.write("index.html", "<p>new</p>")
        assert not print_.exists()
