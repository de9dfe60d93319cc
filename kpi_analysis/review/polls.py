"""Polls read honestly: what the published shares bear, and what a team's votes say beside them.

How many voted in a published poll is not known, so everything is worked out for the most and the
fewest votes it may have had, and told only where both agree. Sentences count people, and say
"cannot tell" wherever chance alone would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kpi_analysis.errors import KpiError
from kpi_analysis.records.polls import Ballot, Option, Poll, published_polls
from kpi_analysis.review.wording import plural
from kpi_analysis.signals import shares
from kpi_analysis.signals.shares import Interval

FEWEST = 5
"""Fewer votes than this are not shown: they would show who voted what."""
NEARLY_ALL = 0.9
"""From this share of those asked the votes are a census of the team, not a sample."""
_SURE = 0.05


class Told(StrEnum):
    """A team's share beside the published one."""

    HIGHER = "higher"
    LOWER = "lower"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class OwnShare:
    """A team's votes for one option; `interval` is None in a census: nobody was left to chance.

    `at_most` and `at_least` are the intervals of the difference to the published share with the
    most and the fewest votes it may rest on; `p` the larger of Fisher's two,
    adjusted (Holm) for how many options were `compared`.
    """

    votes: int
    of: int
    published: float
    interval: Interval | None
    at_most: Interval
    at_least: Interval
    p: float
    compared: int
    told: Told

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.votes / self.of

    @property
    def words(self) -> str:
        """What can be told of it beside the published share, with the difference in points."""
        low = min(self.at_most.low, self.at_least.low)
        high = max(self.at_most.high, self.at_least.high)
        points = [_signed(round(100 * one)) for one in (self.share - self.published, low, high)]
        alone = self.told is Told.CANNOT_TELL and not low <= 0 <= high
        among = f"one of {self.compared} compared, " if alone else ""
        return f"{self.told} ({among}{points[0]} points, {points[1]} to {points[2]})"


@dataclass(frozen=True)
class OptionReading:
    """One option: its published share (0 to 1) with its intervals, and the team's where shown."""

    option: Option
    at_most: Interval
    at_least: Interval
    own: OwnShare | None = None

    @property
    def share(self) -> float:
        """The published share, from 0 to 1."""
        return self.option.share / 100


@dataclass(frozen=True)
class PollReading:
    """One poll: its options as read, and what may be said of their order."""

    poll: Poll
    options: tuple[OptionReading, ...]
    order: tuple[str, ...]
    ballot: Ballot | None = None

    @property
    def voted(self) -> int:
        """How many of the team voted."""
        return sum(self.ballot.votes) if self.ballot else 0

    @property
    def census(self) -> bool:
        """Whether nearly all of those asked voted."""
        return self.ballot is not None and is_census(self.voted, self.ballot.asked)

    @property
    def sentence(self) -> str:
        """What the team's votes are, before any of them is compared."""
        if self.ballot is None:
            return "No votes of a team of your own."
        if self.voted < FEWEST:
            return f"Fewer than {FEWEST} voted: not shown, so that nobody's vote can be guessed."
        voted = f"{self.voted} of {self.ballot.asked} voted"
        if self.census:
            all_of_us = self.voted == self.ballot.asked
            who = f"All {voted}" if all_of_us else f"Nearly all, {voted}"
            return f"{who}: the counts are what we think, without an interval."
        return f"{voted}: what the others think is not known, and they may differ."


def is_census(voted: int, asked: int) -> bool:
    """Tell whether so many voted that the counts are the team's own view."""
    return asked > 0 and voted >= NEARLY_ALL * asked


def read_polls(ballots: Iterable[Ballot] = ()) -> tuple[PollReading, ...]:
    """Read the four published polls, and beside them one team's votes of one day.

    Raises KpiError where a poll has more than one ballot: choose a team and a day first.
    """
    chosen: dict[str, Ballot] = {}
    for one in ballots:
        if one.poll in chosen:
            raise KpiError(f"the {one.poll} poll has several ballots: choose one team and one day")
        chosen[one.poll] = one
    own = _own_shares(chosen)
    return tuple(_read(poll, chosen.get(poll.name), own) for poll in published_polls().polls)


def _read(poll: Poll, ballot: Ballot | None, own: Mapping[str, OwnShare]) -> PollReading:
    options = tuple(
        OptionReading(
            one,
            shares.wilson(one.share / 100, published_polls().votes_at_most),
            shares.wilson(one.share / 100, published_polls().votes_at_least),
            own.get(one.id),
        )
        for one in poll.options
    )
    return PollReading(poll, options, _order(poll), ballot)


