"""Metrics and presets of one's own, as their user meets them: errors, cuts, formats, languages, where settings come from."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit

from .conftest import Cxkpi

TICKETS = """\
ticket_id,created_at,status,solved_at,channel,Refund paid,tag
1,2026-01-01 10:00,solved,2026-01-01 12:00,chat,"12,50",vip
2,2026-01-02 10:00,solved,2026-01-02 12:00,chat,n/a,vip
3,2026-01-03 10:00,solved,2026-01-03 12:00,email,lots,
4,2026-01-04 10:00,solved,2026-01-04 12:00,email,"7,00",vip
5,2026-01-05 10:00,open,,email,,x
"""
HEAD = '[[metric]]\nid = "m"\ntitle = { en = "Mine", ru = "Моя" }\n'
VIP = "kind = \"count\"\nwhere = \"channel = 'chat' and tag = 'vip'\"\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an export in it."""
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(desk: Path, metric: str, name: str = "cxkpi.toml") -> None:
    (desk / name).write_text(HEAD + metric, encoding="utf-8")


def report(cxkpi: Cxkpi, *more: str) -> dict:
    ran = cxkpi("report", "tickets.csv", "-f", "json", *more)
    assert ran.code == Exit.DONE, ran.err
    return json.loads(ran.out)


DEEP = "(" * 200 + "1" + ")" * 200
WRONG = [  # what the metric says, the line and column or the key in the message, and what it offers
    ('kind = "mean"\nvalue = "(select 1)"', "value: line 1, column 2", "select is not allowed"),
    ('kind = "mean"\nvalue = "read_csv(\'/etc/passwd\')"', "value: line 1, column 1", "read_csv( is not allowed"),
    ("kind = \"count\"\nwhere = \"channel = lpad('a', 1000000000)\"", "where: line 1, column 11", "lpad("),
    (f'kind = "mean"\nvalue = "{DEEP}"', "value: ", "nested too deeply"),
    ('kind = "mean"\nvalue = """\nrefund_paid +\n  refnd_paid"""', "value: line 2, column 3", "did you mean refund_paid"),
    ('kind = "count"\nwhere = "zzz = 1"', "where: line 1, column 1", "columns: channel, created_at"),
    ('kind = "count"\nwhere = "channel = chat"', "where: line 1, column 11", "quote it: 'chat'"),
    ('kind = "mean"\nvalue = "created_at"', "value: line 1, column 1", "a time where a number is needed"),
    ('kind = "mean"\nvalue = "refund_paid +"', "value: line 1", "write a whole"),
    ('kind = "share"', "metric m: hit is missing", "kind 'share' takes hit, of, where"),
    ('kind = "count"\nvalue = "1"', "metric m: value has no place", "kind 'count' takes where"),
    ('kind = "count"\nclock = "closed"', "metric m: clock", "created, solved, first solved, answered, open"),
    ('kind = "count"\ntable = "tickts"', "metric m: table", "did you mean tickets?"),
    ('kind = "mean"\nvalue = "1"\nunit = "hour"', "metric m: unit", "seconds, minutes, hours, days"),
    ('kind = "count"\ntarget = 5', "metric m: target", 'direction = "higher" or "lower"'),
    ('kind = "quantile"\nvalue = "1"', "metric m: quantile", "quantile = 0.9"),
    ('kind = "mean"\nvalue = "1"\ndirection = "lower"\ntarget = "soon"', "target of m", "neither a number nor"),
    ('kind = "count"\nwher = "1 = 1"', "metric.wher: no such key", "did you mean where?"),
    ('kind = "cuont"', "metric.kind", "'count'"),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "place", "offer"), WRONG)
def test_what_is_wrong_is_one_line_with_its_place(metric, place, offer, desk, cxkpi) -> None:
    configure(desk, metric)
    ran = cxkpi("report", "tickets.csv", "-o", "report.json")
    assert ran.code == Exit.USAGE
    assert re.fullmatch(r"cxkpi: error: [^\n]+\n", ran.err)
    assert place in ran.err
    assert offer in ran.err
    assert not (desk / "report.json").exists()


