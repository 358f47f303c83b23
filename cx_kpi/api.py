"""All stages in order: files in, a report out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from cx_kpi.model.documents.recorded_history import NO_PAST, Past
from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice, Report, Source
from cx_kpi.wording.language import Language, mark

if TYPE_CHECKING:
    from cx_kpi.engine.buckets.bucket_run import Spread
    from cx_kpi.engine.buckets.spill import Spill
    from cx_kpi.engine.planning.plan import Plan
    from cx_kpi.engine.results import Results
    from cx_kpi.model.documents.receipt import Receipt
    from cx_kpi.normalise.choice.recognise import Recognised
    from cx_kpi.normalise.load import Loaded
    from cx_kpi.read.raw.source import TextFrame

Fields = Mapping[str, frozenset[str]]
Tell = Callable[[str, int, int], None]  # what is done now, the place of this step, and of how many
NOT_ASKED = mark("the condition cannot be checked for {table}: no column {names}")


@dataclass(frozen=True, slots=True)
class Run:
    """The results of a run, before the report is made of them."""

    options: Options
    frames: "Sequence[TextFrame]"  # the files as they are
    loaded: "Mapping[str, Loaded]"
    results: "Results"
    sources: list[Source]
    notices: list[Notice]
    available: Fields  # the fields of each table that the files allow, read or not


def _in_silence(_what: str, _place: int, _of: int) -> None:
    """Reports no progress."""


def make_report(options: Options) -> Report:
    """Read the files, compute the metrics and judge them; raises `CxkpiError`."""
    done = run(options)
    refuse_unusable(done)
    refuse_ruins(done)
    return told(done)


def run(
    options: Options,
    tell: Tell = _in_silence,
    *,
    every: bool = False,
    keep: Collection[str] = (),
    given: "Sequence[TextFrame]" = (),
    spread: "Callable[[Spill], Spread] | None" = None,
) -> Run:
    """Read the files, and tables `given` in memory, and compute the metrics. Raises `CxkpiError`.

    With `every`, read all fields. Of the tables to `keep`, all fields are read, ids also as they are spelt, and the
    rows come back with their facts. Tickets are read and folded here, or where they are `spread` to.
    """
    from cx_kpi.engine.buckets.rows_or_buckets import computed
    from cx_kpi.engine.planning.plan import blamed
    from cx_kpi.normalise.config.config_lines import config_placed
    from cx_kpi.read.open_inputs import STAGES, inputs_of, opened

    options = settled(options)
    with config_placed(options.config, options.configuration):
        _check(options)
    frames, empty = opened(inputs_of(options, given), options, tell, given)
    tell(mark("Reading the rows"), len(frames), len(frames) + STAGES)
    with config_placed(options.config, options.configuration):
        meant = _meant(frames, options, every=every, keep=keep)
    options = meant.options

    def check(loaded: "Mapping[str, Loaded]") -> None:
        tell(mark("Computing the metrics"), len(frames) + 1, len(frames) + STAGES)
        if options.where:
            _check_matches(loaded, options.where)

    loaded, results = computed(
        meant.found.mapped, meant.fields, options, check, every=every, keep=keep, spread=spread
    )
    why = _unasked(loaded, options)
    sources = [*chain.from_iterable(table.sources for table in loaded.values())]
    results = replace(results, plan=blamed(results.plan, meant.plan, meant.available, why))
    sources += [Source(path, "", "", 0, 0) for path in empty]
    notices = _notices(options, empty, meant.found, loaded, results)
    return Run(options, frames, loaded, results, sources, notices, meant.available)


def settled(options: Options) -> Options:
    """The options with a configuration in the language and time zone of the report, whoever said them."""
    config = replace(options.config, language=options.language, timezone=options.timezone)
    return replace(options, config=config)


def _check(options: Options) -> None:
    """Raises `CxkpiError` for options that no files could make sense of."""
    from cx_kpi.engine.planning.target_checks import check
    from cx_kpi.judge.additions.benchmarks import check_benchmarks
    from cx_kpi.metrics import cohorts
    from cx_kpi.metrics.registry import metrics_of
    from cx_kpi.normalise.config.config_bounds import refuse_unbounded
    from cx_kpi.normalise.vocabulary.zones import check_zone

    metrics_of(options.metrics, options.config)
    refuse_unbounded(options.config)
    check(options.config)
    cohorts.check(options.config)
    check_benchmarks(options.benchmarks, options.config)
    for zone in filter(None, (options.timezone, options.source_timezone)):
        check_zone(zone)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the files are, and the fields to read of each table; cuts of the options by their own names."""

    options: Options
    found: "Recognised"
    available: Fields
    plan: "Plan"
    fields: dict[str, set[str]]


