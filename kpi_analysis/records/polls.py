"""Polls: the four that were published, which come with the package, and a team's own votes.

A team's votes are counts, never who voted what: polls.csv has a row an option with the columns
`date, team, option, votes, asked`. `option` is an id such as W1 or its words; `asked` is how
many might have voted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, KpiError, SourceError
from kpi_analysis.periods import Period
from kpi_analysis.records.cells import no_column, or_known
from kpi_analysis.records.sources import existing, fault, read_table

FILE = "polls.csv"
POLLS = ("date", "team", "option", "votes", "asked")
_FILE = Path(__file__).with_name("published_polls.yml")
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Option:
    """An answer to choose, and its published share in percent."""

    id: str
    words: str
    share: int


@dataclass(frozen=True)
class Poll:
    """One published question with its options, largest share first."""

    name: str
    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Published:
    """The published polls: `votes_at_most` and `votes_at_least` bracket the votes of each."""

    source: str
    votes_at_most: int
    votes_at_least: int
    caveats: tuple[str, ...]
    polls: tuple[Poll, ...]


@dataclass(frozen=True)
class Ballot:
    """One team's votes in one poll on one day; `votes` in the order of the poll's options."""

    date: str
    team: str
    poll: str
    votes: tuple[int, ...]
    asked: int


@cache
def published_polls() -> Published:
    """Give the published polls with their source and caveats."""
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    polls = tuple(
        Poll(one["name"], one["question"], tuple(Option(**option) for option in one["options"]))
        for one in read["polls"]
    )
    most, least = read["votes_at_most"], read["votes_at_least"]
    return Published(read["source"].strip(), most, least, tuple(read["caveats"]), polls)


def read_ballots(path: str | Path) -> tuple[Ballot, ...]:
    """Read polls.csv; raise SourceError with every fault, each with its line and a cure."""
    table = read_table(Path(path), Path(path).name)
    absent = [no_column(one, table) for one in POLLS if one not in table.rows.columns]
    if absent:
        raise SourceError(absent)
    cells = (table.rows[one] for one in POLLS)
    rows = list(map(_Row, *cells, table.lines))
    faults = [one for row in rows for one in _faults(row, table.file)]
    if faults:
        raise SourceError(faults)
    rows.sort(key=_ballot)
    groups = [tuple(group) for _, group in groupby(rows, key=_ballot)]
    faults = [one for group in groups for one in _incomplete(group, table.file)]
    if faults:
        raise SourceError(faults)
    return tuple(_counted(group) for group in groups)


def ballot_findings(root: Path, teams: Collection[str]) -> Iterator[Finding]:
    """Give the faults of a workspace's polls.csv, a team that it does not have among them."""
    if not (root / FILE).exists():
        return
    try:
        table = read_table(existing(root, FILE), FILE)
        for line, team in zip(table.lines, table.rows.get("team", ()), strict=False):
            if team and team not in teams:
                words = f"team '{team}' is not in this workspace{or_known(team, teams)}"
                yield fault(words, file=FILE, line=line, field="team", better=nearest(team, teams))
        read_ballots(existing(root, FILE))
    except SourceError as error:
        yield from (replace(one, file=FILE) for one in error.findings)


class _Row(NamedTuple):
    """A row of the file as it is written."""

    date: str
    team: str
    option: str
    votes: str
    asked: str
    line: int

    @property
    def place(self) -> tuple[int, int]:
        """Which poll it is, and which of its options."""
        return _places()[self.option.casefold()]


@cache
def _places() -> dict[str, tuple[int, int]]:
    """Give the poll and the place in it of every option, by its id and by its words."""
    return {
        text.casefold(): (p, n)
        for p, poll in enumerate(published_polls().polls)
        for n, option in enumerate(poll.options)
        for text in (option.id, option.words)
    }


def _ballot(row: _Row) -> tuple[str, str, int]:
    return _day(row.date), row.team, row.place[0]


def _day(text: str) -> str:
    return Period.parse(text).start.isoformat()


def _faults(row: _Row, file: str) -> Iterator[Finding]:
    """Say which cells of a row cannot be read."""
    try:
        _day(row.date)
    except KpiError:
        words = f"'{row.date}' is not a date: write it as 2025-03-14"
        yield fault(words, file=file, line=row.line, field="date")
    if row.option.casefold() not in _places():
        near = nearest(row.option.casefold(), _places())
        words = f"'{row.option}' is no option{did_you_mean(near)}: write S1 to T4, or its words"
        yield fault(words, file=file, line=row.line, field="option", better=near)
    for column, text in (("votes", row.votes), ("asked", row.asked)):
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            words = f"{column} '{text}' is no count: write a whole number, 0 where nobody did"
            yield fault(words, file=file, line=row.line, field=column)


def _incomplete(group: Sequence[_Row], file: str) -> Iterator[Finding]:
    """Say what keeps the rows of one poll from being a count of votes."""
    options = published_polls().polls[group[0].place[0]].options
    places = [row.place[1] for row in group]
    twice = [one.id for n, one in enumerate(options) if places.count(n) > 1]
    lacks = [one.id for n, one in enumerate(options) if n not in places]
    asked, votes = {int(row.asked) for row in group}, sum(int(row.votes) for row in group)
    words = ""
    if twice:
        words = f"has {', '.join(twice)} more than once: keep one row an option"
    elif lacks:
        words = f"lacks {', '.join(lacks)}: write 0 where nobody voted for it"
    elif len(asked) > 1:
        words = "has different numbers under asked: write one"
    elif votes > max(asked):
        words = f"has {votes} votes of {max(asked)} asked: mend one of the two"
    if words:
        poll = published_polls().polls[group[0].place[0]].name
        of = f"the {poll} poll of '{group[0].team}' on {_day(group[0].date)}"
        yield fault(f"{of} {words}", file=file, line=group[-1].line)


def _counted(group: Sequence[_Row]) -> Ballot:
    date, team, poll = _ballot(group[0])
    votes = tuple(int(row.votes) for row in sorted(group, key=lambda row: row.place))
    return Ballot(date, team, published_polls().polls[poll].name, votes, int(group[0].asked))
