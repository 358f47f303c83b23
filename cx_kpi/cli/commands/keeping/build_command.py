"""`cxkpi build`: what exports come to, in a file without rows and ids that adds up with others."""

import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from cx_kpi.cli.options import arguments
from cx_kpi.cli.options.parse import cuts, listed, pairs, size
from cx_kpi.cli.options.settings import inputs, read_settings, run_options
from cx_kpi.cli.options.table_options import NO_TABLES, Tables, with_tables
from cx_kpi.model.errors import Exit, OutputProblem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cx_kpi.api import Run
    from cx_kpi.store.parts.held.summed import Summed

SUFFIX = ".part"


@with_tables
def build(
    files: arguments.Files = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="The part to write: berlin.part")
    ] = None,
    by: arguments.By = None,
    as_of: arguments.AsOf = None,
    metrics: arguments.Metrics = None,
    cohort: arguments.Cohorts = None,
    where: arguments.Where = None,
    tz: arguments.Tz = None,
    source_tz: arguments.SourceTz = None,
    dayfirst: arguments.DayFirst = None,
    memory: arguments.Memory = None,
    config: arguments.Configuration = None,
    lang: arguments.Language = None,
    tables: Tables = NO_TABLES,
    allow_remote: arguments.AllowRemote = False,
    max_size: arguments.MaxSize = None,
    quiet: arguments.Quiet = False,
) -> int:
    """Sum up exports in a file without rows and ids.

    cxkpi merge makes a report of several. Such as: cxkpi build -o berlin.part exports/
    """
    from cx_kpi import api
    from cx_kpi.cli.outputs import output as out
    from cx_kpi.cli.outputs.progress import progress
    from cx_kpi.render.files.atomic_write import write_whole
    from cx_kpi.store.parts.build.part_build import summed
    from cx_kpi.store.parts.held.part_archive import packed

    paths = inputs("build -o NAME.part", files, tables)
    target = _target(output, paths)
    out.alone([target])
    options = run_options(
        files,
        tables,
        read_settings(config, files or ()),
        tz=tz,
        source_tz=source_tz,
        lang=lang,
        dayfirst=dayfirst,
        memory=memory,
        cohort=pairs("--cohort", cohort or ()),
        metrics=listed("--metrics", metrics),
        by=cuts(by),
        as_of=as_of,
        where=where,
        allow_remote=allow_remote,
        max_size=size("--max-size", max_size),
    )
    with progress(options.language) as tell:
        done = api.run(options, tell)
        api.refuse_unusable(done)
        api.refuse_ruins(done)
        part = summed(done, target, _inputs(done))
    data = packed(part)
    write_whole(target, data, [source.path for source in done.sources])
    if not quiet:
        _tell(part, len(data), options.language)
    return Exit.DONE


def _target(output: str | None, paths: "Sequence[str]") -> str:
    """The file to write; raises before any work is done where it cannot be."""
    from cx_kpi.cli.outputs import output as out

    if not output:
        raise UsageProblem(
            f"build: name the part to write, for example: cxkpi build -o berlin{SUFFIX} {paths[0]}"
        )
    if PurePath(output).suffix != SUFFIX:
        raise OutputProblem(f"{output}: a part is called NAME{SUFFIX}; cxkpi report writes reports")
    out.check_file(output, paths)
    return output


def _inputs(done: "Run") -> "Iterator[tuple[str, str]]":
    """The name of each file without its folder, and the digest of its bytes; none for what is no file."""
    from cx_kpi.store.digests import digest

    paths = {each.file or each.path for frame in done.frames for each in frame.members or (frame,)}
    for path in sorted(paths):
        yield PurePath(path).name, digest(Path(path))


def _tell(part: "Summed", size: int, code: str) -> None:
    from datetime import timedelta

    from cx_kpi.render.elements.sanitise import clean
    from cx_kpi.wording.language import Language
    from cx_kpi.wording.numerals import numerals

    language, account = Language(code), part.account
    rows = sum(each.used for each in account.tables.values())
    told = language(
        "{file}: the sums of {rows} from {start} to {end}, {size} kB. It holds no rows and no ids.",
        file=part.path,
        rows=language.plural("{n} row", "{n} rows", rows, n=numerals(code).decimal(rows)),
        start=account.begin.isoformat(),
        end=(account.over - timedelta(days=1)).isoformat(),
        size=numerals(code).decimal(max(1, round(size / 1000))),
    )
    sys.stdout.write(f"{clean(told)}\n")
