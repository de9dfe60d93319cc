"""Charts in hand: what is written is what it says it is, and every word fits."""

from xml.etree import ElementTree as ET

import pytest

import kpi_analysis as kpi
from kpi_analysis.charts.caption import captioned, wrapped
from kpi_analysis.charts.theme import Role, text_width


@pytest.fixture(scope="module")
def view():
    return kpi.xmr([3, 5, 4, 6, 4, 5, 3, 4, 12, 5, 4, 3, 5], better="lower", name="Falls")


@pytest.mark.parametrize(
    ("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("A.HTML", b"<!DOCTYPE html>")]
)
def test_a_finding_is_saved_as_what_its_name_says(view, tmp_path, name, start):
    written = view.finding().save(tmp_path / name)
    assert written == tmp_path / name
    assert written.read_bytes().startswith(start)


def test_a_saved_svg_stands_alone(view, tmp_path):
    root = ET.fromstring(view.finding().save(tmp_path / "a.svg").read_text())  # noqa: S314 our own
    assert "sans-serif" in root.attrib["style"]
    words = " ".join(root.itertext())
    assert "A question to ask: " + view.questions[0] in words


def test_a_page_keeps_to_itself_and_has_a_drawing_for_phones(view, tmp_path):
    page = view.save(tmp_path / "a.html").read_text()
    assert "kpi-phone" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.jpg", "a chart is saved as .png, .svg or .html, '.jpg' is not among them"),
        ("a", "a chart is saved as .png, .svg or .html, there is no ending"),
        ("no/a.png", "cannot be written: no such file or directory"),
    ],
)
def test_what_cannot_be_saved_is_told(view, tmp_path, name, words):
    with pytest.raises(kpi.KpiError, match=words):
        view.chart().save(tmp_path / name)


def test_a_terminal_reads_the_chart_out(view):
    assert repr(view.chart()).startswith("XmR chart of Falls")


@pytest.mark.parametrize("room", [60.0, 150.0, 720.0])
def test_rows_of_a_caption_fit_and_lose_no_word(room):
    text = "If nothing changes, expect 2.1 to 8.2 falls per thousand bed days, and so on."
    rows = wrapped(text, Role.WORD, room)
    assert all(text_width(row, Role.WORD) <= room for row in rows)
    assert " ".join(rows) == text


def test_a_caption_stands_below_the_drawing(view):
    scene = view.chart().scenes[0]
    whole = captioned(scene, ["One.", "Two, " * 80])
    added = whole.texts[len(scene.texts) :]
    assert min(text.box.top for text in added) >= scene.height
    assert max(text.box.bottom for text in added) <= whole.height
    assert captioned(scene, []) == scene