PLACED = [  # what the metric says, the line of the file, and how the message goes on
    ('kind = "share"', 1, "metric m: hit is missing"),
    ('kind = "count"\nvalue = "1"', 5, "metric m: value has no place"),
    ('kind = "count"\nclock = "closed"', 5, "metric m: clock"),
    ('kind = "count"\nwhere = "zzz = 1"', 5, "metric m, where: line 1, column 1: "),
    ('kind = "mean"\nvalue = "sum(1)"', 5, "metric m, value: line 1, column 1: "),
    ('kind = "mean"\nvalue = """\nrefund_paid +\n  refnd_paid"""', 5, "metric m, value: line 2, column 3: "),
    ('kind = "mean"\nvalue = "1"\ndirection = "lower"\ntarget = "soon"', 7, "target of m: "),
    ('kind = "count"\nwher = "1 = 1"', 5, "metric.wher: no such key"),
    ('kind = "cuont"', 4, "metric.kind: "),
    ('kind = "count"\n[[metric]]\nid = "m"\ntitle = "x"\nkind = "count"', 6, "metric m: there is one"),
]


@pytest.mark.parametrize(("metric", "line", "said"), PLACED)
def test_errors_name_the_file_and_its_line_once(metric, line, said, desk, cxkpi) -> None:
    (desk / "own").mkdir()
    (desk / "tickets.csv").rename(desk / "own" / "tickets.csv")
    configure(desk, f'{metric}\n[report.weekly]\nfiles = "tickets.csv"\n', "own/ours.toml")
    for command in (("report", "own/tickets.csv"), ("run", "weekly"), ("explain", "m", "own/tickets.csv")):
        ran = cxkpi(*command, "--config", "own/ours.toml")
        assert ran.code == Exit.USAGE
        assert ran.err.startswith(f"cxkpi: error: own/ours.toml:{line}: {said}"), ran.err
        assert ran.err.count("ours.toml") == 1


@pytest.mark.parametrize("of", ["refund_paid - refund_paid", "case when channel = 'fax' then 1 else 0 end"])
def test_a_zero_below_the_line_is_no_data(of, desk, cxkpi) -> None:
    configure(desk, f'kind = "ratio"\nvalue = "1"\nof = "{of}"\n')
    found = report(cxkpi)
    assert found["metrics"]["m"]["value"] is None
    assert any(left["metric"] == "m" and left["why"] for left in found["left_out"])


def test_a_word_as_the_export_spells_it_is_answered_with_ours(desk, cxkpi) -> None:
    configure(desk, 'kind = "share"\nhit = "status = \'solved\'"\nwhere = "channel = \'Chat\'"\n')
    (left,) = (each for each in report(cxkpi)["left_out"] if each["metric"] == "m")
    assert "our fields hold our words, such as channel = 'email'" in left["why"]


def test_a_column_of_words_is_read_as_numbers_and_what_is_none_is_said(desk, cxkpi) -> None:
    configure(desk, 'kind = "mean"\nvalue = "refund_paid"\nunit = "currency"\n')
    found = report(cxkpi, "--by", "channel", "--by", "tag")
    assert (found["metrics"]["m"]["value"], found["metrics"]["m"]["n"]) == (9.75, 2)
    (said,) = (each for each in found["notices"] if "refund_paid" in each["message"])
    assert (said["rows"], said["field"]) == (1, "refund_paid")


UNKNOWN = [  # what the metric says, its n, and the rows of which it is not known
    ('kind = "share"\nhit = "tag = \'vip\'"', 4, 1),
    ('kind = "share"\nhit = "tag = \'vip\'"\nof = "solved_at is not null"', 3, 1),
    ('kind = "share"\nhit = "tag = \'vip\'"\nwhere = "channel = \'chat\'"', 2, 0),
    ("kind = \"share\"\nhit = \"coalesce(tag, '') = 'vip'\"", 5, 0),
    ('kind = "net"\nhit = "tag = \'vip\'"\nmiss = "solved_at - created_at > 0"', 3, 2),
]


