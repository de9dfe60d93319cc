"""The SQL of a definition: one SELECT, looked through node by node before any engine sees it.

A list of what may be there, not of what may not: a construct or a function that this module does
not know is refused, so that what an engine learns tomorrow opens nothing. What runs is written
anew from the tree that was checked; the text itself never reaches an engine. Tables are only
those that the caller knows, parameters are bound by the engine.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlglot import exp, parse
from sqlglot.errors import ParseError, SqlglotError

from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import SourceError
from kpi_analysis.records.engines import ROW_LIMIT
from kpi_analysis.records.sources import fault, shown

MOST_CHARACTERS = 20_000

_PARTS = """
    Select Subquery Union Except Intersect With CTE TableAlias Table Alias Aliases Identifier Column
    Star From Join Where Group Having Order Ordered Limit Offset Distinct Qualify Filter
    Window WindowSpec WithinGroup IgnoreNulls RespectNulls Values Tuple Literal Null Boolean
    Paren Placeholder Interval Var DataType DataTypeParam Cube Rollup GroupingSets
    And Or Not Xor EQ NEQ GT GTE LT LTE Is In Between Like ILike NullSafeEQ NullSafeNEQ Exists Any
    All Add Sub Mul Div IntDiv Mod Neg DPipe Escape AtTimeZone Case If Cast TryCast
    Coalesce Nullif Greatest Least Count CountIf Sum Avg Min Max Median Mode PercentileCont
    PercentileDisc Stddev StddevSamp StddevPop Variance VariancePop AnyValue LogicalAnd LogicalOr
    ArgMax ArgMin ApproxDistinct Corr RowNumber Rank DenseRank Lag Lead FirstValue LastValue Ntile
    PercentRank CumeDist First Last Abs Round Floor Ceil Trunc Sqrt Pow Exp Ln Log Sign IsNan
    Lower Upper Trim Length Substring Left Right Concat ConcatWs SplitPart StartsWith EndsWith
    Contains StrPosition RegexpLike RegexpFullMatch RegexpExtract TimestampTrunc DateTrunc Extract
    Year Month Day Quarter Week WeekOfYear DayOfWeek DayOfWeekIso DayOfYear Hour Minute Second
    DateDiff DateAdd DateSub TsOrDsAdd TsOrDsDiff TimeToStr StrToTime StrToDate DateFromParts
    LastDay Dayname Monthname TimeToUnix
""".split()  # noqa: SIM905 -- a page of words, not of quotation marks
_KNOWN = frozenset(_PARTS)
_FUNCTIONS = sorted(
    name.lower()
    for kind in _PARTS
    if issubclass(getattr(exp, kind), exp.Func)
    for name in getattr(exp, kind).sql_names()
)
_TABLE = {"this", "db", "catalog", "alias", "joins"}
_SYSTEM = {"information_schema", "pg_catalog", "system", "sys", "mysql", "sqlite_master"}
_OWN = "own "  # before the name of a table that the query itself makes
_UNPRINTABLE = re.compile("[\0-\x08\x0e-\x1f\x7f]")
_PLAIN = """
    TINYINT SMALLINT INT BIGINT INT128 DECIMAL FLOAT DOUBLE BOOLEAN CHAR VARCHAR TEXT DATE TIME
    TIMESTAMP TIMESTAMPTZ TIMESTAMPNTZ INTERVAL
""".split()  # noqa: SIM905 -- as above
_TYPES = {exp.DType[name] for name in _PLAIN}
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The parser warns on the side of what it cannot read; here that is an error, told as one.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())
logging.getLogger("sqlglot").propagate = False


@dataclass(frozen=True)
class Query:
    """A checked SELECT: its tables as written, and the names of its parameters."""

    tree: exp.Query
    tables: tuple[str, ...]
    parameters: tuple[str, ...]

    @property
    def columns(self) -> frozenset[str] | None:
        """The names of columns that it may read, in small letters; None where it reads all."""
        stars = (
            one for one in self.tree.find_all(exp.Star) if not isinstance(one.parent, exp.Count)
        )
        natural = any(one.method == "NATURAL" for one in self.tree.find_all(exp.Join))
        if natural or any(stars):
            return None
        names = {one.name.casefold() for one in self.tree.find_all(exp.Identifier)}
        tables = {one.alias_or_name.casefold() for one in self.tree.find_all(exp.Table)}
        read = {one.name.casefold() for one in self.tree.find_all(exp.Column)}
        return None if read & tables else frozenset(names)  # a table's name is the whole row

    @property
    def gives_rows(self) -> bool:
        """Tell whether it asks for more than the names of columns."""
        limit = self.tree.args.get("limit")
        return limit is None or limit.expression.name != "0"

    def sql_of_files(self, names: Mapping[str, str]) -> str:
        """Write the query for DuckDB, each file under the name of its view."""
        return self.sql("duckdb", tables_as(lambda name: exp.to_table(names[name])))

    def sql(self, dialect: str, *swaps: Swap) -> str:
        """Write the query for an engine, with `ROW_LIMIT` + 1 rows at most.

        Each of `swaps` gives what stands for a node in that engine.
        """
        tree: exp.Expr = self.tree
        for swap in swaps:
            tree = tree.transform(swap)
        inner = exp.Subquery(this=tree, alias=exp.TableAlias(this="result"))
        return (
            exp.select("*")
            .from_(inner)
            .limit(ROW_LIMIT + 1)
            .sql(dialect, copy=True, comments=False)
        )


Swap = Callable[[exp.Expr], exp.Expr]


def tables_as(named: Callable[[str], exp.Expr]) -> Swap:
    """Swap the tables for what stands for them by their names."""

    def swap(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Table) and not _is_own(node):
            return _with_alias(named(table_name(node)), node)
        return node

    return swap


def parameters_as(named: Callable[[str], exp.Expr]) -> Swap:
    """Swap the parameters for how an engine writes them."""
    return lambda node: named(node.name) if isinstance(node, exp.Placeholder) else node


def read_query(text: str) -> Query:
    """Check one SELECT in DuckDB's dialect; raise SourceError where it is anything else."""
    if len(text) > MOST_CHARACTERS:
        raise _refused(f"is longer than {MOST_CHARACTERS:,} characters: aggregate in a view")
    if _UNPRINTABLE.search(text):
        raise _refused("holds an unprintable character: type it anew")
    try:
        statements = [one for one in parse(text, read="duckdb") if one is not None]
    except (SqlglotError, RecursionError, ValueError) as error:
        raise _refused(_not_sql(error)) from None
    if len(statements) != 1:
        what = f"holds {len(statements)} statements" if statements else "is empty"
        raise _refused(f"{what}: write one SELECT")
    tree = statements[0]
    if not isinstance(tree, exp.Query) or type(tree).__name__ not in _KNOWN:
        raise _refused(f"begins with {_word(tree)}: a query may only read, write one SELECT")
    for node in tree.walk():
        _check(node)
    tables = _rename_own(tree)
    names = dict.fromkeys(node.name for node in tree.find_all(exp.Placeholder))
    return Query(tree, tables, tuple(names))


