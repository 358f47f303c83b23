"""Tickets by the million for the benchmarks: seeded, 16 columns, two years, as Parquet and CSV."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

DAY = 86_400
START = 1_704_067_200  # 2024-01-01 UTC
SPAN = 731 * DAY
CHANNELS = ("email", "web", "chat", "phone", "social")
WEIGHTS = (0.38, 0.22, 0.2, 0.15, 0.05)
CHUNK = 1_000_000
SUBJECTS = (
    "Invoice is wrong",
    'The "reset" link, again',
    "Where is my order?",
    "App crashes, help",
    "Cancel my plan",
)


def chunk(first: int, rows: int, customers: int, rng: np.random.Generator) -> pl.DataFrame:
    """The tickets number `first` and on."""
    created = START + np.sort(rng.integers(0, SPAN, rows))
    channel = rng.choice(len(CHANNELS), rows, p=WEIGHTS)
    wait = rng.lognormal(np.array([9.2, 9.0, 4.3, 5.0, 7.4])[channel], 1.1).astype(np.int64)
    work = wait + rng.lognormal(10.6, 1.2, rows).astype(np.int64)
    answered = rng.random(rows) < 0.97
    solved = answered & (rng.random(rows) < 0.95)
    frame = pl.DataFrame(
        {
            "ticket_id": np.arange(first, first + rows),
            "created_at": created,
            "first_response_at": created + wait,
            "solved_at": created + work,
            "status": np.where(solved, "solved", np.where(answered, "pending", "open")),
            "channel": np.array(CHANNELS)[channel],
            "priority": np.array(["low", "normal", "high", "urgent"])[
                rng.choice(4, rows, p=[0.2, 0.6, 0.15, 0.05])
            ],
            "type": np.array(["question", "problem", "complaint"])[rng.choice(3, rows, p=[0.55, 0.38, 0.07])],
            "category": np.array([f"category {k:02d}" for k in range(12)])[rng.integers(0, 12, rows)],
            "product": np.array([f"product {k}" for k in range(8)])[rng.integers(0, 8, rows)],
            "team": np.array([f"team {k}" for k in range(10)])[rng.integers(0, 10, rows)],
            "customer_id": rng.integers(0, customers, rows),
            "subject": np.array(SUBJECTS)[rng.integers(0, len(SUBJECTS), rows)],
            "reopen_count": (rng.random(rows) < 0.06).astype(np.int64),
            "reply_count": rng.geometric(0.45, rows),
            "escalation_level": rng.choice(3, rows, p=[0.9, 0.08, 0.02]),
        }
    )
    moments = pl.col("created_at", "first_response_at", "solved_at")
    return frame.with_columns(
        first_response_at=pl.when(pl.Series(answered)).then("first_response_at"),
        solved_at=pl.when(pl.Series(solved)).then("solved_at"),
        ticket_id=pl.format("T-{}", pl.col("ticket_id").cast(pl.String).str.zfill(9)),
        customer_id=pl.format("C-{}", pl.col("customer_id").cast(pl.String).str.zfill(8)),
    ).with_columns((moments * 1_000_000).cast(pl.Datetime("us")))


def generate(folder: Path, rows: int, *, csv: bool = True) -> tuple[Path, Path]:
    """Write `tickets_<rows>.parquet` and `.csv` where they are missing; gives both paths."""
    parquet, text = (folder / f"tickets_{rows}.{end}" for end in ("parquet", "csv"))
    if not parquet.exists():
        rng = np.random.default_rng(20_260_331)
        with TemporaryDirectory(dir=folder) as parts:
            for first in range(0, rows, CHUNK):
                part = chunk(first, min(CHUNK, rows - first), max(1, rows // 6), rng)
                part.write_parquet(Path(parts) / f"{first:012d}.parquet", compression="lz4")
            pl.scan_parquet(parts).sink_parquet(parquet, compression="zstd", row_group_size=250_000)
    if csv and not text.exists():
        pl.scan_parquet(parquet).sink_csv(text, datetime_format="%Y-%m-%d %H:%M:%S", quote_style="necessary")
    return parquet, text
