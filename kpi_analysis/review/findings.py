"""All findings on a workspace, in the order of its files: the contract of `kpi check`."""

from __future__ import annotations

from dataclasses import asdict

from kpi_analysis.errors import Finding, Level
from kpi_analysis.records.workspace import Workspace

_LEVELS = list(Level)


def findings_of(workspace: Workspace) -> list[Finding]:
    """Give every finding: errors first, then by file and line."""
    return sorted(
        workspace.findings,
        key=lambda one: (_LEVELS.index(one.level), one.file, one.line or 0, one.message),
    )


def as_record(finding: Finding) -> dict[str, object]:
    """Give a finding as the mapping that `kpi check --format json` prints."""
    names = (
        "level", "rule", "file", "line", "column", "field", "measure", "team", "message",
        "better", "silenced",
    )  # fmt: skip
    values = asdict(finding)
    return {name: values[name] for name in names}
