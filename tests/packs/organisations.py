"""Workspaces to build packs from: three depots, one of any size, and real hospitals."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

MONTHS = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(39)]  # 2022-01 to 2025-03
DEPOTS = {"alpha": 10, "beta": 50, "gamma": 30}

_LATE = """\
id: late
status: trial
name: Percentage of late parcels, by month
result: Parcels arrive on the promised day
unit: '%'
better: lower
frequency: month
calculation: {statistic: mean}
evidence: [late parcels]
data: {collected_by: depot system}
audience: leaders
"""


def depots(root: Path, levels: dict[str, int] = DEPOTS) -> Path:
    """Write a workspace of one measure; the teams' levels tell their pages apart.

    The last value of `beta` is a signal of concern.
    """
    (root / "measures").mkdir(parents=True)
    (root / "values").mkdir()
    (root / "kpi.yml").write_text("name: Three depots\nbaseline: 24\n")
    (root / "measures" / "late.yml").write_text(_LATE)
    for team, level in levels.items():
        lines = ["team,measure,period,value"]
        for n, period in enumerate(MONTHS[12:]):
            value = level + [0, 2, -1, 3][n % 4] + (20 if team == "beta" and n == 26 else 0)
            lines.append(f"{team},late,{period},{value}")
        (root / "values" / f"{team}.csv").write_text("\n".join(lines) + "\n")
    return root


def organisation(root: Path, teams: int, measures: int = 8) -> Path:
    """Write a workspace of so many teams (t0000 ...) and measures (m0 ...), 39 months each.

    Level and spread of every series are its own, and every fifth has moved since month 30.
    """
    noise = random.Random(1924)
    (root / "measures").mkdir(parents=True)
    (root / "values").mkdir()
    names = {f"t{n:04}": {"name": f"Depot {n}", "division": f"Area {n % 7}"} for n in range(teams)}
    _json(root / "kpi.yml", {"name": f"{teams} depots", "baseline": 24, "teams": names})
    for m in range(measures):
        definition = _LATE.replace("id: late", f"id: m{m}").replace(
            "parcels", f"parcels of kind {m}"
        )
        (root / "measures" / f"m{m}.yml").write_text(f"{definition}target: {{value: {20 + m}}}\n")
        lines = ["team,measure,period,value"]
        for n, team in enumerate(names):
            level, spread = noise.uniform(5, 60), noise.uniform(0.5, 3)
            moved = noise.choice([-8, 8]) if (n + m) % 5 == 0 else 0
            for at, period in enumerate(MONTHS):
                value = noise.gauss(level + (moved if at > 30 else 0), spread)
                lines.append(f"{team},m{m},{period},{value:.1f}")
        (root / "values" / f"m{m}.csv").write_text("\n".join(lines) + "\n")
    return root


def hospitals(root: Path, values: Path) -> Path:
    """Write a workspace around the A&E values of the hospitals that have all 36 months."""
    (root / "measures").mkdir(parents=True)
    (root / "values").mkdir()
    with values.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    months = Counter(row["org_code"] for row in rows)
    teams = sorted(team for team, count in months.items() if count == max(months.values()))
    _json(root / "kpi.yml", {"name": "Emergency departments", "baseline": 24,
                             "teams": {team: {} for team in teams}})  # fmt: skip
    _json(root / "measures" / "ed-4h.yml", _FOUR_HOURS)
    with (root / "values" / "ae.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["org_code"] in teams)
    return root


def _json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML


_FOUR_HOURS = {
    "id": "ed-4h", "status": "trial",
    "name": "Percentage of A&E attendances over 4 hours, by month",
    "result": "Patients are seen, treated and on their way within four hours of arriving",
    "calculation": {"statistic": "percentage", "numerator": "attendances longer than 4 h",
                    "denominator": "all attendances"},
    "unit": "%", "decimals": 1, "valid_range": [0, 100], "better": "lower", "frequency": "month",
    "audience": "leaders", "evidence": ["patients in the department after four hours"],
    "data": {"file": "values/ae.csv", "collected_by": "ED system export",
             "columns": {"team": "org_code", "period": "period",
                         "numerator": "breaches", "denominator": "attendances"}},
    "target": {"value": 5, "applies_to": "each value", "source": "national standard",
               "from": "2016-04-01"},
}  # fmt: skip
