"""The workbook on paper: few pages, heads on each, nothing cut, and numbers as people write them."""

import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from statistics import median

import openpyxl
import pytest
import tomlkit
from openpyxl.worksheet.worksheet import Worksheet

from cx_kpi import report
from cx_kpi.model.assets import folder
from cx_kpi.model.values import Unit
from cx_kpi.render.elements.report_view import Spot
from cx_kpi.render.files.json import rounded
from cx_kpi.render.view.present import view
from cx_kpi.render.xlsx import render
from cx_kpi.render.xlsx.book import Book
from cx_kpi.render.xlsx.number_formats import Figure, written
from cx_kpi.render.xlsx.paper import LINE as ROW
from cx_kpi.render.xlsx.summary_sheet import summary
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .company import company
from .gallery import with_gallery

pytestmark = pytest.mark.usefixtures("kept_runs")

SMALLEST = 64  # percent: the usual font of 11 points is printed in 7
OFFICE, POPPLER = shutil.which("soffice"), shutil.which("pdftotext")
HEIGHT = re.compile(
    r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">[^<]*\w'
)  # of words: bars of a history are small
LINE = 1.0  # of the font's size: what a word is high at least
MOST_PAGES = 12
FORMATS_OF_EXCEL = 200  # of numbers in one workbook, beside its own
A4 = "9"


@cache
def book(code: str = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(render(with_gallery(company(code)))))


def shown(code: str = "en") -> list[Worksheet]:
    return [sheet for sheet in book(code) if sheet.sheet_state == "visible"]


def test_sheets_come_in_the_order_of_the_page_and_data_is_hidden():
    names = ["Summary", "Metrics", "Charts", "By period", "By segment", "Data quality"]
    assert [sheet.title for sheet in shown()] == [*names, "Definitions"]
    assert [sheet.title for sheet in book() if sheet.sheet_state == "hidden"] == ["Series", "Segments"]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_sheet_is_ready_for_paper(code):
    for sheet in shown(code):
        assert str(sheet.page_setup.paperSize) == A4
        setup = sheet.page_setup
        if sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert setup.fitToWidth in (None, 1)
        else:
            assert setup.scale >= SMALLEST
        assert "&P / &N" in str(sheet.oddFooter.right.text)


def test_the_summary_and_each_sheet_of_charts_is_one_page():
    for sheet in shown():
        if sheet.title.startswith(("Summary", "Charts")):
            assert sheet.page_setup.fitToHeight in (None, 1)  # which is what none means


def test_tables_repeat_their_heads_and_names():
    for name in ("Metrics", "By period", "By segment", "Definitions"):
        assert book()[name].print_title_rows == "$1:$1"
        assert book()[name].print_title_cols == "$A:$A"


def test_no_chart_is_cut_by_the_end_of_a_page():
    for sheet in shown():
        for chart in sheet._charts:
            last = sheet.print_area.split(":")[-1].replace("$", "")
            edge = sheet[last]
            assert chart.anchor.to.col < edge.column
            assert chart.anchor.to.row < edge.row


def test_colour_is_only_where_something_needs_attention():
    found = book()
    rules = {
        rule.formula[0].strip('"')
        for name in ("Summary", "Metrics")
        for each in found[name].conditional_formatting
        for rule in each.rules
    }
    assert rules == {"missed", "worsened"}


@pytest.mark.parametrize(
    ("seconds", "text", "form"),
    [
        (4.2, "4.2 s", '[<0.000694]s.0"\u00a0s";[s]"\u00a0s"'),
        (38, "38 s", '[s]"\u00a0s"'),
        (754, "12 min 34 s", '[m]"\u00a0min" s"\u00a0s"'),
        (24 * 3600, "24 h", '[h]"\u00a0h"'),
        (9 * 3600 + 90, "9 h 2 min", '[h]"\u00a0h" m"\u00a0min"'),
        (76 * 3600 + 1700, "3 d 4 h", '[<3][h]"\u00a0h";[>=4][h]"\u00a0h";"3""\u00a0d" h"\u00a0h"'),
        (120 * 86400, "120 d", '#,##0"\u00a0d"'),
    ],
)
def test_lengths_of_time_are_numbers_that_read_as_everywhere(seconds, text, form):
    number, shape = written(Figure(seconds, Unit.SECONDS), Language())
    assert Words(Language()).duration(seconds).replace("\u00a0", " ") == text
    assert shape == form
    assert number * 86_400 == pytest.approx(seconds, rel=0.02)


