"""The decision table of the method, cell by cell, and what follows from it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_analysis.review.picture import Tone
from kpi_analysis.review.verdict import TABLE, Duty, Group, Variation, variation_of, verdict_of
from kpi_analysis.signals.capability import Capability

# The table as designed: label and red for pass, hit or miss, fail, no target.
DESIGNED = {
    Variation.IMPROVING: [
        ("Winning, and better than before", False),
        ("Winning ground", False),
        ("Improving, not there yet", False),
        ("Improving", False),
    ],
    Variation.NONE: [
        ("Winning, steady", False),
        ("Steady: will hit and miss by chance", False),
        ("Losing, steadily", True),
        ("Steady", False),
    ],
    Variation.CONCERN: [
        ("Meeting it but getting worse", True),
        ("Losing ground", True),
        ("Losing, and getting worse", True),
        ("Getting worse", True),
    ],
    Variation.MIXED: [
        ("Unsettled", False),
        ("Unsettled", False),
        ("Losing, unsettled", True),
        ("Unsettled", False),
    ],
    Variation.NOT_JUDGED: [("Not judged yet", False)] * 4,
}
COLUMNS = [Capability.PASS, Capability.HIT_OR_MISS, Capability.FAIL, Capability.NONE]


@pytest.mark.parametrize(
    ("variation", "capability", "label", "red"),
    [
        (variation, capability, *cell)
        for variation, row in DESIGNED.items()
        for capability, cell in zip(COLUMNS, row, strict=True)
    ],
)
def test_each_cell_of_the_table(variation, capability, label, red):
    verdict = verdict_of(variation, capability, neutral=False)
    assert (verdict.label, verdict.red) == (label, red)


def test_the_table_has_every_cell():
    assert set(TABLE) == set(product(Variation, Capability))


def test_red_is_a_signal_of_concern_or_a_target_predictably_missed_and_nothing_else():
    for (variation, capability), verdict in TABLE.items():
        concern = variation is Variation.CONCERN
        missing = capability is Capability.FAIL and variation in (Variation.NONE, Variation.MIXED)
        assert verdict.red == (concern or missing)
        assert (verdict.duty in (Duty.SIGNAL_OF_CONCERN, Duty.PREDICTABLY_MISSING)) == verdict.red
        assert (verdict.group is Group.LOSING) == verdict.red


def test_an_identifier_names_one_label():
    labels = {}
    for verdict in TABLE.values():
        assert labels.setdefault(verdict.id, verdict.label) == verdict.label
        assert verdict.id.isidentifier()


@pytest.mark.parametrize("capability", list(Capability))
def test_where_neither_way_is_better_nothing_is_won_or_lost(capability):
    changed = verdict_of(Variation.MIXED, capability, neutral=True)
    steady = verdict_of(Variation.NONE, capability, neutral=True)
    assert (changed.label, steady.label) == ("Changed", "Steady")
    assert not changed.red
    assert not steady.red


@given(st.lists(st.sampled_from(Tone), max_size=6))
def test_variation_is_read_from_all_patterns_at_the_latest_point(tones):
    found = variation_of(tones)
    if not tones:
        assert found is Variation.NONE
    elif all(tone is Tone.IMPROVEMENT for tone in tones):
        assert found is Variation.IMPROVING
    elif all(tone is Tone.CONCERN for tone in tones):
        assert found is Variation.CONCERN
    else:
        assert found is Variation.MIXED


def test_labels_name_no_person_and_no_game():
    words = " ".join(f"{one.label} {one.advice}" for one in TABLE.values()).lower()
    for banned in ("who", "staff", "gaming", "cheat", "blame", "fault of", "rank", "score"):
        assert banned not in words
