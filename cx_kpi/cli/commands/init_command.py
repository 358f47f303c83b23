"""`cxkpi init`: a configuration with the mapping found, to edit."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import size
from cx_kpi.cli.options.settings import Settings, in_use, inputs, run_options
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.cli.outputs.prompts import ask, day_unsure, may_ask
from cx_kpi.model.errors import Exit, OutputProblem
from cx_kpi.model.options import Config
from cx_kpi.wording.language import mark

if TYPE_CHECKING:
    from cx_kpi.api import Run
    from cx_kpi.normalise.config.config_writer import Draft
    from cx_kpi.wording.language import Language

DAY_FIRST, MONTH_FIRST = mark("day first"), mark("month first")
UNSURE = mark("{file}: dates such as 03/04/2026 are read {order}; set dayfirst where that is wrong")
UNKNOWN = mark("[{table}.values.{field}]: words without a meaning: {n}; give them one there")


@with_tables
def init(
    files: arguments.Files = None,
    output: Annotated[str, arguments.OUTPUT] = "cxkpi.toml",
    force: Annotated[
        bool, typer.Option("--force", help="Write into a file that is there; its settings and comments stay.")
    ] = False,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
) -> int:
    """Write a configuration with the mapping found, to edit."""
    from cx_kpi import api
    from cx_kpi.cli.options.default_targets import targets
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.normalise.config.config_writer import written
    from cx_kpi.normalise.config.kept_settings import kept
    from cx_kpi.render.files.atomic_write import write_whole

    paths = inputs("init", files, tables)
    out.check_file(output, paths)
    if output != out.STDOUT and Path(output).exists() and not force:
        raise OutputProblem(f"{output}: is there already; choose another name with -o, or add --force")
    options = run_options(
        files,
        tables,
        Settings(Config()),
        tz=tz,
        source_tz=source_tz,
        dayfirst=dayfirst,
        lang=lang,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
    )
    with progress(options.language) as tell:
        done = api.run(options, tell, every=True)
    said = {"tz": tz, "source_tz": source_tz, "lang": lang, "dayfirst": dayfirst}
    settings = {arguments.CONFIGURED[name]: value for name, value in said.items() if value is not None}
    old = in_use(files or ())
    draft = _draft(done, settings)
    text = written(draft, list(targets(done.results.plan, draft.language)))
    mine = output if Path(output).is_file() else old if old and _is_ours(old) else None
    if mine:
        text = kept(Path(mine).read_text(encoding="utf-8-sig"), text, mine, settings)
    if output == out.STDOUT:
        out.put(text, "toml")
    else:
        write_whole(output, text, paths)
    _tell(output, _still_open(draft, text), old if old != mine else None, draft.language)
    return Exit.DONE


def _is_ours(path: str) -> bool:
    """Whether a configuration is the user's own: one that lies beside the data may be a stranger's."""
    from cx_kpi.normalise.config.read_config import NAME

    return Path(path) == Path(NAME)


def _tell(output: str, still_open: Iterable[str], lost: str | None, language: "Language") -> None:
    """What was written, what it leaves open, and which settings it lacks, on stderr: a terminal or a log."""
    from cx_kpi.cli.outputs.output import STDOUT

    said = list[str]()
    if output != STDOUT:
        said.append(language("{file} written; look through it, then run cxkpi report", file=output))
    said += still_open
    if lost:
        said.append(language("the settings of {file} are not carried over; copy those to keep", file=lost))
    sys.stderr.writelines(f"cxkpi: {line}\n" for line in said)


def _still_open(draft: "Draft", text: str) -> Iterator[str]:
    """What nobody has decided in the text of a configuration, with the key that decides it."""
    import tomllib

    said, language = tomllib.loads(text), draft.language
    if (unsure := day_unsure(draft.tallies)) and "dayfirst" not in said:
        order = language(DAY_FIRST if unsure.order.dayfirst else MONTH_FIRST)
        yield language(UNSURE, file=unsure.mapped.source.path, order=order)
    for (table, field), words in draft.unknown.items():
        given = said.get(table, {}).get("values", {}).get(field, {})
        if left := [each.word for each in words if each.word not in given]:
            yield language(UNKNOWN, table=table, field=field, n=len(left))


def _draft(done: "Run", settings: Mapping[str, Any]) -> "Draft":
    """What was found, and what the user answers where somebody is there."""
    from cx_kpi.normalise.config.config_found import found
    from cx_kpi.normalise.config.config_writer import Draft
    from cx_kpi.normalise.config.unknown_words import unknown_words
    from cx_kpi.normalise.tables.complaint_rules import words_met
    from cx_kpi.wording.language import Language

    language = Language(done.options.language)
    tallies = [tally for table in done.loaded.values() for tally in table.tallies]
    explicit = {path: table for table, path in done.options.explicit}
    mapped = [each.plan.mapped for each in tallies]
    unknown = unknown_words(tallies)
    asked, decided = ask(tallies, unknown, language) if may_ask() else ({}, {})
    return Draft(
        tallies=tallies,
        found=found(mapped, done.frames, done.options, explicit),
        unknown=unknown,
        complaints=words_met(done.loaded["tickets"].frame) if "tickets" in done.loaded else {},
        language=language,
        settings={**settings, **asked},
        decided=decided,
    )
