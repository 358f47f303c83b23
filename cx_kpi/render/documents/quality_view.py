"""The check of data in words: from a `Quality` to a document."""

from collections.abc import Iterator, Sequence

from cx_kpi.model.documents.quality import Field, File, Problem, Quality
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.report import LeftOut
from cx_kpi.model.values import Level, Unit
from cx_kpi.render.elements import labels
from cx_kpi.render.elements.anchors import anchor
from cx_kpi.render.elements.report_view import Cell, Reason, Remark, Table, Tone
from cx_kpi.render.elements.sanitise import cleaned, file_name
from cx_kpi.render.view.notice_order import few
from cx_kpi.wording.language import Language, mark
from cx_kpi.wording.units import Words

HEADS = (mark("Field"), mark("Filled"), mark("Readable"), mark("Metrics"), mark("Column"))
READ_AS = mark("Read as {table} ({points} points): {why}.")
NEXT_BEST = mark("Next best: {table} ({points} points): {why}.")
MOST_FILES = 100  # that are shown one by one
METRICS = 6  # ids named of those a problem moves
UNUSED = 12  # headers named
SEPARATORS = {
    ",": mark("comma"), ";": mark("semicolon"), "\t": mark("tab"), "|": mark("bar"), "¤": mark("currency sign")
}  # fmt: skip
EMPTY = mark("empty")
REASONS = {
    "damaged": mark("damaged"),
    "apart": mark("dropped or folded"),
    "incomplete": mark("without id or date"),
    "kindless": mark("of an unknown kind"),
    "unscored": mark("without score"),
    "duplicate": mark("repeated"),
    "conflicting": mark("repeated with other content"),
    "deleted": mark("deleted"),
    "spam": mark("spam"),
    "merged": mark("merged"),
    "test": mark("tests"),
    "backwards": mark("backwards in time"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file: what is known of it, its fields as a table, of each the shares filled and readable, and the rest."""

    name: str
    anchor: str
    about: list[str]
    table: Table
    shares: list[tuple[float, float]]  # of all rows; (0, 0) where not known
    cuts: str
    unused: str
    reading: list[str]  # as which table it is read and why, and which would be next best


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem, and what it does to which metrics."""

    remark: Remark
    effect: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a check shows."""

    language: str
    title: str
    tool: str
    totals: str
    worst: int  # warnings
    files: list[Checked]
    problems: list[Trouble]
    left_out: list[Reason]


def view(quality: Quality, whole: bool = False) -> Sheet:
    """The check as harmless texts in its language; `whole`: all unused columns are named."""
    return _Writer(cleaned(quality), Words(Language(quality.language)), whole).sheet()


@dataclass(frozen=True)
class _Writer:
    """Puts a check into words."""

    quality: Quality
    words: Words
    whole: bool

    @property
    def _(self) -> Language:
        return self.words.language

    def sheet(self) -> Sheet:
        """Everything."""
        made = self.quality
        problems = [Trouble(self._remark(each), self._effect(each)) for each in few(made.problems)]
        return Sheet(
            language=made.language,
            title=self._("Data quality"),
            tool=f"{made.tool.name} {made.tool.version}",
            totals=self._totals(),
            worst=sum(labels.LEVEL_TONE[each.level] is not Tone.PLAIN for each in made.problems),
            files=[self._file(each, place) for place, each in enumerate(made.files[:MOST_FILES], 1)],
            problems=[
                *problems,
                *self._more(len(made.problems) - len(problems), len(made.files) - MOST_FILES),
            ],
            left_out=self._left_out(made.left_out),
        )

    def _more(self, problems: int, files: int) -> Iterator[Trouble]:
        """What a page would be too long with."""
        level = Level.INFO
        told = (
            (problems, self._.plural("{n} more notice", "{n} more notices", problems)),
            (files, self._.plural("{n} more file", "{n} more files", files)),
        )
        for left, text in told:
            if left > 0:
                yield Trouble(Remark(labels.LEVEL_TONE[level], self._(labels.LEVEL[level]), text, ""), "")

    def _count(self, n: int) -> str:
        return self.words.numerals.decimal(n)

    def _share(self, share: float | None) -> str:
        return "" if share is None else self.words.value(share, Unit.SHARE, trim=True)

    def _totals(self) -> str:
        files = self.quality.files
        rows = sum(file.rows for file in files)
        return ", ".join(
            [
                self._.plural("{n} file", "{n} files", len(files)),
                self._.plural("{n} row", "{n} rows", rows, n=self._count(rows)),
                self._("{n} used", n=self._count(sum(file.used for file in files))),
            ]
        )

    def _file(self, file: File, place: int) -> Checked:
        heads = [self._(head) for head in HEADS]
        table = Table(file_name(file.path), heads, [self._row(each) for each in file.fields])
        cuts, unused = (
            self._names(file.cuts),
            self._names([each for each in file.unused if each not in file.cuts]),
        )
        return Checked(
            name=file_name(file.path),
            anchor=anchor("file", str(place)),
            about=list(self._about(file)),
            table=table,
            shares=[_shares(each, file.rows) for each in file.fields],
            cuts=self._("Can be cut by, with --by: {names}", names=cuts) if cuts else "",
            unused=self._("Not used, but can be by a metric of your own: {names}", names=unused)
            if unused
            else "",
            reading=list(self._reading(file)),
        )

    def _names(self, headers: Sequence[str]) -> str:
        return self._listed(headers, len(headers) if self.whole else UNUSED)

    def _reading(self, file: File) -> Iterator[str]:
        """What spoke for the table it is read as, and for the next best."""
        for choice, said in ((file.reading, READ_AS), (file.next_best, NEXT_BEST)):
            if choice:
                table, why = self._(labels.TABLE[choice.table]), "; ".join(choice.evidence)
                points = self.words.numerals.decimal(choice.points)
                yield self._(said, table=table, points=points, why=why)

    def _row(self, field: Field) -> list[Cell]:
        wrong = field.validity is not None and field.validity < 1
        return [
            Cell(field.field),
            Cell(self._share(field.completeness)),
            Cell(self._share(field.validity), Tone.BAD if wrong else Tone.PLAIN),
            Cell(str(len(field.metrics) or (self._("to cut by") if field.cuts else ""))),
            Cell(field.header),
        ]

    def _about(self, file: File) -> Iterator[str]:
        table = self._(labels.TABLE.get(file.table, EMPTY))
        yield f"{table}, {file.preset}" if file.preset else table
        if file.encoding:
            yield file.encoding
        if file.separator:
            yield self._(SEPARATORS.get(file.separator, file.separator))
        yield self._.plural("{n} row", "{n} rows", file.rows, n=self._count(file.rows))
        yield self._("{n} used", n=self._count(file.used))
        aside = [f"{self._count(n)} {self._(REASONS[reason])}" for reason, n in file.set_aside.items()]
        if aside:
            yield self._("set aside: {names}", names=", ".join(aside))
        if file.filtered:
            yield self._("{n} filtered out", n=self._count(file.filtered))

    def _remark(self, problem: Problem) -> Remark:
        table = self._(labels.TABLE[problem.table]) if problem.table else ""
        where = file_name(problem.path) if problem.path else table
        tone = labels.LEVEL_TONE[problem.level]
        return Remark(tone, self._(labels.LEVEL[problem.level]), problem.message, where)

    def _effect(self, problem: Problem) -> str:
        """What a problem does, and to which metrics."""
        if not problem.effect:
            return ""
        share = f" ({self._share(problem.share)})" if problem.share else ""
        metrics = f": {self._metrics(problem)}" if problem.metrics else ""
        return f"{problem.effect}{share}{metrics}"

    def _metrics(self, problem: Problem) -> str:
        """All metrics of a table in a word, others by name."""
        n = len(problem.metrics)
        if problem.whole:
            return self._.plural("{n} metric of this table", "all {n} metrics of this table", n)
        return self._listed(problem.metrics, METRICS)

    def _left_out(self, left: Sequence[LeftOut]) -> list[Reason]:
        """Reasons, each with the metrics it keeps away."""
        reasons: dict[str, list[str]] = {}
        for each in left:
            reasons.setdefault(each.why, []).append(each.metric)
        return [Reason(why, metrics) for why, metrics in reasons.items()]

    def _listed(self, names: Sequence[str], most: int) -> str:
        more = len(names) - most
        tail = [self._.plural("{n} more", "{n} more", more)] if more > 0 else []
        return ", ".join([*names[:most], *tail])


def _shares(field: Field, rows: int) -> tuple[float, float]:
    return (field.filled / rows, field.readable / rows) if rows else (0.0, 0.0)
