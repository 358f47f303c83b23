"""Days, periods and spans by name."""

import pytest

from cx_kpi.wording.dates import Dates
from cx_kpi.wording.language import Language

EN, RU = Dates(Language("en")), Dates(Language("ru"))


@pytest.mark.parametrize(
    ("start", "end", "english", "russian"),
    [
        ("2026-03-01", "2026-04-01", "March 2026", "март 2026"),
        ("2026-01-01", "2026-04-01", "January – March 2026", "январь – март 2026"),
        ("2025-12-01", "2026-02-01", "December 2025 – January 2026", "декабрь 2025 – январь 2026"),
        ("2026-03-05", "2026-04-18", "5 March – 17 April 2026", "5 марта – 17 апреля 2026"),
        ("2025-03-05", "2026-03-05", "5 March 2025 – 4 March 2026", "5 марта 2025 – 4 марта 2026"),
        ("2026-03-05", "2026-03-06", "5 March 2026", "5 марта 2026"),
        ("2026-02-27", "2026-03-01", "27–28 February 2026", "27–28 февраля 2026"),
        ("2026-02-28", "2026-03-03", "28 February – 2 March 2026", "28 февраля – 2 марта 2026"),
    ],
)
def test_a_span_is_said_by_its_first_and_last_day(start, end, english, russian):
    assert EN.span(start, end) == english
    assert RU.span(start, end) == russian


@pytest.mark.parametrize(
    ("grain", "english", "russian", "short"),
    [
        ("day", "2 March 2026", "2 марта 2026", "2 Mar"),
        ("week", "week 10 of 2026", "неделя 10, 2026", "W10"),
        ("month", "March 2026", "март 2026", "Mar"),
        ("quarter", "Q1 2026", "1-й кв. 2026", "Q1"),
        ("year", "2026", "2026", "2026"),
    ],
)
def test_periods(grain, english, russian, short):
    assert EN.period("2026-03-02", grain) == english
    assert RU.period("2026-03-02", grain) == russian
    assert EN.period("2026-03-02", grain, short=True) == short


@pytest.mark.parametrize(
    ("start", "end", "english", "russian"),
    [
        ("2026-03-01", "2026-04-01", "Mar", "март"),
        ("2026-03-05", "2026-03-06", "5 Mar", "5 мар."),
        ("2026-03-03", "2026-03-06", "3–5 Mar", "3–5 мар."),
        ("2026-02-28", "2026-03-03", "28 Feb–2 Mar", "28 февр.–2 мар."),
        ("2026-02-01", "2026-04-01", "Feb–Mar", "февр.–март"),
        ("2025-12-31", "2026-01-02", "31 Dec 2025–1 Jan 2026", "31 дек. 2025–1 янв. 2026"),
    ],
)
def test_short_names_of_spans(start, end, english, russian):
    assert EN.short(start, end) == english
    assert RU.short(start, end) == russian


def test_weeks_belong_to_their_iso_year():
    assert EN.period("2024-12-30", "week") == "week 1 of 2025"


def test_moments():
    assert EN.moment("2026-03-31T18:00:00+03:00") == "31 March 2026, 18:00"
    assert RU.moment("2026-03-31") == "31 марта 2026"


@pytest.mark.parametrize(
    ("start", "end", "short"),
    [
        ("2026-03-01", "2026-04-01", "Mar"),
        ("2026-01-01", "2026-04-01", "Q1"),
        ("2026-03-02", "2026-03-09", "W10"),
        ("2026-03-02", "2026-03-03", "2 Mar"),
        ("2026-02-02", "2026-03-30", "2 Feb–29 Mar"),
        ("2025-06-15", "2025-09-10", "15 Jun–9 Sep"),
    ],
)
def test_whole_periods_and_other_spans_have_short_names(start, end, short):
    assert EN.short(start, end) == short


@pytest.mark.parametrize(
    ("start", "quarter", "year"),
    [
        ("2025-04-01", "Q1 FY2026", "FY2026"),
        ("2025-12-31", "Q3 FY2026", "FY2026"),
        ("2026-03-31", "Q4 FY2026", "FY2026"),
        ("2026-04-01", "Q1 FY2027", "FY2027"),
    ],
)
def test_fiscal_years_are_named_by_the_year_they_end_in(start, quarter, year):
    fiscal = Dates(Language("en"), year_starts=4)
    assert (fiscal.period(start, "quarter"), fiscal.period(start, "year")) == (quarter, year)
    assert fiscal.period(start, "month") == EN.period(start, "month")
    assert Dates(Language("ru"), 4).period("2025-04-01", "quarter") == "1-й кв. 2026 ф. г."


def test_only_fiscal_spans_are_fiscal_periods():
    fiscal = Dates(Language("en"), year_starts=2)
    assert fiscal.short("2026-02-01", "2026-05-01") == "Q1"
    assert fiscal.short("2026-01-01", "2026-04-01") == "Jan–Mar"
    assert fiscal.short("2025-02-01", "2026-02-01") == "FY2026"
    assert EN.short("2026-02-01", "2026-05-01") == "Feb–Apr"


@pytest.mark.parametrize(
    ("current", "previous", "names"),
    [
        (("2026-03-01", "2026-04-01"), ("2026-02-01", "2026-03-01"), ("Mar", "Feb")),
        (("2026-01-01", "2026-02-01"), ("2025-12-01", "2026-01-01"), ("Jan", "Dec")),
        (("2026-03-01", "2026-04-01"), ("2025-03-01", "2025-04-01"), ("Mar 2026", "Mar 2025")),
        (("2026-01-01", "2026-04-01"), ("2025-01-01", "2025-04-01"), ("Q1 2026", "Q1 2025")),
        (("2026-03-02", "2026-03-30"), ("2025-03-03", "2025-03-31"), ("2–29 Mar 2026", "3–30 Mar 2025")),
        (("2026-01-01", "2027-01-01"), ("2025-01-01", "2026-01-01"), ("2026", "2025")),
    ],
)
def test_two_spans_are_told_apart(current, previous, names):
    assert EN.pair(current, previous) == names
