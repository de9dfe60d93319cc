"""Exercises that sort cards into kinds: each card has its own reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.packs.html import Html
from kpi_analysis.training.answer import Answer, Remark, State, remarked, right, unanswered
from kpi_analysis.training.given import by_number


@dataclass(frozen=True)
class Card:
    """One card: what stands on it, its kind, and why."""

    words: str
    kind: str
    why: str


def check_cards(
    exercise: str, cards: Sequence[Card], kinds: Sequence[str], given: object
) -> Answer:
    """Compare the kinds that were given with the cards' own; hints end in the card's number."""
    said = {n: kind for n, kind in by_number(given).items() if 1 <= n <= len(cards)}
    if not said:
        return unanswered(exercise, f"write {_listed(kinds)} behind each number.")
    slips = (_slip(exercise, n, cards, kinds, kind) for n, kind in sorted(said.items()))
    remarks = [one for one in slips if one]
    good, open_cards = len(said) - len(remarks), len(cards) - len(said)
    if not remarks and not open_cards:
        return right(exercise, f"all {len(cards)}.")
    if open_cards:
        rest = ", ".join(str(n) for n in range(1, len(cards) + 1) if n not in said)
        remarks.append(Remark(f"{exercise}.open", f"Still without an answer: {rest}."))
    count = Remark(f"{exercise}.count", f"{good} of {len(cards)} right.")
    state = State.HALF if 2 * good >= len(said) else State.WRONG
    return remarked(state, (count, *remarks))


def _slip(
    exercise: str, n: int, cards: Sequence[Card], kinds: Sequence[str], said: str
) -> Remark | None:
    card = cards[n - 1]
    if said == card.kind:
        return None
    if said not in kinds:
        words = f"{n}: '{said}' is none of {_listed(kinds)}{did_you_mean(nearest(said, kinds))}"
        return Remark(f"{exercise}.unknown", words)
    return Remark(f"{exercise}.{n}", f"{n}: “{card.words}” is not “{said}”. {card.why}")


def _listed(kinds: Sequence[str]) -> str:
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"


def show_cards(cards: Sequence[Card]) -> Html:
    """Show the cards with their numbers, without their kinds."""
    rows = "".join(f"<li>{escape(card.words)}</li>" for card in cards)
    listed = "\n".join(f"{n} {card.words}" for n, card in enumerate(cards, 1))
    return Html(f"<ol>{rows}</ol>", listed)
