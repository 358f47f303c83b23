"""How many segments a cut may have: a column of names or numbers is none to cut by, and would fill any memory."""

from dataclasses import replace
from math import prod

from cx_kpi.engine.aggregation.cuts import Cut
from cx_kpi.engine.results import Work
from cx_kpi.model.errors import UsageProblem
from cx_kpi.normalise.vocabulary.notices import notice
from cx_kpi.wording.language import Language

MOST = 20_000  # where somebody asked for them
USUAL = 1_000  # where nobody did


def bounded(work: Work) -> Work:
    """The cuts that have few enough segments; a default cut with more is left out, with a notice.

    Raises `UsageProblem` for one that was asked for.
    """
    sizes = {cut: _size(work, cut) for cut in work.cuts}
    most = USUAL if work.options.by is None else MOST
    broad = [cut for cut, size in sizes.items() if size > most]
    if not broad:
        return work
    if work.options.by is not None:
        name, size = ",".join(broad[0]), sizes[broad[0]]
        raise UsageProblem(
            f"--by {name}: up to {size:,} segments, and at most {MOST:,} are taken; cut by less, or filter with --where"
        )
    language = Language(work.options.language)
    said = [notice("broad_cut", language, field=",".join(cut), rows=sizes[cut]) for cut in broad]
    return replace(
        work, cuts=tuple(cut for cut in work.cuts if cut not in broad), notices=(*work.notices, *said)
    )


def _size(work: Work, cut: Cut) -> int:
    """How many segments a cut can have, in the table where they are most."""
    tables = [rows for rows in work.rows.values() if rows.columns.issuperset(cut)]
    return max((prod(rows.series(name).n_unique() for name in cut) for rows in tables), default=0)
