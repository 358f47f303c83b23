"""The receipt of a figure: rows add up, its rows are the right ones, and no values are shown unasked."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cx_kpi import api
from cx_kpi.judge.receipt import make_receipt
from cx_kpi.judge.receipt.make_receipt import tables_of
from cx_kpi.judge.receipt.row_waterfall import MADE
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit, InputProblem
from cx_kpi.model.options import Config, Options
from cx_kpi.model.report import Report
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.render.documents.receipt_document import as_json

from .conftest import HEADERS, Cxkpi, ticket, tickets
from .test_rejects import DAMAGE, UNCOUNTED, export

SAMPLE = str(folder("sample_data"))
WITHIN = "first_response_within_target"


def receipt(cxkpi: Cxkpi, *arguments: str) -> dict[str, Any]:
    """The receipt as JSON."""
    ran = cxkpi("explain", *arguments, "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    return json.loads(ran.out)


def add_up(made: dict[str, Any]) -> None:
    """Rows that came in less rows that went out are the rows left, step by step."""
    left = 0
    for step in made["steps"]:
        left += step["rows"]
        assert step["left"] == left >= 0, step
        assert step["rows"], step
    assert left == made["reading"]["n"]
    if "surveys" not in tables_of(made["metric"], Config()):  # whose rows may become several
        assert MADE not in {step["reason"] for step in made["steps"]}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([*DAMAGE.values(), *UNCOUNTED.values()]), max_size=6, unique=True),
    st.sampled_from(["tickets_created", "resolution_time", WITHIN, "tickets_solved", "channel_share"]),
    st.sampled_from(
        [(), ("--where", "channel = 'email'"), ("--since", "2026-01-05"), ("--as-of", "2026-01-12")]
    ),
)
def test_rows_add_up_from_the_file_to_the_figure(
    cxkpi: Cxkpi, rows: list[str], metric: str, more: tuple[str, ...]
) -> None:
    lines = export(*rows)
    made = receipt(cxkpi, metric, "tickets.csv", *more)
    add_up(made)
    assert made["steps"][0]["rows"] == len(lines) - 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[api.Run, Report]:
    """The sample company with every row kept, and its report."""
    config = tmp_path_factory.mktemp("company") / "cxkpi.toml"
    config.write_text('[[calendar]]\nhours = { "mon-fri" = "09:00-17:00" }\n', encoding="utf-8")
    asked = Options(paths=(SAMPLE,), by=(("channel",),), config=read_config(str(config)))
    done = api.run(asked, keep=TABLES)
    return done, api.told(done)


@pytest.fixture
def explained(
    whole: tuple[api.Run, Report], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], dict[str, Any]]:
    """The receipt of a metric of the sample company, cut by channel, from the one run."""
    done, report = whole
    monkeypatch.setattr(make_receipt, "assemble", lambda *_: report)
    read = (done.loaded, done.available, done.results, done.sources, done.options)
    return lambda metric: json.loads(as_json(make_receipt.explain(metric, *read)))


@pytest.mark.parametrize("metric", sorted(PUBLIC))
def test_every_metric_of_the_sample_is_explained(
    metric: str, explained: Callable[[str], dict[str, Any]]
) -> None:
    try:
        made = explained(metric)
    except InputProblem as problem:
        assert f"{metric} cannot be computed: " in str(problem)  # noqa: PT017
        return
    add_up(made)
    assert [each["taken"] for each in made["ways"]].count(True) == 1
    assert not next(each for each in made["ways"] if each["taken"])["lacks"]


def test_a_metric_that_the_files_do_not_allow(cxkpi: Cxkpi) -> None:
    ran = cxkpi("explain", "csat", "tickets.csv")
    assert ran.code == Exit.INPUT
    assert "csat cannot be computed: " in ran.err


def test_rows_of_other_kinds_go_first_then_those_without_its_date(
    explained: Callable[[str], dict[str, Any]],
) -> None:
    complaints = explained("complaints")["reading"]["value"]
    steps = explained("cost_per_complaint")["steps"][-2:]
    assert [step["reason"] for step in steps] == [
        "not a complaint",
        "without the date to count by (solved_at)",
    ]
    assert steps[0]["left"] == complaints


SOME = """\
ticket_id,created_at,is_complaint,channel,cost
1,2026-03-01 09:00,yes,chat,3
2,2026-03-01 09:00,no,email,4
3,2026-03-01 09:00,,email,5
4,2026-03-01 09:00,yes,,
"""
DEAR = """\
[[metric]]
id = "dear"
title = "Dear"
kind = "mean"
value = "cost"
where = "channel = 'email'"
"""


@pytest.mark.parametrize(
    ("metric", "reason"), [("complaints", "not a complaint"), ("dear", "outside the condition of the metric")]
)
def test_rows_of_which_nobody_knows_what_they_are_are_of_other_kinds(
    metric: str, reason: str, cxkpi: Cxkpi
) -> None:
    Path("tickets.csv").write_text(SOME, encoding="utf-8")
    Path("cxkpi.toml").write_text(DEAR, encoding="utf-8")
    steps = receipt(cxkpi, metric, "tickets.csv")["steps"]
    assert [(step["rows"], step["reason"]) for step in steps[1:]] == [(-2, reason)]


def test_of_two_answers_about_a_ticket_the_earlier_is_out(cxkpi: Cxkpi) -> None:
    lines = [
        "t1,1,2026-03-01 09:00",
        "t1,5,2026-03-02 09:00",
        "t2,4,2026-03-02 09:00",
        "t1,2,2026-03-01 10:00",
    ]
    Path("answers.csv").write_text("\n".join(["ticket_id,csat_score,responded_at", *lines]), encoding="utf-8")
    steps = receipt(cxkpi, "csat", "answers.csv")["steps"]
    assert [(step["rows"], step["reason"]) for step in steps[1:]] == [(-2, "answered again later")]


def test_of_equal_rows_the_latest_are_shown(cxkpi: Cxkpi) -> None:
    days = [f"2026-03-{day:02}" for day in (3, 9, 1, *range(10, 20), 2)]
    lines = [f"t{day[-2:]},{day} 09:00,{day} 10:00" for day in days]
    Path("tickets.csv").write_text(
        "\n".join(["ticket_id,created_at,first_response_at", *lines]), encoding="utf-8"
    )
    shown = receipt(cxkpi, "first_response_time", "tickets.csv")["worst"]["rows"]
    assert [row["at"][:10] for row in shown] == sorted(days, reverse=True)[: len(shown)]


def test_ratings_that_tickets_carry_go_by_the_id_of_their_ticket(cxkpi: Cxkpi) -> None:
    lines = [
        f"{HEADERS},Satisfaction",
        *(f"{ticket(k)},{'bad' if k in {2, 5} else 'good'}" for k in range(8)),
    ]
    Path("rated.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    worst = receipt(cxkpi, "csat", "rated.csv")["worst"]["rows"]
    assert {each["id"] for each in worst} == {"2", "5"}


def test_deadlines_are_said_as_such(cxkpi: Cxkpi) -> None:
    lines = [HEADERS, *(ticket(k, 60 * 24 * (9 if k == 3 else 1)) for k in range(8))]
    Path("tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = """[[calendar]]\nhours = { mon-fri = "09:00-18:00" }
        [[target]]\nmetric = "first_response_time"\ndeadline = "business_days:3"\n"""
    Path("cxkpi.toml").write_text(rules, encoding="utf-8")
    made = receipt(cxkpi, WITHIN, "tickets.csv")
    assert "closing time, 3 working days later" in made["time"]
    assert "Mon–Fri 09:00–18:00" in made["time"]
    assert None in {target["seconds"] for target in made["row_goals"]}
    due = [each["due"] for each in made["worst"]["rows"] if each["id"] == "3"]
    assert "T18:00" in due[0]
    assert all(not each["lacks"] for each in made["ways"])
    assert receipt(cxkpi, "first_response_time", "tickets.csv")["steps"]


def test_targets_of_segments_are_said_in_the_direction_of_the_metric(cxkpi: Cxkpi) -> None:
    rules = """[[target]]\nmetric = "resolution_time"\nvalue = "4 h"\nwhen = { channel = "email" }
        [[target]]\nmetric = "resolution_within_target"\nvalue = 0.9\nwhen = { channel = "chat" }"""
    Path("cxkpi.toml").write_text(rules, encoding="utf-8")
    assert receipt(cxkpi, "resolution_time", "tickets.csv")["segment_targets"].startswith("≤ 4")
    assert "≥ 90" in receipt(cxkpi, "resolution_within_target", "tickets.csv")["segment_targets"]


def test_targets_in_business_hours_are_said_with_these_hours(cxkpi: Cxkpi) -> None:
    lines = [HEADERS, *(ticket(k, 60 * 24 if k < 4 else 1) for k in range(12))]
    Path("tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = """[[calendar]]\nhours = { mon-sun = "00:00-09:00" }
        [[target]]\nmetric = "first_response_time"\nvalue = "4 h"\nclock = "business"\nsince = 2026-01-03
        [[target]]\nmetric = "first_response_time"\ndeadline = "next_working_day"\nwhen = { channel = "email" }"""
    Path("cxkpi.toml").write_text(rules, encoding="utf-8")
    made = receipt(cxkpi, WITHIN, "tickets.csv")
    hours = "Business hours: Mon–Sun 00:00–09:00 (UTC)"
    day = "closing time of the next working day (channel email)"
    assert made["time"] == f"{day}; 4\N{NO-BREAK SPACE}h in business hours (from 3 January 2026). {hours}"
    assert receipt(cxkpi, "first_response_time_business", "tickets.csv")["time"] == hours
    written = [line.split(",") for line in lines[1:]]
    emails = sum("email" in line for line in written)
    # those of 09:00 are due after 24 h, which is the usual target, too
    assert {target["seconds"]: target["rows"] for target in made["row_goals"]}[None] == emails


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """The schema of a receipt, as a judge."""
    from cx_kpi.model.documents.json_schema import json_schema
    from cx_kpi.model.documents.receipt import Receipt

    schema = json_schema(Receipt, "cxkpi explain")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_holds(cxkpi: Cxkpi, validator: Draft202012Validator) -> None:
    validator.validate(receipt(cxkpi, WITHIN, "tickets.csv", "--by", "channel", "--show-values"))
    printed = json.loads(cxkpi("schema", "explain").out)
    assert printed == validator.schema


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", ["80", "40"])
def test_it_fits_a_terminal(
    lang: str, width: str, cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch, thinned: Path
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    ran = cxkpi("explain", WITHIN, str(thinned), "--by", "channel,priority", "--lang", lang, "--show-values")
    assert ran.code == Exit.DONE
    assert max(map(len, ran.out.splitlines())) <= int(width)


def test_the_worst_rows_are_those_that_miss(cxkpi: Cxkpi) -> None:
    slow = {7: 60 * 24 * 3, 11: 60 * 24 * 2, 19: 90}
    lines = [HEADERS, *(ticket(k, slow.get(k, 1)) for k in range(20))]
    Path("tickets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    targets = "[targets]\nfirst_response_time = '1 h'\n"
    Path("cxkpi.toml").write_text(targets, encoding="utf-8")
    found = receipt(cxkpi, WITHIN, "tickets.csv")["worst"]
    worst = found["rows"]
    assert found["unit"] == "seconds"
    assert [each["id"] for each in worst] == ["7", "11", "19"]
    assert [each["value"] for each in worst] == [minutes * 60 for minutes in slow.values()]
    assert {each["target"] for each in worst} <= {120, 240, 3600}
    slowest = receipt(cxkpi, "first_response_time", "tickets.csv")["worst"]["rows"]
    assert [each["id"] for each in slowest][:3] == ["7", "11", "19"]


def test_values_are_shown_only_when_asked_for(cxkpi: Cxkpi) -> None:
    text = f"{HEADERS},subject\n" + "".join(f"{ticket(k)},secret {k}\n" for k in range(20))
    Path("tickets.csv").write_text(text, encoding="utf-8")
    plain = cxkpi("explain", "first_response_time", "tickets.csv", "--rows", "rows.csv").out
    assert "secret" not in plain + Path("rows.csv").read_text(encoding="utf-8")
    shown = cxkpi("explain", "first_response_time", "tickets.csv", "--rows", "rows.csv", "--show-values").out
    assert "secret" in shown
    assert "secret" in Path("rows.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("metric", ["first_response_time", WITHIN, "csat", "nps", "resolution_time"])
def test_the_pulls_of_segments_cancel_out(metric: str, explained: Callable[[str], dict[str, Any]]) -> None:
    made = explained(metric)
    pulls = [part["pull"] for part in made["parts"]]
    assert sum(part["n"] for part in made["parts"]) == made["reading"]["n"]
    assert len(pulls) > 3
    assert None not in pulls
    weighed = sum(part["n"] * part["value"] for part in made["parts"]) / made["reading"]["n"]
    assert weighed == pytest.approx(made["reading"]["value"])
    assert sum(pulls) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("first_respons_time", "tickets.csv"), Exit.USAGE, "did you mean first_response_time"),
        (("csat", "tickets.csv"), Exit.INPUT, "csat cannot be computed: no file of surveys"),
        (("backlog", "tickets.csv", "--rows", "rows.xls"), Exit.USAGE, ".csv or .parquet"),
        (("backlog", "tickets.csv", "--rows", "tickets.csv"), Exit.OUTPUT, "one of the files to read"),
        (("backlog", "tickets.csv", "-o", "tickets.xls"), Exit.USAGE, "explain writes"),
        (("backlog",), Exit.USAGE, "cxkpi explain backlog tickets.csv"),
    ],
)
def test_problems_are_one_line(arguments: tuple[str, ...], code: Exit, said: str, cxkpi: Cxkpi) -> None:
    before = Path("tickets.csv").read_bytes()
    ran = cxkpi("explain", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert Path("tickets.csv").read_bytes() == before


def test_the_rows_come_to_the_figures(cxkpi: Cxkpi, thinned: Path) -> None:
    ran = cxkpi("report", str(thinned), "--rows", "rows.parquet", "-f", "json", "--last", "3m")
    found = json.loads(ran.out)["metrics"]
    rows = pl.read_parquet("rows.parquet")
    assert rows["ticket_id"].is_unique().all()
    for name in ("first_response_time", WITHIN, "resolution_time", "repeat_contact_rate", "escalation_rate"):
        assert rows[name].mean() == pytest.approx(found[name]["value"]), name
        assert rows[name].count() == found[name]["n"], name
    for name in ("tickets_created", "backlog", "complaints"):
        assert rows[name].sum() == found[name]["value"], name


def test_rows_of_tickets_made_of_events_have_their_ids(cxkpi: Cxkpi) -> None:
    lines = ["ticket_id,at,event,status"]
    for number in range(6):
        day = f"2026-03-{number + 1:02}"
        lines += [f"T-0{number},{day} 09:00,created,", f"T-0{number},{day} 10:0{number},status,solved"]
    Path("log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = cxkpi("explain", "resolution_time", "log.csv", "-f", "json", "--rows", "rows.parquet")
    ids = [f"T-0{number}" for number in range(6)]
    assert [each["id"] for each in json.loads(ran.out)["worst"]["rows"]] == ids[::-1]
    assert pl.read_parquet("rows.parquet")["ticket_id"].to_list() == ids


def test_rows_are_written_safely(cxkpi: Cxkpi) -> None:
    lines = tickets(6).replace("\n3,", "\n=cmd(),").replace(",phone,", ",+phone,")
    Path("tickets.csv").write_text(lines, encoding="utf-8")
    assert cxkpi("report", "tickets.csv", "-q", "--rows", "rows.csv").code == Exit.DONE
    with Path("rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["ticket_id"] for row in rows] == ["0", "1", "2", "'=cmd()", "4", "5"]
    assert {row["channel"] for row in rows} == {"email", "chat", "'+phone"}
    assert all(not cell.startswith(tuple("=+-@")) for row in rows for cell in row.values())


def test_markdown_and_files(cxkpi: Cxkpi) -> None:
    assert cxkpi("explain", WITHIN, "tickets.csv", "-o", "receipt.md").out == ""
    text = Path("receipt.md").read_text(encoding="utf-8")
    assert text == cxkpi("explain", WITHIN, "tickets.csv", "-f", "md").out
    assert text.startswith("# Answered within target")


def _alone(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding without what it says of other findings and of other metrics."""
    text = finding["text"].removeprefix("At the same time – ")
    return finding | {"text": text.split("; 67 of them are overdue")[0].removesuffix(".")}


