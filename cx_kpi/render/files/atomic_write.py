"""Files written whole or not at all, and those of one run together or not at all."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cx_kpi.model.errors import OutputProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.render.files.foreign_links import refuse_foreign
from cx_kpi.render.files.temporary_file import Temporary, any_name, sweep, written

PRIVATE = 0o600  # of what may hold cells of the files
_CANNOT = {
    errno.EINVAL,
    errno.EBADF,
    errno.ENOTSUP,
    errno.ENOSYS,
}  # a folder that knows no such thing as fsync


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written: a text, in UTF-8, or bytes; a private one is for its owner alone."""

    path: str
    content: str | bytes
    private: bool = False

    @property
    def target(self) -> Path:
        """Where it is, links followed."""
        return Path(os.path.realpath(self.path))

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self.content.encode() if isinstance(self.content, str) else self.content

    @property
    def is_stream(self) -> bool:
        """Whether it is a device or a pipe, which is written straight."""
        return self.target.exists() and not self.target.is_file()


def write_whole(
    path: str, content: str | bytes, inputs: Iterable[str] = (), *, private: bool = False
) -> None:
    """The content of one file; raises `OutputProblem`, and then the file is as it was.

    A link is followed, unless another user may have planted it. `inputs` are never written over.
    """
    write_all([Output(path, content, private)], inputs)


def write_all(outputs: Sequence[Output], inputs: Iterable[str] = ()) -> None:
    """Every file, or none; devices and pipes come last. Raises `OutputProblem`."""
    sources = list(inputs)
    refuse_twins([each.path for each in outputs])
    for each in outputs:
        check(each.path, sources)
    _replace([each for each in outputs if not each.is_stream])
    for each in outputs:
        if each.is_stream:
            with _told(each.path):
                Path(each.path).write_bytes(each.data)


def check(path: str, inputs: Iterable[str] = ()) -> None:
    """Raises `OutputProblem` where a report cannot go there, before any work is done for it."""
    refuse_foreign(path)
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputProblem(f"{path}: is a folder; name a file in it")
    if not target.parent.is_dir():
        raise OutputProblem(f"{path}: there is no folder {target.parent}; make it first")
    if any(_same(target, source) for source in inputs):
        raise OutputProblem(f"{path}: is one of the files to read; choose another name")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise OutputProblem(f"{path}: no permission to write there; choose another place")


def refuse_twins(paths: Sequence[str]) -> None:
    """Raises `OutputProblem` where two outputs are one file, before any work is done for them."""
    targets: list[tuple[str, Path]] = []
    for path in paths:
        target = Path(os.path.realpath(path))
        for other, known in targets:
            if target == known or _same(known, str(target)):
                raise OutputProblem(f"{path}: is written twice, as {other} too; choose another name")
        targets.append((path, target))


def _same(target: Path, source: str) -> bool:
    with suppress(OSError, ValueError):
        return target.is_file() and target.samefile(source)
    return False


def _replace(outputs: Sequence[Output]) -> None:
    """Write each to a file next to its target, then rename all over their targets."""
    parts: list[Temporary] = []
    try:
        for each in outputs:
            with _told(each.path):
                sweep(each.target.parent)
                parts.append(written(each.target, each.data, _mode(each)))
        names = {each.target: each.path for each in outputs}
        _rename(parts, names)
        for folder in dict.fromkeys(part.target.parent for part in parts):
            with _told(names[next(part.target for part in parts if part.target.parent == folder)]):
                _settle(folder)
    finally:
        for part in parts:
            part.drop()


def _rename(parts: Sequence[Temporary], names: dict[Path, str]) -> None:
    """All of them; where one cannot be, those before it are as they were."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for part in parts:
            with _told(names[part.target]):
                done.append((part.target, _kept(part.target) if len(parts) > 1 else None))
                os.replace(part.path, part.target)  # noqa: PTH105  (one name for what a test lets fail)
    except BaseException:
        for target, old in reversed(done if len(parts) > 1 else []):
            with suppress(OSError):
                old.replace(target) if old else target.unlink(missing_ok=True)
        raise
    finally:
        for _, old in done:
            if old:
                old.unlink(missing_ok=True)


def _kept(target: Path) -> Path | None:
    """Another name for what is there now, so that it can come back; none where nothing is."""
    if not target.exists():
        return None
    path = any_name(target.parent)
    try:
        path.hardlink_to(target)
    except OSError:  # a file system without links
        part = written(target, target.read_bytes(), target.stat().st_mode & 0o777)
        os.close(part.handle)
        return part.path
    return path


def _mode(output: Output) -> int:
    """The permissions of what is there, else those of any new file here."""
    if output.private:
        return PRIVATE
    if output.target.exists():
        return output.target.stat().st_mode & 0o777
    usual = os.umask(0o077)
    os.umask(usual)
    return 0o666 & ~usual


@contextmanager
def _told(path: str) -> Iterator[None]:
    """An error of the system as one line about a path."""
    try:
        yield
    except OSError as problem:
        raise OutputProblem(f"{path}: cannot be written: {problem.strerror or problem}") from problem


def _settle(folder: Path) -> None:
    """The renames themselves down to the disk, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # no permission to list it, or a system that opens no folders
        return
    try:
        os.fsync(handle)
    except OSError as problem:
        if problem.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)
