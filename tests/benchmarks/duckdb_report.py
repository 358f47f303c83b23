"""The figures of the full report on a file of tickets, in DuckDB SQL; prints them as JSON (see `figures.py`).

Written to be quick: the file is read once into a narrow table, what adds up is folded into one small cube and
rolled up, quantiles have grouping sets of their own, and repeats and favourites go by packed or hashed keys.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

QUERIES = [Path(__file__).with_name(f"duckdb_{part}.sql") for part in ("rows", "figures")]

# The first duration at which the share still unfinished falls to one half (Kaplan–Meier). It lies at or below
# the median that takes the unfinished for endless, so that later rows only count.
KAPLAN_MEIER = """
WITH lives AS MATERIALIZED (
    SELECT
        month,
        channel,
        {duration} IS NOT NULL AS done,
        coalesce({duration}, date_diff('second', created, getvariable('as_of')))::INTEGER AS seconds
    FROM tickets
    WHERE {where} AND ({duration} IS NOT NULL OR NOT finished)
),
bounds AS (
    SELECT {cell} AS cell, count(*) AS n, quantile_disc(if(done, seconds, 2147483647), 0.5) AS bound
    FROM lives
    GROUP BY GROUPING SETS ((), {keys})
),
counted AS (
    SELECT {cell} AS cell, seconds, count(*) FILTER (done) AS done, count(*) AS gone
    FROM lives
    WHERE seconds <= (SELECT max(bound) FROM bounds)
    GROUP BY seconds, GROUPING SETS ((), {keys})
),
at_risk AS (
    SELECT cell, seconds, done, n + gone - sum(gone) OVER until AS at_risk
    FROM counted
    JOIN bounds USING (cell)
    WHERE seconds <= bound
    WINDOW until AS (PARTITION BY cell ORDER BY seconds ROWS UNBOUNDED PRECEDING)
),
surviving AS (
    SELECT cell, seconds, product(1 - done / at_risk) OVER until AS survival
    FROM at_risk
    WINDOW until AS (PARTITION BY cell ORDER BY seconds ROWS UNBOUNDED PRECEDING)
)
SELECT cell, min(seconds) AS "{metric}.censored_median"
FROM surviving
WHERE survival <= 0.5 + 1e-12
GROUP BY cell
"""
BY_MONTH = {"cell": "cell(month, channel)", "keys": "(month), (channel)"}
BY_CHANNEL = {"cell": "cell(NULL, channel)", "keys": "(channel)"}
SURVIVAL = (
    {"metric": "first_response_time", "duration": "wait", "where": "true", **BY_MONTH},
    {"metric": "resolution_time", "duration": "work", "where": "true", **BY_CHANNEL},
    {"metric": "complaint_processing_time", "duration": "work", "where": "complaint", **BY_CHANNEL},
)


def connect(path: str) -> duckdb.DuckDBPyConnection:
    """A connection that sees the file as the view `source`."""
    settings = {"max_temp_directory_size": "20GB", "preserve_insertion_order": "false"}
    connection = duckdb.connect(config=settings)
    reader = "read_parquet" if path.endswith(".parquet") else "read_csv"
    connection.execute(f"CREATE VIEW source AS FROM {reader}('{path}')")
    return connection


def figures(path: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Run every statement; rows with a `cell` are figures, in columns named `metric.name`."""
    connection = connect(path)
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    queries = [
        *(file.read_text() for file in QUERIES),
        *(KAPLAN_MEIER.format(**metric) for metric in SURVIVAL),
    ]
    for statement in connection.extract_statements(";".join(queries)):
        connection.execute(statement)
        names = [column[0] for column in connection.description or ()]
        for cell, *values in connection.fetchall() if names[:1] == ["cell"] else ():
            for name, value in zip(names[1:], values, strict=True):
                metric, _, detail = name.partition(".")
                found[metric][cell][detail] = value
    return found


if __name__ == "__main__":
    json.dump(figures(sys.argv[1]), sys.stdout)
