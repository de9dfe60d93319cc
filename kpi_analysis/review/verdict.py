"""The decision table: variation x capability -> verdict, as data.

Variation is what the process does now, read from the patterns that include the latest point.
Capability is what the process can do about its target: limits beyond it, short of it, or
astride it. Red means a signal of concern, or a target the process predictably misses; a single
miss of a hit-or-miss target is never red. METHOD.md gives the sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kpi_analysis.review.picture import Tone
from kpi_analysis.signals.capability import Capability


class Variation(StrEnum):
    """What the process is doing at the review period."""

    IMPROVING = "improving"
    CONCERN = "concern"
    NONE = "none"
    MIXED = "mixed"
    NOT_JUDGED = "not_judged"


class Group(StrEnum):
    """The words of the board's first line, in its order; the answer to winning or losing."""

    WINNING = "winning"
    IMPROVING = "improving"
    STEADY = "steady"
    LOSING = "losing"
    UNSETTLED = "unsettled"
    CHANGED = "changed"
    NOT_JUDGED = "not judged"


class Duty(StrEnum):
    """Which response rule of the definition answers the verdict."""

    NONE = "none"
    IMPROVEMENT = "improvement"
    SIGNAL_OF_CONCERN = "signal_of_concern"
    PREDICTABLY_MISSING = "predictably_missing"


@dataclass(frozen=True)
class Verdict:
    """One cell of the table: `id` is the contract, `label` leads the sentence on the page."""

    id: str
    label: str
    group: Group
    duty: Duty
    red: bool
    advice: str


_SHARE = "Find out why, keep it, and tell others."
_RESPOND = "Find what changed, and act on the process."
_LEAVE = "Leave it alone, and look less often."
_PROCESS = "Change the process; no single period needs explaining."
_CHANCE = "Explain no single period; change the process, or question the target."
_UNSETTLED = "Find what keeps changing before judging it."
_NO_TARGET = "The latest value asks for no response."

TABLE = {
    (Variation.IMPROVING, Capability.PASS): Verdict(
        "winning_better", "Winning, and better than before",
        Group.WINNING, Duty.IMPROVEMENT, False, _SHARE),
    (Variation.IMPROVING, Capability.HIT_OR_MISS): Verdict(
        "winning_ground", "Winning ground",
        Group.WINNING, Duty.IMPROVEMENT, False, _SHARE),
    (Variation.IMPROVING, Capability.FAIL): Verdict(
        "improving_not_there", "Improving, not there yet",
        Group.IMPROVING, Duty.IMPROVEMENT, False,
        "Keep going, and keep the improvement work open."),
    (Variation.IMPROVING, Capability.NONE): Verdict(
        "improving", "Improving",
        Group.IMPROVING, Duty.IMPROVEMENT, False, _SHARE),
    (Variation.NONE, Capability.PASS): Verdict(
        "winning_steady", "Winning, steady",
        Group.WINNING, Duty.NONE, False, _LEAVE),
    (Variation.NONE, Capability.HIT_OR_MISS): Verdict(
        "steady_hit_or_miss", "Steady: will hit and miss by chance",
        Group.STEADY, Duty.NONE, False, _CHANCE),
    (Variation.NONE, Capability.FAIL): Verdict(
        "losing_steadily", "Losing, steadily",
        Group.LOSING, Duty.PREDICTABLY_MISSING, True, _PROCESS),
    (Variation.NONE, Capability.NONE): Verdict(
        "steady", "Steady",
        Group.STEADY, Duty.NONE, False, _NO_TARGET),
    (Variation.CONCERN, Capability.PASS): Verdict(
        "meeting_but_worse", "Meeting it but getting worse",
        Group.LOSING, Duty.SIGNAL_OF_CONCERN, True, _RESPOND),
    (Variation.CONCERN, Capability.HIT_OR_MISS): Verdict(
        "losing_ground", "Losing ground",
        Group.LOSING, Duty.SIGNAL_OF_CONCERN, True, _RESPOND),
    (Variation.CONCERN, Capability.FAIL): Verdict(
        "losing_and_worse", "Losing, and getting worse",
        Group.LOSING, Duty.SIGNAL_OF_CONCERN, True, _RESPOND),
    (Variation.CONCERN, Capability.NONE): Verdict(
        "getting_worse", "Getting worse",
        Group.LOSING, Duty.SIGNAL_OF_CONCERN, True, _RESPOND),
    (Variation.MIXED, Capability.FAIL): Verdict(
        "losing_unsettled", "Losing, unsettled",
        Group.LOSING, Duty.PREDICTABLY_MISSING, True, _PROCESS),
    **{
        (Variation.MIXED, capability): Verdict(
            "unsettled", "Unsettled", Group.UNSETTLED, Duty.NONE, False, _UNSETTLED)
        for capability in (Capability.PASS, Capability.HIT_OR_MISS, Capability.NONE)
    },
    **{
        (Variation.NOT_JUDGED, capability): Verdict(
            "not_judged", "Not judged yet",
            Group.NOT_JUDGED, Duty.NONE, False, "Mend what is missing; then it is judged.")
        for capability in Capability
    },
}  # fmt: skip

CHANGED = Verdict("changed", "Changed", Group.CHANGED, Duty.NONE, False, "Find out why it changed.")
"""The verdict of a signal where neither direction is better; without one it is `steady`."""


def variation_of(tones: Iterable[Tone]) -> Variation:
    """Read the variation from the tones of the patterns that include the latest point.

    A change without a better direction counts as mixed: a signal, but neither good nor bad.
    """
    seen = set(tones)
    if not seen:
        return Variation.NONE
    if seen == {Tone.IMPROVEMENT}:
        return Variation.IMPROVING
    return Variation.CONCERN if seen == {Tone.CONCERN} else Variation.MIXED


def verdict_of(variation: Variation, capability: Capability, *, neutral: bool) -> Verdict:
    """Look the verdict up; `neutral` measures are changed or steady, never won or lost."""
    if neutral and variation is Variation.MIXED:
        return CHANGED
    return TABLE[variation, Capability.NONE if neutral else capability]
