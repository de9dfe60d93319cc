from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.charts.lanes import Placed, Pole, arrange
from kpi_analysis.charts.scene import Anchor


def _arrange(*notes: tuple[float, str]) -> list[Placed]:
    poles = [Pole(i, x, text, action=False) for i, (x, text) in enumerate(notes)]
    return list(arrange(poles, 0, 720))


def test_labels_that_do_not_meet_share_the_lowest_lane():
    placed = _arrange((260, "GP at the front door"), (430, "Merger, three more sites"))
    assert [note.lane for note in placed] == [0, 0]


def test_lanes_rise_to_the_left_where_labels_would_cross_poles():
    # the second hospital of the design's picture
    placed = _arrange(
        (254, "Triage nurse to 22:00"),
        (335, "Frailty unit opens"),
        (367, "Norovirus, two wards closed"),
        (530, "Discharge lounge"),
    )
    assert [note.lane for note in placed] == [3, 2, 1, 0]


def test_a_label_without_room_runs_to_the_left_and_is_read_in_full():
    (note,) = _arrange((640, "Discharge lounge opened"))
    assert note.anchor is Anchor.END
    assert note.text == "Discharge lounge opened"
    assert note.right < 640


def test_a_label_that_fits_nowhere_is_clipped():
    (note,) = _arrange((400, "long " * 40))
    assert note.text.endswith("…")
    assert note.right <= 720


@given(
    st.lists(
        st.tuples(st.integers(0, 35), st.text("abcdefg WM", min_size=1, max_size=60)), max_size=9
    )
)
def test_no_label_meets_a_label_or_another_pole(notes):
    placed = _arrange(*((44 + 16 * slot, text) for slot, text in notes))
    assert len(placed) == len(notes)
    for a, b in combinations(placed, 2):
        if a.lane == b.lane:
            assert a.right < b.left or b.right < a.left
        upper, lower = (a, b) if a.lane > b.lane else (b, a)
        assert upper.lane == lower.lane or not lower.left < upper.pole.x < lower.right
    assert all(note.left >= 0 and note.right <= 720 + 1e-6 for note in placed)
