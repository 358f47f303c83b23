"""Small inputs with their right figures: `*.toml` next to this file, each case a kind of fault.

A case has `files` (text), `sheets` (workbooks), `parquet` or `tables` (SQLite), `args` of the report, and what must hold:
`expect` (figures: `csat.n`, `csat[channel=email]`, `churn_rate@2026-01`, `source.rows`, `alarm`; "null" is none), `lacks`
(metrics without a figure), `says` and `silent` (patterns in the notices), `exit` (the code; 0 where not set).
"""

import json
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from cx_kpi.cli.app import run

HERE = Path(__file__).parent
Case = dict[str, Any]
CASES = [
    case for path in sorted(HERE.glob("*.toml")) for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
KEY = re.compile(r"(\w+)(?:\[(.+)\])?(?:@(\S+?))?(?:\.(\w+))?")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_holds(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _lay(case, tmp_path)
    code = run(["report", *case["args"], "-f", "json"])
    out, err = capsys.readouterr()
    report = json.loads(out) if out.startswith("{") else {}
    faults = [] if code == case.get("exit", 0) else [f"exit {code}: {err}"]
    assert [*faults, *_faults(case, report, err)] == []


def _lay(case: Case, folder: Path) -> None:
    for name, text in case.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), case.get("encoding", "utf-8"))
    for name, sheets in case.get("sheets", {}).items():
        _write_book(folder / name, sheets)
    for name, rows in case.get("parquet", {}).items():
        pl.DataFrame(rows).write_parquet(folder / name)
    for name, tables in case.get("tables", {}).items():
        _write_database(folder / name, tables)


def _write_book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = xlsxwriter.Workbook(path)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for place, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dict):  # a number in a format
                    sheet.write_number(
                        place, column, cell["n"], book.add_format({"num_format": cell["format"]})
                    )
                elif cell != "":
                    sheet.write(place, column, cell)
    book.close()


def _write_database(path: Path, tables: dict[str, list[list[Any]]]) -> None:
    with closing(sqlite3.connect(path)) as database:
        for name, (headers, *rows) in tables.items():
            columns = ", ".join(f'"{header}"' for header in headers)
            database.execute(f'CREATE TABLE "{name}" ({columns})')
            database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(headers))})', rows)
        database.commit()


def _faults(case: Case, report: dict[str, Any], err: str) -> Iterator[str]:
    for key, wanted in case.get("expect", {}).items():
        found = _look_up(report, key) if report else None
        if not report or not _is_same(found, wanted):
            yield f"{key}: {found}, not {wanted}"
    for metric in case.get("lacks", []):
        if _look_up(report, metric) is not None:
            yield f"{metric}: a figure where none is due"
    told = "\n".join([err, *_told(report)])
    yield from (f"nothing says /{each}/" for each in case.get("says", []) if not _finds(each, told))
    yield from (f"says /{each}/" for each in case.get("silent", []) if _finds(each, told))


def _told(report: dict[str, Any]) -> Iterator[str]:
    yield from (each["message"] for each in report.get("notices", []))
    yield from (str(each.get("why", "")) for each in report.get("left_out", []))
    yield from (each["text"] for each in report.get("findings", []))


def _finds(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _look_up(report: dict[str, Any], key: str) -> Any:
    if key == "alarm":
        return report["alarm"]
    if key.startswith("source."):
        return sum(source[key.removeprefix("source.")] for source in report["sources"])
    found = KEY.fullmatch(key)
    assert found, key
    metric, segment, period, detail = found.groups()
    row = _row(report, metric, segment, period) or {}
    name = detail or "value"
    return row.get(name, (row.get("details") or {}).get(name))


def _row(
    report: dict[str, Any], metric: str, segment: str | None, period: str | None
) -> dict[str, Any] | None:
    if segment:
        by = dict(pair.split("=", 1) for pair in segment.split(","))
        return next(
            (each for each in report["segments"] if (each["metric"], each["by"]) == (metric, by)), None
        )
    if period:
        series = (each for each in report["series"] if each["metric"] == metric)
        return next((each for each in series if each["start"].startswith(period)), None)
    return report.get("metrics", {}).get(metric)


def _is_same(found: Any, wanted: Any) -> bool:
    if wanted == "null":
        return found is None
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return bool(found == wanted)
    return isinstance(found, int | float) and found == pytest.approx(wanted, rel=1e-6, abs=1e-9)
