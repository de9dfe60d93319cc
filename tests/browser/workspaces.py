"""The workspaces whose pages the browser opens: ten hospitals, and an office in two wordings.

The office is written twice from one plan: once in plain words, once with every text that a person
may type replaced by something that would harm a page that does not escape.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

PERIODS = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(39)]  # 2022-01 to 2025-03
Say = Callable[[str], str]

MARKUP = (
    "<img src=x onerror=alert('img')>",
    "<script>alert('script')</script>",
    "</style><b>out of the style</b>",
    "</title><h1>out of the title</h1>",
    "</svg><svg onload=alert('svg')>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(2)' autofocus x='",
    "<a href=javascript:alert(3)>click</a>",
    "<!-- --> ]]> &lt;i&gt; & &amp;",
    "$x$ and $\\frac{1}{0}$ \\(y\\)",
    "{{7*7}} ${7*7} {% raw %} {# gone #}",
    '=HYPERLINK("file:///x","open me")',
    "🙂 שלום مرحبا back to front",  # the override itself is refused: test_yaml_file.py
    "w" * 300,
    "Ünïcödé %s %(x)s null",
)
"""What people paste, and what those who mean harm type."""


def plain(text: str) -> str:
    """Say a text as it is."""
    return text


def hostile() -> Say:
    """Give what says each text with one of MARKUP in front of it, in turn."""
    turn = cycle(MARKUP)
    return lambda text: f"{next(turn)} {text}"


def disarmed(text: str) -> str:
    """Take everything of MARKUP out of a text again, and make its spaces single."""
    text = " ".join(text.split())
    for markup in MARKUP:
        text = text.replace(f"{markup} ", "")
    return " ".join(text.split())


@dataclass(frozen=True)
class Plan:
    """A measure of the office: where its values lie, and from when on they moved."""

    id: str
    name: str
    result: str
    unit: str
    better: str
    target: float | None
    level: float
    spread: float
    moved: float = 0.0
    since: int = 30
    first: int = 0

    def values(self, noise: random.Random) -> list[tuple[str, float]]:
        """Give one value a month, with a move of `moved` from month `since` on."""
        return [
            (period, round(self._level(n) + noise.uniform(-1, 1) * self.spread, 1))
            for n, period in enumerate(PERIODS)
            if n >= self.first
        ]

    def _level(self, n: int) -> float:
        return self.level + (self.moved if n >= self.since else 0)


OFFICE = (
    Plan("answer-time", "Median minutes until a call is answered, by month",
         "Callers reach a person who can help them", "min", "lower", 6, 4.5, 1.2, 3.5),
    Plan("repairs-late", "Percentage of repairs finished after the agreed day, by month",
         "Homes are repaired on the day we agreed with the tenant", "%", "lower", 5, 18, 3),
    Plan("ring-back", "Percentage of callers who ring again about the same matter within 7 days",
         "Callers' questions are settled the first time", "%", "lower", 10, 22, 2, -6),
    Plan("arrears", "Number of tenants more than 8 weeks in arrears, by month",
         "Tenants can keep up with their rent", "tenants", "lower", 130, 112, 6, -14),
    Plan("undamaged", "Percentage of parcels that arrive undamaged, by month",
         "Parcels arrive as they were sent", "%", "higher", 96, 98, 0.8),
    Plan("turnaround", "Average days a home stands empty between two tenants, by month",
         "Homes do not stand empty", "days", "lower", 30, 36, 5, -7, since=24),
    Plan("complaints", "Complaints upheld per 1,000 visits, by month",
         "Visits go well for those we visit", "complaints", "lower", None, 4, 1, first=34),
)  # fmt: skip


def hospitals(folder: Path, values: Path) -> None:
    """Write the workspace of the ten hospitals around their values; one of them merged."""
    (folder / "values").mkdir(parents=True)
    shutil.copyfile(values, folder / "values" / "ae.csv")
    _write(folder / "kpi.yml", {"name": "Emergency departments, ten trusts", "frequency": "month"})
    _write(folder / "measures" / "ed-4h.yml", _FOUR_HOURS)
    who = {"team": "RRK", "measure": "ed-4h"}
    merger = "two hospitals merged under one code"
    _log(folder / "limit_changes.csv", [{**who, "from": "2018-07", "reason": merger, "known": "yes",
         "expected_to_last": "yes", "by": "ED shift lead", "on": "2018-09-03"}])  # fmt: skip
    _log(folder / "events.csv", [{**who, "date": "2018-07-01", "what": merger}])
    _log(folder / "actions.csv", [{**who, "id": "1", "opened": "2019-02-11", "owner": "ED manager",
         "problem": "patients wait for a bed", "countermeasure": "discharge round before noon",
         "started": "2019-02-18", "check_on": "2019-06-01", "stage": "D"}])  # fmt: skip


def office(folder: Path, say: Say) -> None:
    """Write the office: one team with seven measures, one with a faulty and a quiet one."""
    noise = random.Random(1897)
    (folder / "values").mkdir(parents=True)
    front, stores = say("front"), say("stores")
    teams = {
        front: {"name": say("Front office and repairs"), "division": say("Housing"),
                "leader": say("Head of housing")},
        stores: {"name": say("Stores"), "division": say("Property")},
    }  # fmt: skip
    _write(folder / "kpi.yml", {"name": say("A housing office"), "teams": teams})
    for plan in OFFICE:
        _write(folder / "measures" / f"{plan.id}.yml", _definition(plan, say))
    rows = [
        {"team": team, "measure": plan.id, "period": period, "value": value}
        for team, plans in ((front, OFFICE), (stores, OFFICE[-3:]))
        for plan in plans
        for period, value in plan.values(noise)
    ]
    rows[-1]["value"] = "<i>four</i>"
    _log(folder / "values" / "all.csv", rows)
    _office_logs(folder, front, say)


def _office_logs(folder: Path, front: str, say: Say) -> None:
    late = {"team": front, "measure": "repairs-late"}
    _log(folder / "actions.csv", [
        {**late, "id": "1", "opened": "2025-01-10", "problem": say("vans leave without parts"),
         "countermeasure": say("parts are picked the evening before"), "owner": say("stores lead"),
         "started": "2025-02-03", "check_on": "2025-06-01", "stage": "D"},
        {**late, "id": "2", "opened": "2025-02-20", "problem": say("doors locked at first visit"),
         "owner": say("planner"), "check_on": "2025-05-01", "stage": "P"},
    ])  # fmt: skip
    _log(folder / "events.csv", [
        {"date": "2024-07-08", "team": front, "measure": "answer-time",
         "what": say("new telephone system"), "known_cause": say("yes"), "by": say("shift lead")},
        {"date": "2024-11-04", "team": front, "measure": "", "what": say("office moved")},
    ])  # fmt: skip
    _log(folder / "limit_changes.csv", [
        {"team": front, "measure": "turnaround", "from": "2024-01", "known": "yes",
         "reason": say("keys are handed to the trades on the day of leaving"),
         "expected_to_last": "yes", "by": say("team lead"), "on": "2024-06-03"},
    ])  # fmt: skip


def _definition(plan: Plan, say: Say) -> dict[str, object]:
    target = {"value": plan.target, "applies_to": "each value", "source": say("our promise")}
    rule = {"who": say("team lead"), "within_days": 10, "first_step": say("walk the work")}
    return {
        "id": plan.id, "version": 1, "valid_from": "2022-01-01", "status": "active",
        "name": say(plan.name), "result": say(plan.result), "unit": say(plan.unit),
        "better": plan.better, "frequency": "month", "audience": "leaders", "decimals": 1,
        "evidence": [say("what one can see and count")],
        "calculation": {"statistic": "count", "formula": say("counted by hand"),
                        "exclude": [say("cancelled by the tenant")]},
        "data": {"collected_by": say("the office's own list"),
                 "known_limits": [say("paper forms come late")]},
        "could_cause": [say("short calls, callers ring back")], "owner": say("team lead"),
        "designed_with": [say("two callers")], "review_on": "2026-01-01",
        "response": {"signal_of_concern": rule, "predictably_missing": rule, "improvement": rule},
    } | ({} if plan.target is None else {"target": target})  # fmt: skip


_FOUR_HOURS = {
    "id": "ed-4h", "version": 2, "valid_from": "2016-04-01", "status": "active",
    "name": "Percentage of A&E attendances over 4 hours, by month",
    "result": "Patients are seen, treated and on their way within four hours of arriving",
    "calculation": {"statistic": "percentage", "numerator": "attendances longer than 4 h",
                    "denominator": "all attendances", "include": ["type 1 departments"]},
    "unit": "%", "decimals": 1, "valid_range": [0, 100], "better": "lower", "frequency": "month",
    "audience": "leaders", "evidence": ["patients still in the department after four hours"],
    "data": {"file": "values/ae.csv", "collected_by": "ED system export",
             "columns": {"team": "org_code", "period": "period",
                         "numerator": "breaches", "denominator": "attendances"}},
    "target": {"value": 5, "applies_to": "each value", "source": "national standard",
               "from": "2016-04-01"},
    "could_cause": ["patients moved to a corridor or ward just before 4 h", "coding changed"],
    "owner": "ED shift lead", "designed_with": ["two nurses", "registrar", "porter"],
    "response": {
        "signal_of_concern": {"who": "ED shift lead", "within_days": 10,
                              "first_step": "walk the flow on the day of the week it showed"},
        "predictably_missing": {"who": "ED manager", "within_days": 30,
                                "first_step": "open an A3"}},
    "review_on": "2020-04-01",
}  # fmt: skip


def _write(path: Path, content: Mapping[str, object]) -> None:
    """Write YAML by way of its subset JSON, so that a text cannot break out of its field."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _log(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
