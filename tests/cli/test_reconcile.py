"""`cxkpi reconcile`: which rule gives the figure of another tool, exactly or nearest, and how to follow it."""

import json
import re
import shutil
import tomllib

import pytest

from cx_kpi import make_report
from cx_kpi.cli.options.settings import read_settings
from cx_kpi.judge.additions.rules_of_others import in_business_hours, rules_of, theirs
from cx_kpi.model.assets import folder
from cx_kpi.model.errors import Exit, UsageProblem
from cx_kpi.model.options import Config
from cx_kpi.model.values import Unit
from cx_kpi.normalise.preset.presets import presets, read_preset
from cx_kpi.normalise.vocabulary.dictionaries import rules_elsewhere
from cx_kpi.wording.language import Language
from cx_kpi.wording.units import Words

from .conftest import Cxkpi

SAMPLE = str(folder("sample_data"))
METRICS = list(rules_elsewhere())
SETTINGS = f"{SAMPLE}/cxkpi.toml"
METRIC_UNITS = {
    "csat": Unit.SHARE,
    "nps": Unit.POINTS,
    "first_response_time": Unit.SECONDS,
    "tickets_solved": Unit.COUNT,
}
SCALES = {"csat": (1.0, 5.0), "nps": (0.0, 10.0)}


@pytest.fixture(scope="module")
def computed(thinned):
    """Every rule of every metric over some rows of the sample, by its id: the metric and what it comes to."""
    calendar, found = read_settings(SETTINGS, ()).config.calendar, {}
    for name in METRICS:
        rules = rules_of(name, SCALES.get(name))
        config = Config(metric=rules, calendar=calendar)
        made = make_report(str(thinned), metrics=tuple(rule.id for rule in rules), config=config)
        found |= {rule.id: (name, rule, made.metrics.get(rule.id)) for rule in rules}
    return found


def test_every_rule_can_be_computed_from_a_full_export(computed):
    assert [
        name for name, (_, _, reading) in computed.items() if reading is None or reading.value is None
    ] == []


@pytest.mark.parametrize("metric", METRICS)
def test_the_figure_of_a_rule_is_found_and_can_be_followed(metric, computed, cxkpi: Cxkpi, thinned, tmp_path):
    readings = {rule.id: (rule, reading.value) for name, rule, reading in computed.values() if name == metric}
    rule, value = readings[f"{metric}_2"]
    shown = {"share": f"{100 * value:.6f}%"}.get(computed[rule.id][2].unit, f"{value:.6f}")
    asked = ("reconcile", "--metric", metric, "--theirs", shown, str(thinned))
    ran = cxkpi(*asked)
    assert ran.code == Exit.DONE, ran.err
    exact = {each["title"] for each in json.loads(cxkpi(*asked, "-f", "json").out)["rules"] if each["exact"]}
    titles = {
        other.title["en"]
        for other, each in readings.values()
        if abs(each - value) < 1e-7 and not in_business_hours(other)
    }
    assert rule.title["en"] in titles
    assert titles <= exact
    assert any(line.startswith("= ") for line in ran.out.splitlines())
    lines = ran.out.partition("[[metric]]")
    if lines[1]:
        config = tmp_path / "theirs.toml"
        config.write_text(lines[1] + lines[2])
        own = read_settings(str(config), ()).config
        found = make_report(str(thinned), metrics=(own.metric[0].id,), config=own).metrics[own.metric[0].id]
        assert found.value == pytest.approx(value, abs=1e-6)


def test_the_nearest_where_none_is_exact(cxkpi: Cxkpi):
    for theirs_is in ("65 %", "61.5%"):
        ran = cxkpi("reconcile", "--metric", "csat", "--theirs", theirs_is, SAMPLE)
        assert "No rule known here gives" in ran.out
        assert "The nearest one: " in ran.out
        assert "--since" in ran.out
        assert "To follow the nearest one all the same" in ran.out
        assert "[[metric]]" in ran.out
    russian = cxkpi("reconcile", "--metric", "csat", "--theirs", "65", SAMPLE, "--lang", "ru").out
    assert "только высшая оценка" in russian
    assert "nearest" not in russian
    assert "another" not in russian


