"""Exports that grow in one dimension, for the benchmark of growth: many files, periods, segments, events, busy customers.

Run as a program, so that its memory is not counted as that of the report: `growth_data.py FOLDER CASE SIZE`.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from generate import chunk

SEED = 20_260_331
HOUR = 3_600
YEARS = 5
MICRO = 1_000_000
DAY = 200  # tickets
EVENTS = ("created", "agent_reply", "customer_reply", "assigned", "solved")


def tickets(rows: int) -> pl.DataFrame:
    """Tickets over two years, as in the other benchmarks."""
    return chunk(0, rows, max(1, rows // 6), np.random.default_rng(SEED))


def in_files(rows: int, files: int, write: Callable[[pl.DataFrame, Path], object], folder: Path) -> None:
    """The tickets in N files, one after the other."""
    frame = tickets(rows)
    for number, each in enumerate(frame.iter_slices(-(-rows // files))):
        write(each, folder / f"tickets_{number:05d}")


def csv_files(folder: Path, rows: int, files: int) -> None:
    """CSV files."""
    in_files(rows, files, lambda frame, path: _csv(frame, path.with_suffix(".csv")), folder)


def parquet_files(folder: Path, rows: int, files: int) -> None:
    """Parquet files."""
    in_files(rows, files, lambda frame, path: frame.write_parquet(path.with_suffix(".parquet")), folder)


def stored(folder: Path, rows: int, files: int) -> None:
    """A store to which so many CSV files were added one by one, and beside it a file that is not in it."""
    from cx_kpi.model.options import Options
    from cx_kpi.store import changing

    with TemporaryDirectory() as exports:
        csv_files(Path(exports), rows, files)
        for path in sorted(Path(exports).iterdir()):
            changing.add(folder, Options(paths=(str(path),)), lambda *_: None)
    _csv(chunk(rows, DAY, DAY, np.random.default_rng(1)), folder.with_suffix(".csv"))


def five_years(folder: Path, rows: int, _: int) -> None:
    """Tickets over five years."""
    day = pl.duration(days=pl.int_range(pl.len()) * 365 * (YEARS - 2) // rows)
    moments = pl.col("created_at", "first_response_at", "solved_at")
    tickets(rows).with_columns(moments + day).write_parquet(folder / "tickets.parquet")


def agents(folder: Path, rows: int, size: int) -> None:
    """Tickets of N agents."""
    who = np.random.default_rng(SEED).integers(0, size, rows)
    frame = tickets(rows).with_columns(agent=pl.format("agent {}", pl.Series(who)))
    frame.write_parquet(folder / "tickets.parquet")


def one_customer(folder: Path, rows: int, size: int) -> None:
    """Tickets that are each open for twenty days, of N customers."""
    who = pl.format("C-{}", pl.int_range(pl.len()) % size)
    frame = tickets(rows).with_columns(
        customer_id=who, solved_at=pl.col("created_at") + pl.duration(days=20), status=pl.lit("solved")
    )
    frame.drop("category", "product").write_parquet(folder / "tickets.parquet")


def of_tickets(folder: Path, rows: int, _: int) -> None:
    """Tickets in one file."""
    tickets(rows).write_parquet(folder / "tickets.parquet")


def events(folder: Path, rows: int, _: int) -> None:
    """Ticket events, five to a ticket."""
    rng = np.random.default_rng(SEED)
    count = rows // len(EVENTS)
    start = tickets(count)["created_at"].to_physical().to_numpy()
    after = np.cumsum(rng.integers(0, 8 * HOUR, (count, len(EVENTS))), axis=1) - 0
    frame = pl.DataFrame(
        {
            "ticket_id": np.repeat(np.arange(count), len(EVENTS)),
            "event": np.tile(EVENTS, count),
            "at": (start[:, None] + after * MICRO).ravel(),
            "agent": np.repeat(rng.integers(0, 40, count), len(EVENTS)),
        }
    ).with_columns(pl.col("at").cast(pl.Datetime("us")), pl.format("T-{}", "ticket_id").alias("ticket_id"))
    frame.write_parquet(folder / "ticket_events.parquet")


def answers(folder: Path, rows: int, _: int) -> None:
    """Answers to a survey."""
    rng = np.random.default_rng(SEED)
    came = np.sort(rng.integers(1_704_067_200, 1_767_225_600, rows))
    frame = pl.DataFrame(
        {
            "survey_id": np.arange(rows),
            "kind": np.array(["csat", "nps", "ces"])[rng.integers(0, 3, rows)],
            "score": rng.integers(1, 6, rows),
            "responded_at": came * MICRO,
            "customer_id": rng.integers(0, max(1, rows // 4), rows),
            "channel": np.array(["email", "chat", "phone"])[rng.integers(0, 3, rows)],
        }
    ).with_columns(pl.col("responded_at").cast(pl.Datetime("us")))
    frame.write_parquet(folder / "surveys.parquet")


def odd_date(folder: Path, rows: int, size: int) -> None:
    """Tickets of which one is N years off."""
    off = pl.when(pl.int_range(pl.len()) == 0).then(pl.duration(days=size * 365)).otherwise(pl.duration())
    moments = pl.col("created_at", "first_response_at", "solved_at")
    tickets(rows).with_columns(moments + off).write_parquet(folder / "tickets.parquet")


def many_values(folder: Path, rows: int, size: int) -> None:
    """Tickets with N unknown channels, statuses and priorities, and as many broken dates."""
    number = pl.int_range(pl.len()) % size
    text = pl.col("created_at").dt.to_string("%Y-%m-%d %H:%M:%S")
    frame = tickets(rows).with_columns(
        *(pl.format(f"{name} number {{}}", number).alias(name) for name in ("channel", "priority", "type")),
        created_at=pl.when(number % 3 > 0).then(text).otherwise(pl.format("about {}", number)),
    )
    _csv(frame, folder / "tickets.csv")


def _csv(frame: pl.DataFrame, path: Path) -> None:
    frame.write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")


MAKERS: dict[str, Callable[[Path, int, int], None]] = {
    each.__name__: each
    for each in (
        csv_files,
        parquet_files,
        stored,
        five_years,
        agents,
        one_customer,
        of_tickets,
        events,
        answers,
        odd_date,
        many_values,
    )
}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    MAKERS[sys.argv[2]](folder, int(sys.argv[3]), int(sys.argv[4]))