def test_a_metric_is_judged_as_in_the_report_and_its_finding_is_told(cxkpi: Cxkpi) -> None:
    settings_of = ("--config", f"{SAMPLE}/cxkpi.toml")
    whole = json.loads(cxkpi("report", SAMPLE, *settings_of, "-f", "json").out)
    for name in ("tickets_created", "backlog"):
        made = receipt(cxkpi, name, SAMPLE, *settings_of)
        assert made["reading"]["latest"] == whole["metrics"][name]["latest"]
        told = [each for each in whole["findings"] if each["metric"] == name]
        assert [_alone(each) for each in told] == [_alone(each) for each in made["findings"]]


def test_both_changes_of_a_mean_are_in_one_unit(cxkpi: Cxkpi) -> None:
    head, *lines = tickets(200).splitlines()
    rows = [f"{line},{place * 7 % 31}" for place, line in enumerate(lines)]
    Path("tickets.csv").write_text("\n".join([f"{head},refund", *rows]) + "\n", encoding="utf-8")
    Path("cxkpi.toml").write_text(
        '[[metric]]\nid = "refunds"\ntitle = "Refunds"\nkind = "mean"\nvalue = "refund"\nunit = "currency"\n'
        'direction = "lower"\n[costs]\ncurrency = "EUR"\n',
        encoding="utf-8",
    )
    told = cxkpi("explain", "refunds", "tickets.csv").out
    judged, compared = re.findall(r"^Change +(.*)$", told, re.MULTILINE)
    assert "EUR" in judged
    assert "EUR" in compared
    assert "%" not in compared
