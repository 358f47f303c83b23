"""What a reader of a column is: a fast expression over the whole column, and a careful reading of odd cells.

The fast way is chosen from the sample and runs inside the one scan. Cells it cannot read come back as
categories; the careful way sees each distinct one of them once. Every cell neither can read is counted.
"""

from collections.abc import Callable

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.values.day_or_month import Order

Careful = Callable[[pl.Series], pl.Series]  # distinct filled cells to their values, null where unreadable
RAW = "raw"  # a kind of column: words as they are, for the tables to make sense of
SPELLING = "spelling"  # a kind of column: ids as they are spelt
NO = "no"
BESIDE = "\x1f"  # between a word and the one beside it
SEED = 0  # of the hashes of ids
ANSWERS = "answers"  # a kind of column: a score and its scale


@dataclass(frozen=True, slots=True)
class Reader:
    """One output column. Without `fast`, every cell is read carefully; without `careful`, `fast` reads all."""

    name: str
    header: str
    kind: str
    fast: pl.Expr | None
    careful: Careful | None = None
    code: str = "unreadable"  # the notice for cells that cannot be read
    zone: str = "UTC"  # of dates without one
    beside: str | None = None  # a column whose word counts where this one's is not known
    blank: bool = False  # an empty cell says no
    nothing: frozenset[str] = frozenset()  # words of an id or a text that mean nothing, in lower case


def words_of(reader: Reader) -> pl.Expr:
    """The cells as text, each with that of the next column where the reader needs it."""
    text = pl.col(reader.header).cast(pl.String, strict=False)
    text = text.fill_null(NO) if reader.blank else text
    if reader.beside is None:
        return text
    return pl.concat_str([text, pl.col(reader.beside)], separator=BESIDE, ignore_nulls=True)


@dataclass(frozen=True, slots=True)
class Context:
    """What readers need to know of the file and the run."""

    sample: pl.DataFrame
    order: Order
    zone: str
    dayfirst: bool | None
