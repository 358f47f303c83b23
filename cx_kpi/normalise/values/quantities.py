"""Numbers in text: decimal commas, thousands apart, guards and currency signs."""

import polars as pl

_SIGNS = r"[\s'’$€₽£¥%\u00a0\u202f\u2009]"
_PLAIN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$"
_THOUSANDS = r"^[+-]?\d{1,3}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d+)$"
_ONE_THOUSAND = r"^[+-]?\d{1,3},\d{3}$"
_DECIMAL_COMMA = r"^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$"
_DOTTED = r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$"
_ONE_DOTTED = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_TELLS_DECIMAL = r"^[+-]?\d+,(?:\d{1,2}|\d{4,})$"
_TELLS_POINT = r"^[+-]?(?:0\.\d*|\d+\.(?:\d{1,2}|\d{4,}))$"


def parse_numbers(words: pl.Series) -> pl.Series:
    """Distinct cells to Float64; what is not a number is null.

    `1,234` is a thousand unless another cell of the column has a comma that can only be a decimal one; `1.234` is one
    where another has such a comma, and none a decimal point.
    """
    bare = pl.first().str.replace_all(_SIGNS, "").str.replace("−", "-", literal=True).str.to_lowercase()
    text = words.to_frame().select(bare.alias("text")).to_series()
    decimal = bool(text.str.contains(_TELLS_DECIMAL).any())
    dotted = _ONE_DOTTED if decimal and not text.str.contains(_TELLS_POINT).any() else _DOTTED
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
