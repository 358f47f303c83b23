"""`cxkpi reconcile`: which rule gives the figure of another tool, exactly or nearest, and how to follow it."""

import json
import re
import tomllib

import pytest

from cx_kpi import make_report
from cx_kpi.cli.options.settings import read_settings
from cx_kpi.judge.additions.rules_of_others import rules_of, theirs
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit, UsageProblem
from cx_kpi.model.options import Config
from cx_kpi.model.values import Unit
from cx_kpi.normalise.preset.presets import presets, read_preset
from cx_kpi.normalise.vocabulary.dictionaries import dictionary

from .conftest import Cxkpi

SAMPLE = str(folder("sample_data"))
METRICS = list(dictionary("rules"))
SCALES = {"csat": (1.0, 5.0), "nps": (0.0, 10.0)}


@pytest.fixture(scope="module")
def computed():
    """Every rule of every metric over the sample, by its id: the metric and what it comes to."""
    rules = [(name, rule) for name in METRICS for rule in rules_of(name, SCALES.get(name))]
    config = Config(metric=[rule for _, rule in rules])
    found = make_report(SAMPLE, metrics=tuple(rule.id for _, rule in rules), config=config)
    return {rule.id: (name, rule, found.metrics.get(rule.id)) for name, rule in rules}


def test_every_rule_can_be_computed_from_a_full_export(computed):
    assert [
        name for name, (_, _, reading) in computed.items() if reading is None or reading.value is None
    ] == []


@pytest.mark.parametrize("metric", METRICS)
def test_the_figure_of_a_rule_is_found_and_can_be_followed(metric, computed, cxkpi: Cxkpi, tmp_path):
    readings = {rule.id: (rule, reading.value) for name, rule, reading in computed.values() if name == metric}
    rule, value = readings[f"{metric}_2"]
    shown = {"share": f"{100 * value:.6f}%"}.get(computed[rule.id][2].unit, f"{value:.6f}")
    ran = cxkpi("reconcile", "--metric", metric, "--theirs", shown, SAMPLE)
    assert ran.code == Exit.DONE, ran.err
    signs = [line for line in ran.out.splitlines() if line.startswith("= ")]
    titles = [other.title["en"] for other, each in readings.values() if abs(each - value) < 1e-6]
    assert all(any(title in line for line in signs) for title in titles)
    lines = ran.out.partition("[[metric]]")
    if lines[1]:
        config = tmp_path / "theirs.toml"
        config.write_text(lines[1] + lines[2])
        own = read_settings(str(config), ()).config
        found = make_report(SAMPLE, metrics=(own.metric[0].id,), config=own).metrics[own.metric[0].id]
        assert found.value == pytest.approx(value, abs=1e-6)


def test_the_nearest_where_none_is_exact(cxkpi: Cxkpi):
    ran = cxkpi("reconcile", "--metric", "csat", "--theirs", "69", SAMPLE)
    assert "The nearest rule: top answer alone, every answer" in ran.out
    told = ran.out[ran.out.index("[[metric]]") :]
    assert tomllib.loads(told)["metric"][0]["hit"] == "score >= 5"
    russian = cxkpi("reconcile", "--metric", "csat", "--theirs", "69", SAMPLE, "--lang", "ru").out
    assert "только высшая оценка" in russian
    assert "nearest" not in russian


def test_what_cannot_be_computed_is_named_with_the_reason(cxkpi: Cxkpi, tmp_path):
    (tmp_path / "t.csv").write_text(
        "ticket_id,created_at,status,solved_at\n1,2026-01-01,solved,2026-01-02\n2,2026-01-03,open,\n"
    )
    ran = cxkpi("reconcile", "--metric", "tickets_created", "--theirs", "2", str(tmp_path / "t.csv"))
    assert re.search(r"^· +–  opened by customers alone \(no column initiator\)$", ran.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "unit", "value", "off"),
    [
        ("69", Unit.SHARE, 0.69, 0.005),
        ("69.2 %", Unit.SHARE, 0.692, 0.0005),
        ("0.69", Unit.SHARE, 0.69, 0.005),
        ("4,5 h", Unit.SECONDS, 16_200.0, 180.0),
        ("90", Unit.SECONDS, 90.0, 0.5),
        ("−31", Unit.POINTS, -31.0, 0.5),
        ("1204", Unit.COUNT, 1204.0, 0.5),
    ],
)
def test_a_figure_is_right_to_half_its_last_digit(text, unit, value, off):
    found = theirs(text, unit)
    assert (found.value, found.off) == pytest.approx((value, off))


@pytest.mark.parametrize("text", ["", "x", "4 parsecs"])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(UsageProblem, match="--theirs"):
        theirs(text, Unit.SECONDS)


def test_wrong_names(cxkpi: Cxkpi):
    assert "did you mean csat?" in cxkpi("reconcile", "--metric", "csta", "--theirs", "1", SAMPLE).err
    assert (
        "no other rules are known" in cxkpi("reconcile", "--metric", "backlog", "--theirs", "1", SAMPLE).err
    )


def test_the_rule_of_the_products_own_dashboard_is_named(cxkpi: Cxkpi):
    for file, metric, title in (
        ("chatwoot_csat.csv", "csat", "top two of the scale, every answer"),
        ("zendesk.csv", "tickets_solved", "created in the window and solved by now"),
    ):
        ran = cxkpi("reconcile", "--metric", metric, "--theirs", "3", f"{SAMPLE}/presets/{file}")
        assert ran.code == Exit.DONE, ran.err
        (line,) = (line for line in ran.out.splitlines() if "says it counts" in line)
        assert title in line
        assert file.partition("_")[0].removesuffix(".csv").title() in line


def test_no_product_is_named_where_the_files_are_of_none(cxkpi: Cxkpi):
    assert "says it counts" not in cxkpi("reconcile", "--metric", "csat", "--theirs", "69", SAMPLE).out


def test_every_preset_says_a_rule_that_there_is_and_its_source():
    told = [preset for preset in presets() if preset.dashboard]
    assert len(told) >= 4
    for preset in told:
        assert preset.dashboard["source"]
        for metric in preset.dashboard.keys() - {"source"}:
            assert preset.dashboard[metric] in [rule["title"]["en"] for rule in dictionary("rules")[metric]]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ('csat = "top two of the scale, every answer"', "source is missing"),
        ('source = "x"\ncsat = "top"', "no such rule"),
    ],
)
def test_a_preset_of_ones_own_is_checked(said: str, wrong: str, tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(f'table = "surveys"\nsignature = [["A"]]\n[dashboard]\n{said}\n')
    with pytest.raises(UsageProblem, match=wrong):
        read_preset(str(file))


def test_the_same_as_json(cxkpi: Cxkpi):
    ran = cxkpi("reconcile", "--metric", "csat", "--theirs", "69", SAMPLE, "-f", "json")
    found = json.loads(ran.out)
    assert (found["metric"], found["theirs"], found["unit"]) == ("csat", 0.69, "share")
    first = found["rules"][0]
    assert first["title"] == "top answer alone, every answer"
    assert tomllib.loads(first["configuration"])["metric"][0]["id"] == "csat_theirs"
    away = [each["away"] for each in found["rules"] if each["away"] is not None]
    assert away == sorted(away)
    assert not first["exact"]
