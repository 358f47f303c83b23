import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache

import duckdb
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.dimensions.condition import MAX_CHARACTERS, parse_where

WORDS = ("email", "Email", "chat", "по почте", "a.b*", "x_y", "50%", "", "it's")
DAYS = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
TYPES = {
    "n": (pl.Int64(), "DOUBLE"),
    "cost": (pl.Float64(), "DOUBLE"),
    "channel": (pl.Categorical(), "VARCHAR"),
    "the topic": (pl.String(), "VARCHAR"),
    "created_at": (pl.Datetime("us", "UTC"), "TIMESTAMP"),
    "is_spam": (pl.Boolean(), "BOOLEAN"),
}
SCHEMA = {name: ours for name, (ours, _) in TYPES.items()}


@cache
def tables(seed):
    """The same random rows as a frame and as a table of a second engine."""
    chance = random.Random(seed)
    values = {
        "n": range(-2, 4), "cost": (-1.5, 0.0, 0.5, 2.0), "channel": WORDS, "the topic": WORDS,
        "created_at": [day + timedelta(hours=hours) for day in DAYS for hours in (0, 7)], "is_spam": (True, False),
    }  # fmt: skip
    rows = [
        tuple(None if chance.random() < 0.2 else chance.choice(kind) for kind in values.values())
        for _ in range(60)
    ]
    database = duckdb.connect()
    for setting in ("ieee_floating_point_ops", "error_on_division_by_zero"):
        database.execute(f"SET {setting} = false")
    columns = ", ".join(f'"{name}" {theirs}' for name, (_, theirs) in TYPES.items())
    database.execute(f"CREATE TABLE rows (i INTEGER, {columns})")
    naive = [
        [cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in row] for row in rows
    ]
    database.executemany(
        "INSERT INTO rows VALUES (?,?,?,?,?,?,?)", [[i, *row] for i, row in enumerate(naive)]
    )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_row_index("i"), database


def quoted(word):
    return "'" + word.replace("'", "''") + "'"


def joined(template, *parts):
    return st.tuples(*parts).map(lambda chosen: template.format(*chosen))


numbers = st.recursive(
    st.sampled_from(["n", "cost", "0", "1", "2.5", "(-1)", "null"]),
    lambda part: st.one_of(
        joined("{} {} {}", part, st.sampled_from("+-*/"), part),
        joined("({})", part),
        joined("(-({}))", part),
        joined("coalesce({}, {})", part, part),
        joined("(case when is_spam then {} when cost > n then {} else {} end)", part, part, part),
    ),
    max_leaves=4,
)
texts = st.one_of(st.sampled_from(["channel", '"the topic"', "null"]), st.sampled_from(WORDS).map(quoted))
times = st.sampled_from(["created_at", "TIMESTAMP '2026-01-02 07:00:00'"])
instants = st.sampled_from(
    ["created_at", "'2026-01-02'", "'2026-01-02 07:00:00'", "DATE '2026-01-03'", "null"]
)
patterns = (
    st.lists(st.sampled_from([*WORDS, "%", "_", "A", "П", "MAIL"]), max_size=3).map("".join).map(quoted)
)
compare = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
maybe_not = st.sampled_from(["", "not "])


def about(kind, literal):
    return st.one_of(
        joined("{} {} {}", kind, compare, literal),
        joined("{} {}between {} and {}", kind, maybe_not, literal, literal),
        joined("{} {}in ({}, {})", kind, maybe_not, literal, literal),
        joined("({}) is {}null", kind, maybe_not),
    )


leaves = st.one_of(
    about(numbers, numbers),
    about(texts, texts),
    about(times, instants),
    joined("{} {}like {}", texts, maybe_not, patterns),
    st.sampled_from(
        ["is_spam", "not is_spam", "is_spam = true", "is_spam <> false", "true", "false", "1 = 1"]
    ),
)
conditions = st.recursive(
    leaves,
    lambda part: st.one_of(
        joined("{} {} {}", part, st.sampled_from(["and", "or"]), part), joined("{}({})", maybe_not, part)
    ),
    max_leaves=5,
)