@pytest.mark.parametrize(("metric", "n", "unknown"), UNKNOWN)
def test_rows_of_which_a_condition_is_not_known_are_counted_and_said(metric, n, unknown, desk, cxkpi) -> None:
    configure(desk, metric)
    found = report(cxkpi, "--metrics", "m")
    reading = found["metrics"]["m"]
    assert (reading["n"], reading["details"]["unknown"]) == (n, unknown)
    said = [each for each in found["notices"] if each["code"] == "unknown_in_metric"]
    assert [(each["level"], each["field"], each["rows"]) for each in said] == [("info", "m", unknown)] * bool(
        unknown
    )
    assert (f"Rows that m leaves out: {unknown} " in cxkpi("report", "tickets.csv", "-f", "md").out) == bool(
        unknown
    )


def test_parts_count_such_rows_too(desk, cxkpi) -> None:
    configure(desk, 'kind = "share"\nhit = "tag = \'vip\'"\n')
    head, *rows = TICKETS.splitlines(keepends=True)
    for name, some in (("a", rows[:3]), ("b", rows[3:])):
        (desk / f"{name}.csv").write_text(head + "".join(some), encoding="utf-8")
        assert cxkpi("build", f"{name}.csv", "-o", f"{name}.part").code == Exit.DONE
    ran = cxkpi("merge", "a.part", "b.part", "-f", "json")
    assert ran.code == Exit.DONE, ran.err
    (said,) = (each for each in json.loads(ran.out)["notices"] if each["code"] == "unknown_in_metric")
    assert (said["field"], said["rows"]) == ("m", 1)


def test_ids_are_compared_as_they_are_spelt(desk, cxkpi) -> None:
    configure(desk, "kind = \"count\"\nwhere = \"ticket_id in ('1', '5', '9')\"\n")
    assert report(cxkpi)["metrics"]["m"]["value"] == 2


def test_it_is_in_every_format_and_language(desk, cxkpi) -> None:
    configure(desk, VIP + 'direction = "higher"\ntarget = 3\ngroup = { en = "Desk", ru = "Служба" }\n')
    for suffix in ("html", "md", "eml", "csv", "xlsx", "prom", "xml", "ndjson", "txt"):
        made = cxkpi("report", "tickets.csv", "-o", f"r.{suffix}")
        assert made.code == Exit.DONE, made.err
    for name in ("r.html", "r.md", "r.csv", "r.txt"):
        assert "Mine" in (desk / name).read_text(encoding="utf-8")
    assert 'metric="m"' in (desk / "r.prom").read_text() or "m{" in (desk / "r.prom").read_text()
    told = cxkpi("report", "tickets.csv", "--lang", "ru").out
    assert "Моя" in told
    assert "Служба" in told
    found = report(cxkpi)
    assert found["metrics"]["m"]["target"] == {"operator": ">=", "value": 3.0}
    assert found["groups"][found["metrics"]["m"]["group"]] == "Desk"


def test_explain_and_the_list_know_it(desk, cxkpi) -> None:
    configure(desk, 'kind = "share"\nhit = "tag = \'vip\'"\nwhere = "channel = \'chat\'"\n')
    receipt = json.loads(cxkpi("explain", "m", "tickets.csv", "-f", "json").out)
    assert receipt["steps"][-1]["left"] == receipt["reading"]["n"] == 2
    assert any("condition" in step["reason"] for step in receipt["steps"])
    assert "Mine" in cxkpi("metrics").out
    assert "channel = 'chat'" in cxkpi("metrics", "m").out
    assert cxkpi("report", "tickets.csv", "--metrics", "m").code == Exit.DONE


