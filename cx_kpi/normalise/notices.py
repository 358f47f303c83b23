"""What can be odd in an export, in words. A notice holds the values, so that any language can say it again."""

from cx_kpi.language import Language, mark
from cx_kpi.report import Level, Notice

MESSAGES: dict[str, str] = {
    "not_recognised": mark(
        "{example}: not a table we know, left out; name it, for instance --tickets {example}."
    ),
    "no_header_known": mark("There is no header row; the columns are known by what they hold."),
    "guessed_column": mark(
        '{field}: read from the column "{example}", whose name is not exactly one we know; '
        "say another in cxkpi.toml, [{table}.columns]."
    ),
    "dropped": mark("{rows} rows set aside: unfinished or trial answers, or events that belong to no call."),
    "folded": mark("{rows} rows set aside: further states or legs of other rows, folded into one row each."),
    "sentinel_date": mark('{field}: {rows} dates such as {example} mean "never"; they count as empty.'),
    "unreadable": mark('{field}: {rows} cells such as "{example}" cannot be read; they count as empty.'),
    "unknown_word": mark(
        '{field}: {rows} cells hold words we do not know, such as "{example}"; they count as empty. '
        "Say what they mean in cxkpi.toml, [{table}.values.{field}]."
    ),
    "ambiguous_dates": mark(
        "{field}: day and month cannot be told apart in dates such as {example}; "
        "say dayfirst = true or false in cxkpi.toml."
    ),
    "same_day": mark(
        "{field}: the column has no times; {rows} tickets have in it the day they were created, "
        "which counts as the moment of creation."
    ),
    "negative_duration": mark(
        "{field}: {rows} negative lengths of time, such as {example}; they count as empty."
    ),
    "not_finite": mark(
        "{field}: {rows} cells are infinite, not numbers or too large to be true; they count as empty."
    ),
    "rounded_id": mark(
        "{field}: {rows} ids such as {example} were rounded by a spreadsheet, so different ones may look the same; "
        "export them as text."
    ),
    "unit_assumed": mark(
        '{field}: the unit of "{example}" is not said, seconds are assumed; '
        "say unit in cxkpi.toml, [{table}.columns]."
    ),
    "business_hours": mark("{field}: this export counts business hours only."),
    "not_filtered": mark("Not filtered by the condition: there is no column {field}."),
    "column_missing": mark(
        "{field}: {rows} rows come from files without this column; they count as empty there."
    ),
    "closed_as_solved": mark("The export has no date of the solution; the closing date stands for it."),
    "reopened": mark(
        "{rows} tickets have a date of the solution but are open again; they count as unsolved."
    ),
    "complaint_words": mark(
        "Complaints are the tickets whose {field} says so; name the rule in cxkpi.toml, [complaints]."
    ),
    "ticket_ratings": mark("{rows} ratings were taken from the ticket export."),
    "conflicting_duplicates": mark(
        "{rows} rows repeat an id with other content; the latest of each id counts."
    ),
    "excluded.incomplete": mark("{rows} rows set aside: no id or no date."),
    "excluded.duplicate": mark("{rows} rows set aside: the same id again."),
    "excluded.deleted": mark("{rows} rows set aside: deleted."),
    "excluded.spam": mark("{rows} rows set aside: spam."),
    "excluded.merged": mark("{rows} rows set aside: merged into another ticket."),
    "excluded.test": mark("{rows} rows set aside: tests."),
    "excluded.backwards": mark("{rows} rows set aside: answered, solved or ended before they began."),
    "excluded.kindless": mark("{rows} rows set aside: not known what kind of survey they answer."),
    "excluded.unscored": mark("{rows} rows set aside: no score, and not known to have been sent."),
}
_INFO = frozenset(
    {
        "no_header_known",
        "guessed_column",
        "dropped",
        "folded",
        "business_hours",
        "not_filtered",
        "closed_as_solved",
        "reopened",
        "complaint_words",
        "ticket_ratings",
    }
    | {f"excluded.{reason}" for reason in ("duplicate", "deleted", "spam", "merged", "test")}
)


def say(code: str, language: Language, **values: str | int | None) -> str:
    """The message of a code in a language, with its values filled in."""
    key = f"{code}.{values.get('field')}"
    return language(MESSAGES.get(key) or MESSAGES[code], **values)


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


def again(told: Notice, language: Language) -> Notice:
    """The same notice in another language; notices of other stages stay as they are."""
    if told.code not in MESSAGES and f"{told.code}.{told.field}" not in MESSAGES:
        return told
    values = {"table": told.table, "field": told.field, "rows": told.rows, "example": told.example}
    return notice(told.code, language, **values)  # type: ignore[arg-type]
