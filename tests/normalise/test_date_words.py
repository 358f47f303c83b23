"""Dates as people and programs write them in many languages: each is one instant."""

from datetime import UTC, datetime

import polars as pl
import pytest

from cx_kpi.normalise.values.date_formats import formats, parse_any
from cx_kpi.normalise.values.date_words import cleaned

WRITTEN = {
    "2025-03-03 09:00": [
        "Mon Mar 03 2025 09:00:00",
        "03.03.2025 09:00 Uhr",
        "Montag, 3. März 2025 um 09:00 Uhr",
        "Mo., 03.03.2025, 9:00 Uhr",
        "Mo 3. Mär. 2025 09:00",
        "3.März 2025 09:00",
        "am 03.03.2025 um 9.00 Uhr",
        "03.03.2025 9 Uhr",
        "2025年3月3日 09:00",
        "2025年03月03日09:00",
        "2025年3月3日(月) 09:00",
        "2025年3月3日（月）9時00分",
        "2025年3月3日 上午9:00",
        "2025年3月3日 星期一 09:00",
        "2025/03/03(月) 09:00",
        "2025/3/3 午前9:00",
        "２０２５年３月３日\u3000９：００",
        "2025년 3월 3일 오전 9:00",
        "2025. 3. 3. 오전 9:00",
        "2025. 3. 3. 09:00",
        "2025년 3월 3일 월요일 오전 9시 00분",
        "2025-03-03 上午 9:00",
        "2025年3月3日9点00分",
        "3 mars 2025 à 09:00",
        "lundi 3 mars 2025 à 09h00",
        "3 mars 2025 à 9 h 00",
        "le 3 mars 2025 à 9h",
        "lun. 3 mars 2025 09:00",
        "3 de marzo de 2025, 09:00",
        "lunes, 3 de marzo de 2025 a las 09:00",
        "3 de marzo del 2025 9:00 a. m.",
        "03/mar/2025 09:00",
        "3 mar. 2025 9:00",
        "03/03/2025 09:00 a. m.",
        "03/03/2025 9:00 a.m.",
        "03/03/2025, 9:00 a. m.",
        "3 de março de 2025 às 09:00",
        "segunda-feira, 3 de março de 2025 às 09h00",
        "3 mar 2025 09h00min",
        "03/03/2025 às 09:00",
        "seg., 3 de mar. de 2025 09:00",
        "lunedì 3 marzo 2025 alle ore 09:00",
        "3 marzo 2025, 09:00",
        "lun 3 mar 2025, 09:00",
        "3 марта 2025 г., 09:00",
        "3 марта 2025 года в 09:00",
        "пн, 3 мар. 2025 г. 09:00",
        "понедельник, 3 марта 2025 г. в 9:00",
        "03.03.2025 в 09:00",
        "03.03.2025г. 09:00",
        "03.03.2025, 09:00",
        "3 марта 2025 9 ч 00 мин",
        "March 3rd, 2025 9:00 am",
        "3rd March 2025 at 09:00",
        "Monday, March 3, 2025 9:00 AM",
        "Mon, Mar 3, 2025 at 9:00 AM",
        "3rd of March 2025, 09:00",
        "2025 March 3 09:00",
        "2025-Mar-03 09:00",
        "9:00 AM, March 3, 2025",
        "9:00 AM 3 March 2025",
        "Mar  3 2025  9:00AM",
        "03/Mar/2025:09:00:00",
        "2025-03-03_09:00:00",
        "2025-03-03-09:00:00",
        "2025-03-03 09-00-00",
        "03.03.2025 - 09:00",
        "03-MAR-25 09.00.00.000000 AM",
        "03.03.2025 09.00",
        "20250303T0900",
        "20250303 0900",
        "3 de marzo de 2025 09:00 h",
        "03/03/2025 09:00 hrs",
        "/Date(1740992400000)/",
        "3 marca 2025 09:00",
        "maandag 3 maart 2025 09:00",
        "3. 3. 2025 9:00",
        "2025-03-03T09:00Z",
        "2025-03-03 09:00 UTC",
        "03.03.2025 09:00 утра",
    ],
    "2025-03-03 06:00": [
        "Mon Mar 03 2025 09:00:00 GMT+0300 (Moscow Standard Time)",
        "2025-03-03 09:00 MSK",
        "03.03.2025 09:00 МСК",
        "03.03.2025 09:00 (МСК)",
        "2025-03-03 09:00 GMT+3",
        "2025-03-03 09:00 UTC+03:00",
        "2025-03-03 09:00 UTC +3",
        "2025-03-03 09:00 (GMT+03:00)",
        "Mon Mar 03 09:00:00 MSK 2025",
        "Mon Mar 03 09:00:00 +0300 2025",
        "2025-03-03 09:00:00 +0300 MSK",
        "Monday, March 3, 2025 at 9:00:00 AM GMT+3",
        "2025-03-03T09:00:00+03:00",
        "2025-03-03 09:00 +3",
        "2025-03-03 9:00 AM MSK",
        "03/Mar/2025:09:00:00 +0300",
        "Mon, 03 Mar 2025 09:00:00 +0300 (MSK)",
    ],
    "2025-03-03 14:00": [
        "2025-03-03 09:00 EST",
        "2025-03-03 09:00 GMT-5",
        "03/03/2025 9:00 AM EST",
        "Mar 3, 2025 9:00 AM EST",
        "2025-03-03 08:00 CST",
        "2025-03-03 10:00 EDT",
        "2025-03-03 06:00 PST",
        "2025-03-03 07:00 PDT",
        "2025-03-03 15:00 CET",
        "2025-03-03 16:00 CEST",
        "2025-03-03 15:00 BST",
        "03.03.2025 15:00 MEZ",
        "2025-03-03 19:30 IST",
        "2025-03-03 09:00 UTC-05:00",
        "2025-03-03 2:00 PM UTC",
        "2025年3月3日 下午2:00",
        "2025. 3. 3. 오후 2:00",
        "2025/03/03 午後2:00",
        "3 de marzo de 2025 2:00 p. m.",
        "03/03/2025 02:00 p. m.",
        "14:00 03.03.2025",
        "03.03.2025 14:00:00 PM",
    ],
    "2025-03-03 00:15": [
        "2025-03-03 00:15 AM",
        "2025-03-03 12:15 AM",
    ],
    "2025-03-04 00:00": [
        "mar. 4 mars 2025",
        "martes, 4 de marzo de 2025",
        "mar 4 mar 2025",
        "Tue, 4 Mar 2025",
        "4 мар. 2025 г.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("instant", "cell"), [(at, cell) for at, cells in WRITTEN.items() for cell in cells])
def test_a_date_is_read_whatever_it_is_written_like(instant: str, cell: str) -> None:
    plain = cleaned(cell)
    assert parse_any(pl.Series([plain]), formats([plain]), "UTC")[0] == datetime.fromisoformat(
        instant
    ).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "Ann Smith",
        "ann@example.com",
        "a.m.",
        "March",
        "5 PM",
        "2 days",
        "EST",
        "monday",
        "3 March",
        "T-2025-03",
        "March 2025",
    ],
)
def test_what_is_no_date_is_none(cell: str) -> None:
    assert parse_any(pl.Series([cleaned(cell)]), formats([cleaned(cell)]), "UTC")[0] is None


@pytest.mark.parametrize(
    "cell",
    ["2025-03-04T10:11:12+03:00", "2025-03-04 10:11:12 +0300", "2025-03-04T10:11:12.123Z", "04.03.2025 10:11",
     "3/4/2025 9:10 AM", "March 4, 2025 9:10 PM", "4 March 2025 10:11"],
)  # fmt: skip
def test_what_is_plain_already_stays_as_it_is(cell: str) -> None:
    """Else the column could not be read by the fast path."""
    assert cleaned(cell) == cell
