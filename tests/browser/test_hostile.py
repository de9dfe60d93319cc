"""What people type is shown as they typed it, and never becomes part of the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

# What the design check says depends on the words of a name, so those cells are looked at apart.
DESIGN = ".kpi-ours td:last-child"
TREE = f"""() => [...document.querySelectorAll("body *")]
    .filter(one => !one.closest("svg, {DESIGN}"))
    .map(one => `${{one.tagName}}.${{one.className}}`)"""
INSIDE = f"() => [...document.querySelectorAll('{DESIGN} *')].map(one => one.tagName)"
TEXT = f"""() => {{
    document.querySelectorAll("svg, {DESIGN}").forEach(one => one.remove());
    return [document.title, document.body.textContent];
}}"""
DRAWN = "() => [...new Set([...document.querySelectorAll('svg *')].map(one => one.tagName))].sort()"


LABELS = (
    "() => [...document.querySelectorAll('.kpi-measure svg.kpi-wide')].map(one => one.ariaLabel)"
)
NAMES = """() => [...document.querySelectorAll(".kpi-measure:has(svg.kpi-wide) h2")]
    .map(one => one.textContent)"""


@dataclass(frozen=True)
class Read:
    """What a page holds, and what it said when it was opened."""

    name: str
    tree: list[str]
    inside: list[str]
    drawn: list[str]
    labels: list[str]
    names: list[str]
    title_and_text: list[str]
    said: list[str]


def read(page: Path, visitor) -> Read:
    tab = visitor.open(page)
    # The texts come last: to read them takes the charts away.
    facts = [tab.evaluate(one) for one in (TREE, INSIDE, DRAWN, LABELS, NAMES, TEXT)]
    visitor.leave()
    return Read(page.name, *facts, visitor.said)


@pytest.fixture(scope="module")
def pairs(sites, new_visitor):
    """The pages of the office in plain words, each with its twin in hostile ones."""
    both = zip(sites("office").pages, sites("hostile").pages, strict=True)
    return [tuple(read(page, new_visitor()) for page in pair) for pair in both]


def test_hostile_texts_create_no_element(pairs):
    for plain, hostile in pairs:
        assert hostile.tree == plain.tree
        assert set(hostile.inside) <= {"P", "SPAN"}
        assert (
            hostile.said == plain.said == []
        )  # neither a dialog nor an error of a script that tried


def test_hostile_texts_are_shown_as_typed(pairs, workspaces):
    for plain, hostile in pairs:
        for written, meant in zip(hostile.title_and_text, plain.title_and_text, strict=True):
            assert workspaces.disarmed(written) == " ".join(meant.split())


def test_every_kind_of_markup_was_there_to_harm(pairs, workspaces):
    seen = " ".join(" ".join(hostile.title_and_text) for _, hostile in pairs)
    assert [one for one in workspaces.MARKUP if one not in seen] == []


def test_charts_draw_hostile_texts_with_what_they_draw_others(pairs):
    for plain, hostile in pairs:
        assert set(hostile.drawn) <= set(plain.drawn), hostile.name


def test_charts_say_hostile_texts_in_their_description(pairs):
    for _, hostile in pairs[1:]:
        for name, label in zip(hostile.names, hostile.labels, strict=True):
            assert name in label
