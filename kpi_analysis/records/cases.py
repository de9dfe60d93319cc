"""Raw records: a table of cases becomes a value a team and period, worked out by the engine.

One SELECT does it, so that only period values travel. It also counts what it cannot use: cells
that are no date, number or yes-or-no, and empty ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlglot import exp

from kpi_analysis.definitions.measures import Measure, Statistic
from kpi_analysis.definitions.nearest import nearest
from kpi_analysis.errors import Finding, Level
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.cells import or_known
from kpi_analysis.records.columns import in_definition
from kpi_analysis.records.queries import Query, read_query
from kpi_analysis.records.shape import NO_TEAM
from kpi_analysis.records.sources import as_text, fault, shown

ADDED_UP = (Statistic.COUNT, Statistic.SUM)
"""The statistics whose value is 0, not unknown, in a period without cases."""

_NEEDED = {
    Statistic.COUNT: (),
    Statistic.SUM: ("value",),
    Statistic.PERCENTAGE: ("numerator",),
    Statistic.RATE: ("denominator",),
    Statistic.RATIO: ("numerator", "denominator"),
    Statistic.MEAN: ("value",),
    Statistic.MEDIAN: ("value",),
    Statistic.PERCENTILE: ("value",),
    Statistic.DAYS_BETWEEN: ("start", "end"),
}
_OPTIONAL = {
    Statistic.COUNT: ("numerator",),
    Statistic.PERCENTAGE: ("denominator",),
    Statistic.RATE: ("numerator",),
}
_FLAGS = {
    (Statistic.COUNT, "numerator"),
    (Statistic.PERCENTAGE, "numerator"),
    (Statistic.PERCENTAGE, "denominator"),
}
_READ = {  # how a cell is read, and what it is called where it cannot be
    "date": ("TRY_CAST({0} AS DATE)", "no date such as 2025-03-14"),
    "number": ("TRY_CAST({0} AS DOUBLE)", "no number"),
    "flag": (
        "CASE WHEN LOWER(CAST({0} AS VARCHAR)) IN ('1', 'true', 'yes') THEN 1"
        " WHEN LOWER(CAST({0} AS VARCHAR)) IN ('0', 'false', 'no') THEN 0 END",
        "neither yes nor no (nor 1 or 0, true or false)",
    ),
}

Finder = Callable[[str, str], tuple[str, int] | None]
"""Gives file and line of a column's first cell with a text, where these are known."""


