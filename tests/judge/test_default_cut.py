"""What a report is cut by where nobody said: by channel, else by the first column of few values that tells where."""

from datetime import UTC, datetime, timedelta

import pytest
from canonical import report

START = datetime(2025, 1, 1, tzinfo=UTC)


def tickets(**columns):
    return [
        {"ticket_id": str(i), "created_at": START + timedelta(hours=i)}
        | {name: f"{name} {i % values}" for name, values in columns.items()}
        for i in range(60)
    ]


@pytest.mark.parametrize(
    ("columns", "cut"),
    [
        ({"channel": 3, "team": 2}, "channel"),
        ({"team": 4, "product": 3, "category": 2}, "team"),
        ({"team": 1, "product": 3}, "product"),
        ({"team": 25, "category": 5}, "category"),
        ({"priority": 2}, None),
    ],
)
def test_the_first_column_that_tells_where_is_cut_by(columns, cut):
    found = report({"tickets": tickets(**columns)})
    assert {tuple(each.by) for each in found.segments} == ({(cut,)} if cut else set())


def test_what_is_asked_for_holds():
    assert report({"tickets": tickets(team=4)}, by=[]).segments == []
