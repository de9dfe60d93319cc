from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.charts.gutter import Label, columns, gutter, push_apart
from kpi_analysis.charts.scales import Upwards
from kpi_analysis.charts.scene import Anchor
from kpi_analysis.charts.theme import Ink, Pen, Role

AXIS = Upwards(low=0, high=100, bottom=216, top=0)


def test_labels_that_do_not_meet_stay_at_their_lines():
    assert push_apart([10, 30, 50], 15, 0, 100) == (10, 30, 50)


def test_two_that_meet_give_way_by_the_same_amount():
    assert push_apart([50, 54], 15, 0, 100) == pytest.approx((44.5, 59.5))


def test_at_an_edge_only_the_inner_one_gives_way():
    assert push_apart([2, 4], 15, 0, 100) == pytest.approx((0, 15))
    assert push_apart([99, 100], 15, 0, 100) == pytest.approx((85, 100))


@given(st.lists(st.floats(0, 200), max_size=12))
def test_pitch_order_and_edges_are_kept(wanted):
    placed = push_apart(sorted(wanted), 15, 0, 200)
    assert all(b - a >= 15 - 1e-9 for a, b in pairwise(placed))
    assert all(-1e-9 <= y <= 200 + 1e-9 for y in placed)


@given(st.lists(st.floats(60, 140), min_size=1, max_size=5), st.floats(-20, 20))
def test_no_shift_of_the_row_would_bring_it_nearer(wanted, shift):
    wanted = sorted(wanted)
    placed = push_apart(wanted, 15, 0, 200)
    cost = sum((a - b) ** 2 for a, b in zip(placed, wanted, strict=True))
    moved = sum((a + shift - b) ** 2 for a, b in zip(placed, wanted, strict=True))
    assert cost <= moved + 1e-6


def test_numbers_and_words_stand_in_two_columns_and_a_moved_label_has_a_leader():
    labels = [Label(50, "50.0", "average"), Label(51, "51.0", "latest", Ink.CONCERN, strong=True)]
    at = columns(labels, right=720, most_word=96)
    texts, leaders = gutter(labels, at, AXIS)
    assert [text.text for text in texts] == ["51.0", "latest", "50.0", "average"]
    assert [text.x for text in texts] == [at.number, at.word] * 2
    assert [text.role for text in texts] == [Role.LATEST, Role.LATEST, Role.NUMBER, Role.WORD]
    assert [text.ink for text in texts] == [Ink.CONCERN, Ink.CONCERN, Ink.INK, Ink.SOFT]
    assert all(text.anchor is Anchor.START and text.box.right <= 720.01 for text in texts)
    assert [leader.pen for leader in leaders] == [Pen.HAIR, Pen.HAIR]
    assert leaders[0].spots[0][1] == AXIS.at(51)


def test_a_long_word_is_clipped_not_the_plot():
    labels = [Label(50, "≤5", "target agreed with the region and the board")]
    at = columns(labels, right=720, most_word=96)
    texts, _ = gutter(labels, at, AXIS)
    assert at.word == 720 - 96
    assert texts[1].text.endswith("…")
    assert texts[1].text.startswith("target agreed")
    assert texts[1].box.right <= 720
