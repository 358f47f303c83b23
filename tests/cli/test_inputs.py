"""Which files a run takes: empty ones among others are left out, packed and remote ones need leave."""

import gzip
import json
from pathlib import Path

import pytest

from cx_kpi.model.errors import Exit

from .conftest import HEADERS, Cxkpi, tickets

EMPTY = {"a.csv": "", "b.json": "[]", "c.csv": "\n\n", "d.csv": f"{HEADERS}\n", "e.parquet": ""}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_file_among_others_changes_nothing_and_is_named(name: str, cxkpi: Cxkpi) -> None:
    whole = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)
    Path(name).write_text(EMPTY[name], encoding="utf-8")
    for files in (("tickets.csv", name), (".",), ("*.*",), ("--tickets", "tickets.csv", "--tickets", name)):
        made = json.loads(cxkpi("report", *files, "-f", "json").out)
        assert made["metrics"] == whole["metrics"]
        assert {(each["path"], each["rows"]) for each in made["sources"]} == {("tickets.csv", 60), (name, 0)}
        (told,) = [each for each in made["notices"] if each.get("path") == name]
        assert told["level"] == "warning"
        assert "rows below the header" in told["message"] or "empty" in told["message"]


@pytest.mark.parametrize("name", EMPTY)
def test_a_check_and_a_configuration_pass_over_it_too(name: str, cxkpi: Cxkpi) -> None:
    Path(name).write_text(EMPTY[name], encoding="utf-8")
    found = json.loads(cxkpi("check", "tickets.csv", name, "-f", "json").out)
    assert {(each["path"], each["rows"]) for each in found["files"]} == {("tickets.csv", 60), (name, 0)}
    assert name in {each["path"] for each in found["problems"]}
    assert cxkpi("check", ".", "--lang", "ru").code == Exit.DONE
    assert cxkpi("init", "tickets.csv", name).code == Exit.DONE


@pytest.mark.parametrize("command", ["report", "check", "init"])
def test_an_empty_file_alone_is_a_clean_error(command: str, cxkpi: Cxkpi) -> None:
    Path("a.csv").touch()
    for files in (("a.csv",), ("a.csv", "a.csv")):
        ran = cxkpi(command, *files)
        assert (ran.code, ran.out) == (Exit.INPUT, "")
        assert ran.err == "cxkpi: error: a.csv: the file is empty; export it again\n"


@pytest.mark.parametrize("command", ["report", "check", "init"])
def test_sizes_and_servers_need_leave(command: str, cxkpi: Cxkpi) -> None:
    Path("t.csv.gz").write_bytes(gzip.compress(tickets().encode()))
    assert cxkpi(command, "t.csv.gz", "--max-size", "1,5k").code == Exit.INPUT
    assert cxkpi(command, "t.csv.gz", "--max-size", "much").code == Exit.USAGE
    assert cxkpi(command, "t.csv.gz", "--max-size", "5 MiB").code == Exit.DONE
    remote = ("http://127.0.0.1:9/t.csv", "--allow-remote")
    assert "read with --allow-remote only" in cxkpi(command, remote[0], "-o", "x.json").err
    assert "no answer from the server" in cxkpi(command, *remote, "-o", "x.json").err


OURS = (
    "report.csv",
    "report.json",
    "report.xlsx",
    "rows.csv",
    "rows.parquet",
    "aside.csv",
    "check.json",
    "receipt.json",
)


def _write_ours(cxkpi: Cxkpi) -> None:
    outputs = [word for name in OURS[:3] for word in ("-o", name)]
    for more in (outputs, ["--rows", "rows.csv", "--rejects", "aside.csv"], ["--rows", "rows.parquet"]):
        assert cxkpi("report", "tickets.csv", "--quiet", *more).code == Exit.DONE
    assert cxkpi("check", "tickets.csv", "-o", "check.json").code == Exit.DONE
    assert cxkpi("explain", "tickets_created", "tickets.csv", "-o", "receipt.json").code == Exit.DONE


def test_what_we_wrote_is_never_taken_for_an_export(cxkpi: Cxkpi) -> None:
    whole = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)
    _write_ours(cxkpi)
    for files in ((".",), ("tickets.csv", *OURS), ("*.*",)):
        made = json.loads(cxkpi("report", *files, "-f", "json").out)
        assert made["metrics"] == whole["metrics"]
        assert {each["path"] for each in made["notices"] if each["code"] == "own_output"} == set(OURS)
    for name in OURS:
        for table in ((), ("--tickets",), ("--surveys",)):
            ran = cxkpi("report", *table, name)
            assert (ran.code, ran.out) == (Exit.INPUT, "")
            assert f"{name}: written by cxkpi itself" in ran.err


def test_the_table_of_rows_holds_nothing_that_only_serves_to_compute(cxkpi: Cxkpi) -> None:
    from cx_kpi.engine.drilldown.rows_table import MEANT
    from cx_kpi.engine.planning.plan import FACTS

    assert all(set(names) <= FACTS[table].keys() for table, names in MEANT.items())
    assert cxkpi("report", "tickets.csv", "--quiet", "--rows", "rows.csv").code == Exit.DONE
    heads = Path("rows.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert heads[0] == "cxkpi_row"
    assert not set(heads) & (FACTS["tickets"].keys() - {*MEANT["tickets"]})
