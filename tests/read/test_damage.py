"""Damaged files: a row is either exact or set aside with its line, never silently wrong."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cx_kpi.read.open import open_file
from cx_kpi.read.raw.source import TextFrame

HEADER = ["id", "created", "status", "subject", "agent", "score"]
WORDS = [
    "refund",
    "",
    "late, again",
    'he said "no"',
    "two\nlines",
    "Привет",
    "a; b",
    "naïve",
    '"',
    "'",
    "x|y",
    " pad ",
]


def clean_rows(rng: random.Random, count: int) -> list[list[str]]:
    """Rows as a help desk writes them: a key, a date, words, text of every kind."""
    return [
        [
            f"T-{1000 + place}",
            f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 10:{rng.randint(10, 59)}",
            rng.choice(["open", "solved", ""]),
            rng.choice(WORDS) + rng.choice(WORDS),
            rng.choice(["ann", "bob, jr"]),
            str(rng.randint(1, 5)),
        ]
        for place in range(count)
    ]


def written(row: list[str], quoting: int) -> list[str]:
    """The cells as they are in the file, their quotes included."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting, lineterminator="\n")
    cells = []
    for cell in row:
        out.seek(0)
        out.truncate()
        writer.writerow(["", cell])
        cells.append(out.getvalue().partition(",")[2].removesuffix("\n"))
    return cells


def drop_separator(rng: random.Random, cells: list[str]) -> str:
    place = rng.randrange(1, len(cells))
    return ",".join([*cells[: place - 1], cells[place - 1] + cells[place], *cells[place + 1 :]])


def drop_cells(rng: random.Random, cells: list[str]) -> str:
    return ",".join(cells[: rng.randrange(1, len(cells))])


def add_separator(rng: random.Random, cells: list[str]) -> str:
    place = rng.randrange(len(cells) + 1)
    return ",".join([*cells[:place], "", *cells[place:]])


def split_cell(rng: random.Random, cells: list[str]) -> str:
    return ",".join([*cells[:4], "bob", " jr", *cells[5:]])


def add_quote(rng: random.Random, cells: list[str]) -> str:
    line = ",".join(cells)
    place = rng.randrange(len(line) + 1)
    return line[:place] + '"' + line[place:]


def drop_quote(rng: random.Random, cells: list[str]) -> str:
    line = ",".join(cells)
    quotes = [place for place, sign in enumerate(line) if sign == '"']
    place = rng.choice(quotes) if quotes else len(line) - 1
    return line[:place] + line[place + 1 :] if quotes else line + '"'


def text_after_quote(rng: random.Random, cells: list[str]) -> str:
    place = rng.randrange(len(cells))
    return ",".join([*cells[:place], f'"{cells[place].strip(chr(34))}"tail', *cells[place + 1 :]])


def other_separator(rng: random.Random, cells: list[str]) -> str:
    return rng.choice(";\t|").join(cells)


def break_line(rng: random.Random, cells: list[str]) -> str:
    place = rng.randrange(1, len(cells) - 1)
    return ",".join(cells[:place]) + "\n" + ",".join(cells[place:])


def break_cell(rng: random.Random, cells: list[str]) -> str:
    """A line end inside the key or the last words of a row."""
    place = rng.randrange(2, 4)
    key, last = cells[0], "some words"
    if rng.random() < 0.5:
        return ",".join([key[:place] + "\n" + key[place:], *cells[1:]])
    return ",".join([*cells[:-1], last[:place] + "\n" + last[place:]])


DAMAGE: list[Callable[[random.Random, list[str]], str]] = [
    drop_separator,
    drop_cells,
    add_separator,
    split_cell,
    add_quote,
    drop_quote,
    text_after_quote,
    other_separator,
    break_line,
]


def damaged(rng: random.Random, path: Path) -> tuple[list[list[str]], dict[int, int], set[int]]:
    """Write a file with some damaged rows: its true rows, the line each begins on, and which are damaged."""
    rows = clean_rows(rng, rng.choice([20, 60, 200]))
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    end = rng.choice(["\n", "\r\n"])
    hit = set(rng.sample(range(len(rows)), rng.choice([1, 1, 2, 3, 6])))
    text, lines = ",".join(written(HEADER, quoting)) + end, {}
    for place, row in enumerate(rows):
        cells = written(row, quoting)
        lines[place] = 1 + text.count("\n")
        text += (rng.choice(DAMAGE)(rng, cells) if place in hit else ",".join(cells)) + end
    path.write_text(text, encoding="utf-8", newline="")
    return rows, lines, hit


def kept_places(frame: TextFrame, rows: list[list[str]]) -> list[int]:
    """Which true rows the frame holds, in order; fails where a row of the frame is none of them."""
    kept, start = [], 0
    for row in frame.frame.collect().rows():
        cells = [cell or "" for cell in row]
        kept.append(rows.index(cells, start))
        start = kept[-1] + 1
    return kept


