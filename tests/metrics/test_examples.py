"""Every metric's worked examples: small inputs in plain words, and what comes out, computed by hand."""

import pytest
from canonical import differences, report
from metric_examples import EXAMPLES

from cx_kpi.model.schema import TABLES

ALLOWED = {"name", "options", "value", "n", "interval", "status", "details", "left_out", *TABLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name):
    metric, example = EXAMPLES[name]
    assert example.keys() <= ALLOWED
    tables = {table: example[table] for table in TABLES if table in example}
    found = report(tables, metrics=[metric], **example.get("options", {}))
    if "left_out" in example:
        assert [(each.metric, each.why) for each in found.left_out] == [(metric, example["left_out"])]
        assert metric not in found.metrics
        return
    reading = found.metrics[metric]
    expected = {"value": example.get("value"), "n": example["n"], "details": example.get("details", {})}
    actual = {key: getattr(reading, key) for key in expected}
    if "status" in example:
        assert reading.status == (example["status"] or None)
    assert list(differences(_named(actual), expected)) == []
    if "interval" in example:
        assert list(reading.interval or []) == pytest.approx(example["interval"], abs=6e-6)


def _named(value):
    """The value without what is null, as TOML would write it, wherever tables hold it."""
    if isinstance(value, dict):
        return {key: _named(each) for key, each in value.items() if each is not None or key == "value"}
    return [_named(each) for each in value] if isinstance(value, list) else value
