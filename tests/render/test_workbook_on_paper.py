"""The workbook on paper: few pages, heads on each, nothing cut, and numbers as people write them."""

import re
import shutil
import subprocess
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from cx_kpi import report
from cx_kpi.model.assets import folder
from cx_kpi.model.values import Unit
from cx_kpi.render.xlsx import render
from cx_kpi.render.xlsx.number_formats import Figure, written
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .company import company
from .gallery import with_gallery

SMALLEST = 64  # percent: the usual font of 11 points is printed in 7
OFFICE = shutil.which("soffice")
MOST_PAGES = 12
FORMATS_OF_EXCEL = 200  # of numbers in one workbook, beside its own
A4 = "9"


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
        (4.2, "4.2 s", '[s].0"\u00a0s"'),
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


def test_what_is_written_before_a_number_is_part_of_its_format():
    assert written(Figure(243, Unit.COUNT, "≥"), Language())[1] == '"≥\u00a0"#,##0'
    assert written(Figure(9, Unit.CURRENCY, currency='a";[Red]'), Language())[1] == '#,##0.00"\u00a0a,[Red]"'


def test_a_workbook_has_no_more_formats_than_spreadsheets_hold():
    assert len(book()._number_formats) < FORMATS_OF_EXCEL


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed: pages are not counted")
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_sample_prints_on_few_pages(lang, tmp_path):
    sample = folder("sample_data")
    whole = report(sample, config=sample / "cxkpi.toml", lang=lang)
    whole.save(tmp_path / "report.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    to = ["--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.xlsx")]
    subprocess.run([str(OFFICE), profile, *to], check=True, capture_output=True, timeout=300)
    paper = (tmp_path / "report.pdf").read_bytes()
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", paper)) <= MOST_PAGES
