"""Calendars: holidays and moved working days of countries, special days, versions, and wrong ones."""

from datetime import date, timedelta

import pytest

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import CalendarRule
from cx_kpi.normalise.calendar.calendars import calendars
from cx_kpi.normalise.config.read_config import read_config

HOUR = 3600
WEEK = {"mon-thu": "09:00-18:00", "fri": "09:00-17:00"}
DAYTIME, FRIDAY = ((9 * HOUR, 18 * HOUR),), ((9 * HOUR, 17 * HOUR),)


def one(**given):
    """The calendar of one rule."""
    return calendars([CalendarRule(**({"hours": WEEK} | given))], "Europe/Moscow")[0]


def day(calendar, at):
    """The shifts of one day."""
    return calendar.shifts(at, at)[0][1]


@pytest.mark.parametrize(
    ("at", "shifts"),
    [
        (date(2024, 4, 26), FRIDAY),
        (date(2024, 4, 27), FRIDAY),  # a Saturday worked in place of 29 April
        (date(2024, 4, 28), ()),
        (date(2024, 4, 29), ()),
        (date(2024, 4, 30), ()),  # moved from 2 November
        (date(2024, 5, 2), DAYTIME),
        (date(2024, 11, 2), FRIDAY),
        (date(2024, 11, 9), ()),
        (date(2024, 12, 28), FRIDAY),
        (date(2024, 12, 30), ()),
        (date(2024, 12, 31), ()),
        (date(2025, 1, 9), DAYTIME),
    ],
)
def test_moved_days_of_russia(at, shifts):
    assert day(one(holidays="RU"), at) == shifts


def test_a_desk_open_on_saturdays_keeps_its_hours_on_a_working_one():
    desk = one(hours={"mon-fri": "09:00-18:00", "sat": "10:00-14:00"}, holidays="RU")
    assert day(desk, date(2024, 4, 27)) == ((10 * HOUR, 14 * HOUR),)


def test_parts_of_countries_and_several_countries():
    boxing_day, unity = date(2028, 12, 26), date(2026, 11, 4)
    assert day(one(holidays="GB-ENG"), boxing_day) == ()
    assert day(one(holidays=["GB-ENG", "RU"]), unity) == day(one(holidays=["RU", "GB-ENG"]), boxing_day) == ()
    assert day(one(holidays="GB-ENG"), unity) == DAYTIME


def test_special_days_go_before_holidays_and_weekdays():
    said = {"2024-05-09": "10:00-12:00", "2024-05-11": ["10:00-12:00", "13:00-15:00"], "2024-05-13": "closed"}
    desk = one(holidays="RU", days=said)
    found = {at.isoformat(): len(shifts) for at, shifts in desk.shifts(date(2024, 5, 8), date(2024, 5, 14))}
    assert list(found.values()) == [1, 1, 0, 2, 0, 0, 1]


def test_of_two_versions_the_later_said_holds_where_both_do():
    rules = [
        CalendarRule({"mon-fri": "09:00-17:00"}),
        CalendarRule({"mon-sun": "00:00-24:00"}, since=date(2026, 3, 3), until=date(2026, 3, 5)),
    ]
    (desk,) = calendars(rules, "UTC")
    found = [
        sum(end - start for start, end in shifts)
        for _, shifts in desk.shifts(date(2026, 3, 2), date(2026, 3, 6))
    ]
    assert found == [8 * HOUR, 24 * HOUR, 24 * HOUR, 8 * HOUR, 8 * HOUR]


def test_before_the_first_version_the_desk_is_closed():
    (desk,) = calendars([CalendarRule(WEEK, since=date(2026, 3, 3))], "UTC")
    assert [at for at, _ in desk.shifts(date(2026, 3, 2), date(2026, 3, 4))] == [
        date(2026, 3, 3),
        date(2026, 3, 4),
    ]


def test_the_calendar_for_all_rows_is_tried_last():
    rules = [CalendarRule(WEEK, name="desk"), CalendarRule(WEEK, name="chat", when={"channel": "chat"})]
    assert [each.name for each in calendars(rules, "UTC")] == ["chat", "desk"]


def test_shifts_of_many_years_are_those_of_each_day():
    desk = one(holidays="RU")
    first = date(2019, 1, 1)
    every = [first + timedelta(days=k) for k in range(0, 3000, 97)]
    whole = dict(desk.shifts(first, date(2028, 1, 1)))
    assert [whole[at] for at in every] == [day(desk, at) for at in every]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ('timezone = "Europe/Mosow"', "no time zone 'Europe/Mosow'; did you mean Europe/Moscow"),
        ('holidays = "XX"', "no holidays of 'XX'; write a country's code, such as RU or GB-ENG"),
        ('holidays = "Germny"', "no holidays of 'Germny'; did you mean DE?"),
        ('holidays = "Germny-BY"', "no holidays of 'Germny-BY'; did you mean DE?"),
        ('holidays = ["RU", "GB-EN"]', "no holidays of 'GB-EN'; did you mean GB-ENG"),
        ('days = { "31.12.2026" = "closed" }', "days: '31.12.2026' is no date; write for example 2026-12-31"),
        ('days = { "2026-12-31" = "9-13" }', "'9-13' is no span of time"),
        ('hour = { mon = "09:00-17:00" }', "calendar.hour: no such key; did you mean hours"),
        ('[[calendar]]\nname = "other"\nhours = { sat = "09:00-17:00" }', "both hold for all rows"),
        (
            '[[calendar]]\ntimezone = "UTC"\nhours = { sat = "09:00-17:00" }',
            "its versions differ in `when` or in",
        ),
        ('[[calendar]]\nwhen = { channel = "chat" }\nhours = { sat = "09:00-17:00" }', "its versions differ"),
    ],
)
def test_a_wrong_calendar_is_one_clear_line(tmp_path, said, says):
    file = tmp_path / "cxkpi.toml"
    file.write_text(
        f'timezone = "Europe/Moscow"\n[[calendar]]\nhours = {{ mon-fri = "09:00-17:00" }}\n{said}\n', "utf-8"
    )
    with pytest.raises(UsageProblem) as problem:
        read_config(str(file))
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_one_table_where_several_may_be(tmp_path):
    file = tmp_path / "cxkpi.toml"
    file.write_text('[calendar]\nhours = { mon = "09:00-17:00" }\n', "utf-8")
    with pytest.raises(UsageProblem, match=r"calendar: there may be several; write \[\[calendar\]\]"):
        read_config(str(file))


def test_hours_are_needed(tmp_path):
    file = tmp_path / "cxkpi.toml"
    file.write_text('[[calendar]]\nholidays = "RU"\n', "utf-8")
    with pytest.raises(UsageProblem, match="calendar: hours is missing; add it"):
        read_config(str(file))
