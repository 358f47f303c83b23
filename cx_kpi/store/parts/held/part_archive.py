"""A part file on the disk: a ZIP archive with an account as JSON and three tables as Parquet."""

import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import polars as pl

from cx_kpi import __version__
from cx_kpi.model.errors import InputProblem
from cx_kpi.read.raw.binary import printable
from cx_kpi.store.parts.held.summed import FORMAT, TABLES, VERSION, Account, Summed

if TYPE_CHECKING:
    from pydantic import TypeAdapter

ACCOUNT = "account.json"
LARGEST = 500_000_000  # bytes of a part
_AGAIN = "make it again with this cxkpi, or use the one that made it"


def packed(part: Summed) -> bytes:
    """The bytes of a part file, the same for the same part."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr(_entry(ACCOUNT), _account_text(part.account))
        for name in TABLES:
            archive.writestr(_entry(f"{name}.parquet"), _parquet(part.tables[name]))
    return file.getvalue()


def _entry(name: str) -> ZipInfo:
    return ZipInfo(name)  # of 1980, whenever it is made


def _account_text(account: Account) -> str:
    plain = _shape().dump_python(account, mode="json")
    return json.dumps({FORMAT: VERSION, **plain}, ensure_ascii=False, separators=(",", ":"))


def _parquet(table: pl.DataFrame) -> bytes:
    file = BytesIO()
    table.write_parquet(file, compression="zstd")
    return file.getvalue()


def read_part(path: str) -> Summed:
    """The part in a file; raises `InputProblem` for one that is none, is damaged, or that another version made."""
    shown = printable(path)
    damaged = InputProblem(f"{shown}: this part is damaged; make it again: cxkpi build -o {shown} FILES")
    try:
        data = _bytes(Path(path), shown)
        with ZipFile(BytesIO(data)) as archive:
            if ACCOUNT not in archive.namelist():
                raise _foreign(shown)
            account = _account(json.loads(archive.read(ACCOUNT)), shown)
            tables = {name: _table(archive.read(f"{name}.parquet"), TABLES[name]) for name in TABLES}
    except BadZipFile:
        raise _foreign(shown) from None
    except (
        ValueError,
        KeyError,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        pl.exceptions.PolarsError,
    ):
        raise damaged from None
    return Summed(path, account, tables)


def _bytes(file: Path, shown: str) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise InputProblem(f"{shown}: larger than 500 MB, which no part is; name another file")
        return file.read_bytes()
    except OSError as problem:
        raise InputProblem(f"{shown}: cannot be read: {problem.strerror}; check the path") from None


def _foreign(shown: str) -> InputProblem:
    return InputProblem(f"{shown}: is no part; make one from exports: cxkpi build -o NAME.part FILES")


def _account(data: Any, shown: str) -> Account:
    if not isinstance(data, dict) or FORMAT not in data:
        raise _foreign(shown)
    version = data.pop(FORMAT)
    if version != VERSION:
        raise InputProblem(
            f"{shown}: a part of format {printable(version)}, and this cxkpi reads format {VERSION}; {_AGAIN}"
        )
    made = data.get("version")
    if made != __version__:
        raise InputProblem(
            f"{shown}: made by cxkpi {printable(made)}, and this is {__version__}: figures may be counted otherwise; {_AGAIN}"
        )
    return _shape().validate_python(data)


def _table(data: bytes, schema: dict[str, Any]) -> pl.DataFrame:
    table = pl.read_parquet(BytesIO(data))
    if dict(table.schema) != schema:
        raise ValueError("other columns")
    return table


def _shape() -> "TypeAdapter[Account]":
    from pydantic import TypeAdapter

    return TypeAdapter(Account)
