"""On Spark the report is the one that is made here, from all of its rows."""

import os
import shutil
import sys

import polars as pl
import pytest
from canonical import differences
from random_tables import Company

import cx_kpi
from cx_kpi.model.errors import CxkpiError, UsageProblem

JAVA = shutil.which("java")
pytestmark = [
    pytest.mark.skipif(
        not JAVA, reason="Spark needs Java: apt-get install default-jre-headless (.ci/run does)"
    ),
    pytest.mark.filterwarnings("ignore"),
]
SIZES = {"tickets": 12_000, "surveys": 4_000, "customers": 2_000, "calls": 2_000}
OPTIONS = [
    {"by": ["channel", "priority,product"], "period": "month"},
    {"by": [], "since": "2026-10-15", "until": "2026-12-15", "tz": "Europe/Berlin"},
    {"config": {"quantiles": "fast", "repeat_days": 3}, "as_of": "2026-12-20", "period": "week"},
]


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="Spark is an extra: pip install 'cxkpi[spark]'")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    given = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
    }
    builder = sql.SparkSession.builder.master("local[2]")
    for key, value in given.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def tables():
    """20,000 rows of the tables that are spread, and of those that lie beside them."""
    company = Company(11, size=SIZES["tickets"])
    tickets = company.tickets + [
        {**row, "channel": "chat", "status": "open"} for row in company.tickets[::97]
    ]
    made = {
        "tickets": tickets,
        "surveys": company._surveys()[: SIZES["surveys"]],
        "customers": company._customers()[: SIZES["customers"]],
        "calls": company._calls()[: SIZES["calls"]],
    }
    frames = {}
    for name, rows in made.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        frames[name] = pl.DataFrame(
            [{key: row.get(key) for key in columns} for row in rows], infer_schema_length=None
        )
    assert sum(map(len, frames.values())) >= 20_000
    return frames


@pytest.mark.parametrize("options", OPTIONS, ids=["months", "a window", "fast"])
def test_the_same_report(spark, tables, options):
    from cx_kpi.spark import report as on_spark

    expected = cx_kpi.report(dict(tables), **options).data.as_dict()
    given = {name: spark.createDataFrame(frame.to_arrow()) for name, frame in tables.items()}
    found = on_spark(given, **options).data.as_dict()
    for each in (expected, found):
        each["notices"].sort(key=str)
    assert [*differences(found, expected), *differences(expected, found)] == []


def test_a_table_by_its_name_and_a_condition(spark, tables):
    from cx_kpi.spark import report as on_spark

    asked = {"metrics": ["tickets_created", "repeat_contact_rate"], "where": "channel <> 'email'"}
    spark.createDataFrame(tables["tickets"].to_arrow()).createOrReplaceTempView("desk_tickets")
    found = on_spark({"tickets": "desk_tickets"}, **asked)
    expected = cx_kpi.report({"tickets": tables["tickets"]}, **asked)
    assert found.data.as_dict()["metrics"] == expected.data.as_dict()["metrics"]


@pytest.mark.parametrize(
    ("given", "why"),
    [({"surveys": "x"}, "no tickets"), ({"ticket": "x"}, "did you mean tickets")],
)
def test_what_cannot_be_spread_is_refused(spark, given, why):
    from cx_kpi.spark import report as on_spark

    with pytest.raises(UsageProblem, match=why):
        on_spark(given)


def test_tables_that_need_all_rows_are_refused(spark, tables):
    from cx_kpi.spark import report as on_spark

    events = pl.DataFrame(
        {"ticket_id": ["t1"], "at": [tables["tickets"]["created_at"][0]], "event": ["reply"]}
    )
    given = {"tickets": tables["tickets"], "ticket_events": events}
    with pytest.raises(CxkpiError, match="one machine"):
        on_spark({name: spark.createDataFrame(frame.to_arrow()) for name, frame in given.items()})
