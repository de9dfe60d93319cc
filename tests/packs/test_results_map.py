"""The results map on a page: drawing and list say the same, and data stay text."""

import re
from html.parser import HTMLParser

from kpi_analysis.packs.results_map import map_html
from kpi_analysis.review.map_picture import Branch, Leaf, MapPicture, Said
from kpi_analysis.review.picture import Tone

LEVELS = ("organisation", "division", "team")
MEASURE = Leaf(
    "Number of cracks", False, here=True, said=(Said("Getting worse", Tone.CONCERN, "Foundry"),)
)
DRIVER = Leaf("Minutes of rest", True, here=False, note="a draft, not charted yet")
TEAM = Branch("R-2", "Castings hold", 2, True, False, (MEASURE, DRIVER))
LONE = Branch("R-3", "Floors are dry", 2, False, True)
TOP = Branch("R-1", "Machines hold <b>& last</b>", 0, False, False, (), (TEAM, LONE))


class Words(HTMLParser):
    """Collects the words of the drawing and of the list, apart."""

    def __init__(self):
        super().__init__()
        self.inside, self.words = [], {"svg": [], "list": []}
        self.depth = 0

    def handle_starttag(self, tag, attributes):
        if tag == "svg":
            self.inside.append("svg")
        if tag == "ul" and ("class", "kpi-map-list") in attributes:
            self.inside.append("list")
            self.depth = 0
        self.depth += tag == "ul"

    def handle_endtag(self, tag):
        self.depth -= tag == "ul"
        if tag == "svg" or (tag == "ul" and self.depth == 0 and self.inside == ["list"]):
            self.inside.pop()

    def handle_data(self, data):
        if self.inside and data.strip():
            self.words[self.inside[-1]] += data.replace("driver:", "").split()


def page(orphans=()):
    return map_html(MapPicture(LEVELS, (TOP,), "Foundry", "", "A map", orphans))


def test_the_list_says_every_word_of_the_drawing():
    reader = Words()
    reader.feed(page().markup)
    drawn, listed = sorted(set(reader.words["svg"])), set(reader.words["list"])
    assert len(drawn) > 15
    assert not set(drawn) - listed - {"verdict"}


def test_levels_and_kinds_are_words_in_the_list():
    reader = Words()
    reader.feed(page().markup)
    listed = " ".join(reader.words["list"])
    assert listed.startswith("organisation Machines hold <b>& last</b> team Castings hold you are")
    assert "measure Number of cracks Getting worse Foundry" in listed
    assert "driver Minutes of rest a draft, not charted yet" in listed
    assert listed.endswith("team Floors are dry no measure yet")


def test_what_is_not_linked_is_said_and_what_is_linked_too():
    assert "<li>No measure shows “A &amp; B”.</li>" in page(("No measure shows “A & B”.",)).markup
    assert "every measure serves a result" in page().markup
    assert "every measure serves a result" not in page(("Something.",)).markup


def test_markup_in_the_data_stays_text():
    assert "<b>& last" not in page().markup
    assert re.search(r"&lt;b&gt;&amp; last", page().markup)
    assert repr(page()) == "Results map: 3 results"
