"""How long from 3 million records to reviewed period values, and to open 130 teams' workspace.

Each beside plain pandas that does the same by hand in the same run: read the CSV, group, count.
Run it by `make bench`; it prints seconds and ratios and asserts only that the numbers are equal.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from kpi_analysis.periods import Period
from kpi_analysis.records.workspace import Workspace, open_workspace
from kpi_analysis.review.organisation import review_teams

RECORDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
TEAMS = 130
MONTHS = [f"{2022 + n // 12}-{n % 12 + 1:02}" for n in range(36)]
MEASURE = """id: {id}
status: trial
name: Percentage of cases late, by month
result: Cases are done on the day that was promised
unit: "%"
better: lower
frequency: month
evidence: [cases done late]
calculation: {{statistic: {statistic}, numerator: late cases, denominator: cases}}
data: {data}
"""
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Give what the work gives, and its seconds: the better of two runs."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        out = work()
        seconds.append(time.perf_counter() - start)
    return out, min(seconds)


def cases() -> pd.DataFrame:
    """Give the records: team, day, late (0 or 1) and minutes."""
    chance = np.random.default_rng(3)
    days = pd.date_range("2022-01-01", "2024-12-31").strftime("%Y-%m-%d").to_numpy()
    return pd.DataFrame({
        "team": np.array([f"T{n:03}" for n in range(TEAMS)])[chance.integers(0, TEAMS, RECORDS)],
        "day": days[chance.integers(0, len(days), RECORDS)],
        "late": chance.integers(0, 2, RECORDS),
        "minutes": chance.normal(60, 15, RECORDS).round(1),
    })  # fmt: skip


def make(root: Path, measures: dict[str, tuple[str, str]]) -> Path:
    """Write the workspace's definitions."""
    (root / "measures").mkdir(parents=True)
    (root / "kpi.yml").write_text("name: Bench\nfrequency: month\nlimits: {seconds: 300}\n")
    for name, (statistic, data) in measures.items():
        text = MEASURE.format(id=name, statistic=statistic, data=data)
        (root / "measures" / f"{name}.yml").write_text(text)
    return root


def reviewed(root: Path) -> tuple[Workspace, int]:
    """Open a workspace and review all of its teams."""
    workspace = open_workspace(root)
    return workspace, len(review_teams(workspace, Period.parse(MONTHS[-1])))


def by_hand(path: Path) -> pd.DataFrame:
    """Give share late and median minutes by team and month, in plain pandas."""
    rows = pd.read_csv(path)
    groups = rows.groupby(["team", rows["day"].str[:7]])
    return groups.agg(share=("late", "mean"), median=("minutes", "median"))


def records(base: Path, kind: str, frame: pd.DataFrame) -> None:
    """Measure raw records, as CSV or Parquet."""
    where = "columns: {team: team, period: day"
    measures = {
        "late": ("percentage", f"{{records: cases, {where}, numerator: late}}}}"),
        "minutes": ("median", f"{{records: cases, {where}, value: minutes}}}}"),
    }
    root = make(base / kind, measures)
    path = root / f"cases.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
        hand, plain = timed(lambda: by_hand(path))
    else:
        frame.assign(day=pd.to_datetime(frame["day"])).to_parquet(path)
        hand, plain = by_hand(base / "csv" / "cases.csv"), float("nan")
    workspace, opened = timed(lambda: open_workspace(root))
    (_, teams), whole = timed(lambda: reviewed(root))
    for team in ("T000", "T129"):
        late, minutes = (workspace.series[team, name].values["value"] for name in measures)
        np.testing.assert_allclose(late, 100 * hand.loc[team]["share"])
        np.testing.assert_allclose(minutes, hand.loc[team]["median"])
    print(f"{RECORDS:,} records, {kind}: 2 measures x {teams} teams x {len(MONTHS)} months")
    print(f"    to period values {opened:6.2f} s   and reviewed {whole:6.2f} s")
    if plain == plain:
        print(f"    pandas by hand   {plain:6.2f} s   ratio {opened / plain:.2f}")


def long_form(base: Path) -> None:
    """Measure a workspace of 130 teams with six measures of 36 months in one CSV file."""
    names = [f"m{n}" for n in range(6)]
    root = make(base / "long", dict.fromkeys(names, ("percentage", "{}")))
    chance = np.random.default_rng(4)
    keys = pd.MultiIndex.from_product([[f"T{n:03}" for n in range(TEAMS)], names, MONTHS])
    rows = keys.to_frame(index=False, name=["team", "measure", "period"])
    rows["numerator"], rows["denominator"] = chance.integers(0, 90, len(rows)), 100
    (root / "values").mkdir()
    rows.to_csv(root / "values" / "v.csv", index=False)
    _, plain = timed(lambda: _shares(root / "values" / "v.csv"))
    workspace, opened = timed(lambda: open_workspace(root))
    (_, _), whole = timed(lambda: reviewed(root))
    print(
        f"{TEAMS} teams, {len(workspace.series)} series, {len(rows):,} period values, one CSV file"
    )
    print(f"    opened           {opened:6.2f} s   and reviewed {whole:6.2f} s")
    print(f"    pandas by hand   {plain:6.2f} s   (reads and divides; checks nothing)")


def _shares(path: Path) -> list[pd.DataFrame]:
    rows = pd.read_csv(path)
    rows["value"] = 100 * rows["numerator"] / rows["denominator"]
    return [own for _, own in rows.groupby(["team", "measure"])]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        frame = cases()
        records(Path(folder), "csv", frame)
        records(Path(folder), "parquet", frame)
        long_form(Path(folder))


if __name__ == "__main__":
    main()
