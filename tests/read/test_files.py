"""Paths, folders and globs become files."""

import re
from pathlib import Path

import pytest

from cx_kpi.model.errors import InputProblem, UsageProblem
from cx_kpi.read.files import expand
from cx_kpi.read.open import SUFFIXES, open_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.CSV", ".hidden.csv", "~$a.csv", "notes.md", "cxkpi.toml", "we[1]rd*.csv"):
        (tmp_path / name).write_text("x,y\n1,2\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "deep.csv").write_text("x,y\n1,2\n")
    return tmp_path


def names(*paths: Path | str) -> list[str]:
    return [file.name for file in expand([str(path) for path in paths], SUFFIXES)]


def test_a_folder_gives_its_own_data_files_by_name(folder: Path) -> None:
    assert names(folder) == ["a.CSV", "b.csv", "we[1]rd*.csv"]


def test_a_file_given_twice_counts_once_and_order_is_kept(folder: Path) -> None:
    assert names(folder / "b.csv", folder, folder / "sub" / ".." / "b.csv") == [
        "b.csv",
        "a.CSV",
        "we[1]rd*.csv",
    ]


def test_a_link_and_its_file_are_one(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder / "b.csv")
    assert names(folder / "link.csv", folder / "b.csv") == ["link.csv"]


def test_a_glob_is_a_glob_only_where_no_file_has_that_name(folder: Path) -> None:
    assert names(folder / "*.csv") == ["b.csv", "we[1]rd*.csv"]
    assert names(folder / "we[1]rd*.csv") == ["we[1]rd*.csv"]


def test_a_name_with_glob_signs_is_read_as_it_stands(folder: Path) -> None:
    assert open_file(folder / "we[1]rd*.csv").sample.rows() == [("1", "2")]


@pytest.mark.parametrize(
    "url", ["http://x/y.csv", "s3://bucket/key", "file:///etc/passwd", "HTTPS://u:secret@h/x"]
)
def test_addresses_are_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        expand([url], SUFFIXES)
    assert "secret" not in str(caught.value)


def test_a_missing_file_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(InputProblem, match=r"bb\.csv: no such file; did you mean b\.csv"):
        expand([str(folder / "bb.csv")], SUFFIXES)


@pytest.mark.parametrize("name", ["nowhere/x.csv", "two\nlines.csv", "nul\0.csv", "x" * 5000, "*.nothing"])
def test_unusable_names_are_one_line(folder: Path, name: str) -> None:
    with pytest.raises(InputProblem) as caught:
        expand([str(folder / name)], SUFFIXES)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_says_what_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"no data files in this folder; known: .*\.csv"):
        expand([str(tmp_path)], SUFFIXES)


def test_an_unknown_suffix_names_the_known_ones(folder: Path) -> None:
    with pytest.raises(InputProblem, match=r"notes\.md: unknown kind of file; known: .*\.parquet"):
        open_file(folder / "notes.md")


def test_a_folder_of_folders_is_told_from_an_empty_one(tmp_path: Path) -> None:
    for year in ("2025", "2026", "empty"):
        (tmp_path / year).mkdir()
    for year in ("2025", "2026"):
        (tmp_path / year / "tickets.csv").write_text("id\n1\n")
    told = rf"no data files in this folder itself.*cxkpi report {re.escape(str(tmp_path))}/2025 \S+/2026$"
    with pytest.raises(InputProblem, match=told):
        expand([str(tmp_path)], (".csv",))
