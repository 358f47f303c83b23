"""Damaged exports by the thousand: rows are exact, or set aside, never silently wrong.

    python tests/benchmarks/damage.py --files 2000 [--seed 7]

Three generators: `edited` spoils a clean file sign by sign; `exported` writes a table as programs and people do, with
titles, units, totals, headers again, whole lines in quotes, and then loses a cell here and there; `unquoted` holds JSON
without quotes, under a header with a separator of its own or a title, and is then spoilt as the first. What a file cannot
show is no fault: the text of the one cell that was edited. Exits with 1 where anything else is wrong.
"""

import csv
import io
import json
import random
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cx_kpi.model.errors import CxkpiError
from cx_kpi.read.open import open_file

HEADER = ["ticket_id", "created_at", "status", "channel", "subject", "score"]
SUBJECTS = [
    "refund",
    "late, again",
    'he said "no"',
    "Привет; мир",
    "naïve café",
    "two\nlines",
    "",
    "5' cable",
    "a|b",
]
SIGNS = [",", ";", '"', "'", "\n", "\r", "\t", "|", "x", " ", "\0"]
Row = list[str]


@dataclass(frozen=True)
class Made:
    """A file, the rows it held, and for each spoilt one the columns that may differ (None: all of it)."""

    data: bytes
    rows: list[Row]
    spoilt: dict[int, frozenset[int] | None]


def table(rng: random.Random, count: int) -> list[Row]:
    """Rows as a help desk writes them."""
    return [
        [
            f"T-{1000 + place}", f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 1{rng.randint(0, 9)}:{rng.randint(10, 59)}",
            rng.choice(["open", "solved", "closed"]), rng.choice(["email", "chat", "phone"]), rng.choice(SUBJECTS),
            str(rng.randint(1, 5)),
        ]
        for place in range(count)
    ]  # fmt: skip


def edited(rng: random.Random) -> Made:
    """A clean file with one to three signs put in, taken out or put in place of others."""
    rows = table(rng, rng.randint(8, 60))
    rows = [[cell.replace("\n", " ") for cell in row] for row in rows]
    lines = _text([HEADER, *rows], ",", csv.QUOTE_MINIMAL).splitlines()
    spoilt: dict[int, frozenset[int] | None] = {}
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(1, len(lines))
        spoilt |= dict.fromkeys((near - 1 for near in _edit(rng, lines, place)), None)
    return Made("\n".join(lines).encode() + b"\n", rows, spoilt)


def _edit(rng: random.Random, lines: list[str], place: int) -> tuple[int, ...]:
    """Put a sign in a line, take one out or both; the lines that may differ."""
    line = lines[place]
    at = rng.randrange(len(line) + 1)
    sign, cut = rng.choice(["", *SIGNS]), rng.randint(0, 1)
    lines[place] = line[:at] + sign + line[at + cut :]
    return (place - 1, place, place + 1) if sign in ("\n", "\r", '"') else (place,)


def unquoted(rng: random.Random) -> Made:
    """A table with objects of JSON that nobody put in quotes, and now and then a sign too much or too few."""
    separator = rng.choice([",", ";", "|", "\t"])
    rows = [[*row[:4], _json(rng, separator), row[5]] for row in table(rng, rng.randint(8, 40))]
    head = rng.choice([";", ",", "|", "\t"]) if rng.random() < 0.5 else separator
    above = ["Report" + separator + "March"] if rng.random() < 0.2 and head == separator else []
    lines = [*above, head.join(HEADER), *(separator.join(row) for row in rows)]
    spoilt: dict[int, frozenset[int] | None] = {}
    for _ in range(rng.randint(0, 2)):
        place = rng.randrange(len(above) + 1, len(lines))
        spoilt |= dict.fromkeys((near - 1 - len(above) for near in _edit(rng, lines, place)), None)
    return Made("\n".join(lines).encode() + b"\n", rows, spoilt)


def _json(rng: random.Random, separator: str) -> str:
    """A cell with or without JSON in it."""
    words = ["x", f"a{separator}b", "{", 'he said "no"', "}", "naïve"]
    inner = {rng.choice("abc"): rng.choice([*words, 5, [1, 2], None]) for _ in range(rng.randint(0, 3))}
    text = json.dumps(inner, ensure_ascii=False, separators=rng.choice([(",", ":"), (", ", ": ")]))
    return rng.choice([text, text, "", "refund", "5' cable"])


