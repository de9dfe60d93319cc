"""Small tables in hand: every word of them is shown, which pandas' own tables cut short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from kpi_analysis.prompt.drawing import on_paper
from kpi_analysis.review.compare import Comparison

_CELL = Markup('<{0} style="text-align:{1};vertical-align:top;padding:3px 14px 3px 0{3}">{2}</{0}>')
_SHORT = 24  # letters up to which a cell keeps to one line


def html_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Markup:
    """Give a table for a notebook: columns of numbers stand to the right."""
    sides = [
        "right" if rows and all(_is_number(row[n]) for row in rows) else "left"
        for n in range(len(heads))
    ]
    body = Markup().join(Markup("<tr>{}</tr>").format(_cells("td", sides, row)) for row in rows)
    return Markup(
        '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(_cells("th", sides, heads), body)


def _cells(tag: str, sides: Sequence[str], row: Sequence[object]) -> Markup:
    """Give a row's cells; short words are not broken, so that names stay names."""
    return Markup().join(
        _CELL.format(tag, side, one, ";white-space:nowrap" if len(str(one)) <= _SHORT else "")
        for side, one in zip(sides, row, strict=True)
    )


def _is_number(cell: object) -> bool:
    text = str(cell).replace(",", "").replace("−", "").replace(".", "", 1)
    return text.isdecimal() or text in ("–", "nan")


@dataclass(frozen=True)
class Table:
    """A frame with a title and sentences beneath; `frame` is the frame itself."""

    title: str
    frame: pd.DataFrame
    sentences: tuple[str, ...] = ()

    @property
    def html(self) -> Markup:
        """The table as part of a page."""
        heads = [str(name) for name in self.frame.columns]
        rows = self.frame.astype("object").to_numpy().tolist()
        said = (Markup("<p>{}</p>").format(one) for one in self.sentences)
        table = html_table(heads, rows) if rows else Markup()
        return Markup("<p><b>{}</b></p>{}{}").format(self.title, table, Markup().join(said))

    def _repr_html_(self) -> str:
        return on_paper([self.html])

    def __repr__(self) -> str:
        lines = [self.title, *([] if self.frame.empty else [self.frame.to_string(index=False)])]
        return "\n".join([*lines, *self.sentences])


@dataclass(frozen=True)
class RuleSets:
    """One series under several rule sets; `summary` and `differences` are frames."""

    comparison: Comparison

    @property
    def summary(self) -> pd.DataFrame:
        """A row a rule set: verdict, points marked, limits, false signals in 12 periods (%)."""
        return self.comparison.summary

    @property
    def differences(self) -> pd.DataFrame:
        """The periods that not all sets mark; in a cell the rules that mark it."""
        return self.comparison.differences

    @property
    def _tables(self) -> tuple[Table, ...]:
        heads = {"marked": "points marked", "false_in_12": "false signals in 12 periods, %"}
        first = Table("Rule sets side by side", self.summary.rename(columns=heads),
                      self.comparison.words)  # fmt: skip
        differ = self.differences.reset_index()
        return (first,) if differ.empty else (first, Table("Where they differ", differ))

    def _repr_html_(self) -> str:
        return on_paper(table.html for table in self._tables)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self._tables))