def _meant(frames: "Sequence[TextFrame]", options: Options, *, every: bool, keep: Collection[str]) -> _Meant:
    """What to read: what the metrics need, what is asked of the rows, and all of the tables to keep."""
    from cx_kpi.engine.planning.plan import make_plan, wanted
    from cx_kpi.normalise.choice.recognise import recognise
    from cx_kpi.normalise.dimensions.asked_columns import add_asked, own_columns, with_own
    from cx_kpi.normalise.dimensions.dimension_sources import Sources
    from cx_kpi.normalise.dimensions.respelt_ids import with_links
    from cx_kpi.normalise.dimensions.twin_ids import with_one_spelling
    from cx_kpi.normalise.mapping.available import tables_available
    from cx_kpi.normalise.mapping.naming import as_named
    from cx_kpi.normalise.mapping.reading_plan import spelt

    found = recognise(frames, options, {path: table for table, path in options.explicit})
    language = Language(options.language)
    mapped, told = with_one_spelling(found.mapped, language)
    found = replace(found, mapped=with_links(mapped, language), notices=(*found.notices, *told))
    available = tables_available(found.mapped)
    known = Sources(own_columns(found.mapped, available), options.config)
    available = with_own(available, known)
    plan = make_plan(available, options.metrics, options.config)
    fields = {name: set(has) for name, has in available.items()} if every else wanted(plan, available)
    for name in set(keep) & available.keys():
        fields[name] |= available[name] | spelt(name)
    if "tickets" in keep and "ticket_events" in fields:  # which may be all there is of the tickets
        fields["ticket_events"] |= spelt("ticket_events")
    options = replace(options, by=as_named(options.by, known.every))
    add_asked(fields, known, options)
    return _Meant(options, found, available, plan, fields)


def _notices(
    options: Options,
    empty: Mapping[str, str],
    found: "Recognised",
    loaded: "Mapping[str, Loaded]",
    results: "Results",
) -> list[Notice]:
    """All notices: about files left out, settings, the choice of files, their rows and the figures."""
    from cx_kpi.normalise.vocabulary.notices import notice, of_settings

    language = Language(options.language)
    left = [replace(notice(code, language), path=path) for path, code in empty.items()]
    told = chain.from_iterable(table.notices for table in loaded.values())
    return [*left, *of_settings(options, language), *found.notices, *told, *results.notices]


def _check_matches(loaded: "Mapping[str, Loaded]", condition: str) -> None:
    """Raises where the condition leaves no row of any table that it applies to: that is a mistake."""
    from cx_kpi.normalise.dimensions.condition import parse_where
    from cx_kpi.normalise.dimensions.value_hints import value_hint

    where = parse_where(condition)
    asked = [
        each for name, each in loaded.items() if name != "ticket_events" and where.columns <= each.fields
    ]
    read = any(source.filtered for table in asked for source in table.sources)
    used = any(source.used for table in asked for source in table.sources)
    if read and not used and all(table.frame.is_empty() for table in asked):
        hint = value_hint(where, [tally.plan.mapped for table in asked for tally in table.tallies])
        exact = "; texts are compared exactly, and our fields hold our words, such as channel = 'email'"
        raise UsageProblem(f"--where {condition!r} matches no row{hint or exact}")


def _unasked(loaded: "Mapping[str, Loaded]", options: Options) -> dict[str, str]:
    """The tables that the condition cannot be asked of, and why."""
    from cx_kpi.render.elements.labels import TABLE

    language = Language(options.language)
    return {
        name: language(NOT_ASKED, table=language(TABLE[name]), names=", ".join(each.lacks))
        for name, each in loaded.items()
        if each.lacks
    }


def told(done: Run, past: Past = NO_PAST) -> Report:
    """The report of a run, judged also by what a history holds."""
    from cx_kpi.engine.planning.few_rows import light
    from cx_kpi.judge.additions.added import added
    from cx_kpi.judge.assemble import assemble
    from cx_kpi.judge.quality.alarm import alarm
    from cx_kpi.judge.receipt.tickets_behind import with_tickets

    first = alarm(done.loaded, Language(done.options.language)) or None
    with light(done.sources):
        report = assemble(done.results, done.sources, done.notices, done.options, past)
        report = added(replace(report, alarm=first), done.results, done.options)
        return with_tickets(report, done.results, done.options)


def _no_past(_results: "Results", _options: Options) -> Past:
    """No history."""
    return NO_PAST


def explain(
    name: str,
    options: Options,
    tell: Tell = _in_silence,
    *,
    show_values: bool = False,
    given: "Sequence[TextFrame]" = (),
    past_of: "Callable[[Results, Options], Past]" = _no_past,
) -> "tuple[Run, Receipt]":
    """One metric, how it was computed, and the run that computed it; raises `CxkpiError`."""
    from cx_kpi.judge.receipt.make_receipt import explain as explained
    from cx_kpi.judge.receipt.make_receipt import tables_of

    done = run(options, tell, keep=tables_of(name, options.config), given=given)
    refuse_unusable(done)
    refuse_ruins(done)
    receipt = explained(
        name,
        done.loaded,
        done.available,
        done.results,
        done.sources,
        done.options,
        past_of(done.results, done.options),
        show_values=show_values,
    )
    return done, receipt


def refuse_unusable(done: Run) -> None:
    """Raises for a file of which no row counts: a report without data would mislead."""
    from cx_kpi.judge.quality.unusable import refuse_empty

    refuse_empty(done.loaded, done.notices)


def refuse_ruins(done: Run) -> None:
    """Raises for a file of which most is damaged: its rest is no base for a report."""
    from cx_kpi.judge.quality.unusable import refuse_damaged

    refuse_damaged(done.loaded)
