"""A report as Python shows it: figures as frames, a part of a page in a notebook, receipts, files."""

from collections.abc import Sequence
from dataclasses import fields, replace
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, get_args

from cx_kpi import api
from cx_kpi.cli.options.appearance import appearance_of
from cx_kpi.cli.options.parse import one_of
from cx_kpi.cli.options.settings import Settings
from cx_kpi.model.documents.receipt import Receipt
from cx_kpi.model.errors import UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Charts, Options
from cx_kpi.model.report import Headline, Reading
from cx_kpi.model.report import Report as Plain
from cx_kpi.render.files.readings import COLUMNS

if TYPE_CHECKING:
    import polars as pl

    from cx_kpi.read.raw.source import TextFrame

_NAMES = ["metric", "title", "unit"]
_FIGURES = ["value", "text", "n", "low", "high", "operator", "target", "status"]
_SPANS = [name for name in COLUMNS if name.startswith(("compared_", "latest_"))]


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A report and what it was made of; `data` is the plain report that all formats show."""

    data: Plain
    _options: Options
    _settings: Settings
    _given: "tuple[TextFrame, ...]" = ()

    def __repr__(self) -> str:
        """Which metrics it holds, over which window."""
        span = self.data.window
        window = f", {span.start} to {span.end}" if span else ""
        n = len(self.data.metrics)
        return f"<cxkpi report: {n} {'metric' if n == 1 else 'metrics'}{window}>"

    def __str__(self) -> str:
        """What a terminal shows."""
        from cx_kpi.render.terminal import terminal_report

        return terminal_report.render(self.data)

    def _repr_html_(self) -> str:
        """What a notebook shows: findings, metrics, charts and segments."""
        from cx_kpi.render.page import notebook_cell

        return notebook_cell.render(self.data, self._look("html"))

    def metric(self, name: str) -> "Metric":
        """One metric over the window; raises `UsageProblem` with the ids there are."""
        found = self.data.metrics.get(_one(name))
        if found is None:
            why = next((left.why for left in self.data.left_out if left.metric == name), "")
            hint = nearest(name, self.data.metrics, most=20)
            raise UsageProblem(f"no metric {name!r} in this report{f': {why}' if why else hint}")
        alone = replace(self.data, metrics={name: found}, headlines=[Headline(found.title, [name])])
        bare = replace(alone, findings=[], segments=[], exhibits=[], alarm=None)
        return Metric(**{each.name: getattr(found, each.name) for each in fields(found)}, _report=bare)

    def to_frame(self) -> "pl.DataFrame":
        """The metrics over the window, a row each: value, n, interval (low, high), target, status, change, verdict.

        Shares are from 0 to 1, lengths of time in seconds; values that are names are in `text`. `change` is between the
        spans of `compared_…`, `verdict` about that of `latest_…`.
        """
        columns = [*_NAMES, *_FIGURES, "previous", "change", "verdict", "start", "end", *_SPANS]
        return self._section("metrics", columns)

    def series(self) -> "pl.DataFrame":
        """The metrics in each period, a row each, with the verdict; a `partial` period is not over."""
        return self._section("series", [*_NAMES, "start", "end", "partial", *_FIGURES, "verdict"])

    def segments(self) -> "pl.DataFrame":
        """The metrics in each segment, a row each, with a column for each dimension of the cuts."""
        import polars as pl

        by = [part.by for part in self.data.segments]
        names = list(dict.fromkeys(name for each in by for name in each))
        cells = {name: pl.Series([each.get(name) for each in by], dtype=pl.String) for name in names}
        whole = self._section("segments", [*_NAMES, "by", *_FIGURES])
        return whole.with_columns(**cells).select(*_NAMES, *names, "by", *_FIGURES)

    def _section(self, name: str, columns: Sequence[str]) -> "pl.DataFrame":
        import polars as pl

        from cx_kpi.render.files.parquet import as_frame

        days = [pl.col(each).str.to_date() for each in columns if each.endswith(("start", "end"))]
        return as_frame(self.data).filter(pl.col("section") == name).select(columns).with_columns(days)

    def rows(self, metric: str | None = None, table: str = "tickets") -> "pl.DataFrame":
        """A row for each row of a table, or of that of a metric: fields, facts, and what it brought to each metric.

        Dates are in the time zone of the report. With `metric`: whether the row counts, and why not.
        """
        from cx_kpi.engine.drilldown.rows_table import rows_table
        from cx_kpi.judge.receipt.make_receipt import tables_of

        options = replace(self._options, metrics=(_one(metric),) if metric else self._options.metrics)
        keep = tables_of(metric, options.config) if metric else {table}
        done = api.run(options, keep=keep, given=self._given)
        jobs = (job for job in done.results.plan.jobs if job.metric.id == metric)
        of = next((job.method.clock.table for job in jobs), table)
        if of not in done.results.rows:
            raise UsageProblem(f"rows: no rows of {of}{nearest(of, done.results.rows)}")
        shown = done.options.show_values
        return rows_table(done.results, of, done.options.timezone, metric=metric, texts=shown)

    def explain(self, metric: str) -> "Explanation":
        """How a figure came about: its formula, the rows that count and why others do not, the rows behind it."""
        options = replace(self._options, metrics=(_one(metric),))
        shown = options.show_values
        return Explanation(api.explain(metric, options, show_values=shown, given=self._given)[1])

    def save(self, path: str | PathLike[str], *, charts: str | None = None) -> None:
        """Write the report; the suffix says the format, such as .html, .xlsx or .json. Raises `CxkpiError`."""
        from cx_kpi.render import formats
        from cx_kpi.render.files.atomic_write import write_whole

        name = fspath(path)
        chosen = formats.of_file(name)
        content = chosen.render(self.data, self._look(chosen.name, charts))
        inputs = [source.path for source in self.data.sources]
        write_whole(name, content, inputs, private=self._options.show_values)

    def _look(self, name: str, charts: str | None = None) -> Any:
        one_of("charts", charts, get_args(Charts))
        return appearance_of(self._settings, {name}, charts=charts, template=None, to=None)


def _one(metric: object) -> str:
    """The id of one metric; raises `UsageProblem` for what is none, such as a list."""
    if not isinstance(metric, str):
        raise UsageProblem(f"one metric is asked for, such as 'csat', not {metric!r}")
    return metric


@dataclass(frozen=True, slots=True, repr=False)
class Metric(Reading):
    """One metric over the window, as the report has it."""

    _report: Plain | None = None  # that has nothing else

    def __repr__(self) -> str:
        """Its title, value and number of rows."""
        return f"<cxkpi metric: {self.title}, {self.value}, n = {self.n}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the figure and its chart."""
        from cx_kpi.render.page import notebook_cell

        return notebook_cell.render(self._report) if self._report else ""


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The receipt of one figure; `data` is the plain receipt."""

    data: Receipt

    def __str__(self) -> str:
        """What a terminal shows."""
        from cx_kpi.render.documents import receipt_document

        return receipt_document.render(self.data)

    def __repr__(self) -> str:
        """Which figure it explains; the whole of it is `str`."""
        return f"<cxkpi explanation: {self.data.reading.title}, n = {self.data.reading.n}>"

    def _repr_markdown_(self) -> str:
        """What a notebook shows."""
        from cx_kpi.render.documents import receipt_document

        return receipt_document.markdown(self.data)
