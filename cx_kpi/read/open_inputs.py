"""All inputs of a run: files, folders and addresses, opened in their order, and tables that are in memory."""

from collections.abc import Callable, Sequence

from cx_kpi.model.errors import NoData, UsageProblem
from cx_kpi.model.options import Options
from cx_kpi.read import open as opening
from cx_kpi.read.containers.same_columns import with_same_columns
from cx_kpi.read.delimited.alike import runs
from cx_kpi.read.files import Input, expand
from cx_kpi.read.raw.address import shown
from cx_kpi.read.raw.source import TextFrame

Tell = Callable[[str, int, int], None]  # what is done now, the place of this step, and of how many
STAGES = 2  # steps after the last file is opened


def inputs_of(options: Options, given: Sequence[TextFrame] = ()) -> list[Input]:
    """Every file meant besides the tables `given` in memory; raises `CxkpiError`."""
    if not options.paths and not options.explicit and not given:
        raise UsageProblem(
            "no files; name exports or a folder of them, for example: cxkpi report tickets.csv"
        )
    known = {*options.paths, *(each.path for each in given)}
    more = dict.fromkeys(path for _, path in options.explicit if path not in known)
    paths = [*options.paths, *more]
    return expand(paths, opening.SUFFIXES, allow_remote=options.allow_remote) if paths else []


def opened(
    files: Sequence[Input], options: Options, tell: Tell, given: Sequence[TextFrame] = ()
) -> tuple[list[TextFrame], dict[str, str]]:
    """The files opened, after the tables given, and the notices of those that are left out; raises `CxkpiError`."""
    frames = list(given)
    empty: dict[str, NoData] = {}
    place = 0
    for run in runs(files):
        tell(run[0].name, place, len(files) + STAGES)
        for each in opening.open_run(run):
            if isinstance(each, TextFrame):
                frames.append(each)
                place += len(each.members)
                continue
            tell(each.name, place, len(files) + STAGES)
            place += 1
            try:
                frames += opening.open_each(each, options.max_size)
            except NoData as problem:
                empty[shown(str(each))] = problem
    if not frames:
        raise next(iter(empty.values()))
    return with_same_columns(frames), {path: problem.notice for path, problem in empty.items()}