def exported(rng: random.Random) -> Made:
    """A table as programs write it: another dialect, things above and below it, and now and then a cell lost."""
    rows = table(rng, rng.randint(6, 40))
    separator, encoding = rng.choice([",", ";", "\t", "|"]), rng.choice(["utf-8", "utf-8-sig", "utf-16"])
    names = list(HEADER)
    text = _text([names, *rows], separator, csv.QUOTE_MINIMAL)
    lines = _records(text)
    spoilt: dict[int, frozenset[int] | None] = {}
    extra = rng.choice(["", "units", "groups", "again", "total", "title", "lost", "wrapped", "blank", "cr"])
    if extra == "lost":
        place = rng.randrange(len(rows))
        lines[place + 1] = lines[place + 1].rpartition(separator)[0]
        spoilt[place] = None
    elif extra == "units":
        lines.insert(1, separator * 5 + "(1 to 5)".replace("1 to 5", "points"))
    elif extra == "groups":
        lines.insert(0, separator.join(["Ticket", "", "", "", "Answer", ""]))
    elif extra == "again":
        lines.insert(rng.randrange(2, len(lines)), separator.join(f'"{name}"' for name in names))
    elif extra == "total":
        lines.append(separator.join(["Total", "", "", "", "", str(len(rows))]))
    elif extra == "title":
        lines[:0] = ["Tickets of the month", ""]
    elif extra == "blank":
        lines.insert(rng.randrange(2, len(lines)), separator * 5)
    elif extra == "wrapped":
        lines = ['"' + line.replace('"', '""') + '"' for line in lines if "\n" not in line]
        rows = [row for row in rows if "\n" not in row[4]]
    end = "\r\n" if extra == "cr" else "\n"
    return Made((end.join(lines) + end).encode(encoding), rows, spoilt)


def _text(rows: list[Row], separator: str, quoting: int) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def _records(text: str) -> list[str]:
    """The lines of a text, those that a quoted cell joins as one."""
    lines: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        if lines and lines[-1].count('"') % 2:
            lines[-1] += "\n" + line
        else:
            lines.append(line)
    return lines


def fault(made: Made, path: Path) -> str | None:
    """What is wrong with the reading of a file; None where nothing is."""
    path.write_bytes(made.data)
    try:
        frame = open_file(path)
    except CxkpiError:
        return None
    read = [["" if cell is None else cell for cell in row] for row in frame.frame.collect().iter_rows()]
    wanted = Counter(tuple(row[:6]) for place, row in enumerate(made.rows) if place not in made.spoilt)
    found = Counter(tuple(row[:6]) for row in read)
    lost = sum((wanted - found).values())
    told = len(frame.rejects) + sum(
        each.rows or 0 for each in frame.remarks if each.code in ("footer", "bad_bytes")
    )
    strange = [row for row in read if tuple(row[:6]) not in wanted]
    ids = {row[0] for row in made.rows}
    shifted = [row for row in strange if row[0] in ids and not _near(row, made.rows)]
    if lost and not told:
        return f"{lost} rows lost without a word"
    if shifted:
        return f"cells under wrong names: {shifted[0]}"
    return "rows made up" if len(read) > len(made.rows) else None


def _near(row: Row, rows: list[Row]) -> bool:
    """Whether this row differs from the true one of its id in the cells an edit touched alone."""
    true = next(each for each in rows if each[0] == row[0])
    return sum(one != other for one, other in zip(row, true, strict=False)) <= 2


def main() -> int:
    """Run the generators, and print what was wrong."""
    parser = ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for make in (edited, exported, unquoted):
            rng, found = random.Random(options.seed), Counter[str]()
            for number in range(options.files):
                made = make(rng)
                if said := fault(made, Path(folder) / "t.csv"):
                    found[said.split(":")[0]] += 1
                    if sum(found.values()) <= 5:
                        print(f"{make.__name__} {number}: {said}")
            wrong += sum(found.values())
            print(
                f"{make.__name__}: {options.files} files, {sum(found.values())} silently wrong {dict(found)}"
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
