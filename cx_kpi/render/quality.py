"""The check of data for a terminal and as JSON."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from cx_kpi.language import Language, mark
from cx_kpi.quality import Field, File, Problem, Quality
from cx_kpi.render import json, labels
from cx_kpi.render.layout import Column, Piece, broken, cropped, first, headlines, needed, rest
from cx_kpi.render.marks import ALARM, STYLE
from cx_kpi.render.safe import cleaned, file_name
from cx_kpi.render.terminal import WIDTH, paragraph, printed
from cx_kpi.report import LeftOut, Unit
from cx_kpi.words import Words

EMPTY = mark("empty")
HEADER = 28  # cells
METRICS = 6  # ids named of those a problem moves
UNUSED = 12  # headers named
SEPARATORS = {
    ",": mark("comma"), ";": mark("semicolon"), "\t": mark("tab"), "|": mark("bar"), "¤": mark("currency sign")
}  # fmt: skip
REASONS = {
    "damaged": mark("damaged"),
    "apart": mark("dropped or folded"),
    "incomplete": mark("without id or date"),
    "kindless": mark("of an unknown kind"),
    "unscored": mark("without score"),
    "duplicate": mark("repeated"),
    "deleted": mark("deleted"),
    "spam": mark("spam"),
    "merged": mark("merged"),
    "test": mark("tests"),
    "backwards": mark("backwards in time"),
}


def as_json(quality: Quality) -> str:
    """The check as JSON text, a newline at its end."""
    return json.dumps(quality.as_dict())


def render(quality: Quality, width: int = WIDTH, color: bool = False, unicode: bool = True) -> str:
    """The check in lines of at most `width` cells; without `unicode`: no glyphs beyond letters."""
    sheet = _Sheet(cleaned(quality), Words(Language(quality.language)), width)
    return printed(sheet.lines(), width, color, unicode)


class _Sheet:
    """Lays out a check."""

    def __init__(self, quality: Quality, words: Words, width: int) -> None:
        self._quality, self._words, self._width = quality, words, width
        self.language = words.language

    def lines(self) -> Iterator[Text]:
        """Everything from top to bottom."""
        yield from self._paragraph(" · ".join((self.language("Data quality"), self._totals())), style="bold")
        for file in self._quality.files:
            yield Text("")
            yield from self._file(file)
        yield from self._problems()
        yield from self._left_out()

    def _paragraph(self, text: str, lead: str = "", lead_style: str = "", style: str = "") -> Iterator[Text]:
        return paragraph(text, self._width, lead, lead_style, style)

    def _count(self, n: int) -> str:
        return self._words.numerals.decimal(n)

    def _share(self, share: float | None) -> str:
        return "" if share is None else self._words.value(share, Unit.SHARE, trim=True)

    def _totals(self) -> str:
        files = self._quality.files
        rows = sum(file.rows for file in files)
        return ", ".join(
            [
                self.language.plural("{n} file", "{n} files", len(files)),
                self.language.plural("{n} row", "{n} rows", rows, n=self._count(rows)),
                self.language("{n} used", n=self._count(sum(file.used for file in files))),
            ]
        )

    def _file(self, file: File) -> Iterator[Text]:
        name = file_name(file.path)
        longest = max(map(cell_len, (name, *(each.field for each in file.fields))))
        columns = self._columns(file.fields)
        while len(columns) > 1 and needed(columns) + longest > self._width:
            columns.pop()
        room = min(max(self._width - needed(columns), 1), longest)
        yield from headlines(name, columns, room, self._width)
        yield from self._paragraph(" · ".join(self._about(file)), style="dim")
        for place, each in enumerate(file.fields):
            start, *more = first(Piece(each.field, "" if each.metrics else "dim"), room)
            yield start + rest(columns, place)
            yield from more
        if file.unused:
            unused = self.language("Not used: {names}", names=self._listed(file.unused, UNUSED))
            yield from self._paragraph(unused, style="dim")

    def _about(self, file: File) -> Iterator[str]:
        yield self.language(labels.TABLE.get(file.table, EMPTY)) + (f", {file.preset}" if file.preset else "")
        if file.encoding:
            yield file.encoding
        if file.separator:
            yield self.language(SEPARATORS.get(file.separator, file.separator))
        yield self.language.plural("{n} row", "{n} rows", file.rows, n=self._count(file.rows))
        yield self.language("{n} used", n=self._count(file.used))
        aside = [f"{self._count(n)} {self.language(REASONS[reason])}" for reason, n in file.set_aside.items()]
        if aside:
            yield self.language("set aside: {names}", names=", ".join(aside))
        if file.filtered:
            yield self.language("{n} filtered out", n=self._count(file.filtered))

    def _columns(self, fields: Sequence[Field]) -> list[Column]:
        """The most telling columns first: a narrow terminal goes without the last."""
        headers = [Piece(cropped(each.header, HEADER), "dim") for each in fields]
        return [
            Column(self.language("Filled"), [Piece(self._share(each.completeness)) for each in fields]),
            Column(self.language("Readable"), [self._validity(each) for each in fields]),
            Column(self.language("Metrics"), [Piece(str(len(each.metrics) or ""), "dim") for each in fields]),
            Column(self.language("Column"), headers, right=False),
        ]

    def _validity(self, field: Field) -> Piece:
        wrong = field.validity is not None and field.validity < 1
        return Piece(self._share(field.validity), "red" if wrong else "")

    def _problems(self) -> Iterator[Text]:
        if self._quality.problems:
            yield Text("")
            yield from headlines(self.language("Problems"), (), self._width, self._width)
        for each in self._quality.problems:
            style = STYLE[labels.LEVEL_TONE[each.level]]
            where = file_name(each.path or "") or (
                self.language(labels.TABLE[each.table]) if each.table else ""
            )
            text = f"{where}: {each.message}" if where else each.message
            yield from self._paragraph(text, f"{ALARM} " if style else "· ", style or "dim")
            yield from self._moves(each)

    def _moves(self, problem: Problem) -> Iterator[Text]:
        """What a problem does, and to which metrics."""
        share = f" ({self._share(problem.share)})" if problem.share else ""
        if problem.effect:
            metrics = f": {self._metrics(problem)}" if problem.metrics else ""
            for line in broken(f"{problem.effect}{share}{metrics}", self._width - 4):
                yield Text(f"    {line}", "dim")

    def _metrics(self, problem: Problem) -> str:
        """All metrics of a table in a word, others by name."""
        n = len(problem.metrics)
        if problem.whole:
            return self.language.plural("{n} metric of this table", "all {n} metrics of this table", n)
        return self._listed(problem.metrics, METRICS)

    def _left_out(self) -> Iterator[Text]:
        reasons: dict[str, list[LeftOut]] = {}
        for left in self._quality.left_out:
            reasons.setdefault(left.why, []).append(left)
        if reasons:
            yield Text("")
            yield from headlines(self.language("Cannot be computed"), (), self._width, self._width)
        for why, metrics in reasons.items():
            yield from self._paragraph(f"{why}: {', '.join(each.metric for each in metrics)}", "· ", "dim")

    def _listed(self, names: Sequence[str], most: int) -> str:
        more = len(names) - most
        tail = [self.language.plural("{n} more", "{n} more", more)] if more > 0 else []
        return ", ".join([*names[:most], *tail])
