"""When a report is due: after each of its periods, at a time of day in its zone; in the terms of each scheduler."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Grain

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAY = 24 * 60  # minutes
_MONTHS = 12
_STEPS: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Occasion:
    """The first day after each period, at `minutes` after midnight in the zone; `starts` is the month of years."""

    grain: Grain
    minutes: int
    zone: str
    starts: int = 1

    def cron(self) -> str:
        """The five fields of a line of cron, whose clock is in the zone."""
        return self._fields(self.minutes)

    def cron_utc(self) -> str:
        """The same for a clock in UTC: never earlier, and on the first of a month no earlier than 00:00 UTC.

        A first of the month that has not begun in UTC cannot be said.
        """
        minutes = self.minutes - min(self._offsets())
        return self._fields(max(minutes, 0) if self.grain in _STEPS else minutes)

    def local_times(self) -> list[str]:
        """What time it then is in the zone, in winter and in summer."""
        minute, hour = map(int, self.cron_utc().split()[:2])
        return [_clock(hour * 60 + minute + offset) for offset in sorted(self._offsets())]

    def systemd(self) -> str:
        """What `OnCalendar=` takes."""
        hour, minute = divmod(self.minutes, 60)
        days = "*-*-*" if self.grain == "day" else "Mon *-*-*"
        if self.grain in _STEPS:
            months = "*" if self.grain == "month" else ",".join(f"{month:02}" for month in self._months())
            days = f"*-{months}-01"
        return f"{days} {hour:02}:{minute:02}:00 {self.zone}"

    def clock(self) -> str:
        """The time of day: `06:00`."""
        return _clock(self.minutes)

    def _months(self) -> list[int]:
        step = _STEPS[self.grain]
        return sorted((self.starts - 1 + n) % _MONTHS + 1 for n in range(0, _MONTHS, step))

    def _fields(self, minutes: int) -> str:
        days, rest = divmod(minutes, _DAY)
        hour, minute = divmod(rest, 60)
        day = month = weekday = "*"
        if self.grain == "week":
            weekday = str((1 + days) % 7)
        elif self.grain in _STEPS:
            day = str(1 + days)
            month = "*" if self.grain == "month" else ",".join(map(str, self._months()))
        return f"{minute} {hour} {day} {month} {weekday}"

    def _offsets(self) -> set[int]:
        """How many minutes the zone is ahead of UTC in the months of this year."""
        year, zone = date.today().year, ZoneInfo(self.zone)  # noqa: DTZ011  (of a schedule, not of a report)
        days = (datetime.combine(date(year, month, 1), time(12), zone) for month in range(1, _MONTHS + 1))
        return {int((each.utcoffset() or timedelta()).total_seconds()) // 60 for each in days}


def time_of_day(option: str, text: str) -> int:
    """`06:30` as minutes after midnight; raises `UsageProblem`."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise UsageProblem(f"{option} {text!r} is no time of day; write it as 06:30")
    return int(found[1]) * 60 + int(found[2])


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % _DAY, 60)
    return f"{hour:02}:{minute:02}"
