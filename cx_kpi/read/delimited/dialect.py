"""How a delimited file is written: encoding, separator and quotes, by its first bytes."""

import codecs
import math
import re
from collections import Counter

from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.encoding import detect

SEPARATORS = (",", ";", "\t", "|", "¤")
_UNQUOTED = ("\t", "|", "¤")
_DECLARED = re.compile(r'\A"?sep=(.)"?\r?(?:\n|\Z)', re.IGNORECASE)
_QUOTED = r"(?<![^,;\t|¤\r\n]){0}(?:[^{0}]|{0}{0})*+{0}(?=[,;\t|¤\r\n]|\Z)"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one delimited file is written."""

    encoding: str  # the codec's name
    mark: int  # length of the byte order mark
    separator: str
    quote: str | None  # None: quotes are ordinary characters
    declared: bool  # the first line is `sep=;`
    mac: bool  # a carriage return alone ends a row


def sniff(head: bytes, *, whole: bool) -> Dialect:
    """The dialect of a file that begins with `head`, or is `whole` there."""
    encoding, mark = detect(head)
    text = first_lines(head[mark:], encoding, whole=whole)
    mac = "\r" in text.partition("\n")[0].rstrip("\r")
    text = universal(text) if mac else text
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    quote = _quote(body)
    separator = declared[1] if declared else _separator(_skeleton(body, quote))
    if quote == '"' and separator in _UNQUOTED and '"' in body and not _is_quoted(body, separator):
        quote = ""  # many tools never quote here, and JSON in a cell is full of quotes
    return Dialect(encoding, mark, separator, quote or None, declared is not None, mac)


def _is_quoted(text: str, separator: str) -> bool:
    """Whether any cell between these separators is in quotes."""
    return re.search(_QUOTED.format('"').replace(",;\\t|¤", re.escape(separator)), text) is not None


def universal(text: str) -> str:
    """The text with every kind of line end made a newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def first_lines(head: bytes, encoding: str, *, whole: bool) -> str:
    """The text of the head; unless it is the whole file, without its last, broken line."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head, final=whole)
    if whole:
        return text
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    return text[:end] or text


def _quote(text: str) -> str:
    """Single quotes where most cells are in them, or where without them rows are less even."""
    if re.search(_QUOTED.format('"'), text) or not re.search(_QUOTED.format("'"), text):
        return '"'
    skeleton = _skeleton(text, "'")
    cells = skeleton.count("\n") + sum(map(skeleton.count, SEPARATORS))
    mostly = 2 * len(re.findall(_QUOTED.format("'"), text)) > cells
    return "'" if mostly or _best(skeleton) > _best(text) else '"'


def _skeleton(text: str, quote: str) -> str:
    """The text with every quoted cell cut down to a letter."""
    return re.sub(_QUOTED.format(quote), "q", text)


def _best(skeleton: str) -> float:
    return _evenness(_lines(skeleton), _separator(skeleton))


def _separator(skeleton: str) -> str:
    """The separator that cuts most lines into the same number of cells, as many as the first line has."""
    lines = _lines(skeleton)
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def _lines(skeleton: str) -> list[str]:
    return [line for line in skeleton.split("\n")[:1000] if line.strip()]


def _evenness(lines: list[str], separator: str) -> float:
    widths = [line.count(separator) for line in lines]
    usual, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
    if not usual:
        return 0.0
    return times / len(widths) * math.sqrt(usual) * (1.0 if widths[0] == usual else 0.5)
