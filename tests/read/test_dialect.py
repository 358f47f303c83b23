"""Encoding, separator and quotes, by the bytes of the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.read.delimited.dialect import SEPARATORS, sniff
from cx_kpi.read.raw.encoding import LABELS, detect

RUSSIAN = "номер;тема;статус\n1;не работает вход в личный кабинет;открыт\n2;Возврат денег;закрыт\n"
FRENCH = "id,comment\n1,très déçu de l'été passé\n2,ça va bien à Noël\n"
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
MARKS |= {"utf-32-le": b"\xff\xfe\0\0", "utf-32-be": b"\0\0\xfe\xff"}


@pytest.mark.parametrize("codec", [codec for codec in LABELS if codec != "cp1252"])
def test_russian_text_is_known_in_every_encoding(codec: str) -> None:
    assert detect(RUSSIAN.encode(codec)) == (codec, 0)


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_capitals_alone_do_not_mislead(codec: str) -> None:
    assert detect("СТАТУС;ПРИОРИТЕТ\nОТКРЫТ;СРОЧНО\nЗАКРЫТ;НЕ СРОЧНО\n".encode(codec)) == (codec, 0)


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_words_of_a_header_outweigh_single_letters(codec: str) -> None:
    rows = "".join(f"{number};05.01.2026;К{number}\n" for number in range(40))
    assert detect(f"Номер;Дата опроса;Клиент\n{rows}".encode(codec)) == (codec, 0)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-32-be", "cp1252"])
def test_french_text_is_known(codec: str) -> None:
    assert detect(FRENCH.encode(codec)) == (codec, 0)


@pytest.mark.parametrize("codec", MARKS)
def test_marks_are_measured(codec: str) -> None:
    assert detect(MARKS[codec] + FRENCH.encode(codec)) == (codec, len(MARKS[codec]))


def test_a_few_bad_bytes_leave_utf8_what_it_is() -> None:
    assert detect(RUSSIAN.encode() + b"3;\xff;\xfe\n") == ("utf-8", 0)


@given(st.integers(0, 200))
def test_a_head_cut_inside_a_character_is_still_utf8(cut: int) -> None:
    assert detect((RUSSIAN * 2).encode()[:cut])[0] == "utf-8"


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_quote_and_line_end(separator: str, quote: str, end: str) -> None:
    cells = [["id", "text", "note"], *([str(row), "1,5; a|b", "x\ty"] for row in range(20))]
    text = end.join(separator.join(f"{quote}{cell}{quote}" for cell in row) for row in cells)
    dialect = sniff(text.encode(), whole=True)
    assert (dialect.separator, dialect.quote, dialect.mac) == (separator, quote, end == "\r")


def test_decimal_commas_do_not_beat_semicolons() -> None:
    assert sniff(b"id;lat;lon\n" + b"1;55,75;37,61\n" * 50, whole=True).separator == ";"


def test_a_declared_separator_wins() -> None:
    dialect = sniff(b"sep=|\r\na|b;c;d\r\n1|2;3;4\r\n", whole=True)
    assert (dialect.separator, dialect.declared) == ("|", True)


def test_inch_marks_in_unquoted_tab_files_are_ordinary() -> None:
    assert sniff(b'id\tsize\n1\t5" pipe\n2\t7" pipe\n', whole=True).quote is None
