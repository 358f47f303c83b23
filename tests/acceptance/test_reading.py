"""What any export may hold, by rows 1 to 8 of the acceptance table: read right, or reported."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cx_kpi.cli.app import run
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Config, TableConfig

from .desk import HEADER, LINES, counted, figures, notices, report, value, written

pytestmark = pytest.mark.usefixtures("engine_of_many")

DAMAGE = {
    "short": "9,2026-03-09 10:00,2026-03-09 12:00,solved",
    "long": "9,2026-03-09 10:00,2026-03-09 12:00,solved,text,more",
    "stray quote": '9,2026-03-09 10:00,2026-03-09 12:00,solved,te"xt',
    "text after a quote": '9,2026-03-09 10:00,2026-03-09 12:00,solved,"text" 9',
    "another separator": "9;2026-03-09 10:00;2026-03-09 12:00;solved;text",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda name: f"row01-{name}")
def test_a_damaged_row_is_set_aside_alone(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, *LINES[:8], DAMAGE[damage], *LINES[9:])
    sound = written(tmp_path, *LINES[:8], *LINES[9:], name="sound.csv")
    made = report([path])
    assert counted(made) == (28, 27, 1, 0)
    assert figures(made) == figures(report([sound]))
    (told,) = [each for each in made.notices if each.code == "damaged_rows"]
    assert "line 10" in told.message
    assert run(["report", str(path), "--strict"]) == 3
    assert "10" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("preamble", ["All tickets", "", HEADER, *LINES]),
        ("repeated_header", [HEADER, *LINES[:9], HEADER, *LINES[9:]]),
        ("footer", [HEADER, *LINES, "Total,,,,28"]),
    ],
    ids=lambda each: f"row04-{each}" if isinstance(each, str) else "",
)
def test_what_is_no_row_is_not_counted(code: str, lines: list[str], tmp_path: Path) -> None:
    made = report([written(tmp_path, *lines[1:], header=lines[0])])
    assert counted(made) == (28, 28, 0, 0)
    assert code in notices(made)
    assert value(made, "tickets_created") in (28, None)


IDS = ["007", "7", "+49 30", "12345678901234567890123", "12345678901234567890124", "1e5", "100000", "07"]


def test_row05_ids_are_text(tmp_path: Path) -> None:
    lines = [f'"{each}",2026-03-01 10:00,,open,' for each in IDS]
    assert counted(report([written(tmp_path, *lines)])) == (8, 8, 0, 0)


def test_row05_rounded_ids_are_told(tmp_path: Path) -> None:
    lines = [line.replace(f"{n},", f"1.0300{n}E+13,", 1) for n, line in enumerate(LINES, 1)]
    made = report([written(tmp_path, *lines)])
    assert "rounded_id" in notices(made)
    assert counted(made)[1] == 28


@pytest.mark.parametrize(
    "null", ["NULL", "N/A", "?", "-", "", "nan", "нет данных"], ids=lambda word: f"row05-{word}"
)
def test_null_words_are_empty_and_no_oddity(null: str, tmp_path: Path) -> None:
    lines = [f"{n},2026-03-01 10:00,{null},open,{null}" for n in range(5)]
    made = report([written(tmp_path, *lines)])
    assert counted(made) == (5, 5, 0, 0)
    assert notices(made) & {"unreadable", "unknown_word", "sentinel_date"} == set()


def test_row05_null_ids_are_set_aside(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, "NULL,2026-03-01 10:00,,open,", "?,2026-03-01 10:00,,open,")])
    assert counted(made) == (30, 28, 2, 0)


@pytest.mark.parametrize(
    "header",
    [
        "ticket_id,created_at,solved_at,status,",
        "ticket_id,created_at,solved_at,status,status",
        " ticket_id ,Created At,SOLVED AT, Status,STATUS",
        '"ticket_id","created_at","solved_at","status"," "',
    ],
    ids=lambda header: f"row06-{header}",
)
def test_odd_column_names_are_handled(header: str, tmp_path: Path) -> None:
    plain = report([written(tmp_path, *LINES)])
    odd = report([written(tmp_path, *LINES, header=header, name="odd.csv")])
    assert figures(odd) == figures(plain)


def test_row06_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, *LINES, header="ticket_id,opened roughly,solved_at,status,note")
    with pytest.raises(InputProblem, match=r"created_at.*opened roughly"):
        report([path])
    config = Config(tickets=TableConfig(columns={"created_at": "opened roughy"}))
    with pytest.raises(InputProblem, match=r"did you mean opened roughly"):
        report([path], config=config)


def sizes() -> Iterator[tuple[str, Callable[[Path], None], int | None]]:
    """Odd sizes, how to write them, and how many rows count; None: there is nothing to read."""
    yield "nothing", lambda path: path.write_bytes(b""), None
    yield "blank", lambda path: path.write_bytes(b"\n" * 1_000_000), None
    yield "header", lambda path: path.write_text(HEADER), 0
    yield "one", lambda path: path.write_text(f"{HEADER}\n{LINES[0]}"), 1
    yield (
        "empty lines",
        lambda path: path.write_text(f"{HEADER}\n{LINES[0]}" + "\n" * 1_000_000 + LINES[1]),
        2,
    )
    yield (
        "large cell",
        lambda path: path.write_text(f"{HEADER}\n{LINES[0]}" + "x" * 10_000_000 + f"\n{LINES[1]}\n"),
        2,
    )
    wide = [f"c{place}" for place in range(6_000)]
    body = "\n".join(f"{line}," + "," * 5_999 for line in LINES)
    yield "wide", lambda path: path.write_text(f"{HEADER},{','.join(wide)}\n{body}\n"), 28


@pytest.mark.parametrize(
    ("name", "write", "rows"), list(sizes()), ids=[f"row07-{name}" for name, _, _ in sizes()]
)
def test_odd_sizes(name: str, write: Callable[[Path], None], rows: int | None, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write(path)
    start = time.process_time()
    if rows is None:
        with pytest.raises(InputProblem):
            report([path])
    else:
        made = report([path])
        assert counted(made)[1] == rows
        assert rows or all(
            reading.value in (None, 0) for reading in made.metrics.values() if reading.unit == "count"
        )
        assert rows or all(
            reading.value is None for reading in made.metrics.values() if reading.unit == "share"
        )
    assert time.process_time() - start < 5


def test_row08_the_same_ticket_twice_counts_once(tmp_path: Path) -> None:
    made = report([written(tmp_path, *LINES, *LINES[:5])])
    assert counted(made) == (33, 28, 5, 0)
    assert "conflicting_duplicates" not in notices(made)


def test_row08_of_several_states_the_latest_counts(tmp_path: Path) -> None:
    header = "ticket_id,created_at,updated_at,solved_at,status"
    states = [
        "1,2026-03-01 10:00,2026-03-02 10:00,2026-03-02 10:00,solved",
        "1,2026-03-01 10:00,2026-03-01 11:00,,open",
        "1,2026-03-01 10:00,2026-03-01 10:00,,new",
        "2,2026-03-01 10:00,2026-03-01 10:00,,new",
    ]
    made = report([written(tmp_path, *states, header=header)])
    assert counted(made) == (4, 2, 2, 0)
    assert "conflicting_duplicates" in notices(made)
    last = report([written(tmp_path, states[0], states[3], header=header, name="last.csv")])
    assert figures(made) == figures(last)
