"""The text of a delimited file, block by block, whatever its encoding."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from cx_kpi.read.delimited.dialect import Dialect, universal
from cx_kpi.read.raw.binary import File
from cx_kpi.read.raw.encoding import detect

_MARK = "\ufeff"
_LOST = "\ufffd"  # stands for what could not be decoded


@dataclass
class Text:
    """A file's text in blocks; counts what could not be decoded.

    As long as all bytes are ASCII the encoding is not settled: the first block with others decides.
    """

    file: File
    dialect: Dialect
    encoding: str
    settled: bool
    numbered: bool = False  # count lines, to name the first one with a loss
    lost: int = 0
    first_lost: int = 0  # its line
    marked: bool = False  # a byte order mark was inside, as where files were put together
    _lines: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether the file's own bytes are this text, as far as it was read."""
        return self.encoding == "utf-8" and not (self.lost or self.marked or self.dialect.mac)

    def __iter__(self) -> Iterator[str]:
        decoder = _decoder(self.encoding)
        skip, previous = self.dialect.mark, ""
        for raw in self.file.chunks():
            if not self.settled and not raw.isascii():
                self.settled, self.encoding = True, detect(raw)[0]
                decoder = _decoder(self.encoding)
            if previous:
                yield previous
            previous = self._clean(decoder.decode(raw[skip:]))
            skip = 0
        yield previous + self._clean(decoder.decode(b"", final=True))

    def _clean(self, text: str) -> str:
        if self.dialect.mac:
            text = universal(text)
        if _MARK in text:
            self.marked, text = True, text.replace(_MARK, "")
        if "\0" in text:
            text = text.replace("\0", _LOST)
        if lost := text.count(_LOST):
            self.first_lost = self.first_lost or self._lines + 1 + text.count("\n", 0, text.index(_LOST))
            self.lost += lost
        self._lines += text.count("\n") if self.numbered else 0
        return text


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)("replace")