@pytest.mark.parametrize(
    ("value", "unit", "form"),
    [
        (0.883, Unit.SHARE, "0.0%"),
        (1, Unit.SHARE, "0%"),
        (0.9999, Unit.SHARE, "0.00%"),
        (38, Unit.POINTS, "+0;-0;0"),
        (4869, Unit.COUNT, "#,##0"),
        (17.1666, Unit.CURRENCY, '#,##0.00"\u00a0USD"'),
    ],
)
def test_numbers_have_the_decimals_of_the_other_outputs(value, unit, form):
    assert written(Figure(value, unit, currency="USD" * (unit is Unit.CURRENCY)), Language())[1] == form


def test_no_hour_is_cut_off_below_days():
    for hours in range(48, 2400):
        number, _ = written(Figure(hours * 3600, Unit.SECONDS), Language())
        held = rounded(number)  # what the cell holds, of which programs cut off what is below an hour
        assert held is not None
        assert int(held * 24) == hours


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.9, Unit.SHARE, "0%"), (0.925, Unit.SHARE, "0.0%"), (4, Unit.SCORE, "0"), (4.25, Unit.SCORE, "0.00")],
)
def test_a_target_has_the_decimals_it_needs(value, unit, text):
    assert written(Figure(value, unit, "≥", trim=True), Language())[1] == f'"≥\u00a0"{text}'


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def without(report, **changed):
    metrics = {
        name: replace(each, latest=replace(each.latest, usual=None) if each.latest else None)
        for name, each in report.metrics.items()
    }
    return replace(report, metrics=metrics, **changed)


def test_there_is_no_column_of_nothing_and_no_table_of_nothing():
    bare = openpyxl.load_workbook(BytesIO(render(without(company("en"), left_out=[]))))
    for name in ("Summary", "Metrics"):
        assert "Usual range" in texts(book()[name])
        assert "Usual range" not in texts(bare[name])
    assert "Left out" in texts(book()["Data quality"])
    assert "Left out" not in texts(bare["Data quality"])


def test_the_summary_explains_what_it_shows():
    found = texts(book()["Summary"])
    assert any(text.startswith("pp: ") for text in found)
    assert not [
        text for text in found if text.startswith(("n: ", "p90: ", "Pending: ", "Can meet the target: "))
    ]


def test_where_to_look_is_coloured():
    report, out = company("en"), BytesIO()
    made = Book(out, Language(), "Summary")
    spot = Spot("csat", "Customer satisfaction", "Chat", "chat", "70%", "≥ 90%")
    summary(made, report, replace(view(report), spots=[spot]))
    made.close()
    sheet = openpyxl.load_workbook(out)["Summary"]
    first = next(row for row in range(1, 60) if sheet.cell(row, 1).value == "Where to look")
    assert sheet.cell(first + 1, 2).font.color.rgb == "FFA3201C"
    assert [cell.value for cell in sheet[first]][:3] == ["Where to look", view(report).heads.whole, "Target"]


def test_heads_are_as_high_as_their_lines():
    report = company("en")
    series = [replace(each, partial=each.start < "2025-02") for each in report.series]
    sheet = openpyxl.load_workbook(BytesIO(render(replace(report, series=series))))["By period"]
    assert sheet.cell(1, 2).value == "January 2025 (in part)"
    assert sheet.row_dimensions[1].height >= 2 * 15


