"""`cxkpi reconcile`: by which rule the figure of another tool comes out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import one_of, window
from cx_kpi.cli.options.settings import Settings, inputs, read_settings, run_options
from cx_kpi.model.errors import Exit, InputProblem
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from cx_kpi.judge.additions.rules_of_others import Tried
    from cx_kpi.model.options import Config
    from cx_kpi.model.report import Report
    from cx_kpi.model.values import Unit
    from cx_kpi.wording.language import Language

EXACT = mark("This rule gives it exactly: {rule}")
SEVERAL = mark("{n} rules give it; a figure of another period shows which of them is theirs.")
NONE = mark("No rule known here gives {value}. The nearest one: {rule}")
NEAREST = mark("To follow the nearest one all the same, write into cxkpi.toml:")
ELSE = mark("What else may make the difference:")
REASONS = (
    mark("another span; choose theirs with --since, --until or --last"),
    mark("another time zone; choose theirs with --tz. Here it is {timezone}."),
    mark(
        "rows that are left out elsewhere, such as those of bots, of spam or of other teams; choose them with --where"
    ),
    mark("an export that lacks rows, or is of another time than their figure"),
)
CLOSED = mark("business hours; add a [[calendar]] to {file}, and they are among the rules")
UNTAKEN = mark("business hours; with --config {file} its [[calendar]] counts, and they are among the rules")
MORE = mark("and {n} other rules; -f json has them all")
MOST = 12  # rules that are listed
FORMATS = {"table": (), "json": ()}


def reconcile(
    metric: Annotated[str, typer.Option(metavar="ID", help="Our metric; see: cxkpi metrics")],
    theirs: Annotated[
        str,
        typer.Option(
            metavar="FIGURE", help="What the other tool shows: 69, 69.2%, +31, 4.5h or '1 h 29 min'."
        ),
    ],
    files: arguments.Files = None,
    since: arguments.Since = None,
    until: arguments.Until = None,
    last: arguments.Last = None,
    as_of: arguments.AsOf = None,
    where: arguments.Where = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    format: Annotated[str | None, arguments.formats(FORMATS)] = None,
) -> int:
    """Find the rule by which another tool counts."""
    from cx_kpi import api
    from cx_kpi.cli.outputs.output import put
    from cx_kpi.judge.additions import rules_of_others as rules
    from cx_kpi.metrics.registry import TWINS
    from cx_kpi.metrics.registry import metric as of
    from cx_kpi.wording.language import Language

    one_of("--format", format, tuple(FORMATS))
    inputs(f"reconcile --metric {metric} --theirs {theirs}", files, {})
    settings = read_settings(config, files or ())
    span = window(since, until, last)
    options = run_options(
        files, {}, settings, tz=tz, source_tz=source_tz, lang=lang, as_of=as_of, where=where, by=(), **span
    )
    metric = rules.of_both_clocks(metric)
    ours = of(metric, options.config)
    wanted = rules.theirs(theirs, ours.unit)
    rules.rules_of(metric, None)  # refuses a metric without other rules before anything is read
    first = api.make_report(replace(options, metrics=(metric,)))
    if metric not in first.metrics:
        why = next((left.why for left in first.left_out if left.metric == metric), "")
        raise InputProblem(f"{metric} cannot be computed: {why}; see: cxkpi metrics {metric}")
    scale, calendar = first.metrics[metric].details.get("scale"), bool(options.config.calendar)
    known = rules.rules_of(metric, scale, calendar=calendar)
    more = replace(options.config, metric=known, targets={}, target=[], cohorts=_ours(options.config))
    twins = [TWINS[metric]] if metric in TWINS and calendar else []
    asked = replace(options, metrics=(metric, *twins, *(each.id for each in known)), config=more)
    found = api.make_report(asked)
    language = Language(options.language)
    named = {name: found.metrics[name].formula for name in (metric, *twins) if name in found.metrics}
    titles = {name: f"{language('ours')}: {formula}" for name, formula in named.items()}
    tried = rules.tried(found, ours, titles, known, wanted)
    by = rules.documented(metric, known, found, options.config.presets)
    tried = [replace(each, documented_by=by.get(each.id, "")) for each in tried]
    if format == "json":
        put(_json(metric, wanted.value, ours.unit, tried), "json")
    else:
        untimed = not calendar and any(map(rules.in_business_hours, rules.rules_of(metric, scale)))
        hours = _hours(settings) if untimed else ()
        put("\n".join(_lines(found, tried, wanted.value, ours.unit, hours)) + "\n", "table")
    return Exit.DONE


def _hours(settings: Settings) -> tuple[str, ...]:
    """How business hours come among the rules: by a calendar that is there and not in use, or by a new one."""
    return (UNTAKEN if "calendar" in settings.left_out else CLOSED,)


def _ours(config: "Config") -> dict[str, str]:
    """The cohorts of our own metrics, without those of the user's, which the rules take the place of."""
    own = {each.id for each in config.metric}
    return {name: cohort for name, cohort in config.cohorts.items() if name not in own}