@dataclass(frozen=True)
class Cases:
    """How the cases of a measure become values: the roles that its columns play."""

    measure: Measure
    frequency: Frequency
    columns: dict[str, str]

    @classmethod
    def of(cls, measure: Measure, frequency: Frequency, there: Collection[str]) -> Cases:
        """Say which columns of a table of cases are read, of those that are there."""
        statistic = measure.calculation.statistic or Statistic.COUNT
        named = measure.data.columns
        period = named.period or measure.calculation.cohort_date or "period"
        team = named.team or ("team" if "team" in there else None)
        columns = {"period": period, **({"team": team} if team else {})}
        columns |= {role: getattr(named, role) or role for role in _NEEDED[statistic]}
        for role in _OPTIONAL.get(statistic, ()):
            if name := getattr(named, role):
                columns[role] = name
        return cls(measure, frequency, columns)

    @property
    def statistic(self) -> Statistic:
        """The statistic; a definition without one counts its cases."""
        return self.measure.calculation.statistic or Statistic.COUNT

    def faults(self, there: Collection[str], teams: Collection[str]) -> Iterator[Finding]:
        """Say what the definition or the table of cases lacks."""
        for role, name in self.columns.items():
            if name not in there:
                message = f"data.records has no column '{name}'{or_known(name, there)}"
                yield replace(
                    in_definition(self.measure, f"data.columns.{role}", message),
                    better=nearest(name, there),
                )
        if "team" not in self.columns and len(teams) > 1:
            message = "data.records has no column 'team': say columns: {team: NAME}"
            yield in_definition(self.measure, "data.records", message)
        if self.statistic is Statistic.PERCENTILE and self.measure.calculation.percentile is None:
            message = "calculation.percentile is empty: say which, such as 90"
            yield in_definition(self.measure, "calculation.percentile", message)
        if self.measure.calculation.statistic is None:
            message = "calculation.statistic is empty: say how cases become a value"
            yield in_definition(self.measure, "calculation.statistic", message)

    def query(self, cases: Query) -> Query:
        """Give the SELECT that works out the values of all teams and periods."""
        day, unit = self._cell("period"), self.frequency.value
        named = {
            "team": self._team,
            "period": f"CAST(DATE_TRUNC('{unit}', {day}) AS DATE)",
            **self._values(),
            "cases": "COUNT(*)",
        }
        for role, name in self._read():
            value, is_none = self._cell(role), f"{_quoted(name)} IS NULL"
            astray = f"{value} IS NULL AND NOT {is_none}"
            named[f"empty_{role}"] = f"SUM(CASE WHEN {is_none} THEN 1 ELSE 0 END)"
            named[f"astray_{role}"] = f"SUM(CASE WHEN {astray} THEN 1 ELSE 0 END)"
            example = f"CASE WHEN {astray} THEN CAST({_quoted(name)} AS VARCHAR) END"
            named[f"example_{role}"] = f"MIN({example})"
        columns = ", ".join(f"{what} AS {name}" for name, what in named.items())
        outer: exp.Query = read_query(f"SELECT {columns} FROM cases GROUP BY 1, 2").tree  # noqa: S608 -- names of columns that are there, quoted; checked again by read_query
        outer.set("from_", exp.From(this=_inner(cases)))
        return replace(cases, tree=outer)

    def shape_query(self, cases: Query, until: date) -> Query:
        """Give the SELECT for the shape of each team's cases up to a day; see `shape.Shape`."""
        inner: exp.Query = read_query(
            f"SELECT {self._team} AS team, {self._averaged} AS v FROM cases"  # noqa: S608 -- as in query
            f" WHERE {self._cell('period')} <= CAST('{until}' AS DATE)"
        ).tree
        inner.set("from_", exp.From(this=_inner(cases)))
        outer = read_query(_SHAPES).tree
        for table in [one for one in outer.find_all(exp.Table) if one.name == "each_case"]:
            alias = exp.TableAlias(this=table.this.copy())
            table.replace(exp.Subquery(this=inner.copy(), alias=alias))
        return replace(cases, tree=outer)

    @property
    def _averaged(self) -> str:
        """The value of one case in SQL, for a statistic that averages values."""
        if self.statistic is Statistic.DAYS_BETWEEN:
            return f"DATE_DIFF('day', {self._cell('start')}, {self._cell('end')})"
        return self._cell("value")

    @property
    def _team(self) -> str:
        column = self.columns.get("team")
        return f"CAST({_quoted(column)} AS VARCHAR)" if column else f"'{NO_TEAM}'"

    def _read(self) -> Iterator[tuple[str, str]]:
        return ((role, name) for role, name in self.columns.items() if role != "team")

    def _cell(self, role: str) -> str:
        return _READ[self._kind(role)][0].format(_quoted(self.columns[role]))

    def _kind(self, role: str) -> str:
        if role in ("period", "start", "end"):
            return "date"
        return "flag" if (self.statistic, role) in _FLAGS else "number"

    def _values(self) -> dict[str, str]:
        """Give value, numerator and denominator in SQL, as far as the statistic has them."""
        cell = {role: self._cell(role) for role in self.columns if role != "team"}
        value, above, below = (cell.get(role, "") for role in ("value", "numerator", "denominator"))
        match self.statistic:
            case Statistic.COUNT:
                return {"value": f"SUM({above})" if above else "COUNT(*)"}
            case Statistic.SUM:
                return {"value": f"SUM({value})"}
            case Statistic.PERCENTAGE if below:
                both = f"CASE WHEN {below} = 1 THEN {above} END"
                return {"numerator": f"SUM({both})", "denominator": f"COUNT({both})"}
            case Statistic.PERCENTAGE:
                return {"numerator": f"SUM({above})", "denominator": f"COUNT({above})"}
            case Statistic.RATE | Statistic.RATIO:
                numerator = f"SUM({above})" if above else "COUNT(*)"
                return {"numerator": numerator, "denominator": f"SUM({below})"}
            case Statistic.MEDIAN:
                return {"value": f"MEDIAN({value})", "denominator": f"COUNT({value})"}
            case Statistic.PERCENTILE:
                part = (self.measure.calculation.percentile or 0) / 100
                of = f"PERCENTILE_CONT({part:.10g}) WITHIN GROUP (ORDER BY {value})"
                return {"value": of, "denominator": f"COUNT({value})"}
        value = self._averaged
        counts = {"numerator": f"SUM({value})", "denominator": f"COUNT({value})"}
        return {"value": f"AVG({value})", **counts}

    def unusable(self, answer: pd.DataFrame, find: Finder) -> Iterator[Finding]:
        """Say which cells of the cases could not be used: errors where they are wrong."""
        total = int(answer["cases"].sum())
        for role, name in self._read():
            astray = int(answer[f"astray_{role}"].sum())
            if astray:
                example = next(text for text in answer[f"example_{role}"] if text != "")
                some = f"{astray:,} of {total:,} cases"
                yield self._astray(name, _READ[self._kind(role)][1], some, as_text(example), find)
            empty = int(answer[f"empty_{role}"].sum())
            if empty:
                message = (
                    f"column '{name}' of data.records is empty in {empty:,} of {total:,} cases, "
                    "which are not counted: leave them out by a query, if that is meant"
                )
                found = in_definition(self.measure, "data.records", message)
                yield replace(found, level=Level.WARNING)

    def _astray(self, name: str, what: str, some: str, example: str, find: Finder) -> Finding:
        """Say what a cell holds that cannot be used, at its own place where that is known."""
        place = find(name, example)
        if place is None:
            message = (
                f"column '{name}' of data.records holds {what} in {some}, such as"
                f" '{shown(example)}': correct them, or leave them out by a query in data.records"
            )
            return in_definition(self.measure, "data.records", message)
        message = (
            f"column '{name}' holds '{shown(example)}', which is {what} (in {some}): correct it,"
            " or leave such cases out by a query in data.records"
        )
        return fault(message, file=place[0], line=place[1], field=name, measure=self.measure.id)

    def values(self, answer: pd.DataFrame) -> pd.DataFrame:
        """Give team, period, value and counts; periods without cases of a count or sum are 0."""
        names = ["team", "period", *(name for name in self._values())]
        rows = answer.loc[answer["period"] != "", names]
        if "team" not in self.columns:
            rows = rows.drop(columns="team")
        if self.statistic not in ADDED_UP or rows.empty:
            return rows
        periods = [Period.parse(text, self.frequency) for text in rows["period"]]
        span = [one.start.isoformat() for one in Period.span(min(periods), max(periods))]
        keys = [name for name in ("team", "period") if name in rows]
        teams = sorted(rows["team"].unique()) if "team" in rows else [NO_TEAM]
        whole = pd.DataFrame([(team, day) for team in teams for day in span], columns=_KEYS)
        filled = whole[keys].merge(rows, how="left", on=keys)
        filled.loc[filled["value"].isna(), "value"] = 0.0
        return filled


