"""Performance measures that people act on: signals, verdicts, owed responses, review packs.

A value travels one way, from a file to a page, and every folder is a station on that road:

    definitions   what we decided to measure      YAML, with file and line in every error
    records       what happened                   workspace folder -> validated series
    signals       what the numbers say            detect, patterns, capability, trust
    review        what we make of it              verdict, owed response, sentences
    charts        drawing only                    XmR charts as SVG and PNG
    packs         files out                       a page a team, and the leaders' index
    training      the course                      exercises that answer in words
    prompt        in hand                         workspaces and charts that show themselves

    import kpi_analysis as kpi

    ws = kpi.open("my-org")                             read and check everything; ws shows it
    ws["RC9", "ed-4h"]                                  a measure: its chart and its reading
    kpi.xmr([3, 5, 4, 6, 5, 4])                         the same of any list, Series or file
    kpi.lint(ws)                                        what the data and design checks ask
    reviews = kpi.review_teams(ws, period)              judge every team at a period
    points = kpi.detect(frame)                          limits and signals of any table
    pack = kpi.team_pack("my-org", "RC9", "2019-03")    the parts of a team's pack

Importing the package loads nothing of this; each name loads its own station when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi_analysis.errors import Finding as Finding
    from kpi_analysis.errors import KpiError as KpiError
    from kpi_analysis.packs.benchlearning import benchmark_page as benchmark_page
    from kpi_analysis.packs.health import health_page as health_page
    from kpi_analysis.packs.month import build_month as build_month
    from kpi_analysis.packs.pages import team_pack as team_pack
    from kpi_analysis.packs.plan import Plan as Plan
    from kpi_analysis.packs.results_map import results_map_page as results_map_page
    from kpi_analysis.periods import Period as Period
    from kpi_analysis.prompt.funnel import funnel as funnel
    from kpi_analysis.prompt.poll import poll as poll
    from kpi_analysis.prompt.solo import one_measure as one_measure
    from kpi_analysis.prompt.solo import split as split
    from kpi_analysis.prompt.solo import xmr as xmr
    from kpi_analysis.prompt.wall import wall as wall
    from kpi_analysis.prompt.workspace import open_workspace
    from kpi_analysis.records.roll_up import roll_up as roll_up
    from kpi_analysis.records.workspace import Workspace as Workspace
    from kpi_analysis.review.bank.triage import triage as triage
    from kpi_analysis.review.health import health as health
    from kpi_analysis.review.lint import lint as lint
    from kpi_analysis.review.organisation import review_teams as review_teams
    from kpi_analysis.signals.capability import capability as capability
    from kpi_analysis.signals.detect import detect as detect
    from kpi_analysis.signals.false_signals import false_signals as false_signals
    from kpi_analysis.signals.kept import work_out_limits as work_out_limits
    from kpi_analysis.signals.patterns import patterns as patterns
    from kpi_analysis.signals.proposals import propose_changes as propose_changes
    from kpi_analysis.signals.rules import RuleSet as RuleSet
    from kpi_analysis.signals.rules import rule_set as rule_set
    from kpi_analysis.signals.run_chart import run_chart as run_chart
    from kpi_analysis.signals.seasons import deseasonalise as deseasonalise
    from kpi_analysis.signals.trust import trust as trust
    from kpi_analysis.training.lesson import lesson as lesson

    open = open_workspace

_HOME = {
    "Finding": "errors:Finding",
    "KpiError": "errors:KpiError",
    "Period": "periods:Period",
    "Plan": "packs.plan:Plan",
    "RuleSet": "signals.rules:RuleSet",
    "Workspace": "records.workspace:Workspace",
    "benchmark_page": "packs.benchlearning:benchmark_page",
    "build_month": "packs.month:build_month",
    "capability": "signals.capability:capability",
    "deseasonalise": "signals.seasons:deseasonalise",
    "detect": "signals.detect:detect",
    "false_signals": "signals.false_signals:false_signals",
    "funnel": "prompt.funnel:funnel",
    "health": "review.health:health",
    "health_page": "packs.health:health_page",
    "lesson": "training.lesson:lesson",
    "lint": "review.lint:lint",
    "one_measure": "prompt.solo:one_measure",
    "open": "prompt.workspace:open_workspace",
    "patterns": "signals.patterns:patterns",
    "poll": "prompt.poll:poll",
    "propose_changes": "signals.proposals:propose_changes",
    "results_map_page": "packs.results_map:results_map_page",
    "review_teams": "review.organisation:review_teams",
    "roll_up": "records.roll_up:roll_up",
    "rule_set": "signals.rules:rule_set",
    "run_chart": "signals.run_chart:run_chart",
    "split": "prompt.solo:split",
    "team_pack": "packs.pages:team_pack",
    "triage": "review.bank.triage:triage",
    "trust": "signals.trust:trust",
    "wall": "prompt.wall:wall",
    "work_out_limits": "signals.kept:work_out_limits",
    "xmr": "prompt.solo:xmr",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        from kpi_analysis.definitions.nearest import did_you_mean, nearest

        known = did_you_mean(nearest(name, __all__)) or f": it has {', '.join(__all__)}"
        raise AttributeError(f"kpi_analysis has no '{name}'{known}")
    module, _, attribute = _HOME[name].partition(":")
    value = getattr(import_module(f"kpi_analysis.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
