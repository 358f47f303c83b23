"""The street from end to end: files in, a report out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from cx_kpi.model.errors import InputProblem, NoData, OwnOutput, UsageProblem, nearest
from cx_kpi.model.options import Config, Grain, Options
from cx_kpi.model.report import Notice, Report, Source
from cx_kpi.wording.language import Language, mark

if TYPE_CHECKING:
    import polars as pl

    from cx_kpi.engine.results import Results
    from cx_kpi.model.receipt import Receipt
    from cx_kpi.normalise.load import Loaded
    from cx_kpi.normalise.mapping.recognise import Mapped
    from cx_kpi.read import TextFrame

Fields = Mapping[str, frozenset[str]]
Tell = Callable[[str, int, int], None]  # what is done now, the place of this step, and of how many
NOT_ASKED = mark("the condition cannot be checked for {table}: no column {names}")
STAGES = 2  # steps after the last file is opened


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to, before anything is said of it."""

    options: Options
    frames: "Sequence[TextFrame]"  # the files as they are
    loaded: "Mapping[str, Loaded]"
    results: "Results"
    sources: list[Source]
    notices: list[Notice]
    available: Fields  # the fields of each table that the files allow, read or not


def _in_silence(_what: str, _place: int, _of: int) -> None:
    """Tells nobody."""


def make_report(options: Options) -> Report:
    """Read the files, compute the metrics and judge them; raises `CxkpiError`."""
    done = run(options)
    refuse_unusable(done)
    return told(done)


def run(
    options: Options, tell: Tell = _in_silence, *, every: bool = False, keep: Collection[str] = ()
) -> Run:
    """Read the files and compute the metrics; with `every`, read all fields. Raises `CxkpiError`.

    Of the tables to `keep`, all fields are read, ids also as they are spelt, and the rows come back with their facts.
    """
    from cx_kpi.engine.compute import compute
    from cx_kpi.engine.planning.plan import blamed, make_plan, wanted
    from cx_kpi.engine.planning.target_checks import check
    from cx_kpi.judge.additions.benchmarks import check_benchmarks
    from cx_kpi.metrics import cohorts
    from cx_kpi.metrics.registry import metric
    from cx_kpi.normalise.load import load
    from cx_kpi.normalise.mapping.available import tables_available
    from cx_kpi.normalise.mapping.naming import as_named
    from cx_kpi.normalise.mapping.reading_plan import spelt
    from cx_kpi.normalise.mapping.recognise import recognise
    from cx_kpi.normalise.vocabulary.notices import notice

    for name in options.metrics:
        metric(name)
    check(options.config)
    cohorts.check(options.config.cohorts)
    check_benchmarks(options.benchmarks)
    _check_zones(options)
    explicit = {path: table for table, path in options.explicit}
    frames, empty = _opened(options, tell)
    tell(mark("Reading the rows"), len(frames), len(frames) + STAGES)
    found = recognise(frames, options, explicit)
    available = tables_available(found.mapped)
    plan = make_plan(available, options.metrics, options.config)
    fields = {name: set(has) for name, has in available.items()} if every else wanted(plan, available)
    for name in set(keep) & available.keys():
        fields[name] |= available[name] | spelt(name)
    if "tickets" in keep and "ticket_events" in fields:  # which may be all there is of the tickets
        fields["ticket_events"] |= spelt("ticket_events")
    known = _known(found.mapped, available)
    options = replace(options, by=as_named(options.by, set().union(*known.values())))
    _add_dimensions(fields, known, options)
    loaded = load(found.mapped, fields, options)
    tell(mark("Computing the metrics"), len(frames) + 1, len(frames) + STAGES)
    has = {name: table.fields for name, table in loaded.items() if not table.lacks}
    if options.where:
        _check_matches(loaded, options.where)
    spans = {name: table.span for name, table in loaded.items() if table.span}
    results = compute(_frames(loaded, keep=every), has, options, spans, keep)
    results = replace(results, plan=blamed(results.plan, plan, available, _unasked(loaded, options)))
    sources = [source for table in loaded.values() for source in table.sources]
    sources += [Source(path, "", "", 0, 0) for path in empty]
    told_of = [notice for table in loaded.values() for notice in table.notices]
    language = Language(options.language)
    left = [replace(notice(code, language), path=path) for path, code in empty.items()]
    notices = [*left, *found.notices, *told_of, *results.notices]
    return Run(options, frames, loaded, results, sources, notices, available)


