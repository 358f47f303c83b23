"""A report in bounded memory is the report made at once, whatever the buckets and the pieces."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from canonical import differences, settings
from random_tables import Company, as_exported, written

from cx_kpi import api
from cx_kpi.engine.buckets import pieces, rows_or_buckets
from cx_kpi.engine.buckets.limits import Limits
from cx_kpi.engine.buckets.piece_accounts import OF_COLUMNS
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.values import Unit
from cx_kpi.normalise.rejected import rejected
from cx_kpi.wording.language import Language

pytestmark = pytest.mark.usefixtures("engine_of_many")

CONFIG = {
    "complaint_repeat_days": 20,
    "repurchase_days": 30,
    "costs": {"hourly_rate": 30.0, "per_month": 5000.0},
    "calendar": [{"hours": {"mon-fri": "09:00-17:00"}}],
}
LENGTHS = tuple(name for name, each in PUBLIC.items() if each.unit is Unit.SECONDS)
RATINGS = ("good", "bad", "offered", None)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The exports of a company that ids its tickets twice now and then, and asks how they went."""
    company = Company(7, 150)
    tables = company.exports()
    rows = [row | {"satisfaction_score": RATINGS[n % 4]} for n, row in enumerate(company.tickets)]
    rows += [{**row, "channel": "chat", "status": "open"} for row in company.tickets[::29]]
    tables["tickets"] = as_exported(rows)
    folder = tmp_path_factory.mktemp("exports")
    return tuple((name, written(table, folder / f"{name}.csv")) for name, table in tables.items())


def made(files, **given):
    options = settings(**{"config": CONFIG} | given)
    done = api.run(replace(options, explicit=tuple(files)))
    found = api.told(done).as_dict()
    notices = [each for each in found["notices"] if each["code"] not in OF_COLUMNS]
    return done, found | {"notices": sorted(notices, key=str)}


def bounded(monkeypatch, buckets, piece):
    monkeypatch.setattr(rows_or_buckets, "limits", lambda *_: Limits(buckets, piece))


@pytest.mark.parametrize(
    ("buckets", "piece", "without", "given"),
    [
        (3, 200, "surveys", {"period": "week", "timezone": "Europe/Berlin", "as_of": "2026-12-20"}),
        (
            1,
            75,
            "orders",
            {
                "period": "month",
                "where": "channel <> 'email'",
                "by": [["weekday"], ["wait_band"], ["segment"]],
            },
        ),
        (
            4,
            60,
            "ticket_events",
            {"since": "2026-10-15", "until": "2026-12-15", "by": [["priority", "product"]]},
        ),
    ],
)
def test_the_same_report(files, monkeypatch, buckets, piece, without, given):
    files = [each for each in files if each[0] != without]
    _, expected = made(files, **dict(given))
    bounded(monkeypatch, buckets, piece)
    done, found = made(files, **dict(given))
    assert done.results.tables["tickets"].files
    assert [*differences(found, expected), *differences(expected, found)] == []


def test_the_same_report_of_several_files_and_a_condition(files, monkeypatch, tmp_path):
    rows = pl.read_csv(dict(files)["tickets"], infer_schema=False)
    halves = [("tickets", str(tmp_path / f"half-{number}.csv")) for number in (1, 2)]
    rows.head(90).write_csv(halves[0][1])
    rows.slice(75).reverse().write_csv(halves[1][1])
    given = {"where": "channel <> 'email'", "by": [["channel"]], "timezone": "Europe/Berlin"}
    _, expected = made(halves, **dict(given))
    bounded(monkeypatch, 4, 50)
    monkeypatch.setattr(pieces, "_AT_ONCE", 40)
    done, found = made(halves, **dict(given))
    assert done.results.tables["tickets"].files
    assert sum(source.rows for source in done.sources) == 90 + rows.height - 75
    assert [*differences(found, expected), *differences(expected, found)] == []


def test_what_was_set_aside_is_the_same_row_for_row(monkeypatch, tmp_path):
    company = Company(8)
    rows = company.tickets[:200] + [row | {"ticket_id": None} for row in company.tickets[200:209]]
    rows += [row | {"channel": "chat"} for row in company.tickets[:200:7]]
    names = ("ticket_id", "created_at", "solved_at", "status", "channel")
    table = pl.DataFrame([{name: row[name] for name in names} for row in rows], infer_schema_length=None)
    path = tmp_path / "tickets.csv"
    table.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
    aside = []
    for bound in (False, True):
        if bound:
            bounded(monkeypatch, 3, 40)
        done, found = made([("tickets", str(path))])
        aside.append([*rejected(done.loaded, Language("en"), content=True)])
        assert found["sources"][0]["set_aside"] == 9 + 29
    assert aside[0] == aside[1]


@pytest.mark.parametrize(("name", "piece"), [("tickets.csv", 1000), ("presets/redmine.csv", 15)])
def test_samples_whose_pieces_differ_and_that_have_no_channel(monkeypatch, name, piece):
    sample = [("tickets", str(Path(__file__).parents[2] / "sample_data" / name))]
    _, expected = made(sample)
    bounded(monkeypatch, 3, piece)
    _, found = made(sample)
    assert [*differences(found, expected), *differences(expected, found)] == []


@pytest.mark.parametrize(
    ("names", "given", "why"),
    [
        (("ticket_events",), {}, "ticket events without tickets"),
        (("tickets", "customers"), {"by": [["age_of_customer"]]}, "made of other rows"),
    ],
)
def test_what_needs_all_rows_is_read_at_once_and_said(files, monkeypatch, names, given, why):
    some = [each for each in files if each[0] in names]
    _, expected = made(some, **dict(given))
    bounded(monkeypatch, 5, 100)
    _done, found = made(some, **dict(given))
    (said,) = [each for each in found["notices"] if each["code"] == "read_at_once"]
    assert why in said["message"]
    found["notices"].remove(said)
    assert [*differences(found, expected), *differences(expected, found)] == []


def test_by_seven_bits_too(files, monkeypatch):
    given = {"config": CONFIG | {"quantiles": "fast"}, "metrics": LENGTHS}
    _, expected = made(files[:1], **dict(given))
    assert any(each["details"].get("approximate") for each in expected["metrics"].values())
    bounded(monkeypatch, 3, 100)
    _, found = made(files[:1], **dict(given))
    assert [*differences(found, expected), *differences(expected, found)] == []
