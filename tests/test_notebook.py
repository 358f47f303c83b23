"""`cx_kpi.report`: what it takes, what it gives, what it says is wrong; page and notebook of the guide run as they are."""

import ast
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import cx_kpi
from cx_kpi.model.assets import folder

pytestmark = pytest.mark.usefixtures("kept_runs")

SAMPLE = folder("sample_data")
GUIDE = folder("guide")
TICKETS = str(SAMPLE / "tickets.csv")


@pytest.fixture(scope="module")
def report():
    """A report on the sample, cut by channel."""
    metrics = ["csat", "first_response_time", "tickets_created"]
    return cx_kpi.report(str(SAMPLE), by="channel", metrics=metrics, config={})


@pytest.fixture
def desk(tmp_path, monkeypatch, thinned):
    """A working folder with the exports that the guide names."""
    (tmp_path / "exports").mkdir()
    for name in ("tickets.csv", "surveys.csv"):
        shutil.copy(thinned / name, tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_what_the_command_line_reports(report):
    asked = ("csat", "first_response_time", "tickets_created")
    assert report.data == cx_kpi.make_report(str(SAMPLE), by=(("channel",),), metrics=asked)
    assert repr(report) == "<cxkpi report: 3 metrics, 2024-10-01 to 2026-04-01>"
    one = replace(report, data=replace(report.data, metrics={"csat": report.data.metrics["csat"]}))
    assert repr(one) == "<cxkpi report: 1 metric, 2024-10-01 to 2026-04-01>"


def test_tables_of_figures(report):
    frame = report.to_frame()
    assert set(frame["metric"]) == {"csat", "first_response_time", "tickets_created"}
    csat = frame.row(by_predicate=pl.col("metric") == "csat", named=True)
    told = report.metric("csat")
    assert csat["value"] == pytest.approx(told.value)
    assert (csat["low"], csat["high"]) == pytest.approx(told.interval, abs=1e-6)
    assert (csat["n"], csat["start"]) == (told.n, date(2024, 10, 1))
    series = report.series().filter(pl.col("metric") == "tickets_created")
    assert series["value"].sum() == report.metric("tickets_created").value
    segments = report.segments()
    assert set(segments["channel"]) >= {"email", "chat", None}
    whole = segments.filter(pl.col("metric") == "tickets_created")["n"].sum()
    assert whole == report.metric("tickets_created").n


def test_the_rows_behind_a_figure(report):
    rows = report.rows("csat")
    assert rows["counts"].sum() == report.metric("csat").n
    assert rows.filter("counts")["csat"].mean() == pytest.approx(report.metric("csat").value)
    assert rows.filter(~pl.col("counts"))["why_not"].null_count() == 0
    assert "created_at" in report.rows().columns
    assert report.rows(table="calls").height > 0


def test_a_notebook_shows_tables_and_charts(report):
    shown = report._repr_html_()
    assert "<script" not in shown
    assert len(re.findall(r'<img src="data:image/png;base64,[^"]+" alt="[^"]+">', shown)) == 3
    assert "Customer satisfaction (CSAT)" in shown
    assert "E-mail" in shown
    assert "Customer satisfaction (CSAT)" in str(report)


def test_explain_and_save(report, tmp_path):
    receipt = report.explain("csat")
    assert receipt._repr_markdown_().startswith("# Customer satisfaction (CSAT)")
    assert receipt.data.steps[-1].left == report.metric("csat").n
    assert "85.5%" in str(receipt)
    for suffix in ("html", "json", "xlsx", "md"):
        report.save(tmp_path / f"report.{suffix}")
        assert (tmp_path / f"report.{suffix}").stat().st_size > 1000
    assert json.loads((tmp_path / "report.json").read_text())["metrics"].keys() == report.data.metrics.keys()
    with pytest.raises(cx_kpi.CxkpiError, match="is one of the files to read"):
        report.save(SAMPLE / "tickets.csv")
    with pytest.raises(cx_kpi.UsageProblem, match="no format has the suffix"):
        report.save(tmp_path / "report.docx")


def test_a_metric_is_shown_by_itself(report):
    told = report.metric("csat")
    assert repr(told).startswith("<cxkpi metric: Customer satisfaction (CSAT), 0.85")
    assert len(repr(told)) < 100
    shown = told._repr_html_()
    assert "Customer satisfaction (CSAT)" in shown
    assert "First response time" not in shown
    assert shown.count("<img ") == 1


def test_an_explanation_is_short_by_name_and_writes_nothing_into_a_notebook(report, monkeypatch, capsys):
    receipt = report.explain("csat")
    assert (
        repr(receipt) == f"<cxkpi explanation: Customer satisfaction (CSAT), n = {report.metric('csat').n}>"
    )
    texts = str(receipt), str(report)
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr("builtins.get_ipython", lambda: shell, raising=False)
    assert (str(receipt), str(report)) == texts
    assert capsys.readouterr() == ("", "")


def test_segments_in_a_notebook_have_signs_and_rows_begin_at_the_left(report):
    shown = report._repr_html_()
    for tone, sign in (("good", "✓"), ("bad", "✗")):
        cells = re.findall(rf'<td class="{tone}"[^>]*>([^<]*)</td>', shown)
        assert all(each.endswith(sign) for each in cells)
    assert re.search('<td class="(good|bad)"', shown)
    assert 'th[scope="row"]' in shown.partition("</style>")[0]


def test_other_checks_are_no_item_of_the_findings():
    shown = cx_kpi.report(str(SAMPLE), config={}, by="channel")._repr_html_()
    (listed,) = re.findall("<ol>.*?</ol>", shown, re.DOTALL)
    assert "other metrics" in shown
    assert "other metrics" not in listed


FRAMES = {
    "polars": lambda file: pl.read_csv(file, infer_schema_length=0),
    "lazy": lambda file: pl.scan_csv(file, infer_schema_length=0),
    "typed": lambda file: pl.read_csv(file, try_parse_dates=True),
    "categories": lambda file: pl.read_csv(file, infer_schema_length=0).with_columns(
        pl.col("channel", "status", "reply_count").cast(pl.Categorical)
    ),
    "pandas": lambda file: pd.read_csv(file, parse_dates=["created_at", "solved_at"]),
    "arrow": lambda file: pl.read_csv(file, infer_schema_length=0).to_arrow(),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_tables_in_memory_are_read_as_the_file_is(kind, thinned):
    file = str(thinned / "tickets.csv")
    expected = cx_kpi.report(file, config={}).to_frame()
    found = cx_kpi.report(FRAMES[kind](file), config={})
    assert_frame_equal(found.to_frame(), expected)
    assert found.rows("tickets_created")["counts"].sum() == found.metric("tickets_created").n
    assert found.explain("tickets_created").data.reading.value == found.metric("tickets_created").value


def test_several_tables_by_name_or_by_their_headers():
    tickets, surveys = FRAMES["polars"](TICKETS), SAMPLE / "surveys.csv"
    both = cx_kpi.report([tickets, surveys], metrics="csat", config={})
    named = cx_kpi.report({"tickets": [tickets], "surveys": surveys}, metrics=["csat"], config={})
    assert_frame_equal(both.to_frame(), named.to_frame())
    assert {source.path for source in named.data.sources} == {"tickets", str(surveys)}


@pytest.mark.parametrize(
    ("data", "options", "error", "why"),
    [
        (5, {}, cx_kpi.UsageProblem, "int is nothing to read; give paths, or tables"),
        ([TICKETS, None], {}, cx_kpi.UsageProblem, "NoneType is nothing to read"),
        ({"tikets": TICKETS}, {}, cx_kpi.UsageProblem, "did you mean tickets"),
        ("nowhere.csv", {}, cx_kpi.InputProblem, "nowhere.csv"),
        (pl.DataFrame({"a": [1]}), {}, cx_kpi.InputProblem, "table 1"),
        (pl.DataFrame(), {}, cx_kpi.InputProblem, "table 1"),
        (pd.DataFrame({"a": [object(), 1]}), {}, cx_kpi.InputProblem, "table 1: no table that can be read"),
        (TICKETS, {"metrics": 5}, cx_kpi.UsageProblem, "metrics: 5 is no text and no list"),
        (TICKETS, {"metrics": [5]}, cx_kpi.UsageProblem, "metrics: 5 is no text"),
        (TICKETS, {"metrics": "csta"}, cx_kpi.UsageProblem, "did you mean csat"),
        (TICKETS, {"by": "chanel"}, cx_kpi.UsageProblem, "^by chanel: .*did you mean channel"),
        (TICKETS, {"by": [5]}, cx_kpi.UsageProblem, "by: 5 is no text"),
        (TICKETS, {"period": "months"}, cx_kpi.UsageProblem, "did you mean month"),
        (TICKETS, {"since": "soon"}, cx_kpi.UsageProblem, "^since 'soon' is no date"),
        (TICKETS, {"config": 5}, cx_kpi.UsageProblem, "config: int is none"),
        (TICKETS, {"config": {"metrc": []}}, cx_kpi.UsageProblem, "metrc: no such key; did you mean metric"),
        (TICKETS, {"where": "x ="}, cx_kpi.UsageProblem, "line 1, column 3"),
    ],
)
def test_what_is_wrong_is_an_error_of_ours(data, options, error, why):
    with pytest.raises(error, match=why):
        cx_kpi.report(data, **{"config": {}, **options})


def test_a_metric_that_is_not_there(report):
    with pytest.raises(cx_kpi.UsageProblem, match="did you mean csat"):
        report.metric("csta")
    with pytest.raises(AttributeError):
        cx_kpi.nothing  # noqa: B018


def test_importing_loads_nothing_heavy():
    script = (
        "import sys, cx_kpi; dir(cx_kpi); print(*{'polars', 'pydantic', 'typer', 'rich'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def run_cell(code: str, names: dict):
    """Runs the code of a cell, and gives what its last expression is, as a notebook would show it."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_the_page_of_the_guide(desk, capsys):
    page = (GUIDE / "notebook.md").read_text(encoding="utf-8")
    names: dict = {}
    for block in re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        run_cell(block, names)
    assert capsys.readouterr().out == "no metric 'csta'; did you mean csat?\n"
    assert (desk / "report.html").exists()
    assert names["rows"].height == names["report"].metric("csat").n


def test_the_notebook_of_the_guide(desk):
    book = json.loads((GUIDE / "notebook.ipynb").read_text(encoding="utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    cells = book["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    names: dict = {}
    shown = [run_cell("".join(cell["source"]), names) for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
    assert "<img" in shown[0]._repr_html_()
    assert "# Customer" in shown[1]._repr_markdown_()
    assert all(frame.height > 0 for frame in shown if isinstance(frame, pl.DataFrame))
    assert (desk / "report.html").exists()


@pytest.mark.parametrize("asked", ["rows", "explain", "metric"])
def test_one_metric_is_asked_for(asked):
    made = cx_kpi.report({"tickets": TICKETS}, metrics="tickets_created")
    with pytest.raises(cx_kpi.UsageProblem, match="one metric is asked for"):
        getattr(made, asked)(["csat"])