@pytest.mark.parametrize(
    ("metric", "text", "title"),
    [
        (
            "first_response_time",
            "59.1min",
            "median in business hours, tickets created in the window, not opened by agents or bots",
        ),
        ("first_response_time", "59 min 8 s", "median in business hours, tickets created in the window"),
        ("resolution_time", "5 h 21 min", "median to the last solve in business hours, tickets solved"),
        ("resolution_time", "5 ч 21 мин", "median to the last solve in business hours, tickets solved"),
    ],
)
def test_the_median_in_business_hours_is_among_the_rules(metric, text, title, cxkpi: Cxkpi):
    ran = cxkpi(
        "reconcile", "--metric", metric, "--theirs", text, SAMPLE, "--config", SETTINGS, "--last", "1m"
    )
    assert f"This rule gives it exactly: {title}" in ran.out
    told = tomllib.loads(ran.out[ran.out.index("[[metric]]") :])["metric"][0]
    assert told["value"].endswith("_business_seconds")
    assert told["direction"] == "lower"
    assert told["title"]["en"] in {"First response time, by their rule", "Resolution time, by their rule"}
    assert told["title"]["ru"] in {"Время первого ответа, по их правилу", "Время решения, по их правилу"}
    assert told["about"]["en"].startswith(title[:1].upper() + title[1:])


def test_a_wait_in_business_hours_has_the_rules_of_the_wait(cxkpi: Cxkpi):
    asked = ("--theirs", "59 min 8 s", SAMPLE, "--config", SETTINGS, "--last", "1m")
    base, twin = (
        cxkpi("reconcile", "--metric", name, *asked).out
        for name in ("first_response_time", "first_response_time_business")
    )
    assert "This rule gives it exactly" in base
    assert twin == base


def test_without_a_calendar_business_hours_are_named_as_what_may_differ(cxkpi: Cxkpi, thinned, tmp_path):
    asked = ("reconcile", "--metric", "resolution_time", "--theirs", "1 s")
    ran = cxkpi(*asked, f"{thinned}/tickets.csv")
    assert "in business hours" not in ran.out
    assert "add a [[calendar]] to cxkpi.toml" in ran.out
    (tmp_path / "mine.toml").write_text('period = "month"\n')
    named = cxkpi(*asked, f"{thinned}/tickets.csv", "--config", str(tmp_path / "mine.toml"))
    assert f"add a [[calendar]] to {tmp_path / 'mine.toml'}" in named.out


def test_a_calendar_that_lies_beside_the_files_is_named(cxkpi: Cxkpi, thinned, tmp_path):
    exports = shutil.copytree(thinned, tmp_path / "exports")
    settings = shutil.copy(SETTINGS, exports)
    asked = ("reconcile", "--metric", "resolution_time", "--theirs", "1 s", str(exports))
    ran = cxkpi(*asked)
    assert "in business hours" not in ran.out
    assert f"with --config {settings} its [[calendar]] counts" in ran.out
    assert "add a [[calendar]]" not in ran.out
    followed = cxkpi(*asked, "--config", settings).out
    assert "in business hours" in followed
    assert "[[calendar]]" not in followed


def test_every_statistic_goes_with_every_clock_cohort_and_kind_of_rows():
    rules = rules_of("first_response_time", None)
    told = {(rule.kind, rule.value, rule.clock, rule.where) for rule in rules}
    kinds, values, clocks, rows = ({each[place] for each in told} for place in range(4))
    assert len(rules) == len(told) == len(kinds) * len(values) * len(clocks) * len(rows) == 48
    solved = [rule for rule in rules_of("resolution_time", None) if "business" in (rule.value or "")]
    assert len(solved) == 3 * 2 * 5


def test_a_rule_of_surveys_keeps_to_its_kind():
    assert all("kind = 'csat'" in rule.where for rule in rules_of("csat", None))
    assert all("kind = 'nps'" in rule.where for rule in rules_of("nps", None))


