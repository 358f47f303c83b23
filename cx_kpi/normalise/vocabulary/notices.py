"""What can be odd in an export, in words. A notice holds the values, so that any language can say it again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.numerals import numerals

MESSAGES: dict[str, str] = {
    "not_recognised": mark("Not a table we know, left out; name it, for instance --tickets {example}."),
    "empty_file": mark("The file is empty, left out; export it again."),
    "leads_out": mark("A link that leads out of its folder, left out; name what it leads to."),
    "own_output": mark("Written by cxkpi itself, not an export; left out."),
    "no_rows": mark("There are no rows below the header."),
    "no_header_known": mark("There is no header row; the columns are known by what they hold."),
    "guessed_column": mark(
        '{field}: read from the column "{example}", whose name is not exactly one we know; '
        "say another in cxkpi.toml, [{table}.columns]."
    ),
    "told_question": mark(
        'Answers of kind {field}: read from the question "{example}"; say others in cxkpi.toml, [[surveys.questions]].'
    ),
    "dropped": mark(
        "Rows set aside: {rows} (unfinished or trial answers, or events that belong to no call)."
    ),
    "folded": mark(
        "Rows set aside: {rows} (further states or legs of other rows, folded into one row each)."
    ),
    "sentinel_date": mark('{field}: dates such as {example} ({rows}) mean "never"; they count as empty.'),
    "unreadable": mark('{field}: cells such as "{example}" ({rows}) cannot be read; they count as empty.'),
    "unknown_word": mark(
        '{field}: words we do not know, such as "{example}" ({rows}); they count as empty. '
        "Say what they mean in cxkpi.toml, [{table}.values.{field}]."
    ),
    "ambiguous_dates": mark(
        "{field}: day and month cannot be told apart in dates such as {example}; "
        "say --dayfirst or --monthfirst, or dayfirst in cxkpi.toml."
    ),
    "same_day": mark(
        "{field}: the column has no times; the day of creation in it (tickets: {rows}) "
        "counts as the moment of creation."
    ),
    "negative_duration": mark(
        "{field}: negative lengths of time, such as {example} ({rows}); they count as empty."
    ),
    "not_finite": mark(
        "{field}: numbers that are infinite, undefined or too large to be true ({rows}); they count as empty."
    ),
    "rounded_id": mark(
        "{field}: ids such as {example} ({rows}) were rounded by a spreadsheet, so different ones may look the same; "
        "export them as text."
    ),
    "unit_assumed": mark(
        '{field}: the unit of "{example}" is not said, seconds are assumed; '
        "say unit in cxkpi.toml, [{table}.columns]."
    ),
    "business_hours": mark("{field}: this export counts business hours only."),
    "off_scale": mark("{field}: answers outside the scale of their survey: {rows}; they do not count."),
    "not_compared": mark(
        "The data does not reach back to the same span of the year before, so nothing is compared."
    ),
    "not_asked": mark("The condition cannot be asked of these rows ({rows}), left out: no column {field}."),
    "asked_of_tickets": mark(
        "There is no column {field}, so the condition was asked of the ticket of each row; left out: {rows}."
    ),
    "no_pauses": mark(
        "Targets that subtract pauses: no column tells them, so tickets are judged as if they had none; "
        "map agent_wait_seconds or on_hold_seconds, or leave out pauses."
    ),
    "column_missing": mark(
        "{field}: rows from files without this column ({rows}); they count as empty there."
    ),
    "untold.first_response_at": mark(
        "Rows from files that do not tell first responses: {rows}; they count in no figure about them, "
        "neither as answered nor as pending."
    ),
    "untold.solved_at": mark(
        "Rows from files that do not tell when tickets were solved: {rows}; they count in no figure about it, "
        "neither as solved nor as pending."
    ),
    "undated_solves": mark(
        "Solved tickets without a date of the solution: {rows} of {example}; they count in no figure by that date, "
        "neither as hits nor as misses."
    ),
    "other_tickets": mark(
        "The same ids stand for different tickets in {example} ({rows}), of which the latest alone count; "
        "report these files apart."
    ),
    "closed_as_solved": mark("The export has no date of the solution; the closing date stands for it."),
    "reopened": mark("Tickets with a date of the solution that are open again ({rows}) count as unsolved."),
    "complaint_words": mark(
        "Which tickets are complaints is told by words in {field}; name the rule in cxkpi.toml, [complaints]."
    ),
    "ticket_ratings": mark("Ratings taken from the ticket export: {rows}."),
    "conflicting_duplicates": mark(
        "Rows that repeat an id with other content: {rows}; the latest of each id counts."
    ),
    "restated": mark(
        "Tickets read as their events tell, where the columns of the export say otherwise: {rows} ({example})."
    ),
    "partly_told": mark(
        "Tickets whose events are missing or do not reach back to their creation: {rows}; they keep their columns."
    ),
    "unknown_ticket": mark("Events of tickets that no file holds or that do not count: {rows}; left out."),
    "before_creation": mark(
        "Events before the creation of their ticket: {rows}; they count as of that moment."
    ),
    "broad_cut": mark("{field}: {rows} different values are too many to cut by; the report is not cut."),
    "left_out_settings": mark(
        "Came with the data, and so only says how to read it; left out: {example}. Take up all of it with --config."
    ),
    "excluded.incomplete": mark("Rows set aside: {rows} (no id or no date)."),
    "excluded.duplicate": mark("Rows set aside: {rows} (the same id again)."),
    "excluded.deleted": mark("Rows set aside: {rows} (deleted)."),
    "excluded.spam": mark("Rows set aside: {rows} (spam)."),
    "excluded.merged": mark("Rows set aside: {rows} (merged into another ticket)."),
    "excluded.test": mark("Rows set aside: {rows} (tests)."),
    "excluded.backwards": mark("Rows set aside: {rows} (answered, solved or ended before they began)."),
    "excluded.kindless": mark("Rows set aside: {rows} (not known what kind of survey they answer)."),
    "excluded.unscored": mark("Rows set aside: {rows} (no score, and not known to have been sent)."),
}
_INFO = frozenset(
    {
        "own_output",
        "no_header_known",
        "guessed_column",
        "told_question",
        "dropped",
        "folded",
        "business_hours",
        "not_asked",
        "asked_of_tickets",
        "closed_as_solved",
        "reopened",
        "complaint_words",
        "ticket_ratings",
        "restated",
        "partly_told",
    }
    | {f"excluded.{reason}" for reason in ("duplicate", "deleted", "spam", "merged", "test")}
)


def say(code: str, language: Language, **values: str | int | None) -> str:
    """The message of a code in a language, with its values filled in."""
    key = f"{code}.{values.get('field')}"
    return language(MESSAGES.get(key) or MESSAGES[code], **_written(values, language))


def _written(values: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The values, numbers as the language writes them; the number of a line is no quantity."""
    write = numerals(language.code).decimal
    return {
        name: write(value) if isinstance(value, int) and name != "line" else value
        for name, value in values.items()
    }