def test_a_paragraph_in_larger_print_takes_more_lines():
    out = BytesIO()
    made = Book(out, Language(), "Print")
    sheet = made.sheet("Print")
    words = "word " * 40
    for row, size in enumerate((11, 12, 22)):
        made.paragraph(sheet, row, (0, 1), words.strip(), 184, {"font_size": size})
    made.close()
    heights = [openpyxl.load_workbook(out)["Print"].row_dimensions[row].height for row in (1, 2, 3)]
    assert [int(height // ROW) for height in heights] == [1, 2, 2]


def test_what_is_written_before_a_number_is_part_of_its_format():
    assert written(Figure(243, Unit.COUNT, "≥"), Language())[1] == '"≥\u00a0"#,##0'
    assert written(Figure(9, Unit.CURRENCY, currency='a";[Red]'), Language())[1] == '#,##0.00"\u00a0a,[Red]"'


def test_a_workbook_has_no_more_formats_than_spreadsheets_hold():
    assert len(book()._number_formats) < FORMATS_OF_EXCEL


# A machine that checks every commit has to have both; .ci/run installs them.
MAY_LACK = not os.environ.get("CI")
needs_office = pytest.mark.skipif(
    MAY_LACK and OFFICE is None, reason="LibreOffice (soffice) is not installed"
)


LENGTHS = [4.2, 38, 754, 24 * 3600, 9 * 3600 + 90, *(hours * 3600 for hours in range(49, 2400, 97))]


def lengths() -> bytes:
    """A workbook of lengths of time."""
    out = BytesIO()
    made = Book(out, Language(), "Lengths")
    sheet = made.sheet("Lengths")
    sheet.set_column(0, 0, 20)
    for row, seconds in enumerate(LENGTHS):
        made.put(sheet, row, 0, Figure(seconds, Unit.SECONDS))
    made.close()
    return out.getvalue()


LONG_TITLE = {
    "en": "First response time: median in business hours, tickets created in the window, not opened by agents or bots",
    "ru": "Время первого ответа: медиана в рабочих часах, обращения, созданные за период, не открытые сотрудником или ботом",
}
OWN = [
    {"id": "own_wait", "title": LONG_TITLE, "kind": "median", "value": "first_response_business_seconds", "unit": "seconds"},
    {"id": "own_share", "title": "Chats solved in an hour", "kind": "share", "hit": "solved_at - created_at <= 3600"},
    *({"id": f"own_{n}", "title": f"Tickets with {n} replies", "kind": "count", "where": f"reply_count = {n}"} for n in range(1, 5)),
]  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company, that with own metrics in the longer language, and the lengths, as LibreOffice prints them in one go."""
    place, sample = tmp_path_factory.mktemp("papers"), folder("sample_data")
    config = tomllib.loads((sample / "cxkpi.toml").read_text(encoding="utf-8"))
    own = place / "own.toml"
    own.write_text(tomlkit.dumps(config | {"metric": OWN}), encoding="utf-8")
    report(sample, config=sample / "cxkpi.toml", lang="en").save(place / "en.xlsx")
    report(sample, config=own, lang="ru").save(place / "ru-own.xlsx")
    (place / "lengths.xlsx").write_bytes(lengths())
    profile = f"-env:UserInstallation={(place / 'office').as_uri()}"
    to = ["--headless", "--convert-to", "pdf", "--outdir", str(place), *map(str, place.glob("*.xlsx"))]
    subprocess.run([str(OFFICE), profile, *to], check=True, capture_output=True, timeout=300)
    return place


@needs_office
@pytest.mark.skipif(MAY_LACK and POPPLER is None, reason="poppler-utils (pdftotext) is not installed")
def test_libreoffice_shows_lengths_of_time_as_everywhere(papers):
    told = subprocess.run(
        [str(POPPLER), "-layout", str(papers / "lengths.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    shown = ["".join(line.split()) for line in told.stdout.splitlines()]
    said = ["".join(Words(Language()).duration(seconds).split()) for seconds in LENGTHS]
    assert [line for line in shown if line][: len(said)] == said


@needs_office
@pytest.mark.parametrize("name", ["en", "ru-own"])
def test_the_sample_prints_on_few_pages_that_can_be_read(name, papers):
    paper = papers / f"{name}.pdf"
    font = subprocess.run(["fc-match", "Calibri"], check=False, capture_output=True).stdout
    if MAY_LACK and b"Carlito" not in font:
        pytest.skip("fonts-crosextra-carlito is not installed: letters are wider, and pages more")
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) <= MOST_PAGES
    if POPPLER is None:
        assert MAY_LACK
        pytest.skip("poppler-utils (pdftotext) is not installed: print is not measured")
    told = subprocess.run([POPPLER, "-bbox", str(paper), "-"], check=True, capture_output=True, text=True)
    for page in told.stdout.split("<page ")[1:]:
        heights = [float(below) - float(top) for top, below in HEIGHT.findall(page)]
        assert min(heights) >= 7 * LINE
        assert min(heights) > 0.9 * median(heights)  # no text is shrunk to the width of its cell


def test_rows_that_almost_fit_a_page_are_made_to_fit():
    def pages(rows: int) -> int:
        made = Book(BytesIO(), Language(), "Rows")
        sheet = made.sheet("Rows")
        for row in range(rows):
            made.put(sheet, row, 0, "x")
        made.fit(sheet, [60, *[12] * 4])
        made.close()
        return int(sheet.fit_height)

    usual, small = 762 // ROW, 762 * 100 // SMALLEST // ROW
    assert [pages(usual), pages(small), pages(small + 1)] == [1, 1, 2]
