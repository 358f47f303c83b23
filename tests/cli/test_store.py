"""A store gives the very bytes that its exports give, however they came into it, and is never torn."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from random_tables import Company

from cx_kpi.cli.app import run
from cx_kpi.cli.outputs.overlap import lock_file
from cx_kpi.model.errors import Exit
from cx_kpi.read.store.manifest import NAME, SUFFIX
from cx_kpi.read.store.stored_frames import open_store
from cx_kpi.render.files import atomic_write

from .conftest import HEADERS, Cxkpi, Ran, ticket

STORE = Path("desk.store")
DAY = 20  # tickets in a file


def lines(first: int, count: int, **changed: str) -> str:
    rows = [ticket(number) for number in range(first, first + count)]
    text = "\n".join([HEADERS, *rows]) + "\n"
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def daily(folder: Path) -> None:
    """Exports of the days, alike."""
    for place in range(5):
        (folder / f"tickets_{place}.csv").write_text(lines(DAY * place, DAY), encoding="utf-8")


def odd(folder: Path) -> None:
    """Exports of which each is odd in its own way."""
    daily(folder)
    (folder / "tickets_1.csv").write_text(lines(20, DAY, solved="awaiting courier"), encoding="utf-8")
    (folder / "tickets_2.csv").write_text(lines(40, DAY) + "41,cut\n7,soon,new,,,\n", encoding="utf-8")
    (folder / "tickets_5.csv").write_text(lines(90, 30).replace(",", ";"), encoding="cp1251")
    answers = [f"{n};Оценка CSAT;{n % 5 + 1};2026-02-{n % 27 + 1:02};{n}" for n in range(40)]
    text = "\n".join(["response_id;kind;score;responded_at;ticket_id", *answers])
    (folder / "surveys.csv").write_text(text.replace("Оценка CSAT", "csat"), encoding="cp1251")


def other_formats(folder: Path) -> None:
    """A workbook of two sheets, typed columns, and objects."""
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        for name, first in (("Tickets", 0), ("Note", None)):
            sheet = book.add_worksheet(name)
            rows = [each.split(",") for each in lines(first, DAY).splitlines()] if first is not None else []
            for number, row in enumerate(rows or [["a word"], ["and another"]]):
                sheet.write_row(number, 0, row)
    for place in (1, 2, 3):
        typed = pl.read_csv(lines(DAY * place, DAY).encode(), try_parse_dates=True)
        typed.with_columns(pl.col("channel").cast(pl.Categorical)).write_parquet(
            folder / f"t_{place}.parquet"
        )
    objects = [
        {"response_id": n, "kind": "nps", "score": n % 11, "responded_at": f"2026-01-{n % 27 + 1:02}"}
        for n in range(50)
    ]
    (folder / "answers.json").write_text(json.dumps(objects), encoding="utf-8")


def company(folder: Path) -> None:
    """All tables of a random company, each in five files."""
    for name, frame in Company(5, size=150).frames().items():
        plain = frame.with_columns(pl.col(pl.Categorical, pl.UInt64).cast(pl.String))
        for place, part in enumerate(plain.iter_slices(max(1, -(-plain.height // 5)))):
            part.write_parquet(folder / f"{name}_{place}.parquet")


@pytest.fixture(params=[daily, odd, other_formats, company], ids=lambda make: make.__name__)
def exports(request: pytest.FixtureRequest, desk: Path) -> Path:
    """A folder of exports."""
    folder = Path("exports")
    folder.mkdir()
    request.param(folder)
    return folder


def add(*paths: object) -> None:
    assert run(["store", "add", str(STORE), *map(str, paths), "-q"]) == Exit.DONE


ASKED = [
    ("report", "-f", "json", "--by", "channel", "--by", "channel,status"),
    ("check", "-f", "json"),
    ("explain", "tickets_created", "-f", "json"),
]


def told(ran: Ran) -> list[str]:
    """The lines of a run, but the one that says when it was."""
    assert ran.code == Exit.DONE, ran.err
    return [line for line in ran.out.splitlines() if '"checked_at"' not in line]


def test_every_command_says_what_it_says_of_the_exports(cxkpi: Cxkpi, exports: Path) -> None:
    add(exports)
    direct = [told(cxkpi(*command, str(exports))) for command in ASKED]
    for command, expected in zip(ASKED, direct, strict=True):
        assert told(cxkpi(*command, str(STORE))) == expected
    assert {each.suffix for each in STORE.iterdir()} == {SUFFIX, ".json"}
    assert cxkpi("store", "drop", str(STORE), "*").code == Exit.DONE
    for each in sorted(exports.iterdir()):
        add(each)
    assert told(cxkpi(*ASKED[0], str(STORE))) == direct[0]
    assert {each.suffix for each in STORE.iterdir()} == {SUFFIX, ".json"}


def test_periods_are_compared_and_a_configuration_is_made(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    said = [
        cxkpi("compare", "2026-02", "2026-03", each, "-f", "json") for each in ("tickets.csv", str(STORE))
    ]
    assert said[0].out == said[1].out
    assert "they share rows" in cxkpi("compare", "tickets.csv", str(STORE)).err
    assert cxkpi("init", str(STORE), "-o", "-").out == cxkpi("init", "tickets.csv", "-o", "-").out


def held() -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in STORE.iterdir()}


def test_the_same_file_again_changes_nothing_whatever_its_name(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    before = held()
    Path("again.csv").write_bytes(Path("tickets.csv").read_bytes())
    told = cxkpi("store", "add", str(STORE), "tickets.csv", "again.csv").out
    assert held() == before
    assert told.count("in the store already") == 2
    Path("twice.csv").write_text(lines(60, DAY), encoding="utf-8")
    Path("copy.csv").write_text(lines(60, DAY), encoding="utf-8")
    assert cxkpi("store", "add", str(STORE), "twice.csv", "copy.csv").out.count("already") == 1


def figures(cxkpi: Cxkpi, *paths: object) -> dict:
    made = json.loads(cxkpi("report", *map(str, paths), "-f", "json").out)
    return {name: made[name] for name in ("metrics", "series")}


START = datetime(2026, 1, 1, 9)
DATED = "ticket_id,created_at,status,channel,updated_at"


def state(number: int, channel: str, hours: int | None) -> str:
    created = START + timedelta(hours=number)
    updated = "" if hours is None else created + timedelta(hours=hours)
    return f"{number},{created},open,{channel},{updated}"


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        (("email", 5), ("chat", 9), "chat"),
        (("email", 9), ("chat", 5), "email"),
        (("email", 5), ("chat", 5), "chat"),
        (("email", None), ("chat", None), "chat"),
    ],
)
def test_the_latest_row_of_an_id_wins(cxkpi: Cxkpi, desk: Path, first, second, wins: str) -> None:
    for name, (channel, hours) in (("a.csv", first), ("b.csv", second)):
        rows = [state(number, channel, hours) for number in range(40)]
        Path(name).write_text("\n".join([DATED, *rows]), encoding="utf-8")
        add(name)
    made = json.loads(cxkpi("report", str(STORE), "-f", "json", "--by", "channel").out)
    cut = {
        each["by"]["channel"]: each["n"] for each in made["segments"] if each["metric"] == "tickets_created"
    }
    assert cut == {wins: 40}
    assert figures(cxkpi, STORE) == figures(cxkpi, "a.csv", "b.csv")


def test_a_file_that_was_written_anew_is_added_beside_the_old_one(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    Path("tickets.csv").write_text(lines(50, DAY), encoding="utf-8")
    add("tickets.csv")
    made = json.loads(cxkpi("report", str(STORE), "-f", "json").out)
    assert made["metrics"]["tickets_created"]["value"] == 70
    assert [each["path"] for each in made["sources"]] == ["tickets.csv", "tickets (2).csv"]


def test_adding_a_day_reads_the_day_alone(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    (rows,) = STORE.glob(f"*{SUFFIX}")
    rows.write_bytes(b"\0" * rows.stat().st_size)
    Path("day.csv").write_text(lines(60, DAY), encoding="utf-8")
    add("day.csv")
    ran = cxkpi("report", str(STORE))
    assert (ran.code, ran.err.count("\n")) == (Exit.INPUT, 1)
    assert "damaged" in ran.err


ORDERS = "customer_id,ordered_at,amount\n"


def orders(first: int, last: int) -> str:
    return ORDERS + "".join(f"C{n},{START + timedelta(days=n)},{n}\n" for n in range(first, last))


def test_rows_without_ids_are_not_counted_twice(cxkpi: Cxkpi, desk: Path) -> None:
    Path("orders.csv").write_text(orders(0, 60), encoding="utf-8")
    add("tickets.csv", "orders.csv")
    before = held()
    Path("orders.csv").write_text(orders(0, 70), encoding="utf-8")
    ran = cxkpi("store", "add", str(STORE), "orders.csv")
    assert (ran.code, held()) == (Exit.USAGE, before)
    assert "60 of 70 rows are in the store already" in ran.err
    assert "--replace" in ran.err
    add("orders.csv", "--replace")
    assert figures(cxkpi, STORE) == figures(cxkpi, "tickets.csv", "orders.csv")
    Path("orders.csv").write_text(orders(70, 80), encoding="utf-8")
    add("orders.csv")
    Path("whole.csv").write_text(orders(0, 80), encoding="utf-8")
    assert figures(cxkpi, STORE) == figures(cxkpi, "tickets.csv", "whole.csv")


def test_what_is_dropped_is_gone_from_the_disk_too(cxkpi: Cxkpi, desk: Path) -> None:
    folder = Path("exports")
    folder.mkdir()
    daily(folder)
    (folder / "tickets_2.csv").write_text(lines(40, DAY, phone="secret"), encoding="utf-8")
    add(folder)
    told = cxkpi("store", "drop", str(STORE), "exports/tickets_2*").out
    assert told.startswith("- exports/tickets_2.csv: tickets, 20 rows\n")
    (folder / "tickets_2.csv").unlink()
    assert cxkpi("report", str(STORE), "-f", "json").out == cxkpi("report", "exports", "-f", "json").out
    cells = [cell for each in STORE.glob(f"*{SUFFIX}") for cell in pl.read_parquet(each)["channel"]]
    assert len(cells) == 80
    assert "secret" not in cells
    ran = cxkpi("store", "drop", str(STORE), "exports/tickets_7.csv")
    assert (ran.code, "no file 'exports/tickets_7.csv'" in ran.err) == (Exit.USAGE, True)
    assert cxkpi("store", "drop", str(STORE), "*").code == Exit.DONE
    assert "nothing is in this store" in cxkpi("report", str(STORE)).err


def test_what_is_there_is_listed(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    assert (
        cxkpi("store", "list", str(STORE)).out
        == "tickets.csv: tickets, 60 rows\nIn the store: 1 file, 60 rows.\n"
    )
    russian = cxkpi("store", "list", str(STORE), "--lang", "ru").out
    assert russian == "tickets.csv: обращения, 60 строк\nВ хранилище: 1 файл, 60 строк.\n"


def test_what_the_user_says_of_a_file_holds(cxkpi: Cxkpi, desk: Path) -> None:
    calls = "\n".join(
        ["call_id,queued_at,answered_at", *(f"{n},{START + timedelta(hours=n)}," for n in range(40))]
    )
    Path("list.csv").write_text(calls, encoding="utf-8")
    assert run(["store", "add", str(STORE), "--calls", "list.csv", "-q"]) == Exit.DONE
    assert figures(cxkpi, STORE) == figures(cxkpi, "--calls", "list.csv")


def test_what_is_no_export_is_not_added(cxkpi: Cxkpi, desk: Path) -> None:
    folder = Path("exports")
    folder.mkdir()
    daily(folder)
    (folder / "prices.csv").write_text("article,price\npen,1\nink,2\n", encoding="utf-8")
    told = cxkpi("store", "add", str(STORE), "exports").out
    assert "? exports/prices.csv: left out, no table of ours\n" in told
    before = held()
    ran = cxkpi("store", "add", str(STORE), "exports/prices.csv")
    assert (ran.code, held()) == (Exit.INPUT, before)
    ran = cxkpi("store", "add", str(STORE), str(STORE))
    assert (ran.code, held()) == (Exit.USAGE, before)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda list_: list_.write_text('{"cxkpi_store": 2, "batches": []}'), "store of format 2"),
        (lambda list_: list_.write_text(list_.read_text()[:-9]), "damaged"),
        (lambda list_: list_.write_text("[]"), "damaged"),
        (lambda list_: list_.write_text('{"cxkpi_store": 1, "batches": [{"name": "../x"}]}'), "damaged"),
        (lambda _: next(STORE.glob(f"*{SUFFIX}")).unlink(), "missing or damaged"),
        (lambda _: next(STORE.glob(f"*{SUFFIX}")).write_bytes(b"PAR1"), "missing or damaged"),
    ],
)
def test_a_store_that_cannot_be_read_says_so(
    cxkpi: Cxkpi, desk: Path, spoil: Callable[[Path], object], said: str
) -> None:
    add("tickets.csv")
    spoil(STORE / NAME)
    ran = cxkpi("report", str(STORE))
    assert (ran.code, ran.out, ran.err.count("\n")) == (Exit.INPUT, "", 1)
    assert said in ran.err
    assert ran.err.startswith("cxkpi: error: desk.store: ")


def test_a_folder_that_holds_other_things_is_no_store(cxkpi: Cxkpi, desk: Path) -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").touch()
    for name, said in (
        ("mine", "holds notes.txt"),
        ("tickets.csv", "is a file"),
        ("no/where", "make it first"),
    ):
        ran = cxkpi("store", "add", name, "tickets.csv")
        assert (ran.code, said in ran.err) == (Exit.OUTPUT, True)
    for action in ("list", "drop"):
        assert "no store" in cxkpi("store", action, "mine", *(["x"] * (action == "drop"))).err
    assert "did you mean" in cxkpi("store", "ad", "mine", "x").err
    assert "leave it out" in cxkpi("store", "drop", "mine", "x", "--replace").err


def test_one_run_at_a_time_changes_a_store(cxkpi: Cxkpi, desk: Path) -> None:
    add("tickets.csv")
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(lock_file((STORE / NAME).resolve()), os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    Path("day.csv").write_text(lines(60, DAY), encoding="utf-8")
    ran = cxkpi("store", "add", str(STORE), "day.csv")
    os.close(handle)
    assert (ran.code, "another run is at work" in ran.err) == (Exit.OUTPUT, True)
    assert cxkpi("report", str(STORE), "-q").code == Exit.DONE


KILLED = """
import os, signal, sys
import cx_kpi.store.batches as batches
from cx_kpi.cli.app import run
place, times = sys.argv[1], int(sys.argv[2])
module = os if hasattr(os, place) else batches
plainly = getattr(module, place)
def dying(*given, **named):
    global times
    times -= 1
    if times == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return plainly(*given, **named)
