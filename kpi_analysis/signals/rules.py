"""Rules and the named sets of them, as data. Their arithmetic is in marks.py.

Sources: Wheeler, Making Sense of Data, for three rules on an XmR chart;
NHS England, Making Data Count, for `mdc`; the R package NHSRplotthedots 0.2.2 for
`plotthedots`; Nelson, Journal of Quality Technology 16 (1984) 237-239; Western Electric,
Statistical Quality Control Handbook (1956), pp. 25-28.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Final, Literal, cast

from kpi_analysis.errors import KpiError

Average = Literal["mean", "median"]
OnCentre = Literal["break", "skip"]


@dataclass(frozen=True)
class Window:
    """A rule on `of` points in a row: at least `least` of them beyond a line on one side.

    `beyond` is the line, as a share of the way from the centre to the limit. `all_one_side`
    asks the same side of the centre of every point; `clear_of_other` allows none beyond the
    same line on the other side. `within_limits`: a point outside the limits does not count.
    `mark_all` marks every point of the window, else only those that count.
    """

    of: int
    least: int
    beyond: float
    all_one_side: bool = False
    clear_of_other: bool = False
    within_limits: bool = False
    mark_all: bool = False

    def __post_init__(self) -> None:
        if not (2 <= self.least <= self.of and 0 < self.beyond <= 1):
            raise KpiError(
                f"a rule of {self.least} of {self.of} points beyond {self.beyond} of the way "
                "cannot be; needed: 2 <= least <= of and 0 < beyond <= 1"
            )


@dataclass(frozen=True)
class RuleSet:
    """A named set of rules and the way its limits are worked out.

    A length is a number of points in a row, None leaves the rule out. `large_range` marks the
    moving-range chart and is no part of `signal`. `screening` drops moving ranges of 3.267 or
    more times their mean, once. `centre` and `ranges` choose mean or median. `on_centre`: a
    value exactly on the centre breaks a run, or is skipped. Below `min_values` baseline values
    there are no limits and no signals.
    """

    name: str
    long_run: int | None = None
    short_run: Window | None = None
    trend: int | None = None
    two_of_three: Window | None = None
    four_of_five: Window | None = None
    alternating: int | None = None
    near_centre: int | None = None
    far_from_centre: int | None = None
    large_range: bool = False
    screening: bool = False
    centre: Average = "mean"
    ranges: Average = "mean"
    on_centre: OnCentre = "break"
    min_values: int = 6

    def __post_init__(self) -> None:
        for name in ("long_run", "trend", "alternating", "near_centre", "far_from_centre"):
            length = getattr(self, name)
            if length is not None and (type(length) is not int or length < 3):
                raise KpiError(
                    f"{name} is {length!r}; a whole number from 3 on, or None, is needed"
                )
        for name in ("short_run", "two_of_three", "four_of_five"):
            if not isinstance(getattr(self, name), Window | None):
                raise KpiError(f"{name} is {getattr(self, name)!r}; a Window or None is needed")
        for name, words in _CHOICES.items():
            if getattr(self, name) not in words:
                raise KpiError(f"{name} is {getattr(self, name)!r}; use {' or '.join(words)}")
        if type(self.min_values) is not int or self.min_values < 2:
            raise KpiError(f"min_values is {self.min_values!r}; a whole number from 2 on is needed")

    @property
    def columns(self) -> tuple[str, ...]:
        """The rules of the set in the order of their columns; `signal` is any of them."""
        return ("outside_limits", *(name for name in _PATTERNS if getattr(self, name) is not None))


_CHOICES: Final = {
    "centre": ("mean", "median"),
    "ranges": ("mean", "median"),
    "on_centre": ("break", "skip"),
}
_PATTERNS: Final = (
    "long_run",
    "short_run",
    "trend",
    "two_of_three",
    "four_of_five",
    "alternating",
    "near_centre",
    "far_from_centre",
)

# Zones are thirds of the way to the limit, because the limits lie three sigma from the centre.
_THREE_OF_FOUR: Final = Window(4, 3, 1 / 2, clear_of_other=True, mark_all=True)
_NHS_TWO_OF_THREE: Final = Window(3, 2, 2 / 3, all_one_side=True)
_TWO_OF_THREE: Final = Window(3, 2, 2 / 3)
_FOUR_OF_FIVE: Final = Window(5, 4, 1 / 3)

RULE_SETS: Final = {
    chosen.name: chosen
    for chosen in (
        RuleSet("wheeler", long_run=8, short_run=_THREE_OF_FOUR, large_range=True),
        RuleSet("mdc", long_run=7, trend=7, two_of_three=_NHS_TWO_OF_THREE),
        RuleSet(
            "plotthedots",
            long_run=7,
            trend=7,
            two_of_three=replace(_NHS_TWO_OF_THREE, within_limits=True),
            screening=True,
        ),
        RuleSet("pump", long_run=8, short_run=_THREE_OF_FOUR, large_range=True),
        RuleSet(
            "nelson",
            long_run=9,
            trend=6,
            two_of_three=_TWO_OF_THREE,
            four_of_five=_FOUR_OF_FIVE,
            alternating=14,
            near_centre=15,
            far_from_centre=8,
        ),
        RuleSet(
            "western_electric",
            long_run=8,
            two_of_three=_TWO_OF_THREE,
            four_of_five=_FOUR_OF_FIVE,
        ),
    )
}


def rule_set(name: str, **changes: int | str | bool | Window | None) -> RuleSet:
    """Give a named rule set, with changes: `rule_set("mdc", long_run=8)`.

    Raises:
        KpiError: no such set or no such rule; the message says which there are.

    """
    known("rule set", name, list(RULE_SETS))
    for change in changes:
        known("rule or option", change, [field.name for field in fields(RuleSet)])
    return replace(RULE_SETS[name], **cast("dict[str, Any]", changes))


def chosen_rules(rules: str | RuleSet) -> RuleSet:
    """Give the rule set that a name stands for; a RuleSet stands for itself."""
    return rules if isinstance(rules, RuleSet) else rule_set(rules)


def known(what: str, name: object, names: list[str]) -> None:
    """Stop where a name is none of those there are, and say which is near."""
    if name not in names:
        near = get_close_matches(str(name), names, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        raise KpiError(f"no {what} is called {name!r}{hint}; there are: {', '.join(names)}")
