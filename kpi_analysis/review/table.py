"""Reviews as plain records: what `kpi signals` prints, point by point."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from kpi_analysis.errors import DefinitionError
from kpi_analysis.records.sources import fault
from kpi_analysis.records.values import or_known
from kpi_analysis.records.workspace import Workspace
from kpi_analysis.review import wording
from kpi_analysis.review.measure_review import MeasureReview
from kpi_analysis.review.spreadsheet import guarded
from kpi_analysis.review.team_review import TeamReview
from kpi_analysis.signals.rules import chosen_rules

NUMBERS = ("value", "centre", "lower_limit", "upper_limit", "moving_range")
VERDICT = ("variation", "capability", "verdict", "red", "response")
COLUMNS = ("team", "measure", "period", *NUMBERS, "segment", "rules", *VERDICT)


def chosen(
    workspace: Workspace, reviews: Mapping[str, TeamReview], measures: Collection[str] | None
) -> list[MeasureReview]:
    """Give the reviews of all teams, of these measures only where some are named.

    Raises DefinitionError for a measure that has no definition.
    """
    for name in measures or ():
        if name not in workspace.measures:
            known = or_known(name, workspace.measures)
            raise DefinitionError(fault(f"measure '{name}' has no definition{known}"))
    return [
        one
        for review in reviews.values()
        for one in review.measures
        if not measures or one.measure.id in measures
    ]


def records(reviews: Sequence[MeasureReview]) -> Iterator[dict[str, object]]:
    """Give a mapping a point; the last point of a series also has its verdict.

    Numbers are unrounded and uncapped, None where there are none; `rules` is a list of names.
    """
    for review in reviews:
        names = _rule_columns(review)
        rows = review.points.to_dict("records")
        for row in rows:
            record: dict[str, object] = {
                "team": review.team,
                "measure": review.measure.id,
                "period": row["period"],
                **{name: _number(row[name]) for name in NUMBERS},
                "segment": int(row["segment"]),
                "rules": [name for name in names if row[name]],
            }
            yield {**record, **_verdict(review)} if row is rows[-1] else record


def _rule_columns(review: MeasureReview) -> list[str]:
    known = {*chosen_rules("nelson").columns, *chosen_rules("wheeler").columns, "large_range"}
    return [str(name) for name in review.points.columns if name in known]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _verdict(review: MeasureReview) -> dict[str, object]:
    return {
        "variation": review.variation.value,
        "capability": review.capability.value,
        "verdict": review.verdict.id,
        "red": review.verdict.red,
        "response": review.answer.response.value,
    }


def csv_text(reviews: Sequence[MeasureReview]) -> str:
    """Give the records as CSV; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for record in records(reviews):
        rules = " ".join(record["rules"])  # type: ignore[arg-type] # a list of names, see records
        writer.writerow(
            {
                **{k: guarded(v) if isinstance(v, str) else v for k, v in record.items()},
                "rules": rules,
            }
        )
    return out.getvalue()


def lines(reviews: Sequence[MeasureReview]) -> Iterator[str]:
    """Give a line a series, for reading: latest value, limits, verdict, response."""
    rows = [_line(review) for review in reviews]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _line(review: MeasureReview) -> tuple[str, ...]:
    unit, places = review.measure.unit, review.decimals
    number = None if review.value is None else wording.number(review.value, places)
    low, high = review.limits
    limits = (
        "no limits"
        if math.isnan(low)
        else f"limits {wording.number(low, places)} to {wording.number(high, places)}"
    )
    said = f"{review.verdict.label}: {wording.detail(review)}"
    answer = wording.response_words(review)
    return (
        review.team,
        review.measure.id,
        str(review.period),
        "no value" if number is None else wording.with_unit(number, unit),
        limits,
        f"{said}. {answer}" if answer else said,
    )