def _check_matches(loaded: "Mapping[str, Loaded]", condition: str) -> None:
    """A condition that leaves no row of any table it can be asked of is a slip of the pen."""
    from cx_kpi.normalise.where.condition import parse_where
    from cx_kpi.normalise.where.value_hints import value_hint

    where = parse_where(condition)
    asked = [
        each for name, each in loaded.items() if name != "ticket_events" and where.columns <= each.fields
    ]
    read = any(source.filtered for table in asked for source in table.sources)
    if read and all(table.frame.is_empty() for table in asked):
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


def _frames(loaded: "dict[str, Loaded]", *, keep: bool) -> "dict[str, pl.DataFrame]":
    """The rows of each table; unless they are kept, nobody else holds on to them."""
    frames = {name: table.frame for name, table in loaded.items()}
    if not keep:
        loaded.update({name: replace(table, frame=table.frame.clear()) for name, table in loaded.items()})
    return frames


def told(done: Run) -> Report:
    """The report of a run."""
    from cx_kpi.judge.additions.added import added
    from cx_kpi.judge.assemble import assemble

    report = assemble(done.results, done.sources, done.notices, done.options)
    return added(report, done.results, done.options)


def explain(
    name: str, options: Options, tell: Tell = _in_silence, *, show_values: bool = False
) -> "tuple[Run, Receipt]":
    """Compute one metric and tell how it came about, and the run behind it; raises `CxkpiError`."""
    from cx_kpi.judge.receipt.make_receipt import explain as explained
    from cx_kpi.judge.receipt.make_receipt import tables_of

    done = run(options, tell, keep=tables_of(name))
    refuse_unusable(done)
    receipt = explained(
        name,
        done.loaded,
        done.available,
        done.results,
        done.sources,
        options,
        show_values=show_values,
    )
    return done, receipt


def _opened(options: Options, tell: Tell) -> "tuple[list[TextFrame], dict[str, str]]":
    """Every file meant, opened, and the notices of those that are left out; raises `CxkpiError`."""
    from cx_kpi.read.files import expand
    from cx_kpi.read.open import SUFFIXES, open_each
    from cx_kpi.read.raw.address import shown

    if not options.paths and not options.explicit:
        raise UsageProblem(
            "no files; name exports or a folder of them, for example: cxkpi report tickets.csv"
        )
    more = dict.fromkeys(path for _, path in options.explicit if path not in options.paths)
    files = expand([*options.paths, *more], SUFFIXES, allow_remote=options.allow_remote)
    frames: list[TextFrame] = []
    empty: dict[str, NoData] = {}
    for place, path in enumerate(files):
        tell(path.name, place, len(files) + STAGES)
        try:
            frames += open_each(path, options.max_size)
        except NoData as problem:
            empty[shown(str(path))] = problem
    if not frames:
        raise next(iter(empty.values()))
    return frames, {
        path: "own_output" if isinstance(problem, OwnOutput) else "empty_file"
        for path, problem in empty.items()
    }


def _known(mapped: "Sequence[Mapped]", available: Fields) -> dict[str, set[str]]:
    """The columns of each table, dimensions too; events have what their tickets have."""
    known = {table: set(names) for table, names in available.items()}
    for each in mapped:
        known[each.table].update(each.available, each.dimensions)
    if "ticket_events" in known:
        known["ticket_events"] = {*known["tickets"]}
    return known


