"""The files of a table as a check sees them: rows by fate, cells by field."""

from collections.abc import Iterator, Sequence

from cx_kpi.judge.quality.affected_metrics import Affected
from cx_kpi.model.documents.quality import Field, File, share
from cx_kpi.model.report import Notice, Source
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.mapping.cells.fit_cells import cuts_by
from cx_kpi.normalise.mapping.reading_plan import question_name
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.exclusions import counts

UNREAD = (
    "unreadable",
    "far_date",
    "unknown_word",
    "mostly_unread",
    "not_finite",
    "negative_duration",
    "sentinel_date",
)
DAMAGED, APART = "damaged", "apart"


def files(table: Loaded, affected: Affected) -> Iterator[File]:
    """Each file of a table."""
    for source, tally in zip(table.sources, table.tallies, strict=True):
        yield _file(source, tally, affected)


def empty(notices: Sequence[Notice]) -> Iterator[File]:
    """The files with nothing in them."""
    for each in notices:
        if each.code == "empty_file" and each.path:
            yield File(each.path, "", "", None, None, 0, 0, 0, {}, [], [])


def _file(source: Source, tally: Tally, affected: Affected) -> File:
    mapped = tally.plan.mapped
    read = (rule.header for name, rule in mapped.fields.items() if name in tally.cells)
    used = {*read, *(each.column for each in mapped.questions)}
    unused = [header for header in mapped.source.headers if header not in used]
    aside = {DAMAGED: len(mapped.source.rejects), APART: mapped.source.apart}
    return File(
        path=source.path,
        table=source.table,
        preset=source.preset,
        encoding=source.encoding,
        separator=mapped.source.separator,
        rows=source.rows,
        used=source.used,
        filtered=source.filtered,
        set_aside={reason: rows for reason, rows in (aside | counts(tally.code)).items() if rows},
        fields=list(_fields(tally, affected)),
        unused=unused,
        cuts=[header for header in unused if cuts_by(mapped.source.sample[header])],
        reading=mapped.reading,
        next_best=mapped.next_best,
    )


def _fields(tally: Tally, affected: Affected) -> Iterator[Field]:
    mapped = tally.plan.mapped
    for name, rule in mapped.fields.items():
        if name in tally.cells:  # a length of time whose two dates are there is not read
            yield _field(tally, name, rule.header, tally.cells[name], affected.of_field(mapped.table, name))
    for place, each in enumerate(mapped.questions):
        metrics = affected.of_field(mapped.table, "score")
        yield _field(tally, each.column, each.column, tally.cells[question_name(place)], metrics)


def _field(tally: Tally, name: str, header: str, read: int, metrics: list[str]) -> Field:
    filled = read + sum(each.rows for each in tally.odd if each.code in UNREAD and each.field == name)
    whole, sound = share(filled, len(tally.code)), share(read, filled)
    table = TABLES[tally.plan.mapped.table].fields
    return Field(name, header, filled, read, whole, sound, metrics, table.get(name) is Kind.CATEGORY)
