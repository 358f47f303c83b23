"""`cxkpi reconcile`: by which rule the figure of another tool comes out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import one_of, window
from cx_kpi.cli.options.settings import inputs, read_settings, run_options
from cx_kpi.model.errors import Exit, InputProblem
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from cx_kpi.judge.additions.rules_of_others import Tried
    from cx_kpi.model.report import Report
    from cx_kpi.model.values import Unit
    from cx_kpi.wording.language import Language

EXACT = mark("This rule gives it exactly: {rule}")
NEAREST = mark("The nearest rule: {rule}")
FORMATS = {"table": (), "json": ()}


def reconcile(
    metric: Annotated[str, typer.Option(metavar="ID", help="Our metric; see: cxkpi metrics")],
    theirs: Annotated[
        str, typer.Option(metavar="FIGURE", help="What the other tool shows: 69, 69.2%, +31 or 4.5h.")
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
    ours = of(metric, options.config)
    wanted = rules.theirs(theirs, ours.unit)
    rules.rules_of(metric, None)  # refuses a metric without other rules before anything is read
    first = api.make_report(replace(options, metrics=(metric,)))
    if metric not in first.metrics:
        why = next((left.why for left in first.left_out if left.metric == metric), "")
        raise InputProblem(f"{metric} cannot be computed: {why}; see: cxkpi metrics {metric}")
    known = rules.rules_of(metric, first.metrics[metric].details.get("scale"))
    more = replace(options.config, metric=[*options.config.metric, *known])
    twins = [TWINS[metric]] if metric in TWINS and options.config.calendar else []
    asked = replace(options, metrics=(metric, *twins, *(each.id for each in known)), config=more)
    found = api.make_report(asked)
    language = Language(options.language)
    named = {name: found.metrics[name].formula for name in (metric, *twins) if name in found.metrics}
    titles = {name: f"{language('ours')}: {formula}" for name, formula in named.items()}
    tried = rules.tried(found, titles, known, wanted)
    by = rules.documented(metric, known, found, options.config.presets)
    tried = [replace(each, documented_by=by.get(each.id, "")) for each in tried]
    if format == "json":
        put(_json(metric, wanted.value, ours.unit, tried), "json")
    else:
        put("\n".join(_lines(found, tried, wanted.value, ours.unit)) + "\n", "table")
    return Exit.DONE


def _json(metric: str, theirs: float, unit: "Unit", tried: "Sequence[Tried]") -> str:
    from cx_kpi.render.files.json import dumps

    names = {"said": "configuration"}
    rules = [{names.get(name, name): value for name, value in asdict(each).items()} for each in tried]
    return dumps({"metric": metric, "theirs": theirs, "unit": str(unit), "rules": rules})


def _lines(report: "Report", tried: "Sequence[Tried]", theirs: float, unit: "Unit") -> Iterator[str]:
    """Their figure, each rule with its own, and what to write for the nearest."""
    from cx_kpi.wording.units import words_of

    words = words_of(report)
    figures = [words.value(each.value, unit) if each.value is not None else "–" for each in tried]
    wide = max(map(len, figures))
    yield words.language("their figure: {value}", value=words.value(theirs, unit))
    yield ""
    for place, (each, figure) in enumerate(zip(tried, figures, strict=True)):
        text = each.why if each.value is None else f"n = {words.numerals.decimal(each.n)}"
        if each.documented_by:
            text += "; " + words.language("as {product} says it counts", product=each.documented_by)
        yield f"{_sign(each, place)} {figure:>{wide}}  {each.title} ({text})"
    yield ""
    yield from _followed(tried[0], words.language)


def _sign(each: "Tried", place: int) -> str:
    """Whether a rule gives their figure, cannot be computed, or is the nearest."""
    if each.exact:
        return "="
    return "·" if each.value is None else " " if place else "≈"


def _followed(first: "Tried", language: "Language") -> Iterator[str]:
    """The nearest rule, and the lines that follow it."""
    yield language(EXACT if first.exact else NEAREST, rule=first.title)
    if first.said:
        yield from ("", language("To follow it, write into cxkpi.toml:"), "", first.said)
