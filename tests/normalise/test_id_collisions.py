"""Clashing ids of any files, against the plain rule that looks at each two of them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.normalise.tables import id_collisions
from cx_kpi.normalise.tables.file_rows import Part

START = datetime(2026, 1, 1, tzinfo=UTC)
row = st.tuples(st.integers(1, 6) | st.none(), st.integers(0, 4) | st.none())


def part(number: int, rows) -> Part:
    ids = pl.Series([id_ for id_, _ in rows], dtype=pl.UInt64)
    days = pl.Series(
        [None if day is None else START + timedelta(days=day) for _, day in rows],
        dtype=pl.Datetime("us", "UTC"),
    )
    source = SimpleNamespace(path=f"{number}.csv")
    plan = SimpleNamespace(mapped=SimpleNamespace(source=source))
    return Part(plan, pl.DataFrame({"ticket_id": ids, "created_at": days}), len(rows), [], {})


def clashes(files) -> list[tuple[str, int]]:
    found = []
    for place, rows in enumerate(files):
        for earlier, others in enumerate(files[:place]):
            known: dict = {}
            for id_, day in others:
                if id_ is not None and day is not None:
                    known.setdefault(id_, day)
            shared = [(id_, day) for id_, day in rows if id_ in known]
            differ = [day for id_, day in shared if day is not None and abs(day - known[id_]) > 1]
            if len(differ) > len(shared) / 2:
                found.append((f"{earlier}.csv, {place}.csv", len(differ)))
    return found


@given(st.lists(st.lists(row, max_size=8), min_size=1, max_size=5))
def test_the_same_as_pair_by_pair(files):
    _, odd = id_collisions.told_apart(
        [part(number, rows) for number, rows in enumerate(files)], "ticket_id", "created_at"
    )
    assert [(each.example, each.rows) for each in odd] == clashes(files)


@given(st.lists(st.lists(row, max_size=8), min_size=2, max_size=5))
def test_in_small_steps_too(files):
    most = id_collisions._AT_ONCE
    try:
        id_collisions._AT_ONCE = 1
        _, odd = id_collisions.told_apart(
            [part(number, rows) for number, rows in enumerate(files)], "ticket_id", "created_at"
        )
    finally:
        id_collisions._AT_ONCE = most
    assert [(each.example, each.rows) for each in odd] == clashes(files)
