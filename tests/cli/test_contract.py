"""The JSON that other tools read: valid against the schema that is printed, and back to the same report."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from cx_kpi import make_report
from cx_kpi.metrics.registry import PUBLIC
from cx_kpi.model.assets import folder
from cx_kpi.model.report import Report, from_dict
from cx_kpi.render.files.json import render

from .conftest import Cxkpi

SAMPLE = str(folder("sample_data"))


@pytest.fixture
def printed(cxkpi: Cxkpi) -> dict[str, Any]:
    """The JSON of the sample data, cut by channel and product, as it is printed."""
    return json.loads(cxkpi("report", SAMPLE, "-f", "json", "--by", "channel", "--by", "product").out)


@pytest.fixture
def validator(cxkpi: Cxkpi) -> Draft202012Validator:
    """What `cxkpi schema` prints, as a judge."""
    schema = json.loads(cxkpi("schema").out)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_holds(printed: dict[str, Any], validator: Draft202012Validator) -> None:
    validator.validate(printed)
    assert PUBLIC.keys() - printed["metrics"].keys() == {"next_response_within_target"}  # it has no target


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
    assert render(make_report("tickets.csv", timezone="Asia/Tokyo")) == printed


def test_rows_are_accounted_for(printed: dict[str, Any]) -> None:
    for source in printed["sources"]:
        assert source["rows"] == source["used"] + source["set_aside"] + source["filtered"]