def notice(
    code: str,
    language: Language,
    *,
    table: str | None = None,
    field: str | None = None,
    rows: int | None = None,
    example: str | None = None,
) -> Notice:
    """A notice of this code; its level is known by the code."""
    level = Level.INFO if code in _INFO or f"{code}.{field}" in _INFO else Level.WARNING
    message = say(code, language, table=table, field=field, rows=rows, example=example)
    return Notice(level, code, message, table, field, rows, example)


def of_settings(options: Options, language: Language) -> list[Notice]:
    """What of a configuration beside the data was not taken up, if anything."""
    if not options.left_out:
        return []
    told = notice("left_out_settings", language, example=", ".join(options.left_out))
    return [replace(told, path=options.configuration)]


def again(told: Notice, language: Language) -> Notice:
    """The same notice in another language; notices of other stages stay as they are."""
    if told.code not in MESSAGES and f"{told.code}.{told.field}" not in MESSAGES:
        return told
    values = {"table": told.table, "field": told.field, "rows": told.rows, "example": told.example}
    return notice(told.code, language, **values)  # type: ignore[arg-type]


def told(remark: Remark, language: Language) -> Notice:
    """What reading remarked, as a notice in a language."""
    return Notice(remark.level, remark.code, said(remark.phrase, language), rows=remark.rows)


def said(phrase: Phrase, language: Language) -> str:
    """The phrase in a language."""
    values = {
        name: said(value, language) if isinstance(value, Phrase) else value
        for name, value in phrase.values.items()
    }
    return language(phrase.text, **_written(values, language))
