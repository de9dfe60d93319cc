"""The plan of the course: its lessons, and what each asks for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """One lesson: what it asks for, by the name that `check` is told; `timed`: with a stopwatch."""

    id: str
    title: str
    module: str
    exercises: Mapping[str, str]
    timed: bool = False


COURSE = (
    Plan(
        "T00", "Is it a measure?", "t00_kinds",
        {"before": "say how sure you feel today", "cards": "sort twelve cards"},
    ),
    Plan(
        "T01", "One well-worded result", "t01_result",
        {"result": "write one result", "map": "write the four results around it"},
    ),
    Plan(
        "T02", "Evidence", "t02_evidence",
        {"lines": "sort eight lines", "evidence": "write three things to see, hear or count"},
    ),
    Plan(
        "T03", "From evidence to a measure", "t03_design",
        {"beaten": "find the candidate that another beats", "design": "design your measure"},
    ),
    Plan(
        "T04", "Data in a sheet", "t04_data",
        {
            "sheet": "repair a sheet with eight faults",
            "colours": "say how often the work really changed",
            "own": "type in the values of your measure",
        },
    ),
    Plan(
        "T05", "The chart by hand", "t05_by_hand",
        {
            "mean": "work out the mean",
            "ranges": "work out the moving ranges",
            "mean range": "work out the mean moving range",
            "limits": "work out the two limits",
            "next": "read the weeks that follow",
        },
    ),
    Plan(
        "T06", "The chart with the library", "t06_with_library",
        {"shift": "find the year of the shift", "own": "read your own chart"},
    ),
    Plan(
        "T07", "Reading drill", "t07_reading",
        {f"round {n}": "read five charts" for n in (1, 2, 3, 4)}, timed=True,
    ),
    Plan(
        "T08", "New limits or not?", "t08_limits",
        {"cases": "decide eight cases, each with a reason"},
    ),
    Plan(
        "T09", "Show it to one person", "t09_reactions",
        {
            "questions": "sort eight questions",
            "upward": "write one open question for those who decide",
            "reaction": "write down what one person said",
        },
    ),
    Plan(
        "T10", "Response, and polls read honestly", "t10_response",
        {
            "action": "write down one action",
            "effects": "read six charts with an action in them",
            "polls": "say which shares can be told apart",
            "response": "say who does what when your chart speaks",
            "after": "say how sure you feel now",
        },
    ),
)  # fmt: skip


GUIDE = Plan("guide", "Facilitator's guide", "guide", {})


def plan_of(name: str) -> Plan | None:
    """Give the lesson called `name`, such as "T05", "t5" or "5"; None where there is none."""
    if name.strip().casefold() == GUIDE.id:
        return GUIDE
    digits = name.strip().upper().removeprefix("T")
    number = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 4 else -1
    return COURSE[number] if 0 <= number < len(COURSE) else None
