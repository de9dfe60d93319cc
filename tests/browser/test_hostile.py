"""What people type is shown as they typed it, and never becomes part of the page."""

from __future__ import annotations

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


@pytest.fixture(scope="module")
def pairs(sites):
    """The pages of the office in plain words, each with its twin in hostile ones."""
    return list(zip(sites("office").pages, sites("hostile").pages, strict=True))


def test_hostile_texts_create_no_element(pairs, visitor):
    for plain, hostile in pairs:
        assert visitor.open(hostile).evaluate(TREE) == visitor.open(plain).evaluate(TREE)
        assert set(visitor.open(hostile).evaluate(INSIDE)) <= {"P", "SPAN"}
    assert visitor.said == []  # neither a dialog nor an error of a script that tried


def test_hostile_texts_are_shown_as_typed(pairs, visitor, workspaces):
    for plain, hostile in pairs:
        for written, meant in zip(
            visitor.open(hostile).evaluate(TEXT), visitor.open(plain).evaluate(TEXT), strict=True
        ):
            assert workspaces.disarmed(written) == " ".join(meant.split())


def test_every_kind_of_markup_was_there_to_harm(pairs, visitor, workspaces):
    seen = " ".join(" ".join(visitor.open(page).evaluate(TEXT)) for _, page in pairs)
    assert [one for one in workspaces.MARKUP if one not in seen] == []


def test_charts_draw_hostile_texts_with_what_they_draw_others(pairs, visitor):
    for plain, hostile in pairs:
        assert set(visitor.open(hostile).evaluate(DRAWN)) <= set(
            visitor.open(plain).evaluate(DRAWN)
        ), hostile.name


def test_charts_say_hostile_texts_in_their_description(pairs, visitor):
    for _, hostile in pairs[1:]:
        tab = visitor.open(hostile)
        said = tab.locator(".kpi-measure svg.kpi-wide").evaluate_all(
            "all => all.map(one => one.ariaLabel)"
        )
        names = tab.locator(".kpi-measure:has(svg.kpi-wide) h2").all_text_contents()
        for name, label in zip(names, said, strict=True):
            assert name in label
