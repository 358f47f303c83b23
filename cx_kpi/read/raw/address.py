"""What can be read besides plain files: tables and queries of databases, files on servers."""

import re
from urllib.parse import urlsplit

from cx_kpi.model.errors import UsageProblem
from cx_kpi.model.frozen import dataclass
from cx_kpi.read.raw.binary import printable
from cx_kpi.read.raw.redaction import MYSQL, PAGE, POSTGRES, SHEET, redacted

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SHOWN = re.compile(
    r"/?($|[?#]|(edit|view|htmlview|preview)\b)"
)  # what follows the id of a sheet in a browser
SERVERS = ("http", "https", "s3", "gs", "az")


@dataclass(frozen=True, slots=True)
class Address:
    """A table or query in a database, or a file on a server."""

    where: str  # a URL, or the path of a database file
    query: str = ""  # a table or a SELECT; none: the whole

    @property
    def scheme(self) -> str:
        """`https`, `postgresql`; empty for a local database."""
        return self.where.partition("://")[0].lower() if is_url(self.where) else ""

    @property
    def name(self) -> str:
        """As shown to the user, without passwords and signatures."""
        whole = f"{self.where}#{self.query}" if self.query else self.where
        return shown(whole) if self.scheme else printable(whole)

    def __str__(self) -> str:
        """The local file, or the name."""
        return self.name if self.scheme else self.where


def is_url(text: str) -> bool:
    """Whether this is an address with a scheme."""
    return bool(_URL.match(text))


def shown(text: str) -> str:
    """A path or address as it may be printed, on one line."""
    return printable(redacted(text))


def read_address(text: str, *, allow_remote: bool) -> Address:
    """The address meant; raises `UsageProblem` for one that is not to be read."""
    where, _, query = exported(text).partition("#")
    address = Address(where, query.strip())
    if address.scheme in (*POSTGRES, *MYSQL):
        if not address.query:
            raise UsageProblem(f"{address.name}: name a table or a query: {address.name}#tickets")
        return address
    if address.scheme not in SERVERS:
        raise UsageProblem(f"{address.scheme}:// addresses are not read; give the path of a file")
    if not allow_remote:
        raise UsageProblem(
            f"{address.scheme}:// addresses are read with --allow-remote only; or download the file first"
        )
    if address.scheme in ("http", "https") and not _host(where):
        raise UsageProblem(f"{address.name}: not an address; write https://host/file.csv")
    return address


def exported(text: str) -> str:
    """The address of the CSV export where a link to a Google sheet is given as a browser shows it; others as they are."""
    sheet = SHEET.match(text)
    if not sheet or not _SHOWN.match(text[sheet.end() :]):
        return text
    page = PAGE.search(text)
    return f"{sheet[0]}/export?format=csv" + (f"&gid={page[1]}" if page else "")


def _host(where: str) -> str | None:
    try:
        return urlsplit(where).hostname
    except ValueError:
        return None
