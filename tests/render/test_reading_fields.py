"""A field of a reading, point or segment is declared once and is then in every output; so is one that is not declared."""

import csv
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Headline, Point, Reading, Segment
from cx_kpi.model.values import Status, Target, Verdict
from cx_kpi.render import formats
from cx_kpi.render.elements.reading_columns import columns, layout
from cx_kpi.render.elements.reading_fields import EVERYWHERE, FIELDS, TABLES, Field, Place

from .company import company
from .test_xlsx import cells as sheet_cells
from .test_xlsx import columns as sheet_columns
from .test_xlsx import parts

KINDS = (Reading, Point, Segment)
METRIC = "backlog"


@dataclass(frozen=True, slots=True)
class Again:
    """The last full period, as another reading inside a reading."""

    start: str
    end: str
    value: float
    n: int
    target: Target | None
    status: Status | None
    change: float | None
    verdict: Verdict | None
    spread: tuple[float, float] | None
    since: str | None


AGAIN = Again(
    *("2026-06-01", "2026-07-01", 251, 251, Target("<=", 200), Status.MISSED, 12, Verdict.WORSENED),
    *((180, 240), "2026-05-01"),
)


@dataclass(frozen=True, slots=True)
class MoreReading(Reading):
    lower_bound: bool = False
    spread: tuple[float, float] | None = None
    again: Again | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MorePoint(Point):
    lower_bound: bool = False
    spread: tuple[float, float] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MoreSegment(Segment):
    lower_bound: bool = False
    spread: tuple[float, float] | None = None
    hint: str = ""


