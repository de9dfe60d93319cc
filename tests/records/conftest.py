"""What the tests of records share: a small sound workspace, and where the shared data lie."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"

KPI = "name: Two teams\nfrequency: month\nteams: {A: {}, B: {}}\n"
MEASURE = """id: late
status: trial
name: Percentage of parcels late, by month
result: Parcels arrive on the day that was promised
unit: "%"
better: lower
frequency: month
evidence: [parcels delivered a day late or more]
calculation: {statistic: percentage, numerator: late, denominator: parcels}
valid_range: [0, 100]
data: {}
"""
MONTHS = [f"{2023 + n // 12}-{n % 12 + 1:02}" for n in range(24)]


def long_form(teams=("A", "B"), measure="late", months=MONTHS) -> str:
    """Rows whose numerators wander by a fixed rule; line 2 is team A's January 2023."""
    rows = ["team,measure,period,numerator,denominator"]
    for team in teams:
        rows += [f"{team},{measure},{m},{10 + (7 * n) % 9},100" for n, m in enumerate(months)]
    return "\n".join(rows) + "\n"


@pytest.fixture
def write(tmp_path):
    """Give a function that writes a workspace: a sound one, but for the files it is given."""

    def make(**files: str | bytes | None) -> Path:
        there = {"kpi.yml": KPI, "measures/late.yml": MEASURE, "values/v.csv": long_form()}
        for name, content in (there | files).items():
            if content is not None:
                path = tmp_path / "ws" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "ws"

    return make


@pytest.fixture(scope="session")
def ten_hospitals(tmp_path_factory) -> Path:
    """Give the workspace of ten hospitals: one table and one definition."""
    source = SHARED / "data" / "ae" / "ae_ten_trusts.csv"
    if not source.exists():
        pytest.skip("TEN HOSPITALS NOT CHECKED: no data/ae in the folder beside the checkout")
    root = tmp_path_factory.mktemp("ten")
    own = (
        "\n  file: values/ae.csv\n  columns: {team: org_code, period: period,"
        " numerator: breaches, denominator: attendances}\n"
    )
    (root / "values").mkdir()
    (root / "measures").mkdir()
    (root / "values" / "ae.csv").write_bytes(source.read_bytes())
    (root / "kpi.yml").write_text("name: Ten trusts\nfrequency: month\n")
    measure = MEASURE.replace("id: late", "id: ed-4h").replace("data: {}\n", f"data:{own}")
    measure += "target: {value: 5, applies_to: each value, source: standard, from: 2016-04}\n"
    (root / "measures" / "ed-4h.yml").write_text(measure)
    return root
