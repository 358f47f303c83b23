"""`cxkpi init`: a configuration with the mapping found, to edit."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cx_kpi.cli import arguments
from cx_kpi.cli.settings import inputs, settle
from cx_kpi.errors import Exit, OutputProblem
from cx_kpi.options import Config

if TYPE_CHECKING:
    from cx_kpi.api import Run
    from cx_kpi.language import Language
    from cx_kpi.normalise.assemble import Tally
    from cx_kpi.normalise.unknown_words import Unknown

MOST = 20  # words asked about


def init(
    files: arguments.Files = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write here; - is stdout.")
    ] = "cxkpi.toml",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    lang: arguments.Language = None,
    tickets: arguments.Tickets = None,
    surveys: arguments.Surveys = None,
    customers: arguments.Customers = None,
    customer_counts: arguments.CustomerCounts = None,
    orders: arguments.Orders = None,
    calls: arguments.Calls = None,
) -> int:
    """Write a configuration with the mapping found in these files, to edit."""
    from cx_kpi import api
    from cx_kpi.cli import output as out
    from cx_kpi.cli.progress import progress
    from cx_kpi.render.write import write_whole

    tables = {
        "tickets": tickets,
        "surveys": surveys,
        "customers": customers,
        "customer_counts": customer_counts,
        "orders": orders,
        "calls": calls,
    }
    paths = inputs(files, tables)
    out.check_file(output, paths)
    if output != out.STDOUT and Path(output).exists() and not force:
        raise OutputProblem(f"{output}: is there already; choose another name with -o, or add --force")
    options = settle(files, tables, Config(), tz=tz, source_tz=source_tz, lang=lang)
    with progress(options.language) as tell:
        done = api.run(options, tell, every=True)
    said = {"timezone": tz, "source_timezone": source_tz, "language": lang}
    text = _text(done, {name: value for name, value in said.items() if value})
    if output == out.STDOUT:
        out.put(text, "toml")
    else:
        write_whole(output, text, paths)
        _tell(output, done)
    return Exit.DONE


def _tell(output: str, done: "Run") -> None:
    from cx_kpi.language import Language

    say = Language(done.options.language)
    sys.stderr.write(say("{file} written; look through it, then run cxkpi report", file=output) + "\n")


def _text(done: "Run", settings: Mapping[str, Any]) -> str:
    from cx_kpi.language import Language
    from cx_kpi.normalise.complaints import words_met
    from cx_kpi.normalise.config_found import found
    from cx_kpi.normalise.unknown_words import unknown_words
    from cx_kpi.normalise.write_config import Draft, written

    language = Language(done.options.language)
    tallies = [tally for table in done.loaded.values() for tally in table.tallies]
    explicit = {path: table for table, path in done.options.explicit}
    mapped = [each.plan.mapped for each in tallies]
    unknown = unknown_words(tallies)
    asked, decided = _asked(tallies, unknown, language) if _may_ask() else ({}, {})
    draft = Draft(
        tallies=tallies,
        found=found(mapped, done.frames, done.options, explicit),
        unknown=unknown,
        complaints=words_met(done.loaded["tickets"].frame) if "tickets" in done.loaded else {},
        language=language,
        settings={**settings, **asked},
        decided=decided,
    )
    return written(draft, list(_targets(done, language)))


def _may_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked(
    tallies: "Sequence[Tally]",
    unknown: "Mapping[tuple[str, str], Sequence[Unknown]]",
    language: "Language",
) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    """What could not be decided, asked; an empty answer leaves it open."""
    settings: dict[str, Any] = {}
    unsure = next((each for each in tallies if not each.plan.order.sure and each.plan.ambiguous), None)
    if unsure:
        settings["dayfirst"] = typer.confirm(
            language(
                "{file}: does the day come first in dates such as 03/04/2026?",
                file=unsure.plan.mapped.source.path,
            ),
            default=unsure.plan.order.dayfirst,
            err=True,
        )
    words = [(place, each) for place, found in unknown.items() for each in found if each.known]
    decided = {(*place, each.word): _ask(place[1], each, language) for place, each in words[:MOST]}
    return settings, {place: answer for place, answer in decided.items() if answer}


def _ask(field: str, unknown: "Unknown", language: "Language") -> str:
    from cx_kpi.render.safe import clean

    question = language('{field}: what does "{word}" mean?', field=field, word=clean(unknown.word))
    nearest = unknown.nearest if isinstance(unknown.nearest, str) else ""
    while True:
        choice = ", ".join(unknown.known)
        answer: str = typer.prompt(f"{question} ({choice})", default=nearest, err=True)
        if not answer or answer in unknown.known:
            return answer


def _targets(done: "Run", language: "Language") -> Iterator[str]:
    """The usual targets of the metrics computed, as comments."""
    from cx_kpi.engine.goals import rules
    from cx_kpi.normalise import toml
    from cx_kpi.report import Unit

    metrics = {job.metric.id: job.metric for job in done.results.plan.jobs if not job.metric.internal}
    known = [(metric, rule) for metric in metrics.values() for rule in rules(Config(), metric)]
    spans = {metric.id for metric, _ in known if metric.unit is Unit.SECONDS}
    whole = [rule for _, rule in known if not rule.when]
    if whole:
        yield f"# [targets]  # {language('the usual ones; a share from 0 to 1, a length of time such as 4 h')}"
    for rule in whole:
        yield f"# {toml.pair(rule.metric, _length(rule.value) if rule.metric in spans else rule.value)}"
    for rule in (rule for _, rule in known if rule.when):
        value = _length(rule.value) if rule.metric in spans else rule.value
        yield ""
        yield "# [[target]]"
        yield from (
            f"# {toml.pair(*each)}"
            for each in (("metric", rule.metric), ("when", rule.when), ("value", value))
        )


def _length(seconds: float | str) -> float | str:
    """`24 h`, `4 min`, or as it is."""
    if isinstance(seconds, str) or seconds % 60:
        return seconds
    return f"{seconds / 3600:g} h" if seconds % 3600 == 0 else f"{seconds / 60:g} min"
