-- One text for every engine (DuckDB, PostgreSQL, Spark): 336,776 flights in, period values out.
WITH scheduled AS (
  SELECT origin AS team, CAST(date_trunc('week', day) AS DATE) AS period, dep_delay FROM flights
),
departed AS (
  SELECT team, period, dep_delay FROM scheduled WHERE dep_delay IS NOT NULL
)
SELECT team, 'late-departures' AS measure, period, CAST(NULL AS DOUBLE) AS value,
       count(*) FILTER (WHERE dep_delay > 15) AS numerator, count(*) AS denominator
FROM departed GROUP BY team, period
UNION ALL
SELECT team, 'median-delay', period, median(dep_delay), CAST(NULL AS BIGINT), count(*)
FROM departed GROUP BY team, period
UNION ALL
SELECT team, 'cancelled', period, CAST(NULL AS DOUBLE),
       count(*) FILTER (WHERE dep_delay IS NULL), count(*)
FROM scheduled GROUP BY team, period
