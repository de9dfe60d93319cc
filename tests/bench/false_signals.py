"""Simulate the false signals of every rule set and write the file that packs and docs quote.

    python tests/bench/false_signals.py

takes about two minutes and writes kpi_analysis/signals/false_signals.csv, the same each time.
"""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path

from kpi_analysis.signals.false_signals import COLUMNS, POINTS, simulate_false_signals
from kpi_analysis.signals.rules import RULE_SETS

RESULT = Path(__file__).resolve().parents[2] / "kpi_analysis" / "signals" / "false_signals.csv"
SERIES = 100_000
SEED = 20_250_309

# independent values at every size, and neighbours that lean on each other at the largest
SETTINGS = [*((points, 0.0) for points in POINTS), (24, 0.5)]


def main() -> None:
    """Write a row for each rule set and setting, shares to four decimals."""
    with RESULT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for name in RULE_SETS:
            for points, lag_one in SETTINGS:
                found = simulate_false_signals(
                    name, points, series=SERIES, seed=SEED, lag_one=lag_one
                )
                row = asdict(found)
                shares = {key: f"{row[key]:.4f}" for key in COLUMNS[3:6]}
                writer.writerow({**row, **shares})
                print(found)


if __name__ == "__main__":
    main()
