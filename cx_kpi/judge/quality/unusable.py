"""Files that are no ground for a report: no row of them counts, or most are damaged."""

from collections.abc import Mapping, Sequence

from cx_kpi.judge.quality.alarm import faulty, ruins, why
from cx_kpi.model.errors import InputProblem
from cx_kpi.model.report import Notice, Source
from cx_kpi.model.schema import TABLES, Kind
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.exclusions import are_copies, counts
from cx_kpi.normalise.tables.row_reasons import IDS
from cx_kpi.normalise.values.cell_shapes import line_for_dates
from cx_kpi.wording.language import Language


def refuse_empty(loaded: Mapping[str, Loaded], notices: Sequence[Notice]) -> None:
    """Raise `InputProblem` for a file of which no row counts, with its notice and the line that may help."""
    read = [pair for each in loaded.values() for pair in zip(each.sources, each.tallies, strict=True)]
    for source, tally in read:
        misread = any(
            each.code == "mostly_unread" for each in tally.odd
        )  # a notice tells of it; it is no figure
        if source.rows and source.set_aside == source.rows and not misread and not are_copies(tally.code):
            told = next((each for each in notices if each.table == source.table), None)
            said, how = (f": {told.message}", _how(source, told.field, tally)) if told else ("", "")
            raise InputProblem(
                f"{source.path}: none of its {source.rows} rows can be used{said} "
                f"Say in cxkpi.toml how to read it: [{source.table}.columns]{how}"
            )


def refuse_damaged(loaded: Mapping[str, Loaded]) -> None:
    """Raise `InputProblem` for a file of which more than half of the rows are damaged."""
    for source, rows, tally in ruins(loaded):
        raise InputProblem(
            f"{source.path}: {rows} of its {source.rows} rows cannot be used, most of them for: "
            f"{why(tally, Language('en'))}; {_advice(source, tally)}, or allow it with --max-rejects 100%"
        )


def _advice(source: Source, tally: Tally) -> str:
    """What to look at: the file, or the column of ids that come again."""
    again, name = counts(tally.code).get("conflicting", 0), IDS.get(source.table, "")
    if 2 * again < faulty(tally) or name not in source.columns:
        return "check the file"
    log = f"; for a log of changes say --ticket-events {source.path}" if source.table == "tickets" else ""
    return f'check whether "{source.columns[name]}" is the id of its rows{log}'


def _how(source: Source, field: str | None, tally: Tally) -> str:
    """The line of a configuration that names the column of dates, and their format where a cell shows it."""
    if field not in source.columns or TABLES[source.table].fields.get(field) is not Kind.TIME:
        return ""
    cells = [each.example for each in tally.odd if each.field == field and each.example]
    return line_for_dates(field, source.columns[field], cells)
