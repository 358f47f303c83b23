"""Ids of tickets that other files spell otherwise, such as `#0012` for `T-12`, spelt as the tickets are."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cx_kpi.model.frozen import dataclass
from cx_kpi.normalise.dimensions.dimension_sources import LINK
from cx_kpi.normalise.dimensions.id_spelling import ID, id_text, number_in, with_ids
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.normalise.vocabulary.rules import Mapped
from cx_kpi.wording.language import Language

NAMING = ("surveys", "calls", "ticket_events")
_MOSTLY = 0.5
_TWO = 2
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How ids are written: what stands around their number, and how many digits it has where all have as many."""

    before: str
    behind: str
    digits: int | None

    def written(self, text: pl.Expr) -> pl.Expr:
        """Ids of any spelling in this one."""
        return pl.concat_str(pl.lit(self.before), number_in(text, self.digits), pl.lit(self.behind))


def with_links(mapped: Sequence[Mapped], language: Language) -> tuple[Mapped, ...]:
    """The files, with the ids of tickets that one spells otherwise than all tickets in their spelling, where no doubt is left."""
    tickets = [each for each in mapped if each.table == "tickets" and LINK in each.fields]
    if not tickets or any(each.fields[LINK].made for each in tickets):
        return tuple(mapped)
    return tuple(_linked(each, tickets, language) for each in mapped)


def _linked(own: Mapped, tickets: Sequence[Mapped], language: Language) -> Mapped:
    """The file with its links spelt as the tickets are, if they are spelt otherwise and mean these."""
    if own.table not in NAMING or LINK not in own.fields or not _looks_other(own, tickets):
        return own
    ids = pl.concat([_ids(each.source.frame, each) for each in tickets]).unique().collect().to_series()
    named = _ids(own.source.frame, own).group_by(LINK).len().sort(LINK).collect()
    links, told = named[LINK], _spelling(ids)
    if told is None or not _means(links, ids, told):
        return own
    rows = int(named["len"].sum())
    said = notice("respelt", language, table=own.table, field=LINK, rows=rows, example=links[0])
    spelt = with_ids(own, told.written(id_text(own)))
    notices = (*own.source.notices, replace(said, path=own.source.path))
    return replace(spelt, source=replace(spelt.source, notices=notices))


def _looks_other(own: Mapped, tickets: Sequence[Mapped]) -> bool:
    """Whether no id of the first rows is one of the first tickets, and they are not written alike."""
    links = _ids(own.source.sample.lazy(), own).collect().to_series()
    ids = pl.concat([_ids(each.source.sample.lazy(), each) for each in tickets]).collect().to_series()
    if links.is_empty() or links.is_in(ids.implode()).any():
        return False
    ours, theirs = _spelling(links), _spelling(ids)
    return ours is not None and theirs is not None and ours != theirs


def _means(links: pl.Series, ids: pl.Series, told: Spelling) -> bool:
    """Whether the links are of one spelling and most of them mean one ticket each, none of which is named as it is."""
    ours = _spelling(links)
    if ours is None or links.is_in(ids.implode()).any():
        return False
    letters = {"".join(_LETTER.findall(each.before)).casefold() for each in (ours, told)} - {""}
    meant = links.to_frame("id").select(told.written(pl.col("id"))).to_series()
    there = int(meant.is_in(ids.implode()).sum())
    return len(letters) < _TWO and bool(meant.is_unique().all()) and there > _MOSTLY * len(meant)


def _spelling(ids: pl.Series) -> Spelling | None:
    """The one spelling of these ids; None where there are several."""
    parts = ids.to_frame("id").select(pl.col("id").str.extract_groups(ID)).to_series().struct.unnest()
    number, around = parts["2"], parts.select("1", pl.col("3").fill_null("")).unique()
    lengths = number.str.len_chars()
    if around.height != 1 or number.null_count():
        return None
    is_padded = bool((number.str.starts_with("0") & (lengths > 1)).any())
    if is_padded and lengths.n_unique() > 1:
        return None
    before, behind = around.row(0)
    return Spelling(before, behind, int(lengths[0]) if is_padded else None)


def _ids(frame: pl.LazyFrame, mapped: Mapped) -> pl.LazyFrame:
    """The filled ids of tickets of a file."""
    return frame.select(id_text(mapped).alias(LINK)).filter(pl.col(LINK).is_not_null() & (pl.col(LINK) != ""))
