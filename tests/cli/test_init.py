"""A configuration written: it is read again, holds the mapping found, and changes no figure."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from normalise.frames import tables

from cx_kpi.cli.commands import init_command as module
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit, InputProblem
from cx_kpi.model.options import Config
from cx_kpi.normalise.config import toml
from cx_kpi.normalise.config.kept_settings import kept
from cx_kpi.normalise.config.read_config import read_config
from cx_kpi.read.open import open_each

from .conftest import HEADERS, Cxkpi, Ran, tickets

PRESETS = {path.stem: path for path in sorted((folder("sample_data") / "presets").glob("*.csv"))}
COMPANY = ("tickets", "surveys", "customers", "customer_counts", "orders", "calls")


WRITTEN = "cxkpi: cxkpi.toml written; look through it, then run cxkpi report"


def said(ran: Ran) -> Ran:
    """A report without the name of the file that its settings are from."""
    out = re.sub(r'^  "configuration": .*$', "", ran.out, flags=re.MULTILINE)
    assert out != ran.out or ran.code != Exit.DONE
    return ran._replace(out=out)


def same(cxkpi: Cxkpi, *files: str) -> None:
    """The report with the configuration written is the report without it."""
    before = said(cxkpi("report", *files, "-f", "json"))
    ran = cxkpi("init", *files)
    if before.code == Exit.INPUT:  # a file to refuse, and so to both
        assert ran.code == Exit.INPUT
        return
    assert ran == (Exit.DONE, "", ran.err)
    assert ran.err.splitlines()[0] == WRITTEN
    read_config(None)
    assert said(cxkpi("report", *files, "-f", "json")) == before


def canonical(config: Config) -> dict[str, Any] | None:
    """The tables of the export with what is said of them, None where it is refused."""
    try:
        found = tables(
            *open_each(Path("export.csv")),
            config=config,
            timezone=config.timezone or "UTC",
            source_timezone=config.source_timezone,
        )
    except InputProblem:
        return None
    return {name: (each.frame.to_dicts(), each.sources, each.notices) for name, each in found.items()}


@pytest.mark.parametrize("product", PRESETS)
def test_a_preset_reads_the_same_with_what_was_found(product: str, cxkpi: Cxkpi) -> None:
    shutil.copy(PRESETS[product], "export.csv")
    before, ran = canonical(Config()), cxkpi("init", "export.csv")
    if before is None:  # a file to refuse
        assert ran.code == Exit.INPUT
        return
    assert ran == (Exit.DONE, "", ran.err)
    assert sum(len(rows) for rows, *_ in before.values())
    assert canonical(read_config("cxkpi.toml")) == before


def test_a_company_reads_the_same_with_what_was_found(cxkpi: Cxkpi, thinned: Path) -> None:
    for name in COMPANY:
        shutil.copy(thinned / f"{name}.csv", ".")
    same(cxkpi, *(f"{name}.csv" for name in COMPANY))


OURS = """# how we work
backlog_age = "48 h"   # as agreed in May

[tickets.columns]
priority = "Urgency"   # not the column of the same name

