"""The reader of each kind of column."""

from collections.abc import Callable, Mapping

from cx_kpi.model.schema import Kind
from cx_kpi.normalise.values.readers.read_amounts import read_count, read_number, read_seconds
from cx_kpi.normalise.values.readers.read_keys import read_key, read_present, read_text
from cx_kpi.normalise.values.readers.read_times import read_time
from cx_kpi.normalise.values.readers.read_words import read_answer, read_category, read_flag, read_raw
from cx_kpi.normalise.values.readers.reader import ANSWERS, RAW, Context, Reader
from cx_kpi.normalise.vocabulary.rules import Rule

_READERS: Mapping[str, Callable[[str, Rule, Context], Reader]] = {
    Kind.KEY: read_key,
    Kind.TIME: read_time,
    Kind.SECONDS: read_seconds,
    Kind.CATEGORY: read_category,
    Kind.FLAG: read_flag,
    Kind.COUNT: read_count,
    Kind.NUMBER: read_number,
    Kind.TEXT: read_text,
    ANSWERS: read_answer,
    RAW: read_raw,
}


def reader(name: str, kind: str, rule: Rule, context: Context) -> Reader:
    """The reader of one column, by what it holds and what type it has already."""
    return read_present(name, rule, context, kind) if rule.present else _READERS[kind](name, rule, context)