def _refused(message: str, better: str | None = None) -> SourceError:
    return SourceError(fault(f"{message}{did_you_mean(better)}", better=better))


def _not_sql(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply: write it in steps, WITH ..."
    place = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    near = place.get("highlight")
    where = f" near '{shown(str(near))}' (line {place.get('line')} of it)" if near else ""
    return f"is not SQL that can be read{where}: write one SELECT in DuckDB's dialect"


def _word(node: exp.Expr) -> str:
    """Give the SQL word of a construct."""
    if isinstance(node, exp.Anonymous | exp.Command):
        return node.name.upper()
    return node.sql_name() if isinstance(node, exp.Func) else node.key.upper()


def _check(node: exp.Expr) -> None:
    kind = type(node).__name__
    if kind not in _KNOWN:
        if isinstance(node, exp.Func):
            word = node.name.lower() if isinstance(node, exp.Anonymous) else _word(node).lower()
            message = f"uses the function {shown(word)}, which is not among those of a query"
            raise _refused(message, nearest(word, _FUNCTIONS))
        raise _refused(f"holds {_word(node)}: a query may only read, with plain SQL")
    if isinstance(node, exp.Table):
        _check_table(node)
    elif isinstance(node, exp.DataType) and (node.this not in _TYPES or node.args.get("nested")):
        raise _refused(f"casts to {shown(node.sql('duckdb'))}: use a plain type, such as DATE")
    elif isinstance(node, exp.Placeholder) and not _PARAMETER.fullmatch(node.name):
        raise _refused("has a parameter without a name: write $name, and name: value in params")
    elif isinstance(node, exp.Var) and not _PARAMETER.fullmatch(node.name):
        raise _refused(f"holds '{shown(node.name)}': write plain SQL")
    elif isinstance(node, exp.Group | exp.Ordered) and _by_all(node):
        raise _refused("says BY ALL, which other engines do not know: name the columns")


def _by_all(node: exp.Expr) -> bool:
    is_word = isinstance(node.this, exp.Var) and node.this.name.upper() == "ALL"
    return bool(node.args.get("all")) or is_word


def _check_table(node: exp.Table) -> None:
    others = {name for name, value in node.args.items() if value} - _TABLE
    if others or not isinstance(node.this, exp.Identifier):
        what = shown(node.sql("duckdb", comments=False))
        raise _refused(f"reads {what}: after FROM comes a table, or a file of the workspace")
    schema = (node.catalog, node.db, node.name)
    if any(name.lower() in _SYSTEM or name.lower().startswith("pg_") for name in schema):
        raise _refused(f"reads {shown(table_name(node))}, which belongs to the engine")


def table_name(node: exp.Table) -> str:
    """Give a table's name as it is written, parted by dots."""
    return ".".join(part for part in (node.catalog, node.db, node.name) if part)


def _rename_own(tree: exp.Query) -> tuple[str, ...]:
    """Give the query's own tables (WITH) names that no table of an engine has.

    A name that is used where its WITH does not reach is then unknown, whatever the engine holds
    under it. Returns the names of all other tables.
    """
    others: dict[str, None] = {}
    own = {cte.alias.casefold() for cte in tree.find_all(exp.CTE)}
    for cte in tree.find_all(exp.CTE):
        cte.args["alias"].set("this", _own(cte.alias))
    for node in list(tree.find_all(exp.Table)):
        if node.db or node.name.casefold() not in own:
            others[table_name(node)] = None
            continue
        if not node.alias:
            node.set("alias", exp.TableAlias(this=node.this.copy()))
        node.set("this", _own(node.name))
    return tuple(others)


def _own(name: str) -> exp.Identifier:
    return exp.to_identifier(f"{_OWN}{name.casefold()}", quoted=True)


def _is_own(node: exp.Table) -> bool:
    return node.name.startswith(_OWN)


def _with_alias(source: exp.Expr, node: exp.Table) -> exp.Expr:
    """Put what stands for a table into its place, under the name that its columns are called by."""
    new = node.copy()
    if not node.alias and not node.db:
        new.set("alias", exp.TableAlias(this=node.this.copy()))
    for part in ("this", "db", "catalog"):
        new.set(part, source.args.get(part))
    return new


def whole_table(file: str) -> Query:
    """Give the query of all rows of a file."""
    table = exp.Table(this=exp.to_identifier(file, quoted=True))
    return Query(exp.select("*").from_(table), (file,), ())
