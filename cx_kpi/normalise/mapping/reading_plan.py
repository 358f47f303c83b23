"""What to read from each file: the columns asked for and those that decide what counts, and how."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.available import RATED
from cx_kpi.normalise.mapping.matching import TWINS
from cx_kpi.normalise.values.day_or_month import Order, ambiguous, order_of
from cx_kpi.normalise.values.readers.by_kind import reader
from cx_kpi.normalise.values.readers.exchanged_dates import exchanged
from cx_kpi.normalise.values.readers.reader import ANSWERS, RAW, SPELLING, Context, Reader
from cx_kpi.normalise.vocabulary.rules import AS_NUMBER, Mapped, Rule
from cx_kpi.read.raw.source import TextFrame

CORE: Mapping[str, tuple[str, ...]] = {
    "tickets": (
        "ticket_id", "created_at", "updated_at", "status", "first_response_at", "first_response_seconds",
        "solved_at", "resolution_seconds", "is_deleted", "is_spam", "is_test", "merged_into",
    ),
    "surveys": (
        "response_id", "kind", "score", "responded_at", "sent_at", "scale_min", "scale_max", "ticket_id",
        "question", "journey_stage",
    ),
    "customers": ("customer_id", "started_at", "ended_at"),
    "customer_counts": ("period_start", "period_end", "start_count", "end_count"),
    "orders": ("customer_id", "ordered_at"),
    "calls": ("call_id", "queued_at", "answered_at", "ended_at", "wait_seconds", "disposition"),
    "ticket_events": (
        "event_id", "ticket_id", "at", "event", "status", "author_kind", "is_public", "agent", "team",
    ),
}  # fmt: skip
ALSO: Mapping[str, tuple[str, ...]] = {
    "assignment_count": ("reassignment_count",),
    "is_complaint": ("type", "category", "tags"),
    "escalated_to_management": ("escalation_level",),
}
SPELT = ":spelt"  # behind the name of an id


@dataclass(frozen=True, slots=True)
class Plan:
    """One file and the readers of its columns."""

    mapped: Mapped
    readers: tuple[Reader, ...]
    order: Order
    ambiguous: tuple[str, ...]  # fields whose dates could be read with the month first or the day first


def plan(mapped: Mapped, wanted: Iterable[str], options: Options, *, rated: bool) -> Plan:
    """The readers for the fields and dimensions wanted; `rated`: with what a ticket's rating takes along."""
    rules = _rules(mapped, _needed(mapped, set(wanted), rated=rated))
    dates = {
        name: rule.header for name, (kind, rule) in rules.items() if kind == Kind.TIME and not rule.format
    }
    unsure = {name: header for name, header in dates.items() if ambiguous(mapped.source.sample[header])}
    order = _order(mapped, options.config.dayfirst) if unsure else Order()
    order = replace(order, exchanged=exchanged(mapped.source, unsure.values(), order))
    zone = options.source_timezone or options.timezone
    context = Context(mapped.source.sample, order, zone, options.config.dayfirst)
    readers = [reader(name, kind, rule, context) for name, (kind, rule) in rules.items()]
    return Plan(mapped, tuple(readers), order, tuple(unsure))


def is_one_order(found: Plan) -> bool:
    """Whether no file, of several read as one, surely has days and months the other way round."""
    headers = [found.mapped.fields[name].header for name in found.ambiguous if name in found.mapped.fields]
    members = [*_alike(found.mapped.source, headers)]
    orders = [order_of(each, headers, None) for each in members]
    if any(each.sure and each.dayfirst != found.order.dayfirst for each in orders):
        return False
    return all(exchanged(each, headers, found.order) <= found.order.exchanged for each in members)


def _alike(source: TextFrame, headers: Sequence[str]) -> Iterator[TextFrame]:
    """The samples of those of several files that have these columns."""
    for each in source.members:
        if headers and set(headers) <= set(each.headers):
            yield replace(each, frame=each.sample.lazy())


def _order(mapped: Mapped, dayfirst: bool | None) -> Order:
    """The order of day and month: by all dates of the table, wanted or not; else by any column."""
    kinds = TABLES[mapped.table].fields
    own = [
        rule.header for name, rule in mapped.fields.items() if kinds[name] is Kind.TIME and not rule.format
    ]
    order = order_of(mapped.source, own, dayfirst)
    if order.sure:
        return order
    all_told = order_of(mapped.source, mapped.source.headers, dayfirst)
    return all_told if all_told.sure else order


def _needed(mapped: Mapped, wanted: set[str], *, rated: bool) -> set[str]:
    """Names of fields and dimensions to read, in the file or not."""
    needed = wanted | set(CORE[mapped.table])
    for name in wanted & set(ALSO):
        needed |= set(ALSO[name])
    if mapped.table == "tickets":
        needed |= {*RATED, "satisfaction_score"} if rated else set()
        needed |= set() if mapped.fields.keys() & {"solved_at", "resolution_seconds"} else {"closed_at"}
    unused = {length for stamp, length in TWINS.items() if stamp in mapped.fields}
    return needed - unused


def _rules(mapped: Mapped, needed: set[str]) -> dict[str, tuple[str, Rule]]:
    """The kind and rule of each name, in a fixed order: fields, then dimensions, then questions."""
    fields = TABLES[mapped.table].fields
    rules = {
        name: (_kind(mapped.table, name, kind), mapped.fields[name])
        for name, kind in fields.items()
        if name in needed and name in mapped.fields
    }
    for name in sorted(needed - set(fields)):
        if name in mapped.dimensions:
            rules[name] = (Kind.CATEGORY, Rule(mapped.dimensions[name]))
        elif name.endswith(AS_NUMBER) and name.removesuffix(AS_NUMBER) in mapped.dimensions:
            rules[name] = (Kind.NUMBER, Rule(mapped.dimensions[name.removesuffix(AS_NUMBER)]))
        elif name.endswith(SPELT) and name.removesuffix(SPELT) in mapped.fields:
            rules[name] = (SPELLING, mapped.fields[name.removesuffix(SPELT)])
    values = mapped.fields["score"].values if "score" in mapped.fields else {}
    for place, each in enumerate(mapped.questions):
        rules[question_name(place)] = (ANSWERS, Rule(each.column, values=values, scale=each.scale))
    return rules


def spelt(table: str) -> set[str]:
    """The names of the columns that hold the ids of a table as they are spelt, not hashed."""
    return {name + SPELT for name, kind in TABLES[table].fields.items() if kind is Kind.KEY}


def question_name(place: int) -> str:
    """The name of the column of one question of a wide survey file."""
    return f"question:{place}"


def _kind(table: str, name: str, kind: Kind) -> str:
    """The kind a field is read as; a few are read as words first and made sense of later."""
    if (table, name) in {("surveys", "score"), ("tickets", "satisfaction_score")}:
        return ANSWERS
    return RAW if (table, name) == ("tickets", "tags") else kind
