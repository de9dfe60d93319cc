"""The question bank: open questions by the state of a measure. They ask; they never tell.

No question names a person or asks for a fault; the process is the subject of all of them.
"""

from __future__ import annotations

from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.verdict import Variation
from kpi_analysis.signals.capability import Capability

_CONCERN = (
    "What changed in the work around {since}?",
    "Where in the process does it show first, and how could we go and see?",
    "Which of the possible causes can we check this week, and how?",
)
_IMPROVING = (
    "What changed in the work around {since}?",
    "What would have to be true for the gain to last?",
    "Who else could use what was learned here?",
)
_MISSING = (
    "What do we do predictably, every period, that leads to this result?",
    "Which one step of the process would have to change, and what would that take?",
    "What would a small test of that change look like?",
)
_CHANCE = (
    "What would it take to make the target a matter of course?",
    "What are the largest ordinary sources of the ups and downs?",
    "What does the target rest on, and what has changed since it was set?",
)
_STEADY = (
    "What keeps this process steady, and what could upset it?",
    "How often do we need to look at this measure?",
    "Which question about the result does this measure not answer?",
)
_MIXED = (
    "What keeps changing, and when?",
    "Which different processes could be mixed in these figures?",
    "What would we have to hold still to see more clearly?",
)
_NOT_JUDGED = (
    "What keeps the figures from being complete?",
    "What would make collecting them easier?",
    "What do we see in the work itself while the figures are missing?",
)


TO_A_LEADER = "What stands in the way that a leader could move?"

COACHING = (
    "What did you expect to happen, and what happened?",
    "What was learned from it?",
    "What is the next step, and when can we see what came of it?",
    TO_A_LEADER,
)
"""The questions that go with any open action: expected, happened, learned, next."""

_BY_STAGE = {
    "P": (
        "What have we seen of the problem in the work itself?",
        "What do we take to be the cause, and how could we check that?",
    ),
    "D": (
        "What has been tried so far, and what stands in the way?",
        "What will the chart show if it works, and from when on?",
    ),
    "C": (
        "What does the chart show since the start, beside what was expected?",
        "What else changed in the work in that time?",
    ),
    "A": (
        "What did we expect, and what happened?",
        "What did we learn, and what is next?",
    ),
}
_NO_STAGE = (
    "Which stage is it at: plan, do, check or act?",
    "What is the next step, and when can we see what came of it?",
)


def questions(review: MeasureReview) -> tuple[str, ...]:
    """Give three questions for the state of this measure."""
    asked = bank(review.variation, review.capability)
    since = review.since.label if review.since else ""
    return tuple(question.format(since=since) for question in asked)


def stage_questions(stage: str) -> tuple[str, ...]:
    """Give two questions for an action by its stage (P, D, C or A), or by the lack of one."""
    return _BY_STAGE.get(stage.strip().upper(), _NO_STAGE)


def bank(variation: Variation, capability: Capability) -> tuple[str, ...]:
    """Give the three questions of a state; `{since}` stands for the period it began with."""
    if variation is Variation.NONE:
        return {Capability.FAIL: _MISSING, Capability.HIT_OR_MISS: _CHANCE}.get(capability, _STEADY)
    return {
        Variation.CONCERN: _CONCERN,
        Variation.IMPROVING: _IMPROVING,
        Variation.MIXED: _MIXED,
    }.get(variation, _NOT_JUDGED)
