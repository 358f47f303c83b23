"""The sheets and lists of one file: those that are tables of ours, and of those that hold the same rows the first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice
from cx_kpi.model.schema import TABLES
from cx_kpi.normalise.vocabulary.dictionaries import dictionary, name_words, plain
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language

_DATED = ("tickets", "surveys", "calls")  # tables whose numbers may begin again, on other days
_SAME = 0.5  # lists that share so many ids of the smaller one hold the same rows
_LARGER = 2  # with more than twice the rows, a list takes the place of the other
_NUMBERED = re.compile(r"\(\d+\)$")  # as spreadsheets call the copy of a sheet
IDS = {"tickets": "ticket_id", "surveys": "response_id", "customers": "customer_id", "calls": "call_id"}


@dataclass(frozen=True, slots=True)
class Portions:
    """The files that are read, the paths of other files, and notices."""

    kept: tuple[Mapped, ...]
    strangers: frozenset[str]
    notices: tuple[Notice, ...]


def settle_portions(mapped: Sequence[Mapped], strangers: Sequence[TextFrame], language: Language) -> Portions:
    """The files as they are, and of each file of several parts those that count."""
    kept, said = _without_copies(mapped, language)
    files = dict.fromkeys(each.source.file for each in kept if each.source.file)
    for file in files:
        ours = [each for each in kept if each.source.file == file]
        own, examples = _without_examples(ours)
        chosen, repeated = _without_repeats(own)
        left = [frame.part for frame in strangers if frame.file == file] + examples
        said += _said(chosen, repeated, left, language)
        kept = _settled(kept, ours, chosen)
    alone = {frame.path for frame in strangers if frame.file not in files}
    return Portions(tuple(kept), frozenset(alone), tuple(said))


def _without_copies(mapped: Sequence[Mapped], language: Language) -> tuple[list[Mapped], list[Notice]]:
    """The parts without those that are called copies where another of the same file has their ids; what is said of these."""
    kept, said = list(mapped), list[Notice]()
    for copy in filter(_is_called_copy, mapped):
        copied = next((each for each in mapped if not _is_called_copy(each) and _is_copied(each, copy)), None)
        if copied:
            kept = [each for each in kept if each is not copy]
            said.append(_said_same(copy, copied, language))
    return kept, said


def _is_called_copy(part: Mapped) -> bool:
    """Whether the name of a part says that it is a copy, or an older state."""
    words = frozenset(map(plain, dictionary("tables")["parts"]["copies"]))
    name = part.source.path.partition("#")[2]
    return bool(name_words(f"#{name}") & words) or bool(_NUMBERED.search(name))


def _is_copied(one: Mapped, copy: Mapped) -> bool:
    """Whether another part of the file, of the same table, has half of its ids; an archive has others, and goes on."""
    if one.table != copy.table or _base(one) != _base(copy):
        return False
    ids = _rows(copy)
    return len(ids) > 0 and len(ids & _rows(one)) >= _SAME * len(ids)


def _base(part: Mapped) -> str:
    return part.source.path.partition("#")[0]


def _without_examples(parts: Sequence[Mapped]) -> tuple[list[Mapped], list[str]]:
    """The parts that are not called an example, where others of the same table have more rows; the names of those."""
    words = frozenset(map(plain, dictionary("tables")["parts"]["examples"]))
    shown = [each for each in parts if name_words("", each.source.part) & words]
    most = {table: _most_rows(parts, shown, table) for table in {each.table for each in shown}}
    left = [each for each in shown if len(_rows(each)) < most[each.table]]
    return [each for each in parts if each not in left], [each.source.part for each in left]


def is_beside_tickets(part: Mapped, mapped: Sequence[Mapped]) -> bool:
    """Whether another part of the same file is called tickets, and has other columns."""
    words = frozenset(map(plain, dictionary("tables")["names"]["tickets"]))
    base = _base(part)
    parts = [each for each in mapped if each.table == part.table and each.source.path.startswith(f"{base}#")]
    called = [each for each in parts if name_words(f"#{each.source.path.removeprefix(base)}") & words]
    return bool(called) and not any(_is_alike(each, part) for each in called)


def _most_rows(parts: Sequence[Mapped], shown: Sequence[Mapped], table: str) -> int:
    """How many rows the longest of the other parts of a table has."""
    others = (each for each in parts if each.table == table and each not in shown)
    return max(map(len, map(_rows, others)), default=0)


def _settled(kept: Sequence[Mapped], ours: Sequence[Mapped], chosen: Sequence[Mapped]) -> list[Mapped]:
    """The parts kept so far without those of a file that are not chosen; one alone has the name of its file."""
    alone = len({each.source.path for each in chosen}) == 1
    left = [each for each in kept if each not in ours or each in chosen]
    return [_whole(each) if alone and each in chosen else each for each in left]


def _whole(mapped: Mapped) -> Mapped:
    """The file, where only one of its parts is read."""
    path = mapped.source.file
    notices = tuple(replace(each, path=path) for each in mapped.source.notices)
    return replace(mapped, source=replace(mapped.source, path=path, notices=notices))


def _without_repeats(parts: Sequence[Mapped]) -> tuple[list[Mapped], list[tuple[Mapped, Mapped]]]:
    """The parts that count, and those that do not, each with the one that holds the same rows."""
    kept: list[Mapped] = []
    repeated: list[tuple[Mapped, Mapped]] = []
    rows = {each.source.path: _rows(each) for each in parts}
    for each in parts:
        same = next((one for one in kept if one.table == each.table and _is_same(rows, one, each)), None)
        if same is None:
            kept.append(each)
        elif len(rows[each.source.path]) > _LARGER * len(rows[same.source.path]):
            kept[kept.index(same)] = each
            repeated.append((same, each))
        else:
            repeated.append((each, same))
    return kept, repeated


def _is_same(rows: dict[str, set[object]], one: Mapped, other: Mapped) -> bool:
    first, second = rows[one.source.path], rows[other.source.path]
    if _goes_on(one, other) and second - first:
        return False
    least = min(len(first), len(second))
    return least > 0 and len(first & second) >= _SAME * least


def _goes_on(one: Mapped, other: Mapped) -> bool:
    """Whether both lists have ids and one header, so that tickets of the first may come again in the other among new ones."""
    rule = one.fields.get(IDS.get(one.table, ""))
    return rule is not None and not rule.made and _is_alike(one, other)


def _is_alike(one: Mapped, other: Mapped) -> bool:
    """Whether all that is read of one list is read of the other, from the same columns."""
    first, second = (
        {name: each.header for name, each in mapped.fields.items()}.items() for mapped in (one, other)
    )
    return first <= second or second <= first


def _rows(mapped: Mapped) -> set[object]:
    """The ids, of tickets, answers and calls with their dates, or all cells of each row where it has none."""
    rule = mapped.fields.get(IDS.get(mapped.table, ""))
    clock = TABLES[mapped.table].clock if mapped.table in _DATED else ""
    created = mapped.fields.get(clock)
    told = [each.header for each in (rule, created) if each and not each.made]
    columns = [*dict.fromkeys(told)] if rule and not rule.made else list(mapped.source.headers)
    cells = mapped.source.frame.select(pl.col(columns).cast(pl.String, strict=False)).collect()
    return set(cells.drop_nulls().iter_rows()) if rule else set(cells.iter_rows())


def _said_same(other: Mapped, one: Mapped, language: Language) -> Notice:
    """That a part is left out, since another has its ids."""
    names = [each.source.part or each.source.path.partition("#")[2] for each in (one, other)]
    said = notice("same_rows", language, table=one.table, field=names[0], example=names[1])
    return replace(said, path=one.source.file or _base(one), field=None)


def _said(
    kept: Sequence[Mapped], repeated: Sequence[tuple[Mapped, Mapped]], left: Sequence[str], language: Language
) -> Iterator[Notice]:
    table, file = kept[0].table, kept[0].source.file
    yield from (_said_same(other, one, language) for other, one in repeated)
    if left:
        names = ", ".join(dict.fromkeys(each.source.part for each in kept))
        said = notice("other_parts", language, table=table, field=names, example=", ".join(left))
        yield replace(said, path=file, field=None)
