"""The JSON that other tools read: valid against the schema that is printed, and back to the same report."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from cx_kpi import make_report
from cx_kpi.cli.app import run
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.documents.json_schema import json_schema
from cx_kpi.model.errors import Exit
from cx_kpi.model.report import Report, from_dict
from cx_kpi.render.files.json import dumps

from .conftest import Cxkpi

SAMPLE = str(folder("sample_data"))
REPORT = ["report", SAMPLE, "--config", f"{SAMPLE}/cxkpi.toml", "--by", "channel", "--by", "product"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The JSON of the sample data, cut by channel and product."""
    file = tmp_path_factory.mktemp("sample") / "report.json"
    assert run([*REPORT, "-o", str(file)]) == Exit.DONE
    return file.read_text(encoding="utf-8")


@pytest.fixture
def printed(kept: str) -> dict[str, Any]:
    """The same as a value of one's own."""
    found: dict[str, Any] = json.loads(kept)
    return found


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """The schema of a report, as a judge."""
    schema = json_schema(Report, "cxkpi report")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_is_printed(cxkpi: Cxkpi, validator: Draft202012Validator) -> None:
    assert json.loads(cxkpi("schema").out) == validator.schema


def test_what_is_printed_is_what_is_written(cxkpi: Cxkpi, kept: str) -> None:
    assert cxkpi(*REPORT, "-f", "json").out == kept


def test_the_schema_holds(printed: dict[str, Any], validator: Draft202012Validator) -> None:
    validator.validate(printed)
    missing = {"next_response_within_target"}  # the sample has no target for it
    assert PUBLIC.keys() - printed["metrics"].keys() == missing


@pytest.mark.parametrize(
    ("key", "value"), [("schema_version", "one"), ("metrics", []), ("notices", [{}]), ("window", 3)]
)
def test_the_schema_refuses(
    key: str, value: Any, printed: dict[str, Any], validator: Draft202012Validator
) -> None:
    with pytest.raises(ValidationError):
        validator.validate({**printed, key: value})


def test_there_and_back(printed: dict[str, Any]) -> None:
    back = from_dict(printed)
    assert isinstance(back, Report)
    assert json.loads(json.dumps(back.as_dict())) == printed


def test_python_gives_what_the_command_prints(cxkpi: Cxkpi) -> None:
    printed = cxkpi("report", "tickets.csv", "-f", "json", "--tz", "Asia/Tokyo").out
    assert dumps(make_report("tickets.csv", timezone="Asia/Tokyo")) == printed


def test_rows_are_accounted_for(printed: dict[str, Any]) -> None:
    for source in printed["sources"]:
        assert source["rows"] == source["used"] + source["set_aside"] + source["filtered"]
