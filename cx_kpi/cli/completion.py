"""What the shell offers after Tab: metrics, columns of the files named, and the words an option takes.

It has to answer at once: metrics come from the page of the guide, since the registry imports polars, and of a file
only the first line is read.
"""

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args, get_type_hints

import typer

from cx_kpi.model.assets import folder
from cx_kpi.model.options import Charts, Compare, Grain, Lang
from cx_kpi.model.schema import TABLES, Kind

Offer = tuple[str, str]  # what to put in, and a word about it
SUFFIXES = (".csv", ".tsv", ".txt")
HEAD = 65_536  # bytes of a file in which its header is
MOST = 20  # files of a folder
LINE = "_TYPER_COMPLETE_ARGS"  # what is typed so far
WIDEST = 10_000  # signs of a line
_METRIC = re.compile(r"^- `(\w+)` \*\*(.+?)\.\*\*", re.MULTILINE)
_CUT_BY = (Kind.CATEGORY, Kind.FLAG)


def metric_ids() -> list[Offer]:
    """Every metric and its title."""
    page = (folder("guide") / "metrics.md").read_text(encoding="utf-8")
    return _METRIC.findall(page)


def topics() -> list[Offer]:
    """The pages of the guide."""
    from cx_kpi.cli.commands.guide_command import pages

    return [(page.name, page.about) for page in pages()]


def fields() -> Iterator[str]:
    """Our own names of the columns that rows are cut by."""
    for table in TABLES.values():
        yield from (name for name, kind in table.fields.items() if kind in _CUT_BY)


def headers(path: Path) -> list[str]:
    """The columns of a delimited file by the names that options take; none where it cannot be read."""
    from cx_kpi.normalise.vocabulary.headers import snake
    from cx_kpi.read.delimited.dialect import first_lines, sniff

    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        dialect = sniff(head, whole=len(head) < HEAD)
        lines = first_lines(head[dialect.mark :], dialect.encoding, whole=True).splitlines()[
            dialect.declared :
        ]
        row = next(csv.reader(lines, delimiter=dialect.separator, quotechar=dialect.quote or '"'), [])
    except (OSError, ValueError, csv.Error):
        return []
    return [name for name in map(snake, row) if name]


def files(context: typer.Context) -> Iterator[Path]:
    """The delimited files among those named so far, in folders too; arguments are not sorted out yet."""
    said = (context.params.get(name) for name in ("files", *TABLES))
    for path in map(Path, _texts([*said, context.args])):
        found = sorted(path.iterdir())[:MOST] if path.is_dir() else [path]
        yield from (each for each in found if each.suffix.lower() in SUFFIXES and each.is_file())


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from (value if isinstance(value, list | tuple) else ())


def columns(context: typer.Context, incomplete: str) -> list[str]:
    """Columns of the files named, else our fields; after a comma the next one."""
    named = [name for path in files(context) for name in headers(path)]
    return _next(dict.fromkeys([*named, *fields()]), incomplete)


def metrics(incomplete: str) -> list[str | Offer]:
    """Ids of metrics; after a comma the next one."""
    before = incomplete.rpartition(",")[0]
    return [*metric_ids()] if not before else [*_next(dict(metric_ids()), incomplete)]


def _next(names: Iterable[str], incomplete: str) -> list[str]:
    before, comma, _ = incomplete.rpartition(",")
    given = before.split(",")
    return [f"{before}{comma}{name}" for name in names if name not in given]


def zones() -> list[str]:
    """The names of time zones."""
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def profiles(context: typer.Context) -> list[str]:
    """The reports that the configuration describes; none where it cannot be read."""
    from cx_kpi.cli.options.settings import read_settings
    from cx_kpi.model.errors import CxkpiError

    try:
        return [*read_settings(context.params.get("config"), ()).config.report.profiles]
    except CxkpiError:
        return []


def words(*known: str) -> Callable[[], Sequence[str]]:
    """These words and no others."""
    return lambda: known


OFFERS: dict[str, Callable[..., Sequence[str | Offer]]] = {
    "name": metric_ids,
    "metrics": metrics,
    "cohort": lambda: [f"{name}=" for name, _ in metric_ids()],
    "by": columns,
    "where": columns,
    "tz": zones,
    "source_tz": zones,
    "period": words(*get_args(Grain)),
    "compare": words(*get_args(Compare)),
    "lang": words(*get_args(Lang)),
    "charts": words(*get_args(Charts)),
    "fail_on": words("missed", "worse", "warning"),
    "of": words("report", "explain", "check"),
    "topic": topics,
    "profile": profiles,
}


def offer(app: typer.Typer, asked: str) -> None:
    """Set what each option of each command can be completed with, by its name."""
    _as_typed(asked)
    for command in app.registered_commands:
        hints = get_type_hints(command.callback, include_extras=True)
        for name, hint in hints.items():
            for info in getattr(hint, "__metadata__", ()):
                info.autocompletion = _formats(command.name) if name == "format" else OFFERS.get(name)


def _as_typed(asked: str) -> None:
    """Each offer is one line, however long its help; PowerShell's backslash does not quote what follows it."""
    os.environ["COLUMNS"] = str(WIDEST)
    if asked == "complete_powershell" and LINE in os.environ:
        os.environ[LINE] = os.environ[LINE].replace("\\", "\\\\")


def _formats(command: str | None) -> Callable[[], Sequence[str]]:
    from cx_kpi.cli.commands import check_command as check
    from cx_kpi.cli.commands import explain_command as explain
    from cx_kpi.cli.commands import self_check_command as self_check
    from cx_kpi.render.formats import FORMATS

    own: dict[str, Iterable[str]] = {
        "check": check.FORMATS,
        "explain": explain.FORMATS,
        "self-check": self_check.FORMATS,
    }
    return words(*own.get(command or "", FORMATS))