def _own_shares(ballots: Mapping[str, Ballot]) -> dict[str, OwnShare]:
    """Give every share that may be shown; the more options are compared, the more Holm asks."""
    shown = [
        (option, votes, ballot)
        for poll in published_polls().polls
        if (ballot := ballots.get(poll.name)) and sum(ballot.votes) >= FEWEST
        for option, votes in zip(poll.options, ballot.votes, strict=True)
    ]
    adjusted = [
        shares.holm(
            [_fisher(option, votes, sum(ballot.votes), n) for option, votes, ballot in shown]
        )
        for n in _sizes()
    ]
    return {
        option.id: _own(option, votes, ballot, max(ps), len(shown))
        for (option, votes, ballot), *ps in zip(shown, *adjusted, strict=True)
    }


def _sizes() -> tuple[int, int]:
    return published_polls().votes_at_most, published_polls().votes_at_least


def _fisher(option: Option, votes: int, voted: int, n: int) -> float:
    return shares.fisher(votes, voted, round(option.share * n / 100), n)


def _own(option: Option, votes: int, ballot: Ballot, p: float, compared: int) -> OwnShare:
    voted = sum(ballot.votes)
    most, least = (shares.newcombe(votes / voted, voted, option.share / 100, n) for n in _sizes())
    interval = None if is_census(voted, ballot.asked) else shares.wilson(votes / voted, voted)
    unsure = most.holds(0) or least.holds(0) or p >= _SURE
    told = Told.CANNOT_TELL if unsure else Told.HIGHER if most.low > 0 else Told.LOWER
    published = option.share / 100
    return OwnShare(votes, voted, published, interval, most, least, p, compared, told)


def _order(poll: Poll) -> tuple[str, ...]:
    """Say of each option and the next whether chance could have put them the other way round."""
    most, least = _sizes()
    even = [
        shares.equal_shares([one.share / 100 for one in poll.options], n) for n in (most, least)
    ]
    sentences = [_apart(a, b, most, least) for a, b in pairwise(poll.options)]
    if min(even) >= _SURE:
        words = f"p {even[0]:.2f} with {most} votes, {even[1]:.2f} with {least}"
        sentences.insert(0, f"Not different from four equal shares ({words}).")
    return tuple(sentences)


def _apart(a: Option, b: Option, most: int, least: int) -> str:
    spans = [shares.within_poll(a.share / 100, b.share / 100, n) for n in (most, least)]
    reach = [round(50 * (high - low)) for low, high in spans]
    told = [low > 0 for low, _ in spans]
    points = plural(a.share - b.share, "point")
    ending = f"{points}, ±{reach[0]} with {most} votes, ±{reach[1]} with {least}"
    verdict = (
        "can be told apart" if all(told)
        else f"can be told apart with {most} votes only" if told[0]
        else "cannot be told apart"
    )  # fmt: skip
    return f"{a.id} and {b.id} {verdict}: {ending}."


def sum_of(options: Sequence[Option]) -> tuple[int, Interval, Interval]:
    """Give the sum of some shares of one poll in percent, and its interval (0 to 1) twice."""
    total = sum(one.share for one in options)
    most, least = _sizes()
    return total, shares.wilson(total / 100, most), shares.wilson(total / 100, least)


def before_voting(size: int) -> str:
    """Say what `size` votes could tell of the largest published share, before anyone votes."""
    largest = max((one for poll in published_polls().polls for one in poll.options), key=_share)
    most = published_polls().votes_at_most
    counts = shares.telling(size, largest.share / 100, most) if size >= FEWEST else ()
    if size < FEWEST:
        return f"Fewer than {FEWEST} votes are not shown: talk instead of voting."
    if not counts:
        return f"With {size} votes no count differs from {largest.share} %: this can start a talk."
    kind = "this can only start a talk" if size < 20 else "smaller differences cannot be told"
    return (
        f"With {size} votes only {_runs(counts)} for {largest.id} would differ from the published "
        f"{largest.share} %, taken by itself: {kind}."
    )


def _share(option: Option) -> int:
    return option.share


def _runs(counts: Sequence[int]) -> str:
    """Write numbers as runs: 0 to 3, 11 or 12."""
    runs: list[tuple[int, int]] = []
    for k in counts:
        start = runs.pop()[0] if runs and runs[-1][1] == k - 1 else k
        runs.append((start, k))
    words: list[str] = []
    for a, b in runs:
        words += [f"{a} to {b}"] if b > a + 1 else map(str, sorted({a, b}))
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"
