"""Which columns a run asks of the files besides those of its metrics: to cut by, to filter by, to choose targets."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import get_args

from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.options import Config, Grain, Options
from cx_kpi.model.schema import DRIVERS, TABLES, Kind
from cx_kpi.normalise.dimensions.condition import parse_where
from cx_kpi.normalise.dimensions.dimension_sources import USUAL, Sources, made_hint
from cx_kpi.normalise.dimensions.own_expressions import columns_read, refuse_unknown
from cx_kpi.normalise.mapping.naming import column_hint
from cx_kpi.normalise.vocabulary.rules import Mapped

Fields = Mapping[str, frozenset[str]]
DRIVEN = {"tickets", "surveys", "calls"}


def own_columns(mapped: Sequence[Mapped], available: Fields) -> dict[str, frozenset[str]]:
    """The columns of each table, dimensions too; events have what their tickets have."""
    known = {table: set(names) for table, names in available.items()}
    for each in mapped:
        known[each.table].update(each.available, each.dimensions)
    if "ticket_events" in known:
        known["ticket_events"] = {*known["tickets"]}
    return {table: frozenset(names) for table, names in known.items()}


def add_asked(fields: dict[str, set[str]], known: Sources, options: Options) -> None:
    """Ask for the columns to cut and to filter by, from every table that has them all or can make them."""
    _refuse_ids(options)
    for cut in USUAL if options.by is None else options.by:
        tables = [table for table in known.own if known.names(table).issuperset(cut)]
        for table in tables:
            _add_behind(fields, known, table, cut)
            fields[table].update(cut)
        if not tables and options.by is not None:
            _unknown(cut, known.every, options.config)
    _add_drivers(fields, known.own)
    _add_rules(fields, known.own, options.config)
    _add_own(fields, known, options.config)
    if options.where:
        _add_condition(fields, known, options)


def _refuse_ids(options: Options) -> None:
    """Raise for a cut by ids, which are read as numbers without names."""
    keys = {name for table in TABLES.values() for name, kind in table.fields.items() if kind is Kind.KEY}
    for name in sorted(keys.intersection(chain.from_iterable(options.by or ()))):
        raise UsageProblem(
            f"--by {name}: ids are not kept as they are written, so the segments would have no names; cut by another "
            "column, by the header of this one if it has another name, or see the table of customer_concentration"
        )


def _add_behind(fields: dict[str, set[str]], known: Sources, table: str, names: Collection[str]) -> None:
    """Ask for what these columns of a table are read from, whichever table has it."""
    for other, columns in known.behind(table, names).items():
        fields[other].update(columns)


def _add_drivers(fields: dict[str, set[str]], known: Fields) -> None:
    """Ask for what a change may come from, of every table whose figures are judged; of customers where they are alone."""
    for table in (DRIVEN & known.keys()) or ({"customers"} & known.keys()):
        fields[table].update(known[table].intersection(DRIVERS))


def _add_rules(fields: dict[str, set[str]], known: Fields, config: Config) -> None:
    """Ask for the columns in the conditions of targets and calendars."""
    every = frozenset[str]().union(*known.values())
    tickets = known.get("tickets", frozenset())
    judged = {name for rule in config.target for name in rule.when}
    judged |= {"priority"} if config.backlog_age_by_priority else set()
    open_by = {name for rule in config.calendar for name in rule.when if tickets}
    for said, names in (("target", judged), ("calendar", open_by)):
        for name in sorted(names - every):
            raise UsageProblem(f"{said}: no file has a column {name!r}{nearest(name, every)}")
    for table, own in known.items():
        fields[table].update(own & (judged | open_by))


def with_own(available: Fields, known: Sources) -> dict[str, frozenset[str]]:
    """The fields of each table, and the columns of it that metrics of the user's own read.

    Raises `MetricProblem` for a column that the files of its table do not have.
    """
    for each in known.config.metric:
        if each.table in available:
            refuse_unknown(each, known.names(each.table))
    return {
        table: names | (columns_read(known.config, table) & known.readable(table))
        if table in known.own
        else names
        for table, names in available.items()
    }


def _add_own(fields: dict[str, set[str]], known: Sources, config: Config) -> None:
    """Ask for what metrics of the user's own read, from their tables or the tickets that rows name."""
    for table in fields.keys() & known.own.keys():
        names = columns_read(config, table) & known.readable(table)
        _add_behind(fields, known, table, names)
        fields[table].update(names)


def _add_condition(fields: dict[str, set[str]], known: Sources, options: Options) -> None:
    """Ask for the columns of the condition from every table that has them all or whose tickets do."""
    where = parse_where(options.where or "")
    tables = [table for table in known.own if known.names(table) >= where.columns]
    for table in tables:
        _add_behind(fields, known, table, where.columns)
    for name in sorted(where.columns - known.every):
        hint = (
            f"; if it is a text, quote it: '{name}'" if name in where.bare else column_hint(name, known.every)
        )
        raise UsageProblem(f"--where: no column {name!r}{made_hint(name, options.config) or hint}")
    if not tables:
        raise UsageProblem(f"--where: no file has all of the columns {', '.join(sorted(where.columns))}")


def _unknown(cut: tuple[str, ...], names: frozenset[str], config: Config) -> None:

    for name in cut:
        if name not in names:
            hint = (
                f"; a series is cut with --period {name}"
                if name in get_args(Grain)
                else made_hint(name, config) or column_hint(name, names)
            )
            raise UsageProblem(f"--by {name}: no such column{hint}")
    raise UsageProblem(f"--by {','.join(cut)}: no file has all of these columns")
