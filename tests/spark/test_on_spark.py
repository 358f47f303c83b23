"""On Spark the report is the one that is made here, from all of its rows."""

import os
import re
import shutil
import sys
from dataclasses import replace

import polars as pl
import pytest
from canonical import differences, settings
from oracle import BY, CONFIG, RUNS, Oracle, read_at_once, wrong
from random_tables import Company, as_exported

import cx_kpi
from cx_kpi import api
from cx_kpi.judge.assemble import assemble
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import CxkpiError, UsageProblem
from cx_kpi.read.containers.in_memory import open_frame

JAVA = shutil.which("java")
pytestmark = [
    pytest.mark.skipif(
        not JAVA, reason="Spark needs Java: apt-get install default-jre-headless (.ci/run does)"
    ),
    pytest.mark.filterwarnings("ignore"),
]
SIZES = {"tickets": 12_000, "surveys": 3_000, "customers": 2_000, "calls": 1_000, "orders": 2_000}
RATINGS = ("good", "bad", "offered", None)
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
    frames = {name: each.head(SIZES.get(name, 8_000)) for name, each in company.exports().items()}
    rows = [row | {"satisfaction_score": RATINGS[n % 4]} for n, row in enumerate(company.tickets)]
    rows += [{**row, "channel": "chat", "status": "open"} for row in company.tickets[::97]]
    frames["tickets"] = as_exported(rows)
    assert sum(map(len, frames.values())) >= 20_000
    return frames


@pytest.mark.parametrize("options", OPTIONS, ids=["months", "a window", "fast"])
def test_the_same_report(spark, tables, options):
    from cx_kpi.spark import report as on_spark

    few = ("tickets", "surveys") if "config" in options else tables
    expected = cx_kpi.report({name: tables[name] for name in few}, **options).data.as_dict()
    given = {name: spark.createDataFrame(tables[name].to_arrow()) for name in few}
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


def test_the_page_of_the_guide(spark, tables, tmp_path, monkeypatch):
    """The example as it is, with tables of these names."""
    page = (folder("guide") / "spark.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    spark.sql(f"CREATE DATABASE desk LOCATION '{tmp_path / 'desk'}'")
    for name, called in (("tickets", "tickets"), ("surveys", "answers")):
        some = tables[name].head(500).with_columns(team=pl.lit("Billing"))
        spark.createDataFrame(some.to_arrow()).write.saveAsTable(f"desk.{called}")
    try:
        exec(compile(block, "spark.md", "exec"), {"spark": spark})
    finally:
        spark.sql("DROP DATABASE desk CASCADE")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("given", "why"),
    [({"surveys": "x"}, "no tickets"), ({"ticket": "x"}, "did you mean tickets")],
)
def test_what_cannot_be_spread_is_refused(spark, given, why):
    from cx_kpi.spark import report as on_spark

    with pytest.raises(UsageProblem, match=why):
        on_spark(given)


def test_what_needs_all_rows_is_refused(spark, tables):
    from cx_kpi.spark import report as on_spark

    given = {name: spark.createDataFrame(tables[name].to_arrow()) for name in ("tickets", "surveys")}
    with pytest.raises(CxkpiError, match="one machine"):
        on_spark(given, by="experience")


@pytest.fixture(scope="module")
def company(spark):
    """The report of a random company that Spark counts, and the second engine's figures."""
    from cx_kpi.spark.on_spark import OnSpark
    from cx_kpi.spark.spark_report import SPREAD

    given = dict(RUNS["a quarter seen earlier"])
    exports = Company(given.pop("seed")).exports()
    tables = [open_frame(name, frame) for name, frame in exports.items()]
    explicit = tuple((each.path, each.path) for each in tables)
    options = replace(settings(by=BY, config=CONFIG, **given), explicit=explicit)
    spread = {name: spark.createDataFrame(exports[name].to_arrow()) for name in SPREAD}
    done = api.run(options, given=tables, spread=lambda spill: OnSpark(spread, spill))
    found = assemble(done.results, [], [], done.options)
    return found, Oracle(read_at_once(options, tables), found.window, given)


@pytest.mark.parametrize("metric", PUBLIC)
def test_same_as_the_second_engine(company, metric):
    assert wrong(*company, metric) == []
