"""Numbers in text: decimal commas, thousands apart, guards and currency signs."""

import polars as pl

from cx_kpi.model.frozen import dataclass

_SIGNS = r"[\s'’$€₽£¥%\u00a0\u202f\u2009]"
_DIGITS = r"^[0-9]{1,15}$"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$"
_THOUSANDS = r"^[+-]?\d{1,3}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d+)$"
_ONE_THOUSAND = r"^[+-]?\d{1,3},\d{3}$"
_DECIMAL_COMMA = r"^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$"
_DOTTED = r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$"
_ONE_DOTTED = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_GROUPS = r"^[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)$"
_TWO_SIGNS = r"[.,]\d+[.,]"
_NUMBER = r"^[+-]?\d[\d.,]*$"
_UNPARTED = r"^[+-]?(?:0\d|\d{4})"
_SEVERAL = 5  # cells
_TELLS_DECIMAL = r"^[+-]?\d+,(?:\d{1,2}|\d{4,})$"
_TELLS_POINT = r"^[+-]?(?:0\.\d*|\d+\.(?:\d{1,2}|\d{4,}))$"


def parse_numbers(words: pl.Series, *, grouped: bool | None = None) -> pl.Series:
    """Distinct cells to Float64; what is not a number is null.

    `1,234` is a thousand unless another cell of the column has a comma that can only be a decimal one; `1.234` is one
    where another has such a comma or two such points, and none a decimal point. `grouped` says it where no cell does.
    """
    text = _bare(words)
    if text.str.contains(_DIGITS).all():  # as most are, without a sign that could mean two things
        return text.cast(pl.Float64)
    decimal = grouped is False or bool(text.str.contains(_TELLS_DECIMAL).any())
    points = decimal or text.str.contains(_DOTTED).any() if grouped is None else grouped
    dotted = _ONE_DOTTED if points and not text.str.contains(_TELLS_POINT).any() else _DOTTED
    cell = pl.col("text")
    commas = cell.str.contains(_THOUSANDS) | (pl.lit(not decimal) & cell.str.contains(_ONE_THOUSAND))
    undotted = cell.str.replace_all(".", "", literal=True)
    chosen = (
        pl.when(cell.str.contains(dotted))
        .then(undotted)
        .when(cell.str.contains(_PLAIN))
        .then(cell)
        .when(commas)
        .then(cell.str.replace_all(",", "", literal=True))
        .when(cell.str.contains(_DECIMAL_COMMA))
        .then(undotted.str.replace(",", ".", literal=True))
        .when(cell.str.contains(_DOTTED))
        .then(undotted)
    )
    return text.to_frame().select(chosen.cast(pl.Float64, strict=False)).to_series()


@dataclass(frozen=True, slots=True)
class Groups:
    """Numbers such as `1.234`, in which the sign may part thousands as well as a fraction."""

    sign: str
    several: bool
    whole: float  # the part of the numbers other than 0 that have no sign and are below a thousand
    sure: bool  # whether one such as `1.234.567` tells


def groups(words: pl.Series) -> Groups | None:
    """What the cells tell of a sign between groups of three digits; None where no cell has one, or another rules it out."""
    text = _bare(words.drop_nulls())
    numbers = text.filter(text.str.contains(_NUMBER))
    signed = numbers.filter(numbers.str.contains("[.,]"))
    signs = signed.str.extract("([.,])").unique()
    tells = not signed.str.contains(_GROUPS).all() or numbers.str.contains(_UNPARTED).any()
    if tells or len(signs) != 1:
        return None
    whole = 1 - len(signed) / int((numbers != "0").sum())
    several = signed.n_unique() >= _SEVERAL
    return Groups(str(signs[0]), several, whole, bool(signed.str.contains(_TWO_SIGNS).any()))


def _bare(words: pl.Series) -> pl.Series:
    """The cells without blanks and the signs of money."""
    bare = pl.first().str.replace_all(_SIGNS, "").str.replace("−", "-", literal=True).str.to_lowercase()
    return words.to_frame().select(bare.alias("text")).to_series()
