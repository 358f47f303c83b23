"""Every row that was set aside, and why: the damaged ones, and those that do not count."""

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from io import StringIO
from operator import itemgetter

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.exclusions import FILTERED, REASONS
from cx_kpi.normalise.tables.row_reasons import IDS
from cx_kpi.normalise.vocabulary.notices import said
from cx_kpi.read.delimited.line_numbers import lines_of
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.wording.language import Language, mark

WHY: Mapping[str, str] = {
    "incomplete": mark("no id or no date"),
    "kindless": mark("not known what kind of survey it answers"),
    "unscored": mark("no score, and not known to have been sent"),
    "conflicting": mark("an id repeated with other content"),
    "duplicate": mark("the same id again"),
    "deleted": mark("deleted"),
    "spam": mark("spam"),
    "merged": mark("merged into another ticket, or a duplicate of one"),
    "test": mark("a test"),
    "backwards": mark("answered, solved or ended before it began"),
}
DAMAGE = (
    "incomplete",
    "backwards",
)  # reasons that tell of a fault in the file, not of a decision of the team


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row set aside. `row` is its place among the rows that could be read, from 1; damaged ones have none,
    nor has any of a file whose preset drops or folds rows.
    """

    file: str
    table: str
    line: int | None
    row: int | None
    id: str | None
    reason: str
    damaged: bool
    content: str | None = None


def rejected(
    loaded: Mapping[str, Loaded], language: Language, *, content: bool = False
) -> Iterator[Rejected]:
    """The rows of all files that were set aside; with `content`, what they hold. Raises `InputProblem`.

    What a preset drops or folds is no fault of a row, and is counted alone.
    """
    for table in loaded.values():
        for tally in table.tallies:
            yield from _unread(tally, language, content=content)
            yield from _uncounted(tally, language, content=content)


def damaged(tally: Tally) -> int:
    """How many rows of the file were set aside for a fault in them."""
    codes = [REASONS.index(name) + 1 for name in DAMAGE]
    return len(tally.plan.mapped.source.rejects) + int(tally.code.is_in(codes).sum())


def _unread(tally: Tally, language: Language, *, content: bool) -> Iterator[Rejected]:
    mapped = tally.plan.mapped
    source = mapped.source
    there = content and not source.stored
    lines = lines_of(source.path, {each.line for each in source.rejects}) if there else {}
    for each in source.rejects:
        text, why = lines.get(each.line), said(each.reason, language)
        yield Rejected(source.path, mapped.table, each.line or None, None, None, why, True, text)


def _uncounted(tally: Tally, language: Language, *, content: bool) -> Iterator[Rejected]:
    mapped, places = tally.plan.mapped, ((tally.code > 0) & (tally.code < FILTERED)).arg_true()
    if not len(places):
        return
    source = mapped.source
    rule = mapped.fields.get(IDS.get(mapped.table, ""))
    ids = _ids(source, rule.header if rule else None, places)
    texts = _texts(source, places) if content else [None] * len(places)
    lines = _lines(source, places)
    for place, line, id_, text in zip(places, lines, ids, texts, strict=True):
        name = REASONS[tally.code[place] - 1]
        row = None if source.apart else place + 1
        why = language(WHY[name])
        yield Rejected(source.path, mapped.table, line, row, id_, why, name in DAMAGE, text)


def _rows(source: TextFrame, places: pl.Series, *columns: str | pl.Expr) -> pl.DataFrame:
    """These columns of the rows at these places."""
    return source.frame.select(columns).collect()[places.to_list()]


def _ids(source: TextFrame, header: str | None, places: pl.Series) -> list[str | None]:
    if header is None:
        return [None] * len(places)
    return _rows(source, places, pl.col(header).cast(pl.String, strict=False)).to_series().to_list()


def _lines(source: TextFrame, places: pl.Series) -> list[int | None]:
    """The line each row begins in: cells may hold line ends, too."""
    if source.above is None or source.apart:
        return [None] * len(places)
    breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
    before = _rows(source, places, (breaks.cum_sum() - breaks).alias("before")).to_series()
    return [
        source.above + 1 + _in_file(place + more, source) for place, more in zip(places, before, strict=True)
    ]


def _in_file(line: int, source: TextFrame) -> int:
    """A line among those that were kept, among all lines."""
    found = bisect_right(source.shifts, line, key=itemgetter(0))
    return line + (source.shifts[found - 1][1] if found else 0)


def _texts(source: TextFrame, places: pl.Series) -> Iterator[str]:
    """The rows as a line of CSV each."""
    for cells in _rows(source, places, pl.all().cast(pl.String, strict=False)).iter_rows():
        out = StringIO()
        csv.writer(out, lineterminator="").writerow(cells)
        yield out.getvalue()
