"""Several small whole numbers in one Int128: a single radix sort then orders by all of them at once."""

from collections.abc import Iterator

import polars as pl

AT_ONCE = 2_500_000  # rows that are sorted together: it takes some 60 bytes a row
FEW = 2_000  # rows, by measurement: for fewer, a plain list is sooner than a query
KEY_BITS = 53  # of a 64-bit hash; two of ten million keys meet once in two hundred runs
TIME_BITS = 42  # milliseconds since 1970, to the year 2109
ROW_BITS = 32


def short_hash(key: pl.Expr) -> pl.Expr:
    """The upper bits of a key's hash; null stays null."""
    return pl.when(key.is_not_null()).then(key.hash() // 2 ** (64 - KEY_BITS))


def milliseconds(instant: pl.Expr) -> pl.Expr:
    """Milliseconds since 1970 of an instant, from 0 on."""
    found: pl.Expr = (instant.to_physical() // 1000).clip(0, 2**TIME_BITS - 1)
    return found


def pack(first: pl.Expr, *rest: tuple[pl.Expr, int]) -> pl.Expr:
    """One Int128 from numbers of the given widths in bits, the first the most significant; null where any is null."""
    packed = first.cast(pl.Int128)
    for number, bits in rest:
        packed = packed * 2**bits + number.cast(pl.Int128)
    return packed


def lower(bits: int) -> pl.Expr:
    """The lowest bits of the packed column `key`, as Int64."""
    low: pl.Expr = pl.col("key") & (2**bits - 1)
    return low.cast(pl.Int64)


def upper(bits: int) -> pl.Expr:
    """What lies above the lowest bits of the packed column `key`, as Int128."""
    high: pl.Expr = pl.col("key") // 2**bits
    return high


def shares_of(rows: pl.LazyFrame, height: int) -> Iterator[pl.LazyFrame]:
    """So many rows in shares by their `key`, a hash; those without a key are in none."""
    shares = 2 ** (height // AT_ONCE).bit_length()
    for share in range(shares):
        yield rows.filter(pl.col("key") & (shares - 1) == share)


def ordered(numbers: pl.Series) -> pl.Series:
    """The known ones of some numbers in order: by one thread, as two that share a sort take twice its time."""
    return numbers.sort(multithreaded=False).slice(numbers.null_count())


def keys_of_groups(numbers: pl.Series | None, keys: pl.Series, size: int) -> pl.Series:
    """In one Int64 the number of a row's group, and as many upper bits of its key, a hash, as there is room for.

    It is null without a group (−1) or a key. Without numbers, all are in group 0.
    """
    bits = _bits_of_key(size)
    key = (pl.col("k") // 2 ** (64 - bits)).cast(pl.Int64)
    if numbers is None:
        return keys.alias("k").to_frame().lazy().select(key=key).collect()["key"]
    number = pl.col("n").cast(pl.Int64)
    frame = pl.DataFrame({"n": numbers, "k": keys}).lazy()
    return frame.select(key=pl.when(number >= 0).then(number * 2**bits + key)).collect()["key"]


def group_of_key(size: int) -> pl.Expr:
    """The number of the group in such a `key`, of so many groups."""
    number: pl.Expr = pl.col("key") // 2 ** _bits_of_key(size)
    return number.cast(pl.Int32)


def _bits_of_key(size: int) -> int:
    return 63 - size.bit_length()


def runs_of(order: pl.Series) -> pl.DataFrame:
    """Each value of ordered ones without null as `key`, and how many `times` it comes; in no order."""
    return order.rename("key").to_frame().lazy().group_by("key").agg(times=pl.len()).collect()
