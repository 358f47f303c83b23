"""One ticket under two spellings of its id, such as `1001` and `1001.0`, under one; two with other dates stay two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import Notice
from cx_kpi.model.values import Level
from cx_kpi.normalise.dimensions.dimension_sources import LINK
from cx_kpi.normalise.dimensions.id_spelling import ID, id_text, number_in, with_ids
from cx_kpi.normalise.values.proved_units import instants
from cx_kpi.normalise.vocabulary.notices import told
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.read.raw.source import Phrase, Remark
from cx_kpi.wording.language import Language, mark

_CLOCK = "created_at"
_SAME, _OTHER = 0.9, 0.1  # of the pairs, how many must begin together, and may if they are others
_DOUBT = 0.5  # such a part tells nothing
_MOMENTS = 3  # are no chance; tickets that all began at once are one by nothing but that
_PAIRS = 10_000  # are enough to tell
_FEW = 6  # ways of writing: more of them are no numbers behind something
_MINUTE = pl.duration(minutes=1)
_ONE = mark(
    "{field}: ids such as {example} ({rows}) are ids of other rows, spelt otherwise; each ticket counts once."
)
_PERHAPS = mark(
    "{field}: ids such as {example} ({rows}) may be ids of other rows, spelt otherwise; they count apart."
)


@dataclass(frozen=True, slots=True)
class _Usual:
    """How most ids are written: what may stand before the number, what stands behind, and its digits where it has zeros before it."""

    before: Mapping[str, str]  # any spelling of it: this one
    behind: str
    digits: int

    def written(self, text: pl.Expr) -> pl.Expr:
        """The ids in this spelling, where they can be."""
        before = text.str.extract(ID, 1).replace_strict(self.before, default=None, return_dtype=pl.String)
        return (before + number_in(text, self.digits) + pl.lit(self.behind)).fill_null(text)


def with_one_spelling(
    mapped: Sequence[Mapped], language: Language
) -> tuple[tuple[Mapped, ...], list[Notice]]:
    """The files, with ids of tickets that are spelt in two ways in one of them, and the notice about it."""
    tickets = [each for each in mapped if _is_asked(each)]
    usual = _usual(tickets)
    pairs, rows = _pairs(tickets, usual) if usual else (pl.DataFrame(), 0)
    alike = _alike(pairs) if rows else 0.0
    if usual is None or alike < _OTHER:
        return tuple(mapped), []
    is_one = alike >= _SAME
    found = tuple(_respelt(each, usual) for each in mapped) if is_one else tuple(mapped)
    text, level = (_ONE, Level.INFO) if is_one else (_PERHAPS, Level.WARNING)
    said = Phrase(text, {"field": LINK, "example": pairs[LINK][0], "rows": rows})
    notice = told(Remark("same_tickets", said, rows, level), language)
    return found, [replace(notice, table="tickets", field=LINK)]


def _is_asked(mapped: Mapped) -> bool:
    dated = mapped.table == "tickets" and {LINK, _CLOCK} <= mapped.fields.keys()
    return dated and not mapped.fields[LINK].made


def _usual(tickets: Sequence[Mapped]) -> _Usual | None:
    """How most ids of the first rows are written, where some are written otherwise."""
    samples = [each.source.sample.select(id_text(each).alias(LINK)) for each in tickets]
    return usual_of(pl.concat(samples).drop_nulls()) if samples else None


def usual_of(texts: pl.DataFrame) -> _Usual | None:
    """The same of ids of tickets."""
    if texts.is_empty() or texts.select(_are_alike(pl.col(LINK))).item():
        return None
    parts = texts.select(pl.col(LINK).str.extract_groups(ID)).to_series().struct.unnest()
    ids = parts.rename({"1": "before", "2": "number", "3": "behind"}).drop_nulls("number")
    usual = _most_usual(ids.with_columns(pl.col("behind").fill_null("")))
    is_other = usual and texts.select((usual.written(pl.col(LINK)) != pl.col(LINK)).any()).item()
    return usual if is_other else None


def _are_alike(ids: pl.Expr) -> pl.Expr:
    """Whether all are written in one way, which most are and is quickly seen: no number with zeros before or behind it."""
    return (_look(ids).n_unique() == 1) & ~ids.str.contains(r"(?:^|\D)0\d|\.0+$").any()


def _most_usual(ids: pl.DataFrame) -> _Usual | None:
    """The most frequent way of writing, if there are several and one can be written as another."""
    zeros, length = pl.col("number").str.contains(r"^0\d").alias("zeros"), pl.col("number").str.len_chars()
    looks = ids.group_by(_look(pl.col("before")), "behind", zeros, maintain_order=True).agg(
        "before", pl.len(), digits=length.unique()
    )
    if not 1 < looks.height <= _FEW:
        return None
    most = looks.sort("len", descending=True, maintain_order=True).row(0, named=True)
    if most["zeros"] and len(most["digits"]) > 1:
        return None
    before = _spellings(most["before"], ids["before"].unique().to_list())
    return _Usual(before, most["behind"], most["digits"][0] if most["zeros"] else 0)


def _look(text: pl.Expr) -> pl.Expr:
    """A text such as what stands before the number, whichever letters and digits: their case and the signs."""
    alike = text.str.replace_all(r"\d+", "0")
    return alike.str.replace_all(r"\p{Lu}+", "A").str.replace_all(r"\p{Ll}+", "a").alias("look")


def _spellings(usual: Sequence[str], met: Sequence[str]) -> dict[str, str]:
    """What is met before the number, and the usual spelling of it; not where it may be several."""
    ways: dict[str, set[str]] = {}
    for each in usual:
        ways.setdefault(_letters(each), set()).add(each)
    letters = {*ways, *map(_letters, met)} - {""}
    if len(letters) < 2 and len(ways) == 1:
        ways |= dict.fromkeys(("", *letters), next(iter(ways.values())))
    found = {each: ways.get(_letters(each), set()) for each in met}
    return {each: min(spelt) for each, spelt in found.items() if len(spelt) == 1}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _pairs(tickets: Sequence[Mapped], usual: _Usual) -> tuple[pl.DataFrame, int]:
    """Ids that are another's when written as usual, with the beginnings of both rows, and how many there are."""
    rows = pl.concat([_rows(each, number) for number, each in enumerate(tickets)])
    rows = rows.with_columns(usual=usual.written(pl.col(LINK)))
    other = rows.filter(pl.col(LINK) != pl.col("usual"))
    plain = rows.filter(pl.col(LINK) == pl.col("usual")).drop("usual")
    both = other.join(plain, left_on="usual", right_on=LINK, suffix=" usual", maintain_order="left")
    met = both.head(_PAIRS).collect()
    count = met.height if met.height < _PAIRS else int(both.select(pl.len()).collect().item())
    begun = pl.concat([met["begun"], met["begun usual"]]), pl.concat([met["file"], met["file usual"]])
    read = pl.DataFrame({"cell": begun[0], "file": begun[1]}).with_row_index("row")
    parsed = [_parsed(read.filter(pl.col("file") == number), each) for number, each in enumerate(tickets)]
    moments = pl.concat(parsed).sort("row")["moment"]
    return met.with_columns(first=moments.head(met.height), second=moments.tail(met.height)), count