def test_several_rules_that_give_it_are_counted(cxkpi: Cxkpi):
    found = json.loads(cxkpi("reconcile", "--metric", "csat", "--theirs", "69", SAMPLE, "-f", "json").out)
    value = next(each["value"] for each in found["rules"] if each["title"].startswith("top two"))
    ran = cxkpi("reconcile", "--metric", "csat", "--theirs", f"{100 * value:.1f}%", SAMPLE)
    several = sum(line.startswith("= ") for line in ran.out.splitlines())
    assert several > 1
    assert f"{several} rules give it" in ran.out


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
        ("1,204", Unit.COUNT, 1204.0, 0.5),
        ("1\u00a0204", Unit.COUNT, 1204.0, 0.5),
        ("92,3\u00a0%", Unit.SHARE, 0.923, 0.0005),
        ("~92.3%", Unit.SHARE, 0.923, 0.0005),
        ("1 h 29 min", Unit.SECONDS, 5_340.0, 30.0),
        ("1 ч 29 мин", Unit.SECONDS, 5_340.0, 30.0),
        ("1h29", Unit.SECONDS, 5_340.0, 30.0),
        ("1d2h30", Unit.SECONDS, 95_400.0, 30.0),
        ("2 d 3", Unit.SECONDS, 183_600.0, 1_800.0),
        ("1:29", Unit.SECONDS, 5_340.0, 30.0),
        ("0:59:08", Unit.SECONDS, 3_548.0, 0.5),
        ("59 min 8 s", Unit.SECONDS, 3_548.0, 0.5),
        ("59 мин 8 с", Unit.SECONDS, 3_548.0, 0.5),
        ("3 d 4 h", Unit.SECONDS, 273_600.0, 1_800.0),
        ("3 д 4 ч", Unit.SECONDS, 273_600.0, 1_800.0),
        ("4,2 с", Unit.SECONDS, 4.2, 0.05),
    ],
)
def test_a_figure_is_right_to_half_its_last_digit(text, unit, value, off):
    found = theirs(text, unit)
    assert (found.value, found.off) == pytest.approx((value, off))


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize(
    ("unit", "values"),
    [
        (Unit.SECONDS, (0.4, 8.0, 59.2, 61.0, 3_548.0, 5_340.0, 36_000.0, 100_800.0, 200_000.0, 9e6)),
        (Unit.SHARE, (0.0, 0.069, 0.923, 0.99996, 1.0)),
        (Unit.POINTS, (-31.0, 0.0, 12.5)),
        (Unit.COUNT, (0, 1_204, 1_234_567)),
        (Unit.SCORE, (3.9, 4.27)),
    ],
)
def test_what_we_print_is_read(unit, values, code):
    words = Words(Language(code))
    for value in values:
        found = theirs(words.value(value, unit), unit)
        assert abs(found.value - value) <= found.off * (1 + 1e-9), words.value(value, unit)


@pytest.mark.parametrize("text", ["", "x", "4 parsecs", "1h29x", "h29", "1:2", "29 h 1 parsec"])
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(UsageProblem, match="--theirs"):
        theirs(text, Unit.SECONDS)


@pytest.mark.parametrize(
    ("metric", "text", "said"),
    [
        ("csat", "59 min", "--theirs '59 min': the metric is a share; write it as 69% or 0.69"),
        ("nps", "69.2%", "--theirs '69.2%': the metric is told in points from -100 to 100; write it as +31 or -4.5"),
        ("first_response_time", "69%", "the metric is a length of time; write it as 4.5h, '1 h 29 min' or 1:29"),
        ("tickets_solved", "3h", "the metric is a count; write it as 1204"),
    ],
)  # fmt: skip
def test_a_figure_of_another_unit_is_told_how_to_be_written(metric, text, said, cxkpi: Cxkpi):
    ran = cxkpi("reconcile", "--metric", metric, "--theirs", text, SAMPLE)
    assert ran.code == Exit.USAGE
    assert ran.err.count("\n") == 1
    assert said in ran.err
    examples = re.findall(
        r"[+-]?\d[\d.:]*[%h]?", said.rpartition("write it as ")[2].replace("'1 h 29 min'", "")
    )
    assert all(theirs(example, METRIC_UNITS[metric]) for example in examples)


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
            assert preset.dashboard[metric] in [rule["title"]["en"] for rule in rules_elsewhere()[metric]]


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
    assert first["title"] == "top answer alone, every answer", first
    assert tomllib.loads(first["configuration"])["metric"][0]["id"] == "csat_theirs"
    away = [each["away"] for each in found["rules"] if each["away"] is not None]
    assert away == sorted(away)
    assert not first["exact"]
