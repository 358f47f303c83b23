"""Formats for other programs: chats, CI, Prometheus and warehouses. Each is read by a reader of its own kind."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from cx_kpi.model.report import Headline, Report
from cx_kpi.model.values import Status, Unit
from cx_kpi.read.open import open_all
from cx_kpi.render.files.readings import COLUMNS, readings
from cx_kpi.render.formats import render
from cx_kpi.render.text.chat_lines import LONGEST

from .company import company, empty
from .hostile import MORE, filled


def rows(report: Report) -> list[dict]:
    return [json.loads(line) for line in str(render(report, "ndjson")).splitlines() if line]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_ndjson_and_parquet_hold_every_reading(code: str) -> None:
    report = company(code)
    found = rows(report)
    assert all(list(row) == list(COLUMNS) for row in found)
    assert len(found) == len(report.metrics) + len(report.series) + len(report.segments)
    for row in found:
        if row["section"] == "metrics":
            reading = report.metrics[row["metric"]]
            assert row["n"] == reading.n
            assert row["status"] == reading.status
            assert (row["value"] is None) == (not isinstance(reading.value, int | float))
    table = pl.read_parquet(BytesIO(render(report, "parquet")))
    assert table.columns == list(COLUMNS)
    assert table.schema["value"] == pl.Float64
    assert table.to_dicts() == found
    assert list(readings(empty(code))) == rows(empty(code)) == []
    assert pl.read_parquet(BytesIO(render(empty(code), "parquet"))).schema == table.schema


def test_a_row_says_which_spans_its_change_and_its_verdict_are_about() -> None:
    report = company("en")
    told = 0
    for row in rows(report):
        spans = {name: row[name] for name in row if name.startswith(("compared_", "latest_"))}
        if row["section"] != "metrics":
            assert set(spans.values()) == {None}
            assert row["change"] is None
            continue
        reading = report.metrics[row["metric"]]
        assert (row["change"] is None) or row["compared_current_start"]
        assert (row["verdict"] is None) or row["latest_start"]
        if compared := reading.compared:
            assert row["compared_current_start"] == compared.current.start
            assert row["compared_previous_end"] == compared.previous.end
        if latest := reading.latest:
            told += spans["latest_start"] != row["start"]
            assert (row["latest_start"], row["latest_end"]) == (latest.start, latest.end)
            assert (row["latest_n"], row["latest_relative"]) == (latest.n, latest.relative)
            assert row["latest_change"] == pytest.approx(latest.change)
    assert told


@pytest.mark.parametrize("name", ["ndjson", "parquet"])
def test_they_are_known_again(name: str, tmp_path) -> None:
    from cx_kpi.model.errors import OwnOutput

    content = render(company("en"), name)
    file = tmp_path / f"a.{name}"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(OwnOutput):
        open_all([str(file)])


def judged(report: Report) -> list[Status]:
    found = [each.status for each in (*report.metrics.values(), *report.segments)]
    return [status for status in found if status]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_junit_fails_what_is_missed(code: str) -> None:
    report = company(code)
    root = ET.fromstring(str(render(report, "junit")).encode())
    statuses = judged(report)
    assert int(root.get("tests", "")) == len(statuses) == len(root.findall("testsuite/testcase"))
    assert len(root.findall("testsuite/testcase/failure")) == statuses.count(Status.MISSED) > 0
    assert len(root.findall("testsuite/testcase/skipped")) == statuses.count(Status.NO_DATA)
    for suite in root:
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    assert root.get("failures") == str(statuses.count(Status.MISSED))


@pytest.mark.parametrize("code", ["en", "ru"])
def test_openmetrics_is_read_by_its_own_reader(code: str) -> None:
    pytest.importorskip("prometheus_client")
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    from prometheus_client.parser import text_string_to_metric_families as read_plainly

    report = company(code)
    text = str(render(report, "openmetrics"))
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {family.name for family in read_plainly(text)} == set(families)  # as a textfile collector reads it
    assert all(re.fullmatch(r"cxkpi_[a-z0-9_]+", name) for name in families)
    assert all(family.documentation and family.type == "gauge" for family in families.values())
    samples = {
        (s.name, *sorted(s.labels.items())): s.value for family in families.values() for s in family.samples
    }
    for metric, reading in report.metrics.items():
        if isinstance(reading.value, int | float) and reading.unit is Unit.SECONDS:
            key = (f"cxkpi_{metric}_seconds", ("by", ""), ("segment", ""))
            assert samples[key] == pytest.approx(reading.value)
            assert families[f"cxkpi_{metric}_seconds"].unit == "seconds"
    missed = [value for key, value in samples.items() if key[0] == "cxkpi_target_missed"]
    assert sum(missed) == judged(report).count(Status.MISSED) > 0
    assert len(missed) == sum(status in (Status.MET, Status.MISSED) for status in judged(report))
    assert text.endswith("# EOF\n")


def test_names_of_openmetrics_do_not_go_by_language() -> None:
    pytest.importorskip("prometheus_client")
    names = [
        re.findall(r"^(cxkpi_\w+)[{ ]", str(render(company(code), "openmetrics")), re.MULTILINE)
        for code in ("en", "ru")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("name", ["slack", "telegram"])
@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_chat_has_what_is_shown_first(name: str, code: str) -> None:
    report = company(code)
    text = str(render(report, name))
    assert len(text) <= 4000
    known = [reading for reading in report.metrics.values() if reading.status not in (None, Status.NO_DATA)]
    assert known
    assert all(reading.title in text for reading in known)
    assert "✗" in text
    theme = Headline("First", [next(iter(report.metrics))])
    assert next(iter(report.metrics.values())).title in str(render(replace(report, headlines=[theme]), name))


SOME = MORE[::9]


class Elements(HTMLParser):
    """The elements of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.met: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.met.add(tag)
        assert not attrs


@pytest.mark.parametrize("turn", range(0, len(SOME), 3))
def test_nothing_in_a_chat_links_calls_or_formats(turn: int) -> None:
    report = filled(company("en"), *SOME, turn=turn)
    slack, telegram = (str(render(report, name)) for name in ("slack", "telegram"))
    assert len(telegram) <= LONGEST + 9
    assert not re.search(r"<(?!/?b>)", telegram)
    assert not re.search(r"[<>`~]", slack)
    for said in (slack, telegram):
        assert not re.search(r"://|@\w|www\.|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)
    reader = Elements()
    reader.feed(telegram)
    assert reader.met <= {"b"}
    assert telegram.count("<b>") == telegram.count("</b>")


@pytest.mark.parametrize("turn", range(0, len(SOME), 3))
def test_hostile_texts_stay_texts(turn: int) -> None:
    report = filled(company("en"), *SOME, turn=turn)
    plain = ET.fromstring(str(render(company("en"), "junit")).encode())
    root = ET.fromstring(str(render(report, "junit")).encode())
    assert [each.tag for each in root.iter()] == [each.tag for each in plain.iter()]
    assert len(rows(report)) == len(rows(company("en")))
    pytest.importorskip("prometheus_client")
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as read

    assert [each.name for each in read(str(render(report, "openmetrics")))] == [
        each.name for each in read(str(render(company("en"), "openmetrics")))
    ]


def test_a_long_report_is_cut_at_a_line() -> None:
    report = company("en")
    long = replace(report, findings=[replace(report.findings[0], text="x" * 500)] * 20)
    for name in ("slack", "telegram"):
        text = str(render(long, name))
        assert len(text) <= 4000
        assert text.endswith("\n…\n")