def _json(metric: str, theirs: float, unit: "Unit", tried: "Sequence[Tried]") -> str:
    from cx_kpi.render.files.json import dumps

    names = {"said": "configuration"}
    rules = [{names.get(name, name): value for name, value in asdict(each).items()} for each in tried]
    return dumps({"metric": metric, "theirs": theirs, "unit": str(unit), "rules": rules})


def _lines(
    report: "Report", tried: "Sequence[Tried]", theirs: float, unit: "Unit", hours: Sequence[str]
) -> Iterator[str]:
    """Their figure, each rule with its own, and what follows from that; `hours` is what keeps out business hours."""
    from cx_kpi.normalise.config.read_config import NAME
    from cx_kpi.wording.units import words_of

    words, shown = words_of(report), _shown(tried)
    figures = [words.value(each.value, unit) if each.value is not None else "–" for each in shown]
    wide, wanted = max(map(len, figures)), words.value(theirs, unit)
    yield words.language("their figure: {value}", value=wanted)
    yield ""
    for place, (each, figure) in enumerate(zip(shown, figures, strict=True)):
        text = each.why if each.value is None else f"n = {words.numerals.decimal(each.n)}"
        if each.documented_by:
            text += "; " + words.language("as {product} says it counts", product=each.documented_by)
        yield f"{_sign(each, place)} {figure:>{wide}}  {each.title} ({text})"
    if left := len(tried) - len(shown):
        yield words.language(MORE, n=left)
    yield ""
    if tried[0].exact:
        yield from _followed(tried, words.language)
    else:
        yield words.language(NONE, value=wanted, rule=tried[0].title)
        yield from _written(tried[0], words.language(NEAREST))
        yield ""
        yield words.language(ELSE)
        named = {"timezone": report.timezone, "file": report.configuration or NAME}
        yield from (f"- {words.language(each, **named)}" for each in (*REASONS, *hours))


def _shown(tried: "Sequence[Tried]") -> "list[Tried]":
    """The nearest rules, those that products count by, and of those that lack the same the first."""
    lacking = list({each.why: each for each in reversed(tried) if each.away is None}.values())
    return [
        each
        for place, each in enumerate(tried)
        if (each.away is not None and place < MOST) or each.documented_by or each in lacking
    ]


def _sign(each: "Tried", place: int) -> str:
    """Whether a rule gives their figure, cannot be computed, or is the nearest."""
    if each.exact:
        return "="
    return "·" if each.value is None else " " if place else "≈"


def _followed(tried: "Sequence[Tried]", language: "Language") -> Iterator[str]:
    """The first rule that gives their figure, and the lines that follow it."""
    first, exact = tried[0], sum(each.exact for each in tried)
    yield language(EXACT, rule=first.title)
    if exact > 1:
        yield language(SEVERAL, n=exact)
    yield from _written(first, language("To follow it, write into cxkpi.toml:"))


def _written(rule: "Tried", lead: str) -> Iterator[str]:
    """The lines of configuration that follow a rule."""
    if rule.said:
        yield from ("", lead, "", rule.said)
