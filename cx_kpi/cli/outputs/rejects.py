"""The rows set aside: written to a file, and bounded."""

import re
from typing import TYPE_CHECKING

from cx_kpi.model.errors import InputProblem, UsageProblem
from cx_kpi.model.frozen import dataclass

if TYPE_CHECKING:
    from cx_kpi.api import Run
    from cx_kpi.render.files.atomic_write import Output

COLUMNS = ("file", "table", "line", "row", "id", "reason")
_BOUND = re.compile(r"(\d{1,15})|(\d{1,3}(?:[.,]\d{1,15})?)\s*%")


@dataclass(frozen=True, slots=True)
class Bound:
    """How many rows may be set aside: a number of them, or a share of all."""

    text: str
    rows: int | None = None
    share: float | None = None

    def exceeded(self, aside: int, rows: int) -> bool:
        """Whether that many of these rows are too many."""
        return aside > (self.rows if self.rows is not None else (self.share or 0.0) * rows)


def bound(text: str | None) -> Bound | None:
    """`20` or `0.5%`; raises `UsageProblem`."""
    found = _BOUND.fullmatch(text.strip()) if text else None
    if text is not None and not (found and _share(found) <= 1):
        raise UsageProblem(f"--max-rejects {text!r} is no number of rows; write it as 20 or 0.5%")
    if not text or not found:
        return None
    if found[1]:
        return Bound(text, rows=int(found[1]))
    return Bound(text, share=_share(found))


def _share(found: re.Match[str]) -> float:
    return float((found[2] or "0").replace(",", ".")) / 100


def handle(
    done: "Run", rejects: str | None, *, show_values: bool, strict: bool, limit: Bound | None
) -> "list[Output]":
    """The file of what was set aside, if asked for, to be written beside the report.

    Raises `InputProblem` beyond the limits; then there is no report, and the file is written at once.
    """
    from cx_kpi.render.files.atomic_write import write_all

    made = [_made(done, rejects, show_values=show_values)] if rejects else []
    try:
        _hold_to_limits(done, rejects, strict=strict, limit=limit)
    except InputProblem:
        write_all(made, [source.path for source in done.sources])
        raise
    return made


def _hold_to_limits(done: "Run", rejects: str | None, *, strict: bool, limit: Bound | None) -> None:
    if strict:
        _refuse_damage(done)
    folded = sum(each.plan.mapped.source.apart for table in done.loaded.values() for each in table.tallies)
    aside = sum(source.set_aside for source in done.sources) - folded
    rows = sum(source.rows for source in done.sources)
    if limit and limit.exceeded(aside, rows):
        raise InputProblem(
            f"{aside} of {rows} rows set aside, more than --max-rejects {limit.text} allows{_see(rejects)}"
        )


def _see(rejects: str | None) -> str:
    return f"; see {rejects}" if rejects else "; write them to a file with --rejects FILE"


def _made(done: "Run", path: str, *, show_values: bool) -> "Output":
    import csv
    from io import StringIO

    from cx_kpi.normalise.rejected import rejected
    from cx_kpi.render.elements.sanitise import clean
    from cx_kpi.render.files.atomic_write import Output
    from cx_kpi.render.files.csv import harmless
    from cx_kpi.wording.language import Language

    columns = (*COLUMNS, "content") if show_values else COLUMNS
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(columns)
    for each in rejected(done.loaded, Language(done.options.language), content=show_values):
        cells = (getattr(each, name) for name in columns)
        table.writerow([harmless(clean(cell)) if isinstance(cell, str) else cell for cell in cells])
    return Output(path, out.getvalue(), private=show_values)


def _refuse_damage(done: "Run") -> None:
    from cx_kpi.normalise.rejected import rejected
    from cx_kpi.wording.language import Language

    damage = [each for each in rejected(done.loaded, Language("en")) if each.damaged]
    if damage:
        first = damage[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        raise InputProblem(
            f"{place}: {first.reason}; {len(damage)} damaged rows in all, and --strict takes none"
        )
