"""Polls in hand: the published shares, a team's own votes beside them, and a ballot sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from kpi_analysis.charts import poll as charts
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import KpiError
from kpi_analysis.prompt.drawing import PHONE_STYLE, Drawing, figure, on_paper
from kpi_analysis.prompt.page import Page
from kpi_analysis.records.polls import Ballot, published_polls, read_ballots
from kpi_analysis.review.polls import PollReading, before_voting, read_polls, sum_of

_STYLE = PHONE_STYLE + Markup("<style>.kpi-hand .kpi-chart{margin-top:26px}</style>")
_SHEET = Markup(
    "<style>.kpi-ballot li{list-style:none;margin:0 0 9px;padding-left:28px;text-indent:-28px}"
    ".kpi-ballot li::before{content:'\\2610';display:inline-block;width:28px;text-indent:0}"
    ".kpi-ballot section{break-inside:avoid;margin:0 0 22px}.kpi-ballot ul{padding:0}</style>"
)
_KEY = (
    "Dot: published share. Box: its interval if {most} voted; line: if {least} voted."
    " Square: our own share. An interval covers chance only."
)


@dataclass(frozen=True)
class Polls:
    """The four polls as read; a notebook shows the charts, a terminal the sentences."""

    readings: tuple[PollReading, ...]

    def __getitem__(self, name: str) -> Drawing:
        """Give one poll as a drawing: polls["weakness"]; raise KpiError for no such poll."""
        names = [one.poll.name for one in self.readings]
        if name not in names:
            near = did_you_mean(nearest(name, names))
            raise KpiError(f"no poll '{name}'{near}: there are {', '.join(names)}")
        one = self.readings[names.index(name)]
        sentences = (one.sentence, *one.order) if one.ballot else one.order
        drawn = (charts.wide(one),)
        return Drawing(one.poll.question, drawn, sentences, (charts.phone(one),))

    @property
    def table(self) -> pd.DataFrame:
        """A row an option: shares and intervals in percent, our votes, what can be told.

        Columns: poll, option, words, published, low_300, high_300, low_75, high_75, votes, of,
        told. `votes` and `of` are empty where fewer than five voted.
        """
        most, least = published_polls().votes_at_most, published_polls().votes_at_least
        names = ["poll", "option", "words", "published", f"low_{most}", f"high_{most}",
                 f"low_{least}", f"high_{least}", "votes", "of", "told"]  # fmt: skip
        rows = [
            (reading.poll.name, one.option.id, one.option.words, one.option.share,
             *(round(100 * edge, 1) for edge in (*one.at_most, *one.at_least)),
             *((one.own.votes, one.own.of, one.own.words) if one.own else (None, None, "")))
            for reading in self.readings
            for one in reading.options
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=names).astype({"votes": "Int64", "of": "Int64"})

    @property
    def sums(self) -> tuple[str, ...]:
        """The two largest shares of each poll together, with their intervals."""
        most, least = published_polls().votes_at_most, published_polls().votes_at_least
        out = []
        for one in self.readings:
            total, *spans = sum_of(one.poll.options[:2])
            at = [f"{100 * low:.0f} to {100 * high:.0f}" for low, high in spans]
            words = f"{one.poll.name}: the two largest are {total} % together"
            out.append(f"{words}, {at[0]} with {most} votes, {at[1]} with {least}.")
        return tuple(out)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the published shares cannot bear, and where they are from."""
        return (*published_polls().caveats, f"Source: {published_polls().source}.")

    def before_voting(self, size: int) -> str:
        """Say what so many votes could tell, before anyone votes."""
        return before_voting(size)

    @property
    def ballot(self) -> Page:
        """A sheet to print, one a person: four questions, one cross each, no name."""
        questions = Markup().join(
            Markup("<section><h2>{}</h2><ul>{}</ul></section>").format(
                one.poll.question,
                Markup().join(Markup("<li>{}</li>").format(o.option.words) for o in one.options),
            )
            for one in self.readings
        )
        body = Markup(
            '{}<main class="kpi kpi-ballot"><h1>What do we think of our KPIs?</h1>'
            "<p>One cross a question, no name. The counts are shown to all of us; fewer than five"
            " votes are not shown.</p>{}</main>"
        ).format(_SHEET, questions)
        return Page("Ballot: what do we think of our KPIs?", (body,))

    def _repr_html_(self) -> str:
        parts = [_STYLE, _paragraph(self._key)]
        for name in (one.poll.name for one in self.readings):
            drawing = self[name]
            parts += [figure(one) for one in (*drawing.scenes, *drawing.phones)]
            parts += [_paragraph(one) for one in drawing.sentences]
        return on_paper([*parts, Markup("<hr>"), *map(_paragraph, self.caveats)])

    @property
    def _key(self) -> str:
        sizes = published_polls()
        return _KEY.format(most=sizes.votes_at_most, least=sizes.votes_at_least)

    def __repr__(self) -> str:
        return "\n".join([*(repr(self[one.poll.name]) for one in self.readings), *self.caveats])


def poll(
    votes: str | Path | None = None, *, team: str | None = None, on: str | None = None
) -> Polls:
    """Give the four published polls, and beside them a team's own votes where there are any.

    `votes` is a polls.csv (columns date, team, option, votes, asked) or the folder that holds
    one; `team` and `on` (2025-03-14) choose where there are several, else the latest day is
    taken. Raises SourceError with every fault of the file, KpiError for an unknown team or day.

    >>> import kpi_analysis as kpi
    >>> kpi.poll().sums[0]
    'strength: the two largest are 69 % together, 64 to 74 with 300 votes, 58 to 78 with 75.'
    """
    if votes is None:
        return Polls(read_polls())
    path = Path(votes) / "polls.csv" if Path(votes).is_dir() else Path(votes)
    return Polls(read_polls(_chosen(read_ballots(path), team, on)))


def _chosen(ballots: tuple[Ballot, ...], team: str | None, on: str | None) -> list[Ballot]:
    teams = sorted({one.team for one in ballots})
    if team is None and len(teams) > 1:
        raise KpiError(f"votes of several teams: choose one with team=, of {', '.join(teams)}")
    if team is not None and team not in teams:
        near = did_you_mean(nearest(team, teams))
        raise KpiError(f"no votes of team '{team}'{near}: there are {', '.join(teams)}")
    own = [one for one in ballots if team is None or one.team == team]
    days = sorted({one.date for one in own})
    if on is not None and on not in days:
        raise KpiError(f"no votes on '{on}': there are {', '.join(days)}")
    day = on or max(days, default="")
    return [one for one in own if one.date == day]


def _paragraph(words: str) -> Markup:
    return Markup('<p style="margin:6px 0 0">{}</p>').format(words)
