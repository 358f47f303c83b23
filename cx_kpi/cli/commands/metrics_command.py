"""`cxkpi metrics`: the glossary, and a page for each metric."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments

if TYPE_CHECKING:
    from cx_kpi.metrics.definition.metric import Metric
    from cx_kpi.model.options import Config
    from cx_kpi.wording.language import Language


def metrics(
    name: Annotated[str | None, typer.Argument(metavar="ID", help="The page of one metric.")] = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
) -> None:
    """List the metrics, your own too, or show all about one."""
    from cx_kpi import api
    from cx_kpi.cli.options.settings import read_settings, run_options
    from cx_kpi.cli.outputs.output import put
    from cx_kpi.metrics.registry import metric
    from cx_kpi.wording.language import Language

    options = run_options((), {}, read_settings(config, ()), tz=None, source_tz=None, lang=lang)
    said, language = api.settled(options).config, Language(options.language)
    lines = _page(metric(name, said), said, language) if name else _glossary(said, language)
    put("\n".join(lines) + "\n", "table")


def _glossary(config: "Config", language: "Language") -> Iterator[str]:
    from cx_kpi.metrics.registry import known_groups, public_metrics

    public = public_metrics(config)
    wide = max(map(len, public))
    for group, title in known_groups(config).items():
        yield f"\n{language(title)}"
        for name, each in public.items():
            if each.group == group:
                yield f"  {name:<{wide}}  {language(each.title)}"
    more = language("More of one: cxkpi metrics ID")
    yield f"\n{more}"


def _page(metric: "Metric", config: "Config", language: "Language") -> Iterator[str]:
    import textwrap

    yield f"{language(metric.title)}  ({metric.id})"
    yield ""
    yield from textwrap.wrap(language(metric.about), 78)
    yield ""
    for label, text in facts(metric, config, language):
        yield from textwrap.wrap(text, 78, initial_indent=f"{label}: ", subsequent_indent="  ")


def facts(metric: "Metric", config: "Config", language: "Language") -> Iterator[tuple[str, str]]:
    """What is declared of a metric, each with its label: formula, unit, cohort, clock, columns, target."""
    from cx_kpi.engine.planning.needs import needs_of
    from cx_kpi.metrics.cohorts import cohorts
    from cx_kpi.model.options import Config
    from cx_kpi.render.elements import labels

    yield language("Formula"), language(metric.formula)
    yield language("Unit"), language(labels.UNIT[metric.unit])
    yield language("Direction"), language(labels.BETTER[metric.better])
    usual, *others = cohorts(metric)
    if others:
        text = language("{usual}; with --cohort also {others}", usual=usual, others=", ".join(others))
        yield language("Cohort"), text
    for method in metric.methods:
        name = f" ({language(method.name)})" if method.name else ""
        cohort = language(labels.COHORT[method.clock.cohort])
        yield language("Counts by") + name, f"{language(method.clock.name)} ({cohort})"
        table, fields = needs_of(method)
        yield language("Columns") + name, f"{table}: {', '.join(fields)}"
    own = replace(Config(), metric=config.metric)
    yield language("Target"), targets(metric, own, language) or language("none unless you set one")


def targets(metric: "Metric", config: "Config", language: "Language") -> str:
    """The targets of a configuration, or the default ones: `≤ 4 min (channel phone); ≤ 1 h (channel social)`."""
    from cx_kpi.engine.facts.target_rules import amount, rules
    from cx_kpi.wording.units import Words

    words = Words(language)
    sign = "≤" if metric.better == "lower" else "≥"
    return "; ".join(
        f"{sign} {words.value(amount(rule, metric.unit), metric.unit, trim=True)}"
        + "".join(f" ({name} {value})" for name, value in rule.when.items())
        for rule in rules(config, metric)
    )
