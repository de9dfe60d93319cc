"""Every page opens by itself: no script, no request, no complaint, nothing left dangling."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bleach._vendor import html5lib  # comes with nbconvert: the parser of the HTML standard

pytestmark = pytest.mark.browser

MOST_BYTES = 250_000
PHRASES = ("span", "b", "a", "bdi", "p", "h1", "h2", "h3", "dt", "caption", "summary")
BLOCKS = {"div", "p", "ul", "ol", "dl", "table", "section", "nav", "figure", "h1", "h2", "h3"}
MOST_WORDS = 14
TWO_POINTS = re.compile(r"[↑↓▲▼⬆⬇↗↘]|[+−-]\d+(?:[.,]\d+)? ?%|(?i:compared (?:with|to) last|\bvs\b)")
VERDICTS = """() => {
    const rows = [...document.querySelectorAll(".kpi-board tbody tr, .kpi-measure")];
    const parts = [".kpi-verdict .kpi-badge", ".kpi-detail"];
    if (rows.some(row => parts.some(part => !row.querySelector(part)))) return null;
    return rows.map(row => {
        const label = row.querySelector(".kpi-verdict").cloneNode(true);
        label.querySelector(".kpi-badge").remove();
        const detail = row.querySelector(".kpi-detail").textContent;
        return [label.textContent.trim(), detail.trim(), row.classList.contains("kpi-red")];
    });
}"""
"""Label, detail and red of each row; null where a row has no verdict, as on pages about all."""


@dataclass(frozen=True)
class Seen:
    """A page as a browser shows it at a desk, and what it said and asked for meanwhile."""

    headings: int
    text: str
    verdicts: list[tuple[str, str, bool]] | None
    said: list[str]
    asked: list[str]


@pytest.fixture(scope="module")
def seen(new_visitor):
    """Read a page, once for all tests."""

    @cache
    def read(page: Path) -> Seen:
        visitor = new_visitor()
        tab = visitor.open(page)
        headings, text = tab.locator("h1").count(), tab.inner_text("body")
        verdicts = tab.evaluate(VERDICTS)
        visitor.leave()
        return Seen(headings, text, verdicts, visitor.said, visitor.asked)

    return read


class Elements(HTMLParser):
    """Every element of a page with its attributes, as a parser that is no browser reads it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.all if name in attrs]


def test_is_valid_html(site):
    """The parser of the HTML standard finds no error, and text elements hold no blocks."""
    for page in site.pages:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(page.read_text(encoding="utf-8"))
        assert parser.errors == [], page.name
        for phrase in (one for tag in PHRASES for one in tree.iter(tag)):
            blocks = {one.tag for one in phrase.iter() if one is not phrase} & BLOCKS
            assert not blocks, f"{page.name}: {blocks} in <{phrase.tag}>"
        for one in tree.iter("ul"):
            assert {child.tag for child in one} <= {"li"}, page.name
        for one in tree.iter("dl"):
            assert {child.tag for child in one} <= {"div", "dt", "dd"}, page.name


def test_opens_offline_without_a_word_or_a_request(site, seen):
    for page in site.pages:
        assert seen(page).headings == 1, page.name
        assert seen(page).said == []
        assert seen(page).asked == [page.as_uri()]


def test_shows_the_same_with_scripts_off(site, seen, visitor, look):
    for page in (site.index, site.walk, *site.about_all, *site.packs[:2]):
        without = visitor.open(page, look(scripts=False)).inner_text("body")
        assert without == seen(page).text
        assert len(without) > 200, page.name


def test_holds_no_script_no_handler_and_no_way_out(site):
    for page in site.pages:
        elements = Elements(page)
        assert not {"script", "iframe", "object", "embed", "base", "form", "link"} & {
            tag for tag, _ in elements.all
        }
        attributes = {name for _, attrs in elements.all for name in attrs}
        assert not {name for name in attributes if name.startswith("on")}
        assert not {"srcset", "action", "formaction", "xlink:href", "ping"} & attributes
        assert [src for src in elements.values("src") if not src.startswith("data:image/")] == []
        assert [href for href in elements.values("href") if ":" in href or "//" in href] == []
        styles = re.findall(r"<style>(.*?)</style>", page.read_text(encoding="utf-8"), re.DOTALL)
        assert len(styles) == 1
        assert not re.search(r"url\(|@import", " ".join([*styles, *elements.values("style")]))


def test_forbids_everything_that_it_does_not_hold(site):
    for page in site.pages:
        policies = [
            attrs["content"]
            for tag, attrs in Elements(page).all
            if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_links_and_anchors_lead_somewhere(site):
    led_to = set()
    for page in site.pages:
        elements = Elements(page)
        ids = elements.values("id")
        assert [one for one, count in Counter(ids).items() if count > 1] == []
        for label in elements.values("aria-labelledby"):
            assert set(label.split()) <= set(ids), page.name
        for href in elements.values("href"):
            file, _, anchor = href.partition("#")
            there = page.parent / file if file else page
            led_to.add(there)
            assert there.is_file(), f"{page.name}: {href}"
            assert not anchor or anchor in Elements(there).values("id"), f"{page.name}: {href}"
    assert led_to >= set(site.pages) - {site.index}


def test_the_index_names_every_team_once_and_opens_its_pack(site, visitor):
    tab = visitor.open(site.index)
    names = tab.locator("a.kpi-team").all_text_contents()
    assert len(set(names)) == len(names) == len(site.packs)
    tab.locator("a.kpi-team").first.click()
    tab.wait_for_url(lambda url: url != site.index.as_uri())
    assert tab.locator("h1").text_content() == names[0]


def test_pages_are_light(site):
    assert {page.name: page.stat().st_size for page in site.pages} == {
        page.name: pytest.approx(MOST_BYTES / 2, abs=MOST_BYTES / 2) for page in site.pages
    }


def test_a_verdict_is_read_in_one_breath(plain_site, seen):
    judged = 0
    for page in plain_site.packs:
        for label, detail, _ in seen(page).verdicts:
            if label != "Not judged yet":
                judged += 1
                assert len(f"{label} {detail}".split()) <= MOST_WORDS, f"{label}: {detail}"
    assert judged >= len(plain_site.packs)


def test_red_is_said_in_words_too(plain_site, seen):
    reds = 0
    for page in plain_site.packs:
        for label, _, red in seen(page).verdicts:
            reds += red
            assert red == bool(re.search(r"losing|worse", label, re.IGNORECASE)), label
    assert reds


def test_never_compares_two_points(plain_site, seen):
    for page in plain_site.pages:
        assert TWO_POINTS.findall(seen(page).text) == [], page.name
