"""The design check at the prompt: of a workspace, or of a wording alone."""

from __future__ import annotations

from pathlib import Path

from kpi_analysis.definitions.lint.check import WORD_RULES, lint_wording
from kpi_analysis.definitions.lint.rule import About
from kpi_analysis.definitions.nearest import did_you_mean, nearest
from kpi_analysis.errors import Finding, KpiError
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.findings import findings_of

_RULES = {rule.id: rule for rule in WORD_RULES}


class Findings(tuple[Finding, ...]):
    """Findings that show themselves, a line each."""

    def __repr__(self) -> str:
        return "\n".join(map(line_of, self)) or "no rule finds fault with it"


def line_of(finding: Finding) -> str:
    """Give a finding as one line: level, place, what was found, rule, a better wording."""
    better = f" Better: {finding.better}" if finding.better else ""
    aside = f" (silenced: {finding.silenced})" if finding.silenced else ""
    return f"{finding.level}: {finding} [{finding.rule}]{better}{aside}"


def lint(subject: Workspace | str | Path, *, about: str | None = None) -> Findings:
    """Check a workspace (open, or its folder): faults of its files, and what the design asks.

    With `about`, "result" or "name", `subject` is a wording, and only the word rules are asked.
    Raises KpiError for a workspace that cannot be opened, or another `about`.

    >>> import kpi_analysis as kpi
    >>> kpi.lint("Number of training sessions held", about="name")
    warning: 'Number of training sessions held' counts 'sessions', an effort: by itself it can grow while the result gets worse [M04] Better: So that what? Count what comes of it.
    >>> kpi.lint("Parcels arrive undamaged", about="result")
    no rule finds fault with it
    """  # noqa: E501 a finding is one line
    if about is None:
        opened = subject if isinstance(subject, Workspace) else open_workspace(subject)
        return Findings(findings_of(opened))
    if about not in set(About):
        raise KpiError(
            f"about is '{about}': use result or name{did_you_mean(nearest(about, About))}"
        )
    return Findings(
        Finding(
            *(_RULES[rule].level, rule, f"'{subject}' {hit.found}: {_RULES[rule].why}"),
            field=about,
            better=hit.better,
        )
        for rule, hit in lint_wording(About(about), str(subject))
    )