@pytest.mark.parametrize("seed", range(200))
def test_no_row_is_silently_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr("cx_kpi.read.raw.binary._CHUNK", rng.choice([97, 1000, 1 << 22]))
    monkeypatch.setattr("cx_kpi.read.delimited.canonical._SMALL", rng.choice([30, 1 << 14]))
    rows, lines, hit = damaged(rng, tmp_path / "t.csv")
    frame = open_file(tmp_path / "t.csv")
    kept = kept_places(frame, rows)
    missing = set(range(len(rows))) - set(kept)
    assert missing <= hit, "an undamaged row was set aside"
    assert frame.sample.equals(frame.frame.head(1000).collect())
    rejected = [reject.line for reject in frame.rejects]
    assert rejected == sorted(rejected)
    for place in missing - {place + 1 for place in missing}:  # the first of each run of missing rows
        after = next((lines[good] for good in kept if good > place), 1 << 30)
        assert any(lines[place] <= line < after for line in rejected), (
            f"row {place} is missing without a word"
        )


def test_two_lost_quotes_do_not_swallow_the_rows_between(tmp_path: Path) -> None:
    rows = [f"T-{place},2026-01-0{place},open,text,ann,5\n" for place in range(1, 9)]
    rows[1] = 'T-2,2026-01-02,open,"lost the end,ann,5\n'
    rows[5] = 'T-6,2026-01-06,open,lost the beginning",ann,5\n'
    (tmp_path / "t.csv").write_text(",".join(HEADER) + "\n" + "".join(rows))
    frame = open_file(tmp_path / "t.csv")
    assert frame.sample["id"].to_list() == ["T-1", "T-3", "T-4", "T-5", "T-7", "T-8"]
    assert [reject.line for reject in frame.rejects] == [3, 7]


def test_a_row_cut_at_the_end_of_the_file_is_set_aside(tmp_path: Path) -> None:
    rows = [f"T-{place},2026-01-0{place},open,text,ann,5\n" for place in range(1, 9)]
    (tmp_path / "t.csv").write_text(",".join(HEADER) + "\n" + "".join(rows)[:-10])
    frame = open_file(tmp_path / "t.csv")
    assert frame.sample.height == 7
    assert [(reject.line, str(reject.reason)) for reject in frame.rejects] == [(9, "4 cells instead of 6")]
    assert [(notice.code, notice.rows) for notice in frame.remarks] == [("damaged_rows", 1)]


def test_text_that_may_be_rows_is_neither_split_nor_swallowed(tmp_path: Path) -> None:
    """With numbers alone to go by, a quoted list and two lost quotes look the same."""
    rows = ["1,plain,ann\n", '2,"a list:\n10,milk,now\n11,eggs,later",bob\n', "3,plain,ann\n"]
    (tmp_path / "t.csv").write_text("id,text,agent\n" + "".join(rows))
    frame = open_file(tmp_path / "t.csv")
    assert frame.sample["id"].to_list() == ["1", "3"]
    assert [reject.line for reject in frame.rejects] == [3]


def test_text_of_many_lines_stays_whole(tmp_path: Path) -> None:
    text = "Hello,\nsteps: 1, 2, 3, 4, 5, 6\n7, 8, 9, 10, 11, 12\n\nbye, bye, bye, bye, bye, bye"
    rows = [f'T-{place},2026-01-0{place},open,"{text}",ann,5\n' for place in range(1, 9)]
    (tmp_path / "t.csv").write_text(",".join(HEADER) + "\n" + "".join(rows))
    frame = open_file(tmp_path / "t.csv")
    assert frame.sample["subject"].to_list() == [text] * 8
    assert frame.rejects == ()


@pytest.mark.parametrize("seed", range(40))
def test_a_torn_row_is_set_aside_with_what_cannot_be_told_from_it(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    rows = clean_rows(rng, 60)
    hit = rng.randrange(1, 58)
    lines = [",".join(written(row, csv.QUOTE_MINIMAL)) for row in rows]
    lines[hit] = break_cell(rng, written(rows[hit], csv.QUOTE_MINIMAL))
    (tmp_path / "t.csv").write_text("\n".join([",".join(HEADER), *lines]) + "\n", encoding="utf-8")
    frame = open_file(tmp_path / "t.csv")
    missing = set(range(60)) - set(kept_places(frame, rows))
    assert hit in missing
    assert missing <= {hit - 1, hit, hit + 1}
    assert frame.frame.collect().height + len(frame.rejects) >= 60


def test_marks_inside_a_file_are_no_part_of_a_cell(tmp_path: Path) -> None:
    """As where exports were put together, each with its byte order mark and its header."""
    part = (
        "\ufeff"
        + ",".join(HEADER)
        + "\n"
        + "".join(f"T-{k},2026-01-0{k},open,text,ann,5\n" for k in range(1, 9))
    )
    (tmp_path / "t.csv").write_text(part + part.replace("T-", "U-"), encoding="utf-8")
    frame = open_file(tmp_path / "t.csv")
    assert frame.frame.collect()["id"].to_list() == [f"{kind}-{k}" for kind in "TU" for k in range(1, 9)]
    assert [each.code for each in frame.remarks] == ["repeated_header"]


def test_a_header_that_comes_again_at_once_is_still_a_header(tmp_path: Path) -> None:
    rows = [f"{k:08x}-ab12;2026-01-0{k} 10:00;x{k}c2;x{k}c4\n" for k in range(1, 9)]
    rows.insert(3, "ticket_id;created_at;f2;f4\n")
    (tmp_path / "t.csv").write_text("ticket_id;created_at;f2;f4\n" + "".join(rows), encoding="utf-8")
    frame = open_file(tmp_path / "t.csv")
    assert frame.headers == ("ticket_id", "created_at", "f2", "f4")
    assert frame.frame.collect().height == 8
