"""What becomes of a store: exports added, each once, and files taken out."""

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

from cx_kpi import api
from cx_kpi.model.errors import OutputProblem, UsageProblem, nearest
from cx_kpi.model.frozen import dataclass
from cx_kpi.model.options import Options
from cx_kpi.normalise.choice.recognise import Recognised, recognise, said_of
from cx_kpi.normalise.config.read_config import NAME as CONFIGURATION
from cx_kpi.normalise.mapping.short_headers import placed
from cx_kpi.read.files import Input
from cx_kpi.read.open_inputs import inputs_of, opened
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.source import TextFrame
from cx_kpi.read.store.manifest import SUFFIX, Batch, Manifest, StoredFile, held, is_store, read_manifest
from cx_kpi.store.batches import batches_of, commit, sweep, without
from cx_kpi.store.digests import digest, digest_of_rows
from cx_kpi.store.doubles import refuse_doubles


@dataclass(frozen=True, slots=True)
class Change:
    """What the store holds now, the files added or taken out, those it had already, and those that are no exports."""

    manifest: Manifest
    files: Sequence[StoredFile] = ()
    known: Sequence[str] = ()
    left: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of the files to add: their digests, what they are, and what the user says they are."""

    digests: Mapping[str, str]  # by input
    tables: Mapping[str, str]  # by path and by input
    explicit: Mapping[str, str]

    def stored(self, frame: TextFrame, rows: int) -> StoredFile:
        """A file as the list of the store names it."""
        said, name = said_of(frame.path, self.explicit), _whole(frame)
        whole = Path(name)
        return StoredFile(
            path=frame.path,
            digest=self.digests[name],
            bytes=whole.stat().st_size if whole.is_file() else 0,
            rows=rows,
            table=said or self.tables.get(frame.path) or self.tables.get(name, ""),
            said=bool(said),
            encoding=frame.encoding,
            separator=frame.separator,
            above=frame.above,
            shifts=frame.shifts,
            labels=dict(frame.labels),
            remarks=frame.remarks,
            rejects=frame.rejects,
            file=frame.file,
            part=frame.part,
        )


def _members(frame: TextFrame) -> Sequence[TextFrame]:
    """The files that are read as one, or the one."""
    return frame.members or (frame,)


def _whole(frame: TextFrame) -> str:
    """The file that a frame is of, or of a part of."""
    return frame.file or frame.path


def make(folder: Path) -> None:
    """A folder to be a store, new, empty or one already; raises `OutputProblem`."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        others = [] if is_store(folder) else [each.name for each in folder.iterdir() if not _is_ours(each)]
    except FileExistsError:
        raise OutputProblem(f"{folder}: is a file; name a folder for the store") from None
    except FileNotFoundError:
        raise OutputProblem(f"{folder}: there is no folder {folder.parent}; make it first") from None
    except OSError as problem:
        raise OutputProblem(f"{folder}: cannot be written: {problem.strerror}") from None
    if others:
        raise OutputProblem(f"{folder}: holds {printable(others[0])}; name a folder of its own for the store")


def _is_ours(path: Path) -> bool:
    """Whether a killed run may have left it, or it says how to read the store."""
    return path.suffix == SUFFIX or path.name.startswith(".cxkpi-") or path.name == CONFIGURATION


def add(folder: Path, options: Options, tell: api.Tell, *, instead: bool = False) -> Change:
    """Put the files of the options into the store; what is there already, whatever its name, changes nothing.

    With `instead` they take the place of those added before under the same names. Raises `CxkpiError`, and then the
    store is as it was.
    """
    manifest = held(folder)
    sweep(folder)
    new, known, digests = _unknown(folder, manifest, options)
    if not new:
        return Change(manifest, known=known)
    frames, empty = opened(new, options, tell)
    frames = [placed(each, options.config) for each in frames]
    explicit = {path: table for table, path in options.explicit}
    found = recognise(frames, options, explicit)
    ours = {_whole(one) for each in found.mapped for one in _members(each.source)}
    strange = [ours.isdisjoint(map(_whole, _members(each))) for each in frames]
    kept = [each for each, out in zip(frames, strange, strict=True) if not out]
    left = [each.path for each, out in zip(frames, strange, strict=True) if out]
    told = _Told(_digests(kept, digests), _tables(found), explicit)
    changed = _changed(folder, manifest, kept, told, found, instead=instead)
    added = [each for each in changed.files if each.digest not in manifest.digests]
    return Change(changed, added, known, [*empty, *left])


