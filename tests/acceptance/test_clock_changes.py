"""Dates as exports write them, across changes of the clock: lengths of time are those between instants."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cx_kpi import make_report

HEADERS = "ticket_id,created_at,first_response_at,solved_at"


def waits(path: Path, rows: list[tuple[str, str]], **options: str) -> float | None:
    """The mean first response of these (created, answered), in seconds."""
    lines = [f"{number},{created},{answered}," for number, (created, answered) in enumerate(rows)]
    path.write_text("\n".join([HEADERS, *lines]) + "\n", encoding="utf-8")
    value = make_report(str(path), **options).metrics["first_response_time"].value
    assert value is None or isinstance(value, float)
    return value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the export is."""
    return tmp_path / "tickets.csv"


@pytest.mark.parametrize(
    ("zone", "created", "answered", "hours"),
    [
        ("Europe/Berlin", "2026-03-29 01:30", "2026-03-29 03:30", 1),  # an hour is skipped
        ("Europe/Berlin", "2026-10-25 01:30", "2026-10-25 03:30", 3),  # an hour comes twice
        ("America/New_York", "2026-03-08 01:30", "2026-03-08 03:30", 1),
        ("America/New_York", "2026-11-01 00:30", "2026-11-01 02:30", 3),
        ("Australia/Lord_Howe", "2026-10-04 01:30", "2026-10-04 03:00", 1),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05 01:00", "2026-04-05 03:00", 2.5),
        ("Africa/Casablanca", "2026-02-15 01:30", "2026-02-15 04:00", 3.5),
        ("Africa/Casablanca", "2026-03-22 01:30", "2026-03-22 04:00", 1.5),
        ("Pacific/Apia", "2011-12-29 23:00", "2011-12-31 01:00", 2),  # a day that never was
        ("UTC", "2028-02-28 12:00", "2028-03-01 12:00", 48),  # over 29 February
        ("UTC", "2026-12-31 12:00", "2027-01-01 12:00", 24),  # inside ISO week 53
    ],
)
def test_a_wait_is_the_time_between_two_instants(
    zone: str, created: str, answered: str, hours: float, file: Path
) -> None:
    assert waits(file, [(created, answered)], timezone=zone) == hours * 3600
    assert waits(file, [(created, answered)], source_timezone=zone) == hours * 3600


def test_dates_with_and_without_an_offset_may_stand_in_one_column(file: Path) -> None:
    """One without takes the zone of the source; one with an offset or a Z has its own."""
    rows = [
        ("2026-07-01 12:00:00", "2026-07-01T10:30:00Z"),
        ("2026-07-01T12:00:00+02:00", "2026-07-01 12:30:00"),
        ("2026-07-01T15:00:00+05:00", "2026-07-01T10:30:00+00:00"),
    ]
    assert waits(file, rows, source_timezone="Europe/Berlin") == 1800


WRITTEN = {
    "iso": lambda at: at.isoformat(),
    "seconds": lambda at: str(int(at.timestamp())),
    "milliseconds": lambda at: str(int(at.timestamp() * 1000)),
    "microseconds": lambda at: str(int(at.timestamp() * 1_000_000)),
    "russian": lambda at: f"{at.day} июля {at.year} {at:%H:%M}",
    "jira": lambda at: f"{at.day}/jul/{at:%y} {at:%I:%M} {'AM' if at.hour < 12 else 'PM'}",
    "dotted": lambda at: f"{at:%d.%m.%Y %H:%M}",
    "american": lambda at: f"{at:%m/%d/%Y %H:%M}",
    "european": lambda at: f"{at:%d/%m/%Y %H:%M}",
}


@pytest.mark.parametrize("way", WRITTEN)
def test_however_a_date_is_written_it_is_the_same(way: str, file: Path) -> None:
    start = datetime(2026, 7, 3, 9, tzinfo=UTC)
    rows = [(start + timedelta(days=k), start + timedelta(days=k, hours=1 + k % 5)) for k in range(20)]
    write = WRITTEN[way]
    assert waits(file, [(write(a), write(b)) for a, b in rows]) == 3 * 3600
    report = make_report(str(file), period="day", metrics=["tickets_created"])
    points = [point.value for point in report.series]
    assert points == [1] * 20
    assert (report.series[0].start, report.series[-1].partial) == ("2026-07-03", True)


def test_dates_that_can_be_read_both_ways_are_read_one_way_and_said(file: Path) -> None:
    rows = [(f"0{k}/04/2026 09:00", f"0{k}/04/2026 10:00") for k in range(1, 8)]
    assert waits(file, rows) == 3600
    report = make_report(str(file), period="day", metrics=["tickets_created"])
    assert "ambiguous_dates" in {notice.code for notice in report.notices}
    assert {point.start[:7] for point in report.series} in ({"2026-04"}, {f"2026-0{k}" for k in range(1, 8)})