def _parsed(rows: pl.DataFrame, mapped: Mapped) -> pl.DataFrame:
    found = instants(rows["cell"], mapped.fields[_CLOCK].format)
    moments = pl.Series([None] * rows.height, dtype=pl.Datetime("us")) if found is None else found
    return rows.select("row", moment=moments.cast(pl.Datetime("us")))


def _alike(pairs: pl.DataFrame) -> float:
    """The part of the pairs that began together; half at most, where they began at few moments or most cannot be read."""
    apart = (pl.col("first") - pl.col("second")).abs()
    same = pairs.select((apart <= _MINUTE).alias("same")).to_series()
    known, moments = same.drop_nulls(), pairs["first"].filter(same).n_unique()
    share = float(known.mean() or 0)  # type: ignore[arg-type]
    if 2 * len(known) <= pairs.height:
        return _DOUBT
    return share if moments >= _MOMENTS else min(share, _DOUBT)


def _rows(mapped: Mapped, number: int) -> pl.LazyFrame:
    begun = pl.col(mapped.fields[_CLOCK].header).cast(pl.String, strict=False).alias("begun")
    return mapped.source.frame.select(id_text(mapped).alias(LINK), begun, file=pl.lit(number)).drop_nulls(
        LINK
    )


def _respelt(mapped: Mapped, usual: _Usual) -> Mapped:
    """The file with its ids of tickets in the usual spelling."""
    return with_ids(mapped, usual.written(id_text(mapped))) if _is_asked(mapped) else mapped
