"""Hostile SQL: nothing outside the workspace is read, nothing written, no second statement run."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from kpi_analysis.definitions.settings import Limits
from kpi_analysis.errors import SourceError
from kpi_analysis.records.engines import Reading
from kpi_analysis.records.files_engine import FilesEngine
from kpi_analysis.records.queries import read_query

REFUSED = [
    # a second statement, or none
    "SELECT 1; DROP VIEW t", "SELECT 1; SELECT 2", "", ";", "-- nothing", "SELECT 1;;ATTACH 'x.db'",
    # statements that are no SELECT
    "DROP TABLE t", "DELETE FROM t", "INSERT INTO t VALUES (1)", "UPDATE t SET x = 1",
    "CREATE TABLE n AS SELECT * FROM t", "CREATE MACRO m() AS 1", "ALTER TABLE t ADD y INT",
    "TRUNCATE t", "MERGE INTO t USING t s ON t.x = s.x WHEN MATCHED THEN DELETE",
    "COPY t TO 'out.csv'", "COPY (SELECT 1) TO 'out.csv'", "EXPORT DATABASE 'out'",
    "IMPORT DATABASE 'out'", "ATTACH 'other.db' AS o", "DETACH memory", "USE memory",
    "INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL spatial", "SET threads = 9", "RESET threads",
    "PRAGMA database_list", "CALL pragma_version()", "CHECKPOINT", "VACUUM", "BEGIN", "COMMIT",
    "PREPARE p AS SELECT 1", "EXECUTE p", "EXPLAIN ANALYZE SELECT 1", "DESCRIBE t", "SHOW TABLES",
    "SUMMARIZE t", "PIVOT t ON x USING sum(y)", "UNPIVOT t ON x", "VALUES (1)",
    "COMMENT ON t IS ''",
    "CREATE SECRET s (TYPE s3)", "GRANT SELECT ON t TO PUBLIC",
    # writing from inside a SELECT
    "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
    "WITH x AS (UPDATE t SET x = 1 RETURNING *) SELECT 1",
    "SELECT * INTO n FROM t", "SELECT * FROM (DESCRIBE t)",
    "SELECT * FROM (SUMMARIZE t)", "SELECT * FROM t FOR UPDATE",
    # functions that read files, the environment, the engine or run a text
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_csv_auto('values/v.csv')",
    "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('x')", "SELECT * FROM parquet_scan('x')",
    "SELECT * FROM read_json('x')", "SELECT * FROM glob('/*')", "SELECT * FROM sniff_csv('x')",
    "SELECT * FROM sqlite_scan('a', 'b')", "SELECT * FROM postgres_scan('a', 'b', 'c')",
    "SELECT * FROM query('DROP TABLE t')", "SELECT * FROM query_table('t')",
    "SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM pragma_database_list()", "SELECT * FROM range(10)",
    "SELECT getenv('HOME')", "SELECT current_setting('home_directory')", "SELECT getvariable('x')",
    "SELECT set_config('a', 'b', true)", "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')", "SELECT lo_import('/etc/passwd')", "SELECT pg_sleep(99)",
    "SELECT dblink('host=x', 'SELECT 1')", "SELECT query_to_xml('SELECT 1', true, true, '')",
    "SELECT nextval('s')", "SELECT pg_terminate_backend(1)", "SELECT version()",
    "SELECT current_user", "SELECT 1 WHERE EXISTS (SELECT pg_sleep(9))",
    "SELECT sum(x) FILTER (WHERE getenv('A') = 'b') FROM t", "SELECT java_method('a', 'b')",
    "SELECT reflect('java.lang.System', 'getenv')", "SELECT * FROM t ORDER BY read_text('x')",
    "SELECT * FROM t LIMIT (SELECT getenv('A'))", "SELECT 'a'::regclass", "SELECT repeat('x', 9)",
    "SELECT random()", "SELECT now()", "SELECT COLUMNS('x') FROM t", "SELECT #1 FROM t",
    # tables that are the engine's, and table tricks
    "SELECT * FROM information_schema.tables", "SELECT * FROM pg_catalog.pg_shadow",
    "SELECT * FROM pg_authid", "SELECT * FROM sqlite_master", "SELECT * FROM system.information",
    "SELECT * FROM t TABLESAMPLE 10%", "SELECT * FROM t AT (VERSION => 1)",
    "SELECT * FROM t, LATERAL (SELECT 1)", "SELECT * FROM t POSITIONAL JOIN (FROM read_text('x'))",
    "SELECT unnest([1, 2])", "SELECT * FROM t PIVOT (sum(x) FOR y IN (1))",
    # parameters without a name, other engines' variables
    "SELECT ?", "SELECT $1", "SELECT * FROM $t",
    # the same in places where nobody looks: quotes of dollars, comments, lambdas, casts, samples
    "FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd' UNION ALL SELECT content FROM read_text('x')",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT x FROM v QUALIFY getenv('HOME') = 'x'",
    "SELECT * FROM v ASOF JOIN read_csv('x') AS r ON v.x >= r.x",
    "SELECT * REPLACE (getenv('HOME') AS x) FROM v",
    "SELECT * FROM v WHERE x IN (SELECT content FROM glob('*'))",
    "SELECT list_transform([1], x -> getenv('A'))",
    "SELECT parse_path('/etc')",
    "SELECT * FROM v USING SAMPLE 1",
    "/* SELECT */ COPY v TO 'x'",
    "SELECT 1 /*; */; COPY v TO 'x'",
    "SELECT 1 --\n; DROP TABLE v",
    "SELECT $$a$$; DROP TABLE v",
    "WITH RECURSIVE r AS (SELECT 1; DROP TABLE v) SELECT 1",
    "SELECT x::STRUCT(a INT) FROM v",
    "SELECT MAP {'a': getenv('A')}",
    "SELECT * FROM v, read_blob('x')",
    "SELECT json_execute_serialized_sql('x')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('DROP TABLE v'))",
    "SELECT * FROM which_secret('s3://x', 's3')",
    "SELECT write_log('x')",
    "SELECT nextval('x') FROM v",
    "SELECT enum_range(NULL::x)",
    "SELECT error('x')",
    "SELECT sleep_ms(9)",
    "PIVOT v ON word USING sum(x)",
    "SELECT * FROM (VALUES (getenv('A'))) AS t(x)",
    "SELECT CAST(x AS UNION(a INT)) FROM v",
    "SELECT TRY(getenv('A'))",
    "SELECT ROW(1, getenv('A'))",
    "SELECT x FROM v ORDER BY ALL",
    "SELECT * FROM v GROUP BY CUBE (getenv('A'))",
    "SELECT count(*) OVER (ORDER BY getenv('A')) FROM v",
    "SELECT * EXCLUDE (x) FROM read_csv('x')",
    "SELECT regexp_replace(word, '(a+)+$', 'x') FROM v",
    "SELECT string_agg(word) FROM v",
    "SELECT list(x) FROM v",
    "SELECT lpad('x', 2000000000, 'y')",
    # texts that take long to read
    "SELECT " + "(" * 3000 + "1" + ")" * 3000, "SELECT " + "NOT " * 4000 + "x",
    "SELECT " + "x, " * 8000 + "x", "SELECT '\0'", "SELECT 1 /* \x1b */",
    "SELECT 'never closed", "SELECT FROM WHERE", "SELECT * FROM t GROUP BY ALL",
]  # fmt: skip
OUTSIDE = [
    "SELECT * FROM '/etc/passwd'", "SELECT * FROM '../secret.csv'",
    "SELECT * FROM 'values/../../secret.csv'", "SELECT * FROM 'link.csv'",
    "SELECT * FROM 'folder/secret.csv'", "SELECT * FROM 'folder/*.csv'",
    "SELECT * FROM '../*.csv'", "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
    "SELECT * FROM 's3://bucket/x.parquet'", "SELECT * FROM 'file:///etc/passwd'",
    "SELECT * FROM 'kpi.yml'", "SELECT * FROM 'C:/secret.csv'", r"SELECT * FROM '..\secret.csv'",
    "SELECT * FROM duckdb_settings", "SELECT * FROM duckdb_tables", "SELECT * FROM secret",
    "SELECT * FROM t0", "SELECT * FROM (SHOW TABLES)",
    "SELECT * FROM \"own a\"", "SELECT * FROM memory.main.v",
    # links in a circle, to a device, in a folder named like a file; a pipe; a bomb; kept tables
    "SELECT * FROM duckdb_logs",
    "SELECT * FROM 'dir.csv'",
    "SELECT * FROM 'dir.csv/*.csv'",
    "SELECT * FROM 'a/x.csv'",
    "SELECT * FROM 'dev.csv'",
    "SELECT * FROM 'fifo.csv'",
    "SELECT * FROM '/proc/self/environ'",
    "SELECT * FROM 'values/v.csv/../../../secret.csv'",
    "SELECT * FROM 'hf://datasets/x.csv'",
    "SELECT * FROM 'bomb.xlsx'",
    "SELECT * FROM 'broken.parquet'",
    "SELECT * FROM f0",
    "SELECT * FROM t0_0",
    "SELECT * FROM temp.main.f0",
    "SELECT * FROM '**/*.csv'",
    "SELECT * FROM 'values/{v,../../secret}.csv'",
    # names of WITH where it does not reach: not the engine's own table of that name
    "WITH a AS (SELECT * FROM duckdb_settings), duckdb_settings AS (SELECT 1) SELECT * FROM a",
    "SELECT * FROM (WITH duckdb_tables AS (SELECT 1 AS x) SELECT x FROM duckdb_tables) AS q,"
    " duckdb_tables",
]  # fmt: skip
TOO_MUCH = [
    "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
    "WITH RECURSIVE r AS (SELECT 'xxxxxxxx' AS x UNION ALL SELECT x || x FROM r)"
    " SELECT max(length(x)) FROM r",
    " CROSS JOIN ".join(["SELECT count(*) FROM v AS v0", *(f"v AS v{n}" for n in range(1, 40))]),
    " CROSS JOIN ".join(["SELECT v0.x FROM v AS v0", *(f"v AS v{n}" for n in range(1, 20))]),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    base = tmp_path_factory.mktemp("hostile")
    root = base / "ws"
    (root / "values").mkdir(parents=True)
    (root / "kpi.yml").write_text("name: x\n")
    (root / "values" / "v.csv").write_text("x,day,word\n" + "".join(
        f"{n},2024-01-{n:02},w{n}\n" for n in range(1, 10)
    ))  # fmt: skip
    (base / "secret.csv").write_text("x\nTOPSECRET\n")
    (base / "out").mkdir()
    (base / "out" / "secret.csv").write_text("x\nTOPSECRET\n")
    (root / "link.csv").symlink_to(base / "secret.csv")
    (root / "folder").symlink_to(base / "out")
    (root / "a").symlink_to(root / "b")
    (root / "b").symlink_to(root / "a")
    (root / "dir.csv").mkdir()
    (root / "dir.csv" / "l.csv").symlink_to(base / "secret.csv")
    (root / "dev.csv").symlink_to("/dev/zero")
    os.mkfifo(root / "fifo.csv")
    (root / "broken.parquet").write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    with zipfile.ZipFile(root / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
        for n in range(18):
            bomb.writestr(f"xl/{n}.xml", b"\0" * 60_000_000)
    return root


@pytest.fixture(scope="module")
def engine(root):
    with FilesEngine(root, Limits(seconds=3, memory="300MB")) as engine:
        yield engine


@pytest.fixture(scope="module", autouse=True)
def nothing_is_written(root):
    """Hold that no file of the workspace, of the folder around it or of home has changed."""
    home = Path.home() / ".duckdb"

    def picture():
        there = sorted(path for path in root.parent.rglob("*") if path.is_file())
        return (
            [(path, path.read_bytes()) for path in there],
            home.exists(),
            sorted(
                path for path in Path().iterdir() if path.name[0] != "."
            ),  # the tools' own notes
        )

    before = picture()
    yield
    assert picture() == before


def ask(engine, sql, **params):
    return engine.query(read_query(sql), params, Reading())


def test_there_are_enough_of_them():
    assert len(set(REFUSED + OUTSIDE + TOO_MUCH)) >= 60


@pytest.mark.parametrize("sql", REFUSED, ids=lambda sql: sql[:60])
def test_what_is_no_plain_select_is_refused_before_an_engine_sees_it(sql):
    with pytest.raises(SourceError) as caught:
        read_query(sql)
    (finding,) = caught.value.findings
    assert len(finding.message) < 400


@pytest.mark.parametrize("sql", OUTSIDE, ids=lambda sql: sql[:60])
def test_nothing_outside_the_workspace_is_read(engine, sql):
    with pytest.raises(SourceError) as caught:
        ask(engine, sql)
    assert "TOPSECRET" not in str(caught.value)
    assert str(engine.root) not in str(caught.value)


@pytest.mark.parametrize("sql", TOO_MUCH, ids=lambda sql: sql[:60])
def test_what_takes_too_long_or_too_much_is_stopped_and_the_next_query_runs(engine, sql):
    with pytest.raises(SourceError, match="was stopped: GROUP BY team and period, or raise limits"):
        ask(engine, sql)
    assert ask(engine, "SELECT count(*) AS n FROM v")["n"].tolist() == [9]


HOSTILE_WORDS = [
    "'; DROP TABLE v; --", "' OR 1=1 --", "w1' UNION SELECT * FROM 'link.csv", "$x", "\\'; --",
    "w1\0", "/etc/passwd", "%s %(x)s :x ?", "{'a': 1}", "x" * 100_000, "NULL", "’;--",
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE_WORDS, ids=lambda word: ascii(word[:20]))
def test_a_parameter_is_a_value_and_nothing_else(engine, word):
    found = ask(engine, "SELECT count(*) AS n FROM v WHERE word = $word", word=word)
    assert found["n"].tolist() == [0]


def test_a_parameter_that_is_no_text_is_told(engine):
    with pytest.raises(SourceError, match="was refused by the engine"):
        ask(engine, "SELECT $word", word="\ud800")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_as_parameter_only_ever_equals_itself(engine, word):
    found = ask(engine, "SELECT $word = 'w1' AS same", word=word)
    assert found["same"].tolist() == [str(word == "w1").lower()]


@given(st.text(alphabet="SELCTFROMWHUNIABYselctfrom v()*,;'\"-$1x=./\n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_query_or_a_message(text):
    try:
        query = read_query(text)
    except SourceError:
        return
    assert isinstance(query.tree, exp.Query)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1; DROP VIEW t", "holds 2 statements: write one SELECT"),
        ("DELETE FROM t", "begins with DELETE: a query may only read, write one SELECT"),
        ("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
         "holds DELETE: a query may only read, with plain SQL"),
        ("SELECT getenv('HOME')",
         "uses the function getenv, which is not among those of a query"),
        ("SELECT medain(x) FROM t",
         "uses the function medain, which is not among those of a query: did you mean 'median'?"),
        ("SELECT * FROM read_csv('x')",
         "reads READ_CSV('x'): after FROM comes a table, or a file of the workspace"),
        ("SELECT ?", "has a parameter without a name: write $name, and name: value in params"),
        ("SELECT * FROM t GROUP BY ALL",
         "says BY ALL, which other engines do not know: name the columns"),
        ("SELECT '" + "x" * 20_000 + "'",
         "is longer than 20,000 characters: aggregate in a view"),
        ("SELECT * FROM pg_authid", "reads pg_authid, which belongs to the engine"),
        ("SELECT sum(x FROM t", "is not SQL that can be read near 'FROM' (line 1 of it): write one"
         " SELECT in DuckDB's dialect"),
    ],
)  # fmt: skip
def test_the_words_of_a_refusal(sql, message):
    with pytest.raises(SourceError) as caught:
        read_query(sql)
    assert caught.value.findings[0].message == message


def test_a_result_of_too_many_rows(engine):
    sql = "SELECT a.x FROM v AS a, v AS b, v AS c, v AS d, v AS e, v AS f, v AS g"
    patient = FilesEngine(engine.root, Limits(seconds=60))
    with patient, pytest.raises(SourceError, match="gives more than 1,000,000 rows: GROUP BY team"):
        ask(patient, sql)


def test_useful_queries_run(engine):
    sql = """
        WITH Good AS (SELECT x, day FROM 'values/v.csv' WHERE x BETWEEN $low AND 8)
        SELECT 'A' AS team, date_trunc('month', day) AS period,
               count(*) FILTER (WHERE x > 3) AS numerator, count(*) AS denominator,
               median(x) AS mid, round(avg(x), 2) AS mean, max(good.x) - min(x) AS span
        FROM good GROUP BY 1, 2 HAVING count(*) > 0 ORDER BY period
    """
    found = ask(engine, sql, low=2)
    assert found.to_numpy().tolist() == [["A", "2024-01-01", 5, 7, 5, 5, 6]]


def test_columns_are_numbers_or_days_only_where_every_cell_is(root, engine):
    (root / "values" / "types.csv").write_text(
        "whole,part,code,day,moment,mixed,none\n1,.5,007,2024-02-29,2024-01-01 05:30,1,\n"
        "-2,1e3,8,2024-03-01,2024-01-02T00:00:00,x,\n"
    )
    rows = ask(engine, "SELECT * FROM types").to_numpy().tolist()
    (root / "values" / "types.csv").unlink()
    assert rows == [
        [1.0, 0.5, "007", "2024-02-29", "2024-01-01 05:30:00", "1", ""],
        [-2.0, 1000.0, "8", "2024-03-01", "2024-01-02", "x", ""],
    ]


def test_two_files_of_one_stem_and_a_misspelt_one(root, engine):
    (root / "v.csv").write_text("x\n1\n")
    with pytest.raises(SourceError, match=r"table 'v' may be 'v.csv' and 'values/v.csv': write"):
        ask(engine, "SELECT * FROM v")
    (root / "v.csv").unlink()
    with pytest.raises(SourceError, match="table 'vv' is not there: did you mean 'v'"):
        ask(engine, "SELECT * FROM vv")


def test_the_worker_knows_no_secret(root, monkeypatch):
    monkeypatch.setenv("KPI_WAREHOUSE_URL", "postgresql://u:TOPSECRET@h/d")
    with FilesEngine(root, Limits()) as engine:
        ask(engine, "SELECT 1")
        environment = Path(f"/proc/{engine._worker.pid}/environ")
        if not environment.exists():
            pytest.skip("THE WORKER'S ENVIRONMENT NOT CHECKED: this system has no /proc")
        assert b"TOPSECRET" not in environment.read_bytes()
