"""The whole question bank: open questions about the process, for every state and every stage."""

import re
from itertools import product
from pathlib import Path

import pytest

import kpi_analysis as kpi
from kpi_analysis.review.questions import COACHING, bank, questions, stage_questions
from kpi_analysis.review.verdict import Variation
from kpi_analysis.signals.capability import Capability

STATES = {state: bank(*state) for state in product(Variation, Capability)}
STAGES = {stage: stage_questions(stage) for stage in ("P", "D", "C", "A", "")}
ASKED = sorted({one for asked in (*STATES.values(), *STAGES.values(), COACHING) for one in asked})
OPENERS = {"What", "Which", "Where", "When", "How", "Who"}
# A clause that begins so can be answered with yes or no: "and does it still fit".
CLOSED = (
    r"(?:[,;:]|\band|\bor) (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
    r" (?:it|they|we|you|the|this|that|these|those|there|any|somebody|anybody)\b"
)
ACCUSING = r"\b(?:why|fault|blame|fail\w*|mistake\w*|wrong|guilty|responsible|whose|careless)\b"


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_three_different_questions(state):
    assert len(set(STATES[state])) == len(STATES[state]) == 3


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_two_different_questions(stage):
    assert len(set(STAGES[stage])) == len(STAGES[stage]) == 2


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_is_open(asked):
    assert asked.endswith("?")
    assert asked.count("?") == 1
    assert asked.split()[0] in OPENERS
    assert not re.search(CLOSED, asked)


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_accuses_nobody(asked):
    assert not re.search(ACCUSING, asked, re.IGNORECASE)


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_names_nobody(asked):
    """The only thing filled in is a period; no word is a name, which has a capital."""
    assert set(re.findall(r"\{(\w*)\}", asked)) <= {"since"}
    assert not re.search(r"(?<!^)\b[A-Z]", asked)


def test_the_checks_here_see_what_they_are_for():
    assert re.search(CLOSED, "What does the target rest on, and does it still fit?")
    assert "Are" not in OPENERS
    assert re.search(ACCUSING, "Why didn't you act?", re.IGNORECASE)
    assert not re.search(CLOSED, "What is next, and what would it take?")


def test_only_states_with_a_signal_ask_about_its_beginning():
    dated = {state[0] for state, asked in STATES.items() if "{since}" in "".join(asked)}
    assert dated == {Variation.IMPROVING, Variation.CONCERN}


def test_what_was_expected_happened_and_learned_is_asked_before_an_action_ends():
    asked = " ".join(stage_questions("A"))
    for word in ("expect", "happened", "learn", "next"):
        assert word in asked


@pytest.mark.parametrize("written", ["a", " A ", "A"])
def test_a_stage_is_read_as_people_write_it(written):
    assert stage_questions(written) == stage_questions("A")


def test_the_demo_is_asked_whole_sentences():
    ws = kpi.open(Path(__file__).resolve().parents[2] / "data" / "demo")
    for review in ws.boards.values():
        for one in review.measures:
            for asked in questions(one):
                assert "{" not in asked
                assert "  " not in asked
                assert " ?" not in asked
