"""Business hours from a file of tickets and a configuration to the figures, and problems on the way."""

import pytest

from cx_kpi.api import make_report
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Options
from cx_kpi.normalise.config.read_config import read_config

TICKETS = """id,created_at,first_response_at,solved_at,status,channel,brand,on hold time in minutes
1,2026-03-27 16:30:00,2026-03-30 08:15:00,2026-03-30 10:00:00,solved,email,north,60
2,2026-03-28 12:00:00,2026-03-28 13:00:00,2026-03-28 14:00:00,solved,email,south,
3,2026-03-30 09:00:00,,,open,chat,south,
"""
OFFICE = '[[calendar]]\ntimezone = "Europe/London"\nhours = { mon-fri = "09:00-17:00" }\n'


def reported(folder, config, tickets=TICKETS):
    """The report on the tickets, with this configuration."""
    file, settings = folder / "tickets.csv", folder / "cxkpi.toml"
    file.write_text(tickets, "utf-8")
    settings.write_text(config, "utf-8")
    return make_report(Options((str(file),), config=read_config(str(settings))))


def made(folder, config, tickets=TICKETS):
    """The metrics of that report."""
    return reported(folder, config, tickets).metrics


def test_a_calendar_for_the_rows_of_any_column(tmp_path):
    south = '[[calendar]]\nname = "south"\nhours = { sat = "00:00-24:00" }\nwhen = { brand = "south" }\n'
    found = made(tmp_path, OFFICE + south)["first_response_time_business"]
    assert (found.value, found.n) == ((45 + 60) * 60 / 2, 2)


def test_a_target_in_business_hours(tmp_path):
    target = '[[target]]\nmetric = "resolution_time"\nvalue = "2 h"\nclock = "business"\n'
    found = made(tmp_path, OFFICE + target)["resolution_within_target"]
    assert (found.details["hits"], found.n) == (1, 2)


def test_pauses_are_subtracted_where_the_export_has_them(tmp_path):
    target = '[[target]]\nmetric = "resolution_time"\nvalue = "{}"\npauses = "subtract"\n'
    found = [
        made(tmp_path, target.format(value))["resolution_within_target"] for value in ("64.5 h", "64.4 h")
    ]
    assert [each.details["hits"] for each in found] == [2, 1]


def test_an_export_without_pauses_has_none_and_says_so(tmp_path):
    plain = '[[target]]\nmetric = "resolution_time"\nvalue = "64.5 h"\n'
    other = TICKETS.replace("on hold time in minutes", "other")
    counted, subtracted = (reported(tmp_path, rule, other) for rule in (plain, f'{plain}pauses = "subtract"'))
    within = [each.metrics["resolution_within_target"] for each in (counted, subtracted)]
    assert (within[0].value, within[0].n) == (within[1].value, within[1].n) == (0.5, 2)
    codes = [{each.code for each in report.notices} for report in (counted, subtracted)]
    assert ["no_pauses" in each for each in codes] == [False, True]


@pytest.mark.parametrize(
    ("config", "tickets", "says"),
    [
        (
            OFFICE + 'when = { brnd = "north" }',
            TICKETS,
            "calendar: no file has a column 'brnd'; did you mean brand?",
        ),
        ('headline_clock = "bussiness"', TICKETS, "headline_clock: has to be 'calendar' or 'business'"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(tmp_path, config, tickets, says):
    with pytest.raises(UsageProblem) as problem:
        made(tmp_path, config, tickets)
    assert says in str(problem.value)
