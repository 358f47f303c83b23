"""What should not matter to the figures does not, by rows 14 and 16 of the acceptance table."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cx_kpi.model.options import Config, TableConfig

from .desk import ROWS, counted, desk, figures, notices, report, stamps, tables, written
from .ways import FORMATS, WAYS, offsets

pytestmark = pytest.mark.usefixtures("engine_of_many")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of the desk."""
    path = tmp_path_factory.mktemp("desk") / "desk.csv"
    desk().write_csv(path)
    made = report([path])
    assert counted(made) == (ROWS, ROWS, 0, 0)
    found = figures(made)
    assert len([each for each in found["metrics"].values() if each["value"] is not None]) >= 19
    return found


@pytest.fixture(scope="module")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The tables that these figures are computed from."""
    path = tmp_path_factory.mktemp("desk") / "desk.csv"
    desk().write_csv(path)
    found = tables(path)
    assert {name: frame.height > 50 for name, frame in found.items()} == {"tickets": True, "surveys": True}
    return found


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    """Whether nothing that is computed from the one can differ from what is computed from the other."""
    return one.keys() == other.keys() and all(
        frame.schema == other[name].schema and frame.equals(other[name]) for name, frame in one.items()
    )


@pytest.mark.parametrize("name", FORMATS, ids=lambda name: f"row14-{name}")
def test_dates_in_any_format_are_the_same_dates(
    name: str, canonical: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    stamps(desk(), FORMATS[name]).write_csv(path)
    assert same(tables(path), canonical)


@pytest.mark.parametrize(
    ("dayfirst", "month"), [(True, 4), (False, 3), (None, 4)], ids=lambda each: f"row14-{each}"
)
def test_an_ambiguous_date_is_read_one_way_and_told(
    dayfirst: bool | None, month: int, tmp_path: Path
) -> None:
    lines = [f"{n},03/04/2026 {n:02}:00,,open,x" for n in range(1, 13)]
    made = report([written(tmp_path, *lines)], config=Config(dayfirst=dayfirst))
    assert made.as_of.startswith(f"2026-{month:02}-{7 - month:02}")
    assert ("ambiguous_dates" in notices(made)) is (dayfirst is None)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"row16-{way}")
def test_any_kind_of_file_gives_the_same_figures(
    way: str, canonical: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    path = tmp_path / f"t.{way}"
    WAYS[way](desk(), path)
    assert same(tables(path), canonical)


def several(table: pl.DataFrame, folder: Path, parts: int) -> list[Path]:
    paths = [folder / f"{place}.csv" for place in range(parts)]
    for place, path in enumerate(paths):
        table.gather_every(parts, place).write_csv(path)
    return paths


Change = Callable[[pl.DataFrame, Path], list[Path]]


def one(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    def write(table: pl.DataFrame, folder: Path) -> list[Path]:
        change(table).write_csv(folder / "t.csv")
        return [folder / "t.csv"]

    return write


CHANGES: dict[str, Change] = {
    "shuffled": one(lambda table: table.sample(fraction=1, shuffle=True, seed=3)),
    "reversed columns": one(lambda table: table.select(reversed(table.columns))),
    "another column": one(
        lambda table: table.with_columns(pl.lit("x").alias("note"), pl.lit("1").alias("n"))
    ),
    "in two": lambda table, folder: several(table, folder, 2),
    "in seven": lambda table, folder: several(table, folder, 7),
    "a file twice": lambda table, folder: several(table, folder, 2) * 2,
    "a copy of a file": lambda table, folder: [
        *several(table, folder, 2),
        (folder / "copy.csv", (folder / "copy.csv").write_bytes((folder / "0.csv").read_bytes()))[0],
    ],
    "rows repeated": one(lambda table: pl.concat([table, table.head(20)])),
    "padded cells": one(
        lambda table: table.with_columns(pl.format("  {} ", name).alias(name) for name in table.columns[:4])
    ),
    "other offsets": one(lambda table: stamps(table, offsets)),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"row16-{change}")
def test_what_should_not_matter_does_not(change: str, expected: dict[str, Any], tmp_path: Path) -> None:
    paths = CHANGES[change](desk(), tmp_path)
    assert figures(report(paths)) == expected


def test_row16_renamed_columns_with_a_mapping(expected: dict[str, Any], tmp_path: Path) -> None:
    table = desk()
    names = {name: f"Spalte {place}" for place, name in enumerate(table.columns)}
    table.rename(names).write_csv(tmp_path / "t.csv")
    config = Config(tickets=TableConfig(columns=dict(names)))
    assert figures(report([tmp_path / "t.csv"], config=config)) == expected


def test_row16_shifted_by_whole_weeks(expected: dict[str, Any], tmp_path: Path) -> None:
    """All that is counted by weeks and not by months is unchanged."""
    shifted = stamps(desk(), lambda moment: str(moment + timedelta(weeks=10)))
    desk().write_csv(tmp_path / "a.csv")
    shifted.write_csv(tmp_path / "b.csv")
    first, second = (
        report(
            [tmp_path / name], period="week", since=start.date(), until=(start + timedelta(weeks=12)).date()
        )
        for name, start in (("a.csv", datetime(2026, 1, 5)), ("b.csv", datetime(2026, 3, 16)))
    )
    values = [{name: reading.value for name, reading in made.metrics.items()} for made in (first, second)]
    assert values[0] == pytest.approx(values[1])
    assert [point.value for point in first.series] == pytest.approx([point.value for point in second.series])
