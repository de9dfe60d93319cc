"""Those nearest in size are found without looking at all teams: the same as by sorting them."""

from math import log, nextafter

from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.review.benchlearning_facts import Compared
from kpi_analysis.review.benchlearning_pairs import MOST_TO_ASK, by_asked, pairs_of

SIZES = st.one_of(
    st.integers(1, 12).map(float),  # many alike, and as much smaller as others are larger
    st.sampled_from([nextafter(8.0, 0), nextafter(8.0, 9)]),
    st.floats(1e-3, 1e9),
)


def team(name):
    return Compared(name, 0, "", "", (), is_predictable=True, has_reason=True)


def named(pairs):
    return [(one.better.team, one.apart) for one in pairs]


@given(st.lists(SIZES, max_size=8), st.lists(SIZES, max_size=5), st.randoms())
def test_the_nearest_are_those_that_sorting_all_would_put_first(worth, asking, chance):
    names = [f"{n:02}" for n in range(len(worth) + len(asking))]
    chance.shuffle(names)
    sizes = dict(zip(names, [*worth, *asking], strict=True))
    to_ask, who = names[: len(worth)], names[len(worth) :]
    found = pairs_of(map(team, who), map(team, to_ask), sizes)
    for one in who:
        apart = {other: abs(log(sizes[other] / sizes[one])) for other in to_ask}
        nearest = sorted((far, other) for other, far in apart.items())[:MOST_TO_ASK]
        assert named(found.get(one, ())) == [(other, far) for far, other in nearest]


def test_pairs_are_in_the_order_of_those_who_ask_by_hand():
    sizes = {"a": 100.0, "b": 400.0, "m": 200.0, "z": 90.0, "y": 210.0}
    found = pairs_of(map(team, "zmy"), map(team, "ba"), sizes)
    assert list(found) == ["z", "m", "y"]
    # m is twice a, and b is twice m: as far apart, so in the order of names
    assert [[one.better.team for one in found[name]] for name in "zmy"] == [
        ["a", "b"],
        ["a", "b"],
        ["b", "a"],
    ]
    asked = by_asked(found.values())
    assert [one.wanting.team for one in asked["a"]] == ["z", "m", "y"]
