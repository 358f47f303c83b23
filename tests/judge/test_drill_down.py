"""The rows behind a figure, and their targets."""

import polars as pl
import pytest

from cx_kpi.judge.receipt.drill_down import row_targets
from cx_kpi.model.documents.receipt import RowGoal


@pytest.mark.parametrize(
    ("values", "told"),
    [([True, False, None], [RowGoal(3600.0, 2, 1), RowGoal(None, 1, 0)]), ([5.0, 7.0, None], [])],
)
def test_targets_are_told_of_rows_that_meet_or_miss_them(values, told):
    rows = {"counts": True, "target": [3600.0, 3600.0, 7200.0], "due": [False, False, True]}
    assert row_targets(pl.DataFrame(rows | {"value": values})) == told
    assert row_targets(pl.DataFrame(rows | {"counts": False, "value": values})) == []
