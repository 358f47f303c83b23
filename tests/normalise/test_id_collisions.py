"""Clashing ids of any files, against the plain rule that looks at each two of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
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
    plan = SimpleNamespace(mapped=SimpleNamespace(source=source), readers=[])
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
            apart = [abs(day - known[id_]) for id_, day in shared if day is not None]
            differ = [each for each in apart if each > (0 in apart)]
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


def moved(minutes, ends=0, start=7) -> int:
    """How many of the tickets of a second file, begun so many minutes later each, count as others."""
    first = [START + timedelta(hours=start, days=day, minutes=7 * day) for day in range(len(minutes))]
    second = [each + timedelta(minutes=by) for each, by in zip(first, minutes, strict=True)]
    files = []
    for number, begun in enumerate((first, second)):
        later = timedelta(hours=5, minutes=ends * number)
        frame = part(number, [(id_ + 1, None) for id_ in range(len(begun))])
        dates = pl.DataFrame({"created_at": begun, "solved_at": [each + later for each in begun]})
        files.append(replace(frame, frame=frame.frame.with_columns(dates.cast(pl.Datetime("us", "UTC")))))
    _, odd = id_collisions.told_apart(files, "ticket_id", "created_at")
    return sum(each.rows for each in odd)


@pytest.mark.parametrize(
    ("minutes", "others"),
    [
        ([90] * 4, 4),  # no zone is so far from UTC
        ([330] * 4, 0),  # as India is
        ([345] * 4, 0),  # as Nepal is
        ([-480] * 4, 0),
        ([60, 120, 60, 120], 0),  # summer time
        ([180, 179, 180, 180], 0),  # seconds cut
        ([0, 60, 0, 60], 0),  # summer time of London
        ([900] * 4, 4),  # no zone is so far
        ([1440] * 4, 4),
        ([720], 1),  # one id shows no zone
        ([60, 180, 300, 60], 4),
        ([1, 0, 1, 0], 0),
        ([0, 0, 0, 2000], 0),  # one corrected
    ],
)
def test_only_a_zone_or_rounding_moves_a_ticket(minutes, others):
    assert moved(minutes) == others


def test_a_zone_moves_the_ends_as_well():
    assert moved([60] * 4, ends=0) == 0
    assert moved([60] * 4, ends=45) == 4
