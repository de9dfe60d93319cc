import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.charts.scene import Anchor, Box, Text, clip, plain, wrap
from kpi_analysis.charts.theme import Ink, Role, text_width


def test_boxes_meet_only_where_they_share_room():
    box = Box(0, 0, 10, 10)
    assert box.meets(Box(9, 9, 20, 20))
    assert not box.meets(Box(10, 0, 20, 10))
    assert box.holds(Box(0, 2, 10, 8))
    assert not box.holds(Box(0, 2, 10.1, 8))


@pytest.mark.parametrize(("anchor", "share"), [("start", 0), ("middle", 0.5), ("end", 1)])
def test_a_text_takes_room_about_its_anchor(anchor, share):
    text = Text(Role.WORD, Ink.SOFT, 100, 50, "average", Anchor(anchor))
    width = text_width("average", Role.WORD)
    assert text.box.left == pytest.approx(100 - share * width)
    assert text.box.right == pytest.approx(text.box.left + width)
    assert text.box.top < 50 < text.box.bottom


def test_plain_keeps_words_and_drops_what_xml_refuses():
    assert plain("  a\tb\n\x00c \x1b ") == "a b c"
    assert plain("Ä & <b>") == "Ä & <b>"


def test_clip_keeps_what_fits_and_shows_that_it_cut():
    assert clip("short", Role.WORD, 100) == "short"
    short = clip("target, agreed with the board", Role.WORD, 58)
    assert short == "target…"
    assert clip("anything", Role.WORD, 5) == ""


def test_wrap_makes_two_rows_of_like_length():
    title = "Patients waiting over 4 hours in A&E, % a month"
    assert wrap(title, Role.TITLE, 720) == (title,)
    rows = wrap(title, Role.TITLE, 336)
    assert " ".join(rows) == title
    assert len(rows) == 2
    assert min(map(len, rows)) > 15


@given(st.text(max_size=300), st.floats(20, 720))
def test_neither_ever_outgrows_its_room(text, room):
    text = plain(text)
    for row in (clip(text, Role.TITLE, room), *wrap(text, Role.TITLE, room)):
        assert text_width(row, Role.TITLE) <= room + 1e-6
        assert row.rstrip("…") in text


def test_a_title_of_a_thousand_words_is_cut():
    rows = wrap("word " * 10_000, Role.TITLE, 720)
    assert rows[1].endswith("…")
    assert len(rows) == 2
