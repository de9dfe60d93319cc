"""The facilitator's guide: worksheets, and the answers as the checkers know them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import Answer
from kpi_analysis.training.folder import Folder
from kpi_analysis.training.frames import table
from kpi_analysis.training.sorting import Card
from kpi_analysis.training.worksheets import SHEETS, worksheet

_HEADS = ("", "Exercise", "Answer", "Why")


def _sorted(cards: Sequence[Card]) -> Html:
    rows = ((n, card.words, card.kind, card.why) for n, card in enumerate(cards, 1))
    return table(_HEADS, rows)


def _drill() -> Html:
    from kpi_analysis.training.t07_reading import CASES, IN_A_ROUND, reading

    def rows() -> Iterator[tuple[object, ...]]:
        for n, case in enumerate(CASES):
            place = f"round {n // IN_A_ROUND + 1}, {n % IN_A_ROUND + 1}"
            yield (
                place,
                f"{case.planted.name}, {case.planted.caption}",
                f"{case.doing}, {case.duty}",
                reading(case),
            )

    return table(_HEADS, rows())


def _cases() -> Html:
    from kpi_analysis.training.t08_limits import CASES

    rows = (
        (n, case.story, " or ".join(" | ".join(one) for one in case.holds), case.why)
        for n, case in enumerate(CASES, 1)
    )
    return table(_HEADS, rows)


def _effects() -> Html:
    from kpi_analysis.training.t10_response import EFFECTS, checks

    both = enumerate(zip(EFFECTS, checks(), strict=True), 1)
    rows = ((n, planted.name, kind, check.words) for n, ((planted, kind), check) in both)
    return table(_HEADS, rows)


def _cards(module: str, name: str) -> Html:
    from importlib import import_module

    return _sorted(getattr(import_module(f"kpi_analysis.training.{module}"), name))


def exercises(_folder: Folder) -> Mapping[str, Callable[[object], Answer]]:
    """Give no checkers: the guide asks nothing."""
    return {}


def shows(_folder: Folder) -> Mapping[str, Callable[[], Html]]:
    """Give the worksheets by their names, and the answers by their lessons."""
    return {
        **{name: partial(worksheet, name) for name in SHEETS},
        "answers T00": partial(_cards, "t00_kinds", "CARDS"),
        "answers T02": partial(_cards, "t02_evidence", "LINES"),
        "answers T07": _drill,
        "answers T08": _cases,
        "answers T09": partial(_cards, "t09_reactions", "QUESTIONS"),
        "answers T10": _effects,
    }
