"""The history of readings: what runs keep, what they are judged by, and what `cxkpi history` shows."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cx_kpi.model.documents.json_schema import json_schema
from cx_kpi.model.documents.recorded_history import History
from cx_kpi.model.errors import Exit

from .conftest import HEADERS, Cxkpi, ticket

FIRST, MONTHS = date(2025, 1, 1), 15
ANSWERS = ("--metrics", "csat,csat_score,review_volume", "--period", "month")
JUDGED = (
    "value",
    "n",
    "change",
    "change_interval",
    "p",
    "verdict",
    "baseline",
    "baseline_without",
    "usual",
    "since",
)


def answers(months: range, better_from: int = 14, seed: int = 1) -> str:
    """Answers of some months, about four a day on workdays; from one month on customers are happier."""
    dice, lines = Random(seed), ["response_id,kind,score,responded_at,channel"]
    for day in range((starts(MONTHS) - FIRST).days):
        at = FIRST + timedelta(days=day)
        number = (at.year - FIRST.year) * 12 + at.month - 1
        for hour in range(4 if at.weekday() < 5 else 1):
            score = 5 if dice.random() < (0.6, 0.85)[number >= better_from] else dice.choice((1, 2, 3))
            if number in months:
                lines.append(
                    f"{at:%m%d%y}{hour},csat,{score},{at}T1{hour}:00:00,{('email', 'chat')[hour % 2]}"
                )
    return "\n".join(lines) + "\n"


def starts(month: int) -> date:
    return date(FIRST.year + month // 12, month % 12 + 1, 1)


def run_on(cxkpi: Cxkpi, months: range, *more: str, seed: int = 1) -> dict[str, Any]:
    """The report on an export of some months, as JSON."""
    Path("answers.csv").write_text(answers(months, seed=seed), encoding="utf-8")
    ran = cxkpi("report", "answers.csv", *ANSWERS, "-f", "json", *more)
    assert ran.code == Exit.DONE, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def rows(path: str = "h.db", table: str = "reading") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as history:
        return sorted(history.execute(f"SELECT * FROM {table}"), key=repr)


def codes(report: dict[str, Any]) -> list[str]:
    return [each["code"] for each in report["notices"] if each["code"].startswith("history")]


def judged(report: dict[str, Any]) -> dict[str, Any]:
    return {name: {key: each["latest"][key] for key in JUDGED} for name, each in report["metrics"].items()}


def test_a_month_and_a_history_are_judged_as_all_months_are(cxkpi: Cxkpi) -> None:
    whole = run_on(cxkpi, range(MONTHS))
    for month in range(MONTHS - 1):
        run_on(cxkpi, range(month, month + 1), "--record", "h.db")
    made = run_on(cxkpi, range(MONTHS - 1, MONTHS), "--record", "h.db")
    assert judged(made) == judged(whole)
    assert made["metrics"]["csat"]["verdict"] == "improved"
    alone = run_on(cxkpi, range(MONTHS - 1, MONTHS))
    assert judged(alone) != judged(whole)
    assert alone["metrics"]["csat"]["latest"]["recorded"] is None


def test_the_report_says_what_is_out_of_the_history(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(MONTHS - 1), "--record", "h.db")
    made = run_on(cxkpi, range(MONTHS - 1, MONTHS), "--record", "h.db")
    (note,) = (each for each in made["notices"] if each["code"] == "history_used")
    assert note["level"] == "info"
    assert note["path"] == "h.db"
    assert "January 2025 – February 2026" in note["message"]
    latest = made["metrics"]["csat"]["latest"]
    assert latest["recorded"] == latest["baseline"]
    points = [each for each in made["series"] if each["metric"] == "csat"]
    assert [each["recorded"] for each in points] == [True] * (MONTHS - 1) + [False]
    assert [each["usual"] is not None for each in points] == [True] * MONTHS


def test_the_receipt_names_the_history(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(MONTHS - 1), "--record", "h.db")
    Path("answers.csv").write_text(answers(range(MONTHS - 1, MONTHS)), encoding="utf-8")
    before = rows()
    last = ("--last", "1m")
    receipt = json.loads(cxkpi("explain", "csat", "answers.csv", *last, "--record", "h.db", "-f", "json").out)
    assert receipt["history"] == "h.db"
    assert receipt["reading"]["latest"]["recorded"]["start"] == "2025-03-01"
    shown = cxkpi("explain", "csat", "answers.csv", *last, "--record", "h.db").out
    assert "Out of the history" in shown
    assert "h.db" in shown
    assert rows() == before  # a receipt keeps nothing
    ran = cxkpi("explain", "csat", "answers.csv", "--record", "gone.db")
    assert ran.code == Exit.USAGE
    assert "there is no such history" in ran.err


def test_the_same_run_twice_changes_nothing(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(3), "--record", "h.db", "--last", "1m")
    before = rows(), rows(table="sums"), rows(table="definition")
    made = run_on(cxkpi, range(3), "--record", "h.db", "--last", "1m")
    assert (rows(), rows(table="sums"), rows(table="definition")) == before
    assert codes(made) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_period_is_told_by_the_export_that_knows_most(order: tuple[int, ...], cxkpi: Cxkpi) -> None:
    exports = answers(range(3)).splitlines()
    late = [
        *exports[:-1],
        exports[-1].replace(",5,", ",1,"),
    ]  # as much, and one answer of the last day another
    cut = exports[: len(exports) * 2 // 3]
    kinds = [("\n".join(each) + "\n") for each in (exports, late, cut)]
    for number in order:
        Path("answers.csv").write_text(kinds[number], encoding="utf-8")
        assert cxkpi("report", "answers.csv", *ANSWERS, "--record", "h.db", "-q").code == Exit.DONE
    told = {row[2]: row[7] for row in rows() if row[0] == 1}
    assert told == {"2025-01-01": 100, "2025-02-01": 88, "2025-03-01": 94}


def test_an_export_that_is_cut_short_is_told(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(3), "--record", "h.db")
    before = rows()
    lines = answers(range(3)).splitlines()
    Path("answers.csv").write_text(
        "\n".join([*lines[:100], lines[-1]]), encoding="utf-8"
    )  # the middle is gone
    ran = cxkpi("report", "answers.csv", *ANSWERS, "-f", "json", "--record", "h.db", "--fail-on", "warning")
    assert ran.code == Exit.MISSED
    kept = [each for each in json.loads(ran.out)["notices"] if each["code"] == "history_kept"]
    assert [each["level"] for each in kept] == ["warning"] * 2
    assert "February 2025 than this export (88 against 0, " in kept[0]["message"]
    assert [row[7] for row in rows() if row[0] == 1] == [99, 88, 94]
    assert [row for row in rows() if row[2] > "2025-01-01"] == [
        row for row in before if row[2] > "2025-01-01"
    ]


def test_later_data_of_a_period_replaces_what_was_known(cxkpi: Cxkpi) -> None:
    lines = answers(range(2)).splitlines()
    Path("answers.csv").write_text("\n".join([lines[0], *lines[4:]]), encoding="utf-8")
    cxkpi("report", "answers.csv", *ANSWERS, "--record", "h.db", "-q")
    assert [row[7] for row in rows() if row[0] == 1] == [97, 88]
    run_on(cxkpi, range(2), "--record", "h.db")
    assert [row[7] for row in rows() if row[0] == 1] == [100, 88]


def test_what_was_counted_otherwise_is_not_mixed_in(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(MONTHS - 1), "--record", "h.db")
    alone = run_on(cxkpi, range(MONTHS - 1, MONTHS), "--where", "channel = 'email'")
    made = run_on(cxkpi, range(MONTHS - 1, MONTHS), "--where", "channel = 'email'", "--record", "h.db")
    assert judged(made) == judged(alone)
    (note,) = (each for each in made["notices"] if each["code"] == "history_otherwise")
    assert "with another condition" in note["message"]
    assert note["example"] == "csat, csat_score"
    shown = cxkpi("history", "csat", "--record", "h.db")
    assert "from here on counted otherwise: where" in shown.out


@pytest.mark.parametrize(
    ("metric", "setting", "same"),
    [
        ("first_response_within_target", "[targets]\nfirst_response_within_target = 0.95", True),
        ("first_response_within_target", '[targets]\nfirst_response_time = "5 min"', False),
        ("first_response_time", '[targets]\nfirst_response_time = "5 min"', True),
        ("first_response_time", '[[calendar]]\nhours = { "mon-fri" = "09:00-17:00" }', True),
        ("first_response_time_business", '[[calendar]]\nhours = { "mon-fri" = "08:00-17:00" }', False),
        ("tickets_created", "repeat_days = 3", True),
        ("tickets_created", 'timezone = "Asia/Tokyo"', False),
    ],
)
def test_what_a_definition_rests_on(metric: str, setting: str, same: bool, cxkpi: Cxkpi) -> None:
    opened = '[[calendar]]\nhours = { "mon-fri" = "09:00-18:00" }\n'
    for said in (opened, setting if "calendar" in setting else f"{setting}\n{opened}"):
        Path("cxkpi.toml").write_text(said, encoding="utf-8")
        assert cxkpi("report", "tickets.csv", "--metrics", metric, "--record", "h.db", "-q").code == Exit.DONE
    with closing(sqlite3.connect("h.db")) as history:
        (found,) = history.execute("SELECT count(*) FROM definition WHERE metric = ?", (metric,)).fetchone()
    assert found == (1 if same else 2)


def test_the_history_of_the_configuration_lies_beside_it(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "there").mkdir()
    (desk / "there" / "mine.toml").write_text('record = "kept.db"\n')
    assert cxkpi("report", "tickets.csv", "--config", "there/mine.toml", "-q").code == Exit.DONE
    assert rows("there/kept.db")
    assert cxkpi("history", "--config", "there/mine.toml").out.startswith("Metric")


def test_data_do_not_say_where_a_history_is_kept(cxkpi: Cxkpi, desk: Path) -> None:
    (desk / "data").mkdir()
    (desk / "tickets.csv").rename(desk / "data" / "tickets.csv")
    (desk / "data" / "cxkpi.toml").write_text('record = "../stolen.db"\n')
    ran = cxkpi("report", "data", "-f", "json")
    assert ran.code == Exit.DONE
    (note,) = (each for each in json.loads(ran.out)["notices"] if each["code"] == "left_out_settings")
    assert note["example"] == "record"
    assert not (desk / "stolen.db").exists()


def test_a_history_is_no_export(cxkpi: Cxkpi, desk: Path) -> None:
    assert cxkpi("report", ".", "--record", "h.sqlite", "-q").code == Exit.DONE
    again = json.loads(cxkpi("report", ".", "--record", "h.sqlite", "-f", "json").out)
    assert [each["path"] for each in again["notices"] if each["code"] == "own_output"] == ["h.sqlite"]
    assert [each["path"] for each in again["sources"]] == ["h.sqlite", "tickets.csv"] or len(
        again["sources"]
    ) == 2


@pytest.mark.parametrize("other", [("-o", "h.db"), ("--rows", "h.csv"), ("--rejects", "./h.csv"), ()])
def test_a_history_is_neither_read_nor_written_beside(
    other: tuple[str, ...], cxkpi: Cxkpi, desk: Path
) -> None:
    path = "tickets.csv" if not other else other[1]
    ran = cxkpi("report", "tickets.csv", *other, "--record", path)
    assert ran.code in (Exit.OUTPUT, Exit.USAGE)
    assert ran.out == ""
    assert [each.name for each in desk.iterdir()] == ["tickets.csv"]


def test_segments_of_a_chosen_window(cxkpi: Cxkpi) -> None:
    for month in range(3):
        run_on(cxkpi, range(month + 1), "--last", "1m", "--record", "h.db", "--by", "channel")
    chat = json.loads(
        cxkpi("history", "csat", "--record", "h.db", "--segment", "channel=chat", "-f", "json").out
    )
    (track,) = chat["tracks"]
    assert (track["by"], track["period"], len(track["points"])) == ("channel=chat", "month", 3)
    both = json.loads(cxkpi("history", "csat", "--record", "h.db", "--segment", "channel", "-f", "json").out)
    assert [each["by"] for each in both["tracks"]] == ["channel=chat", "channel=email"]
    n = [sum(each["points"][place]["n"] for each in both["tracks"]) for place in range(3)]
    whole = json.loads(cxkpi("history", "csat", "--record", "h.db", "--period", "month", "-f", "json").out)
    assert [each["n"] for each in whole["tracks"][0]["points"]] == n


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_segments_are_put_in_beside_a_whole_that_stays(order: tuple[int, ...], cxkpi: Cxkpi) -> None:
    lines = answers(range(2)).splitlines()
    Path("all.csv").write_text("\n".join(lines), encoding="utf-8")
    february = next(place for place, line in enumerate(lines) if ",2025-02-" in line)
    Path("last.csv").write_text(
        "\n".join([lines[0], *lines[february + 4 :]]), encoding="utf-8"
    )  # begins later
    runs = (("all.csv",), ("last.csv", "--last", "1m", "--by", "channel"))
    for run in order:
        ran = cxkpi("report", *runs[run], *ANSWERS, "--record", "h.db", "-q")
        assert ran.code == Exit.DONE, ran.err
    told = {(row[2], row[4]): row[7] for row in rows() if row[0] == 1}
    assert told["2025-01-01", ""] == 100
    assert told["2025-02-01", ""] == 88
    assert told["2025-02-01", "channel=chat"] + told["2025-02-01", "channel=email"] == 84


def test_segments_of_an_export_that_is_cut_short_are_not_put_in(cxkpi: Cxkpi) -> None:
    lines = answers(range(2)).splitlines()
    Path("all.csv").write_text("\n".join(lines), encoding="utf-8")
    short = [line for place, line in enumerate(lines) if ",2025-02-" not in line or place % 2]
    Path("short.csv").write_text("\n".join([*short[:-1], lines[-1]]), encoding="utf-8")
    cxkpi("report", "all.csv", *ANSWERS, "--record", "h.db", "-q")
    before = rows()
    more = ("--last", "1m", "--by", "channel", "--record", "h.db", "-f", "json")
    made = json.loads(cxkpi("report", "short.csv", *ANSWERS, *more).out)
    assert "history_kept" in codes(made)
    assert rows() == before


def test_what_is_shown(cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(MONTHS), "--record", "h.db")
    every = cxkpi("history", "--record", "h.db", "--lang", "en")
    assert every.code == Exit.DONE
    assert "Customer satisfaction (CSAT)" in every.out
    one = cxkpi("history", "csat", "--record", "h.db", "--since", "2025-12-01", "--until", "2026-03-01").out
    assert [line.split("  ")[0] for line in one.splitlines()[2:]] == [
        "December 2025",
        "January 2026",
        "February 2026",
    ]
    drawn = cxkpi("history", "csat", "--record", "h.db", "--charts", "static").out
    assert "┤" in drawn
    assert "January 2025" in drawn
    table = cxkpi("history", "--record", "h.db", "-f", "csv").out.splitlines()
    assert table[0].startswith("metric,period,start,end,by,value,text,n,low,high,operator,target,status")
    assert len(table) == 1 + 2 * MONTHS
    Draft202012Validator(json_schema(History, "cxkpi history")).validate(
        json.loads(cxkpi("history", "--record", "h.db", "-f", "json").out)
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), Exit.USAGE, "name it with --record"),
        (("--record", "gone.db"), Exit.INPUT, "there is no such history"),
        (("nps", "--record", "h.db"), Exit.INPUT, "nothing was recorded of that"),
        (("ncat", "--record", "h.db"), Exit.USAGE, "did you mean csat"),
        (("--record", "h.db", "--period", "mont"), Exit.USAGE, "month"),
        (("--record", "h.db", "--segment", "=x"), Exit.USAGE, "names no column"),
        (("--record", "h.db", "--charts", "interactive"), Exit.USAGE, "--charts"),
        (("--record", "h.db", "-o", "h.db", "-f", "csv"), Exit.OUTPUT, "one of the files to read"),
    ],
)
def test_what_cannot_be_shown(arguments: tuple[str, ...], code: Exit, said: str, cxkpi: Cxkpi) -> None:
    run_on(cxkpi, range(2), "--record", "h.db")
    ran = cxkpi("history", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_what_is_solved_is_not_known_in_the_first_period_of_an_export(cxkpi: Cxkpi, desk: Path) -> None:
    """Its tickets may have been opened before: a later export does not take the place of an earlier one there."""
    solved = (
        "--metrics",
        "tickets_solved,tickets_created,backlog",
        "--period",
        "month",
        "-q",
        "--record",
        "h.db",
    )
    lines = [HEADERS, *map(ticket, range(60))]
    for first in (1, 21):  # all of January to March; from February on
        (desk / "tickets.csv").write_text("\n".join([lines[0], *lines[first:]]) + "\n", encoding="utf-8")
        assert cxkpi("report", "tickets.csv", *solved).code == Exit.DONE
        found = json.loads(cxkpi("history", "tickets_solved", "--record", "h.db", "-f", "json").out)
        assert [each["start"] for each in found["tracks"][0]["points"]] == ["2026-02-01", "2026-03-01"]
    (desk / "tickets.csv").write_text("\n".join([lines[0], *lines[22:]]) + "\n", encoding="utf-8")
    before = rows()
    assert cxkpi("report", "tickets.csv", *solved).code == Exit.DONE
    assert rows() == before
