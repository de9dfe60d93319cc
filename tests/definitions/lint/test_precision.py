"""The table of METHOD.md is the one that the labelled wordings give today."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def precision():
    home = ROOT / "tests" / "bench" / "lint_precision.py"
    spec = importlib.util.spec_from_file_location("lint_precision", home)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_table_in_the_method_is_current(precision):
    written = precision.table_of((ROOT / "METHOD.md").read_text(encoding="utf-8"))
    assert written == precision.table(precision.read_wordings()), (
        "python tests/bench/lint_precision.py --write"
    )


def test_the_piles_in_the_method_are_current(precision):
    written = precision.table_of((ROOT / "METHOD.md").read_text(encoding="utf-8"), precision.BANK)
    assert written == precision.piles(precision.read_wordings()), (
        "python tests/bench/lint_precision.py --write"
    )


def test_the_wordings_are_many_balanced_and_halved(precision):
    wordings = precision.read_wordings()
    good = sum(not one.label for one in wordings)
    assert len(wordings) >= 150
    assert 0.4 < good / len(wordings) < 0.6
    assert len({one.text.lower() for one in wordings}) == len(wordings)
    for rule in precision.WORD_RULES:
        halves = [one.half for one in wordings if rule.id in one.label]
        assert min(halves.count("seen"), halves.count("held")) >= 6, rule.id
        assert all(one.about is rule.about for one in wordings if rule.id in one.label)


def test_shares_are_counted_as_defined(precision):
    about = precision.About.NAME
    wordings = [
        precision.Wording("a", about, frozenset({"M01"}), frozenset({"M01"}), "seen"),
        precision.Wording("b", about, frozenset({"M01"}), frozenset(), "seen"),
        precision.Wording("c", about, frozenset({"M01"}), frozenset({"M02"}), "seen"),
        precision.Wording("d", about, frozenset(), frozenset({"M01"}), "seen"),
    ]
    assert precision.shares(wordings, "M01") == ((1, 2), (1, 3))
    assert precision.shares(wordings, "M02") == ((0, 1), (0, 0))
    assert precision.shares(wordings, None) == ((2, 3), (2, 3))
