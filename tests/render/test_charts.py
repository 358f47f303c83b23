"""Charts: every kind draws, describes each column once, and holds its values within round ends."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_kpi.model.assets import folder
from cx_kpi.model.chart_data import Chart, ChartKind, Line
from cx_kpi.model.report import Point, Reading, Window
from cx_kpi.model.values import Status, Target, Unit
from cx_kpi.render import charts
from cx_kpi.render.charts.heat import DARK
from cx_kpi.render.charts.palette import HEAT, LIGHT, literal, shades
from cx_kpi.render.charts.scale import scale
from cx_kpi.render.charts.texts import name_labels, period_labels
from cx_kpi.render.charts.trend_chart import signs_of
from cx_kpi.render.page.page_charts import figures
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words, words_of

from .company import company
from .gallery import GALLERY, MONTHS

EN, RU = Words(Language("en")), Words(Language("ru"))
UNITS = st.sampled_from([Unit.COUNT, Unit.SECONDS, Unit.SCORE, Unit.RATIO, Unit.POINTS])
CSAT: Reading = company().metrics["csat"]


def elements(svg: str, tag: str) -> list[ET.Element]:
    return [each for each in ET.fromstring(svg).iter() if each.tag == tag]


def said(svg: str) -> list[str]:
    return [each.text or "" for each in elements(svg, "title")]


def exhibit(kind: ChartKind) -> Chart:
    return next(each for each in GALLERY if each.kind is kind)


@pytest.mark.parametrize("each", GALLERY, ids=lambda each: each.kind)
def test_every_kind_says_each_of_its_values(each):
    texts = said(charts.svg(charts.of_exhibit(each, "month", EN)))
    for row in each.rows:
        for place, value in enumerate(row.values):
            spoken = texts if each.kind is ChartKind.HEAT else texts[place : place + 1]
            assert value is None or any(EN.value(value, each.unit) in text for text in spoken)
    per_cell = len(each.rows) if each.kind is ChartKind.HEAT else 1
    assert len(texts) == len(each.columns) * per_cell


@pytest.mark.parametrize("each", GALLERY, ids=lambda each: each.kind)
def test_both_languages_look_the_same(each):
    english, russian = (charts.svg(charts.of_exhibit(each, "month", words)) for words in (EN, RU))
    assert [path.get("fill") for path in elements(english, "path")] == [
        path.get("fill") for path in elements(russian, "path")
    ]


@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_of_nothing_and_of_one_value(kind):
    rows = [replace(row, values=row.values[:1], n=row.n[:1], young=[]) for row in exhibit(kind).rows]
    one = replace(exhibit(kind), columns=exhibit(kind).columns[:1], rows=rows)
    none = replace(one, rows=[replace(row, values=[None]) for row in rows])
    for each in (one, none):
        assert elements(charts.svg(charts.of_exhibit(each, "month", EN)), "svg")


@given(st.lists(st.floats(-1e6, 1e9), min_size=1, max_size=20), UNITS, st.booleans())
def test_a_scale_holds_every_value_between_few_round_ones(values, unit, zero):
    found = scale(values, unit, zero)
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert found.low - slack <= min(values)
    assert max(values) <= found.high + slack
    assert found.low < found.high
    assert 2 <= len(found.ticks) <= 8
    assert found.ticks == sorted(found.ticks)
    if zero:
        assert found.low <= 0 <= found.high


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([0, 1], Unit.SHARE, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([0.86, 0.93], Unit.SHARE, [0.86, 0.88, 0.9, 0.92, 0.94]),
        ([0, 7200], Unit.SECONDS, [0, 1800, 3600, 5400, 7200]),
        ([0, 3], Unit.COUNT, [0, 1, 2, 3]),
        ([1.0], Unit.SHARE, [0.5, 0.6, 0.7, 0.8, 0.9, 1]),
    ],
)
def test_round_values(values, unit, ticks):
    assert scale(values, unit).ticks == pytest.approx(ticks)


def points(*goals: Target | None, partial: bool = False) -> list[Point]:
    last = len(goals) - 1
    return [
        Point("csat", f"2026-{place + 1:02}-01", f"2026-{place + 2:02}-01", partial and place == last, 0.8, 99,
              Status.MISSED if place == 0 else None, {}, (0.75, 0.85), target)
        for place, target in enumerate(goals)
    ]  # fmt: skip


def test_a_trend_steps_where_the_target_changes():
    old, new = Target(">=", 0.85), Target(">=", 0.9)
    drawn = charts.svg(charts.trend(CSAT, points(old, old, None, new, new, old), None, EN))
    steps = [line for line in elements(drawn, "line") if line.get("stroke-dasharray")]
    assert len(steps) == 3
    names = [text.text for text in elements(drawn, "text")]
    assert [names.count(EN.target(target, Unit.SHARE)) for target in (old, new)] == [2, 1]


def test_a_trend_says_interval_target_status_and_what_is_not_over():
    drawn = charts.svg(charts.trend(CSAT, points(Target(">=", 0.9), None, partial=True), None, EN))
    first, last = said(drawn)
    assert first == "January 2026: 80.0% (75.0–85.0%), target ≥\u00a090%, missed, n = 99"
    assert last == "February 2026 (so far): 80.0% (75.0–85.0%), n = 99"
    assert sum(path.get("fill") == "url(#hatch)" for path in elements(drawn, "path")) == 1


def test_a_period_whose_data_begin_late_is_over():
    found, window = points(None, None, None, partial=True), Window("2026-01-05", "2026-03-20", "month")
    found = [replace(found[0], partial=True), *found[1:]]
    first, _, last = said(charts.svg(charts.trend(CSAT, found, window, EN)))
    assert first.startswith("January 2026 (in part): ")
    assert last.startswith("March 2026 (so far): ")
    assert ("hatched", "not over yet, or known in part") in signs_of(found, window, EN)
    assert ("hatched", "known in part") in signs_of(found[:2], window, EN)
    assert ("hatched", "not over yet") in signs_of(found[1:], window, EN)
    days = [replace(found[0], start="2026-03-19", end="2026-03-20")]
    assert ("hatched", "not over yet") in signs_of(days, replace(window, grain="day"), EN)


def test_a_chart_says_which_column_is_over():
    flow = exhibit(ChartKind.LINES)
    flow = replace(flow, rows=[replace(flow.rows[1], young=[True, False, False, True])])
    first, *_, last = said(charts.svg(charts.of_exhibit(flow, "month", EN)))
    assert first.startswith("March 2026 (in part): ")
    assert last.startswith("June 2026 (so far): ")


@pytest.mark.parametrize("letters", [4, 9, 16])
def test_labels_and_names_have_room_in_a_wider_font(letters):
    names = ["m" * letters] * 8
    for lines in name_labels(names, 60):
        assert all(len(line) * 7 <= 60 for line in lines)
    rows = [Line("n" * letters + str(place), [1.0, 2.0]) for place in range(5)]
    spec = charts.of_exhibit(replace(exhibit(ChartKind.STACK), columns=MONTHS[:2], rows=rows), "month", EN)
    legend = next(
        layer["encoding"]["color"]["legend"] for layer in spec["layer"] if "color" in layer["encoding"]
    )
    assert legend["columns"] * (letters * 7 + 20) <= spec["width"]


@pytest.mark.parametrize("each", GALLERY, ids=lambda each: each.kind)
def test_a_picture_alone_needs_no_page(each):
    spec = literal(charts.of_exhibit(each, "month", EN))
    assert "var(--" not in str(spec)
    assert "url(" not in str(spec)
    assert charts.png(spec).startswith(b"\x89PNG")


def test_a_text_that_is_a_colours_name_stays_a_text():
    row = Line("var(--nothing)", [1.0, 2.0])
    named = replace(exhibit(ChartKind.LINES), columns=["2026-01-01", "2026-02-01"], rows=[row, row])
    assert "var(--nothing)" in str(literal(charts.of_exhibit(named, "month", EN)))


def test_the_heat_darkens_with_its_value():
    drawn = charts.svg(charts.of_exhibit(exhibit(ChartKind.HEAT), "month", EN))
    cells = [path for path in elements(drawn, "path") if len(path)]
    pairs = sorted((int(cell[0].text.rsplit(" ", 1)[1]), cell.get("fill")) for cell in cells)
    levels = [fill for _, fill in pairs]
    assert levels == sorted(levels)
    assert len(set(levels)) == 7
    assert {fill.removeprefix("var(").removesuffix(")") for fill in levels} <= LIGHT.keys()


STYLE = (folder("templates") / "parts/report.css").read_text(encoding="utf-8")
DARK_COLORS = dict(re.findall(r"(--[\w]+): (#[0-9a-f]{6})", STYLE.partition("{% endset %}")[0]))


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK_COLORS], ids=["light", "dark"])
def test_values_are_read_on_every_colour_of_the_heat(colors):
    for level in range(len(HEAT)):
        ink = "--pale" if level >= DARK else "--text"
        assert contrast(colors[f"--h{level}"], colors[ink]) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK_COLORS], ids=["light", "dark"])
@pytest.mark.parametrize("count", range(2, 6))
def test_what_is_in_order_stands_out_more_and_more(colors, count):
    names = [color.removeprefix("var(").removesuffix(")") for color in shades("ordered", count)]
    told = [contrast(colors[name], colors["--ground"]) for name in names]
    assert all(more > 1.2 * less for less, more in pairwise([1.0, *told]))


@pytest.mark.parametrize("colors", [LIGHT, DARK_COLORS], ids=["light", "dark"])
def test_for_and_against_differ_in_lightness_too(colors):
    against, neutral, approving = sorted((colors[f"--n{place}"] for place in (3, 2, 1)), key=luminance)
    assert contrast(against, neutral) > 1.3
    assert contrast(neutral, approving) > 1.3


def test_the_scale_of_a_heat_map_is_named():
    texts = [
        each.text
        for each in elements(charts.svg(charts.of_exhibit(exhibit(ChartKind.HEAT), "month", EN)), "text")
    ]
    values = [value for row in exhibit(ChartKind.HEAT).rows for value in row.values]
    assert {EN.value(end, Unit.COUNT) for end in (0.0, max(values))} <= set(texts)


@given(st.lists(st.sampled_from(GALLERY), max_size=6))
def test_no_chart_stands_beside_nothing(chosen):
    exhibits = [replace(each, id=f"e{place}", group="g") for place, each in enumerate(chosen)]
    report = replace(company(), exhibits=exhibits, series=[], headlines=[])
    placed = figures(report, words_of(report))
    assert sorted(figure.id for figure in placed) == [each.id for each in exhibits]
    assert sum(not figure.wide for figure in placed) % 2 == 0
    maps = {each.id for each in exhibits if each.kind is ChartKind.HEAT}
    assert maps <= {figure.id for figure in placed if figure.wide}
    assert sum(figure.wide for figure in placed) <= len(maps) + 1


def test_weeks_stand_under_the_year_they_are_counted_in():
    starts = ["2024-12-30", "2025-01-06", "2025-12-29"]
    labels = period_labels(starts, "week", 60, EN)
    assert labels == [["W1", "2025"], ["W2"], ["W1", "2026"]]


def test_a_line_without_values_is_not_named():
    unknown = replace(
        exhibit(ChartKind.LINES), rows=[*exhibit(ChartKind.LINES).rows, Line("open", [None] * 4)]
    )
    names = [text.text for text in elements(charts.svg(charts.of_exhibit(unknown, "month", EN)), "text")]
    assert "created" in names
    assert "open" not in names


def test_the_order_of_adding_does_not_show_in_a_chart_that_answers():
    spec = {"layer": [], "data": {"values": [{"y": 0.1 + 0.2}, {"y": 0.3}]}}
    assert json.loads(charts.live(spec))["data"]["values"] == [{"y": 0.3}, {"y": 0.3}]
