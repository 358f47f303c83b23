"""The names of periods and the signs of numbers are those of the CLDR, by Babel as a second reader."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date

from cx_kpi.wording.dates import FULL, SHORT
from cx_kpi.wording.language import LANGUAGES
from cx_kpi.wording.period_names import written

PATTERNS = {*FULL.values(), *SHORT.values(), "ccc", "d", "LLL y", "d MMM y", "LLLL", "d MMMM"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_days_are_written_as_by_babel(code):
    for place in range(0, 800, 3):
        day = date(2024, 1, 1) + timedelta(days=place)
        for pattern in PATTERNS:
            assert written(day, pattern, code) == format_date(day, pattern, locale=code)
