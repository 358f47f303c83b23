"""The JSON is the contract: strict, valid, stable, and it comes back as the same report."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cx_kpi.model.documents.json_schema import json_schema
from cx_kpi.model.report import Report, from_dict
from cx_kpi.render.files import json as json_file
from cx_kpi.render.files.json import dumps, render, rounded

from .company import company, empty
from .hostile import TEXTS, filled

TOGETHER = 40  # fewer than in use, so that fewer make a long list


def refuse(word: str) -> None:
    pytest.fail(f"{word} is not JSON")


@pytest.mark.parametrize("report", [company(), company("ru"), empty()])
def test_it_fits_its_schema_and_comes_back(report):
    data = json.loads(render(report), parse_constant=refuse)
    Draft202012Validator(json_schema(Report, "cxkpi report")).validate(data)
    assert json.loads(render(from_dict(data))) == data


def test_keys_stay_in_the_order_of_the_report():
    data = json.loads(render(company()))
    assert list(data) == list(company().as_dict())
    assert list(data["metrics"]) == list(company().metrics)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_long_lists_and_repeated_values_are_written_as_any_others(times, monkeypatch):
    monkeypatch.setattr(json_file, "TOGETHER", TOGETHER)
    report = company()
    many = [replace(each, n=n) for each in report.segments for n in range(times * TOGETHER // 2)]
    assert len(many) > TOGETHER
    text = dumps(replace(report, segments=many))
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    read = [(each["metric"], each["by"], each["n"]) for each in json.loads(text)["segments"]]
    assert read == [(each.metric, each.by, each.n) for each in many]


def test_no_number_is_said_as_null():
    report = company()
    first = next(iter(report.metrics))
    for value in (float("nan"), float("inf")):
        reading = replace(report.metrics[first], value=value)
        text = render(replace(report, metrics={first: reading}))
        assert json.loads(text, parse_constant=refuse)["metrics"][first]["value"] is None


@given(st.floats(-1e300, 1e300))
def test_ten_digits_are_kept(number):
    kept = rounded(number)
    assert kept == pytest.approx(number, rel=1e-9, abs=1e-300)
    assert rounded(kept) == kept


@given(st.lists(st.floats() | st.integers(-(10**12), 10**12).map(float), min_size=1))
def test_numbers_are_written_as_python_writes_them(numbers):
    assert dumps(numbers) == json.dumps([rounded(each) for each in numbers], indent=2) + "\n"


def test_the_last_digits_do_not_show_the_order_of_adding():
    assert rounded(0.1 + 0.2) == 0.3
    assert str(rounded(-0.0)) == "0.0"


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back_and_none_controls_a_terminal(text):
    report = filled(company(), text)
    shown = dumps(report)
    assert not set(shown) & {*map(chr, range(32)), *map(chr, range(127, 160)), "\u202e", "\u2066"} - {"\n"}
    assert shown.endswith("}\n")
    expected = text.encode("utf-8", "replace").decode() + report.tool.version.removeprefix(text)
    assert json.loads(shown)["tool"]["version"] == expected
    assert shown.encode()


def test_russian_is_written_in_letters():
    assert "Скорость" in dumps(company("ru"))
