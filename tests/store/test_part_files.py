"""A report of parts is the report of all their rows, in every figure that it does not say to be otherwise."""

from dataclasses import replace
from functools import cache
from zlib import crc32

import polars as pl
import pytest
from canonical import differences, settings
from random_tables import Company

from cx_kpi import api
from cx_kpi.engine.aggregation.apart.counted import ERROR
from cx_kpi.store.parts.build import part_cells
from cx_kpi.store.parts.build.part_build import summed
from cx_kpi.store.parts.held.part_archive import packed, read_part
from cx_kpi.store.parts.held.part_grids import ADDED
from cx_kpi.store.parts.merge.part_merge import merged

PARTS = 2
PARTS_OF = {"a quarter": "months"}  # a run of the same moment, with cuts that nobody asks for here
CONFIG = {
    "complaint_repeat_days": 20,
    "repurchase_days": 30,
    "costs": {"hourly_rate": 30.0},
    "calendar": [{"hours": {"mon-fri": "09:00-17:00"}}],
    "surveys": {"scales": {"csat": (1.0, 5.0), "nps": (0.0, 10.0), "ces": (1.0, 7.0), "sps": (1.0, 5.0)}},
}
RUNS = {
    "months": {"period": "month", "by": [["channel"], ["segment", "product"]], "as_of": "2027-02-01"},
    "weeks": {"period": "week", "by": [["segment"]], "timezone": "Europe/Berlin", "as_of": "2027-01-20"},
    "a quarter": {"since": "2026-11-01", "until": "2027-01-01", "by": [], "as_of": "2027-02-01"},
}
DATES = ("created_at", "responded_at", "sent_at", "queued_at", "ordered_at", "period_start", "started_at")
TOLD = ("value", "n", "interval")


def told(done):
    return api.told(done).as_dict() | {"grids": done.results.grids}


def part_of(split, name, row, tickets):
    """What says which part a row belongs to: that of its ticket, if it has one."""
    row = tickets.get(row.get("ticket_id"), row)
    if split == "month":
        found = next((row[date] for date in DATES if row.get(date)), None)
        return found.month if found else 0
    keys = {"team": row.get("channel") or row.get("queue") or "", "customer": row.get("customer_id")}
    return crc32(
        str(keys[split] if split == "team" else keys[split] or sorted(row.items(), key=str)).encode()
    )


def written(folder, name, rows, tag):
    columns = list(dict.fromkeys(key for row in rows for key in row))
    table = pl.DataFrame([{key: row.get(key) for key in columns} for row in rows], infer_schema_length=None)
    path = folder / f"{tag}-{name}.csv"
    table.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
    return name, str(path)


@cache
def tables():
    company = Company(7, size=200)
    return company, {
        "tickets": company.tickets,
        "surveys": company._surveys(),
        "customers": company._customers(),
        "calls": company._calls(),
        "orders": company._orders(),
        "customer_counts": company._counts(),
    }


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The report of all rows, and that of the parts of a split."""

    @cache
    def expected(run):
        folder = tmp_path_factory.mktemp("whole")
        options = settings(**RUNS[run], config=CONFIG)
        whole = [written(folder, name, each, "all") for name, each in tables()[1].items()]
        return told(api.run(replace(options, explicit=tuple(whole))))

    @cache
    def parts(run, split):
        folder = tmp_path_factory.mktemp("parts")
        company, rows = tables()
        tickets = {row["ticket_id"]: row for row in company.tickets}
        asked = {name: given for name, given in RUNS[run].items() if name not in ("period", "since", "until")}
        made = []
        for number in range(PARTS):
            files = [
                written(folder, name, mine, f"{number}")
                for name, each in rows.items()
                if (mine := [row for row in each if part_of(split, name, row, tickets) % PARTS == number])
            ]
            done = api.run(replace(settings(**asked, config=CONFIG), explicit=tuple(files)))
            path = folder / f"{number}.part"
            path.write_bytes(packed(summed(done, str(path), [])))
            made.append(read_part(str(path)))
        return made

    @cache
    def made(run, split):
        given = {name: each for name, each in RUNS[run].items() if name not in ("timezone", "as_of")}
        return expected(run), told(merged(parts(PARTS_OF.get(run, run), split), settings(**given)))

    return made


@pytest.fixture(autouse=True)
def every_segment(monkeypatch):
    monkeypatch.setattr(part_cells, "FEWEST", 0)


def apart(report):
    """The titles of the metrics that are counted within each part."""
    said = {each["code"]: each["example"] for each in report["notices"]}
    return said.get("parts_apart", "").split(", ")


def wrong(expected, found):
    """Every figure of all rows that is another in the report of parts, where that does not say so."""
    titles = apart(found)
    assert len(titles) < len(found["metrics"]) / 2
    shown = {
        name: ERROR if each["details"].get("approximate") else 1e-9
        for name, each in found["metrics"].items()
        if each["title"] not in titles
    }
    assert len(shown) > 30
    for name, tolerance in shown.items():
        one, other = (report["metrics"][name] for report in (found, expected))
        yield from differences(*({key: each[key] for key in TOLD} for each in (one, other)), name, tolerance)
    for kind, place in (("series", ("metric", "start")), ("segments", ("metric", "by"))):
        tables = [
            {str([each[key] for key in place]): each for each in report[kind] if each["metric"] in shown}
            for report in (found, expected)
        ]
        yield from (f"{each} is missing" for each in tables[1].keys() - tables[0].keys())
        for key, point in tables[1].items():
            tolerance = shown[point["metric"]]
            yield from differences(
                *(
                    {name: each.get(name) for name in ("value", "n")}
                    for each in (tables[0].get(key, {}), point)
                ),
                f"{kind} {key}",
                tolerance,
            )


@pytest.mark.parametrize(
    ("run", "split"),
    [("months", "team"), ("months", "month"), ("weeks", "customer"), ("a quarter", "month")],
)
def test_what_adds_up_is_that_of_all_rows(reports, run, split):
    expected, found = reports(run, split)
    assert found["window"] == expected["window"]
    assert found["as_of"] == expected["as_of"]
    assert [*wrong(expected, found)] == []


def test_the_backlog_is_reconciled_and_bounded_as_of_all_rows(reports):
    expected, found = reports("months", "team")
    flows = [report["metrics"]["backlog"]["details"] for report in (found, expected)]
    assert flows[0].get("flow") == flows[1].get("flow")
    assert flows[0].get("lower_bound") == flows[1].get("lower_bound")


def test_charts_of_hours_and_waits_are_those_of_all_rows(reports):
    expected, found = reports("months", "team")
    shown, made = (
        {
            name: [(each.n, each.n and each.value) for row in grid.cells for each in row]
            for name, grid in grids.items()
            if name in ADDED
        }
        for grids in (expected["grids"], found["grids"])
    )
    assert shown.keys() == made.keys() == ADDED.keys()
    assert [*differences(made, shown)] == []
    charts = {each["id"] for each in found["exhibits"]}
    assert charts >= {each["id"] for each in expected["exhibits"]} & ADDED.keys()
    _, cut = reports("a quarter", "month")
    assert cut["grids"] == {}


def test_what_needs_rows_is_left_out_by_name(reports):
    _, found = reports("months", "team")
    lost = {each["metric"] for each in found["left_out"] if "hold no rows" in each["why"]}
    assert lost >= {"customer_concentration", "comment_terms", "review_terms"}
