"""What all instants of a column have in common, of which the first ones are asked before all."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cx_kpi.normalise.tables import doubts

DAY = datetime(2026, 3, 2, tzinfo=UTC)
MIDNIGHT, MINUTE, SECOND = timedelta(), timedelta(minutes=1), timedelta(seconds=1)


def instants(*after: timedelta | None) -> pl.Series:
    """Those so long after midnight."""
    whole = [None if each is None else DAY + each for each in after]
    return pl.Series("at", whole, pl.Datetime("us", "UTC"))


@pytest.mark.parametrize(
    ("after", "days", "minutes"),
    [
        ([MIDNIGHT] * 4, True, True),
        ([MIDNIGHT, MIDNIGHT, MIDNIGHT, MINUTE], False, True),
        ([MIDNIGHT, MIDNIGHT, MIDNIGHT, SECOND], False, False),
        ([SECOND, MIDNIGHT, MIDNIGHT, MIDNIGHT], False, False),
        ([None, MIDNIGHT, MIDNIGHT, MIDNIGHT, None], True, True),
        ([None, None, None], False, True),
        ([], False, True),
    ],
)
def test_one_odd_instant_tells_however_late_it_comes(
    after: list[timedelta | None], days: bool, minutes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no instants, none has seconds; and none proves that dates have no times of day."""
    monkeypatch.setattr(doubts, "_SOON", 2)
    assert doubts._are_days(instants(*after)) is days
    assert doubts._are_minutes(instants(*after)) is minutes