@settings(max_examples=100)
@given(st.integers(0, 3), conditions)
@example(0, "n not in (1, null) or channel = null or not (n > null)")
@example(0, "n / 0 is null")
@example(0, "channel like '%\\%' or channel like 'A.B*'")
def test_keeps_the_rows_a_second_engine_keeps(seed, condition):
    frame, database = tables(seed)
    kept = frame.lazy().filter(parse_where(condition).compile_condition(SCHEMA)).collect()["i"].to_list()
    theirs = condition.replace("like", "ilike")
    assert kept == [
        i for (i,) in database.execute(f"SELECT i FROM rows WHERE {theirs} ORDER BY i").fetchall()
    ]


@given(conditions)
def test_reads_no_columns_but_those_it_names(condition):
    where = parse_where(condition)
    used = {name for name in TYPES if (f'"{name}"' if " " in name else name) in condition}
    assert where.columns <= used
    assert where.columns == set(where.compile_condition(SCHEMA).meta.root_names()) or "null" in condition


@given(st.lists(
    st.sampled_from([*"()+-*/=<>,;.:'\"[]{}@?~!|&^%\n", "n", "channel", "is_spam", "1", "2.", "'x'", "select", "from",
                     "read_csv", "case", "when", "then", "end", "cast", "as", "interval", "exists", "date", "like", "in",
                     "is", "not", "null", "between", "and", "or", "true", "else", "coalesce (", "comment", "1e999", "0x1f", "--", "/*", "*/"]),
    max_size=12,
).map(" ".join) | st.text(max_size=30))  # fmt: skip
@settings(max_examples=100)
def test_any_text_is_a_condition_or_a_problem_of_the_users(text):
    with suppress(UsageProblem):
        bound = parse_where(text).compile_condition(SCHEMA)
        assert tables(0)[0].select(bound).dtypes == [pl.Boolean]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("select 1", (1, 1), "select"),
        ("n in (select n from rows)", (1, 7), "select"),
        ("n = 1; drop table rows", (1, 6), ";"),
        ("n = 1 or\n  read_csv('/etc/passwd') = 1", (2, 3), "read_csv("),
        ("lpad(channel, 1000000000, 'x') = ''", (1, 1), "lpad("),
        ("is_spam or exists(select 1)", (1, 12), "exists"),
        ("if(is_spam, true, false)", (1, 1), "if("),
        ("case n when 1 then true end", (1, 6), "CASE n WHEN 1 THEN TRUE END"),
        ("n::text = '1'", (1, 2), "::"),
        ("ticket.n = 1", (1, 7), "."),
        ("n % 2 = 0", (1, 3), "%"),
        ("n = @x", (1, 5), "@"),
        ("true and channel || 'x' = 'emailx'", (1, 18), "||"),
        ("channel = current_user", (1, 11), "current_user"),
        ("n[1] = 2", (1, 2), "["),
        ("n in ()", (1, 1), "n IN ()"),
        ("is_spam is true", (1, 1), "is_spam IS TRUE"),
        ('is_spam and channel like "the topic"', (1, 13), 'channel LIKE "the topic"'),
    ],
)  # fmt: skip
def test_names_what_is_not_allowed_and_where(text, where, what):
    with pytest.raises(UsageProblem) as caught:
        parse_where(text)
    line, column = where
    assert str(caught.value).startswith(f"condition: line {line}, column {column}: {what} is not allowed; ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing there"),
        ("-- all of them", "nothing there"),
        ("n =", "line 1, column 3: lost at ="),
        ("n = 1 and\n(n = 2))", "line 2, column 8: lost at )"),
        ("channel = 'email", "a quote is not closed"),
        ("(" * 60 + "is_spam" + ")" * 60, "nested too deeply"),
        ("not " * 101 + "is_spam", "nested too deeply"),
        ("is_spam or " * 101 + "is_spam", "nested too deeply"),
        ("is_spam" + " " * MAX_CHARACTERS, f"10007 characters; {MAX_CHARACTERS} at most"),
    ],
)
def test_says_why_a_text_is_no_condition(text, message):
    with pytest.raises(UsageProblem) as caught:
        parse_where(text)
    assert f"condition: {message}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chanel = 'email'", "line 1, column 1: no column chanel; did you mean channel?"),
        ("is_spam and channel = 5", "line 1, column 23: text is compared with a number"),
        ("n", "line 1, column 1: a number where true or false is needed"),
        ("channel + 1 > 2", "line 1, column 1: text where a number is needed"),
        ("n like '1%'", "line 1, column 1: a number where text is needed"),
        ("created_at > '31.01.2026'", "line 1, column 14: not a date"),
        ("created_at > channel", "line 1, column 14: not a date"),
        ("n > 12e", "line 1, column 5: 12e is no number"),
        ("created_at > 20260101", "line 1, column 14: a time is compared with a number"),
        ("created_at > '0001-01-01'", "line 1, column 14: not a date"),
        ("tags is null", "line 1, column 1: column tags cannot be used"),
    ],
)
def test_says_why_a_condition_does_not_fit_the_columns(text, message):
    with pytest.raises(UsageProblem) as caught:
        parse_where(text).compile_condition({**SCHEMA, "tags": pl.List(pl.String)}, "Europe/Moscow")
    assert f"condition: {message}" in str(caught.value)