def _add_dimensions(fields: dict[str, set[str]], known: Mapping[str, set[str]], options: Options) -> None:
    """Ask for the columns to cut and to filter by, from every table that has them all."""
    for cut in options.by if options.by is not None else (("channel",),):
        tables = [table for table, names in known.items() if names.issuperset(cut)]
        for table in tables:
            fields[table].update(cut)
        if not tables and options.by is not None:
            _unknown(cut, set().union(*known.values()))
    _add_rules(fields, known, options.config)
    if options.where:
        _add_condition(fields, known, options.where)


def _add_rules(fields: dict[str, set[str]], known: Mapping[str, set[str]], config: Config) -> None:
    """Ask for the columns by which targets and calendars tell rows apart."""
    every, tickets = set().union(*known.values()), known.get("tickets", set())
    judged = {name for rule in config.target for name in rule.when}
    judged |= {"priority"} if config.backlog_age_by_priority else set()
    open_by = {name for rule in config.calendar for name in rule.when if tickets}
    for said, names in (("target", judged), ("calendar", open_by)):
        for name in sorted(names - every):
            raise UsageProblem(f"{said}: no file has a column {name!r}{nearest(name, every)}")
    for table, names in known.items():
        fields[table].update(names & (judged | open_by))


def _add_condition(fields: dict[str, set[str]], known: Mapping[str, set[str]], condition: str) -> None:
    """Ask for the columns of the condition from every table that has them all, else for its tickets."""
    from cx_kpi.normalise.mapping.naming import column_hint
    from cx_kpi.normalise.where.condition import parse_where

    where = parse_where(condition)
    columns = where.columns
    tables = [table for table, names in known.items() if names >= columns]
    for table, names in known.items():
        fields[table].update(columns if table in tables else {"ticket_id"} & names)
    every = set().union(*known.values())
    for name in sorted(columns - every):
        hint = f"; if it is a text, quote it: '{name}'" if name in where.bare else column_hint(name, every)
        raise UsageProblem(f"--where: no column {name!r}{hint}")
    if not tables:
        raise UsageProblem(f"--where: no file has all of the columns {', '.join(sorted(columns))}")


def _unknown(cut: tuple[str, ...], names: set[str]) -> None:
    from cx_kpi.normalise.mapping.naming import column_hint

    for name in cut:
        if name not in names:
            hint = (
                f"; a series is cut with --period {name}"
                if name in get_args(Grain)
                else column_hint(name, names)
            )
            raise UsageProblem(f"--by {name}: no such column{hint}")
    raise UsageProblem(f"--by {','.join(cut)}: no file has all of these columns")


def refuse_unusable(done: Run) -> None:
    """A file of which no row counts is a misunderstanding, not a report without data."""
    from cx_kpi.normalise.tables.exclusions import are_copies

    read = [pair for each in done.loaded.values() for pair in zip(each.sources, each.tallies, strict=True)]
    for source, tally in read:
        if source.rows and source.set_aside == source.rows and not are_copies(tally.code):
            told = next((each for each in done.notices if each.table == source.table), None)
            said, how = (f": {told.message}", _how(source, told.field)) if told else ("", "")
            raise InputProblem(
                f"{source.path}: none of its {source.rows} rows can be used{said} "
                f"Say in cxkpi.toml how to read it: [{source.table}.columns]{how}"
            )


def _how(source: Source, field: str | None) -> str:
    """The line that says how the dates of a column are written."""
    from cx_kpi.model.schema import TABLES, Kind

    if field not in source.columns or TABLES[source.table].fields.get(field) is not Kind.TIME:
        return ""
    column = source.columns[field].replace('"', '\\"')
    return f' {field} = {{ column = "{column}", format = "%d.%m.%Y %H:%M" }}'


def _check_zones(options: Options) -> None:
    from cx_kpi.normalise.vocabulary.zones import check_zone

    for name in filter(None, (options.timezone, options.source_timezone)):
        check_zone(name)
