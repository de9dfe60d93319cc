"""The words inside the plot: of signals, of provisional limits, and of averages gone by."""

from __future__ import annotations

from collections.abc import Iterator

from kpi_analysis.charts.frame import INKS, WIDE, Frame, confirmed, is_above
from kpi_analysis.charts.scene import Anchor, Box, Text, plain
from kpi_analysis.charts.theme import Ink, Role, text_width
from kpi_analysis.charts.words import Ground, Place, choose
from kpi_analysis.review.picture import Episode, Segment

_WORDS_MOST = 20.0  # words of signals may cross four lines to be said at all
_EXTRAS_MOST = 4.0


def inside_words(f: Frame, on: Ground) -> list[Text]:
    """Give the words inside the plot, the newest signal first to choose its place."""
    within = Box(f.across.left, f.values.top - 2, f.across.right + 4, f.values.bottom + 8)
    if not f.value_ticks:
        middle = (f.values.top + f.values.bottom) / 2
        return [Text(Role.MARK, Ink.SOFT, f.across.left, middle, "no values yet")]
    found: list[Text] = []
    asked = [
        (list(_signal_places(f, e, within)), _WORDS_MOST) for e in reversed(f.picture.episodes)
    ]
    segments = tuple(confirmed(f.picture))
    asked += [(list(_unsure_places(f, s)), _WORDS_MOST) for s in segments if s.provisional]
    if f.size is WIDE:
        asked += [(list(_centre_places(f, s)), _EXTRAS_MOST) for s in segments[:-1]]
    for places, most in asked:
        text = choose(places, on, within, [other.box for other in found], most)
        found += [text] if text else []
    return sorted(found, key=lambda text: text.box.left)


def _signal_places(f: Frame, episode: Episode, within: Box) -> Iterator[Place]:
    """Offer places above and below the extreme and the middle point of an episode."""
    spots = [
        (f.across.at(i), f.values.at(p.value))
        for i, p in enumerate(f.picture.points)
        if episode.first <= i <= episode.last and p.value is not None
    ]
    if not spots:
        return
    up = is_above(f.picture, episode)
    extreme = min(spots, key=lambda spot: spot[1] if up else -spot[1])
    words, ink = plain(episode.words), INKS[episode.tone]
    half = text_width(words, Role.NUMBER) / 2
    for (x, y), dearer in ((extreme, 0.0), (spots[len(spots) // 2], 0.8)):
        for above, lift in ((up, 10.0), (up, 24.0), (not up, 10.0)):
            for aside in (0.0, -20.0, 20.0, -45.0, 45.0, -75.0, 75.0):
                at = min(max(x + aside, within.left + half), within.right - half)
                baseline = y - lift if above else y + lift + 9
                cost = dearer + abs(aside) / 30 + (lift - 10) / 20 + 2.0 * (above is not up)
                text = Text(Role.NUMBER, ink, at, baseline, words, Anchor.MIDDLE, halo=True)
                yield Place(text, cost)


def _unsure_places(f: Frame, s: Segment) -> Iterator[Place]:
    """Offer places under, over and inside the band of provisional limits."""
    left, right = f.across.edges(s.first, s.last)
    lower = [(s.lower, rise) for rise in (13.0, 26.0, 40.0, -5.0)]
    for value, rise in (*lower, (s.upper, -5.0), (s.upper, -18.0), (s.upper, 13.0)):
        if value is not None:
            y = f.values.at(value) + rise
            yield from _along(f, plain(s.provisional), left, right, y, abs(rise) / 20)


def _centre_places(f: Frame, s: Segment) -> Iterator[Place]:
    if s.centre is not None:
        left, right = f.across.edges(s.first, s.last)
        for rise in (13.0, -5.0):
            words = f"average {f.numbers.write(s.centre)}"
            yield from _along(f, words, left, right, f.values.at(s.centre) + rise, 0.0)


def _along(
    f: Frame, words: str, left: float, right: float, y: float, cost: float
) -> Iterator[Place]:
    """Offer places at the height `y`, from within a stretch out to the plot's edges."""
    width = text_width(words, Role.MARK)
    low, high = f.across.left, f.across.right - width
    for share in (0.5, 0.25, 0.75, 0.0, 1.0):
        x = min(max(left + 6 + share * (right - left - width - 12), low), high)
        text = Text(Role.MARK, Ink.SOFT, x, y, words, halo=True)
        yield Place(text, cost + abs(share - 0.5))
