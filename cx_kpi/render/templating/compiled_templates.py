"""Our templates compiled, kept where Python keeps compiled modules: compiling them takes as long as filling them."""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from jinja2 import FileSystemBytecodeCache, __version__

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder; nothing is kept where nothing may be written."""

    def load_bytecode(self, bucket: "Bucket") -> None:
        """What is kept of a template; it is compiled anew where that cannot be read, whatever is wrong with it."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - any of what a damaged file may raise
            bucket.reset()

    def dump_bytecode(self, bucket: "Bucket") -> None:
        """Keep a template, or not."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def kept_in(folder: Path, finalize: Callable[[Any], Any] | None, options: Mapping[str, bool]) -> Kept:
    """What is kept of the templates in a folder; apart for each way to compile them."""
    how = repr((__version__, getattr(finalize, "__qualname__", None), sorted(options.items())))
    return Kept(str(Path(cache_from_source(str(folder / "_"))).parent), f"{crc32(how.encode()):08x}-%s.jinja")
