"""The alarm: what a report says first, that much of a file is in none of its figures, or that two of its dates are swapped."""

from collections.abc import Iterator, Mapping

from cx_kpi.model.report import Source
from cx_kpi.model.values import Unit
from cx_kpi.normalise.rejected import WHY
from cx_kpi.normalise.tables.combine import Loaded, Tally
from cx_kpi.normalise.tables.exclusions import counts
from cx_kpi.normalise.vocabulary.notices import said
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

MUCH = 0.1  # more of a file's rows in no figure is said first
MOST = 0.5  # with more rows damaged there is no report, unless an option allows it
FAULTS = ("incomplete", "backwards", "kindless", "conflicting")  # reasons that make a row useless
SWAPPED = "backward_column"
OPEN = ("unscored",)  # reasons that may be usual, and are reported all the same
ASIDE = mark(
    "Set aside: {rows} of the {all} rows of {file} ({share}), most of them for: {why}. They are in no figure."
)


def alarm(loaded: Mapping[str, Loaded], language: Language) -> str:
    """Which files have more than a tenth of their rows set aside, and why, and which dates are most likely not what they are
    called; nothing where there are none.
    """
    swapped = (each.message for table in loaded.values() for each in table.notices if each.code == SWAPPED)
    return " ".join((*_said(loaded, language), *swapped))


def ruins(loaded: Mapping[str, Loaded]) -> Iterator[tuple[Source, int, Tally]]:
    """The files of which more than half of the rows are damaged, and how many rows that are."""
    for source, tally in _files(loaded):
        broken = faulty(tally)
        if broken > MOST * source.rows:
            yield source, broken, tally


def faulty(tally: Tally) -> int:
    """How many rows could not be read, or lack an id; entries that are no rows do not count."""
    damaged = sum(each.line > 0 for each in tally.plan.mapped.source.rejects)
    return damaged + sum(rows for reason, rows in counts(tally.code).items() if reason in FAULTS)


def why(tally: Tally, language: Language) -> str:
    """The most frequent reason in words."""
    rejects = tally.plan.mapped.source.rejects
    reasons = {
        language(WHY[name]): rows for name, rows in counts(tally.code).items() if name in (*FAULTS, *OPEN)
    }
    if rejects:
        reasons[said(rejects[0].reason, language)] = len(rejects)
    return max(reasons, key=lambda name: reasons[name])


def _files(loaded: Mapping[str, Loaded]) -> Iterator[tuple[Source, Tally]]:
    for table in loaded.values():
        yield from zip(table.sources, table.tallies, strict=True)


def _said(loaded: Mapping[str, Loaded], language: Language) -> Iterator[str]:
    words = Words(language)
    for source, tally in _files(loaded):
        open_ = sum(rows for reason, rows in counts(tally.code).items() if reason in OPEN)
        aside = open_ + sum(each.line == 0 for each in tally.plan.mapped.source.rejects) + faulty(tally)
        if aside > MUCH * source.rows:
            yield language(
                ASIDE,
                rows=words.numerals.decimal(aside),
                all=words.numerals.decimal(source.rows),
                file=source.path,
                share=words.value(aside / source.rows, Unit.SHARE, trim=True),
                why=why(tally, language),
            )
