"""Each sample export has the figures of `presets_expected.toml`, and every preset has one."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cx_kpi.api import make_report
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.options import Config, Options, Question, TableConfig
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.preset.presets import GENERIC, presets, product
from cx_kpi.normalise.vocabulary.headers import Headers
from cx_kpi.read.open import open_all

from .frames import tables

pytestmark = pytest.mark.usefixtures("engine_of_many")

_HERE = Path(__file__).parent
_FOLDER = _HERE.parent.parent / "sample_data" / "presets"
_SAMPLES: list[dict[str, Any]] = tomllib.loads((_HERE / "presets_expected.toml").read_text("utf-8"))["sample"]
_USED = [each for each in _SAMPLES if "refused" not in each]
_REFUSED = [each for each in _SAMPLES if "refused" in each]


def _name(sample: dict[str, Any]) -> str:
    return str(sample["file"])


def _preset(sample: dict[str, Any]) -> str:
    return str(sample.get("preset", sample["file"].split(".")[0]))


def _path(sample: dict[str, Any]) -> str:
    return str(_FOLDER / sample["file"])


def _options(sample: dict[str, Any]) -> dict[str, Any]:
    asked = [Question(**each) for each in sample.get("questions", [])]
    return {"config": Config(surveys=TableConfig(questions=asked)), **sample.get("options", {})}


@pytest.mark.parametrize("sample", _USED, ids=_name)
def test_report(sample: dict[str, Any]) -> None:
    report = make_report(Options(paths=(_path(sample),), **_options(sample)))
    (source,) = report.sources
    assert (source.table, source.preset) == (sample["table"], _preset(sample))
    assert (source.rows, source.used, source.set_aside) == (
        sample["rows"],
        sample["used"],
        sample["rows"] - sample["used"],
    )
    told = {each.code.split(".")[0] for each in report.notices}
    assert told >= set(sample.get("notices", []))
    assert not told & {"unknown_word", "unreadable", "ambiguous_dates", "unit_assumed", "damaged_rows"}
    found = {name: report.metrics[name].value for name in sample["metrics"]}
    assert found == pytest.approx(sample["metrics"], rel=1e-9)


@pytest.mark.parametrize("sample", _USED, ids=_name)
def test_cells(sample: dict[str, Any]) -> None:
    frame = tables(*open_all([_path(sample)]), **_options(sample))[sample["table"]].frame
    first = frame.row(0, named=True)
    assert {name: first[name] for name in sample["first"]} == sample["first"]
    for name, words in sample.get("counts", {}).items():
        assert Counter(frame[name].drop_nulls().cast(str).to_list()) == words
    assert not set(sample.get("lacks", [])) & set(frame.columns)


@pytest.mark.parametrize("sample", _REFUSED, ids=_name)
def test_refused(sample: dict[str, Any]) -> None:
    with pytest.raises(InputProblem, match=sample["refused"]):
        make_report(Options(paths=(_path(sample),)))


def test_every_sample_has_a_result() -> None:
    assert {path.name for path in _FOLDER.iterdir()} == {each["file"] for each in _SAMPLES}


def test_every_preset_has_a_sample() -> None:
    assert {each.name for each in presets()} | {GENERIC} == {_preset(each) for each in _SAMPLES}


def test_fields_are_of_the_table() -> None:
    for preset in presets():
        known = TABLES[preset.table].fields.keys()
        assert preset.columns.keys() <= known, preset.name
        assert preset.values.keys() <= known, preset.name
        assert set(preset.grade) <= set("FSC+"), preset.name


def test_a_signature_is_its_own() -> None:
    for preset in presets():
        for headers in preset.signature:
            found = product(Headers(tuple(headers)))
            assert found, preset.name
            assert found.name == preset.name
            assert found == preset
