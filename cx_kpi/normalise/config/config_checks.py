"""What a well-formed configuration can still get wrong: names of fields, units, zones, words."""

import re
from collections.abc import Iterator

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.options import Config
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.calendar.calendars import calendars
from cx_kpi.normalise.config.config_bounds import bounds_problems
from cx_kpi.normalise.config.ticket_links import wrong_pattern
from cx_kpi.normalise.preset.table_checks import table_problems
from cx_kpi.normalise.vocabulary.zones import is_zone

_PLACE = re.compile(r"env:\w+|file:(?!.*://).+")


def problems(config: Config) -> Iterator[str]:
    """What is wrong, one line each."""
    yield from bounds_problems(config)
    if wrong := wrong_pattern(config.report.ticket_link):
        yield wrong
    for key, zone in (("timezone", config.timezone), ("source_timezone", config.source_timezone)):
        if zone and not is_zone(zone):
            yield f"{key}: no time zone {zone}; a name such as Europe/Moscow or UTC"
    try:
        calendars(config.calendar, config.timezone or "UTC")
    except UsageProblem as problem:
        yield str(problem)
    for name, place in config.notify.items():
        if not _PLACE.fullmatch(place):
            yield f'notify.{name}: has to be "env:NAME" or "file:PATH", where the address is; it holds a secret'
    for table in TABLES:
        yield from table_problems(table, config.table(table))
