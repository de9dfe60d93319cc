"""How the records tell a fault: one finding, a long text cut short, a count in words."""

from __future__ import annotations

from kpi_analysis.errors import Finding, Level


def fault(
    message: str,
    *,
    file: str = "",
    line: int | None = None,
    field: str | None = None,
    measure: str | None = None,
    team: str | None = None,
    better: str | None = None,
    rule: str = "data",
    level: Level = Level.ERROR,
) -> Finding:
    """Give a finding of the records: an error of rule "data" unless said otherwise."""
    return Finding(level, rule, message, file, line, None, field, measure, team, better)


def shown(text: str) -> str:
    """Give a text that may be long as a message quotes it."""
    return text if len(text) <= 80 else f"{text[:79]}…"


def times(count: int) -> str:
    """Give "twice", or "3 times"."""
    return "twice" if count == 2 else f"{count} times"
