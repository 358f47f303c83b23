"""Which windows a report has: defaults, chosen spans, partial periods, pairs to compare; and placing instants."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from canonical import settings
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.engine.facts.fact import moment
from cx_kpi.engine.time import periods
from cx_kpi.engine.time import windows as module
from cx_kpi.engine.time.windows import bin_index, make_windows, microseconds, midnight
from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.vocabulary.moments import parse_as_of


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def made(first="2026-01-01T09:00", latest="2026-03-31T18:00", **options):
    return make_windows(at(first), at(latest), settings(**options))


def told(windows):
    """The window, and the periods: partial ones in brackets."""
    overall = f"{windows.overall.start} {windows.overall.end}"
    periods = [f"({span.start})" if span.partial else f"{span.start}" for span in windows.series]
    return overall, [each.replace("2026-", "") for each in periods]


def test_by_default_all_days_of_the_data_by_month():
    windows = made()
    assert told(windows) == ("2026-01-01 2026-04-01", ["01-01", "02-01", "03-01"])
    assert (windows.grain, windows.rolling, windows.overall.partial) == ("month", False, False)
    assert windows.as_of == at("2026-03-31T18:00")


@pytest.mark.parametrize(
    ("first", "latest", "periods"),
    [
        ("2026-01-03T09:00", "2026-03-30T23:59", ["01-01", "02-01", "(03-01)"]),  # March has one day more
        ("2026-01-04T00:00", "2026-03-31T00:00", ["01-01", "02-01", "03-01"]),  # three days late of 31
        ("2026-01-05T00:00", "2026-03-31T00:00", ["(01-01)", "02-01", "03-01"]),  # four: a tenth and more
        ("2026-04-04T00:00", "2026-05-31T00:00", ["04-01", "05-01"]),  # just a tenth
        ("2026-01-31T00:00", "2026-04-01T00:00", ["(01-01)", "02-01", "03-01", "(04-01)"]),
    ],
)
def test_periods_the_data_does_not_cover_are_partial(first, latest, periods):
    assert told(made(first, latest, period="month"))[1] == periods


@pytest.mark.parametrize(
    ("first", "grain", "fits"),
    [
        ("2016-01-01", "day", None),  # ten years
        ("1960-01-01", "day", "week"),
        ("1900-01-01", "day", "month"),
        ("1900-01-01", "week", "month"),
        ("1900-01-01", "month", None),
        ("0001-01-01", "day", "year"),
    ],
)
def test_a_series_of_too_many_periods_is_refused(first, grain, fits):
    if fits:
        with pytest.raises(UsageProblem, match=f"--period {grain}: .* choose --period {fits}, or"):
            made(first, period=grain)
    else:
        assert len(made(first, period=grain).series) <= 4000


@pytest.mark.parametrize("grain", periods.GRAINS)
@given(first=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(1, 3000))
def test_periods_are_counted_as_they_are_made(grain, first, days):
    end = first + timedelta(days=days)
    made_of = len(list(periods.between(first, end, grain))) - 1
    assert 0 <= made_of - periods.count(first, end, grain) <= 2


@pytest.mark.parametrize(
    ("days", "grain"), [(1, "day"), (20, "day"), (21, "week"), (88, "week"), (89, "month"), (900, "month")]
)
def test_the_period_fits_the_span(days, grain):
    latest = at("2026-01-01T09:00") + timedelta(days=days - 1)
    assert make_windows(at("2026-01-01T09:00"), latest, settings()).grain == grain


def test_the_period_may_be_set_and_the_option_goes_before_the_configuration():
    assert made(config={"period": "quarter"}).grain == "quarter"
    assert made(config={"period": "quarter"}, period="year").grain == "year"


def test_days_are_over_when_the_next_has_begun():
    windows = made("2026-03-01T00:00", "2026-03-03T23:59:59", period="day")
    assert told(windows)[1] == ["03-01", "03-02", "(03-03)"]
    windows = made("2026-03-01T00:00", "2026-03-03T12:00", period="day", as_of="2026-03-03")
    assert told(windows)[1] == ["03-01", "03-02", "03-03"]


@pytest.mark.parametrize("options", [{"last": "2d"}, {"since": date(2026, 3, 2)}])
def test_the_last_day_of_a_chosen_window_is_over_in_its_series_too(options):
    windows = made("2026-02-01T00:00", "2026-03-03T00:00", period="day", **options)
    assert not windows.overall.partial
    assert told(windows)[1][-2:] == ["03-02", "03-03"]
    early = made(
        "2026-02-01T00:00", "2026-03-03T12:00", period="day", **options | {"as_of": "2026-03-03T12:00"}
    )
    assert told(early)[1][-1] == "(03-03)"


def test_a_moment_set_is_taken_at_its_word():
    windows = made(as_of="2026-03-31T18:00", period="month")
    assert told(windows) == ("2026-01-01 2026-04-01", ["01-01", "02-01", "(03-01)"])
    windows = made(as_of="2026-02-28", period="month")
    assert told(windows) == ("2026-01-01 2026-03-01", ["01-01", "02-01"])


@pytest.mark.parametrize(
    ("options", "window", "before"),
    [
        ({"last": "1m"}, "2026-03-01 2026-04-01", "2026-02-01"),
        ({"last": "2m"}, "2026-02-01 2026-04-01", None),  # December is not there
        ({"last": "1 month", "as_of": "2026-03-30"}, "2026-02-01 2026-03-01", "2026-01-01"),
        ({"last": "2w"}, "2026-03-16 2026-03-30", "2026-03-02"),
        ({"last": "10d"}, "2026-03-22 2026-04-01", "2026-03-12"),
        ({"last": "1q"}, "2026-01-01 2026-04-01", None),
        ({"last": "1w", "until": date(2026, 3, 18)}, "2026-03-09 2026-03-16", "2026-03-02"),
        ({"since": date(2026, 2, 1), "until": date(2026, 3, 1)}, "2026-02-01 2026-03-01", "2026-01-01"),
        ({"since": date(2026, 2, 2), "until": date(2026, 2, 9)}, "2026-02-02 2026-02-09", "2026-01-26"),
        ({"since": date(2026, 3, 15)}, "2026-03-15 2026-04-01", "2026-02-26"),
        ({"until": date(2026, 2, 1)}, "2026-01-01 2026-02-01", None),
    ],
)
def test_chosen_windows_and_the_span_before_them(options, window, before):
    windows = made(**options)
    assert told(windows)[0] == window
    assert (windows.previous and str(windows.previous.start)) == before
    if before:
        assert windows.previous.end == windows.overall.start
        assert windows.compared() == (("overall", 0), ("previous", 0))
    else:
        assert windows.compared() is None


def test_whole_months_before_a_window_across_the_year():
    windows = made("2026-01-01T09:00", "2027-03-31T09:00", since=date(2026, 11, 1), until=date(2027, 2, 1))
    assert (windows.previous.start, windows.previous.end) == (date(2026, 8, 1), date(2026, 11, 1))


@pytest.mark.parametrize(("day", "before"), [("04", "04-01"), ("05", None)])
def test_a_tenth_may_be_missing_of_the_span_before(day, before):
    windows = made(
        f"2026-04-{day}T09:00", "2026-05-31T09:00", since=date(2026, 5, 1), until=date(2026, 5, 31)
    )
    assert (windows.previous and windows.previous.start.isoformat()[5:]) == before


def test_the_series_tells_the_history_before_a_chosen_window():
    windows = made(since=date(2026, 3, 1), until=date(2026, 3, 21), period="month")
    assert told(windows) == ("2026-03-01 2026-03-21", ["01-01", "02-01", "(03-01)"])
    assert windows.series[-1].end == date(2026, 3, 21)


def test_a_window_that_goes_on_is_partial_and_not_compared():
    windows = made(since=date(2026, 3, 1), until=date(2026, 5, 1), period="month")
    assert windows.overall.partial
    assert windows.compared() is None
    assert told(windows)[1] == ["01-01", "02-01", "03-01", "(04-01)"]


def test_the_last_two_full_periods_are_compared():
    assert made(latest="2026-03-15T09:00", period="month").compared() == (("series", 1), ("series", 0))
    assert made(period="month").compared() == (("series", 2), ("series", 1))
    assert made(first="2026-01-20T09:00", latest="2026-03-15T09:00", period="month").compared() is None


@pytest.mark.parametrize(
    "options",
    [
        {"since": date(2026, 4, 1)},
        {"until": date(2026, 1, 1)},
        {"since": date(2026, 2, 1), "until": date(2026, 2, 1)},
        {"since": date(2026, 2, 2), "until": date(2026, 2, 1)},
    ],
)
def test_an_empty_window_says_what_the_data_covers(options):
    with pytest.raises(UsageProblem, match="is empty; the data covers 2026-01-01 to 2026-04-01"):
        made(**options)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "31.03.2026", ""])
def test_a_moment_that_is_no_date(text):
    with pytest.raises(UsageProblem, match="is no date; write"):
        parse_as_of(text, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-31", "2026-03-31T22:00"),  # its end, in summer time
        ("2026-03-31T18:00", "2026-03-31T16:00"),
        ("2026-03-31T18:00+03:00", "2026-03-31T15:00"),
        ("2026-03-31T18:00Z", "2026-03-31T18:00"),
    ],
)
def test_moments_are_read_in_the_zone_of_the_report(text, instant):
    assert parse_as_of(text, ZoneInfo("Europe/Berlin")) == at(instant)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00"),
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00"),
        ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00"),
        ("America/New_York", "2026-03-08", "2026-03-08T05:00"),
        ("America/New_York", "2026-03-09", "2026-03-09T04:00"),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00"),
        ("America/New_York", "2026-11-02", "2026-11-02T05:00"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00"),
        ("Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30"),
        ("Australia/Lord_Howe", "2026-10-05", "2026-10-04T13:00"),
        ("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),  # midnight did not exist: one o'clock
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00"),  # eleven struck twice the evening before
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # midnight twice: the first
        ("Africa/Casablanca", "2026-02-15", "2026-02-14T23:00"),  # an hour back for the month of fasting
        ("Africa/Casablanca", "2026-02-16", "2026-02-16T00:00"),
        ("Africa/Casablanca", "2026-03-23", "2026-03-22T23:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # the day that never was
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_the_local_day_starts(zone, day, instant):
    assert microseconds(midnight(date.fromisoformat(day), ZoneInfo(zone))) == microseconds(at(instant))


zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Monrovia"]
)


@given(
    zones,
    st.lists(st.dates(date(1971, 1, 1), date(2030, 1, 1)), min_size=1, max_size=12, unique=True),
    st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2031, 1, 1)), max_size=30),
    st.booleans(),
)
def test_slots_are_those_of_a_search(zone, days, instants, small):
    edges = [microseconds(midnight(day, ZoneInfo(zone))) for day in sorted(days)]
    rows = [microseconds(instant.replace(tzinfo=UTC)) for instant in instants]
    rows += [edge + step for edge in edges for step in (-1, 0, 1)]
    column = pl.Series("at", [*rows, None], pl.Int64).cast(pl.Datetime("us", "UTC")).to_frame()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LARGEST_TABLE", 1000 if small else 100_000)
        found = column.select(bin_index(pl.col("at"), edges)).to_series().to_list()
    assert found == [*(bisect_right(edges, row) - 1 for row in rows), None]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 1000), st.data())
def test_windows_hold_together(first, days, data):
    """Every period starts where the one before ends, the marks are calendar ones, the whole lies on edges."""
    grain = data.draw(st.sampled_from(["day", "week", "month", "quarter", "year", None]))
    zone = data.draw(zones)
    latest = datetime.combine(first + timedelta(days=days), datetime.min.time(), ZoneInfo(zone))
    windows = make_windows(
        datetime.combine(first, datetime.min.time(), ZoneInfo(zone)),
        latest + timedelta(hours=data.draw(st.integers(3, 20))),
        settings(period=grain, timezone=zone),
    )
    spans = windows.series
    assert all(a.end == b.start for a, b in pairwise(spans))
    assert spans[0].start <= windows.overall.start < spans[0].end
    assert spans[-1].start < windows.overall.end <= spans[-1].end
    for span in (*spans, windows.overall):
        assert (windows.edges[span.first], windows.edges[span.last]) == (span.start, span.end)
    assert list(windows.edges) == sorted(set(windows.edges))
    starts = {"week": lambda day: day.weekday() == 0, "month": lambda day: day.day == 1}
    starts |= {"quarter": lambda day: (day.day, day.month % 3) == (1, 1), "day": lambda _: True}
    starts |= {"year": lambda day: (day.day, day.month) == (1, 1)}
    assert all(starts[windows.grain](span.start) for span in spans)


@pytest.mark.parametrize(
    ("last", "until", "known"),
    [
        ("6m", None, True),  # the later half of them
        ("7m", None, True),
        ("8m", None, False),
        ("9999y", None, False),
        ("1m", date(2026, 1, 31), False),  # December ended before the data began
        ("1m", date(2026, 2, 1), True),
    ],
)
def test_the_last_periods_have_to_be_in_the_data(last, until, known):
    if known:
        assert made(last=last, until=until).overall.start <= date(2026, 1, 1)
        return
    with pytest.raises(UsageProblem, match="the data covers 2026-01-01 to 2026-03-31 only"):
        made(last=last, until=until)


@pytest.mark.parametrize(("as_of", "known"), [("2025-12-31", False), ("2026-01-01", True)])
def test_nothing_is_known_before_the_data(as_of, known):
    if known:
        assert made(as_of=as_of).overall.end == date(2026, 1, 2)
        return
    with pytest.raises(UsageProblem, match="nothing is known before 2026-01-01; name a later day"):
        made(as_of=as_of)


def years(**options):
    """Windows over two years and a quarter of data."""
    return made("2026-01-01T09:00", "2028-03-31T18:00", compare="year", **options)


@pytest.mark.parametrize(
    ("options", "start", "end"),
    [
        ({"last": "1m"}, "2027-03-01", "2027-04-01"),
        ({"since": date(2028, 2, 1), "until": date(2028, 3, 1)}, "2027-02-01", "2027-03-01"),  # 29 days to 28
        ({"last": "1q"}, "2027-01-01", "2027-04-01"),
        ({"last": "1y"}, "2026-01-01", "2027-01-01"),
        ({"last": "2w"}, "2027-03-15", "2027-03-29"),  # 52 weeks: both begin on a Monday
        (
            {"since": date(2028, 2, 29), "until": date(2028, 3, 1)},
            "2027-03-02",
            "2027-03-03",
        ),  # both Tuesdays
    ],
)
def test_the_same_span_of_the_year_before(options, start, end):
    windows = years(**options)
    before = windows.previous
    assert (str(before.start), str(before.end)) == (start, end)
    assert windows.compared() == (("overall", 0), ("previous", 0))
    if windows.overall.start.day != 1:
        assert before.start.weekday() == windows.overall.start.weekday()
        assert before.end - before.start == windows.overall.end - windows.overall.start


@pytest.mark.parametrize(
    ("grain", "now", "before"),
    [
        ("month", "2028-03-01", "2027-03-01"),
        ("quarter", "2028-01-01", "2027-01-01"),
        ("year", "2027-01-01", "2026-01-01"),
        ("week", "2028-03-20", "2027-03-22"),
        ("day", "2028-03-30", "2027-04-01"),
    ],
)
def test_the_last_full_period_and_its_year_before(grain, now, before):
    windows = years(period=grain)
    found = [windows.group(group)[number].start.isoformat() for group, number in windows.compared()]
    assert found == [now, before]


def test_without_a_year_before_nothing_is_compared():
    assert made(compare="year").compared() is None
    assert made(compare="year", last="1m").compared() is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 12), st.sampled_from(["quarter", "year"]))
def test_fiscal_periods_start_in_their_months(day, month, grain):
    latest = datetime.combine(day + timedelta(days=500), datetime.min.time(), UTC)
    windows = make_windows(
        datetime.combine(day, datetime.min.time(), UTC),
        latest,
        settings(period=grain, config={"fiscal_year_starts": month}),
    )
    length = 3 if grain == "quarter" else 12
    assert all((span.start.day, (span.start.month - month) % length) == (1, 0) for span in windows.series)
    assert windows.series[0].start <= day < windows.series[0].end


def test_the_last_fiscal_year():
    april = {"fiscal_year_starts": "april"}
    windows = made("2024-01-01T09:00", "2026-05-31T09:00", last="1y", config=april)
    assert told(windows)[0] == "2025-04-01 2026-04-01"
    assert (windows.year_starts, windows.previous.start) == (4, date(2024, 4, 1))


def test_a_day_without_an_hour_holds_no_rows_and_the_next_all():
    """Apia went from 29 to 31 December 2011: the day between has no instant."""
    windows = made("2011-12-28T20:00", "2012-01-02T20:00", period="day", timezone="Pacific/Apia")
    instants = dict(zip(map(str, windows.edges), windows.instants, strict=True))
    assert instants["2011-12-30"] == instants["2011-12-31"]
    place = pl.Series([instants["2011-12-31"]], dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
    (found,) = place.to_frame("at").select(bin_index(pl.col("at"), windows.instants)).to_series()
    assert str(windows.edges[found]) == "2011-12-31"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"])
def test_moments_of_an_hour_that_comes_twice_are_two(zone):
    """They are equal in their zone, for which only the clock counts; of one process, each report has its own."""
    instants = [datetime(2025, month, day, tzinfo=UTC) for month, day in ((4, 6), (10, 26), (11, 2))]
    every = [start + timedelta(minutes=30 * n) for start in instants for n in range(-20, 20)]
    found = pl.select(pl.concat_list(moment(each.astimezone(ZoneInfo(zone))) for each in every))
    assert found.to_series()[0].to_list() == every
