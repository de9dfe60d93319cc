"""The word a person probably meant: by its meaning where looks would lead astray."""

import pytest

from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.definitions.parts import Better, Statistic, Status
from kpi_analysis.periods import Frequency


@pytest.mark.parametrize(
    ("word", "words", "meant"),
    [
        ("percent", Statistic, "percentage"),  # looks as much like percentile
        ("average", Statistic, "mean"),
        ("Median ", Statistic, "median"),
        ("days between", Statistic, "days-between"),
        ("up", Better, "higher"),
        ("Lower", Better, "lower"),
        ("daily", Frequency, "day"),
        ("monthly", Frequency, "month"),
        ("live", Status, "active"),
        ("xyz", Status, None),
        ("up", ["upper"], None),  # a meaning that is not among the words is no answer
        ("on_time", ["on-time", "late"], "on-time"),
    ],
)
def test_the_word_that_was_meant(word, words, meant):
    assert nearest(word, list(words)) == meant
