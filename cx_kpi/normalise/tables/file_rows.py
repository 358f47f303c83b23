"""One collected file: its canonical rows after what follows from them, and what was odd."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.errors import InputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.reading_plan import Plan, question_name
from cx_kpi.normalise.tables import call_rows, survey_rows, ticket_rows
from cx_kpi.normalise.values.coerce import Oddity, coerced
from cx_kpi.normalise.values.date_words import doubtful_zone
from cx_kpi.normalise.values.day_or_month import ambiguous
from cx_kpi.normalise.values.readers.exchanged_dates import cells_of
from cx_kpi.normalise.vocabulary.derived import UNTOLD
from cx_kpi.normalise.vocabulary.headers import read_header
from cx_kpi.normalise.vocabulary.rules import Mapped, Rule
from cx_kpi.normalise.vocabulary.zones import sounds_zone
from cx_kpi.read.raw.source import SAMPLE, TextFrame

_ROUNDED = r"^\s*\d[.,]\d+[eE]\+\d+\s*$"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one file. A wide survey file of k questions has k blocks of `height` rows."""

    plan: Plan
    frame: pl.DataFrame
    height: int
    odd: list[Oddity]
    cells: Mapping[str, int]  # how many cells of each column could be read


def part(plan: Plan, collected: pl.DataFrame) -> Part:
    """The canonical rows of what the scan gave."""
    frame, odd = coerced(collected, plan.readers)
    del collected
    _refuse_other_order(plan, odd)
    height = frame.height
    cells = {each.name: height - each.null_count() for each in frame if each.name not in UNTOLD.values()}
    frame = _next_day(frame, plan)
    frame, derived = _derived(plan, frame)
    return Part(plan, frame, height, [*(_named(each, plan) for each in odd), *derived, *_said(plan)], cells)


def _refuse_other_order(plan: Plan, odd: Sequence[Oddity]) -> None:
    """Raise where a date is the name of another column: the rows below it are in another order."""
    names = {each.casefold() for each in plan.mapped.source.headers}
    times = {each.name: each.header.casefold() for each in plan.readers if each.kind == Kind.TIME}
    for each in odd:
        said = (each.example or "").casefold()
        if each.code == "unreadable" and said in names and said != times.get(each.field, said):
            path = plan.mapped.source.path
            reason = "a header with its columns in another order is among the rows; split the file there"
            raise InputProblem(f"{path}: {reason}")


def parts(plan: Plan, collected: pl.DataFrame) -> list[Part]:
    """The rows of what the scan gave, file by file where several were read as one.

    They are worked out together unless a cell is odd: then by halves, so that every file has its own notices.
    """
    members = plan.mapped.source.members
    if not members:
        return [part(plan, collected)]
    if len(members) == 1:
        return [part(_alone(plan, members[0], 0), collected)]
    frame, odd = coerced(collected.rechunk(), plan.readers)
    made, more = _derived(plan, _next_day(frame, plan))
    if not odd and not more and made.height == frame.height:
        return [*_cut(plan, frame, made)]
    half = len(members) // 2
    rows = sum(each.height for each in members[:half])
    before, after = _narrowed(plan, members[:half], 0), _narrowed(plan, members[half:], rows)
    return [*parts(before, collected.head(rows)), *parts(after, collected.slice(rows))]


def _cut(plan: Plan, read: pl.DataFrame, made: pl.DataFrame) -> Iterator[Part]:
    """The rows of each file, given the cells as read and what was made of them."""
    first, source = 0, plan.mapped.source
    samples = pl.concat([each.sample for each in source.members], rechunk=True)
    odd = samples.columns != source.sample.columns or bool(_said(_seen(plan, samples)))
    for each in source.members:
        own = _alone(plan, each, first)
        rows = read.slice(first, each.height)
        cells = {one.name: each.height - one.null_count() for one in rows if one.name not in UNTOLD.values()}
        yield Part(own, made.slice(first, each.height), each.height, _said(own) if odd else [], cells)
        first += each.height


def _seen(plan: Plan, sample: pl.DataFrame) -> Plan:
    """The plan with another sample."""
    source = replace(plan.mapped.source, sample=sample)
    return replace(plan, mapped=replace(plan.mapped, source=source))


def _narrowed(plan: Plan, members: tuple[TextFrame, ...], first: int) -> Plan:
    """The plan for some of the files, from this row on."""
    whole = plan.mapped.source
    source = replace(whole, frame=whole.frame.slice(first), members=members)
    return replace(plan, mapped=replace(plan.mapped, source=source))


def _alone(plan: Plan, member: TextFrame, first: int) -> Plan:
    """The plan for one of the files, from this row on, read as all of them are."""
    return replace(plan, mapped=_member(plan.mapped, member, first))


