"""The tables of the README and of the guide, made from the code; `python -m tests.accept` writes them anew."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

from cx_kpi.cli.commands.metrics_command import targets
from cx_kpi.cli.options.profiles import KEYS
from cx_kpi.engine.planning.needs import needs_of
from cx_kpi.metrics.definition.metric import Metric
from cx_kpi.metrics.registry import GROUPS, PUBLIC
from cx_kpi.model.errors import Exit
from cx_kpi.model.options import Config
from cx_kpi.model.schema import TABLES, Table
from cx_kpi.model.values import Better
from cx_kpi.normalise.preset.presets import presets
from cx_kpi.normalise.vocabulary.notice_messages import MESSAGES
from cx_kpi.render.formats import FORMATS
from cx_kpi.wording.language import Language

README = Path(__file__).parent.parent / "README.md"
PAGES = (README, *sorted((README.parent / "cx_kpi" / "guide").glob("*.md")))
ENGLISH = Language()


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        cells = [cell.replace("|", r"\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def columns(metric: Metric) -> str:
    """Each way to compute a metric: `tickets: created_at, channel; or orders: …`."""
    ways = (needs_of(method) for method in metric.methods)
    return "; or ".join(dict.fromkeys(f"{name}: {', '.join(fields)}" for name, fields in ways))


def metric_lines(metric: Metric) -> Iterator[str]:
    """The entry of one metric in the list; the shell's completion reads the first line."""
    yield f"- `{metric.id}` **{metric.title}.** {metric.about}"
    better = "" if metric.better is Better.NEITHER else f", {metric.better} is better"
    goals = targets(metric, Config(), ENGLISH)
    yield f"  - Unit: {metric.unit}{better}." + (f" Target: {goals}." if goals else "")
    yield f"  - Needs {columns(metric)}."


def metrics() -> Iterator[str]:
    """A list of metrics for each group."""
    for group, title in GROUPS.items():
        yield from (f"## {title}", "")
        for metric in PUBLIC.values():
            if metric.group == group:
                yield from metric_lines(metric)
        yield ""


def fields(source: Table) -> str:
    """The fields of a table, those it cannot do without in bold."""
    return ", ".join(f"**{name}**" if name in source.required else name for name in source.fields)


def inputs() -> Iterator[str]:
    """The tables there are and their fields."""
    yield from table(("table", "fields"), ((f"`{name}`", fields(each)) for name, each in TABLES.items()))


def words() -> Iterator[str]:
    """The closed vocabularies."""
    rows = (
        (f"{name}.{field}", ", ".join(f"`{word}`" for word in known))
        for name, each in TABLES.items()
        for field, known in each.words.items()
    )
    yield from table(("field", "words"), rows)


def products() -> Iterator[str]:
    """The presets, by their names in the sources line of a report."""
    rows = (
        (f"`{each.name}`", each.title, "refused" if each.refuse else f"`{each.table}`", each.grade)
        for each in presets()
    )
    yield from table(("preset", "export", "table", "evidence"), rows)


EXITS = {
    Exit.DONE: "done",
    Exit.USAGE: "an option or the configuration is wrong",
    Exit.INPUT: "an input file cannot be read or used, or more rows are set aside than `--strict` or `--max-rejects` allow",
    Exit.OUTPUT: "the report cannot be written, or the history cannot be kept",
    Exit.UNSENT: "the report is made, and a message of `--notify` could not be sent",
    Exit.MISSED: "done, and `--fail-on` found what it looks for: a target missed, a change for the worse, a warning",
    Exit.LATE: "the export has not arrived, or its latest date is older than `--max-age`",
    Exit.INTERNAL: "a fault of cxkpi; `CXKPI_DEBUG=1` shows where",
    Exit.INTERRUPTED: "interrupted by Ctrl-C (143: ended by SIGTERM)",
}


def exits() -> Iterator[str]:
    """What each exit code means."""
    yield from table(("code", "meaning"), ((str(code.value), EXITS[code]) for code in Exit))


