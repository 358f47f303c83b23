"""Lines around the rows are recognised and never counted as rows."""

from pathlib import Path

import pytest

from cx_kpi.model.errors import InputProblem
from cx_kpi.read.open import open_file
from cx_kpi.read.raw.source import TextFrame

HEADER = "id,created,status,text,team\n"
ROWS = "".join(f'{place},2026-01-{place:02},open,"x, y",\n' for place in range(1, 21))
PLAIN = HEADER + ROWS


def opened(tmp_path: Path, text: str | bytes) -> TextFrame:
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_file(path)


def with_trailing(text: str) -> str:
    return text.replace("\n", ",\n")


SAME = {
    "blank lines below": PLAIN + "\n\n",
    "blank lines between": PLAIN.replace("\n", "\n\n"),
    "blank rows below": PLAIN + ",,,,\n" * 30,
    "a blank row below, without a line end": PLAIN + ",,,,",
    "blank rows between": PLAIN.replace("\n", "\n,,,,\n,,,,\r\n"),
    "carriage returns": PLAIN.replace("\n", "\r"),
    "doubled carriage returns": PLAIN.replace("\n", "\r\r\n"),
    "mixed line ends": PLAIN.replace("\n", "\r", 5).replace("\n", "\r\n", 5),
    "no line end": PLAIN.removesuffix("\n"),
    "blanks before quotes": PLAIN.replace(',"', ', "').replace('",', '" ,'),
    "trailing separators everywhere": with_trailing(PLAIN),
    "a trailing separator in the header": with_trailing(HEADER) + ROWS,
    "declared separator": "sep=,\n" + PLAIN,
    "semicolons": PLAIN.replace(", ", "¶").replace(",", ";").replace("¶", ", "),
    "currency signs": PLAIN.replace(", ", "¶").replace(",", "¤").replace("¶", ", "),
    "single quotes": PLAIN.replace('"', "'"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
}
NOTED = {
    "trailing separators below the header": (HEADER + with_trailing(ROWS), [("short_header", None)]),
    "preamble": ("Reporting period 2025 to 2026\n\n" + PLAIN, [("preamble", 1)]),
    "padded preamble": ("Report,,,,\n,,,,\n" + PLAIN, [("preamble", 2)]),
    "names and values above": (
        "Account,Acme,,,\nPeriod,01.01.2026 - 31.01.2026,,,\n" + PLAIN,
        [("preamble", 2)],
    ),
    "repeated header": (PLAIN.replace("\n10,", f"\n{HEADER}10,"), [("repeated_header", 1)]),
    "total": (PLAIN + "Total,,,,20\n", [("footer", 1)]),
    "total below blank rows": (PLAIN + ",,,,\n,,,,\nTotal,,,,\n", [("footer", 1)]),
    "short total": (PLAIN + "Итого:,20\n", [("footer", 1)]),
    "remark": (PLAIN + "\nReporting period 2025 to 2026\n", [("footer", 1)]),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> TextFrame:
    return opened(tmp_path_factory.mktemp("plain"), PLAIN)


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_table_however_it_is_written(tmp_path: Path, plain: TextFrame, text: str | bytes) -> None:
    frame = opened(tmp_path, text)
    assert frame.headers == plain.headers == ("id", "created", "status", "text", "team")
    assert frame.frame.collect().equals(plain.frame.collect())
    assert (frame.remarks, frame.rejects) == ((), ())


@pytest.mark.parametrize(("text", "codes"), NOTED.values(), ids=NOTED)
def test_what_is_no_row_is_reported(
    tmp_path: Path, plain: TextFrame, text: str, codes: list[tuple[str, int]]
) -> None:
    frame = opened(tmp_path, text)
    assert frame.frame.collect().equals(plain.frame.collect())
    assert [(notice.code, notice.rows) for notice in frame.remarks] == codes
    assert frame.rejects == ()


@pytest.mark.parametrize("line", ['"x,y\n', 'x,"y"z,1\n'])
def test_a_row_that_cannot_be_read_is_set_aside_even_where_no_header_stands_above_it(
    tmp_path: Path, line: str
) -> None:
    frame = opened(tmp_path, line + ROWS.replace("open", "2026-03-01 10:00"))
    assert frame.headers[0] == "column_1"
    assert frame.frame.collect().height == 20
    assert [reject.line for reject in frame.rejects] == [1]


def test_a_plain_file_is_scanned_where_it_lies(tmp_path: Path) -> None:
    frame = opened(tmp_path, PLAIN)
    (tmp_path / "t.csv").write_text(HEADER + "later,,,,\n")
    assert frame.frame.collect()["id"].to_list() == ["later"]


def test_a_question_over_several_columns_names_each(tmp_path: Path) -> None:
    text = "Respondent ID,Score,Which?,,\n,Response,A,B,Open-Ended Response\n1,5,A,,c\n2,4,,B,\n"
    frame = opened(tmp_path, text)
    assert frame.headers == ("Respondent ID", "Score", "Which?: A", "Which?: B", "Which?")
    assert frame.sample.height == 2
    assert [(notice.code, notice.rows) for notice in frame.remarks] == [("header_rows", 2)]


def test_a_header_of_three_rows_is_one(tmp_path: Path) -> None:
    ids = ",".join(f'"{{""ImportId"":""{name}""}}"' for name in ("a", "b"))
    frame = opened(tmp_path, f"StartDate,Q1\nStart Date,How was it?\n{ids}\n2026-01-01,5\n2026-01-02,4\n")
    assert (frame.headers, frame.sample["Q1"].to_list()) == (("StartDate", "Q1"), ["5", "4"])


@pytest.mark.parametrize("above", ["", "sep=,\n"])
def test_a_file_without_a_header_keeps_its_first_row(tmp_path: Path, above: str) -> None:
    frame = opened(tmp_path, above + ROWS)
    assert frame.headers == ("column_1", "column_2", "column_3", "column_4")
    assert (frame.sample.height, frame.sample.row(0)) == (20, ("1", "2026-01-01", "open", "x, y"))
    assert [notice.code for notice in frame.remarks] == ["no_header"]


def test_a_header_one_name_short_leaves_open_whose_the_names_are(tmp_path: Path) -> None:
    frame = opened(tmp_path, "name,score\n1,a,5\n2,b,4\n3,c,5\n")
    assert (frame.headers, frame.unplaced) == (("column_1", "column_2", "column_3"), ("name", "score"))
    assert frame.sample.row(0) == ("1", "a", "5")


def test_rows_that_never_fit_the_header_are_an_error_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"t\.csv:2: no row can be read: 2 cells instead of 4"):
        opened(tmp_path, "a,b,c,d\n1,2\n3,4\n")


def test_an_encoding_that_shows_late_is_still_found(tmp_path: Path) -> None:
    rows = ROWS * 12_000
    late = f"{HEADER}{rows}99,2026-01-01,open,Не работает вход,\n".encode("cp1251")
    frame = opened(tmp_path, late)
    assert frame.encoding == "Windows-1251"
    assert frame.frame.select("text").tail(1).collect().item() == "Не работает вход"


def test_lost_characters_are_counted_with_their_line(tmp_path: Path) -> None:
    frame = opened(tmp_path, PLAIN.replace("x, y", "Привет").encode().replace("ет".encode(), b"\0\xff", 2))
    assert frame.sample["text"].to_list()[:2] == ["Прив\ufffd\ufffd"] * 2
    assert [(notice.code, notice.rows) for notice in frame.remarks] == [("bad_bytes", 4)]
    assert "line 2" in str(frame.remarks[0].phrase)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n" + "\n" * 1_000_000,
        ",".join(f"c{place}" for place in range(20_000)) + "\n",
    ],
    ids=["a million empty lines", "20,000 columns"],
)
def test_odd_sizes_without_rows_are_empty_frames(tmp_path: Path, text: str) -> None:
    assert opened(tmp_path, text).frame.collect().is_empty()


def test_a_cell_of_ten_megabytes_is_a_cell(tmp_path: Path) -> None:
    cell = "word, word\n" * 950_000
    frame = opened(tmp_path, f'{PLAIN}21,2026-01-21,open,"{cell}",x\n22,2026-01-22,,,y\n')
    assert frame.frame.collect()["text"].to_list()[-2:] == [cell, None]


def test_the_texts_of_codes_stand_in_the_second_of_three_header_rows(tmp_path: Path) -> None:
    third = ",".join(['"{""ImportId"":""x""}"'] * 5)
    frame = opened(tmp_path, f'{HEADER}Id,Made,State,"What, exactly?",Team\n{third}\n{ROWS}')
    assert frame.headers == ("id", "created", "status", "text", "team")
    assert frame.labels == dict(
        zip(frame.headers, ("Id", "Made", "State", "What, exactly?", "Team"), strict=True)
    )