def test_targets_hold_for_it_as_for_ours(desk, cxkpi) -> None:
    more = '[targets]\nm = 1\n[[target]]\nmetric = "m"\nwhen = { channel = "email" }\nvalue = 2\n'
    configure(desk, 'kind = "count"\ndirection = "lower"\ntarget = 9\n' + more)
    found = report(cxkpi)
    assert found["metrics"]["m"]["target"]["value"] == 1.0
    by = {
        part["by"]["channel"]: part["target"]["value"] for part in found["segments"] if part["metric"] == "m"
    }
    assert by == {"chat": 1.0, "email": 2.0}


def test_an_id_is_used_once(desk, cxkpi) -> None:
    (desk / "cxkpi.toml").write_text('[[metric]]\nid = "csat"\ntitle = "x"\nkind = "count"\n')
    assert "metric csat: there is one of this id already" in cxkpi("report", "tickets.csv").err


def test_a_configuration_that_comes_with_the_data_brings_no_metrics(tmp_path, cxkpi, monkeypatch) -> None:
    """They say what a report shows, which is for whoever makes it; how to read the files is taken from there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    configure(tmp_path / "data", VIP)
    ran = cxkpi("report", "data", "-f", "json")
    found = json.loads(ran.out)
    assert "m" not in found["metrics"]
    assert any("metric" in notice["message"] for notice in found["notices"])
    assert "m" in report(cxkpi, "--config", "data/cxkpi.toml", "data")["metrics"]


EXPORT = """\
Vorgang;Beginn;Ende;Weg
A-1;03.02.2026 10:00;03.02.2026 12:00;Mail
A-2;04.02.2026 10:00;;Telefon
"""
PRESET = """\
table = "tickets"
signature = [["Vorgang", "Beginn"]]
[columns]
ticket_id = "Vorgang"
created_at = "Beginn"
solved_at = "Ende"
channel = "Weg"
[values.channel]
Mail = "email"
"""


def test_a_preset_of_ones_own(tmp_path, cxkpi, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(PRESET, encoding="utf-8")
    (tmp_path / "cxkpi.toml").write_text('presets = ["ours.toml"]\n')
    found = json.loads(cxkpi("report", "list.csv", "-f", "json").out)
    assert found["sources"][0]["preset"] == "ours"
    assert {part["by"]["channel"] for part in found["segments"]} >= {"email"}


@pytest.mark.parametrize(
    ("said", "preset", "why"),
    [
        (
            "ours.toml",
            PRESET.replace("signature", "signatur"),
            "signatur: no such key; did you mean signature?",
        ),
        ("ours.toml", PRESET.replace("ticket_id", "tickt_id"), "tickt_id: no such field"),
        (
            "ours.toml",
            PRESET.replace('[["Vorgang", "Beginn"]]', '["Vorgang"]'),
            "signature: lists of headers",
        ),
        ("ours.toml", "table = ", "cannot be read"),
        ("other.toml", PRESET, "no such file"),
        ("../ours.toml", PRESET, "outside the folder"),
    ],
)
def test_a_preset_that_is_wrong(said, preset, why, tmp_path, cxkpi, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(preset, encoding="utf-8")
    (tmp_path / "cxkpi.toml").write_text(f'presets = ["{said}"]\n')
    ran = cxkpi("report", "list.csv")
    assert ran.code == Exit.USAGE
    assert ran.err.count("\n") == 1
    assert "cxkpi.toml: presets: " in ran.err
    assert why in ran.err


PACKAGE = """\
import polars as pl
from pathlib import Path
from cx_kpi.metrics.definition.aggregations import share
from cx_kpi.metrics.definition.clocks import CREATED
from cx_kpi.metrics.definition.metric import Method, Metric
from cx_kpi.model.values import Better, Unit

