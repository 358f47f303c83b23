"""A small desk of tickets, written in many ways, and the figures of a report."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from oracle import read_at_once

from cx_kpi.api import make_report
from cx_kpi.model.options import Options
from cx_kpi.model.report import Report
from cx_kpi.render.files.json import render

ROWS = 150
STAMPS = ("created_at", "first_response_at", "solved_at")
START = datetime(2026, 1, 5, 8)
SUBJECTS = (
    'Где заказ, "срочно"?',
    "Не работает; помогите",
    "The page\nis blank",
    "plain",
    "tab\tin it | and pipe",
)


def desk(rows: int = ROWS) -> pl.DataFrame:
    """Tickets of twelve weeks, all cells text."""
    draw = random.Random(7)
    return pl.DataFrame([_ticket(number, draw) for number in range(rows)])


def _ticket(number: int, draw: random.Random) -> dict[str, str | None]:
    created = START + timedelta(minutes=number * 800 + draw.randrange(700))
    answered = created + timedelta(seconds=draw.randrange(60, 90_000))
    solved = answered + timedelta(seconds=draw.randrange(60, 400_000)) if draw.random() < 0.8 else None
    return {
        "ticket_id": f"00{number}",
        "created_at": str(created),
        "first_response_at": str(answered) if draw.random() < 0.9 else None,
        "solved_at": str(solved) if solved else None,
        "status": "solved" if solved else "open",
        "channel": draw.choice(["email", "chat", "телефон"]),
        "priority": draw.choice(["low", "high", None]),
        "category": draw.choice(["billing", "delivery", "app"]),
        "type": draw.choice(["question", "complaint"]),
        "customer_id": f"+49{draw.randrange(40)}",
        "subject": draw.choice(SUBJECTS),
        "reopen_count": str(draw.randrange(3)),
        "reply_count": str(draw.randrange(1, 5)),
        "satisfaction_score": draw.choice([None, "1", "2", "3", "4", "5"]),
    }


def report(paths: Sequence[Path | str], **options: Any) -> Report:
    """The report on these files, cut by channel where they have one."""
    return make_report(Options(paths=tuple(map(str, paths)), **options))


def figures(made: Report) -> dict[str, Any]:
    """Every figure of a report, as its JSON shows it, without its source."""
    plain = json.loads(render(made), parse_constant=_refuse)
    return {name: plain[name] for name in ("as_of", "window", "metrics", "series", "segments")}


def tables(path: Path) -> dict[str, pl.DataFrame]:
    """The canonical tables that the figures of a file are computed from."""
    found = read_at_once(Options(paths=(str(path),)))
    return {name: frame.select(sorted(frame.columns)) for name, frame in found.items()}


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def stamps(table: pl.DataFrame, change: Callable[[datetime], str]) -> pl.DataFrame:
    """The table with its dates written another way."""
    written = [
        pl.Series(
            name, [None if cell is None else change(datetime.fromisoformat(cell)) for cell in table[name]]
        )
        for name in STAMPS
    ]
    return table.with_columns(written)


HEADER = "ticket_id,created_at,solved_at,status,note"
LINES = [f"{n},2026-03-{n:02} 10:00,2026-03-{n:02} 12:00,solved,text {n}" for n in range(1, 29)]


def written(folder: Path, *lines: str, header: str = HEADER, name: str = "t.csv") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def counted(made: Report) -> tuple[int, int, int, int]:
    """Rows in the files, used, set aside, filtered; they have to add up."""
    rows, used, aside, filtered = (
        sum(getattr(source, name) for source in made.sources)
        for name in ("rows", "used", "set_aside", "filtered")
    )
    assert rows == used + aside + filtered
    return rows, used, aside, filtered


def value(made: Report, metric: str) -> float | None:
    """The value of a metric; None is no data."""
    reading = made.metrics.get(metric)
    return reading.value if reading else None


def notices(made: Report) -> set[str]:
    """The codes of all notices of the report."""
    return {told.code for told in made.notices}
