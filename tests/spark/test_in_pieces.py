"""What a task of Spark found crosses to the driver in rows of a bounded size."""

import pytest

from cx_kpi.spark import worker_tasks


def rows_of(found: list[bytes]) -> list[tuple[int, bytes]]:
    tables = [worker_tasks._table(data) for data in found]
    return [(row["bucket"], row["data"]) for table in tables for row in table.to_pylist()]


@pytest.mark.parametrize(
    "sizes",
    [(1,), (7,), (8,), (9,), (40, 3, 8, 1, 17), ()],
    ids=lambda each: "-".join(map(str, each)) or "none",
)
def test_what_tasks_found_is_whole_again(monkeypatch, sizes):
    monkeypatch.setattr(worker_tasks, "PIECE", 8)
    found = [bytes((n + at) % 256 for at in range(size)) for n, size in enumerate(sizes)]
    rows = rows_of(found)
    assert all(0 < len(data) <= 8 for _, data in rows)
    assert [*worker_tasks.together(rows)] == found