WRITTEN = {
    "table": "the terminal report; the default on the screen",
    "html": "one page that needs nothing else, with charts",
    "md": "Markdown for GitHub, with sparklines; details are folded",
    "xlsx": "a workbook to read and to print: summary, metrics with sparklines, charts, periods, segments, data quality, definitions",
    "eml": "a mail with charts and the page attached, ready to be sent",
    "csv": "one long table of all figures",
    "json": "[everything](json.md), for other tools",
    "pdf": "a board pack on A4: the story first, then figures, charts and segments; needs Chromium, Chrome or Edge",
    "png": "a picture of the first screen, for chats; needs the same",
    "slack": "a few lines for Slack, to pipe elsewhere",
    "telegram": "the same for Telegram",
    "junit": "JUnit XML, in which missed targets are failures",
    "openmetrics": "OpenMetrics for Prometheus; needs the extra `prometheus`",
    "ndjson": "one JSON object a line for each figure, for warehouses",
    "parquet": "the same as Parquet",
}


def formats() -> Iterator[str]:
    """The formats of a report."""
    rows = (
        (f"`{name}`", ", ".join(f"`{suffix}`" for suffix in each.suffixes), WRITTEN[name])
        for name, each in FORMATS.items()
    )
    yield from table(("format", "suffix", "what it is"), rows)


def notices() -> Iterator[str]:
    """The codes of what may be odd in the files."""
    yield from table(("code", "message"), ((f"`{code}`", message) for code, message in MESSAGES.items()))


def example() -> Iterator[str]:
    """The JSON of a small report on the sample data, with one or two of everything."""
    from cx_kpi.api import make_report
    from cx_kpi.model.options import Options
    from cx_kpi.normalise.config.read_config import read_config
    from cx_kpi.render.files.json import render

    paths = ("sample_data/tickets.csv", "sample_data/surveys.csv")
    with chdir(README.parent):
        config = read_config("sample_data/cxkpi.toml")
        zone = str(config.timezone)
        options = Options(paths=paths, metrics=("csat", "nps"), last="3m", timezone=zone, config=config)
        report = json.loads(render(make_report(options)))
    for name in ("sources", "series", "segments", "notices", "findings"):
        report[name] = report[name][:1]
    report["metrics"] = {"csat": report["metrics"]["csat"]}
    for each in report["exhibits"]:
        each["columns"] = each["columns"][-2:]
        for row in each["rows"]:
            row |= {name: row[name][-2:] for name in ("values", "n", "young")}
    report["sources"][0]["columns"] = dict(list(report["sources"][0]["columns"].items())[:2])
    report["groups"] = {name: title for name, title in report["groups"].items() if name == "satisfaction"}
    yield from ("```json", pretty(report), "```")


def pretty(value: Any, depth: int = 0, room: int = 76) -> str:
    """JSON that breaks no line which fits."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + depth <= room or not isinstance(value, dict | list):
        return short
    step = " " * (depth + 2)
    if isinstance(value, list):
        inner = [pretty(each, depth + 2) for each in value]
    else:
        inner = [f"{json.dumps(name)}: {pretty(each, depth + 2)}" for name, each in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return f"{opening}\n{step}" + f",\n{step}".join(inner) + f"\n{' ' * depth}{closing}"


HOLDS = {"text": "a text", "texts": "texts", "flag": "`true` or `false`"}


def keys() -> Iterator[str]:
    """The keys of a report that the configuration describes."""
    rows = (
        (f"`{name}`", "names" if each.several and each.kind == "text" else HOLDS[each.kind], each.help)
        for name, each in KEYS.items()
    )
    yield from table(("key", "holds", "option of `cxkpi report`"), rows)


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "metrics": metrics,
    "inputs": inputs,
    "words": words,
    "presets": products,
    "exits": exits,
    "formats": formats,
    "notices": notices,
    "json": example,
    "keys": keys,
}


def part(name: str) -> re.Pattern[str]:
    """The place of a generated part, between two comments."""
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


def filled(text: str) -> str:
    """A page with every generated part in it made anew."""
    for name, make in PARTS.items():
        if part(name).search(text):
            made = "\n".join(make()).strip()
            text = part(name).sub(lambda found, made=made: f"{found[1]}\n{made}\n\n{found[2]}", text)
    return text


def write() -> None:
    """Every page anew."""
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