def _member(mapped: Mapped, member: TextFrame, first: int) -> Mapped:
    whole = mapped.source
    frame, sample = whole.frame.slice(first, member.height), member.sample
    if sample.columns != whole.sample.columns:  # some were made
        sample = frame.head(SAMPLE).collect()
    notices = tuple(replace(each, path=member.path) for each in whole.notices)
    source = replace(whole, path=member.path, frame=frame, sample=sample, notices=notices, members=())
    return replace(mapped, source=source)


def by_member(mapped: Mapped) -> Iterator[Mapped]:
    """Each of the files that are read as one by itself."""
    first = 0
    for each in mapped.source.members:
        yield _member(mapped, each, first)
        first += each.height


def _next_day(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Times of day that took their day from the beginning of the row, and are before it, are of the next day."""
    start = TABLES[plan.mapped.table].clock
    late = [
        pl.when(pl.col(name) < pl.col(start))
        .then(pl.col(name) + pl.duration(days=1))
        .otherwise(name)
        .alias(name)
        for name in sorted(plan.mapped.borrowed & set(frame.columns))
    ]
    return frame.with_columns(late) if late else frame


def _named(odd: Oddity, plan: Plan) -> Oddity:
    """The oddity of a question by the header of its column."""
    headers = {question_name(place): each.column for place, each in enumerate(plan.mapped.questions)}
    return replace(odd, field=headers.get(odd.field, odd.field))


def _derived(plan: Plan, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Oddity]]:
    match plan.mapped.table:
        case "tickets":
            frame, moved = ticket_rows.same_day(frame, {each.name: each.zone for each in plan.readers})
            frame, odd = ticket_rows.derive(frame)
            return frame, [*moved, *odd]
        case "surveys":
            return survey_rows.derive(frame, plan.mapped.questions, plan.mapped.scales), []
        case "calls":
            return call_rows.derive(frame), []
        case _:
            return frame, []


def _said(plan: Plan) -> list[Oddity]:
    """The notices of the way of reading itself."""
    read = {each.name: each for each in plan.readers}
    odd = [Oddity("business_hours", name, 0, None) for name in sorted(plan.mapped.business) if name in read]
    odd += _zones(plan)
    odd += _rounded(plan)
    odd += _exchanged(plan)
    if not plan.order.sure:
        odd += [Oddity("ambiguous_dates", name, 0, _example(plan, name)) for name in plan.ambiguous]
    return odd


def _exchanged(plan: Plan) -> Iterator[Oddity]:
    """Dates that a spreadsheet took with day and month exchanged, and that are read the other way round."""
    for each in plan.readers:
        if each.header not in plan.order.exchanged:
            continue
        rows, example = cells_of(plan.mapped.source, each.header)
        if rows:
            yield Oddity("exchanged_dates", each.name, rows, example)


def _zones(plan: Plan) -> Iterator[Oddity]:
    """Dates whose zone is given by letters that mean more than one, or by words in the header that we do not know."""
    for each in plan.readers:
        if each.kind != Kind.TIME:
            continue
        if met := doubtful_zone(_zone_words(plan.mapped.source.sample[each.header])):
            yield Oddity("zone_assumed", each.name, 0, met)
        if _is_unknown_zone(plan.mapped.fields.get(each.name)):
            yield Oddity("zone_unknown", each.name, 0, each.header)


def _zone_words(cells: pl.Series) -> list[str]:
    """The texts that may name the zone of a column of dates: its header, where that names one, and its cells."""
    header = read_header(cells.name)
    named = [header.aside] if header.zone else []
    return named + (cells.drop_nulls().to_list() if cells.dtype == pl.String else [])


def _is_unknown_zone(rule: Rule | None) -> bool:
    """Whether the header seems to name a zone that we do not know and the user has not said."""
    return rule is not None and rule.zone is None and sounds_zone(read_header(rule.header).aside)


def _example(plan: Plan, name: str) -> str:
    """The first date of a column that could be read with day and month the other way round."""
    cells = (
        plan.mapped.source.sample[plan.mapped.fields[name].header].drop_nulls().unique(maintain_order=True)
    )
    return str(next(cell for cell in cells if ambiguous(pl.Series([cell]))))


def _rounded(plan: Plan) -> Iterator[Oddity]:
    """Ids a spreadsheet has rounded; counted over the whole column where the sample holds any."""
    source = plan.mapped.source
    for each in plan.readers:
        if each.kind != Kind.KEY or source.sample[each.header].dtype != pl.String:
            continue
        met = source.sample[each.header].drop_nulls()
        met = met.filter(met.str.contains(_ROUNDED))
        if len(met):
            rows = source.frame.select(pl.col(each.header).str.contains(_ROUNDED).sum()).collect().item()
            yield Oddity("rounded_id", each.name, int(rows), str(met[0]))
