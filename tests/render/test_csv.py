"""The CSV holds every figure once, and nothing a spreadsheet would run."""

import csv
import re

import pytest

from cx_kpi.render.files.csv import COLUMNS, render

from .company import company, empty
from .hostile import DEALT, TEXTS, filled

SIGNS = "=+-@＝＋－＠\t\r"


def rows(report):
    return list(csv.DictReader(render(report).splitlines()))


def test_every_reading_point_and_segment_has_its_line():
    report = company()
    found = rows(report)
    counted = {
        section: sum(row["section"] == section for row in found)
        for section in ("metrics", "series", "segments")
    }
    assert counted == {
        "metrics": len(report.metrics),
        "series": len(report.series),
        "segments": len(report.segments),
    }


def test_figures_are_numbers_as_they_are():
    report = company()
    for row in rows(report):
        if row["section"] == "metrics":
            reading = report.metrics[row["metric"]]
            assert float(row["n"]) == reading.n
            if isinstance(reading.value, int | float):
                assert float(row["value"]) == pytest.approx(reading.value)
            if reading.interval:
                assert (float(row["low"]), float(row["high"])) == pytest.approx(reading.interval)
            if reading.target:
                assert (row["operator"], float(row["target"])) == (
                    reading.target.operator,
                    reading.target.value,
                )


def test_details_and_tables_are_there():
    found = {(row["metric"], row["measure"], row["by"]): row["value"] for row in rows(company())}
    assert float(found["first_response_time", "median", ""]) == 2880
    assert float(found["channel_share", "share", "name=email"]) == 0.52
    assert float(found["backlog_age", "bands", "over 30 days"]) == 137


@pytest.mark.parametrize("turn", DEALT)
def test_no_cell_is_a_formula_however_the_line_is_split(turn):
    shown = render(filled(company(), *TEXTS, turn=turn))
    for row in csv.reader(shown.splitlines()):
        assert len(row) == len(COLUMNS)
        for cell in row:
            for part in re.split(r"[;,\t|]", cell):
                assert is_number(part) or part.strip()[:1] not in set(SIGNS), cell


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text) is not None


def test_a_report_of_nothing_is_its_header():
    assert render(empty()) == ",".join(COLUMNS) + "\n"
