"""What each kind of problem does to the figures that read the rows or cells it is about."""

from cx_kpi.wording.language import mark

ROWS_GONE = mark("these rows are in no figure")
CELLS_GONE = mark("these rows are missing from the figures that need the cell")
WITHHELD = mark("these are not computed")
WHOLE_ROWS = (  # problems of whole rows: they move every metric of the table
    "damaged_rows",
    "bad_bytes",
    "no_header",
    "missing_name",
    "excluded",
    "conflicting_duplicates",
    "row_limit",
)
EFFECTS = {
    "damaged_rows": ROWS_GONE,
    "excluded": ROWS_GONE,
    "excluded.duplicate": mark("each id counts once"),
    "conflicting_duplicates": mark("if the latest is not the right one, an old state counts"),
    "bad_bytes": mark("words that hold such a character count as other words"),
    "no_header": mark("columns without names can only be guessed at"),
    "missing_name": mark("if the column without a name is another, columns have wrong names"),
    "guessed_column": mark("if the guess is wrong, so are these figures"),
    "unreadable": CELLS_GONE,
    "far_date": CELLS_GONE,
    "unknown_word": CELLS_GONE,
    "mostly_unread": CELLS_GONE,
    "not_finite": CELLS_GONE,
    "negative_duration": CELLS_GONE,
    "column_missing": CELLS_GONE,
    "untold": CELLS_GONE,
    "other_tickets": ROWS_GONE,
    "undated_solves": CELLS_GONE,
    "lone_date": mark("what happened then has not happened yet"),
    "sentinel_date": mark("what such a date stands for has not happened yet"),
    "ambiguous_dates": mark("if the order is the other one, days and months are exchanged"),
    "exchanged_dates": mark("if the dates were right as they are, days and months are exchanged"),
    "rounded_id": mark("different ids may count as one"),
    "business_hours": mark("nights and weekends are not in these times"),
    "closed_as_solved": mark("solving takes as long as closing"),
    "reopened": mark("they are in the backlog, not among the solved"),
    "complaint_words": mark("other words for complaints are not counted"),
    "instant_answers": mark("answers look faster than people gave them"),
    "backward_wait": CELLS_GONE,
    "much_unread": CELLS_GONE,
    "unit_unknown": CELLS_GONE,
    "clock_unknown": CELLS_GONE,
    "groups_unknown": CELLS_GONE,
    "all_answered": mark("the response rate looks higher than it is"),
    "blank_is_no": mark("if an empty cell means that nobody knows, the share is higher"),
    "backward_column": mark("one of the two dates is not what it is taken for"),
    "answered_after_solved": mark("one of the two dates is not what it is taken for"),
    "answered_at_once": mark("answers look faster than people gave them"),
    "answered_together": mark("answers look slower or faster than people gave them"),
    "waits_of_years": mark("they raise the mean more than all others"),
    "untimed": mark("times under a day cannot be known"),
    "repeated_ids": mark("if the latest is not the right one, an old state counts"),
    "constant_status": mark("it cannot be compared, nor cut by"),
    "complaint_parts": mark("other words for complaints are not counted"),
    "constant": mark("it cannot be compared, nor cut by"),
    "midnight": mark("times under a day cannot be known"),
    "future": mark("unless they are few and far, the report takes the latest of them for its own moment"),
    "far_past": mark("they stretch the span of the report"),
    "row_limit": mark("rows may be missing at one end"),
}


def effect(code: str, field: str | None) -> str:
    """The effect of a problem with this code, empty where it has none; some depend on the reason in `field`."""
    return EFFECTS.get(f"{code}.{field}") or EFFECTS.get(code, "")
