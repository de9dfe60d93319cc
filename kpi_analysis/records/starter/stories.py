"""The demo's series: how each process runs, and what is planted in it. The truth is here."""

from __future__ import annotations

from dataclasses import dataclass

from kpi_analysis.periods import Frequency

PERIODS = 36
"""Every series has so many periods; the last is the one below, or earlier where it is late."""
LAST = {Frequency.MONTH: "2025-03", Frequency.WEEK: "2025-W13", Frequency.DAY: "2025-03-31"}


@dataclass(frozen=True)
class Plant:
    """Something planted, from a period to a period (both included), in plain words.

    The process moves by `level`, its spread is multiplied by `spread`, its cases by `cases`.
    """

    kind: str
    start: str
    end: str
    note: str
    level: float = 0.0
    spread: float = 1.0
    cases: float = 1.0


@dataclass(frozen=True)
class Story:
    """One series: `centre` and `spread` of the process in the measure's unit.

    `cases` is the usual denominator of a percentage, rate or ratio, None for values without
    one; `per` is what numerator / denominator is multiplied by. `rounds` is the number of
    decimals that are written; `season` the height of a yearly wave that peaks in May. `absent`
    are periods without a row, `empty` periods with an empty row; `revised` maps a period to the
    numerator that was published before.
    """

    team: str
    measure: str
    frequency: Frequency
    centre: float
    spread: float
    cases: float | None = None
    per: float = 100.0
    rounds: int = 1
    season: float = 0.0
    plants: tuple[Plant, ...] = ()
    last: str = ""
    absent: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    revised: tuple[tuple[str, int], ...] = ()


_DAY, _WEEK, _MONTH = Frequency.DAY, Frequency.WEEK, Frequency.MONTH

STORIES = (
    Story("elm-ward", "ward-home-by-noon", _MONTH, 31, 3.2, 150, plants=(
        Plant("guard trade-off", "2024-07", "2025-03", "The headline: more patients home by noon,"
              " while ward-readmitted gets worse.", level=9),)),
    Story("elm-ward", "ward-readmitted", _MONTH, 7, 1.2, 150, plants=(
        Plant("guard trade-off", "2024-08", "2025-03", "The guard: more patients come back, while"
              " ward-home-by-noon improves.", level=4),)),
    Story("elm-ward", "ward-falls", _MONTH, 5.2, 1.6, 800, per=1000),
    Story("elm-ward", "ward-hand-hygiene", _WEEK, 95.2, 1.5, 120),
    Story("elm-ward", "ward-call-bell", _DAY, 3.5, 0.45, plants=(
        Plant("one-off", "2025-03-19", "2025-03-19", "One day far outside the limits: the call"
              " bell system failed.", level=5.5),)),
    Story("elm-ward", "ward-sleep", _WEEK, 62, 6, 26, plants=(
        Plant("unused", "2024-W37", "2025-W13", "Six meetings of the board without an action, event"
              " or reaction on it: a candidate to retire."),)),
    Story("elm-ward", "sickness", _MONTH, 4.9, 0.8, 700),
    Story("repairs", "repairs-first-visit", _MONTH, 84.5, 1.2, 620, plants=(
        Plant("shift", "2024-05", "2025-03", "More repairs finished at the first visit since the"
              " vans carry more parts.", level=4.2),)),
    Story("repairs", "repairs-reported-again", _MONTH, 6.2, 0.8, 620),
    Story("repairs", "repairs-emergency", _MONTH, 98.3, 0.5, 420, plants=(
        Plant("shift", "2024-06", "2025-03", "Fewer emergencies made safe in time; the target is"
              " still met.", level=-1.3),)),
    Story("repairs", "repairs-days", _MONTH, 21, 1.5),
    Story("repairs", "repairs-cost", _MONTH, 118, 4, rounds=0, plants=(
        Plant("changed spread", "2024-06", "2025-03", "The cost swings five times as wide about"
              " the same average.", spread=5),)),
    Story("repairs", "repairs-complaints", _MONTH, 10.5, 2.2, 620, per=1000, revised=(
        ("2024-10", 12), ("2024-11", 12), ("2024-12", 13)), plants=(
        Plant("restatement", "2024-10", "2024-12", "Three values are lower than published in the"
              " run 2025-02; one has a note in events.csv, two have none."),)),
    Story("repairs", "repairs-nobody-home", _WEEK, 11, 1.6, 150),
    Story("bins", "bins-missed", _WEEK, 61, 4.5, 42000, per=10000, plants=(
        Plant("shift", "2025-W02", "2025-W13", "Fewer missed bins since the rounds were drawn"
              " anew; still above the target.", level=-15),)),
    Story("bins", "bins-turned-away", _MONTH, 4.6, 0.7, 310, plants=(
        Plant("merger", "2024-01", "2025-03", "Two depots report as one: twice the loads, another"
              " level; limit_changes.csv has the reason.", level=3.6, cases=2.1),)),
    Story("bins", "bins-recycled", _MONTH, 44, 0.8, 2100, season=3.2, plants=(
        Plant("season", "2022-04", "2025-03", "Garden waste makes a yearly wave with its peak in"
              " May."),)),
    Story("bins", "bins-late-finish", _DAY, 18, 7, rounds=0),
    Story("bins", "bins-injury", _MONTH, 9.5, 2.5, 1900, per=1000, last="2024-11", plants=(
        Plant("late", "2024-12", "2025-03", "No value since November 2024: the series ends four"
              " months early."),)),
    Story("bins", "sickness", _MONTH, 5.6, 0.8, 900),
    Story("packing", "packing-on-time", _MONTH, 88.5, 2, 900, plants=(
        Plant("shift", "2024-12", "2025-03", "Orders go out late since December 2024.",
              level=-9),)),
    Story("packing", "packing-damaged", _MONTH, 3.0, 0.3, 2600, rounds=2, plants=(
        Plant("shift", "2024-08", "2025-03", "More parcels come back damaged since the carton"
              " supplier changed.", level=0.9),)),
    Story("packing", "packing-scrap", _WEEK, 3.5, 0.22, 21000, rounds=2, plants=(
        Plant("shift", "2025-W03", "2025-W13", "Fewer cartons scrapped since the guide rails were"
              " set by gauge.", level=-0.7),)),
    Story("packing", "packing-changeover", _DAY, 31, 3),
    Story("packing", "packing-energy", _MONTH, 42, 2, 62, per=1, absent=("2024-09",),
          empty=("2024-12", "2025-01"), plants=(
        Plant("missing", "2024-09", "2025-01", "Three of the last twelve months have no value: one"
              " row is missing, two are empty."),)),
    Story("packing", "sickness", _MONTH, 4.4, 0.8, 640),
)  # fmt: skip
