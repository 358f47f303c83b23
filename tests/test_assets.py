"""Data in TOML that is kept read."""

import os
import tomllib

import pytest

from cx_kpi.model import assets


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    file = tmp_path / "words.toml"
    file.write_text('[open]\nru = ["открыт", "new"]\n', encoding="utf-8")
    return file


def unread(*_):
    raise AssertionError("the file was read again")


def test_what_was_read_is_kept(data, monkeypatch):
    said = assets.toml(data)
    assert said == {"open": {"ru": ["открыт", "new"]}}
    monkeypatch.setattr(tomllib, "loads", unread)
    assert assets.toml(data) == said


def test_a_changed_file_is_read_again(data):
    assets.toml(data)
    data.write_text('[open]\nru = ["открыт", "old"]\n', encoding="utf-8")
    os.utime(data, ns=(0, 1))
    assert assets.toml(data)["open"]["ru"] == ["открыт", "old"]


def test_beginnings_are_kept_by_the_names_of_their_files(data, monkeypatch):
    other = data.with_name("other.toml")
    other.write_text('title = "Other"\n\n[rest\n', encoding="utf-8")  # which is not looked at
    said = assets.beginnings(data.parent, [other])
    assert said == {"other": {"title": "Other"}}
    renamed = other.rename(data.with_name("renamed.toml"))
    assert assets.beginnings(data.parent, [renamed]) == {"renamed": {"title": "Other"}}
    monkeypatch.setattr(tomllib, "loads", unread)
    assert assets.beginnings(data.parent, [renamed]) == {"renamed": {"title": "Other"}}


@pytest.mark.parametrize("damage", ["", "{", "[1]", "[[0, 0], 5]", "null"])
def test_a_damaged_copy_is_made_anew(data, damage):
    said = assets.toml(data)
    (kept,) = (data.parent / "__pycache__").iterdir()
    kept.write_text(damage, encoding="utf-8")
    assert assets.toml(data) == said
    assert "открыт" in kept.read_text(encoding="utf-8")


def test_nothing_is_kept_where_python_keeps_nothing(data, monkeypatch):
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert assets.toml(data)["open"]
    assert [*data.parent.iterdir()] == [data]


def test_a_folder_where_nothing_can_be_written(data):
    (data.parent / "__pycache__").write_text("a file is in the way", encoding="utf-8")
    assert assets.toml(data)["open"]


def test_a_date_is_read_though_it_is_not_kept(data):
    data.write_text("day = 2026-03-01\n", encoding="utf-8")
    assert str(assets.toml(data)["day"]) == "2026-03-01"
    assert [*data.parent.joinpath("__pycache__").iterdir()] == []
