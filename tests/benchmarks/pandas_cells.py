"""Tickets as a pandas frame, and cells to note figures in: what `pandas_report.py` starts from."""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

TIMES = ["created_at", "first_response_at", "solved_at"]
WORDS = ["status", "channel", "type", "category", "product"]
COUNTS = ["reopen_count", "reply_count", "escalation_level"]
COLUMNS = [*TIMES, *WORDS, *COUNTS, "customer_id"]
WAITS_FOR = {"new": "us", "open": "us", "pending": "customer", "on_hold": "third party"}
NEVER = 0  # the month of what has not happened
Found = defaultdict[str, defaultdict[str, dict[str, Any]]]


def read(path: str) -> tuple[pd.DataFrame, pd.Timestamp]:
    """The tickets, with durations in seconds, months, and words and customers as codes; the latest date."""
    if path.endswith(".parquet"):
        frame = pd.read_parquet(path, columns=COLUMNS)
    else:
        frame = pd.read_csv(path, usecols=COLUMNS, parse_dates=TIMES, engine="pyarrow")
    created, solved = frame["created_at"], frame["solved_at"]
    as_of = max(frame[name].max() for name in TIMES)
    words = {name: frame[name].astype("category") for name in WORDS}
    customers, names = pd.factorize(frame["customer_id"])
    issues = words["category"].cat.codes
    tickets = pd.DataFrame(
        {
            "created": created,
            "solved": solved,
            "month": month(created),
            "solved_month": month(solved),
            "channel": words["channel"],
            "category": words["category"],
            "product": words["product"],
            "customer": customers,
            "waits_for": frame["status"].map(WAITS_FOR),
            "issue": np.where(customers >= 0, customers * (issues.max() + 1) + issues, -1),
            "wait": (frame["first_response_at"] - created).dt.total_seconds(),
            "work": (solved - created).dt.total_seconds(),
            "age": (as_of - created).dt.total_seconds(),
            "finished": words["status"].isin(["solved", "closed"]),
            "complaint": words["type"] == "complaint",
            **{name: frame[name] for name in COUNTS},
        }
    )
    tickets.attrs["names"] = names
    return tickets, as_of


def month(dates: pd.Series) -> pd.Series:
    """Months as numbers."""
    return (dates.dt.year * 12 + dates.dt.month - 1).fillna(NEVER).astype("int32")


def cell(key: Any) -> str:
    """The name of a month or of a channel."""
    return f"{key // 12}-{key % 12 + 1:02}-01" if isinstance(key, (int, np.integer)) else str(key)


def rolled(parts: pd.DataFrame) -> pd.DataFrame:
    """What adds up, given columns `month` and `channel`: overall, by month and by channel."""
    by = parts.groupby(["month", "channel"], observed=True).sum()
    whole = by.sum().to_frame("overall").T
    cut = [by.groupby(level=level, observed=True).sum().rename(cell) for level in ("month", "channel")]
    return pd.concat([whole, *cut]).astype("float64")


def put(found: Found, metric: str, **columns: pd.Series) -> None:
    """Note columns, indexed by cell."""
    for name, column in columns.items():
        for key, value in column.items():
            found[metric][str(key)][name] = None if pd.isna(value) else value


def share(found: Found, metric: str, hits: pd.Series, n: pd.Series, **details: pd.Series) -> None:
    """Note a share with its parts."""
    put(found, metric, value=hits / n, n=n, hits=hits, **details)
