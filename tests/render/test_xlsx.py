"""The workbook holds the figures of the JSON, and no cell of it does anything."""

from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import fastexcel
import pytest

from cx_kpi.model.chart_data import ChartKind
from cx_kpi.model.values import Status, Unit
from cx_kpi.render.elements.spark import BLOCKS
from cx_kpi.render.xlsx import render

from .company import company, empty
from .gallery import GALLERY, with_gallery
from .hostile import DEALT, TEXTS, filled

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAY = 86_400


def parts(data: bytes) -> dict[str, ET.Element]:
    """Every part of the file as XML, which it has to be."""
    with ZipFile(BytesIO(data)) as packed:
        return {name: ET.fromstring(packed.read(name)) for name in packed.namelist()}


def cells(data: bytes, sheet: int = 1) -> list[list[str | float]]:
    """The cells of a sheet, row by row: texts, and numbers as they are stored."""
    found = parts(data)
    shared = ["".join(item.itertext()) for item in found["xl/sharedStrings.xml"]]
    rows = found[f"xl/worksheets/sheet{sheet}.xml"].iter(f"{MAIN}row")
    return [[_cell(cell, shared) for cell in row] for row in rows]


def _cell(cell: ET.Element, shared: list[str]) -> str | float:
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return ""
    return shared[int(value)] if cell.get("t") == "s" else float(value)


def columns(data: bytes, name: str) -> dict[str, list]:
    return fastexcel.read_excel(data).load_sheet(name).to_polars().to_dict(as_series=False)


def test_the_metrics_are_numbers():
    report = company()
    lines = {line[0]: line for line in cells(render(report), 2) if line}
    for reading in report.metrics.values():
        line = lines[reading.title]
        scale, near = (DAY, 0.02) if reading.unit is Unit.SECONDS else (1, 1e-9)  # lengths as they are shown
        if isinstance(reading.value, int | float):
            assert line[1] * scale == pytest.approx(reading.value, rel=near)
        if reading.interval:
            assert [bound * scale for bound in line[3:5]] == pytest.approx(reading.interval, rel=near)
        if reading.target and reading.status:
            assert any(
                reading.target.value / scale == pytest.approx(each)
                for each in line
                if isinstance(each, float)
            )
        if reading.status not in (None, Status.NO_DATA):
            assert str(reading.status) in line


def test_the_summary_has_the_headlines_and_what_else_needs_attention():
    report = company()
    names = [line[0] for line in cells(render(report)) if line]
    headlines = [metric for each in report.headlines for metric in each.metrics]
    missed = [name for name, reading in report.metrics.items() if reading.status is Status.MISSED]
    for metric in {*headlines, *missed}:
        assert report.metrics[metric].title in names


def test_series_and_segments_are_those_of_the_json():
    report = company()
    data = render(report)
    found = columns(data, "Series")
    assert found["metric"] == [point.metric for point in report.series]
    assert found["start"] == [point.start for point in report.series]
    known = [point.value for point in report.series if isinstance(point.value, int | float)]
    kept = [value for value in found["value"] if value is not None]
    assert kept == pytest.approx(known)
    assert found["n"] == [point.n for point in report.series]
    segments = columns(data, "Segments")
    assert segments["channel"] == [each.by["channel"] for each in report.segments]
    assert segments["n"] == [each.n for each in report.segments]


@pytest.mark.parametrize("turn", DEALT)
def test_hostile_text_is_only_text(turn):
    found = parts(render(with_gallery(filled(company(), *TEXTS, turn=turn))))
    for name, root in found.items():
        if name.startswith("xl/worksheets/sheet"):
            assert [root.tag for root in root.iter() if root.tag in {f"{MAIN}f", f"{MAIN}hyperlink"}] == []
    assert not [name for name in found if "external" in name.lower() or "vba" in name.lower()]
    related = [each.get("TargetMode") for name in found if name.endswith(".rels") for each in found[name]]
    assert set(related) == {None}


def test_exhibits_have_charts_or_a_scale_of_colours():
    found = parts(render(with_gallery(company())))
    drawn = [name for name in found if name.startswith("xl/charts/chart")]
    assert len(drawn) == sum(exhibit.kind is not ChartKind.HEAT for exhibit in GALLERY)
    scales = [name for name in found if "sheets/sheet" in name and [*found[name].iter(f"{MAIN}colorScale")]]
    assert scales
    rows = [line for sheet in (3, 4) for line in cells(render(with_gallery(company())), sheet)]
    numbers = ([each for each in line if each != ""] for line in rows)
    shown = {line[0]: line[1:] for line in numbers if len(line) > 1}
    assert shown["created"] == [900, 940, 1010, 980]
    assert shown["running share"] == pytest.approx([325 / 537, 525 / 537, 1])


def test_histories_are_text_that_every_program_shows():
    histories = [line[-1] for line in cells(render(company()), 2) if set(str(line[-1])) & set(BLOCKS)]
    assert len(histories) > 20
    assert max(map(len, histories)) == 18  # of 19 periods: the last one has not ended
    text = ET.tostring(parts(render(company()))["xl/worksheets/sheet2.xml"], encoding="unicode")
    assert "sparkline" not in text


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_same_report_is_the_same_bytes(code):
    assert render(with_gallery(company(code))) == render(with_gallery(company(code)))


@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_report_of_nothing(code):
    assert len(fastexcel.read_excel(render(empty(code))).sheet_names) == 6
