"""The messages of the notices about exports, by their codes."""

from cx_kpi.wording.language import mark

MESSAGES: dict[str, str] = {
    "not_recognised": mark("Not a table we know, left out; name it, for instance --tickets {example}."),
    "kind_untold": mark(
        "Scores of a survey, but nothing tells of what kind; left out. Say it in cxkpi.toml: "
        '[[surveys.questions]] column = "{example}", kind = "csat" (or nps, ces, sps, review).'
    ),
    "close_reading": mark(
        "Read as {table}; it could also be {example}: if it is, say so with --{example} before the file."
    ),
    "any_list": mark(
        "Read as {table} by an id, a status and dates, which any list may have; if these are something else, leave the file out."
    ),
    "no_states": mark(
        '{field}: no word of the column "{example}" is a state of a ticket, so it is only a column to cut by; '
        "if they are states, say what they mean in cxkpi.toml, [{table}.values.{field}]."
    ),
    "twin_columns": mark(
        '{field}: there are two columns of the same name, "{example}", with other values; the first of them counts.'
    ),
    "numbered": mark("No column is an id, so each row counts as one ticket under the number of its row."),
    "numbered_answers": mark("No column is an id, so each row counts as one answer."),
    "numbered_answers.customer_id": mark(
        "No column is an id of the answers, so each row is one; NPS counts the last one of each customer."
    ),
    "bare_mark": mark(
        'Column "{example}" of the tickets holds numbers, but its name does not tell what was asked, so CSAT is not made of '
        'it; if these are the answers of customers, say so in cxkpi.toml, [tickets.columns]: satisfaction_score = "{example}"'
    ),
    "same_rows": mark(
        '"{example}" has the same ids as "{field}" and is left out; to read it instead, write its name after # '
        "behind that of the file."
    ),
    "other_parts": mark("Read from {field}; others in the file, left out: {example}."),
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
    "asked_twice": mark(
        "{field}: several columns ask for it, so these are not read: {example}; say which counts in cxkpi.toml, "
        "[tickets.columns] or [[surveys.questions]]."
    ),
    "asked_how_hard": mark(
        "Answers of kind {field}: not read from {example}, which may ask how hard it was; list the questions with their "
        "scale in cxkpi.toml, [[surveys.questions]], for instance scale = [7, 1] (the worst answer, then the best)."
    ),
    "untold_question": mark(
        "Not read, since no name tells what was asked: {example}; list questions in cxkpi.toml, [[surveys.questions]]."
    ),
    "dropped": mark(
        "Rows set aside: {rows} (unfinished or trial answers, or events that belong to no call)."
    ),
    "folded": mark(
        "Rows set aside: {rows} (further states or legs of other rows, folded into one row each)."
    ),
    "sentinel_date": mark('{field}: dates such as {example} ({rows}) mean "never"; they count as empty.'),
    "far_date": mark(
        "{field}: dates such as {example} ({rows}) are decades from the others; they count as empty."
    ),
    "lone_date": mark(
        "{field}: dates long after all others ({rows}, the first {example}); the report ends before them, "
        "and they count as still to come. If they are right, say --as-of with a later day."
    ),
    "unreadable": mark('{field}: cells such as "{example}" ({rows}) cannot be read; they count as empty.'),
    "date_format": mark(
        "{field}: no date of the column can be read; say in cxkpi.toml how they are written: [{table}.columns] {example}"
    ),
    "unknown_word": mark(
        '{field}: words we do not know, such as "{example}" ({rows}); they count as empty. '
        "Say what they mean in cxkpi.toml, [{table}.values.{field}]; cxkpi init lists them."
    ),
    "unknown_in_metric": mark(
        "Rows that {field} leaves out: {rows} (its condition is not known of them); "
        "to count empty cells, say coalesce(…) in the metric."
    ),
    "none_in_metric": mark(
        "{field}: its condition (where) holds for no row of the window. Texts are compared exactly, and our fields hold our words, "
        "such as channel = 'email'."
    ),
    "no_opinion": mark(
        '{field}: answers of those who do not know or will not say, such as "{example}" ({rows}), do not count.'
    ),
    "mostly_unread": mark(
        '{field}: most answers are words we do not know, such as "{example}" ({rows}), so no figure is made of the others. '
        "Say what they mean in cxkpi.toml, [{table}.values.{field}]; cxkpi init lists them."
    ),
    "ambiguous_dates": mark(
        "{field}: day and month cannot be told apart in dates such as {example}; "
        "say --dayfirst or --monthfirst, or dayfirst in cxkpi.toml."
    ),
    "exchanged_dates": mark(
        "{field}: a spreadsheet seems to have taken the day for the month in dates such as {example} ({rows}); exchanged back."
    ),
    "same_day": mark(
        "{field}: the column has no times; the day of creation in it (rows: {rows}) counts as the moment of creation."
    ),
    "blank_is_no": mark('{field}: no cell of "{example}" says no or 0, so the empty ones count as no.'),
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
    "business_alone": mark(
        '{field}: column "{example}" counts business hours only, so no time that passed is known by it; to take it as it is, '
        'say {field} = "{example}" in cxkpi.toml, [{table}.columns].'
    ),
    "business_hours": mark("{field}: this export counts business hours only."),
    "off_scale": mark("{field}: answers outside the scale of their survey: {rows}; they do not count."),
    "scale_untold": mark(
        "{field}: the answers ({rows}) do not tell their scale, so no figure is made of them; "
        "say it in cxkpi.toml, [surveys.scales], for instance {field} = {example} (the worst answer, then the best)."
    ),
    "scale_ends_early": mark(
        "{field}: none of {rows} answers is above {example}; if their scale ends there, or the lower number is the "
        "better one, say so in cxkpi.toml, [surveys.scales]: {field} = [1, {example}] (the worst answer, then the best)."
    ),
    "read_at_once": mark(
        "More memory was taken than was meant to be: exports with {example} are read at once."
    ),
    "backlog_at_least": mark(
        "Tickets older than the export may be missing and still be open, so the backlog is at least what is open in it; "
        "if none is missing, write complete = true in cxkpi.toml, [tickets]."
    ),
    "ends_to_come": mark(
        "Customers whose end is later than the moment of the report ({example}): {rows}; they count as still there. "
        "If they have left, say --as-of with a later day."
    ),
    "far_ends": mark(
        "Customers whose end ({example} or later) is more than a year after every other date: {rows}; they count as "
        "having left. If these are terms of contracts to come, say --as-of with an earlier day."
    ),
    "not_compared": mark(
        "The data does not reach back to the same span of the year before, so nothing is compared."
    ),
    "not_asked": mark(
        "These rows ({rows}) are left out: they have no column {field}, so the condition cannot be checked."
    ),
    "asked_of_tickets": mark(
        "There is no column {field}, so the condition was checked on the ticket of each row; left out: {rows}."
    ),
    "respelt": mark("{field}: ids such as {example} ({rows}) name tickets that are spelt otherwise; linked."),
    "unlinked.ticket_id": mark("Rows that name a ticket of no file: {rows}; nothing of it is known of them."),
    "unlinked": mark("Rows that name no ticket of the files: {rows}; {field} is unknown of them."),
    "no_pauses": mark(
        "No column shows pauses, so targets that subtract them judge tickets as if there were none; "
        "map agent_wait_seconds or on_hold_seconds, or leave out pauses."
    ),
    "column_missing": mark(
        "{field}: rows from files without this column ({rows}); they count as empty there."
    ),
    "untold.first_response_at": mark(
        "Rows from files without first responses: {rows}; figures about first responses leave them "
        "out, neither answered nor pending."
    ),
    "untold.solved_at": mark(
        "Rows from files without dates of the solution: {rows}; figures about the solution leave "
        "them out, neither solved nor pending."
    ),
    "undated_solves": mark(
        "Solved tickets without a date of the solution: {rows} of {example}; figures that need the "
        "date leave them out, neither hits nor misses."
    ),
    "backward_wait": mark(
        "{field}: dates before the creation of their ticket ({rows}); these waits are left out, the tickets count."
    ),
    "backward_column": mark(
        "{field}: most dates ({rows}) are before the creation of their ticket, so the two columns may have changed places, and "
        "figures made of the others mislead; say which is which in cxkpi.toml, [tickets.columns]: created_at and {field}."
    ),
    "much_unread": mark(
        "{field}: {example} of the filled cells cannot be read ({rows}); figures that need them rest on the others."
    ),
    "answered_after_solved": mark(
        "{field}: tickets first answered after they were solved: {rows}; check which columns the two dates are read from."
    ),
    "answered_at_once": mark(
        "{field}: first answers at the very moment the ticket was created: {rows}; they look automatic."
    ),
    "answered_together": mark(
        "{field}: first answers of one and the same second: {rows}; they look like an import or one command for all."
    ),
    "waits_of_years": mark("{field}: waits of a year or more: {rows}; check the dates."),
    "untimed": mark(
        "{field}: its dates or those of the creation have no times of day ({rows}), so waits are true to a day; "
        "where neither has, 0 means the same day."
    ),
    "repeated_ids": mark(
        "{field}: rows that repeat an id with other content: {rows}, too many for slips; "
        "the file may be a log, or the column no id of its rows."
    ),
    "constant_status": mark(
        '{field}: all {rows} tickets have one status, "{example}"; it may never be changed.'
    ),
    "complaint_parts": mark(
        "{field}: tickets that count as complaints because a longer text holds the word: {rows}; "
        "name the rule in cxkpi.toml, [complaints]."
    ),
    "all_answered": mark(
        "Surveys that were sent: {rows}, and every one has an answer; the file may lack those without, and then the "
        "response rate is not known."
    ),
    "no_zero": mark(
        "{field}: no 0 among {rows} answers from 1 to 10; on a scale from 0 the score is the same."
    ),
    "zone_assumed": mark(
        "{field}: the letters of a zone that mean another one elsewhere are read as {example}; "
        "export the dates with their offset if that is not so."
    ),
    "zone_unknown": mark(
        "{field}: the header seems to name a time zone, but none that we know, so it is not used; "
        'say it in cxkpi.toml, [{table}.columns.{field}]: column = "{example}", zone = "Europe/Moscow"'
    ),
    "dayless": mark('{field}: "{example}" names no day, so rows are undated; cut by it: --by "{example}".'),
    "unit_unknown": mark(
        "{field}: the unit of the numbers is not known, so they are left out; "
        'say it in cxkpi.toml, [{table}.columns.{field}]: column = "{example}", unit = "minutes"'
    ),
    "groups_unknown": mark("{field}: 1.234 may be a thousand or a fraction, so the numbers are left out"),
    "clock_unknown": mark(
        "{field}: times of two parts, such as 1:30, may be minutes and seconds or hours and minutes, so they are left "
        'out; say it in cxkpi.toml, [{table}.columns.{field}]: column = "{example}", unit = "minutes" (or "hours")'
    ),
    "other_tickets": mark(
        "The same ids begin again in {example}: tickets created at other times ({rows}) count as others; "
        "answers and events that name such an id go with the first of them."
    ),
    "other_rows": mark("The same ids begin again in {example}: rows of other times ({rows}) are others."),
    "closed_as_solved": mark("The export has no date of the solution; the closing date is used."),
    "reopened": mark("Rows with a date of the solution that are open again ({rows}) count as unsolved."),
    "complaint_words": mark(
        "Words in {field} decide which tickets are complaints; set the rule in cxkpi.toml, [complaints]."
    ),
    "ticket_ratings": mark("Ratings taken from the ticket export: {rows}."),
    "lone_customer": mark(
        'Nearly every row of "{example}" has the same id, so it is not the customer\'s; not used.'
    ),
    "answers_beside": mark(
        '{field}: column "{example}" of the tickets may hold answers, but a list of tickets gives CSAT alone; '
        "to count them, save the id, a date and this column as a file of their own."
    ),
    "conflicting_duplicates": mark(
        "Rows that repeat an id with other content: {rows}; the latest of each id counts."
    ),
    "restated": mark(
        "Tickets whose events differ from the columns of the export: {rows} ({example}); the events count."
    ),
    "partly_told": mark(
        "Tickets whose events are missing or do not reach back to their creation: {rows}; they keep their columns."
    ),
    "unknown_ticket": mark("Events of tickets that are in no file or do not count: {rows}; left out."),
    "before_creation": mark(
        "Events before the creation of their ticket: {rows}; they count as of that moment."
    ),
    "broad_cut": mark("{field}: {rows} different values are too many to cut by; the report is not cut."),
    "left_out_settings": mark(
        "Came with the data, and so only says how to read it; left out: {example}. Take up all of it with --config."
    ),
    "parts_apart": mark(
        "Counted within each part, since rows of one customer or ticket may be in several parts: {example}."
    ),
    "parts_settings": mark("Each part is counted by its own settings, which differ: {example}."),
    "parts_scales": mark(
        "Answers were judged on different scales: {example}; say the scale in cxkpi.toml, and build them again."
    ),
    "parts_otherwise": mark("Not of all parts, since some could only be counted otherwise: {example}."),
    "parts_moments": mark(
        "The parts end on different days, so what was open at the end of the last one is not known."
    ),
    "parts_few": mark(
        "Segments with fewer than five rows in a part: {rows}. Their rows count in the whole, and not in segments."
    ),
    "excluded.incomplete": mark("Rows set aside: {rows} (no id or no date)."),
    "excluded.conflicting": mark(
        "Rows set aside: {rows} (an id repeated with other content, and no date tells that they are earlier states)."
    ),
    "excluded.duplicate": mark("Rows set aside: {rows} (the same id again)."),
    "excluded.deleted": mark("Rows set aside: {rows} (deleted)."),
    "excluded.spam": mark("Rows set aside: {rows} (spam)."),
    "excluded.merged": mark("Rows set aside: {rows} (merged into another ticket, or a duplicate of one)."),
    "excluded.test": mark("Rows set aside: {rows} (tests)."),
    "excluded.backwards": mark("Rows set aside: {rows} (answered, solved or ended before they began)."),
    "excluded.kindless": mark("Rows set aside: {rows} (the kind of survey is not known)."),
    "excluded.unscored": mark("Rows set aside: {rows} (no score, and not known to have been sent)."),
}