CHATS = Metric(
    id="chats", title="Chats", group="channels", about="Share of chats.", formula="chats ÷ tickets",
    unit=Unit.SHARE, better=Better.NEITHER,
    methods=(Method(CREATED, share(pl.col("channel").cast(pl.String) == "chat", of=pl.lit(value=True))),),
)
PRESET = Path(__file__).with_name("ours.toml")
"""


def test_installed_packages_bring_metrics_and_presets(tmp_path) -> None:
    (tmp_path / "desk_metrics.py").write_text(PACKAGE, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(PRESET, encoding="utf-8")
    (tmp_path / "list.csv").write_text(EXPORT, encoding="utf-8")
    info = tmp_path / "desk_metrics-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: desk-metrics\nVersion: 1.0\n")
    points = "[cxkpi.metrics]\ndesk = desk_metrics:CHATS\n[cxkpi.presets]\ndesk = desk_metrics:PRESET\n"
    (info / "entry_points.txt").write_text(points)
    root = str(folder("sample_data").parent)
    script = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {root!r}]\n"
        "from cx_kpi import make_report\n"
        f"found = make_report({str(tmp_path / 'list.csv')!r})\n"
        "print(found.metrics['chats'].value, found.sources[0].preset)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "0.0 ours\n"


def test_the_examples_of_the_guide(tmp_path, cxkpi, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (folder("guide") / "own-metrics.md").read_text(encoding="utf-8")
    blocks = [
        each
        for each in re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        if "metric" in each
    ]
    (tmp_path / "cxkpi.toml").write_text("\n".join(blocks), encoding="utf-8")
    ids = re.findall(r'^id = "(\w+)"', "\n".join(blocks), re.MULTILINE)
    ran = cxkpi("report", str(folder("sample_data")), "-f", "json", "--metrics", ",".join(ids))
    assert ran.code == Exit.DONE, ran.err
    found = json.loads(ran.out)["metrics"]
    assert {*found} == {*ids}
    assert all(each["value"] is not None and each["n"] >= 50 for each in found.values())


def test_a_condition_that_holds_for_no_row_is_told(cxkpi: Cxkpi, desk: Path) -> None:
    def told(where: str) -> list[str]:
        configure(desk, f'kind = "count"\nwhere = "{where}"\n')
        found = report(cxkpi, "--metrics", "m")
        return [each["message"] for each in found["notices"] if each["code"] == "none_in_metric"]

    assert told("channel = 'chat'") == []
    (text,) = told("channel = 'Chatt'")
    assert "m: its condition (where) holds for no row" in text


def test_the_receipt_of_a_wait_in_business_hours_names_them(cxkpi: Cxkpi, desk: Path) -> None:
    mean = 'kind = "mean"\nvalue = "resolution_business_seconds"\nunit = "seconds"\n'
    configure(desk, f'{mean}[[calendar]]\nhours = {{ "mon-sun" = "11:00-18:00" }}\n')
    ran = cxkpi("explain", "m", "tickets.csv", "-f", "json")
    assert "11:00–18:00" in json.loads(ran.out)["time"]
    assert "every hour" not in ran.out


def test_waits_in_business_hours_are_among_the_columns(cxkpi: Cxkpi, desk: Path) -> None:
    mean = 'kind = "mean"\nvalue = "resolution_business_seconds"\nunit = "seconds"\n'
    configure(desk, f'{mean}[[calendar]]\nhours = {{ "mon-sun" = "11:00-18:00" }}\n')
    assert report(cxkpi, "--metrics", "m")["metrics"]["m"]["value"] == 3600.0
    rows = TICKETS.replace("tag\n", "resolution_business_seconds\n")
    (desk / "tickets.csv").write_text(rows, encoding="utf-8")
    assert report(cxkpi, "--metrics", "m")["metrics"]["m"]["value"] == 3600.0
    configure(desk, mean)
    (left,) = report(cxkpi, "--metrics", "m")["left_out"]
    assert "[[calendar]]" in left["why"]