def test_texts_are_exact_and_patterns_are_not():
    frame = pl.DataFrame({"channel": ["email", "Email", "e-mail"]})
    kept = [
        frame.filter(parse_where(text).compile_condition(frame.schema))["channel"].to_list()
        for text in ("channel = 'email'", "channel like 'E%L'", "channel like 'e_mail'")
    ]
    assert kept == [["email"], ["email", "Email", "e-mail"], ["e-mail"]]


def test_a_date_is_midnight_in_the_time_zone_of_the_report():
    frame = pl.DataFrame({"created_at": [DAYS[0] - timedelta(hours=3), DAYS[0]]})
    condition = parse_where("created_at < '2026-01-01'")
    assert frame.filter(condition.compile_condition(frame.schema)).height == 1
    assert frame.filter(condition.compile_condition(frame.schema, "Europe/Moscow")).height == 0
    assert frame.filter(condition.compile_condition(frame.schema, "America/New_York")).height == 2


def test_an_offset_says_the_instant_whatever_the_time_zone():
    frame = pl.DataFrame({"created_at": [DAYS[1]]})
    condition = parse_where("created_at = '2026-01-02T03:00:00+03:00'")
    assert frame.filter(condition.compile_condition(frame.schema, "Asia/Tokyo")).height == 1


def test_whole_numbers_do_not_wrap():
    frame = pl.DataFrame({"n": [2**31 - 1]}, schema={"n": pl.Int32})
    assert frame.filter(parse_where("n + 1 > n and n * n > n").compile_condition(frame.schema)).height == 1


NUMERIC = {**SCHEMA, "the topic:number": pl.Float64(), "id": pl.UInt64()}


def test_numbers_are_read_in_words_and_lengths_of_time_in_seconds():
    frame = pl.DataFrame(
        {"the topic": ["5", "x"], "the topic:number": [5.0, None], "created_at": [DAYS[0], DAYS[1]]}
    )

    def number(text):
        return frame.select(parse_where(text).compile_number(NUMERIC)).to_series().to_list()

    assert number('"the topic" * 2') == [10.0, None]
    assert number('coalesce("the topic", 1)') == [5.0, 1.0]
    assert number("created_at - timestamp '2026-01-01'") == [0.0, 86_400.0]
    assert number("created_at - created_at") == [0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id > '7'", "an id is compared with text"),
        ("id = 7", "an id is compared with a number"),
        ("case when is_spam then 1 else 'x' end = 1", "a number in one place and text in another"),
        ("coalesce(created_at, 1) is null", "a time in one place and a number in another"),
        ("created_at - n > 1", "a time where a number is needed"),
    ],
)
def test_kinds_are_kept_apart(text, what):
    with pytest.raises(UsageProblem, match=what):
        parse_where(text).compile_condition(NUMERIC)


def test_minus_signs_in_a_row_cost_no_more_than_they_are():
    assert parse_where(" - ".join(["n"] * 80)).compile_number(SCHEMA) is not None