[targets]  # of the board
csat = 0.9
"""


def test_settings_and_comments_in_use_stay(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text(OURS, encoding="utf-8")
    ran = cxkpi("init", "tickets.csv", "--force")
    assert (ran.code, ran.err) == (Exit.DONE, f"{WRITTEN}\n")
    text = Path("cxkpi.toml").read_text(encoding="utf-8")
    assert all(line in text.splitlines() for line in OURS.splitlines())
    found = tomllib.loads(text)
    assert found["targets"] == {"csat": 0.9}
    assert found["tickets"]["columns"]["priority"] == "Urgency"
    assert {"ticket_id", "created_at"} <= found["tickets"]["columns"].keys()


def test_another_file_takes_the_settings_in_use(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text(OURS, encoding="utf-8")
    assert cxkpi("init", "tickets.csv", "-o", "new.toml").err == f"{WRITTEN}\n".replace(
        "cxkpi.toml", "new.toml"
    )
    assert tomllib.loads(Path("new.toml").read_text(encoding="utf-8"))["backlog_age"] == "48 h"
    assert "# as agreed in May" in cxkpi("init", "tickets.csv", "-o", "-").out
    assert Path("cxkpi.toml").read_text(encoding="utf-8") == OURS


def test_what_is_said_now_holds(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text('timezone = "UTC"  # for now\n', encoding="utf-8")
    assert cxkpi("init", "tickets.csv", "--force", "--tz", "Europe/Berlin").code == Exit.DONE
    assert tomllib.loads(Path("cxkpi.toml").read_text(encoding="utf-8"))["timezone"] == "Europe/Berlin"


def test_settings_that_come_with_the_data_are_not_taken_and_it_says_so(cxkpi: Cxkpi) -> None:
    Path("export").mkdir()
    shutil.move("tickets.csv", "export/tickets.csv")
    Path("export/cxkpi.toml").write_text(OURS, encoding="utf-8")
    ran = cxkpi("init", "export")
    assert (
        ran.err
        == f"{WRITTEN}\ncxkpi: the settings of export/cxkpi.toml are not carried over; copy those to keep\n"
    )
    assert "backlog_age" not in tomllib.loads(Path("cxkpi.toml").read_text(encoding="utf-8"))


def test_a_file_that_is_no_configuration_is_left_alone(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text("a = = 1\n", encoding="utf-8")
    ran = cxkpi("init", "tickets.csv", "--force")
    assert ran.code == Exit.USAGE
    assert "is no TOML" in ran.err
    assert Path("cxkpi.toml").read_text(encoding="utf-8") == "a = = 1\n"


KEYS = st.sampled_from(["timezone", "period", "targets", "tickets", "a b", "è", "costs"])
PLAIN = st.one_of(
    st.integers(-9, 9), st.booleans(), st.text(max_size=5), st.lists(st.integers(0, 3), max_size=3)
)
TREES = st.recursive(PLAIN, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=6)


@given(st.dictionaries(KEYS, TREES, max_size=4), st.dictionaries(KEYS, TREES, max_size=4), st.booleans())
def test_what_is_kept_is_all_of_the_old_and_what_only_the_new_has(old, new, windows) -> None:
    import tomlkit

    text = "# ours\n" + tomlkit.dumps(old)
    text = text.replace("\n", "\r\n") if windows and "\r" not in text else text
    made = kept(text, tomlkit.dumps(new), "x.toml", {})
    assert "# ours" in made
    assert tomllib.loads(made) == merged(old, new)
    assert kept(made, tomlkit.dumps(new), "x.toml", {}) == made


def merged(old: dict, new: dict) -> dict:
    found = {**new, **old}
    for name in old.keys() & new.keys():
        if isinstance(old[name], dict) and isinstance(new[name], dict):
            found[name] = merged(old[name], new[name])
    return found


def test_names_in_comments_are_wrapped(cxkpi: Cxkpi) -> None:
    lines = cxkpi("init", "tickets.csv", "-o", "-").out.splitlines()
    assert max(map(len, lines)) <= 120
    assert sum(line.startswith("#   ") for line in lines) > 0


def test_files_of_one_table_with_other_headers_read_the_same(cxkpi: Cxkpi) -> None:
    Path("second.csv").write_text(
        "Ticket number,Opened at,Ticket status,Resolution time (hours)\nA,2026-01-07 10:00,Solved,3\n",
        encoding="utf-8",
    )
    Path("third.csv").write_text(
        "case id,created,status,time to resolution (minutes)\nB,2026-01-07 10:00,closed,90\n",
        encoding="utf-8",
    )
    same(cxkpi, "tickets.csv", "second.csv", "third.csv")


def test_a_guess_is_left_to_be_taken_up(cxkpi: Cxkpi) -> None:
    text = tickets(30).replace("first_response_at", "First Respons Date")
    Path("tickets.csv").write_text(text, encoding="utf-8")
    same(cxkpi, "tickets.csv")
    assert '# first_response_at = "First Respons Date"' in Path("cxkpi.toml").read_text(encoding="utf-8")


def test_time_zones_asked_for_are_written(cxkpi: Cxkpi) -> None:
    zones = ("--tz", "Europe/Moscow", "--source-tz", "Asia/Tokyo", "--lang", "ru")
    before = said(cxkpi("report", "tickets.csv", "-f", "json", *zones))
    cxkpi("init", "tickets.csv", *zones)
    assert said(cxkpi("report", "tickets.csv", "-f", "json")) == before


def test_no_file_is_written_over_but_by_force(cxkpi: Cxkpi) -> None:
    Path("cxkpi.toml").write_text("# mine\n", encoding="utf-8")
    ran = cxkpi("init", "tickets.csv")
    assert (ran.code, ran.out, ran.err.count("\n")) == (Exit.OUTPUT, "", 1)
    assert Path("cxkpi.toml").read_text(encoding="utf-8") == "# mine\n"
    assert cxkpi("init", "tickets.csv", "--force").code == Exit.DONE
    assert "[tickets.columns]" in Path("cxkpi.toml").read_text(encoding="utf-8")
    assert cxkpi("init", "tickets.csv", "-o", "tickets.csv", "--force").code == Exit.OUTPUT


def test_a_dash_prints(cxkpi: Cxkpi) -> None:
    ran = cxkpi("init", "tickets.csv", "-o", "-")
    assert ran.err == ""
    assert tomllib.loads(ran.out)["tickets"]["columns"]["ticket_id"] == "ticket_id"
    assert not Path("cxkpi.toml").exists()


def odd_words() -> None:
    """Tickets with unknown words, and dates that fit both orders."""
    words = ["Solvd"] * 3 + ["kaputt"] * 9
    rows = [f"{k},0{k % 9 + 1}/02/2026,{word},email,," for k, word in enumerate(words)]
    Path("tickets.csv").write_text("\n".join([HEADERS, *rows]) + "\n", encoding="utf-8")


def test_unknown_words_are_suggested_by_the_nearest(cxkpi: Cxkpi) -> None:
    odd_words()
    said = cxkpi("init", "tickets.csv", "-o", "-").out
    assert '# [tickets.values.status]\n# kaputt = "' in said
    assert '# Solvd = "solved"  # 3 rows' in said
    assert "values" not in tomllib.loads(said)["tickets"]
    uncommented = said.replace("# [tickets.values.status]", "[tickets.values.status]").replace(
        "# Solvd", "Solvd"
    )
    Path("cxkpi.toml").write_text(uncommented, encoding="utf-8")
    notices = json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)["notices"]
    assert [each["rows"] for each in notices if each["code"] == "unknown_word"] == [9]


def test_a_terminal_is_asked_and_its_answers_hold(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    odd_words()
    answers = {"kaputt": iter(["nonsense", "open"]), "Solvd": iter(["-"])}

    def prompt(text: str, **_: object) -> str:
        return next(next(answer for word, answer in answers.items() if f'"{word}"' in text))

    monkeypatch.setattr(module, "may_ask", lambda: True)
    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert cxkpi("init", "tickets.csv").code == Exit.DONE
    said = tomllib.loads(Path("cxkpi.toml").read_text(encoding="utf-8"))
    assert said["dayfirst"] is False
    assert said["tickets"]["values"] == {"status": {"kaputt": "open"}}
    codes = {each["code"] for each in json.loads(cxkpi("report", "tickets.csv", "-f", "json").out)["notices"]}
    assert "ambiguous_dates" not in codes


def test_whoever_leaves_the_questions_leaves_no_file(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    odd_words()
    monkeypatch.setattr(module, "may_ask", lambda: True)
    monkeypatch.setattr("typer.confirm", Mock(side_effect=typer.Abort))
    assert cxkpi("init", "tickets.csv") == (Exit.INTERRUPTED, "", "")
    assert not Path("cxkpi.toml").exists()


def test_nobody_is_asked_through_a_pipe(cxkpi: Cxkpi, monkeypatch: pytest.MonkeyPatch) -> None:
    odd_words()
    monkeypatch.setattr("typer.prompt", None)
    monkeypatch.setattr("typer.confirm", None)
    ran = cxkpi("init", "tickets.csv")
    assert ran.code == Exit.DONE
    assert ran.err.splitlines() == [
        WRITTEN,
        "cxkpi: tickets.csv: dates such as 03/04/2026 are read day first; set dayfirst where that is wrong",
        "cxkpi: [tickets.values.status]: words without a meaning: 2; give them one there",
    ]
    assert cxkpi("init", "tickets.csv", "-o", "-").err.splitlines() == ran.err.splitlines()[1:]


def test_what_the_file_decides_already_is_not_open(cxkpi: Cxkpi) -> None:
    odd_words()
    Path("cxkpi.toml").write_text('dayfirst = true\n[tickets.values.status]\nkaputt = "open"\n', "utf-8")
    assert cxkpi("init", "tickets.csv", "--force").err.splitlines() == [
        WRITTEN,
        "cxkpi: [tickets.values.status]: words without a meaning: 1; give them one there",
    ]


def test_hostile_headers_stay_text(cxkpi: Cxkpi) -> None:
    hostile = '"x"\n[costs]\nhourly_rate = 9 #\x07\x7f'
    quoted = '"' + hostile.replace('"', '""') + '"'
    rows = [f"{line},1" for line in tickets(10).splitlines()[1:]]
    Path("tickets.csv").write_text("\n".join([f"{HEADERS},{quoted}", *rows]) + "\n", encoding="utf-8")
    said = cxkpi("init", "tickets.csv", "-o", "-").out
    assert "costs" not in tomllib.loads(said)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.booleans(), st.lists(st.text()), st.integers())))
def test_toml_is_read_as_it_was_meant(data: dict[str, object]) -> None:
    text = "\n".join(toml.pair(name, value) for name, value in data.items())
    assert tomllib.loads(text) == data


@pytest.mark.parametrize(("option", "dayfirst"), [("--dayfirst", True), ("--monthfirst", False)])
def test_the_command_line_says_what_comes_first(cxkpi: Cxkpi, option: str, dayfirst: bool) -> None:
    odd_words()
    assert tomllib.loads(cxkpi("init", "tickets.csv", option, "-o", "-").out)["dayfirst"] is dayfirst
    made = json.loads(cxkpi("report", "tickets.csv", option, "-f", "json").out)
    assert (made["as_of"][:7] == "2026-02") is dayfirst
    assert "ambiguous_dates" not in {each["code"] for each in made["notices"]}


def test_a_unit_that_dates_prove_is_written(cxkpi: Cxkpi) -> None:
    """The next export may hold no dates that prove it again."""
    lines = [f"{i},2026-01-05 09:00,2026-01-05 {10 + i}:00,{1 + i}" for i in range(9)]
    Path("tickets.csv").write_text("\n".join(["id,created at,closed at,resolution time", *lines]), "utf-8")
    written = tomllib.loads(cxkpi("init", "tickets.csv", "-o", "-").out)["tickets"]["columns"]
    assert written["resolution_seconds"] == {"column": "resolution time", "unit": "hours"}