setattr(module, place, dying)
sys.exit(run(["store", *sys.argv[3:]]))
"""


@pytest.mark.parametrize(
    ("place", "times", "new"),
    [
        ("fsync", 1, False),
        ("fsync", 2, False),
        ("commit", 1, False),
        ("replace", 1, False),
        ("sweep", 2, True),
    ],
)
def test_a_run_that_is_killed_leaves_the_old_store_or_the_new_one(
    cxkpi: Cxkpi, desk: Path, place: str, times: int, new: bool
) -> None:
    add("tickets.csv")
    old = figures(cxkpi, STORE)
    Path("day.csv").write_text(lines(60, DAY), encoding="utf-8")
    command = [sys.executable, "-c", KILLED, place, str(times), "add", str(STORE), "day.csv"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert figures(cxkpi, STORE) == (figures(cxkpi, "tickets.csv", "day.csv") if new else old)
    add("day.csv")
    assert figures(cxkpi, STORE) == figures(cxkpi, "tickets.csv", "day.csv")
    assert len([*STORE.glob(f"*{SUFFIX}")]) == 2
    assert not [each.name for each in STORE.iterdir() if each.suffix == ".part"]


def test_a_list_that_is_written_counts_whatever_comes_after(
    cxkpi: Cxkpi, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("tickets.csv")
    Path("day.csv").write_text(lines(60, DAY), encoding="utf-8")

    def broken(_folder: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(atomic_write, "_settle", broken)
        assert cxkpi("store", "add", str(STORE), "day.csv").code == Exit.OUTPUT
    assert figures(cxkpi, STORE) == figures(cxkpi, "tickets.csv", "day.csv")


def test_rows_taken_out_stay_while_they_are_read(cxkpi: Cxkpi, desk: Path) -> None:
    pytest.importorskip("fcntl")
    add("tickets.csv")
    frames = open_store(STORE)
    assert cxkpi("store", "drop", str(STORE), "tickets.csv").code == Exit.DONE
    assert frames[0].frame.collect().height == 60
    del frames
    add("tickets.csv")
    assert len([*STORE.glob(f"*{SUFFIX}")]) == 1


def test_figures_do_not_depend_on_how_rows_are_divided(cxkpi: Cxkpi, desk: Path) -> None:
    """Whatever rows are in whichever file, added in whatever order: the figures are those of all rows at once."""
    count = 5
    Path("whole").mkdir()
    Path("split").mkdir()
    for name, frame in Company(7, size=150).frames().items():
        plain = frame.with_columns(pl.col(pl.Categorical, pl.UInt64).cast(pl.String))
        plain.write_parquet(f"whole/{name}.parquet")
        number = plain.select(pl.int_range(pl.len()).shuffle(seed=count) % count).to_series()
        for place in range(count):
            part = plain.filter(number == place)
            if part.height:
                part.write_parquet(f"split/{name}_{place}.parquet")
    for path in sorted(Path("split").iterdir(), reverse=True):
        add(path)
    asked = ("-f", "json", "--by", "channel", "--by", "product,channel", "--period", "month")
    whole, split = (json.loads(cxkpi("report", path, *asked).out) for path in ("whole", str(STORE)))
    cells = [
        [*numbers({key: each[key] for key in ("metrics", "series", "segments")})] for each in (whole, split)
    ]
    assert len(cells[0]) > 2_000
    assert [key for key, _ in cells[1]] == [key for key, _ in cells[0]]
    assert [value for _, value in cells[1]] == pytest.approx(
        [value for _, value in cells[0]], rel=1e-9, abs=1e-9
    )


def numbers(value: object, way: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a report, by the way to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{way}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from numbers(inner, f"{way}/{place}")
    elif isinstance(value, int | float):
        yield way, float(value)


def test_tables_of_a_database_and_what_comes_through_a_pipe(
    cxkpi: Cxkpi, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect("desk.sqlite")) as base:
        base.execute(f"create table tickets ({HEADERS})")
        rows = [ticket(number).split(",") for number in range(40)]
        base.executemany(f"insert into tickets values ({', '.join('?' * len(rows[0]))})", rows)
        base.execute("create table prices (article, price)")
        base.execute("insert into prices values ('pen', 1)")
        base.commit()
    add("desk.sqlite")
    assert figures(cxkpi, STORE) == figures(cxkpi, "desk.sqlite")
    for known in (False, True):
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(lines(40, DAY).encode())))
        told = cxkpi("store", "add", str(STORE), "-").out
        assert ("+ stdin: tickets, 20 rows" in told) is not known
    assert (
        json.loads(cxkpi("report", str(STORE), "-f", "json").out)["metrics"]["tickets_created"]["value"] == 60
    )


@pytest.mark.parametrize(
    "problem",
    [
        OSError(28, "No space left on device"),
        pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)"),
    ],
)
def test_a_disk_that_is_full_leaves_the_store_as_it_was(
    problem: Exception, cxkpi: Cxkpi, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("tickets.csv")
    before = held()
    Path("day.csv").write_text(lines(60, DAY), encoding="utf-8")

    def full(*_given: object, **_named: object) -> None:
        raise problem

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", full)
    ran = cxkpi("store", "add", str(STORE), "day.csv")
    assert (ran.code, held()) == (Exit.OUTPUT, before)
    assert ran.err == "cxkpi: error: desk.store: cannot be written: No space left on device\n"


def test_rows_set_aside_are_told_though_the_file_is_another_by_now(cxkpi: Cxkpi, desk: Path) -> None:
    Path("day.csv").write_text(lines(0, DAY) + "41,cut\n", encoding="utf-8")
    add("day.csv")
    Path("day.csv").write_text(lines(0, DAY) + "99,private\n", encoding="utf-8")
    cxkpi("check", str(STORE), "--rejects", "aside.csv", "--show-values")
    assert "private" not in Path("aside.csv").read_text(encoding="utf-8")
    assert "day.csv" in Path("aside.csv").read_text(encoding="utf-8")