_KEYS = ["team", "period"]
_SHAPES = """
    SELECT lie.team, lie.cases, lie.average, lie.middle, tie.different, tie.tied
    FROM (SELECT team, COUNT(v) AS cases, AVG(v) AS average, MEDIAN(v) AS middle
          FROM each_case GROUP BY team) AS lie
    JOIN (SELECT team, COUNT(*) AS different, MAX(alike) AS tied
          FROM (SELECT team, v, COUNT(*) AS alike FROM each_case
                WHERE NOT v IS NULL GROUP BY team, v) AS counted
          GROUP BY team) AS tie
    ON lie.team = tie.team
"""


def cases_of(measure: Measure) -> Query:
    """Read what data.records names: a table, or a SELECT that gives the cases."""
    return read_query(select_of(measure))


def select_of(measure: Measure) -> str:
    """Give what data.records names as a SELECT, whether it is one or a table; unchecked."""
    text = measure.data.records or ""
    if text.split(maxsplit=1)[0].upper() in ("SELECT", "WITH", "FROM") and " " in text:
        return text
    name = _quoted(text) if "/" in text else text
    return f"SELECT * FROM {name}"  # noqa: S608 -- checked by read_query


def nothing(cases: Query) -> Query:
    """Give the same cases without any row: its columns are asked for."""
    inner = exp.Subquery(this=cases.tree, alias=exp.TableAlias(this="cases"))
    return replace(cases, tree=exp.select("*").from_(inner).limit(0))


def _inner(cases: Query) -> exp.Expr:
    """Give what stands after FROM: a table itself, so that only the columns in use are read."""
    plain = exp.select("*").from_(table := cases.tree.find(exp.Table) or exp.Table())
    if cases.tree == plain:
        return exp.alias_(table.copy(), "cases", table=True)
    return exp.Subquery(this=cases.tree, alias=exp.TableAlias(this="cases"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
