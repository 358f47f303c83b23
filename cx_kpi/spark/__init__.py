"""`cx_kpi.spark.report(…)`: the report on tables of Spark; its workers read and fold the tickets."""

from cx_kpi.spark.spark_report import report

__all__ = ["report"]