def _unknown(
    folder: Path, manifest: Manifest, options: Options
) -> tuple[list[Input], list[str], dict[str, str]]:
    """The files that are not in the store, the names of those that are or that come twice, and all digests."""
    files = inputs_of(options)
    if any(isinstance(each, Path) and is_store(each) for each in files):
        raise UsageProblem(f"{folder}: add exports to it, not stores")
    digests = {printable(file): digest(file) for file in files}
    met, known = {*manifest.digests}, set[str]()
    for name, found in digests.items():
        known |= {name} if found in met else set()
        met |= {found} - {""}
    return [each for each in files if printable(each) not in known], sorted(known), digests


def _tables(found: Recognised) -> dict[str, str]:
    """What each file was recognised as, by its path and by the input it is in; the first of several."""
    sources = [(each.table, one) for each in reversed(found.mapped) for one in _members(each.source)]
    return {name: table for table, one in sources for name in (_whole(one), one.path)}


def _digests(frames: Sequence[TextFrame], of_bytes: Mapping[str, str]) -> dict[str, str]:
    """The digest of each input: of its bytes, else of its rows."""
    single = {_whole(one): one for each in frames for one in _members(each)}
    return {
        name: of_bytes.get(name) or of_bytes.get(name.partition("#")[0]) or digest_of_rows(one)
        for name, one in single.items()
    }


def _changed(
    folder: Path,
    manifest: Manifest,
    frames: Sequence[TextFrame],
    told: _Told,
    found: Recognised,
    *,
    instead: bool,
) -> Manifest:
    """The store with these files; raises as `add` does."""
    there = manifest.digests
    new = [each for each in frames if told.digests[_whole(_members(each)[0])] not in there]
    single = {one.path: one for each in new for one in _members(each)}
    try:
        earlier = manifest
        if instead:
            earlier = _without(folder, manifest, {*map(_whole, single.values())})
        else:
            refuse_doubles(folder, manifest, found.mapped, single)
        batches = chain.from_iterable(batches_of(folder, each, told.stored) for each in new)
        changed = Manifest((*earlier.batches, *batches))
        commit(folder, changed)
    except BaseException:
        sweep(folder)
        raise
    return changed


def drop(folder: Path, asked: Sequence[str]) -> Change:
    """Take the files of these names or patterns out of the store; raises `CxkpiError`, and then it is as it was."""
    manifest = read_manifest(folder)
    sweep(folder)
    names = {each.input for each in manifest.files}
    found = {one: {name for name in names if name == one or fnmatch(name, one)} for one in asked}
    for one, met in found.items():
        if not met:
            raise UsageProblem(f"{folder}: no file {one!r} in this store{nearest(one, names, most=5)}")
    gone = frozenset[str]().union(*found.values())
    try:
        changed = _without(folder, manifest, gone)
        commit(folder, changed)
    except BaseException:
        sweep(folder)
        raise
    return Change(changed, [each for each in manifest.files if each.input in gone])


def _without(folder: Path, manifest: Manifest, names: Collection[str]) -> Manifest:
    """What the store holds beside the files of these names; batches with some of them are written anew."""
    left: list[Batch] = []
    for each in manifest.batches:
        files = [one for one in each.files if one.input not in names]
        if len(files) == len(each.files):
            left.append(each)
        elif files:
            left.append(without(folder, each, files))
    return Manifest((*left,))
