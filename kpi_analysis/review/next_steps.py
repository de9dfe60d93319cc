"""The next small step of every measure of a workspace, from what its files hold."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_analysis.definitions.steps import next_step
from kpi_analysis.errors import Level
from kpi_analysis.records.series_table import in_tables, newest_day
from kpi_analysis.records.workspace import Workspace


def next_steps(workspace: Workspace) -> Mapping[str, str]:
    """Give the step of each unfinished measure, in the order of the files; faults come first."""
    steps: dict[str, str] = {}
    for one in workspace.findings:
        is_torn = one.rule == "schema" and one.level is Level.ERROR
        if is_torn and one.measure and one.measure not in workspace.measures:
            steps.setdefault(one.measure, f"mend its definition: {one}")
    newest = newest_day(workspace.series)
    charted = {table.measure for table in in_tables(workspace.series) if table.newest}
    for name, measure in workspace.measures.items():
        if measure.file:  # else it stands for values without a definition
            steps[name] = next_step(measure, has_values=name in charted, on=newest)
    return {name: step for name, step in steps.items() if step}
