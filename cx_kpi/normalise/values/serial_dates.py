"""Dates as spreadsheets store them: days since the end of 1899, such as 44927.5 for noon on 1 January 2023."""

import polars as pl

SERIAL = "serial"  # stands for this format beside strptime's
_FIRST, _LAST = 29221.0, 73050.0  # 1980 and 2100; numbers beyond are taken for something else
_ZERO = pl.datetime(1899, 12, 30, time_unit="us")
_MILLISECONDS = 86_400_000  # in a day


def are_serials(cells: pl.Series) -> bool:
    """Whether every cell, text or number, can be such a date."""
    if not len(cells):
        return False
    numbers = cells.to_frame().select(_numbers(pl.first(), text=cells.dtype == pl.String)).to_series()
    return bool(numbers.is_between(_FIRST, _LAST).fill_null(value=False).all())


def from_serials(cells: pl.Expr, *, text: bool) -> pl.Expr:
    """Numbers of days to wall-clock times, to the millisecond; null outside of the years 1980 to 2100."""
    numbers = _numbers(cells, text=text)
    known = pl.when(numbers.is_between(_FIRST, _LAST)).then(numbers)
    return _ZERO + pl.duration(milliseconds=(known * _MILLISECONDS).round().cast(pl.Int64), time_unit="us")


def _numbers(cells: pl.Expr, *, text: bool) -> pl.Expr:
    plain = cells.str.strip_chars().str.replace(",", ".", literal=True) if text else cells
    return plain.cast(pl.Float64, strict=False)