def grown(kind: type, read: Any, **more: Any) -> Any:
    """The same with more fields."""
    return kind(**({each.name: getattr(read, each.name) for each in fields(read)} | more))


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A report whose backlog has more fields, all declared but the hint."""
    monkeypatch.setitem(FIELDS, "lower_bound", Field("at least", TABLES, sign="≥"))
    monkeypatch.setitem(FIELDS, "spread", Field("spread", EVERYWHERE - {Place.CELL}))
    monkeypatch.setitem(FIELDS, "again", Field("read again", EVERYWHERE))
    since = Field(
        "since", written=lambda read, _, words: words.dates.period(read.since, "month") if read.since else ""
    )
    monkeypatch.setitem(FIELDS, "since", since)
    layout.cache_clear()
    more: dict[str, Any] = {"lower_bound": True, "spread": (180, 240)}
    made = company()
    backlog = grown(MoreReading, made.metrics[METRIC], again=AGAIN, hint="hintread", **more)
    yield replace(
        made,
        metrics=made.metrics | {METRIC: backlog},
        series=[
            grown(MorePoint, each, hint="hintpoint", **more) if each.metric == METRIC else each
            for each in made.series
        ],
        segments=[
            grown(MoreSegment, each, hint="hintpart", **more) if each.metric == METRIC else each
            for each in made.segments
        ],
        headlines=[Headline("Flow", [METRIC])],
    )
    layout.cache_clear()


def text(report: Any, name: str) -> str:
    made = formats.render(report, name)
    return made if isinstance(made, str) else made.decode()


@pytest.mark.parametrize("name", ["json", "csv", "md", "html"])
def test_every_text_holds_every_field(report: Any, name: str) -> None:
    made = text(report, name)
    assert [hint for hint in ("hintread", "hintpoint", "hintpart") if hint not in made] == []


def test_json_and_csv_hold_the_values(report: Any) -> None:
    plain = json.loads(text(report, "json"))["metrics"][METRIC]
    assert (plain["again"]["status"], plain["spread"]) == ("missed", [180, 240])
    lines = [line for line in csv.DictReader(text(report, "csv").splitlines()) if line["metric"] == METRIC]
    whole = next(line for line in lines if line["section"] == "metrics")
    assert (whole["lower_bound"], whole["spread_low"], whole["spread_high"]) == ("true", "180", "240")
    inner = {name.removeprefix("again_"): value for name, value in whole.items() if name.startswith("again_")}
    assert inner == {
        "start": "2026-06-01",
        "end": "2026-07-01",
        "value": "251",
        "n": "251",
        "operator": "<=",
        "target": "200",
        "status": "missed",
        "change": "12",
        "verdict": "worsened",
        "spread_low": "180",
        "spread_high": "240",
        "since": "2026-05-01",
    }
    for section in ("series", "segments"):
        read = [line for line in lines if line["section"] == section]
        assert read
        assert {line["spread_low"] for line in read} == {"180"}


def test_the_workbook_holds_every_field(report: Any) -> None:
    book = formats.render(report, "xlsx")
    assert isinstance(book, bytes)
    for sheet, hint in (("Series", "hintpoint"), ("Segments", "hintpart")):
        data = sheet_columns(book, sheet)
        assert hint in data["hint"]
        assert {180.0, None} >= set(data["spread_low"])
        assert 180.0 in data["spread_low"]
    metrics = sheet_cells(book, 2)
    assert metrics[0][-3:] == [
        *("spread", "read again", "hint"),
    ]
    assert next(line for line in metrics if "hintread" in line)[-3:] == [
        "180–240",
        said_of_again(),
        "hintread",
    ]
    styles = parts(book)["xl/styles.xml"]
    assert [each for each in styles.iter() if each.get("formatCode") == '"≥\N{NO-BREAK SPACE}"#,##0']


def said_of_again() -> str:
    return (
        "June 2026: 251, n 251, Target ≤\N{NO-BREAK SPACE}200, missed, Change +12, worsened, "
        "spread 180–240, since May 2026"
    )


@pytest.mark.parametrize("name", ["md", "html", "table"])
def test_people_read_it(report: Any, name: str) -> None:
    report = replace(report, metrics={METRIC: report.metrics[METRIC]})  # a terminal has no room for all
    made = " ".join(text(report, name).replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ").split())
    assert "≥ " in made
    assert "hintread" in made
    assert "180–240" in made
    assert said_of_again().replace("\N{NO-BREAK SPACE}", " ") in made
    assert "hintpart" in made


def test_a_mail_shows_it(report: Any) -> None:
    mail = message_from_bytes(formats.render(report, "eml"), policy=default)  # type: ignore[arg-type]
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert "hintread" in body
        assert "180–240" in body
        assert "≥" in body


def test_a_field_stands_only_where_it_belongs(report: Any) -> None:
    made = text(report, "md")
    cells = [line for line in made.splitlines() if "hintpart" in line or "hintpoint" in line]
    assert cells
    assert not [line for line in cells if "180–240" in line]


def test_what_has_nothing_to_say_is_left_out(report: Any) -> None:
    metrics = {name: grown(MoreReading, each) for name, each in company().metrics.items()}
    plain = replace(company(), headlines=report.headlines)
    for name in ("md", "html", "table", "eml", "xlsx"):
        assert formats.render(replace(plain, metrics=metrics), name) == formats.render(plain, name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_declared(kind: type) -> None:
    assert {each.name for each in fields(kind)} <= FIELDS.keys()


def test_nothing_is_declared_that_is_not_there() -> None:
    assert {each.name for kind in KINDS for each in fields(kind)} == FIELDS.keys()


def test_the_columns_are_a_contract() -> None:
    usual = ["usual_low", "usual_high", "usual_middle", "usual_trial", "usual_wide"]
    assert list(columns((Reading, Point, Segment), Place.CSV)) == [
        *("start", "end", "partial", "by", "value", "n", "low", "high", "operator", "target"),
        *("status", "previous", "change", "verdict"),
        *("latest_start", "latest_end", "latest_value", "latest_n", "latest_low", "latest_high"),
        *("latest_operator", "latest_target", "latest_status", "latest_change", "latest_verdict"),
        *(f"latest_{each}" for each in usual),
        *(f"latest_recorded_{each}" for each in ("start", "end", "value", "n")),
        *("latest_change_interval_low", "latest_change_interval_high", "latest_relative", "latest_p"),
        *("latest_baseline_start", "latest_baseline_end", "latest_baseline_value", "latest_baseline_n"),
        *("latest_baseline_without", "latest_since", "latest_can_meet", "latest_more_rows"),
        *("latest_part_value", "latest_part_previous", "latest_part_name", *usual, "outside"),
        "recorded",
        *("compared_low", "compared_high"),
        *(f"compared_previous_{each}" for each in ("start", "end", "value", "n")),
        "compared_change",
        *(f"compared_current_{each}" for each in ("start", "end", "value", "n")),
        "compared_p",
    ]
    data = ["value", "n", "low", "high", "operator", "target", "status"]
    assert list(columns((Point,), Place.DATA)) == [
        "start",
        "end",
        "partial",
        *data,
        "verdict",
        *usual,
        "outside",
        "recorded",
    ]
    assert list(columns((Segment,), Place.DATA)) == data
