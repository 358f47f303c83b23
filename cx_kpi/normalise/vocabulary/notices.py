"""Everything that can be odd in an export, in words. A notice holds the values, so that it can be put into any language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cx_kpi.model.options import Options
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import Language
from cx_kpi.wording.numerals import numerals

INFO = frozenset(  # notices that are for information alone
    {
        "constant_status",
        "no_states",
        "other_parts",
        "own_output",
        "no_header_known",
        "guessed_column",
        "told_question",
        "untold_question",
        "backlog_at_least",
        "dropped",
        "ends_to_come",
        "folded",
        "business_alone",
        "business_hours",
        "not_asked",
        "asked_of_tickets",
        "unknown_in_metric",
        "unlinked",
        "respelt",
        "closed_as_solved",
        "reopened",
        "complaint_words",
        "ticket_ratings",
        "answers_beside",
        "bare_mark",
        "numbered_answers",
        "no_opinion",
        "restated",
        "partly_told",
        "parts_apart",
        "parts_moments",
        "parts_few",
    }
    | {f"excluded.{reason}" for reason in ("conflicting", "duplicate", "deleted", "spam", "merged", "test")}
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
    level = Level.INFO if code in INFO or f"{code}.{field}" in INFO else Level.WARNING
    message = say(code, language, table=table, field=field, rows=rows, example=example)
    return Notice(level, code, message, table, field, rows, example)


def of_settings(options: Options, language: Language) -> list[Notice]:
    """The notice about settings found next to the data that were not used, if any."""
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
    """A remark of reading as a notice in a language."""
    return Notice(remark.level, remark.code, said(remark.phrase, language), rows=remark.rows)


def said(phrase: Phrase, language: Language) -> str:
    """The phrase in a language."""
    values = {
        name: said(value, language) if isinstance(value, Phrase) else value
        for name, value in phrase.values.items()
    }
    return language(phrase.text, **_written(values, language))
